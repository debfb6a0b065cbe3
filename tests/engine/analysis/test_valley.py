"""Ways between two networks: what is only another order is none, and a curve that is trained stays low."""

import numpy as np
import pytest

from engine.analysis.valley import ordered
from engine.run.states import Event

pytestmark = pytest.mark.engine


def trained(opened, scene="regression/two-solutions", **knobs):
    runner = opened(scene, **knobs)
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    runner.advance()
    return runner


def in_another_order(model, parameters: np.ndarray, turns: bool) -> np.ndarray:
    """The same network with every hidden layer's neurons shuffled, and some of them turned about."""
    generator = np.random.default_rng(2)
    parts = [part.copy() for part in model.arrays(parameters)]
    for layer in range(len(parts) // 2 - 1):
        order = generator.permutation(parts[2 * layer].shape[1])
        signs = generator.choice([-1.0, 1.0], len(order)) if turns else np.ones(len(order))
        parts[2 * layer] = parts[2 * layer][:, order] * signs
        parts[2 * layer + 1] = parts[2 * layer + 1][order] * signs
        parts[2 * layer + 2] = parts[2 * layer + 2][order] * signs[:, None]
    return np.concatenate([part.ravel() for part in parts]).astype(np.float32)


@pytest.mark.parametrize(("activation", "turns"), [("tanh", True), ("relu", False)])
def test_a_copy_in_another_order_is_the_same_function_with_a_barrier_on_the_way_that_order_takes_away(
    opened, activation, turns
):
    runner = trained(opened, activation=activation, epochs=60)
    model, parameters = runner.experiment.training.model, runner.experiment.training.parameters
    copy = in_another_order(model, parameters, turns)
    measured = [runner.experiment._instruments.fit(flat, runner.experiment.data.now)[-1] for flat in (parameters, copy)]
    np.testing.assert_allclose(*measured, atol=1e-6)
    found = runner.analyse("valley", {"other": tuple(copy.tolist()), "name": "a copy"}).result
    climbs = found.barriers()
    assert climbs["straight"] > 0.01
    assert climbs["ordered"] < 1e-3 * climbs["straight"]
    back = ordered(model.arrays(copy), model.arrays(parameters), turns)
    np.testing.assert_allclose(np.concatenate([part.ravel() for part in back]), parameters, atol=1e-6)


@pytest.mark.parametrize("seed", [0, 1])
def test_along_the_curve_the_cost_climbs_by_less_than_half(opened, seed):
    runner = trained(opened, seed=seed)
    found = runner.analyse("valley", {}).result
    climbs = found.barriers()
    assert climbs["straight"] > 0.05
    assert climbs["curved"] < climbs["straight"] / 2
    assert found.other == f"seed {seed + 1}"
    assert found.curved[0] == pytest.approx(found.straight[0])
    assert runner.outcome()["barriers"] == climbs
    said = {finding.title: finding.sentence for finding in runner.frame().findings}
    assert "both lie in one valley" in said["Two solutions"]


def test_before_the_first_step_and_of_a_line_it_says_what_it_takes(opened):
    runner = opened("regression/two-solutions")
    runner.handle(Event.RESET)
    assert "press play" in runner.analyse("valley", {}).problem
    line = opened("regression/line")
    assert "network" in line.analyse("valley", {}).problem
