"""A second network on the same points, and the ways to it: of another run, or trained here from another seed.

Serves the regression's analyses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from engine.analysis.valley import Valley, Ways
from engine.backend import backend
from engine.experiment import AnalysisError
from engine.regression.fitting import Data, Fitting, training_sample
from engine.training.costs import each_by_number
from engine.training.networks import Model

MOST_PARAMETERS = 20_000
MOST_POINTS = 512  # that the cost is taken on, along the ways


class SecondSolutions:
    """Answers for one model; the second network is trained on from question to question."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._key: Any = None
        self._second: Fitting | None = None
        self._ways: tuple[Any, Ways] | None = None

    def valley(self, moment: Any, other: Sequence[float] = (), name: str = "") -> Valley:
        """The ways from this moment's network to another run's parameters, or where there are none to those of the
        next seed after as many steps.

        Raises:
            AnalysisError: nothing is trained yet, or there is too much of it.
        """
        settings, model = moment.settings, self._model
        if settings.model != "network":
            raise AnalysisError("Two solutions are compared of networks: choose network as the model.")
        if model.parameters > MOST_PARAMETERS:
            raise AnalysisError(f"It takes up to {MOST_PARAMETERS:,} parameters; this has {model.parameters:,}.")
        if not moment.step or not np.isfinite(moment.parameters).all():
            raise AnalysisError("Two trained networks are compared: press play.")
        sample = training_sample(moment.data, MOST_POINTS)
        if sample is None:
            raise AnalysisError("There are no points to measure the cost on; draw some.")
        if len(other) == model.parameters:
            second, words = np.asarray(other, np.float32), name
        else:
            second, words = self._trained(moment), f"seed {settings.seed + 1}"
        if not np.isfinite(second).all():
            raise AnalysisError(f"The network of {words} has left the number range.")
        return self._ways_on(moment, sample).between(moment.parameters, second, words, len(sample[0]), settings.seed)

    def _ways_on(self, moment: Any, sample: Any) -> Ways:
        key = moment.data
        if self._ways is None or self._ways[0] is not key:
            x, y, kind = sample

            def cost(parts: Any) -> Any:
                return backend.tensorflow().reduce_mean(each_by_number(kind, self._model.predict(parts, x) - y))

            self._ways = key, Ways(self._model, cost, moment.settings.activation)
        return self._ways[1]

    def _trained(self, moment: Any) -> np.ndarray:
        settings = msgspec.structs.replace(moment.settings, seed=moment.settings.seed + 1)
        numbers = msgspec.structs.replace(settings, view="fit", speed="max")
        key = moment.data.points, numbers
        if self._second is None or not _same(self._key, key) or self._second.step > moment.step:
            data = Data(moment.data.points, settings.cost, MOST_POINTS)
            self._second, self._key = Fitting(self._model, data, settings), key
        while self._second.step < moment.step:
            self._second.advance(moment.step - self._second.step)
            if not self._second.is_finite():
                break
        return self._second.parameters


def _same(known: Any, key: Any) -> bool:
    return known is not None and known[0] is key[0] and known[1] == key[1]
