"""ParameterTrajectory: the run's parameters at the ends of epochs, thinned so that they never grow too many.

From it come the histograms over time, the run's path on a cost surface, and its main directions. Serves the pictures
of regression and painting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.cost_surface import CostSurface, Position
from engine.backend import ownership
from engine.frames import read_only

MOST_KEPT = 256
MOST_NUMBERS = 6_000_000  # 24 megabytes
LEAST_KEPT = 8


@dataclass(frozen=True, eq=False)
class ParameterTrajectory:
    """Parameter vectors (p,) of one size at the ends of epochs, with their costs; frozen: added() gives a longer one.

    ``kept``: (epoch, parameters, cost) each; ``interval``: only every so manyth epoch is kept; ``most``: how many.
    """

    most: int
    kept: tuple[tuple[int, np.ndarray, float], ...] = ()
    interval: int = 1

    @classmethod
    def of(cls, parameters: int) -> ParameterTrajectory:
        """An empty one for so many parameters."""
        return cls(int(np.clip(MOST_NUMBERS / parameters, LEAST_KEPT, MOST_KEPT)))

    def added(self, epoch: int, parameters: np.ndarray, cost: float) -> ParameterTrajectory:
        """With the parameters and their cost at the end of an epoch too, where the thinning keeps it."""
        if epoch % self.interval or (self.kept and epoch <= self.kept[-1][0]):
            return self
        kept, interval = (*self.kept, (epoch, parameters, cost)), self.interval
        if len(kept) > self.most:
            kept, interval = kept[::2], 2 * interval
        return ParameterTrajectory(self.most, kept, interval)

    def view(self) -> tuple[np.ndarray, tuple[np.ndarray, ...], np.ndarray]:
        """Epochs (k,), the parameters (p,) of each, and their costs (k,)."""
        epochs, costs = np.array([row[0] for row in self.kept], int), np.array([row[2] for row in self.kept], float)
        return epochs, tuple(row[1] for row in self.kept), costs


@ownership.owned
class TrajectoryProjection:
    """Where a run's trajectory lies on its newest surface.

    Of a large network each place is expensive, and worked out once.
    """

    def __init__(self) -> None:
        self._known: tuple[CostSurface, dict[int, np.ndarray]] | None = None

    def position(
        self, parameters: np.ndarray, trajectory: ParameterTrajectory, surface: CostSurface, cost: float
    ) -> Position:
        """The run so far on a cost surface, up to these parameters and their cost."""
        epochs, kept, costs = trajectory.view()
        if self._known is None or self._known[0] is not surface:
            self._known = surface, {}
        places = self._known[1]
        for epoch, vector in zip(epochs.tolist(), kept, strict=True):
            if epoch not in places:
                places[epoch] = surface.place(vector)
        path = np.array([*(places[epoch] for epoch in epochs.tolist()), surface.place(parameters)])
        return Position(surface, read_only(path), read_only(np.append(costs, cost)))
