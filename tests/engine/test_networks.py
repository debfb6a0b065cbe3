"""The products that a network is made of: faster ways to the usual result."""

from __future__ import annotations

import numpy as np
import pytest

from engine import backend
from engine.networks import narrow_product, tall_product


@pytest.mark.parametrize(
    ("product", "rows", "columns"), [(narrow_product, 64, 3), (tall_product, 64, 16)], ids=["narrow", "tall"]
)
@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
def test_a_product_and_both_its_gradients_are_those_of_numpy(product, rows, columns, compiled):
    tf = backend.tensorflow()
    numbers = np.random.default_rng(0)
    x, weights, upstream = (
        numbers.normal(size=shape).astype(np.float32) for shape in [(20, rows), (rows, columns), (20, columns)]
    )

    @tf.function(jit_compile=compiled, autograph=False)
    def gradients(x, weights):
        with tf.GradientTape() as tape:
            tape.watch([x, weights])
            y = product(x, weights)
        return y, *tape.gradient(y, [x, weights], tf.constant(upstream))

    y, of_x, of_weights = gradients(tf.constant(x), tf.constant(weights))
    np.testing.assert_allclose(y, x @ weights, atol=1e-4)
    np.testing.assert_allclose(of_x, upstream @ weights.T, atol=1e-4)
    np.testing.assert_allclose(of_weights, x.T @ upstream, atol=1e-4)
