"""Why a descent goes as it goes, in measured sentences. Serves the frame."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.frames import Finding, Severity
from engine.landscape import Landscape
from engine.landscape_picture import Standing, Trail

STILL = 1e-3  # of the first gradient: a smaller one is a plain, or a bottom


def findings(landscape: Landscape, settings: Any, trails: tuple[Trail, ...]) -> tuple[Finding, ...]:
    """What can be said of this moment; of the first descent where there are several, and of each that has left."""
    found = [
        Finding("Left the landscape", trail.message, Severity.WARNING if len(trails) > 1 else Severity.BAD)
        for trail in trails
        if trail.message
    ]
    first = trails[0]
    if first.moving:
        found += _of_the_rate(landscape, settings, first)
        found += _of_the_place(landscape, first)
    if settings.gradient_noise and settings.gradient == "automatic":
        size = float(np.linalg.norm(first.gradient))
        found.append(
            Finding(
                "Noise in the gradient",
                f"The gradient is {_text(size)} long here and the noise {_text(settings.gradient_noise)} a parameter"
                + (": noise leads." if settings.gradient_noise > size else ": the slope still leads."),
            )
        )
    return tuple(found)


def _of_the_rate(landscape: Landscape, settings: Any, trail: Trail) -> list[Finding]:
    if trail.optimizer != "sgd" or trail.unit is None:
        return []
    bend = _bend_along(landscape, trail)
    if not np.isfinite(bend) or bend <= 0:
        return []
    most = 2 / bend / float(np.mean(trail.unit)) ** 2  # in the unit of the rate
    share = trail.learning_rate / most
    sentence = (
        f"Along the step the cost bends by {_text(bend)}: a rate above {_text(most)} overshoots the bottom farther "
        f"each time. {_text(trail.learning_rate)} is {share:.0%} of that."
    )
    if share > 1:
        return [Finding("The rate is too large here", sentence, Severity.WARNING)]
    if share < 0.02:
        return [Finding("The rate is very small here", sentence, Severity.WARNING)]
    return [Finding("The rate suits this place", sentence)]


def _of_the_place(landscape: Landscape, trail: Trail) -> list[Finding]:
    here, lowest = float(trail.costs[-1]), landscape.minima[:1]
    if trail.standing is Standing.HIGHER:
        best = float(landscape.values(*lowest[0]))
        return [
            Finding(
                "In a higher minimum",
                f"The cost is {_text(here)} here and {_text(best)} at the lowest minimum, "
                f"{_place(lowest[0])}. Every way out of here goes uphill first: only noise, momentum or another start "
                "leads there.",
                Severity.WARNING,
            )
        ]
    if trail.standing is Standing.LOWEST:
        size = float(np.linalg.norm(trail.gradient))
        since = f"It has been near {_place(trail.positions[-1])} since step {trail.reached:,}"
        return [Finding("In the lowest minimum", f"{since}; the gradient is {_text(size)} long.")]
    slope = float(np.linalg.norm(trail.gradient / trail.unit)) if trail.unit is not None else np.nan
    usual = float(np.nanmax(trail.costs) - np.nanmin(trail.costs)) / float(landscape.size.mean()) or 1.0
    if len(trail.costs) > 1 and slope < STILL * usual:
        return [Finding("Hardly any slope", f"The gradient is only {_text(slope)} long here, and the step with it.")]
    return []


def _bend_along(landscape: Landscape, trail: Trail) -> float:
    """The second derivative along the gradient, per unit of length on the landscape."""
    slope = trail.gradient / trail.unit
    length = float(np.linalg.norm(slope))
    if not np.isfinite(length) or length == 0:
        return float("nan")
    h = 1e-3 * float(landscape.size.mean())
    here, way = trail.positions[-1], slope / length * h
    before, now, after = (float(landscape.values(*(here + k * way))) for k in (-1, 0, 1))
    return (after - 2 * now + before) / h**2


def _text(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _place(position: np.ndarray) -> str:
    if len(position) == 1:
        return f"x = {position[0]:.3f}".replace("-", "−")
    return f"({', '.join(f'{value:.2f}' for value in position)})".replace("-", "−")
