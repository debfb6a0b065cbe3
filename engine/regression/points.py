"""The data of a regression: where the points come from, and which of them train, validate and test.

Serves the regression: knobs in, points out. Everything here is NumPy and depends on the settings alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from engine.regression import datasets, units
from engine.regression.units import OWN, Unit
from engine.tables import reader
from engine.tables.table import TableHead

MOST_DRAWN = 256  # points drawn by hand; the graph has room for all of them, so that drawing needs no new one
LEAST_DRAWN_REACH = 3.0  # of the x axis, so that there is room to draw in
GOLDEN = (5**0.5 - 1) / 2


class Part(IntEnum):
    """What a point is used for."""

    TRAINING = 0
    VALIDATION = 1
    TEST = 2


@dataclass(frozen=True, eq=False)
class Points:
    """``x`` and ``y`` float32 (n,), ``part`` uint8 (n,) a Part each; ``room``: how many there may come to be.

    ``own_x``, ``own_y`` are the same in the data's own units, which ``x_unit`` and ``y_unit`` lead to. ``names`` are
    those of the axes; ``remarks``: what was done to a file's table, a sentence each, and ``table`` how else it is read.
    """

    x: np.ndarray
    y: np.ndarray
    part: np.ndarray
    room: int
    own_x: np.ndarray
    own_y: np.ndarray
    x_unit: Unit = OWN
    y_unit: Unit = OWN
    names: tuple[str, str] = ("x", "y")
    remarks: tuple[str, ...] = ()
    table: TableHead | None = None

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
    given = SOURCES[settings.source](settings)
    divide = split_one_by_one if settings.source == "drawn" else split
    part = divide(len(given.x), settings.validation, settings.test, settings.seed)
    x, y = (unit.trained(v).astype(np.float32) for unit, v in ((given.x_unit, given.x), (given.y_unit, given.y)))
    own_x = x if given.x_unit.is_own else given.x
    own_y = y if given.y_unit.is_own else given.y
    return Points(
        x, y, part, given.room, own_x, own_y, given.x_unit, given.y_unit, given.names, given.remarks, given.table
    )  # fmt: skip


def reach_of(settings: Any, points: Points) -> float:
    """How far from 0 the x axis of these points goes, which scaled columns are divided by."""
    if settings.source == "curve":
        return settings.span
    return max(points.reach, LEAST_DRAWN_REACH) if settings.source == "drawn" else points.reach


@dataclass(frozen=True, eq=False)
class Given:
    """What a source gives: ``x``, ``y`` float64 (n,) in their own units; the others as of Points."""

    x: np.ndarray
    y: np.ndarray
    room: int
    x_unit: Unit = OWN
    y_unit: Unit = OWN
    names: tuple[str, str] = ("x", "y")
    remarks: tuple[str, ...] = ()
    table: TableHead | None = None


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


def _of_a_curve(settings: Any) -> Given:
    x, y = datasets.noisy(
        settings.curve, settings.points, settings.span, settings.noise, settings.seed, settings.formula
    )
    return Given(x, y, settings.points)


def _drawn(settings: Any) -> Given:
    points = np.array(settings.drawn, float).reshape(-1, 2)
    return Given(points[:, 0], points[:, 1], MOST_DRAWN)


def _of_a_file(settings: Any) -> Given:
    table = reader.read(settings.file, settings.columns)
    order = np.argsort(table.x, kind="stable")
    x, y = table.x[order], table.y[order]
    unit_of = units.standard if settings.standardise else units.apart
    x_unit, y_unit = unit_of(x), unit_of(y)
    remarks = table.remarks
    for unit, name in ((x_unit, table.names[0]), (y_unit, table.names[1])):
        if not settings.standardise and not unit.is_own:
            remarks += (f"{name} is trained on as counted from {unit.offset:.15g}: single precision needs that.",)
    return Given(x, y, len(x), x_unit, y_unit, table.names, remarks, table.head)


SOURCES: dict[str, Callable[[Any], Given]] = {
    "curve": _of_a_curve,
    "drawn": _drawn,
    "file": _of_a_file,
}
SOURCE_LABELS = {"curve": "a curve with noise", "drawn": "drawn by hand", "file": "a file"}
