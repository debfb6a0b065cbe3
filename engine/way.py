"""Way: the run's parameters at the ends of epochs, thinned so that they never grow too many.

From it come the histograms over time, the run's path on a cost surface, and its main directions. Serves the pictures
of regression and painting.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.cost_surface import CostSurface, Position
from engine.frames import read_only

MOST_KEPT = 256
MOST_NUMBERS = 6_000_000  # 24 megabytes
LEAST_KEPT = 8


class Way:
    """Parameter vectors of one size, by epoch."""

    def __init__(self, parameters: int) -> None:
        self._most = int(np.clip(MOST_NUMBERS / parameters, LEAST_KEPT, MOST_KEPT))
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._kept: list[tuple[int, np.ndarray, float]] = []
        self._interval = 1

    def add(self, epoch: int, parameters: np.ndarray, cost: float) -> None:
        """The parameters and their cost at the end of an epoch, kept where the thinning has it."""
        if epoch % self._interval or (self._kept and epoch <= self._kept[-1][0]):
            return
        # a new list each time, since another thread may be looking at this one
        self._kept = [*self._kept, (epoch, parameters, cost)]
        if len(self._kept) > self._most:
            self._kept = self._kept[::2]
            self._interval *= 2

    def view(self) -> tuple[np.ndarray, tuple[np.ndarray, ...], np.ndarray]:
        """Epochs (k,), the parameters (p,) of each, and their costs (k,)."""
        kept = self._kept
        epochs, costs = np.array([row[0] for row in kept], int), np.array([row[2] for row in kept], float)
        return epochs, tuple(row[1] for row in kept), costs

    def state(self) -> Any:
        """All that restore() needs to go on from here."""
        return self._kept, self._interval

    def restore(self, state: Any) -> None:
        """Go back to what state() gave."""
        self._kept, self._interval = state


class Places:
    """Where a run's way lies on its newest surface: of a large network each place is dear, and worked out once."""

    def __init__(self) -> None:
        self._known: tuple[CostSurface, dict[int, np.ndarray]] | None = None

    def position(self, parameters: np.ndarray, way: Way, surface: CostSurface, cost: float) -> Position:
        """The run so far on a cost surface, up to these parameters and their cost."""
        epochs, kept, costs = way.view()
        if self._known is None or self._known[0] is not surface:
            self._known = surface, {}
        places = self._known[1]
        for epoch, vector in zip(epochs.tolist(), kept, strict=True):
            if epoch not in places:
                places[epoch] = surface.place(vector)
        path = np.array([*(places[epoch] for epoch in epochs.tolist()), surface.place(parameters)])
        return Position(surface, read_only(path), read_only(np.append(costs, cost)))
