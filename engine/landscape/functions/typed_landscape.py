"""A landscape from a formula that a person typed: its domain, a start and rates that suit it, by measuring it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.expressions import Expression, FormulaError, parse
from engine.landscape.functions.landscape import Landscape
from engine.training.run_settings import LEAST_RATE

EXAMPLE = "x**2 + y**2 + sin(5*x)*cos(5*y)"
LOOK = {1: 2001, 2: 41}  # samples an axis for measuring: little enough to be done while a person types
FIRST_STEP = 0.15  # of half the domain: no step is longer than that where the slope is steep
STARTS = (
    (-0.6, 0.7),
    (0.6, -0.7),
    (0.7, 0.45),
    (-0.35, -0.8),
    (0.25, 0.3),
    (0.05, 0.1),
)  # of half the domain, from its middle
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

    def remark_at(self, *coordinates: float) -> str:
        """What has to be said of the cost or its slope at one place, if anything."""
        given = dict(zip(self.axes, coordinates, strict=True))
        return self.expression.at(**{name: given[name] for name in self.expression.variables}).remark


@lru_cache(maxsize=16)
def typed_landscape(text: str, low: float, high: float) -> Landscape:
    """The landscape of a formula of x, or x and y, on [low, high] each.

    Raises:
        FormulaError: no formula, or one without a value, or without any slope, there.
    """
    expression = parse(text)
    size = 2 if "y" in expression.variables else 1  # y alone is a slope over both
    formula = _Formula(expression, ("x", "y")[:size])
    domain = ((low, high),) * size
    axes = [np.linspace(low, high, LOOK[size])] * size
    with np.errstate(all="ignore"):
        z = formula(np, *np.meshgrid(*axes))
    where = f"between {low:g} and {high:g}".replace("-", "−")
    values = _usable(z, where)
    reach = (high - low) / 2
    spacing = axes[0][1] - axes[0][0]
    bend, slope = (_much(z, spacing, order) for order in (2, 1))
    rate = _rounded(min(0.5 / max(bend, 1e-30), FIRST_STEP * reach / max(slope, 1e-30)))
    least = float(values.min())
    return Landscape(
        label="My formula",
        formula=formula,
        text=expression.typeset,
        domain=domain,
        start=_start(formula, domain),
        rate=rate,
        source="typed here",
        logarithmic=size == 2 and float(values.max()) - least > 100 * (float(np.median(values)) - least) > 0,
        rates={"sgd": rate, "momentum": rate / 2, "nesterov": rate / 2, "adadelta": 1.0}
        | {name: _rounded(0.02 * reach) for name in ("rmsprop", "adam", "adamax", "nadam")}
        | {"adagrad": _rounded(0.1 * reach), "lion": _rounded(0.01 * reach)},
        note=NOTE,
        place_remark=formula.remark_at,
    )


def _usable(z: np.ndarray, where: str) -> np.ndarray:
    """The finite ones of these costs.

    Raises:
        FormulaError: there is none, they are too large to be drawn, or all the same.
    """
    values = z[np.isfinite(z)]
    if not values.size:
        raise FormulaError(f"This formula has no value anywhere {where}.")
    with np.errstate(all="ignore"):
        usual = float(np.subtract(*np.percentile(values, (95, 5))))
    if not np.isfinite(usual) or usual > 1e30:
        raise FormulaError(f"This formula's values are too large {where}; divide it, or take a smaller domain.")
    if float(np.ptp(values)) <= 1e-12 * float(np.abs(values).max()):
        raise FormulaError(f"This formula is the same everywhere {where}: there is no slope to descend.")
    return values


def check_formula(text: str) -> None:
    """What is wrong with a text as it is typed.

    Raises:
        FormulaError: one sentence.
    """
    parse(text)


def _start(formula: _Formula, domain: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    """A place with a value and a slope."""
    (low, high), size = domain[0], len(domain)
    middle, reach = (low + high) / 2, (high - low) / 2
    for share in STARTS:
        place = [middle + reach * part for part in share[:size]]
        near = [part + 1e-3 * reach for part in place]
        with np.errstate(all="ignore"):
            here, there = (float(formula(np, *map(np.float64, point))) for point in (place, near))
        if math.isfinite(here) and math.isfinite(there) and here != there:
            return tuple(place)
    return tuple(middle + reach * part for part in STARTS[0][:size])


def _much(z: np.ndarray, spacing: float, order: int) -> float:
    """How steep the cost is (order 1) or bends (order 2) where it is so much: the differences' 90th percentile."""
    with np.errstate(all="ignore"):
        parts = [np.abs(np.diff(z, order, axis=axis)).ravel() / spacing**order for axis in range(z.ndim)]
    found = np.concatenate(parts)
    found = found[np.isfinite(found)]
    return float(np.percentile(found, 90)) if found.size else 1.0


def _rounded(rate: float) -> float:
    """The next lower of 1, 2, 5 x 10^n, within what a learning rate may be."""
    rate = min(max(rate, LEAST_RATE), 100.0)
    power = 10.0 ** math.floor(math.log10(rate))
    return float(f"{max(m for m in (1, 2, 5) if m * power <= rate * 1.0001) * power:g}")
