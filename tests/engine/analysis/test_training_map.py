"""The map of whole trainings: its edge where the theory has it, and each pixel what a run of its numbers comes to."""

import math

import numpy as np
import pytest

from engine.analysis.training_map import SIDE, TrainingMap
from engine.run.runner import Runner
from engine.run.states import Event, State
from engine.scenes import scenes
from engine.training.many_trainings import ManyTrainings

pytestmark = pytest.mark.engine


def carry_out(runner: Runner) -> None:
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    while runner.state is State.RUNNING:
        runner.advance(100)


def map_of(scene: str, seconds: float = math.inf, **knobs) -> tuple[TrainingMap, Runner]:
    runner = Runner(scenes()[scene].with_knobs(knobs))
    analysis = runner.analyse("map", {"window": None, "seconds": seconds})
    assert analysis.problem == ""
    return analysis.result, runner


@pytest.fixture(scope="module")
def descents():
    found, runner = map_of("landscape/map", steps=2000)  # just beyond the edge it takes long to leave
    yield found, runner
    runner.close()


@pytest.fixture(scope="module")
def trainings():
    found, runner = map_of("regression/map", 1.0)
    yield found, runner
    runner.close()


def test_on_a_quadratic_the_first_pixel_that_leaves_is_the_first_beyond_the_theorys_edge(descents):
    """η λ = 2 (1 + μ), with λ = 50 across the narrow valley, at every momentum."""
    found, _ = descents
    rates, momenta = found.x.values(SIDE), found.y.values(SIDE)
    for row, momentum in enumerate(momenta):
        edge = 2 * (1 + momentum) / 50
        assert np.flatnonzero(found.left[row])[0] == np.flatnonzero(rates > edge)[0], momentum


def test_a_map_of_a_moment_stands_for_what_is_still_to_come(descents):
    fine, runner = descents
    window = (*(float(value) for value in fine.x.values(SIDE)[[3, 90]]), 0.1, 0.8)
    first = runner.analyse("map", {"window": window, "seconds": 0.0}).result
    assert first.done < 0.2
    last = runner.analyse("map", {"window": window}).result
    assert last.done == 1
    for row, column in ((0, 0), (37, 101), (127, 127)):
        stride = int(first.stride[row, column])
        corner = row - row % stride, column - column % stride
        assert first.numbers(row, column) == last.numbers(*corner)
        np.testing.assert_equal(first.cost[row, column], last.cost[corner])


def test_a_window_is_a_part_of_the_map_seen_closer(descents):
    fine, runner = descents
    x, y = fine.x.values(SIDE), fine.y.values(SIDE)
    window = (float(x[16]), float(x[20]), float(y[10]), float(y[14]))
    closer = runner.analyse("map", {"window": window, "seconds": 0.0}).result
    assert (closer.x.low, closer.y.high) == (window[0], window[3])
    assert fine.cost[10:15, 16:21].min() * 0.5 <= closer.cost.min() <= fine.cost[10:15, 16:21].max()


@pytest.mark.parametrize("which", ["descents", "trainings"])
def test_a_run_with_a_pixels_numbers_comes_to_what_the_pixel_says(which, request, opened):
    found, runner = request.getfixturevalue(which)
    for row, column in np.random.default_rng(7).integers(0, SIDE, (5, 2)):
        rate, momentum = found.numbers(row, column)
        other = opened(runner.spec, learning_rate=rate, momentum=momentum)
        carry_out(other)
        left = int(found.left[row, column])
        assert (other.state is State.DIVERGED) == bool(left), (rate, momentum)
        if not left:
            assert other.frame().cost == pytest.approx(found.cost[row, column], rel=0.02, abs=1e-9)


def test_each_training_has_its_own_numbers_and_stays_where_it_left():
    def cost(places):
        return 0.5 * (places[0] ** 2 + 10 * places[1] ** 2)

    many = ManyTrainings(cost, 2, "adam", 3)
    numbers = {"learning_rate": np.array([0.0, 0.1, 0.1]), "beta_1": np.array([0.9, 0.9, 0.0])}
    costs, left = many.run(np.ones((2, 3)), numbers | {"beta_2": np.full(3, 0.999)}, 50)
    assert costs[0] == pytest.approx(5.5)
    assert costs[1] != pytest.approx(costs[2], rel=0.01)
    assert (left == 0).all()
    costs, left = ManyTrainings(cost, 2, "sgd", 2).run(np.ones((2, 2)), {"learning_rate": np.array([0.1, 1e30])}, 9)
    assert costs[0] < 5.5
    assert np.isnan(costs[1])
    assert left[0] == 0
    assert left[1] in (1, 2)


@pytest.mark.parametrize("model", ["line", "sum", "polynomial", "scaled_polynomial"])
def test_every_model_has_a_map_of_its_own_cost(model):
    found, runner = map_of(
        "regression/line", 0.0, model=model, points=40, batch_size=40, epochs=300, cost="squared", min_change=0
    )
    try:
        column, row = 40, 20
        rate, momentum = found.numbers(row, column)
        other = Runner(
            runner.spec.with_knobs({"learning_rate": float(rate), "momentum": float(momentum), "optimizer": "momentum"})
        )
        carry_out(other)
        assert other.frame().cost == pytest.approx(found.cost[row, column], rel=1e-3)
        other.close()
    finally:
        runner.close()


def test_what_has_no_map_says_why():
    for scene, knobs, words in (
        ("landscape/narrow-valley", {"optimizers": (), "optimizer": "adagrad"}, "no number beside its rate"),
        ("regression/deep", {"width": 64}, "up to 2,000 parameters"),
    ):
        runner = Runner(scenes()[scene].with_knobs(knobs))
        try:
            assert words in runner.analyse("map", {"window": None, "seconds": 0.0}).problem
        finally:
            runner.close()


def test_why_says_what_the_map_has_shown_until_the_run_starts_over(descents):
    found, runner = descents
    runner.handle(Event.RESET)
    assert "The map" not in {finding.title for finding in runner.frame().findings or ()}
    runner.analyse("map", {"window": None, "seconds": 0.0})
    said = {finding.title: finding.sentence for finding in runner.frame().findings}["The map"]
    assert f"{found.share_left:.0%} of these trainings left the landscape" in said
    lowest = np.unravel_index(np.nanargmin(found.cost), found.cost.shape)
    assert f"{found.cost[lowest]:.3g}" in said
    runner.handle(Event.RESET)
    assert "The map" not in {finding.title for finding in runner.frame().findings or ()}
