"""The layer that every network is made of: a faster way to the usual result."""

from __future__ import annotations

import numpy as np
import pytest

from engine.backend import backend
from engine.training.networks import affine


@pytest.mark.parametrize(
    ("inputs", "outputs"), [(64, 64), (2, 64), (64, 3), (2, 3), (64, 16), (1, 1)],
    ids=["square", "first", "narrow", "short", "tall", "single"],
)  # fmt: skip
@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
def test_a_layer_and_all_its_gradients_are_those_of_numpy(inputs, outputs, compiled):
    tf = backend.tensorflow()
    numbers = np.random.default_rng(0)
    x, weights, bias, upstream = (
        numbers.normal(size=shape).astype(np.float32)
        for shape in [(20, inputs), (inputs, outputs), (outputs,), (20, outputs)]
    )

    @tf.function(jit_compile=compiled, autograph=False)
    def gradients(x, weights, bias):
        y = affine(x, weights, bias)
        return y, *tf.gradients(y, [x, weights, bias], tf.constant(upstream))

    y, of_x, of_weights, of_bias = gradients(tf.constant(x), tf.constant(weights), tf.constant(bias))
    np.testing.assert_allclose(y, x @ weights + bias, atol=1e-4)
    np.testing.assert_allclose(of_x, upstream @ weights.T, atol=1e-4)
    np.testing.assert_allclose(of_weights, x.T @ upstream, atol=1e-4)
    np.testing.assert_allclose(of_bias, upstream.sum(axis=0), atol=1e-4)
