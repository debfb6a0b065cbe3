"""A gradient of one's own: used where the graph is differentiated, and kept once however many networks are built."""

from __future__ import annotations

import numpy as np
import pytest

from engine.backend import backend
from engine.backend.sines import sine
from engine.expressions import parse
from engine.regression.settings import RegressionSettings
from engine.training.networks import ACTIVATIONS, Model, activation_of, affine, affine_gradients, dense, siren
from engine.training.training import Training


def registered() -> set[str]:
    """The names of all gradients that TensorFlow keeps."""
    from tensorflow.python.framework import ops  # there is no public way to look at them

    return set(ops.gradient_registry.list())


def built(model: Model) -> Training:
    x = np.linspace(-1, 1, 20, dtype=np.float32)[:, None]
    return Training(model, x, np.sin(x), RegressionSettings(batch_size=5))


@pytest.mark.parametrize(
    "model", [lambda: dense(1, 1, 3, 8, "tanh", "normal", 0.1), lambda: siren(1, 1, 2, 8, 30.0)], ids=["dense", "siren"]
)
def test_another_network_leaves_nothing_behind_in_tensorflow(model):
    built(model()).advance(4)
    before = registered()
    for _ in range(3):
        built(model()).advance(4)
    assert registered() == before


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_another_graph_of_an_activation_leaves_nothing_behind(activation):
    tf = backend.tensorflow()

    def trace() -> None:
        tf.function(activation_of(activation), autograph=False).get_concrete_function(tf.TensorSpec([4]))

    trace()
    before = registered()
    trace()
    assert registered() == before


def test_another_typed_formula_leaves_nothing_behind():
    tf = backend.tensorflow()

    def trace(text: str) -> None:
        formula = parse(text, ("x",))
        tf.function(lambda x: tf.gradients(formula.tensorflow(x=x), x), autograph=False)(tf.constant([0.3, 0.5]))

    trace("sin(x) + sqrt(x)")
    before = registered()
    trace("x^2 exp(x)")
    assert registered() == before


def test_a_layer_is_differentiated_by_its_own_gradient_where_the_graph_is():
    tf = backend.tensorflow()

    @tf.function(autograph=False)
    def slope(x, weights, bias):
        return tf.gradients(affine(x, weights, bias), [x, weights, bias])

    x, weights, bias = tf.ones((5, 8)), tf.ones((8, 8)), tf.ones(8)
    operations = slope.get_concrete_function(x, weights, bias).graph.get_operations()
    assert "PadV2" in {operation.type for operation in operations}, "the row of ones that is made for XLA"
    expected = affine_gradients(x, weights, bias, tf.ones((5, 8)))
    for found, wanted in zip(slope(x, weights, bias), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


@pytest.mark.parametrize("by_tape", [True, False], ids=["tape", "graph"])
def test_a_sines_slope_is_the_cosine_everywhere_whoever_asks(by_tape):
    tf = backend.tensorflow()
    x = np.concatenate([[0.0, np.pi / 2, -np.pi / 2, np.pi], np.linspace(-90, 90, 4001)]).astype(np.float32)

    @tf.function(autograph=False)
    def slope(given):
        if not by_tape:
            return tf.gradients(sine(given), given)[0]
        with tf.GradientTape() as tape:
            tape.watch(given)
            value = sine(given)
        return tape.gradient(value, given)

    np.testing.assert_allclose(slope(tf.constant(x)), np.cos(x.astype(float)), atol=2e-5)
