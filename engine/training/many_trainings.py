"""Many trainings at once, each with numbers of its own: one XLA program, a column for each. Full batch.

Beside the run: nothing here changes it. Serves the maps of whole trainings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.backend import backend
from engine.training.optimizers import LiveOptimizer

START = {"learning_rate": 0.1, "momentum": 0.9, "beta_1": 0.9, "beta_2": 0.999, "rho": 0.9}


class ManyTrainings:
    """``count`` trainings of the same model, by the same rule.

    Args:
        cost: parameters (parameters, count) -> costs (count,), in the graph; single precision.
        parameters: how many there are.
        optimizer: an entry of OPTIMIZERS.
        count: how many trainings go together; fixed, since XLA's shapes are.
        inside: parameters -> (count,) bool, in the graph; one that leaves stays where it was. None has no border.
    """

    def __init__(
        self,
        cost: Callable[[Any], Any],
        parameters: int,
        optimizer: str,
        count: int,
        inside: Callable[[Any], Any] | None = None,
    ) -> None:
        tf, keras = backend.tensorflow(), backend.keras()
        self._cost, self._inside = cost, inside
        self._places = keras.Variable(np.zeros((parameters, count), np.float32))
        self._ended = tf.Variable(tf.zeros(count, tf.int32))
        self._rates = tf.Variable(tf.zeros(count))
        self._rule = LiveOptimizer(optimizer, [self._places], START, count)
        self._blank = [backend.copied(variable) for variable in self._rule.state()]
        self._count = count
        self._program = self._compiled()

    def run(self, initial: np.ndarray, numbers: Mapping[str, np.ndarray], steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Train from ``initial`` (parameters, count) with these numbers, (count,) each, by knob name.

        Returns each one's cost after ``steps`` steps, (count,) float64, and the step at which it left the number range
        or went outside, (count,) int; 0 of one that didn't, whose cost is finite. The cost of one that left is nan.
        """
        tf = backend.tensorflow()
        for variable, value in zip(self._rule.state(), self._blank, strict=True):
            variable.assign(value)
        for knob, values in numbers.items():
            if knob == "learning_rate":
                self._rates.assign(values.astype(np.float32))
            else:
                self._rule.set_each(knob, values)
        self._places.assign(initial.astype(np.float32))
        self._ended.assign(tf.zeros(self._count, tf.int32))
        costs = self._program(tf.constant(steps)).numpy().astype(float)
        ended = self._ended.numpy()
        return np.where(ended > 0, np.nan, costs), ended

    def _compiled(self) -> Any:
        tf = backend.tensorflow()

        @tf.function(jit_compile=True, autograph=False, input_signature=[tf.TensorSpec([], tf.int32)])
        def program(count: Any) -> Any:
            def step(i: Any) -> Any:
                before = tf.identity(self._places.value)
                costs = self._cost(before)
                # not by a GradientTape, which doesn't know the layers' own gradients
                gradient = tf.gradients(costs, before)[0]
                self._rule.apply_each(self._rates.value(), gradient, self._places)
                after = self._places.value
                holds = tf.math.is_finite(costs) & tf.reduce_all(tf.math.is_finite(after), axis=0)
                if self._inside is not None:
                    holds &= self._inside(after)
                going = self._ended == 0
                self._ended.assign(tf.where(going & ~holds, i + 1, self._ended))
                self._places.assign(tf.where(self._ended == 0, after, before))
                return (i + 1,)

            tf.while_loop(lambda i: (i < count) & tf.reduce_any(self._ended == 0), step, [tf.constant(0)])
            return self._cost(self._places.value)

        return program
