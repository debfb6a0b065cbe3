"""What can be asked about a landscape beside its run: basins, noisy runs, and where a dragged descent would go.

Each is compiled when it is asked for first, in the thread that asks. Station of the loop: the runner, beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec
import numpy as np

from engine.analysis.training_map import Axis, MapMaker, Plane, TrainingMap, rule_and_second, within
from engine.backend import backend, ownership
from engine.experiment import AnalysisError
from engine.frames import read_only
from engine.landscape.basins import DETAILS, BasinsMap
from engine.landscape.batched_descents import BatchedDescents
from engine.landscape.descent import Descents
from engine.landscape.descents import Descent, descents_of
from engine.landscape.functions.landscape import Landscape
from engine.landscape.picture import Basins, Foresight, NoiseCount
from engine.landscape.settings import LandscapeSettings
from engine.training.many_trainings import ManyTrainings

NOISY_RUNS = 200
MOST_FORESEEN = 1000  # steps
MOST_MAPPED = 2000  # steps of a map's descents
RATES = 100.0  # times the landscape's own rate, and the same part of it: the map's edges
FOUND = 0.02  # of the cost's range: a run that came as low as this above the lowest minimum has found it


def basins_of(settings: LandscapeSettings, first: Descent) -> tuple:
    """What a map of the basins depends on: the landscape, the rule and its numbers."""
    return (
        settings.landscape,
        settings.formula,
        settings.domain_from,
        settings.domain_to,
        first.optimizer,
        *numbers_of(settings, first),
    )


def numbers_of(settings: LandscapeSettings, first: Descent) -> tuple:
    """The numbers of the first descent's rule that matter to where its descents end, and how long they are."""
    numbers = settings.numbers() | {"learning_rate": first.learning_rate}
    return (*sorted(numbers.items()), settings.steps)


@ownership.owned
class LandscapeAnalyses:
    """Answers for one landscape and the first descent's rule; the settings may move between two questions."""

    def __init__(self, landscape: Landscape, optimizer: str, span: float) -> None:
        self._landscape, self._optimizer, self._span = landscape, optimizer, span
        self._map = BasinsMap(landscape, optimizer)
        self.minima = landscape.minima
        self._noisy: BatchedDescents | None = None
        self._ahead: Descents | None = None
        self._makers: dict[str, MapMaker] = {}
        self._start: tuple[float, ...] = ()

    def basins(self, settings: LandscapeSettings, stride: int = DETAILS[-1]) -> Basins:
        """Where every start ends; ``stride`` in DETAILS says how fine."""
        first = descents_of(settings)[0]
        *numbers, steps = numbers_of(settings, first)
        return replace(self._map.at(dict(numbers), steps, stride), of=basins_of(settings, first))

    def noise(self, settings: LandscapeSettings) -> NoiseCount:
        """How many of NOISY_RUNS descents from the first descent's start come to the lowest minimum.

        Raises:
            AnalysisError: there is no minimum.
        """
        lowest, first = self._landscape.minima[:1], descents_of(settings)[0]
        if not len(lowest):
            raise AnalysisError("This landscape has no minimum that noise could find.")
        if self._noisy is None:
            self._noisy = BatchedDescents(self._landscape, self._optimizer, NOISY_RUNS, noisy=True)
        *numbers, steps = numbers_of(settings, first)
        starts = np.tile(np.array(first.start), (NOISY_RUNS, 1))
        enough = float(self._landscape.values(*lowest[0])) + FOUND * self._span
        found = []
        for spread in (settings.gradient_noise, 0.0):
            *_, best = self._noisy.run(starts, dict(numbers), steps, spread, settings.seed)
            found.append(int((best <= enough).sum()))
        return NoiseCount(found[0], NOISY_RUNS, found[1] > 0)

    def training_map(
        self, settings: LandscapeSettings, window: tuple[float, ...] | None, seconds: float
    ) -> TrainingMap:
        """What comes of the first descent with other numbers of its rule.

        Raises:
            AnalysisError: its rule has one number only.
        """
        first = descents_of(settings)[0]
        rule, second = rule_and_second(first.optimizer)
        if rule not in self._makers:
            self._makers[rule] = MapMaker(lambda count: self._trainings(rule, count), self._from_the_start)
        rate = self._landscape.rate_for(first.optimizer)
        x = Axis("learning_rate", "learning rate", rate / RATES, rate * RATES, logarithmic=True)
        x, second = within(x, second, window)
        self._start = first.start
        numbers = tuple(sorted(settings.numbers().items()))
        steps = min(settings.steps, MOST_MAPPED)
        plane = Plane(x, second, numbers, steps, f"{steps:,} steps", "landscape", (rule, first.start))
        return self._makers[rule].at(plane, seconds)

    def _trainings(self, rule: str, count: int) -> ManyTrainings:
        tf = backend.tensorflow()
        low, high = (edge[:, None] for edge in np.array(self._landscape.domain, np.float32).T)
        return ManyTrainings(
            lambda places: self._landscape.formula(tf.math, *tf.unstack(places)),
            self._landscape.dimensions,
            rule,
            count,
            lambda places: tf.reduce_all((places >= low) & (places <= high), axis=0),
        )

    def _from_the_start(self, numbers: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.repeat(np.array(self._start)[:, None], len(numbers["learning_rate"]), axis=1)

    def foresight(self, settings: LandscapeSettings, start: tuple[float, ...]) -> Foresight:
        """Where every descent would go from ``start``, the knob's value."""
        settings = msgspec.structs.replace(settings, start=tuple(start))
        descents, most = descents_of(settings), min(settings.steps, MOST_FORESEEN)
        if self._ahead is None:
            self._ahead = Descents(self._landscape, descents, settings)
        self._ahead.set_live(settings, descents)
        self._ahead.reset()
        parts = [(self._ahead.positions()[None], self._ahead.costs[None])]
        while self._ahead.step < most and self._ahead.moving.any():
            parts.append(self._ahead.advance(most - self._ahead.step))
        positions, costs = (np.concatenate(column) for column in zip(*parts, strict=True))
        everyone = range(len(descents))
        return Foresight(
            tuple(read_only(positions[:, k]) for k in everyone), tuple(read_only(costs[:, k]) for k in everyone)
        )
