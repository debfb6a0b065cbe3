"""Terrain: a cost over one or two numbers as it is drawn: a landscape, or a slice of a network's cost. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Terrain:
    """The cost itself, which does not change during a run.

    ``x`` has shape (nx,). On one parameter ``y`` is None and ``z`` has shape (nx,); on two, ``y`` has shape (ny,)
    and ``z`` (ny, nx). ``minima`` has shape (m, dimensions).
    """

    x: np.ndarray
    y: np.ndarray | None
    z: np.ndarray
    minima: np.ndarray
    logarithmic: bool = False  # contours and colours follow log(z - min): narrow valleys are invisible otherwise
    lowest: int = 1  # so many minima are equally low; they come first
    shown: tuple[float, float] | None = None  # the costs that a picture of it spans; None: all that there are
    bends: np.ndarray | None = None  # how much the cost bends at each sample, in z's shape: the largest curvature

    @property
    def shown_range(self) -> tuple[float, float]:
        """The lowest and the highest cost that a picture of it shows."""
        return self.shown or (float(np.nanmin(self.z)), float(np.nanmax(self.z)))

    @property
    def span(self) -> float:
        """How far those are apart."""
        low, high = self.shown_range
        return high - low
