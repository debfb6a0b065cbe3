"""What is said of a descent that began where the cost bends too much for its rate, and came down all the same.

There each step overshoots the bottom of the valley by more than the one before, until that has carried the descent
along the valley, or into another place, where the cost bends less (Lewkowycz et al. 2020; Cohen et al. 2021). Serves
the frame's findings.
"""

from __future__ import annotations

import numpy as np

from engine.analysis.stability import EDGES
from engine.frames import Finding
from engine.landscape.bends import largest_bend
from engine.landscape.endings import number_text, place_text
from engine.landscape.functions.landscape import Landscape
from engine.landscape.picture import Trail

LOOKED_AT = 512  # steps from the start on
LEAST_TURNS = 3  # steps that went back on the one before, to be called bouncing
SETTLED = 4  # places in a row where its steps are stable, each step shorter than the first of them
RISEN = 1.05  # times the first cost


def of_the_edge(landscape: Landscape, trail: Trail, whose: str) -> list[Finding]:
    """The sentence, as soon as it has come to where its steps are stable."""
    if trail.edge is None or len(trail.costs) <= LEAST_TURNS:
        return []
    begun = trail.positions[:LOOKED_AT]
    bends = largest_bend(landscape, *begun.T)
    if not bends[0] > trail.edge or not _has_settled(landscape, trail):
        return []
    now, beyond = float(largest_bend(landscape, *trail.positions[-1])), np.flatnonzero(bends > trail.edge)
    steps = np.diff(begun, axis=0)
    turns = (steps[1:] * steps[:-1]).sum(axis=1) < 0
    if turns[: max(LEAST_TURNS + 1, int(beyond[-1]))].sum() < LEAST_TURNS:
        return []
    line = f"{EDGES[trail.optimizer].formula} = {number_text(trail.edge)}"
    first, high = float(trail.costs[0]), int(np.nanargmax(trail.costs[:LOOKED_AT]))
    rose = ""
    if trail.costs[high] > RISEN * first:
        rose = f"The cost rose from {number_text(first)} to {number_text(float(trail.costs[high]))} meanwhile. "
    return [
        Finding(
            f"Came to where it is flatter{whose}",
            f"It began where the cost bends by {number_text(float(bends[0]))}, more than {line}: there each step "
            f"overshoots by more than the one before, and that has carried it to {place_text(trail.positions[-1])}. "
            f"{rose}Here the cost bends by {number_text(now)}, which a step of this rate bears.",
        )
    ]


def _has_settled(landscape: Landscape, trail: Trail) -> bool:
    """Whether its last steps were stable, and got shorter."""
    last = trail.positions[-SETTLED:]
    if len(last) < SETTLED or not (largest_bend(landscape, *last.T) <= trail.edge).all():
        return False
    lengths = np.linalg.norm(np.diff(last, axis=0), axis=1)
    return bool(lengths[-1] <= lengths[0])
