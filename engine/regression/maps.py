"""Maps of whole trainings of a regression's model: learning rate against the rule's other number, on all data.

Serves the regression's analyses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.analysis.training_map import Axis, MapMaker, Plane, TrainingMap, rule_and_second, within
from engine.backend import backend, ownership
from engine.experiment import AnalysisError
from engine.regression.fitting import training_sample
from engine.training import costs
from engine.training.many_trainings import ManyTrainings
from engine.training.networks import Model, activation_of

STEPS = 300
MOST_PARAMETERS = 2000
MOST_NUMBERS = 30_000  # parameters times points, with which a part of a map takes under a second
LEAST_POINTS = 32
RATES = (1e-4, 10.0)


@ownership.owned
class RegressionMaps:
    """Answers for one model; what it is trained on may change between two questions."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._key: tuple = ()
        self._maker: MapMaker | None = None

    def at(self, moment: Any, window: Sequence[float] | None, seconds: float) -> TrainingMap:
        """The map of a FitMoment's settings and data.

        Raises:
            AnalysisError: too many parameters, no points, or a rule with one number only.
        """
        settings, points = moment.settings, moment.data.points
        if self._model.parameters > MOST_PARAMETERS:
            raise AnalysisError(
                f"A map is made of networks with up to {MOST_PARAMETERS:,} parameters; this has "
                f"{self._model.parameters:,}."
            )
        rule, second = rule_and_second(settings.optimizer)
        most = max(LEAST_POINTS, MOST_NUMBERS // self._model.parameters)
        sample = training_sample(moment.data, most)
        if sample is None:
            raise AnalysisError("There are no points to train on; draw some.")
        key = (points, most, settings.cost, rule, settings.seed)
        if self._maker is None or any(a is not b and a != b for a, b in zip(key, self._key, strict=True)):
            self._key = key
            self._maker = self._new_maker(settings, rule, sample)
        axes = within(Axis("learning_rate", "learning rate", *RATES, logarithmic=True), second, window)
        count, whole = len(sample[0]), int((points.part == 0).sum())
        data = f"all {whole:,} points" if count == whole else f"{count:,} of {whole:,} points"
        numbers = tuple(sorted(settings.numbers().items()))
        return self._maker.at(Plane(*axes, numbers, STEPS, f"{STEPS} steps on {data}", "number range", rule), seconds)

    def _new_maker(self, settings: Any, rule: str, sample: tuple) -> MapMaker:
        cost = _cost_of_many(settings, self._model, sample[0], sample[1])
        initial = self._model.initial(settings.seed)

        def first(numbers: Mapping[str, np.ndarray]) -> np.ndarray:
            return np.repeat(initial[:, None], len(numbers["learning_rate"]), axis=1)

        return MapMaker(lambda count: ManyTrainings(cost, self._model.parameters, rule, count), first)


def _cost_of_many(settings: Any, model: Model, x: np.ndarray, y: np.ndarray) -> Callable[[Any], Any]:
    """Parameters (parameters, count) -> each column's cost, (count,), in the graph."""
    tf = backend.tensorflow()
    given, wanted = tf.constant(x), tf.constant(y)

    def cost(places: Any) -> Any:
        predicted = _predicted(settings, model, places, given)  # (points, count)
        return tf.reduce_mean(costs.each(settings.cost, predicted - wanted, tf.math), axis=0)

    return cost


def _predicted(settings: Any, model: Model, places: Any, x: Any) -> Any:
    """What every column's model answers to x (points, 1): (points, count), in the graph."""
    tf = backend.tensorflow()
    parts = tf.split(places, [tensor.size for tensor in model.tensors])
    match settings.model:
        case "line" | "sum":
            slope, offset = (tf.reduce_sum(part, axis=0) for part in parts)
            return x * slope + offset
        case "polynomial" | "scaled_polynomial":
            columns = model.terms([tf.zeros(1), tf.ones(model.tensors[1].shape)], x)[:, 1:]
            return columns @ parts[1] + parts[0]
    activate = activation_of(settings.activation)
    shapes = [tensor.shape for tensor in model.tensors]
    hidden = len(shapes) // 2 - (0 if settings.summed else 1)
    if hidden == 1:  # a neuron at a time, without a large array of them all: a quarter faster
        width = shapes[0][1]
        total = 0.0 if settings.summed else parts[3]
        for neuron in range(width):
            answer = activate(x * parts[0][neuron] + parts[1][neuron])
            total += answer if settings.summed else answer * parts[2][neuron]
        return total
    by_column = [tf.reshape(tf.transpose(part), (-1, *shape)) for part, shape in zip(parts, shapes, strict=True)]
    h = activate(x[None] * by_column[0] + by_column[1][:, None])  # (count, points, width)
    for number in range(1, hidden):
        h = activate(h @ by_column[2 * number] + by_column[2 * number + 1][:, None])
    if not settings.summed:
        return tf.transpose((h @ by_column[-2] + by_column[-1][:, None])[..., 0])
    return tf.transpose(tf.reduce_sum(h, axis=2))
