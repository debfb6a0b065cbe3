"""What can be moved while a regression trains: its points, their split, the cost, the penalties, the seed."""

from __future__ import annotations

import numpy as np
import pytest

from engine.run.runner import Runner
from engine.run.states import Event, State
from engine.scenes import resolve

DRAWN = (-2.0, 1.0, -1.0, 0.0, 0.0, 0.5, 1.0, -0.5, 2.0, 1.2)


def moved(runner: Runner, **knobs) -> None:
    runner.set_spec(runner.spec.with_knobs(knobs))


def program(runner: Runner):
    return runner.experiment.training.program


@pytest.fixture(scope="module")
def line():
    """A line on 60 points in batches of 20, opened once."""
    runner = Runner(resolve("regression/mini-batches").with_knobs({"points": 60, "batch_size": 20, "noise": 0.2}))
    start = runner.spec
    yield runner, start
    runner.close()


@pytest.fixture
def running(line):
    """The line at its start, playing, with its own knobs."""
    runner, start = line
    runner.set_spec(start)
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    return runner


class TestASplit:
    def test_only_training_points_are_ever_looked_at(self, running):
        moved(running, validation=0.3, test=0.2)
        assert running.state is State.RUNNING
        assert running.step == 0
        part = running.experiment.data.points.part
        for _ in range(6):
            running.advance(1)
            rows = running.experiment.training.batch_rows
            assert len(rows) == 20
            assert (part[rows] == 0).all()

    def test_each_part_has_its_own_cost_as_plain_numpy_has_it(self, running):
        moved(running, validation=0.3, test=0.2)
        running.advance(7)
        frame = running.frame()
        points = running.experiment.data.points
        w, b = running.experiment.training.parameters.astype(float)
        error = np.abs(w * points.x + b - points.y)
        expected = [error[points.part == part].mean() for part in range(3)]
        np.testing.assert_allclose(frame.picture.costs, expected, rtol=1e-4)
        assert frame.cost == pytest.approx(expected[0], rel=1e-4)
        assert frame.metrics["validation_cost"] == pytest.approx(expected[1], rel=1e-4)
        assert [curve.label for curve in frame.curves][-2:] == ["validation", "test"]

    def test_a_batch_that_is_not_filled_counts_only_what_is_in_it(self, running):
        moved(running, batch_size=20, validation=0.45, test=0.45)  # 6 points are left for a batch of 20
        assert running.experiment.steps_per_epoch == 1
        w, b = running.experiment.training.parameters.astype(float)
        running.advance(1)
        points = running.experiment.data.points
        train = points.part == 0
        assert train.sum() == 6
        side = np.sign(w * points.x[train] + b - points.y[train])
        expected = w - 0.01 * (side * points.x[train]).mean(), b - 0.01 * side.mean()
        np.testing.assert_allclose(running.experiment.training.parameters, expected, atol=1e-5)

    def test_moving_a_share_needs_no_new_graph(self, running):
        for share in (0.1, 0.3, 0.0):
            moved(running, validation=share)
            running.advance(5)
        assert program(running).experimental_get_tracing_count() == 1


class TestMovedWhileItRuns:
    def test_another_curve_and_noise_go_on_from_the_same_parameters(self, running):
        running.advance(30)
        before = running.experiment.training.parameters
        moved(running, curve="absolute", noise=0.0)
        np.testing.assert_array_equal(running.experiment.training.parameters, before)
        x, y = running.frame().picture.data_x, running.frame().picture.data_y
        np.testing.assert_allclose(y, np.abs(x) - 1, atol=1e-5)
        assert running.step == 30

    def test_the_cost_acts_on_the_very_next_step(self, running):
        moved(running, cost="squared")
        points = running.experiment.data.points
        w, b = running.experiment.training.parameters.astype(float)
        running.advance(1)
        rows = running.experiment.training.batch_rows
        error = w * points.x[rows] + b - points.y[rows]
        expected = w - 0.01 * (2 * error * points.x[rows]).mean(), b - 0.01 * (2 * error).mean()
        np.testing.assert_allclose(running.experiment.training.parameters, expected, atol=1e-5)
        assert program(running).experimental_get_tracing_count() == 1

    @pytest.mark.parametrize(("knob", "slope"), [("l1", np.sign), ("l2", lambda w: 2 * w)])
    def test_a_penalty_pulls_the_weights_and_not_the_offset(self, running, knob, slope):
        running.experiment.training.set_parameters(np.array([0.5, 0.3], np.float32))
        free = self.after_one_step(running, {})
        running.handle(Event.RESET)
        running.handle(Event.PLAY)
        running.experiment.training.set_parameters(np.array([0.5, 0.3], np.float32))
        pulled = self.after_one_step(running, {knob: 0.1})
        assert pulled[0] - free[0] == pytest.approx(-0.01 * 0.1 * float(slope(0.5)), rel=1e-3)
        assert pulled[1] == pytest.approx(free[1], abs=1e-7)

    def after_one_step(self, runner, knobs):
        moved(runner, **knobs)
        runner.advance(1)
        return runner.experiment.training.parameters.copy()

    def test_another_seed_starts_over_with_other_data_and_weights_and_back_again(self, running):
        first = running.experiment.training.parameters.copy(), running.frame().picture.data_y.copy()
        running.advance(10)
        moved(running, seed=5)
        assert running.step == 0
        assert (running.frame().picture.data_y != first[1]).any()
        assert (running.experiment.training.parameters != first[0]).any()
        moved(running, seed=0)
        np.testing.assert_array_equal(running.experiment.training.parameters, first[0])
        np.testing.assert_array_equal(running.frame().picture.data_y, first[1])

    def test_a_touch_moves_the_parameters_and_the_training_goes_on_from_there(self, running):
        running.advance(20)
        running.act("parameters", (0.9, -0.4))
        frame = running.frame()
        assert [float(values.ravel()[0]) for _, values in frame.picture.tensors] == pytest.approx([0.9, -0.4])
        running.advance(1)
        assert running.step == 21
        np.testing.assert_allclose(running.experiment.training.parameters, [0.9, -0.4], atol=0.05)

    def test_a_run_at_its_end_goes_on_once_a_hand_has_moved_it(self, running):
        moved(running, epochs=5)
        running.advance()
        assert running.state is State.FINISHED
        running.act("parameters", (2.0, 2.0))
        assert running.state is State.RUNNING
        running.advance()
        assert (running.state, running.epoch) == (State.FINISHED, 10)
        moved(running, epochs=500)

    def test_a_step_says_how_much_it_changed(self, running):
        running.advance(4)
        before = running.experiment.training.parameters.astype(float)
        running.advance(1)
        after = running.experiment.training.parameters.astype(float)
        expected = np.linalg.norm(after - before) / np.linalg.norm(before)
        assert running.experiment.training.ratio == pytest.approx(expected, rel=1e-3)


@pytest.fixture(scope="module")
def drawn():
    """A small network on DRAWN, playing."""
    knobs = {"drawn": DRAWN, "learning_rate": 0.05, "optimizer": "adam"}
    runner = Runner(resolve("regression/drawn").with_knobs(knobs))
    runner.handle(Event.PLAY)
    yield runner
    runner.close()


class TestDrawnPoints:
    def test_added_moved_and_removed_ones_are_learnt_without_a_new_graph(self, drawn):
        drawn.advance(400)
        assert drawn.frame().cost < 0.2
        for points in ((*DRAWN, 2.6, -1.0), DRAWN[:4], (*DRAWN[2:], -2.5, -1.5)):
            moved(drawn, drawn=points)
            drawn.advance(600)
            frame = drawn.frame()
            assert len(frame.picture.data_x) == len(points) // 2
            assert frame.cost < 0.2
        assert program(drawn).experimental_get_tracing_count() == 1

    def test_without_any_point_nothing_moves_and_nothing_breaks(self, drawn):
        moved(drawn, drawn=())
        before = drawn.experiment.training.parameters.copy()
        assert drawn.advance(3) == 0
        assert drawn.state is State.RUNNING
        assert np.isnan(drawn.frame().cost)  # there is nothing to be wrong about
        assert len(drawn.frame().picture.data_x) == 0
        np.testing.assert_array_equal(drawn.experiment.training.parameters, before)
        moved(drawn, drawn=DRAWN)
        drawn.advance(400)
        assert drawn.frame().cost < 0.3


class TestEarlyStopping:
    def test_a_run_ends_when_the_validation_cost_has_no_new_low(self, opened):
        runner = opened("regression/overfitting", patience=150, learning_rate=0.01)
        runner.handle(Event.PLAY)
        runner.advance()
        assert runner.state is State.FINISHED
        assert runner.epoch < 3000
        assert "the validation cost has had no new low for 150 epochs; its lowest was" in runner.message
        at = int(runner.message.split("at epoch ")[1].rstrip(".").replace(",", ""))
        assert runner.epoch == at + 150


class TestOwnUnits:
    """A file's picture, and the hand in it, are in its own units, whatever is trained on."""

    @pytest.fixture
    def years(self, tmp_path):
        path = tmp_path / "years.csv"
        path.write_text("year,ppm\n" + "".join(f"{1960 + n},{315 + 1.5 * n}\n" for n in range(40)))
        runner = Runner(resolve("regression/line").with_knobs({"file": str(path), "cost": "squared"}))
        yield runner
        runner.close()

    def test_the_picture_spans_the_data(self, years):
        picture = years.frame().picture
        assert picture.names == ("year", "ppm")
        assert (picture.data_x[0], picture.data_y[-1]) == (1960, 373.5)
        assert picture.x[0] == pytest.approx(1950.25, abs=0.01)
        assert picture.x[-1] == pytest.approx(2008.75, abs=0.01)

    def test_a_line_that_is_dragged_is_the_line_that_is_shown(self, years):
        years.handle(Event.PLAY)
        years.act("parameters", (1.25, -2135.0))
        picture = years.frame().picture
        assert picture.line == pytest.approx((1.25, -2135.0), rel=1e-5)
        np.testing.assert_allclose(picture.prediction, 1.25 * picture.x - 2135, rtol=1e-4)
