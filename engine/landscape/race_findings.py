"""Who was first of several descents, and why: measured on their ways. Serves the landscape's findings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.frames import Finding
from engine.landscape.endings import number_text
from engine.landscape.picture import Standing, Trail
from engine.training.update_terms import Part

MOST_NAMED = 3  # after the first
WAYS = {
    (False, False): "{} steps as far as the slope is steep, no more.",
    (True, False): "{} keeps a part of its steps so far, so that slopes of one sign add up and those across cancel.",
    (False, True): "{} divides by how steep its slopes have been, so that it steps as far where there is little slope.",
    (True, True): "{} keeps a mean of its slopes, and divides by how steep they have been: long even steps.",
}


def of_the_race(trails: Sequence[Trail]) -> Finding:
    """Who arrived first, whose cost is the lowest, and what made the difference."""
    arrived = sorted((trail for trail in trails if arrival(trail) is not None), key=arrival)
    best = min(trails, key=lambda trail: trail.best_cost)
    lowest = f"The lowest cost so far is {best.label}'s, {number_text(best.best_cost)}."
    if not arrived:
        return Finding("Nobody has arrived yet", lowest)
    first, step = arrived[0], arrival(arrived[0])
    together = [trail for trail in arrived if arrival(trail) == step]
    title = f"{_listed([trail.label for trail in together])} {'was' if len(together) == 1 else 'were'} first"
    what = "went over the edge at" if first.standing is Standing.OVER else "has stayed by a minimum since"
    said = [f"{first.label} {what} step {step:,}{_others(arrived[len(together) :], trails)}."]
    rest = [trail for trail in trails if trail not in together]
    if rest:
        plain = next((trail for trail in rest if trail.optimizer == "sgd"), None)
        said.append(_compared(first, plain or max(rest, key=_arrival_or_end)))
        said.append(WAYS[_parts(first)].format("It"))
    if first.standing is not Standing.OVER:
        said.append(lowest)
    return Finding(title, " ".join(said))


def arrival(trail: Trail) -> int | None:
    """The step at which it came to where it is: a minimum, or the edge of a landscape that has none."""
    return end_of(trail) + 1 if trail.standing is Standing.OVER else trail.reached


def end_of(trail: Trail) -> int:
    """The step that led to the place where it is still."""
    apart = (trail.positions != trail.positions[-1]).any(axis=1)
    return int(np.flatnonzero(apart)[-1]) + 1 if apart.any() else 0


def _arrival_or_end(trail: Trail) -> int:
    step = arrival(trail)
    return len(trail.positions) if step is None else step


def _others(arrived: Sequence[Trail], trails: Sequence[Trail]) -> str:
    named = [
        f"{trail.label} {'at' if trail.standing is Standing.OVER else 'since'} {arrival(trail):,}" for trail in arrived
    ]
    text = f", {', '.join(named[:MOST_NAMED])}" if named else ""
    away = sum(arrival(trail) is None for trail in trails)
    return text + (f"; {away} not yet" if away else "")


def _compared(first: Trail, other: Trail) -> str:
    """How straight, and in how long steps, both have gone."""
    (its_way, its_step), (way, step) = (_way(trail) for trail in (first, other))
    return (
        f"Its way there was {its_way:.1f} times the straight line, in steps of {number_text(its_step)} on average; "
        f"{other.label}'s {way:.1f} times, in steps of {number_text(step)}."
    )


def _way(trail: Trail) -> tuple[float, float]:
    """How long its way to where it has arrived was, in straight lines from end to end, and its mean step."""
    path = trail.positions[: _arrival_or_end(trail) + 1]
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    straight = float(np.linalg.norm(path[-1] - path[0]))
    return (float(steps.sum()) / straight if straight else 1.0), float(steps.mean()) if len(steps) else 0.0


def _parts(trail: Trail) -> tuple[bool, bool]:
    """Whether its rule has a memory, and whether it has a scale."""
    parts = {term.part for term in trail.update.terms} if trail.update is not None else set()
    return Part.MEMORY in parts, Part.SCALE in parts


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
