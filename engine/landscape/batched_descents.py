"""Many starts descended at once by one rule, for the basins' map and for counting noisy runs.

Single precision and one XLA loop over all starts: where a start ends is a colour, and no colour needs sixteen digits.
Serves the frame, beside the run: nothing here changes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.backend import backend
from engine.landscape.functions.landscape import Landscape
from engine.training.optimizers import LiveOptimizer

NOISE_CHUNK = 128  # steps whose noise is handed over in one call


class BatchedDescents:
    """``count`` starts, each with the rule's memory of its own.

    Args:
        landscape: what is descended, by the automatic gradient.
        optimizer: an entry of OPTIMIZERS.
        count: how many starts go together; fixed, since XLA's shapes are.
        noisy: whether run() takes noise.
    """

    def __init__(self, landscape: Landscape, optimizer: str, count: int, noisy: bool = False) -> None:
        tf, keras = backend.tensorflow(), backend.keras()
        self._landscape, self._count, self._noisy = landscape, count, noisy
        self._is_plain = optimizer == "sgd"
        size = landscape.dimensions
        self._places = keras.Variable(np.zeros((size, count), np.float32))  # a row a parameter: XLA vectorises over it
        self._moving = tf.Variable(tf.ones(count, tf.bool))
        self._best = tf.Variable(tf.zeros(count))
        numbers = {"learning_rate": 0.1, "momentum": 0.9, "beta_1": 0.9, "beta_2": 0.999, "rho": 0.9}
        self._rule = LiveOptimizer(optimizer, [self._places], numbers)
        self._blank = [backend.copied(variable) for variable in self._rule.state()]
        low, high = np.array(landscape.domain, np.float32).T
        self._low, self._high = low[:, None], high[:, None]
        shape = [NOISE_CHUNK if noisy else 0, size, count]
        self._program = self._compiled(tf.TensorSpec(shape, tf.float32))

    def run(
        self, starts: np.ndarray, numbers: Mapping[str, float], steps: int, noise: float = 0.0, seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Descend from these starts, (count, dimensions), with the rule's ``numbers`` by knob name.

        Returns where each is after ``steps`` steps, (count, dimensions); which are still on the landscape,
        (count,) bool; and the best cost that each noisy one has seen, (count,). One that left stays where it left.
        ``noise`` is the spread of what is added to every gradient.
        """
        tf = backend.tensorflow()
        for knob, value in numbers.items():
            self._rule.set(knob, value)
        for variable, value in zip(self._rule.state(), self._blank, strict=True):
            variable.assign(value)
        self._places.assign(starts.T.astype(np.float32))
        self._moving.assign(tf.ones(self._count, tf.bool))
        self._best.assign(tf.fill([self._count], np.float32(np.inf)))
        generator = np.random.default_rng([seed, 5])
        shape = (NOISE_CHUNK if self._noisy else 0, self._landscape.dimensions, self._count)
        for done in range(0, steps, NOISE_CHUNK) if self._noisy else (0,):
            drawn = generator.standard_normal(shape, np.float32) * np.float32(noise)
            count = min(NOISE_CHUNK, steps - done) if self._noisy else steps
            self._program(tf.constant(count), tf.constant(drawn))
        return backend.copied(self._places).T.astype(float), self._moving.numpy(), self._best.numpy().astype(float)

    def _compiled(self, noise_spec: Any) -> Any:
        tf = backend.tensorflow()
        can_rest = self._is_plain and not self._noisy  # what such a rule leaves where it was, it leaves there for good

        @tf.function(jit_compile=True, autograph=False, input_signature=[tf.TensorSpec([], tf.int32), noise_spec])
        def program(count: Any, noise: Any) -> None:
            def step(i: Any, _: Any) -> Any:
                before = tf.identity(self._places.value)
                with tf.GradientTape() as tape:
                    tape.watch(before)
                    costs = self._landscape.formula(tf.math, *tf.unstack(before))
                gradient = tape.gradient(costs, before)
                self._rule.apply([gradient + noise[i] if self._noisy else gradient], [self._places])
                if self._noisy:
                    self._best.assign(tf.minimum(self._best, costs))
                after = self._places.value
                # Comparisons with a cost or a place that is no number are false: such a start has left, too.
                inside = tf.reduce_all((after >= self._low) & (after <= self._high), axis=0) & (tf.abs(costs) < np.inf)
                self._moving.assign(self._moving & inside)
                after = tf.where(self._moving, after, before)
                self._places.assign(after)
                return i + 1, tf.reduce_any(after != before) if can_rest else tf.constant(True)

            tf.while_loop(lambda i, goes_on: (i < count) & goes_on, step, [tf.constant(0), tf.constant(True)])

        return program
