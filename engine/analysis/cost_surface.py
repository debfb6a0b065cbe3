"""The cost of a model over two numbers, and where a run is on it. Frozen, like all that a frame carries.

Serves the pictures of regression and painting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.terrain import Terrain


@dataclass(frozen=True, eq=False)
class CostSurface:
    """The cost over two numbers: the line's own two parameters, or a slice through the parameters of a network.

    A point (a, b) of the ``terrain`` stands for the parameters origin + a directions[0] + b directions[1];
    ``origin`` (p,), ``directions`` (2, p). ``axes`` name a and b; ``title`` says what it is. ``share``: how much of
    the run's way lies in the slice, where that is known. ``points``: over how many of the training points.
    """

    terrain: Terrain
    origin: np.ndarray
    directions: np.ndarray
    axes: tuple[str, str]
    title: str
    is_exact: bool
    share: float | None = None
    points: int = 0

    def place(self, parameters: np.ndarray) -> np.ndarray:
        """Where parameters (..., p) lie on the surface, or nearest to, (..., 2)."""
        offset = np.asarray(parameters, float) - self.origin
        gram = self.directions @ self.directions.T
        return np.linalg.solve(gram, (offset @ self.directions.T)[..., None])[..., 0]

    def holds(self, place: np.ndarray) -> bool:
        """Whether a place (2,) lies in the picture."""
        x, y = self.terrain.x, self.terrain.y
        return bool(x[0] <= place[0] <= x[-1] and y[0] <= place[1] <= y[-1])

    def parameters(self, place: np.ndarray) -> np.ndarray:
        """The parameters that a place (2,) stands for, (p,)."""
        return self.origin + np.asarray(place, float) @ self.directions


@dataclass(frozen=True, eq=False)
class Position:
    """The run on a cost surface: ``path`` (n, 2) so far with ``costs`` (n,), the last one being now."""

    surface: CostSurface
    path: np.ndarray
    costs: np.ndarray
