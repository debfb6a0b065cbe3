"""Slope and bends of a landscape, by central differences. Serves the findings, and the curve where a step is stable."""

from __future__ import annotations

import numpy as np

from engine.landscape.functions.landscape import Landscape

FINE = 1e-3  # of the domain: the distance of the differences


def derivatives(landscape: Landscape, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The slope (d,) and the second derivatives (d, d) at a place (d,); no numbers where the cost is none about it."""
    h, size = FINE * landscape.size, landscape.dimensions
    offsets = np.array(list(np.ndindex(*(3,) * size)), float) - 1
    z = np.asarray(landscape.values(*(place + offsets * h).T), float).reshape((3,) * size)
    if size == 1:
        return (z[2:] - z[:1]) / (2 * h), ((z[2] - 2 * z[1] + z[0]) / h**2).reshape(1, 1)
    slope = np.array([z[2, 1] - z[0, 1], z[1, 2] - z[1, 0]]) / (2 * h)
    mixed = (z[2, 2] - z[2, 0] - z[0, 2] + z[0, 0]) / (4 * h[0] * h[1])
    straight = np.array([z[2, 1] - 2 * z[1, 1] + z[0, 1], z[1, 2] - 2 * z[1, 1] + z[1, 0]]) / h**2
    return slope, np.array([[straight[0], mixed], [mixed, straight[1]]])


def largest_bend(landscape: Landscape, *places: np.ndarray) -> np.ndarray:
    """The largest eigenvalue of the second derivatives at places that broadcast; nan where there is none."""
    h, costs = FINE * landscape.size, landscape.values
    if landscape.dimensions == 1:
        (x,) = places
        return _finite((costs(x + h[0]) - 2 * costs(x) + costs(x - h[0])) / h[0] ** 2)
    x, y = places
    dx, dy = h
    here = 2 * costs(x, y)
    with np.errstate(all="ignore"):
        xx = (costs(x + dx, y) - here + costs(x - dx, y)) / dx**2
        yy = (costs(x, y + dy) - here + costs(x, y - dy)) / dy**2
        straight = costs(x + dx, y + dy) + costs(x - dx, y - dy)
        xy = (straight - costs(x + dx, y - dy) - costs(x - dx, y + dy)) / (4 * dx * dy)
        return _finite(0.5 * (xx + yy) + np.hypot(0.5 * (xx - yy), xy))


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)
