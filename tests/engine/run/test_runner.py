"""The Runner: what it refuses, where it ends, and that what it hands out stands on its own."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from engine.run.runner import Runner
from engine.run.states import Event, State
from engine.scenes import resolve

QUICK = {"points": 60, "batch_size": 7, "width": 4, "epochs": 10}


@pytest.fixture
def quick(opened):
    """A regression of ten epochs of eight steps."""
    return opened("regression/tanh", **QUICK)


def arrays_in(thing: Any, path: str = "frame") -> Iterator[tuple[str, np.ndarray]]:
    """Every array that can be reached from a message, with the way to it."""
    if isinstance(thing, np.ndarray):
        yield path, thing
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from arrays_in(getattr(thing, field.name), f"{path}.{field.name}")
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from arrays_in(value, f"{path}[{key!r}]")
    elif isinstance(thing, tuple | list):
        for number, value in enumerate(thing):
            yield from arrays_in(value, f"{path}[{number}]")


def values_in(frame: Any) -> list[np.ndarray]:
    return [array.copy() for _, array in arrays_in(frame)]


class TestStates:
    @pytest.mark.parametrize("event", [Event.PAUSE, Event.FINISH, Event.EXTEND, Event.LOADED])
    def test_what_the_table_lacks_is_refused_and_nothing_is_done(self, quick, event):
        assert not quick.handle(event)
        assert quick.state is State.READY
        assert quick.step == 0

    def test_no_step_is_taken_before_play_or_step(self, quick):
        assert quick.advance(steps=5) == 0
        assert quick.step == 0

    def test_step_takes_as_many_as_asked_for_and_leaves_the_run_paused(self, quick):
        assert quick.handle(Event.STEP)
        assert quick.advance(steps=3) == 3
        assert quick.step == 3
        assert quick.state is State.PAUSED

    def test_step_while_running_pauses(self, quick):
        quick.handle(Event.PLAY)
        quick.handle(Event.STEP)
        assert quick.state is State.PAUSED

    def test_steps_of_any_portion_go_past_the_ends_of_epochs(self, quick):
        quick.handle(Event.PLAY)
        assert quick.advance(steps=20) == 20
        assert (quick.step, quick.epoch) == (20, 2)

    def test_a_failure_keeps_its_message(self, quick):
        assert quick.handle(Event.FAIL, "The disk is full.")
        assert (quick.state, quick.message) == (State.FAILED, "The disk is full.")


class TestTheEnd:
    def test_a_run_finishes_at_its_length(self, quick):
        quick.handle(Event.PLAY)
        assert quick.advance() == 80
        assert quick.state is State.FINISHED
        assert quick.advance() == 0
        assert not quick.handle(Event.PLAY)

    def test_a_length_of_ones_own_goes_before_the_settings(self, quick):
        quick.length = 13
        quick.handle(Event.PLAY)
        assert quick.advance() == 13
        assert quick.state is State.FINISHED

    def test_reset_gives_the_same_run_again(self, quick):
        quick.handle(Event.PLAY)
        quick.advance()
        history, end = quick.cost_history(), values_in(quick.frame())
        assert quick.handle(Event.RESET)
        assert (quick.state, quick.step, quick.cost_history()[0][0]) == (State.READY, 0, 0)
        quick.handle(Event.PLAY)
        quick.advance()
        assert quick.cost_history() == history
        for again, before in zip(values_in(quick.frame()), end, strict=True):
            np.testing.assert_array_equal(again, before)

    def test_raising_the_epochs_lets_a_finished_run_go_on(self, quick):
        quick.handle(Event.PLAY)
        quick.advance()
        quick.set_spec(quick.spec.with_knobs({"epochs": 12}))
        assert quick.state is State.PAUSED
        quick.handle(Event.PLAY)
        assert quick.advance() == 16
        assert quick.state is State.FINISHED

    def test_raising_the_steps_lets_a_finished_descent_go_on(self, opened):
        runner = opened("landscape/parabola", steps=5)
        runner.handle(Event.PLAY)
        runner.advance()
        assert runner.state is State.FINISHED
        runner.set_spec(runner.spec.with_knobs({"steps": 8}))
        assert runner.state is State.PAUSED
        assert runner.advance() == 3

    def test_a_finished_run_goes_on_with_other_numbers_and_not_with_another_view(self, quick):
        quick.handle(Event.PLAY)
        length = quick.advance()
        quick.set_spec(quick.spec.with_knobs({"view": "network"}))
        assert quick.state is State.FINISHED
        quick.set_spec(quick.spec.with_knobs({"view": "network", "learning_rate": 0.005}))
        assert quick.state is State.RUNNING
        assert quick.advance() == length
        assert quick.state is State.FINISHED

    def test_a_run_that_stopped_by_itself_is_not_woken_by_more_epochs(self, opened):
        runner = opened("regression/line", min_change=0.5)
        runner.handle(Event.PLAY)
        runner.advance()
        assert runner.message.startswith("Stopped after epoch 2:")
        runner.set_spec(runner.spec.with_knobs({"epochs": 900}))
        assert runner.state is State.FINISHED


class TestTheBudget:
    def test_a_short_time_takes_some_steps_and_not_the_whole_run(self, opened):
        runner = opened("landscape/two-parameters", steps=1_000_000)
        runner.handle(Event.PLAY)
        for _ in range(3):
            assert 0 < runner.advance(seconds=0.01) < 1_000_000
        assert runner.state is State.RUNNING

    def test_no_time_takes_no_steps(self, quick):
        quick.handle(Event.PLAY)
        assert quick.advance(seconds=0.0) == 0
        assert quick.state is State.RUNNING

    def test_a_run_in_many_small_portions_is_the_run_in_one(self, quick):
        quick.handle(Event.PLAY)
        quick.advance()
        history = quick.cost_history()
        quick.handle(Event.RESET)
        quick.handle(Event.PLAY)
        while quick.state is State.RUNNING:
            quick.advance(seconds=1e-4)
            quick.request_frames(2)
        assert quick.cost_history() == history


EVERY_PICTURE = pytest.mark.parametrize(
    ("scene", "knobs"),
    [
        ("landscape/learning-rates", {}),
        ("landscape/basins", {}),
        ("landscape/parabola", {}),
        ("regression/initial-values", {}),
        ("painting/astronaut", {"side": 16, "depth": 1}),
    ],
)


class TestFrames:
    @EVERY_PICTURE
    def test_an_old_frame_stays_as_it_was_while_the_run_goes_on(self, opened, scene, knobs):
        runner = opened(scene, **knobs)
        runner.handle(Event.PLAY)
        frames = []
        for steps in (0, 1, 10, 9):
            runner.advance(steps=steps)
            frame = runner.frame()
            frames.append((frame, values_in(frame)))
        runner.advance(steps=20)
        runner.handle(Event.RESET)
        runner.handle(Event.PLAY)
        runner.advance(steps=25)
        assert [frame.step for frame, _ in frames] == [0, 1, 11, 20]
        for frame, before in frames:
            for (path, array), copy in zip(arrays_in(frame), before, strict=True):
                np.testing.assert_array_equal(array, copy, err_msg=path)

    @EVERY_PICTURE
    def test_nobody_can_write_into_a_frame(self, opened, scene, knobs):
        runner = opened(scene, **knobs)
        runner.handle(Event.STEP)
        runner.advance(steps=3)
        frame = runner.frame()
        writeable = [path for path, array in arrays_in(frame) if array.flags.writeable]
        assert writeable == []
        with pytest.raises(FrozenInstanceError):
            frame.step = 7

    def test_a_frame_says_which_run_and_moment_it_shows(self, quick):
        quick.run = 4
        quick.handle(Event.PLAY)
        quick.advance(steps=20)
        frame = quick.frame()
        assert (frame.run, frame.experiment, frame.step, frame.epoch) == (4, "regression", 20, 2)

    def test_its_curves_hold_every_step_and_every_epoch_so_far(self, quick):
        quick.handle(Event.PLAY)
        quick.advance(steps=20)
        raw, exact = quick.frame().curves
        np.testing.assert_allclose(raw.x, np.arange(1, 21) / 8)
        np.testing.assert_array_equal(exact.x, [1, 2])

    def test_a_frame_of_the_start_is_there_before_the_first_step(self, quick):
        frame = quick.frame()
        assert frame.step == 0
        assert np.isfinite(frame.cost)

    def test_requested_frames_come_in_order_and_the_last_is_the_present(self, quick):
        seen = []
        quick.watch = seen.append
        quick.handle(Event.STEP)
        quick.advance(steps=19)
        quick.recorded()  # while anything is still being measured, a request is passed over
        quick.request_frames(2)
        quick.recorded()  # waits until they are measured
        steps = [frame.step for frame in seen]
        assert steps == sorted(steps)
        assert steps[-1] == 19
        assert all(frame.curves[0].x[-1] * 8 <= frame.step for frame in seen)

    def test_older_fits_are_kept_every_ten_epochs(self, opened):
        runner = opened("regression/tanh", **QUICK | {"epochs": 35})
        runner.handle(Event.PLAY)
        runner.advance()
        picture = runner.frame().picture
        assert picture.older_epochs.tolist() == [0, 10, 20, 30]
        assert picture.older.shape == (4, len(picture.x))
        assert picture.x[[0, -1]] == pytest.approx([-4.5, 4.5])

    def test_rewinding_gives_back_the_older_fits_of_that_moment(self, opened):
        runner = opened("regression/tanh", **QUICK | {"epochs": 35})
        runner.handle(Event.PLAY)
        runner.advance(steps=15 * 8)
        snapshot, before = runner.snapshot(), runner.frame().picture
        runner.advance()
        runner.restore(snapshot)
        assert runner.state is State.RUNNING
        after = runner.frame().picture
        assert after.older_epochs.tolist() == [0, 10]
        np.testing.assert_array_equal(after.older, before.older)
        np.testing.assert_array_equal(after.prediction, before.prediction)


class TestTheHistory:
    def test_it_has_first_and_last_and_at_most_as_many_as_asked_for(self, quick):
        quick.handle(Event.PLAY)
        quick.advance(steps=77)
        history = quick.cost_history(5)
        assert len(history) == 5
        assert history[0][0] == 1
        assert history[-1] == [77 / 8, quick.frame().cost]

    def test_that_of_a_race_is_the_best_runners(self, finished, opened):
        runner = opened("landscape/optimizer-race", optimizers="sgd, adam", steps=40)
        runner.handle(Event.PLAY)
        runner.advance()
        curves = runner.frame().curves
        best = np.minimum(*(curve.y for curve in curves))
        assert runner.cost_history() == [[step, cost] for step, cost in enumerate(best)]


def test_a_run_whose_every_step_is_an_epoch_has_its_moments_watched_too(opened):
    runner = opened("regression/line", points=20)
    seen = []
    runner.watch = lambda frame: seen.append(frame.step)
    runner.handle(Event.PLAY)
    runner.recorded()  # while anything is still being measured, a request is passed over
    for _ in range(3):
        runner.advance(steps=4)
        runner.request_frames(1)
        runner.recorded()  # waits until it is measured
    assert seen == [4, 8, 12]


def test_an_answer_that_was_to_be_saved_and_never_came_is_told():
    quick = Runner(resolve("regression/tanh").with_knobs(QUICK))
    let_go, told = threading.Event(), []
    quick._analyses._executor.submit(let_go.wait)  # busy with something that takes long
    quick.request_analysis("surface", {}, told.append)
    quick.request_analysis("surface", {"save_to": "a.png"}, told.append)
    quick.close()
    let_go.set()
    assert [(analysis.arguments["save_to"], analysis.problem) for analysis in told] == [
        ("a.png", "The network was gone before this was computed.")
    ]


class TestMemory:
    def test_a_run_at_rest_has_given_up_what_it_gathered_and_can_begin_another(self, quick):
        quick.handle(Event.PLAY)
        quick.advance()
        costs = quick.cost_history()
        assert len(quick.experiment.observer.trajectory.kept) == 10 + 1
        quick.release_history()
        assert all(len(x) == 0 for x, _ in quick.recorded())
        assert not quick.experiment.observer.trajectory.kept
        quick.reuse(quick.spec, run=2)
        quick.handle(Event.PLAY)
        quick.advance()
        assert quick.cost_history() == costs

    @pytest.mark.parametrize(
        ("scene", "knobs", "analysis"),
        [
            ("regression/tanh", QUICK | {"cost": "squared", "view": "neurons"}, "curvature"),
            ("painting/astronaut", {"side": 16, "batch_size": 64, "depth": 2, "width": 8}, "surface"),
        ],
    )
    def test_a_run_that_nobody_uses_any_more_is_gone_at_once_with_its_graphs(self, scene, knobs, analysis):
        _use(scene, knobs, analysis)  # what the first one imports makes circles of its own
        gc.collect()
        gc.disable()
        try:
            left = _use(scene, knobs, analysis)
            assert [name for name, reference in left.items() if reference() is not None] == []
        finally:
            gc.enable()


def _use(scene: str, knobs: dict[str, Any], analysis: str) -> dict[str, weakref.ref[Any]]:
    """Carry out a little of a run and close it; weak references to its parts."""
    runner = Runner(resolve(scene).with_knobs(knobs))
    runner.handle(Event.PLAY)
    runner.advance(10)
    runner.frame()
    runner.analyse(analysis, {})
    runner.close()
    experiment = runner.experiment
    parts = {"runner": runner, "experiment": experiment, "graph": experiment.training.program}
    return {name: weakref.ref(part) for name, part in parts.items()}


def test_a_polynomial_without_a_point_is_a_state_like_any_other(opened):
    runner = opened("regression/polynomial-3", source="drawn")
    assert runner.experiment.waiting
    assert runner.frame().step == 0


def test_noise_on_a_landscape_without_a_minimum_is_no_fault_of_its_outcome(opened):
    runner = opened("landscape/saddle", gradient_noise=0.1)
    runner.handle(Event.PLAY)
    runner.advance(steps=20)
    assert "noisy_runs_in_lowest" not in runner.outcome().get("metrics", {})
