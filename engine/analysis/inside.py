"""What is inside a model at one moment: its neurons' curves, each layer's gradient, and the units that are inactive.

Everything is measured, on a sample of the training points where there are many. Nothing is traced before it is first
asked for. Serves the pictures and findings of regression and painting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.backend import backend
from engine.training import costs
from engine.training.networks import Model

LEAST_SAMPLE, SAMPLE = 128, 512  # points, of which a network with many parameters gets fewer
LAYERS_PRODUCTS = 4e8  # numbers multiplied to look at all layers, with their gradients: some milliseconds
ASLEEP_SLOPE = 0.02  # of the activation's steepest: tanh beyond +-0.99, sigmoid beyond 0.995, relu below 0
INACTIVE_SHARE = 0.9  # of the points, on which a unit that is saturated passes on next to nothing
DEAD_SHARE = 0.999  # the same of one that is dead: a relu that bends at the edge of the data still does its part
PRODUCTS = 1e8  # numbers multiplied for one Hessian-vector product, of which some dozens are needed


Sample = tuple[np.ndarray, np.ndarray, Any]  # x (n, inputs), y (n, outputs), and the cost's number as a tensor


@dataclass(frozen=True, eq=False)
class LayerState:
    """One layer now: ``gradient`` and ``parameters`` are root mean squares; ``inactive`` of ``units`` hardly react.

    ``word`` is what such a unit is called: "dead" where its output is 0, "saturated" where it is any other constant.
    """

    name: str
    gradient: float
    parameters: float
    units: int
    inactive: int
    word: str = "saturated"


class Inside:
    """Looks into a model that is trained on data; every method may be called from any thread."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._traced = _Traced(model)
        functions = {name: getattr(self._traced, name) for name in ("terms", "neurons", "layers", "hessian")}
        tf = backend.tensorflow()
        # each is traced when it is first called; all are made here, since several threads look into one model
        self._functions = {
            name: tf.function(body, autograph=False, reduce_retracing=True) for name, body in functions.items()
        }

    def terms(self, parameters: np.ndarray, grid: np.ndarray) -> np.ndarray:
        """What is added up to the prediction, float32 (terms, g), at grid (g,)."""
        return self._call("terms", parameters, grid[:, None]).T

    def neurons(self, parameters: np.ndarray, grid: np.ndarray, layer: int) -> np.ndarray:
        """The outputs of a hidden layer's neurons, float32 (width, g); ``layer`` counts from 0."""
        tf = backend.tensorflow()
        outputs = self._call("neurons", parameters, grid[:, None], tf.constant(layer)).T
        return outputs[: self._model.tensors[2 * layer].shape[1]]  # without what makes all layers equally wide

    def affordable(self) -> int:
        """How many points layers() can be given in passing."""
        return int(np.clip(LAYERS_PRODUCTS / (6 * self._model.parameters), LEAST_SAMPLE, SAMPLE))

    def layers(self, parameters: np.ndarray, sample: Sample | None) -> tuple[LayerState, ...]:
        """Each layer's gradient, size and inactive units, on this sample; () where there is none."""
        if sample is None:
            return ()
        gradients, inactive = self._call("layers", parameters, *sample)
        values, slopes = self._model.arrays(parameters), self._model.arrays(gradients)
        states = []
        for index, (name, numbers) in enumerate(self._model.layers().items()):
            units, resting = (len(inactive[index]), int(inactive[index].sum())) if index < len(inactive) else (0, 0)
            states.append(
                LayerState(
                    name,
                    _root_mean_square([slopes[number] for number in numbers]),
                    _root_mean_square([values[number] for number in numbers]),
                    units,
                    resting,
                    "dead" if self._traced.may_die else "saturated",
                )
            )
        return tuple(states)

    def affordable_for_curvature(self) -> int:
        """How many points hessian_product() can be given, of which some dozens are needed."""
        return max(16, int(PRODUCTS / (12 * self._model.parameters)))

    def hessian_product(self, parameters: np.ndarray, sample: Sample | None, l2: float) -> Any:
        """The function vector -> Hessian times vector of the cost on this sample with its L2 penalty."""
        weighed = np.concatenate([np.full(t.size, 2.0 * l2 * (len(t.shape) == 2)) for t in self._model.tensors])

        def product(vector: np.ndarray) -> np.ndarray:
            if sample is None:
                return weighed * vector
            image = self._call("hessian", parameters, vector.astype(np.float32), *sample)
            return image + weighed * vector

        return product

    def _call(self, name: str, *arguments: Any) -> Any:
        tf = backend.tensorflow()
        result = self._functions[name](*(tf.constant(argument) for argument in arguments))
        return tf.nest.map_structure(lambda tensor: tensor.numpy(), result)


class _Traced:
    """What is traced of a model; apart from Inside, since a graph holds what it was traced of, and Inside its graphs.

    Such a circle keeps a run that nobody uses any more, with all its memory, until Python looks for it, minutes later.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.may_die = getattr(model.activation, "__name__", "") == "relu"  # and give 0 whatever comes

    def terms(self, flat: Any, x: Any) -> Any:
        return self._model.terms(self._model.parts(flat), x)

    def neurons(self, flat: Any, x: Any, layer: Any) -> Any:
        tf = backend.tensorflow()
        outputs = [after for _, after in self._model.hidden(self._model.parts(flat), x)]
        widest = max(output.shape[1] for output in outputs)
        padded = [tf.pad(output, [[0, 0], [0, widest - output.shape[1]]]) for output in outputs]
        return tf.gather(tf.stack(padded), layer)

    def _cost(self, parts: Sequence[Any], x: Any, y: Any, kind: Any) -> Any:
        return backend.tensorflow().reduce_mean(costs.each_by_number(kind, self._model.predict(parts, x) - y))

    def layers(self, flat: Any, x: Any, y: Any, kind: Any) -> Any:
        tf = backend.tensorflow()
        parts = self._model.parts(flat)
        with tf.GradientTape() as tape:
            tape.watch(parts)
            cost = self._cost(parts, x, y, kind)
        zero = tf.UnconnectedGradients.ZERO
        gradients = self._model.join(tape.gradient(cost, parts, unconnected_gradients=zero))
        inactive = []
        if self._model.hidden is not None and self._model.activation is not None:
            steepest = self._steepest()
            for before, _ in self._model.hidden(parts, x):
                with tf.GradientTape() as tape:
                    tape.watch(before)
                    bent = tf.reduce_sum(self._model.activation(before))
                slope = tf.abs(tape.gradient(bent, before, unconnected_gradients=zero))
                flat_here = tf.cast(slope < ASLEEP_SLOPE * steepest, tf.float32)
                inactive.append(tf.reduce_mean(flat_here, axis=0) > (DEAD_SHARE if self.may_die else INACTIVE_SHARE))
        return gradients, inactive

    def _steepest(self) -> Any:
        """The activation's largest slope."""
        tf = backend.tensorflow()
        line = tf.linspace(-6.0, 6.0, 601)
        with tf.GradientTape() as tape:
            tape.watch(line)
            bent = tf.reduce_sum(self._model.activation(line))
        return tf.reduce_max(tf.abs(tape.gradient(bent, line, unconnected_gradients=tf.UnconnectedGradients.ZERO)))

    def hessian(self, flat: Any, vector: Any, x: Any, y: Any, kind: Any) -> Any:
        tf = backend.tensorflow()
        zero = tf.UnconnectedGradients.ZERO
        with tf.GradientTape() as outer:
            outer.watch(flat)
            with tf.GradientTape() as inner:
                inner.watch(flat)
                cost = self._cost(self._model.parts(flat), x, y, kind)
            slope = inner.gradient(cost, flat, unconnected_gradients=zero)
        return outer.gradient(slope, flat, output_gradients=vector, unconnected_gradients=zero)


def _root_mean_square(arrays: list[np.ndarray]) -> float:
    joined = np.concatenate([array.ravel() for array in arrays]).astype(float)
    return float(np.sqrt(np.mean(np.square(joined)))) if len(joined) else 0.0
