"""A landscape from a formula that a person typed: its domain, a start and rates that suit it, by measuring it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.expressions import Expression, FormulaError, parse
from engine.landscape import Landscape

EXAMPLE = "x**2 + y**2 + sin(5*x)*cos(5*y)"
LOOK = {1: 401, 2: 41}  # samples an axis for measuring: little enough to be done while a person types
FIRST_STEP = 0.15  # of the reach: no step is longer than that where the slope is steep
STARTS = ((-0.6, 0.7), (0.6, -0.7), (0.7, 0.45), (-0.35, -0.8), (0.25, 0.3), (0.05, 0.1))  # of the reach
NOTE = "The rates are guessed from how strongly the formula bends, and none is tuned; drag the start and the rate."


@dataclass(frozen=True)
class _Formula:
    """A checked formula as a Landscape wants it."""

    expression: Expression
    axes: tuple[str, ...]

    def __call__(self, m: Any, *coordinates: Any) -> Any:
        given = dict(zip(self.axes, coordinates, strict=True))
        value = self.expression.over(m, **{name: given[name] for name in self.expression.variables})
        return np.broadcast_to(value, np.broadcast_shapes(*map(np.shape, coordinates))) if m is np else value


@lru_cache(maxsize=16)
def typed_landscape(text: str, reach: float) -> Landscape:
    """The landscape of a formula of x, or x and y, on [-reach, reach] each.

    Raises:
        FormulaError: no formula, or one without a value, or without any slope, there.
    """
    expression = parse(text)
    size = 2 if "y" in expression.variables else 1  # y alone is a slope over both
    formula = _Formula(expression, ("x", "y")[:size])
    axes = [np.linspace(-reach, reach, LOOK[size])] * size
    with np.errstate(all="ignore"):
        z = formula(np, *np.meshgrid(*axes))
    finite, where = np.isfinite(z), f"between −{reach:g} and {reach:g}"
    if not finite.any():
        raise FormulaError(f"This formula has no value anywhere {where}.")
    with np.errstate(all="ignore"):
        usual = float(np.subtract(*np.percentile(z[finite], (95, 5))))
    if not np.isfinite(usual) or usual > 1e30:
        raise FormulaError(f"This formula's values are too large {where}; divide it, or reach less.")
    if float(np.ptp(z[finite])) <= 1e-12 * max(1.0, float(np.abs(z[finite]).max())):
        raise FormulaError(f"This formula is the same everywhere {where}: there is no slope to descend.")
    spacing = axes[0][1] - axes[0][0]
    bend, slope = (_much(z, spacing, order) for order in (2, 1))
    rate = _rounded(min(0.5 / max(bend, 1e-6), FIRST_STEP * reach / max(slope, 1e-9)))
    least = float(z[finite].min())
    return Landscape(
        label="My formula",
        formula=formula,
        text=text,
        domain=((-reach, reach),) * size,
        start=_start(formula, size, reach),
        rate=rate,
        source="typed here",
        logarithmic=size == 2 and float(z[finite].max()) - least > 100 * (float(np.median(z[finite])) - least) > 0,
        rates={"sgd": rate, "momentum": rate / 2, "nesterov": rate / 2, "adadelta": 1.0}
        | {name: _rounded(0.02 * reach) for name in ("rmsprop", "adam", "adamax", "nadam")}
        | {"adagrad": _rounded(0.1 * reach), "lion": _rounded(0.01 * reach)},
        note=NOTE,
    )


def check_formula(text: str) -> None:
    """What is wrong with a text as it is typed.

    Raises:
        FormulaError: one sentence.
    """
    parse(text)


def _start(formula: _Formula, size: int, reach: float) -> tuple[float, ...]:
    """A place with a value and a slope."""
    for share in STARTS:
        place = [reach * part for part in share[:size]]
        near = [part + 1e-3 * reach for part in place]
        with np.errstate(all="ignore"):
            here, there = (float(formula(np, *map(np.float64, point))) for point in (place, near))
        if math.isfinite(here) and math.isfinite(there) and here != there:
            return tuple(place)
    return tuple(reach * part for part in STARTS[0][:size])


def _much(z: np.ndarray, spacing: float, order: int) -> float:
    """How steep the cost is (order 1) or bends (order 2) where it is so much: the differences' 90th percentile."""
    with np.errstate(all="ignore"):
        parts = [np.abs(np.diff(z, order, axis=axis)).ravel() / spacing**order for axis in range(z.ndim)]
    found = np.concatenate(parts)
    found = found[np.isfinite(found)]
    return float(np.percentile(found, 90)) if found.size else 1.0


def _rounded(rate: float) -> float:
    """The next lower of 1, 2, 5 x 10^n, within what a learning rate may be."""
    rate = min(max(rate, 1e-6), 100.0)
    power = 10.0 ** math.floor(math.log10(rate))
    return float(f"{max(m for m in (1, 2, 5) if m * power <= rate * 1.0001) * power:g}")
