"""The basins' map and the count of noisy runs: they say what the descents themselves would say."""

from __future__ import annotations

import numpy as np
import pytest

from engine.landscape.basins import LOST, ON_ITS_WAY, SIDE, BasinsMap
from engine.landscape.descent import Descents
from engine.landscape.descents import Descent
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.settings import LandscapeSettings
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import resolve

SURFACE = LANDSCAPES["wave-surface"]
NUMBERS = LandscapeSettings().numbers()


@pytest.fixture(scope="module")
def surface() -> BasinsMap:
    return BasinsMap(SURFACE, "sgd")


def test_the_map_agrees_with_the_descents_of_the_run(surface):
    basins = surface.at(NUMBERS | {"learning_rate": 0.002}, 500)
    assert basins.owner.shape == (SIDE, SIDE)
    places = np.random.default_rng(2).integers(5, SIDE - 5, (8, 2))
    settings = LandscapeSettings(landscape="wave-surface")
    descents = [Descent("one", "sgd", 0.002, (basins.x[column], basins.y[row])) for row, column in places]
    together = Descents(SURFACE, descents, settings)
    together.advance(250)
    together.advance(250)
    for (row, column), end, moving in zip(places, together.positions(), together.moving, strict=True):
        owner = basins.owner[row, column]
        if owner >= 0:
            assert moving
            assert np.abs(SURFACE.minima[owner] - end).max() <= 0.1 + 1e-3
        else:
            assert not moving or owner == ON_ITS_WAY


def test_the_shares_are_of_all_starts_and_all_21_minima_have_some(surface):
    basins = surface.at(NUMBERS | {"learning_rate": 0.002}, 500)
    assert basins.share.sum() == pytest.approx(1)
    assert len(basins.share) == len(SURFACE.minima) + 2
    assert (basins.share[:-2] > 0).all()
    assert basins.share[-1] == pytest.approx((basins.owner == LOST).mean())


@pytest.mark.parametrize("stride", [4, 2])
def test_a_coarse_map_is_the_fine_one_with_starts_left_out(surface, stride):
    numbers = NUMBERS | {"learning_rate": 0.003}
    coarse = surface.at(numbers, 500, stride)
    fine = surface.at(numbers, 500)
    np.testing.assert_array_equal(coarse.owner, fine.owner[::stride, ::stride])
    np.testing.assert_array_equal(coarse.x, fine.x[::stride])


def test_too_large_a_rate_loses_starts_and_too_small_a_one_leaves_them_on_their_way(surface):
    large = surface.at(NUMBERS | {"learning_rate": 0.05}, 500, 4)
    small = surface.at(NUMBERS | {"learning_rate": 1e-6}, 500, 4)
    assert large.share[-1] > 0.3
    assert small.share[-2] > 0.5
    assert small.share[-1] < 0.05


def test_a_bowl_has_one_basin():
    basins = BasinsMap(LANDSCAPES["narrow-valley"], "adam").at(NUMBERS | {"learning_rate": 0.1}, 500, 4)
    assert (basins.owner == 0).all()


def test_the_run_of_the_scene_has_the_shares_among_its_metrics():
    runner = Runner(resolve("landscape/basins").with_knobs({"steps": 300}))
    try:
        runner.handle(Event.PLAY)
        runner.advance()
        shares = {name: value for name, value in runner.outcome()["metrics"].items() if "share" in name}
        coarse = runner.analyse("basins", {"stride": 4})
    finally:
        runner.close()
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["share(-0.80, -0.64)"] > 0.02
    assert not coarse.problem
    assert coarse.result.owner.shape == (50, 50)


def test_noise_helps_some_runs_out_of_a_minimum_in_which_the_exact_descent_stays():
    runner = Runner(resolve("landscape/one-parameter").with_knobs({"gradient": "automatic", "learning_rate": 0.005}))
    try:
        runner.set_spec(runner.spec.with_knobs({"gradient_noise": 20}))
        noisy = runner.analyse("noise", {}).result
        runner.set_spec(runner.spec.with_knobs({"gradient_noise": 0.001}))
        quiet = runner.analyse("noise", {}).result
    finally:
        runner.close()
    assert not noisy.exact_finds
    assert noisy.runs == quiet.runs == 200
    assert noisy.found > 20
    assert quiet.found == 0


def test_what_is_foreseen_from_a_start_is_what_the_run_does_from_there():
    runner = Runner(resolve("landscape/optimizer-race").with_knobs({"steps": 60, "gradient_noise": 2}))
    try:
        foresight = runner.analyse("foresight", {"start": (0.4, -0.3)}).result
        runner.set_spec(runner.spec.with_knobs({"start": "0.4, -0.3"}))
        runner.handle(Event.PLAY)
        runner.advance()
        trails = runner.frame().picture.trails
    finally:
        runner.close()
    assert len(foresight.positions) == len(trails) == 6
    for trail, positions, costs in zip(trails, foresight.positions, foresight.costs, strict=True):
        np.testing.assert_array_equal(positions, trail.positions)
        np.testing.assert_array_equal(costs, trail.costs)
