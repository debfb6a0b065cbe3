"""The data of a regression: where the points come from, and which of them train, validate and test.

Serves the regression: knobs in, points out. Everything here is NumPy and depends on the settings alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from engine import csv_points, datasets

MOST_DRAWN = 256  # points drawn by hand; the graph has room for all of them, so that drawing needs no new one
GOLDEN = (5**0.5 - 1) / 2


class Part(IntEnum):
    """What a point is used for."""

    TRAINING = 0
    VALIDATION = 1
    TEST = 2


@dataclass(frozen=True, eq=False)
class Points:
    """``x`` and ``y`` float32 (n,), ``part`` uint8 (n,) a Part each; ``room``: how many there may come to be."""

    x: np.ndarray
    y: np.ndarray
    part: np.ndarray
    room: int

    def rows(self, part: Part) -> np.ndarray:
        """The indices of the points of one part, int32."""
        return np.flatnonzero(self.part == part).astype(np.int32)

    @property
    def reach(self) -> float:
        """The largest |x|, at least 1 where there is hardly a point."""
        return float(np.abs(self.x).max()) if len(self.x) else 1.0


def points_of(settings: Any) -> Points:
    """The points that the settings of a regression name, split by their seed; drawn ones one after the other.

    Raises:
        ValueError: one sentence: a formula without a value, a file that can't be read.
    """
    x, y, room = SOURCES[settings.source](settings)
    divide = split_one_by_one if settings.source == "drawn" else split
    part = divide(len(x), settings.validation, settings.test, settings.seed)
    return Points(x.astype(np.float32), y.astype(np.float32), part, room)


def evenly(count: int, most: int) -> np.ndarray:
    """The indices of at most ``most`` among ``count``, evenly chosen, first and last included."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(int)


def split(count: int, validation: float, test: float, seed: int) -> np.ndarray:
    """A Part for each of ``count`` points, drawn by the seed, uint8; at least one point is left to train on."""
    part = np.full(count, Part.TRAINING, np.uint8)
    order = np.random.default_rng([seed, 6]).permutation(count)
    validating = min(round(count * validation), max(0, count - 1))
    testing = min(round(count * test), max(0, count - 1 - validating))
    part[order[:validating]] = Part.VALIDATION
    part[order[validating : validating + testing]] = Part.TEST
    return part


def split_one_by_one(count: int, validation: float, test: float, seed: int) -> np.ndarray:
    """A Part for each of ``count`` points, uint8, that stays what it is however many more points come after it.

    Multiples of the golden ratio, begun where the seed says, fill the unit interval evenly at any count, so each part
    of it gets its share of the points to within a few. The first point always trains.
    """
    place = (np.random.default_rng([seed, 6]).random() + np.arange(count) * GOLDEN) % 1.0
    part = np.full(count, Part.TRAINING, np.uint8)
    part[place < validation] = Part.VALIDATION
    part[place >= 1.0 - test] = Part.TEST
    part[:1] = Part.TRAINING
    return part


def _of_a_curve(settings: Any) -> tuple[np.ndarray, np.ndarray, int]:
    x, y = datasets.noisy(
        settings.curve, settings.points, settings.span, settings.noise, settings.seed, settings.formula
    )
    return x, y, settings.points


def _drawn(settings: Any) -> tuple[np.ndarray, np.ndarray, int]:
    points = np.array(settings.drawn, float).reshape(-1, 2)
    return points[:, 0], points[:, 1], MOST_DRAWN


def _of_a_file(settings: Any) -> tuple[np.ndarray, np.ndarray, int]:
    x, y = csv_points.read(settings.file)
    if settings.standardise:
        x, y = _standardised(x), _standardised(y)
    return x, y, len(x)


def _standardised(values: np.ndarray) -> np.ndarray:
    """Shifted and scaled to mean 0 and standard deviation 1 (a constant only shifted)."""
    spread = values.std()
    return (values - values.mean()) / (spread if spread > 0 else 1.0)


SOURCES: dict[str, Callable[[Any], tuple[np.ndarray, np.ndarray, int]]] = {
    "curve": _of_a_curve,
    "drawn": _drawn,
    "file": _of_a_file,
}
SOURCE_LABELS = {"curve": "a curve with noise", "drawn": "drawn by hand", "file": "a CSV file"}
