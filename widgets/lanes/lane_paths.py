"""LanePaths: where other runs have been and are, as lines that end in a ring, in each lane's colour and dash.

Serves the pictures that are plots; positions are in the plot's own coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QRectF

from engine.lanes import Lane
from widgets.lanes.lane_pens import lane_pen
from widgets.plotting.fast_items import Polylines, Signs, without_crowds
from widgets.style import symbols
from widgets.style.theme import DARK, Theme

CELLS = 800  # of the picture's width and height, in each of which one point of a line is enough
RING = 14  # px

Path = tuple[Lane, np.ndarray, np.ndarray]


class LanePaths:
    """``has_ends``: whether each line has a ring at its end."""

    def __init__(self, plot: pg.PlotWidget, depth: float, has_ends: bool = True) -> None:
        self._theme, self._has_ends = DARK, has_ends
        self._paths: tuple[Path, ...] = ()
        self._bounds = QRectF()
        self._lines, self._ends = Polylines(), Signs()
        for item in (self._lines, self._ends):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """The lanes' colours."""
        self._theme = theme
        self.show(self._paths)

    def set_bounds(self, bounds: QRectF) -> None:
        """The region, in the plot's coordinates, that may be painted in."""
        self._bounds = bounds
        for item in (self._lines, self._ends):
            item.set_bounds(bounds)

    def show(self, paths: Sequence[Path]) -> None:
        """Lanes with x and y, (n,) each."""
        self._paths = tuple(paths)
        theme, lines, signs = self._theme, [], []
        cell = np.array([self._bounds.width() or 1.0, self._bounds.height() or 1.0]) / CELLS
        for lane, x, y in self._paths:
            good = np.isfinite(x) & np.isfinite(y)
            points = np.stack([x[good], y[good]], axis=1).astype(float)
            if not len(points):
                continue
            points = points[without_crowds(points, cell)]
            lines.append((lane_pen(theme, lane, 2.0), points[:, 0], points[:, 1]))
            if self._has_ends:
                ring = lane_pen(theme, lane, 3.0)
                signs.append((symbols.shape(0, theme.px(RING)), ring, None, *points[-1]))
        self._lines.show_lines(lines)
        self._ends.show_signs(signs)
