"""Why a descent goes as it goes, in measured sentences. Serves the frame."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.frames import Finding, Severity
from engine.landscape.bends import derivatives
from engine.landscape.edge_findings import of_the_edge
from engine.landscape.endings import number_text, place_text
from engine.landscape.functions.landscape import Landscape
from engine.landscape.picture import Standing, Trail
from engine.landscape.race_findings import of_the_race
from engine.landscape.saddle import Saddle
from engine.landscape.standing import NEAR
from engine.training.schedules import DECAY

SMALL = 0.02  # of the largest rate that doesn't overshoot
UNEVEN = 10.0  # times that the cost bends more across a valley than along it
MANY = 100  # steps for a hundredth of the axis: a rate that needs more is very small
SETTLED = 4  # places
TOGETHER = 1e-2  # apart, or less: the secant is as good as the tangent
STILL = 1e-3  # of the first gradient: a smaller one is a plain, or a bottom


def findings(
    landscape: Landscape,
    settings: Any,
    trails: tuple[Trail, ...],
    saddle: Saddle | None = None,
    secant: tuple[float, float] | None = None,
) -> tuple[Finding, ...]:
    """What can be said of this moment: who was first in a race, then of the rate and the place.

    Of the rate where each descent of a comparison stands, else where the first one does; and of each that has left.
    """
    found = [_of_the_end(landscape, trail, len(trails) > 1) for trail in trails if trail.is_lost and trail.message]
    if settings.optimizers and len(trails) > 1:
        found.append(of_the_race(trails))
    if saddle is not None:
        found.append(_of_the_saddle(saddle))
    first = trails[0]
    if secant is not None:
        found += _of_the_secant(first, secant)
    for trail in trails if settings.learning_rates else trails[:1]:
        if trail.moving:
            found += of_the_edge(landscape, trail, f" for {trail.label}" if len(trails) > 1 else "")
            found += _of_the_rate(landscape, trail, f" for {trail.label}" if len(trails) > 1 else "")
    if first.moving:
        found += _of_the_place(landscape, first)
        found += _of_the_slope(landscape, settings, first)
    if settings.gradient_noise and settings.gradient == "automatic":
        size = float(np.linalg.norm(first.gradient))
        found.append(
            Finding(
                "Noise in the gradient",
                f"The gradient is {number_text(size)} long here and the noise {number_text(settings.gradient_noise)} "
                "a parameter" + (": noise leads." if settings.gradient_noise > size else ": the slope still leads."),
            )
        )
    found += _of_the_schedule(settings, first)
    return tuple(found)


def _of_the_schedule(settings: Any, trail: Trail) -> list[Finding]:
    """What the decay of the rate has done to the cost, where the rate was held before."""
    if settings.schedule != "wsd":
        return []
    step, begun = len(trail.costs) - 1, math.ceil((1 - DECAY) * settings.steps)
    held = trail.costs[max(1, begun // 2) : begun + 1]
    if step <= begun or not len(held):
        words = f"The rate is held until step {begun:,}, and then goes down to 0 in {settings.steps - begun:,} steps."
        return [Finding("The schedule", words)]
    mean, now = float(np.mean(held)), float(np.mean(trail.costs[-max(1, (step - begun) // 4) :]))
    return [
        Finding(
            "Decay",
            f"While the rate was held the cost was {number_text(mean)} in the mean; since step {begun:,} the rate goes "
            f"down, and the cost is {number_text(now)}" + (": the descent falls to the ground." if now < mean else "."),
        )
    ]


def _of_the_end(landscape: Landscape, trail: Trail, is_one_of_several: bool) -> Finding:
    """Why a descent goes on no more; only one that has left went anywhere."""
    title = "Left the landscape"
    if trail.left_to is not None:
        low, high = np.array(landscape.domain).T
        is_inside = bool(((trail.left_to >= low) & (trail.left_to <= high)).all())
        if is_inside or not np.isfinite(trail.gradient).all():
            title = "Stopped"
    return Finding(title, trail.message, Severity.WARNING if is_one_of_several else Severity.BAD)


def _of_the_saddle(saddle: Saddle) -> Finding:
    place, way_in, way_out = (place_text(part) for part in (saddle.place, saddle.way_in, saddle.way_out))
    return Finding(
        f"A saddle at {place}",
        f"It is level there, as in a minimum, but it is none: along {way_in} the cost bends up, by "
        f"{number_text(saddle.up)}, and along {way_out} down, by {number_text(saddle.down)}. What comes in by the "
        "first way gets out by the second, on which there is next to no slope to begin with.",
    )


def _of_the_secant(trail: Trail, secant: tuple[float, float]) -> list[Finding]:
    """Its slope against the derivative, as long as its points are apart."""
    x, cost = float(trail.positions[-1, 0]), float(trail.costs[-1])
    other, its_cost = secant
    if trail.unit is None or abs(other - x) < TOGETHER * max(1.0, abs(x)):
        return []
    slope, derivative = (its_cost - cost) / (other - x), float(trail.gradient[0] / trail.unit[0])
    return [
        Finding(
            "The secant's slope",
            f"Between x = {number_text(x)} and x = {number_text(other)} the slope is {number_text(slope)}. At "
            f"x = {number_text(x)} itself it is {number_text(derivative)}: that is what it comes to as the points do.",
        )
    ]


def _of_the_rate(landscape: Landscape, trail: Trail, whose: str) -> list[Finding]:
    if trail.optimizer != "sgd" or trail.unit is None:
        return []
    _, bends = derivatives(landscape, trail.positions[-1])
    if not np.isfinite(bends).all():
        return []
    least, largest = np.linalg.eigvalsh(bends)[[0, -1]]
    if largest <= 0:
        return _of_a_stride(landscape, trail, whose)
    most = 2 / largest / float(np.mean(trail.unit)) ** 2  # in the unit of the rate
    share, place = trail.learning_rate / most, place_text(trail.positions[-1])
    unit = "" if trail.index is None else " samples"
    sentence = (
        f"The cost bends by {number_text(largest)} at {place}: there a rate above {number_text(most)}{unit} overshoots "
        f"the bottom farther each time. {number_text(trail.learning_rate)} is {_percent(share)} of that"
    )
    if share < SMALL:
        sentence += f", so that a step closes {_percent(2 * share)} of what is left to the bottom"
    elif 0 < least < largest / UNEVEN:
        sentence += (
            f"; along the valley it bends {largest / least:.0f} times less, so that a step closes only "
            f"{_percent(2 * share * least / largest)} of what is left that way"
        )
    sentence += ". Elsewhere it bends otherwise."
    if share > 1:
        return [Finding(f"Too large at {place}{whose}", sentence, Severity.WARNING)]
    if share < SMALL:
        return [Finding(f"Very small at {place}{whose}", sentence, Severity.WARNING)]
    return [Finding(f"The rate suits {place}{whose}", sentence)]


def _of_a_stride(landscape: Landscape, trail: Trail, whose: str) -> list[Finding]:
    """Where the cost bends down no rate overshoots; but one may be too small to get anywhere."""
    stride = trail.learning_rate * float((np.abs(trail.gradient * trail.unit) / landscape.size).max())
    if not 0 < stride < 0.01 / MANY:
        return []
    place = place_text(trail.positions[-1])
    return [
        Finding(
            f"Very small at {place}{whose}",
            f"At {place} a step by {number_text(trail.learning_rate)} is {_percent(stride)} of the axis: a hundredth "
            f"of it would take {0.01 / stride:,.0f} steps.",
            Severity.WARNING,
        )
    ]


def _of_the_place(landscape: Landscape, trail: Trail) -> list[Finding]:
    here, lowest = float(trail.costs[-1]), landscape.minima[:1]
    if trail.standing is Standing.HIGHER and _has_settled(landscape, trail):
        best = float(landscape.values(*lowest[0]))
        return [
            Finding(
                "In a higher minimum",
                f"The cost is {number_text(here)} at {place_text(trail.positions[-1])}, and {number_text(best)} at the "
                f"lowest minimum, {place_text(lowest[0])}. Every way there goes uphill first: only noise, momentum or "
                "another start leads to it.",
                Severity.WARNING,
            )
        ]
    if trail.standing is Standing.LOWEST and _has_settled(landscape, trail):
        size = float(np.linalg.norm(trail.gradient))
        since = f"It has been near {place_text(trail.positions[-1])} since step {trail.reached:,}"
        return [Finding("In the lowest minimum", f"{since}; the gradient is {number_text(size)} long.")]
    slope = float(np.linalg.norm(trail.gradient / trail.unit)) if trail.unit is not None else np.nan
    usual = float(np.nanmax(trail.costs) - np.nanmin(trail.costs)) / float(landscape.size.mean()) or 1.0
    if len(trail.costs) > 1 and slope < STILL * usual:
        return [
            Finding("Hardly any slope", f"The gradient is only {number_text(slope)} long here, and the step with it.")
        ]
    return []


def _of_the_slope(landscape: Landscape, settings: Any, trail: Trail) -> list[Finding]:
    """Where the gradient isn't the rules' own: at a kink, or where a difference quotient stands in."""
    if landscape.place_remark is None or settings.gradient != "automatic":
        return []
    remark = landscape.place_remark(*map(float, trail.positions[-1]))
    return [Finding("The slope at this place", remark)] if remark else []


def _has_settled(landscape: Landscape, trail: Trail) -> bool:
    """Whether it has stayed about one place for some steps, and doesn't just come past."""
    recent = trail.positions[-SETTLED:]
    return len(recent) == SETTLED and bool((np.ptp(recent, axis=0) <= NEAR * landscape.size).all())


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.2g} %" if percent < 99.5 else f"{percent:,.0f} %"
