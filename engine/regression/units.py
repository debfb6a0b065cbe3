"""A column's own numbers, and those that are trained on instead: shifted and scaled. Serves the regression's data.

With standardised data the model sees numbers about 0; everything that a person sees is in the data's own unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import Polynomial


@dataclass(frozen=True)
class Unit:
    """own = ``offset`` + ``scale`` * trained."""

    offset: float = 0.0
    scale: float = 1.0

    @property
    def is_own(self) -> bool:
        """Whether the numbers that are trained on are the column's own."""
        return self.offset == 0 and self.scale == 1

    def own(self, trained: Any) -> Any:
        """An array of trained numbers in the column's own, float64; the same array where they are its own."""
        return trained if self.is_own else self.offset + self.scale * np.asarray(trained, float)

    def trained(self, own: Any) -> Any:
        """An array of the column's own numbers as they are trained on, float64."""
        return own if self.is_own else (np.asarray(own, float) - self.offset) / self.scale


OWN = Unit()


def standard(values: np.ndarray) -> Unit:
    """The unit in which the values have mean 0 and standard deviation 1; a constant is only shifted."""
    spread = float(values.std())
    return Unit(float(values.mean()), spread if spread > 0 else 1.0)


def apart(values: np.ndarray) -> Unit:
    """The values' own unit; but where single precision can't tell them apart, counted from their mean.

    Time stamps in seconds are 128 apart in single precision.
    """
    if len(np.unique(values.astype(np.float32))) == len(np.unique(values)):
        return OWN
    return Unit(float(np.round(values.mean())), 1.0)


def line_of(x: Unit, y: Unit, slope: float, offset: float) -> tuple[float, float]:
    """W and B of a trained line in the data's own units."""
    own = y.scale / x.scale * slope
    return own, y.offset + y.scale * offset - own * x.offset


def trained_line(x: Unit, y: Unit, slope: float, offset: float) -> tuple[float, float]:
    """W and B as they are trained, of a line in the data's own units; the inverse of line_of."""
    return slope * x.scale / y.scale, (offset - y.offset + slope * x.offset) / y.scale


def polynomial_of(x: Unit, y: Unit, coefficients: Sequence[float]) -> list[float]:
    """A trained polynomial's coefficients, the constant first, in the data's own units."""
    inner = Polynomial([-x.offset / x.scale, 1 / x.scale])
    own = y.offset + y.scale * Polynomial(np.asarray(coefficients, float))(inner)
    return [float(value) for value in own.coef]
