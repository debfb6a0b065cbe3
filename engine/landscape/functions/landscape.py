"""Landscape: a cost over one or two parameters, with what is needed to draw it, start on it and race on it.

A formula is written once over a namespace ``m`` (NumPy's or TensorFlow's sin, exp, ...), so that the picture, the
minima and the gradients can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.landscape.functions.minima import inner_minima

Formula = Callable[..., Any]

TUNED = (
    "Each optimizer has the rate, of 1, 2, 5 × 10ⁿ, that settles in a minimum soonest from {start} (where none does in "
    "500 steps, the one with the lowest cost then); momentum 0.9, β₁ 0.9, β₂ 0.999 and ρ 0.9 for all."
)


@dataclass(frozen=True)
class Landscape:
    """A cost over one or two parameters.

    ``domain`` is the span of every axis; a descent that steps out of it has left the landscape. ``samples`` are the
    points an axis is drawn with. ``rates`` are fair learning rates for a race, and ``note`` says what makes them so.
    """

    label: str
    formula: Formula
    text: str
    domain: tuple[tuple[float, float], ...]
    start: tuple[float, ...]
    rate: float
    source: str
    samples: int = 200
    endpoint: bool = True
    logarithmic: bool = False
    rates: Mapping[str, float] = field(default_factory=dict)
    note: str = TUNED.format(start="the landscape's own start")
    place_remark: Callable[..., str] | None = None  # what has to be said of the cost or its slope at a place
    tuned_from: tuple[float, ...] = ()  # where the race starts for which the rates are tuned, if not at ``start``
    has_valley: bool = False  # its minima are whole curves: no place is the minimum

    @property
    def dimensions(self) -> int:
        return len(self.domain)

    @property
    def size(self) -> np.ndarray:
        """How long each axis is, (dimensions,)."""
        return np.array([high - low for low, high in self.domain])

    @cached_property
    def minima(self) -> np.ndarray:
        """The inner minima, shape (m, dimensions), lowest first; found once. None of a valley that is level."""
        if self.has_valley:
            return np.empty((0, self.dimensions))
        return inner_minima(self.values, self.domain)

    def axis(self, number: int) -> np.ndarray:
        """The sample positions on one axis, shape (samples,), float64."""
        low, high = self.domain[number]
        return np.linspace(low, high, self.samples, endpoint=self.endpoint)

    def values(self, *coordinates: np.ndarray) -> np.ndarray:
        """The cost in NumPy; the arrays broadcast. nan or inf, without a warning, where it has no value."""
        with np.errstate(all="ignore"):
            return self.formula(np, *coordinates)

    def grid(self) -> np.ndarray:
        """The cost at all samples: shape (nx,) on one parameter, (ny, nx) on two."""
        if self.dimensions == 1:
            return self.values(self.axis(0))
        return self.values(self.axis(0)[None, :], self.axis(1)[:, None])

    def rate_for(self, optimizer: str) -> float:
        """A fair rate for this optimizer in a race."""
        return self.rates.get(optimizer, self.rate)
