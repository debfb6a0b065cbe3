"""What the sharpness of a run says of it: that it rises, that it has met its line, or that it began beyond it.

Below the line every step falls; beyond it a step overshoots along the sharpest direction by more each time, and that
movement itself turns the descent to where the cost is less sharp (Cohen et al. 2021; the reason: Damian et al. 2023,
"Self-Stabilization"). A run that stays well below its line gets no sentence. Serves the frame's findings.
"""

from __future__ import annotations

import numpy as np

from engine.analysis.sharpness import SharpnessRecord
from engine.analysis.stability import EDGES
from engine.frames import Finding

LEAST = 8  # measurements that a sentence about many of them rests on
AT_THE_EDGE = (0.85, 1.2)  # of the line, within which the middle of the newest ones lies
RECENT = 24  # the newest ones
BEYOND = 1.5  # of the line: what is sharper than this for long bounces no more, it leaves
CATAPULT = 2.0  # of the line, up to which a start beyond it may come down to where it is flatter
RISEN = 1.15  # times its first value: it rises
NEAR = 0.4  # of the line, from which on it is worth a word that it rises


def of_the_edge(
    record: SharpnessRecord | None, optimizer: str, epochs: np.ndarray, costs: np.ndarray
) -> Finding | None:
    """The one sentence there is to say, or None, of the moment that was measured last: it is the same until the next.

    ``epochs`` (n,) and ``costs`` (n,): the cost after each epoch.
    """
    if record is None or optimizer not in EDGES or len(record.steps) < 2 or not np.isfinite(record.edge[-1]):
        return None
    share = record.sharpness / record.edge
    known = int(np.searchsorted(epochs, record.epochs[-1], side="right"))
    epochs, costs = epochs[:known], costs[:known]
    if share[-1] > BEYOND or len(costs) < 2 or not np.isfinite(costs[-1]):
        return None
    for sentence in (_at_the_edge, _began_beyond, _just_met, _rising):
        found = sentence(record, share, EDGES[optimizer].formula, epochs, costs)
        if found is not None:
            return found
    return None


def explains_bounces(finding: Finding | None) -> bool:
    """Whether what is said is why steps overshoot and the run goes on all the same."""
    return finding is not None and finding.title != RISING


RISING = "It gets sharper"


def _began_beyond(
    record: SharpnessRecord, share: np.ndarray, formula: str, epochs: np.ndarray, costs: np.ndarray
) -> Finding | None:
    """The catapult (Lewkowycz et al. 2020): it was beyond the line at its start and has come below its first value."""
    if not 1 <= share[0] <= CATAPULT or share[-1] > 1.05 or record.sharpness[-1] >= record.sharpness[0]:
        return None
    first, now = record.sharpness[0], record.sharpness[-1]
    high = int(costs.argmax())
    rose = f"the cost rose to {costs[high]:.3g} after epoch {int(epochs[high]):,}" if costs[high] > costs[0] else ""
    middle = f"{rose}, and it" if rose else "it"
    return Finding(
        "Began beyond its line",
        f"It began where the sharpness is {first:.3g}, above {formula} = {record.edge[0]:.3g}: steps overshot along "
        f"the sharpest direction, {middle} came down where it is {now:.3g}, {_percent(share[-1])} of "
        f"{record.edge[-1]:.3g}. The cost is {costs[-1]:.3g} now.",
    )


def _at_the_edge(
    record: SharpnessRecord, share: np.ndarray, formula: str, epochs: np.ndarray, costs: np.ndarray
) -> Finding | None:
    """It has met the line from below, and stays about it."""
    met = _met(share)
    if met is None or len(share) - met < LEAST:
        return None
    recent = share[max(met, len(share) - RECENT) :]
    if not AT_THE_EDGE[0] <= np.median(recent) <= AT_THE_EDGE[1]:
        return None
    step = int(record.steps[met])
    those = costs[epochs >= record.epochs[met]]
    if len(those) < 2:
        return None
    rises = float((np.diff(those) > 0).mean())
    each = "steps" if record.steps[-1] == record.epochs[-1] else "epochs"
    went = f"fell from {those[0]:.3g} to {those[-1]:.3g}" if those[-1] < those[0] else f"is {those[-1]:.3g}"
    return Finding(
        "At the edge of stability",
        f"The sharpness met {formula} = {record.edge[met]:.3g} at step {step:,} and has stayed about it, now at "
        f"{record.sharpness[-1]:.3g}: each step overshoots along the sharpest direction, and that bounce keeps it from "
        f"getting sharper. The cost rose in {_percent(rises)} of the {each} since, and {went} all the same.",
    )


def _just_met(
    record: SharpnessRecord, share: np.ndarray, formula: str, epochs: np.ndarray, costs: np.ndarray
) -> Finding | None:
    """It has passed the line from below, too shortly ago to know what comes of it."""
    met = _met(share)
    if met is None or len(share) - met >= LEAST or share[-1] < 1:
        return None
    return Finding(
        "It has met its line",
        f"The sharpness passed {formula} = {record.edge[met]:.3g} by step {int(record.steps[met]):,} and is "
        f"{record.sharpness[-1]:.3g} now: along the sharpest direction each step overshoots by more than the one "
        "before, until that turns the run to where it is flatter, or drives it off.",
    )


def _met(share: np.ndarray) -> int | None:
    """The first measurement at or above the line after one below it."""
    below = np.flatnonzero(share < 1)
    if not len(below):
        return None
    above = np.flatnonzero(share[below[0] :] >= 1)
    return int(below[0] + above[0]) if len(above) else None


def _rising(
    record: SharpnessRecord, share: np.ndarray, formula: str, epochs: np.ndarray, costs: np.ndarray
) -> Finding | None:
    """Progressive sharpening."""
    if len(share) < LEAST or share.max() >= 1 or share[-1] < NEAR:
        return None
    first, now = record.sharpness[0], record.sharpness[-1]
    if now < RISEN * first or now <= record.sharpness[-LEAST]:
        return None
    return Finding(
        RISING,
        f"The sharpness has risen from {first:.3g} to {now:.3g}, {_percent(share[-1])} of {formula} = "
        f"{record.edge[-1]:.3g}: up to there each step falls, and beyond it steps overshoot.",
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
