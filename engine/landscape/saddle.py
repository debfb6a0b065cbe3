"""The saddle of a landscape without a minimum: where its slope is 0 and it bends up one way, down another.

Found by Newton's method. Source: Nocedal and Wright 2006, Numerical Optimization, chapter 3. Serves the findings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.landscape.bends import derivatives
from engine.landscape.functions.landscape import Landscape

REFINEMENTS = 20
ROUNDING = 1e-9  # of the domain: what is left of a 0
LEVEL = 1e-4  # of the cost's bend times the domain: a slope below this is none


@dataclass(frozen=True, eq=False)
class Saddle:
    """At ``place`` (2,) the cost bends by ``up`` along the unit vector ``way_in`` (2,), and by ``down`` < 0 across."""

    place: np.ndarray
    up: float
    down: float
    way_in: np.ndarray
    way_out: np.ndarray


def saddle_of(landscape: Landscape) -> Saddle | None:
    """The saddle that Newton's method finds from the middle; None where there are minima to end in, or no saddle."""
    if landscape.dimensions != 2 or len(landscape.minima):
        return None
    low, high = np.array(landscape.domain, float).T
    place = 0.5 * (low + high) + 0.01 * (high - low)
    for _ in range(REFINEMENTS):
        slope, bend = derivatives(landscape, place)
        if not np.isfinite(bend).all() or abs(np.linalg.det(bend)) < 1e-12:
            return None
        place = place - np.linalg.solve(bend, slope)
        if not ((place >= low) & (place <= high)).all():
            return None
    slope, bend = derivatives(landscape, place)
    (down, up), ways = np.linalg.eigh(bend)
    if not down < 0 < up or np.linalg.norm(slope) > LEVEL * up * (high - low).max():
        return None
    place = np.where(np.abs(place) < ROUNDING * (high - low), 0.0, place)
    return Saddle(place, float(up), float(down), way_in=_forward(ways[:, 1]), way_out=_forward(ways[:, 0]))


def _forward(way: np.ndarray) -> np.ndarray:
    """The same direction, with its larger part positive."""
    return way if way[np.abs(way).argmax()] > 0 else -way
