"""The figures of the lecture's regressions, over five seeds, and the line that is best for each."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from engine.run.states import State
from tests.engine.figures import SEEDS, assert_over_seeds

LINE = (0.39, 0.43)  # what a straight line costs at best
NOISE = 0.23  # no less can be left of it, which costs 0.25 over all numbers that it may be


@pytest.fixture
def runs(finished):
    """The runs of a scene by all SEEDS."""
    return lambda scene: [finished(f"regression/{scene}", seed=seed) for seed in SEEDS]


@pytest.fixture
def costs(runs):
    """The costs of a scene over all data, (seeds, epochs)."""
    return lambda scene: np.array([run.costs for run in runs(scene)])


def test_the_line_stops_by_itself_where_a_line_is_best(runs):
    found = runs("line")
    for run in found:
        assert run.state is State.FINISHED
        assert f"Stopped after epoch {len(run.costs)}" in run.message
        assert abs(run.costs[-1] - run.costs[-2]) < 1e-6
    assert_over_seeds((run.costs[0] for run in found), 1.01, 1.08)
    assert_over_seeds((run.costs[-1] for run in found), *LINE)
    assert_over_seeds((len(run.costs) for run in found), 330, 370)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_line_is_the_one_of_least_absolute_deviations(finished, seed):
    picture = finished("regression/line", seed=seed).frame.picture
    x, y = picture.data_x.astype(float), picture.data_y.astype(float)
    columns, each = np.stack([x, np.ones_like(x)], axis=1), np.eye(len(x))
    best = linprog(  # the least sum of t with -t <= W x + B - y <= t
        np.concatenate([[0, 0], np.ones(len(x))]),
        A_ub=np.block([[columns, -each], [-columns, -each]]),
        b_ub=np.concatenate([y, -y]),
        bounds=[(None, None)] * 2 + [(0, None)] * len(x),
    ).x[:2]
    found = [float(values.ravel()[0]) for _, values in picture.tensors]
    np.testing.assert_allclose(found, best, atol=0.02)


@pytest.mark.parametrize(("scene", "epochs"), [("mini-batches", 500), ("polynomial-1", 100)])
def test_mini_batches_and_the_polynomial_of_degree_1_find_the_same_line(runs, costs, scene, epochs):
    found = costs(scene)
    assert found.shape[1] == epochs
    assert_over_seeds(found[:, -1], *LINE)
    np.testing.assert_allclose(found[:, -1], [run.costs[-1] for run in runs("line")], atol=0.002)


def test_a_hundred_linear_neurons_are_no_better_than_a_line_and_never_settle(runs, costs):
    found, late = costs("hundred-neurons"), costs("hundred-neurons")[:, -20:]
    lines = np.array([run.costs[-1] for run in runs("line")])
    assert (found > lines[:, None]).all()
    about = (0.45, 3.65)  # what rounds to 0.5 and 3.6
    assert_over_seeds(late.min(axis=1), *about)
    assert_over_seeds(late.max(axis=1), *about)
    assert (np.ptp(late, axis=1) > 0.5).all()


def test_degree_3_gets_below_the_line_but_does_not_settle_there(costs):
    found = costs("polynomial-3")
    assert_over_seeds(found.min(axis=1), 0.28, 0.34)
    assert (found[:, -20:].max(axis=1) > 1.1 * 0.34).all()


def test_degree_4_jumps_up_to_3_to_5(costs):
    assert_over_seeds(costs("polynomial-4")[:, -20:].max(axis=1), 3, 5)


def test_degree_4_learns_well_once_its_columns_are_scaled(costs):
    reached = costs("polynomial-4-scaled")[:, :91].min(axis=1)
    assert_over_seeds(reached, NOISE, 0.256)


def test_ten_tanh_neurons_come_down_to_the_noise(costs):
    assert_over_seeds(costs("tanh")[:, -1], 0.25, 0.29)


def test_a_deep_network_comes_down_to_the_noise(costs):
    assert_over_seeds(costs("deep")[:, -1], NOISE, 0.27)


def test_your_own_points_are_learnt_in_seconds_and_the_run_says_why_it_rests(runs):
    for run in runs("drawn"):
        assert run.state is State.FINISHED
        assert "the cost changed by less than 1e-07" in run.message
        assert len(run.costs) < 250 * 10, "ten seconds at its speed"
        picture = run.frame.picture
        off = np.interp(picture.data_x, picture.x, picture.prediction) - picture.data_y
        assert np.abs(off).max() < 0.1, "a line's width of the plot"
