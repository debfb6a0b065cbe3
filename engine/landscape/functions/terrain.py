"""The landscape as it is drawn: a curve with its breaks, or a surface cut off at its poles. Serves the frame."""

from __future__ import annotations

import numpy as np

from engine.analysis.terrain import Terrain
from engine.frames import read_only
from engine.landscape.bends import largest_bend
from engine.landscape.functions.curve import drawn_curve, shown_range
from engine.landscape.functions.landscape import Landscape
from engine.landscape.standing import lowest_count

CUT = 10.0  # times what nearly all of a surface spans: beyond that it is cut off


def terrain_of(landscape: Landscape) -> Terrain:
    """The terrain of a landscape; its costs' range is what is usual where it has a pole."""
    return _curve(landscape) if landscape.dimensions == 1 else _surface(landscape)


def _curve(landscape: Landscape) -> Terrain:
    axis, minima = landscape.axis(0), landscape.minima
    lowest = float(landscape.values(minima[0, 0])) if len(minima) else np.inf
    curve = drawn_curve(lambda x: np.asarray(landscape.values(x), float), float(axis[0]), float(axis[-1]), lowest)
    return Terrain(
        x=read_only(curve.x),
        y=None,
        z=read_only(curve.z),
        minima=read_only(minima),
        lowest=lowest_count(landscape, curve.shown[1] - curve.shown[0]),
        shown=curve.shown,
        bends=read_only(largest_bend(landscape, curve.x)),
    )


def _surface(landscape: Landscape) -> Terrain:
    x, y = landscape.axis(0), landscape.axis(1)
    z = np.array(landscape.grid(), float)
    z[~np.isfinite(z)] = np.nan
    lowest = float(landscape.values(*landscape.minima[0])) if len(landscape.minima) else np.inf
    shown = shown_range(z, lambda place: np.asarray(landscape.values(*place), float), (x, y), lowest)
    finite = z[np.isfinite(z)]
    if finite.size:
        low, high = np.percentile(finite, (0.5, 99.5))
        span = float(high - low) or 1.0
        shown = max(shown[0], float(low - CUT * span)), min(shown[1], float(high + CUT * span))
    return Terrain(
        x=read_only(x),
        y=read_only(y),
        z=read_only(np.clip(z, *shown)),
        minima=read_only(landscape.minima),
        logarithmic=landscape.logarithmic,
        lowest=lowest_count(landscape, shown[1] - shown[0]),
        shown=shown,
        bends=read_only(largest_bend(landscape, x[None, :], y[:, None])),
    )
