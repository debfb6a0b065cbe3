"""What is inside a model at one moment: its neurons' curves, each layer's gradient, and the units that are asleep.

Everything is measured, on a sample of the training points where there are many. Nothing is traced before it is first
asked for. Serves the pictures and findings of regression and painting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import backend
from engine.fitting import DataNow, each_cost
from engine.networks import Model
from engine.points import Part, evenly

LEAST_SAMPLE, SAMPLE = 128, 512  # points, of which a network with many parameters gets fewer
LAYERS_PRODUCTS = 4e8  # numbers multiplied to look at all layers, with their gradients: some milliseconds
ASLEEP_SLOPE = 0.02  # of the activation's steepest: tanh beyond +-0.99, sigmoid beyond 0.995, relu below 0
ASLEEP_SHARE = 0.9  # of the points, on which a unit that is saturated passes on next to nothing
DEAD_SHARE = 0.999  # the same of one that is dead: a relu that bends at the edge of the data still does its part
PRODUCTS = 1e8  # numbers multiplied for one Hessian-vector product, of which some dozens are needed


@dataclass(frozen=True, eq=False)
class LayerState:
    """One layer now: ``gradient`` and ``parameters`` are root mean squares; ``asleep`` of ``units`` hardly react.

    ``word`` is what such a unit is called: "dead" where its output is 0, "saturated" where it is any other constant.
    """

    name: str
    gradient: float
    parameters: float
    units: int
    asleep: int
    word: str = "saturated"


class Inside:
    """Looks into a model that is trained on data; every method may be called from any thread."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._traced = _Traced(model)
        self._functions: dict[str, Any] = {}

    def terms(self, parameters: np.ndarray, grid: np.ndarray) -> np.ndarray:
        """What is added up to the prediction, float32 (terms, g), at grid (g,)."""
        return self._call("terms", self._traced.terms, parameters, grid[:, None]).T

    def neurons(self, parameters: np.ndarray, grid: np.ndarray, layer: int) -> np.ndarray:
        """The outputs of a hidden layer's neurons, float32 (width, g); ``layer`` counts from 0."""
        tf = backend.tensorflow()
        return self._call("neurons", self._traced.neurons, parameters, grid[:, None], tf.constant(layer)).T

    def layers(self, parameters: np.ndarray, data: DataNow) -> tuple[LayerState, ...]:
        """Each layer's gradient, size and sleeping units, on some of the training points."""
        sample = training_sample(data, self.affordable())
        return () if sample is None else self.layers_on(parameters, *sample)

    def affordable(self) -> int:
        """How many points layers_on() can be given in passing."""
        return int(np.clip(LAYERS_PRODUCTS / (6 * self._model.parameters), LEAST_SAMPLE, SAMPLE))

    def layers_on(self, parameters: np.ndarray, x: np.ndarray, y: np.ndarray, kind: Any) -> tuple[LayerState, ...]:
        """The same on points x (n, inputs) with answers y (n, outputs); ``kind`` is the cost's number, a tensor."""
        sample = x, y, kind
        gradients, asleep = self._call("layers", self._traced.layers, parameters, *sample)
        found: dict[str, list[int]] = {}
        for number, tensor in enumerate(self._model.tensors):
            found.setdefault(tensor.name.partition("/")[0], []).append(number)
        cuts = np.cumsum([tensor.size for tensor in self._model.tensors])[:-1]
        values = np.split(parameters, cuts)
        slopes = np.split(gradients, cuts)
        states = []
        for index, (name, numbers) in enumerate(found.items()):
            units, sleeping = (len(asleep[index]), int(asleep[index].sum())) if index < len(asleep) else (0, 0)
            states.append(
                LayerState(
                    name,
                    _root_mean_square([slopes[number] for number in numbers]),
                    _root_mean_square([values[number] for number in numbers]),
                    units,
                    sleeping,
                    "dead" if self._traced.may_die else "saturated",
                )
            )
        return tuple(states)

    def hessian_product(self, parameters: np.ndarray, data: DataNow, l2: float) -> tuple[Any, int]:
        """The function vector -> Hessian times vector of the cost with its L2 penalty, and the number of points."""
        sample = training_sample(data, max(16, int(PRODUCTS / (12 * self._model.parameters))))
        weighed = np.concatenate([np.full(t.size, 2.0 * l2 * (len(t.shape) == 2)) for t in self._model.tensors])

        def product(vector: np.ndarray) -> np.ndarray:
            if sample is None:
                return weighed * vector
            image = self._call("hessian", self._traced.hessian, parameters, vector.astype(np.float32), *sample)
            return image + weighed * vector

        return product, 0 if sample is None else len(sample[0])

    def _call(self, name: str, body: Any, *arguments: Any) -> Any:
        tf = backend.tensorflow()
        if name not in self._functions:
            self._functions[name] = tf.function(body, autograph=False, reduce_retracing=True)
        result = self._functions[name](*(tf.constant(argument) for argument in arguments))
        return tf.nest.map_structure(lambda tensor: tensor.numpy(), result)


class _Traced:
    """What is traced of a model; apart from Inside, since a graph holds what it was traced of, and Inside its graphs.

    Such a circle keeps a run that nobody uses any more, with all its memory, until Python looks for it, minutes later.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.may_die = getattr(model.bend, "__name__", "") == "relu"  # and give 0 whatever comes

    def terms(self, flat: Any, x: Any) -> Any:
        return self._model.terms(self._model.parts(flat), x)

    def neurons(self, flat: Any, x: Any, layer: Any) -> Any:
        tf = backend.tensorflow()
        outputs = [after for _, after in self._model.hidden(self._model.parts(flat), x)]
        return tf.gather(tf.stack(outputs), layer)

    def _cost(self, parts: Sequence[Any], x: Any, y: Any, kind: Any) -> Any:
        return backend.tensorflow().reduce_mean(each_cost(kind, self._model.predict(parts, x) - y))

    def layers(self, flat: Any, x: Any, y: Any, kind: Any) -> Any:
        tf = backend.tensorflow()
        parts = self._model.parts(flat)
        with tf.GradientTape() as tape:
            tape.watch(parts)
            cost = self._cost(parts, x, y, kind)
        zero = tf.UnconnectedGradients.ZERO
        gradients = self._model.join(tape.gradient(cost, parts, unconnected_gradients=zero))
        asleep = []
        if self._model.hidden is not None and self._model.bend is not None:
            steepest = self._steepest()
            for before, _ in self._model.hidden(parts, x):
                with tf.GradientTape() as tape:
                    tape.watch(before)
                    bent = tf.reduce_sum(self._model.bend(before))
                slope = tf.abs(tape.gradient(bent, before, unconnected_gradients=zero))
                flat_here = tf.cast(slope < ASLEEP_SLOPE * steepest, tf.float32)
                asleep.append(tf.reduce_mean(flat_here, axis=0) > (DEAD_SHARE if self.may_die else ASLEEP_SHARE))
        return gradients, asleep

    def _steepest(self) -> Any:
        """The activation's largest slope."""
        tf = backend.tensorflow()
        line = tf.linspace(-6.0, 6.0, 601)
        with tf.GradientTape() as tape:
            tape.watch(line)
            bent = tf.reduce_sum(self._model.bend(line))
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


def training_sample(data: DataNow, most: int) -> tuple[np.ndarray, np.ndarray, Any] | None:
    """At most so many training points, evenly chosen: x and y (n, 1), and the cost's kind; None where there is none."""
    rows = np.flatnonzero(data.weights.numpy()[Part.TRAINING])
    if not len(rows):
        return None
    rows = rows[evenly(len(rows), most)]
    return data.x.numpy()[rows], data.y.numpy()[rows], data.kind


def _root_mean_square(arrays: list[np.ndarray]) -> float:
    joined = np.concatenate([array.ravel() for array in arrays]).astype(float)
    return float(np.sqrt(np.mean(np.square(joined)))) if len(joined) else 0.0
