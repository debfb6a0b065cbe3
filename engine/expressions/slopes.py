"""Slopes: a formula's gradient where the rules of differentiation give no number though the cost has a value.

At the tip of a root, or where a factor overflows and another is 0, the rules give 0 times infinity. There the
difference quotient over the two sides is taken, if it comes to the same at half the distance; where it doesn't, there
is no slope (a vertical tangent, a cusp's edge), and what the rules gave stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.expressions.program import Program

AGREES = 1e-2  # of the quotient: how far it may move when its distance is halved
OFFSETS = (1.0, -1.0, 0.5, -0.5)  # of the distance: where the quotients look


def slopes_with_quotients(
    program: Program, m: Any, values: Mapping[str, Any], by: Sequence[str], edges: list[bool] | None = None
) -> tuple[Any, list[Any], list[Any]]:
    """The value, its derivative by each of ``by``, and for each whether a quotient stands in (a truth value).

    ``m`` is an arithmetic. Works on single places and on arrays of one shape, in and out of a graph.
    """
    value, slopes = program.value_and_slopes(m, values, by, edges)
    if not program.may_fail:
        return value, slopes, [False] * len(slopes)
    found, stood_in = [], []
    for slope, (quotient, is_one) in zip(slopes, _quotients(program, m, values, by), strict=True):
        takes = m.isfinite(value) & ~m.isfinite(slope) & is_one
        found.append(m.where(takes, quotient, slope))
        stood_in.append(takes)
    return value, found, stood_in


def _quotients(program: Program, m: Any, values: Mapping[str, Any], by: Sequence[str]) -> list[tuple[Any, Any]]:
    """For each name (f(x + h) - f(x - h)) / 2h, and whether that says what the slope is.

    h suits the precision and the place's size. All places are evaluated at once: a graph holds the formula only twice.
    """
    places = {name: m.as_value(values[name]) for name in by}
    distances = {name: m.epsilon ** (1 / 3) * m.maximum(m.abs(place), 0.01) for name, place in places.items()}
    moved = {
        name: m.stack([
            places[name] + (offset * distances[name] if name == mover else 0.0) for mover in by for offset in OFFSETS
        ])
        for name in by
    }  # fmt: skip
    costs = program.value(m, moved)
    found = []
    for number, name in enumerate(by):
        above, below, half_above, half_below = (costs[number * len(OFFSETS) + k] for k in range(len(OFFSETS)))
        whole = (above - below) / (2 * distances[name])
        half = (half_above - half_below) / distances[name]
        least = 1e-3 * m.epsilon ** (1 / 3)  # two quotients this near to 0 are 0
        apart = m.maximum(AGREES * m.maximum(m.abs(whole), m.abs(half)), least)
        found.append((half, m.isfinite(whole) & (m.abs(whole - half) <= apart)))
    return found


def breaks_at(program: Program, m: Any, values: Mapping[str, Any], name: str) -> str:
    """``a jump`` or ``a kink`` by ``name`` at a single place, however near one looks; "" where it is smooth."""
    place = m.as_value(values[name])
    h = m.epsilon ** (1 / 3) * max(abs(float(place)), 0.01)

    def bend(distance: float) -> float:
        before, here, after = (program.value(m, {**values, name: place + k * distance}) for k in (-1, 0, 1))
        return abs(float((after - 2 * here + before) / distance)) if m.isfinite(after - before) else 0.0

    def jump(distance: float) -> float:
        before, after = (program.value(m, {**values, name: place + k * distance}) for k in (-1, 1))
        return abs(float(after - before))

    if jump(h / 16) > 0.5 * jump(h) > 0:
        return "a jump"
    return "a kink" if bend(h / 16) > 0.5 * bend(h) > 0 else ""
