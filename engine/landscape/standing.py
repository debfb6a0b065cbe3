"""How a descent stands: on its way, or in which kind of minimum, and since when. Serves the frame."""

from __future__ import annotations

import numpy as np

from engine.landscape.functions.landscape import Landscape
from engine.landscape.picture import Standing

NEAR = 0.02  # of the landscape: closer than this to a minimum is its neighbourhood
SAME_COST = 1e-3  # of the cost's range: minima closer than this are equally low
LOOK_BACK = 512  # rows of a path that are looked at together


class Standings:
    """Judges paths on one landscape, whose cost has this ``span`` from the lowest to the highest."""

    def __init__(self, landscape: Landscape, span: float) -> None:
        self._landscape = landscape
        self._lowest_count = lowest_count(landscape, span)

    def of(self, path: np.ndarray, steps: np.ndarray, moving: bool) -> tuple[int | None, Standing]:
        """The step since which a path, (n, d), has stayed near the minimum that it is in, and how it stands."""
        if not moving:
            return None, Standing.LEFT
        goals = self._landscape.minima
        if not len(goals):
            return None, Standing.MOVING
        nearest = int((np.abs(goals - path[-1]) / self._landscape.size).max(axis=1).argmin())
        reached = near_since(path, goals[nearest], NEAR * self._landscape.size)
        if reached is None:
            return None, Standing.MOVING
        return int(steps[reached]), Standing.LOWEST if nearest < self._lowest_count else Standing.HIGHER


def lowest_count(landscape: Landscape, span: float) -> int:
    """How many minima are equally low; those come first."""
    costs = landscape.values(*landscape.minima.T)
    return int((costs <= costs[:1] + SAME_COST * span).sum())


def near_since(path: np.ndarray, goal: np.ndarray, reach: np.ndarray) -> int | None:
    """The row since which a path, (n, d), has stayed within reach of a goal; None where it isn't there now.

    Looks from the end, since most paths are either away or have just come.
    """
    end, size = len(path), 1  # the last row alone first
    while end > 0:
        start = max(0, end - size)
        away = (np.abs(path[start:end] - goal) > reach).any(axis=1)
        if away.any():
            last = start + int(np.flatnonzero(away)[-1])
            return last + 1 if last + 1 < len(path) else None
        end, size = start, LOOK_BACK
    return 0
