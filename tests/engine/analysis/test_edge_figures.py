"""The figures of the edge of stability (Cohen et al. 2021), for three seeds; where they scatter, for their median."""

from __future__ import annotations

import numpy as np
import pytest

SEEDS = (0, 1, 2)
SCENE = "regression/edge-of-stability"


def shares(run) -> tuple[np.ndarray, np.ndarray]:
    """The steps at which a run was measured, and the sharpness over 2/η there."""
    steps, sharpness = np.array(run.outcome["sharpness_history"]).T
    return steps, sharpness / run.frame.metrics["two_over_rate"]


@pytest.fixture
def runs(finished):
    """The scene's runs by all SEEDS with these knobs."""
    return lambda **knobs: [finished(SCENE, seed=seed, **knobs) for seed in SEEDS]


def test_the_sharpness_rises_to_two_over_the_rate_and_stays_there_while_the_cost_falls(runs):
    crossings, about = [], []
    for run in runs(epochs=900):
        steps, share = shares(run)
        met = int(np.flatnonzero(share >= 1)[0])
        crossing = int(steps[met])
        crossings.append(crossing)
        assert share[met] > share[0] * 1.01
        about.append(np.median(share[met:]))
        rises = np.diff(run.costs) > 0  # from the cost after step 1 to that after step 2, and so on
        assert not rises[: crossing - 1].any(), "below the line every step falls"
        assert rises[crossing:].any(), "at it some rise: a third, over 6,000 steps"
        assert run.costs[-1] < run.costs[crossing - 1]
    assert 300 <= np.median(crossings) <= 700
    assert 0.95 <= np.median(about) <= 1.10


def test_by_a_small_rate_it_never_gets_there(runs):
    for run in runs(epochs=500, learning_rate=0.06):
        assert (shares(run)[1] < 1).all()
        assert (np.diff(run.costs) < 0).all()


def test_by_a_large_one_it_begins_beyond_and_trains_all_the_same(runs):
    for run in runs(epochs=500, learning_rate=0.4):
        share = shares(run)[1]
        assert share[0] >= 1
        assert share[1:].min() < 1, "it comes down to where it is flatter"
        assert run.costs[-1] < 0.7 * run.costs[0]
