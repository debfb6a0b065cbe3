"""The update rule with a moment's numbers put in: ``x ← 0.206 − 0.002 × (−4.6) = 0.215``. Serves the landscape."""

from __future__ import annotations

import math

from engine.landscape_picture import Trail
from widgets.number_text import MINUS, NOTHING, short, signed

PLAIN = "sgd"  # the one rule whose next step can be told from the gradient alone


def update_text(trail: Trail) -> str:
    """The next step spelt out, or for a rule with a memory, the last one."""
    gradient = float(trail.gradient[0])
    if short(gradient) == NOTHING:
        return trail.message
    if trail.optimizer == PLAIN:
        here = _here(trail)
        after = here - trail.learning_rate * gradient
        name = "x" if trail.index is None else "index"
        decimals = _decimals(here - after, 3 if trail.index is None else 2)
        return (
            f"{name} ← {_fixed(here, decimals)} {MINUS} {short(trail.learning_rate)} × {signed(gradient)}"
            f" = {_fixed(after, decimals)}"
        )
    x = trail.positions[:, 0]
    if len(x) < 2:
        return f"x = {short(float(x[-1]))},  slope {short(gradient)},  rate {short(trail.learning_rate)}"
    return (
        f"x: {short(float(x[-2]))} → {short(float(x[-1]))},  slope {short(gradient)},"
        f"  rate {short(trail.learning_rate)}"
    )


def next_place(trail: Trail, spacing: float) -> float | None:
    """Where the plain rule's next step goes, in x; None for rules with a memory. ``spacing`` is one sample in x."""
    if trail.optimizer != PLAIN:
        return None
    step = trail.learning_rate * float(trail.gradient[0])
    if trail.index is not None:
        step *= spacing
    return float(trail.positions[-1, 0]) - step


def _here(trail: Trail) -> float:
    return float(trail.positions[-1, 0] if trail.index is None else trail.index)


def _decimals(step: float, least: int) -> int:
    """As many decimals as it takes to see the step, up to 6."""
    if step == 0:
        return least
    return min(6, max(least, math.ceil(-math.log10(abs(step)))))


def _fixed(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace("-", MINUS)
