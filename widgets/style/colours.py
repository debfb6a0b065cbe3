"""Colour maps as tables: viridis and magma for values, coolwarm where the lecture's picture asks for it.

Serves the pictures.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyqtgraph as pg
from PyQt5.QtGui import QColor


@cache
def table(name: str, size: int = 256) -> np.ndarray:
    """A colour map as uint8, shape (size, 3): a name that pyqtgraph has, or "coolwarm"."""
    if name == "coolwarm":
        return coolwarm(size)
    return pg.colormap.get(name).getLookupTable(nPts=size, alpha=False)


def colour(channels: np.ndarray) -> QColor:
    """One colour of a map, (3,) in 0..255."""
    red, green, blue = (int(channel) for channel in channels)
    return QColor(red, green, blue)


def coolwarm(size: int) -> np.ndarray:
    """Blue over grey to red, shape (size, 3), after Moreland 2009, "Diverging Color Maps for Scientific Visualization".

    Anchors of that map; between them a straight line in sRGB, which is as good as it gets for dots.
    """
    blues = [[59, 76, 192], [124, 159, 249], [192, 212, 245]]
    reds = [[242, 203, 183], [238, 132, 104], [180, 4, 38]]
    anchors = np.array([*blues, [221, 221, 221], *reds])
    share = np.linspace(0, 1, size)
    stops = np.linspace(0, 1, len(anchors))
    channels = [np.interp(share, stops, anchors[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).astype(np.uint8)


def shares(values: np.ndarray, logarithmic: bool, least: float | None = None, most: float | None = None) -> np.ndarray:
    """Values as 0..1 from the least to the most, over log(z - min) where asked; shape as given."""
    least = float(np.nanmin(values)) if least is None else least
    span = float((np.nanmax(values) if most is None else most) - least) or 1.0
    share = np.maximum((values - least) / span, 0)
    if logarithmic:
        floor = 1e-4
        share = np.log10(share + floor)
        share = (share - np.log10(floor)) / (np.log10(1 + floor) - np.log10(floor))
    return np.clip(share, 0, 1)


def image(values: np.ndarray, name: str, logarithmic: bool = False) -> np.ndarray:
    """Values as a uint8 picture, shape (rows, columns, 3)."""
    index = np.nan_to_num(shares(values, logarithmic) * 255).astype(np.uint8)
    return table(name)[index]
