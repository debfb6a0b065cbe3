"""CurveFamily: many curves over one x, told apart by colour and, under the mouse, by name; or piled up to their sum.

Serves the drawing of a frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, pyqtSignal
from PyQt5.QtGui import QColor

from widgets.plotting.axes import Plot
from widgets.plotting.eased_range import EasedRange
from widgets.plotting.fast_items import Bands, Dots, Polylines
from widgets.plotting.kept import Kept
from widgets.style import colours
from widgets.style.number_text import short
from widgets.style.theme import Theme, faded, pen

NEAR = 0.06  # of the plot's height, from a curve at which it is named
ROOM = 0.08
CROWD = 12  # curves
MOST_POINTS = 1500  # of the data, which are only a background here


class _KeptDots(Kept, Dots):
    """The data's, which stand still while the curves move."""


class CurveFamily(Plot):
    """``named`` carries what the mouse points at: a curve's name and value, or nothing."""

    named = pyqtSignal(str)

    def __init__(self, bottom: str = "x", left: str = "y") -> None:
        super().__init__(bottom, left)
        self._x = np.zeros(0)
        self._curves = np.zeros((0, 0))
        self._names: tuple[str, ...] = ()
        self._data_y = np.zeros(0)
        self._given: np.ndarray | None = None
        self._range = EasedRange()
        self._has_range = False
        self._dots, self._bands, self._lines = _KeptDots(), Bands(), Polylines()
        self._chosen, self._total = pg.PlotCurveItem(antialias=True), pg.PlotCurveItem(antialias=True)
        for depth, item in enumerate((self._dots, self._bands, self._lines, self._total, self._chosen)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._point_at)
        self._mouse: QPointF | None = None

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._given = None
        self._total.setPen(pen(theme.series_colour(0), theme.width(4)))
        self._chosen.setPen(pen(theme.text, theme.width(3.5)))

    def show_data(self, x: np.ndarray, y: np.ndarray) -> None:
        """Points in the background, faint."""
        if y is self._given:
            return
        self._given = y
        every = -(-len(x) // MOST_POINTS)
        dot = pen(faded(self._theme.series_colour(1), 0.25), self._theme.width(4))
        self._data_y = np.asarray(y[::every], float)
        self._dots.show_groups([(dot, np.asarray(x[::every], float), self._data_y)])

    def show_curves(
        self, x: np.ndarray, curves: np.ndarray, names: Sequence[str], total: np.ndarray | None, piled: bool
    ) -> None:
        """x (g,), curves (k, g) with their names; ``total`` (g,) is their sum; piled: one on top of the other."""
        self._x, self._names = np.asarray(x, float), tuple(names)
        shown = np.cumsum(curves, axis=0) if piled and len(curves) else np.asarray(curves, float)
        self._curves = shown
        palette = self._palette(len(shown))
        # of many lines, only those one px wide are drawn fast; a third of the points is as smooth
        is_crowd = len(shown) > CROWD and self._theme.line_scale == 1
        pens = [pen(faded(colour, 0.9), 1.0 if is_crowd else self._theme.width(1.6)) for colour in palette]
        self._lines.show_lines([(line, self._x[::3], curve[::3]) for line, curve in zip(pens, shown, strict=True)])
        edges = np.concatenate([np.zeros((1, len(self._x))), shown]) if piled and len(shown) else np.zeros((0, 0))
        self._bands.show_bands(
            [
                (faded(colour, 0.30), self._x[::3], low[::3], high[::3])
                for colour, low, high in zip(palette, edges[:-1], edges[1:], strict=True)
            ]
            if len(edges)
            else []
        )
        if total is None:
            self._total.setData([], [])
        else:
            self._total.setData(self._x, np.asarray(total, float))
        self._fit_range([values for values in (shown, total) if values is not None and np.size(values)])
        self._name_nearest()

    def _fit_range(self, values: list[np.ndarray]) -> None:
        if not values:
            return
        middle, half = (self._x[-1] + self._x[0]) / 2, (self._x[-1] - self._x[0]) / 2
        inside = np.abs(self._x - middle) <= half / 1.5  # the data's part of x; beyond it curves may go anywhere
        parts = [part[..., inside] for part in values] + ([self._data_y] if len(self._data_y) else [])
        low, high = min(float(np.min(part)) for part in parts), max(float(np.max(part)) for part in parts)
        room = ROOM * ((high - low) or 0.1 * abs(high) or 1.0)
        low, high = self._range.towards(low - room, high + room, at_once=not self._has_range)
        self._has_range = True
        self.setRange(xRange=(self._x[0], self._x[-1]), yRange=(low, high), padding=0)
        self.getViewBox().updateMatrix()  # else it is found out while painting, and everything painted again
        bounds = QRectF(QPointF(self._x[0], low), QPointF(self._x[-1], high)).normalized()
        for item in (self._dots, self._bands, self._lines):
            item.set_bounds(bounds)

    def _palette(self, count: int) -> list[QColor]:
        """One colour a curve from a map that runs evenly, clear of what the theme's background swallows."""
        table = colours.table("viridis")
        low, high = (0.25, 1.0) if self._theme.is_dark else (0.0, 0.8)
        places = (255 * np.linspace(low, high, max(count, 2))).astype(int)[:count]
        return [colours.colour(table[place]) for place in places]

    def _point_at(self, position: QPointF) -> None:
        self._mouse = position
        self._name_nearest()

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self._mouse = None
        self._name_nearest()

    def _name_nearest(self) -> None:
        box = self.getViewBox()
        text, chosen = "", None
        if self._mouse is not None and len(self._curves) and box.sceneBoundingRect().contains(self._mouse):
            place = box.mapSceneToView(self._mouse)
            column = int(np.clip(np.searchsorted(self._x, place.x()), 0, len(self._x) - 1))
            distance = np.abs(self._curves[:, column] - place.y())
            nearest = int(distance.argmin())
            (_, _), (low, high) = box.viewRange()
            if distance[nearest] < NEAR * (high - low):
                chosen = self._curves[nearest]
                text = f"{self._names[nearest]}: {short(float(chosen[column]))} at x = {short(float(self._x[column]))}"
        self._chosen.setData(*((self._x, chosen) if chosen is not None else ([], [])))
        self.named.emit(text)
