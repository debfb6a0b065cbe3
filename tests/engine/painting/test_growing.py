"""A network whose depth changes goes on painting the same picture."""

import numpy as np
import pytest

from engine.backend import backend
from engine.run.runner import Runner
from engine.run.states import Event, State
from engine.scenes import scenes
from engine.training import networks
from engine.training.growing import regrown


def _model(depth, activation="relu", inputs=2):
    if activation == "sine":
        return networks.siren(inputs, 3, depth, 16, 30.0)
    return networks.dense(inputs, 3, depth, 16, activation, "glorot_uniform", 0.1)


def _answers(model, flat, x):
    return np.asarray(model.predict(model.parts(backend.tensorflow().constant(flat)), x))


def _regrown_error(activation, depth, wanted, inputs=2):
    """The largest change of any answer, in shares of the answers' spread."""
    old, new = _model(depth, activation, inputs), _model(wanted, activation, inputs)
    x = np.random.default_rng(0).uniform(-1.7, 1.7, (500, inputs)).astype(np.float32)
    flat = old.initial(0)
    before = _answers(old, flat, x)
    after = _answers(new, regrown(old, flat, new, new.initial(1), x), x)
    return np.abs(after - before).max() / before.std()


@pytest.mark.parametrize(("depth", "wanted"), [(3, 6), (1, 2), (0, 1), (0, 3), (1, 12)])
def test_with_relu_growing_is_exact(depth, wanted):
    assert _regrown_error("relu", depth, wanted) < 1e-4


@pytest.mark.parametrize("activation", ["leaky_relu", "elu", "selu", "linear", "gelu", "silu"])
def test_activations_that_leave_large_numbers_alone_grow_as_well(activation):
    assert _regrown_error(activation, 2, 4) < 0.01


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "softsign", "softplus", "sine"])
def test_other_activations_grow_nearly(activation):
    assert _regrown_error(activation, 2, 4) < 0.1


def test_a_shallower_network_is_the_best_that_its_layers_can_do():
    old, new = _model(3), _model(2)
    x = np.random.default_rng(0).uniform(-1.7, 1.7, (500, 2)).astype(np.float32)
    flat = old.initial(0)
    before = _answers(old, flat, x)
    folded = regrown(old, flat, new, new.initial(1), x)
    error = np.square(_answers(new, folded, x) - before).mean()
    assert error < 0.5 * np.square(before - before.mean(axis=0)).mean()
    nudged = folded.copy()
    nudged[-3:] += 0.01
    assert np.square(_answers(new, nudged, x) - before).mean() > error, "another last layer is worse"


@pytest.fixture(scope="module")
def three_layers():
    runner = Runner(scenes()["painting/astronaut"].with_knobs({"depth": 3, "side": 32, "batch_size": 64}))
    runner.handle(Event.PLAY)
    runner.advance(steps=400)
    yield runner
    runner.close()


def _after(older, **knobs):
    runner = Runner(older.spec.with_knobs(knobs), compiled=False)
    runner.take_over(older)
    return runner


def test_growing_from_3_to_6_layers_keeps_the_cost_the_step_and_the_history(three_layers):
    grown = _after(three_layers, depth=6)
    before, after = three_layers.frame(), grown.frame()
    assert after.cost == pytest.approx(before.cost, rel=1e-3)
    assert (after.step, after.epoch) == (before.step, before.epoch)
    assert len(after.curves[0].x) == len(before.curves[0].x)
    assert "Depth 3 → 6" in after.findings[0].title
    grown.compile()
    grown.handle(Event.PLAY)
    grown.advance(steps=200)
    assert grown.step == before.step + 200
    assert grown.frame().cost < 1.2 * before.cost, "and it goes on learning"
    grown.handle(Event.RESET)
    assert grown.frame().step == 0
    assert grown.frame().findings is None
    grown.close()


def test_a_network_that_grows_after_the_end_goes_on(three_layers):
    grown = Runner(three_layers.spec.with_knobs({"depth": 4}), compiled=False)
    grown.length = three_layers.step
    grown.take_over(three_layers)
    grown.compile()
    grown.handle(Event.PLAY)
    assert grown.advance(steps=10) == 10
    grown.close()


def test_without_growing_the_new_depth_starts_anew(three_layers):
    fresh = _after(three_layers, depth=4, grow=False)
    assert fresh.step == 0
    assert fresh.frame().cost > three_layers.frame().cost
    fresh.close()


def test_another_width_starts_anew(three_layers):
    fresh = _after(three_layers, depth=4, width=32)
    assert fresh.step == 0
    fresh.close()


def test_a_run_can_be_used_again_for_another_one(three_layers):
    costs = three_layers.cost_history()
    state = three_layers.snapshot()
    three_layers.reuse(three_layers.spec.with_knobs({"learning_rate": 0.002}), run=7)
    assert (three_layers.state, three_layers.step, three_layers.frame().run) == (State.READY, 0, 7)
    three_layers.reuse(three_layers.spec.with_knobs({"learning_rate": 0.001}), run=8)
    three_layers.handle(Event.PLAY)
    three_layers.advance(steps=400)
    assert three_layers.cost_history() == costs, "the same run again"
    three_layers.restore(state)
