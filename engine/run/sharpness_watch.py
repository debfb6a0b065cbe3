"""SharpnessWatch: the sharpness of a run as it goes, as often as a share of the training's time allows.

How often follows from how much there is to multiply, not from the clock: a run is measured at the same steps on every
machine, and a moment that is gone back to goes on with the same numbers. Serves the observer of a trained model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.sample import evenly
from engine.analysis.sharpness import KRYLOV, NOTHING, HessianSpectrum, SharpnessRecord
from engine.analysis.stability import EDGES, edge_of
from engine.backend import backend, ownership
from engine.experiment import Table
from engine.frames import Curve, Role
from engine.run.recording import Series
from engine.training.networks import Model

# seconds as two cores of 2024 took them; only what they are to one another counts
CALL, EPOCH, STEP = 1.5e-3, 7e-4, 3e-5  # of a measurement, of an epoch's end with its frame, of a step, of any size
PRODUCT = 1.7e-11  # of one number multiplied
PARAMETER = 4e-7  # of a parameter, in what a measurement reads again and again
STEP_PRODUCTS, MEASURED_PRODUCTS = 6, 12 * KRYLOV  # for each parameter and point


@dataclass(frozen=True, eq=False)
class Look:
    """What is measured of one epoch's end.

    ``of`` stands for its data, the same object as long as they are the same; ``data()`` gives them: x (n, inputs),
    y (n, outputs), weights (n,) and the cost's number, as tensors. ``divisor`` (parameters,): what the rule divides
    steps by, as it remembers it, None where that isn't known.
    """

    step: int
    epoch: int
    steps_per_epoch: int
    parameters: np.ndarray
    divisor: np.ndarray | None
    of: Any
    data: Callable[[], tuple[Any, Any, Any, Any]]


def is_smooth(settings: Any) -> bool:
    """Whether these settings' cost has a curvature to measure."""
    return settings.cost != "absolute"


def epochs_between(parameters: int, points: int, batch: int, steps_per_epoch: int, share: float) -> int:
    """Epochs from one measurement to the next, with which measuring takes this share of the training's time."""
    measuring = CALL + MEASURED_PRODUCTS * PRODUCT * parameters * points + PARAMETER * parameters
    epoch = EPOCH + steps_per_epoch * (STEP + STEP_PRODUCTS * PRODUCT * parameters * batch)
    return max(1, math.ceil(measuring / (share * epoch)))


@ownership.owned
class SharpnessWatch:
    """Belongs to the observer's thread. ``record`` is frozen: others may read it."""

    def __init__(self, model: Model, spectrum: HessianSpectrum) -> None:
        self._model, self._spectrum = model, spectrum
        self._of: Any = None  # the data that the sample was taken of
        self._sample: Any = None
        self._points = self._all = 0  # those that it is measured on, and all that are trained on
        self._series = Series(3)  # step, sharpness and edge, by epoch
        self.clear()

    def clear(self) -> None:
        """Another run begins."""
        self._series.clear()
        self.record = NOTHING
        self._vector: np.ndarray | None = None
        self._calls = 1  # that the last measurement took: the next one comes so much later
        self._first: np.ndarray | None = None  # the run's start, as long as that is to be measured
        self._shows: tuple[str, str] | None = None  # what the curves are called; None where none is asked for

    def look(self, look: Look, settings: Any) -> None:
        """Measure an epoch's end where that is due; the run's start after the first epoch.

        So that a new model is seen at once, and what measures it is compiled together with its training.
        """
        if not settings.sharpness or not is_smooth(settings):
            self._shows = None
            return
        if look.of is not self._of:
            self._take(look)
        self._shows = self._names(settings.optimizer)
        points, share = len(self._sample[0]), settings.sharpness_share
        batch = min(settings.batch_size, self._all)
        every = epochs_between(self._model.parameters, points, batch, look.steps_per_epoch, share)
        if not look.step:
            self._first = look.parameters
            return
        if self._first is not None:
            self._measure(0, 0, self._first, None, settings)
            self._first = None
        epochs = self.record.epochs
        if not len(epochs) or look.epoch >= epochs[-1] + every * self._calls:
            self._measure(look.step, look.epoch, look.parameters, look.divisor, settings)

    def _measure(
        self, step: int, epoch: int, parameters: np.ndarray, divisor: np.ndarray | None, settings: Any
    ) -> None:
        edge, numbers = EDGES.get(settings.optimizer), settings.numbers()
        stretch = None
        if edge is not None and edge.stretch is not None:
            if divisor is None or not step:
                return  # nothing is remembered yet
            stretch = edge.stretch(divisor.astype(float), numbers, step)
        if not np.isfinite(parameters).all():
            return
        found = self._spectrum.largest(parameters, self._sample, getattr(settings, "l2", 0.0), stretch, self._vector)
        if found is None:
            return
        self._calls = 1 if self._vector is None else found.calls  # a first one has no vector to begin with
        self._vector = found.vector
        line = edge_of(settings.optimizer, numbers)
        row = [step, found.value, np.nan if line is None else line]
        self._series.append(np.array([epoch]), np.array([row]))
        self._publish()

    def shown_at(self, epoch: float, settings: Any) -> SharpnessRecord | None:
        """What was measured up to an epoch; None where these settings don't ask for it."""
        if not settings.sharpness or not is_smooth(settings):
            return None
        return self.record.until(epoch)

    def metrics(self, epoch: float, settings: Any) -> Mapping[str, float]:
        """The newest one up to an epoch, and the line that holds with these settings."""
        record = self.shown_at(epoch, settings)
        if record is None or not len(record.steps):
            return {}
        line = edge_of(settings.optimizer, settings.numbers())
        found = {"sharpness": float(record.sharpness[-1])}
        return found if line is None else found | {"two_over_rate": line}

    def curves(self, epochs: Table) -> Sequence[Curve]:
        """The sharpness and its line, up to the last of these epochs."""
        if self._shows is None:
            return ()
        record = self.record.until(epochs[0][-1] if len(epochs[0]) else 0.0)
        if not len(record.steps):
            return ()
        return (
            Curve(self._shows[0], Role.SHARPNESS, record.epochs, record.sharpness),
            Curve(self._shows[1], Role.EDGE, record.epochs, record.edge),
        )

    def state(self) -> Any:
        """All that restore() needs to go on from here."""
        return self._series.state(), self._vector, self._calls, self._first

    def restore(self, state: Any) -> None:
        """Go back to what state() gave."""
        series, self._vector, self._calls, self._first = state
        self._series.restore(series)
        self._publish()

    def _names(self, optimizer: str) -> tuple[str, str]:
        """What is measured, on how much of the data where that isn't all, and what its line is."""
        edge = EDGES.get(optimizer)
        name = "sharpness" if edge is None or edge.stretch is None else "preconditioned sharpness"
        if self._points < self._all:
            name += f", {self._points:,} of {self._all:,} points"
        return name, "no line for this rule" if edge is None else edge.formula

    def _publish(self) -> None:
        x, y = self._series.view()
        self.record = SharpnessRecord(x, y[:, 0], y[:, 1], y[:, 2], self._points) if len(x) else NOTHING

    def _take(self, look: Look) -> None:
        """As many of the points as can be afforded, evenly chosen among those that weigh anything; of one shape."""
        tf = backend.tensorflow()
        x, y, weights, kind = look.data()
        size = min(len(x), self._spectrum.most_points())
        rows = np.flatnonzero(weights.numpy())
        chosen = rows[evenly(len(rows), size)]
        share = np.zeros(size, np.float32)
        share[: len(chosen)] = 1 / max(1, len(chosen))
        padded = np.zeros(size, int)
        padded[: len(chosen)] = chosen
        self._of, self._points, self._all = look.of, len(chosen), len(rows)
        self._sample = tf.gather(x, padded), tf.gather(y, padded), tf.constant(share), kind
