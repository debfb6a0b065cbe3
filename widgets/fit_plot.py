"""FitPlot: data, the fitted curve over them, older fits fainter, and the region beyond the data.

Serves the regression.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF
from PyQt5.QtGui import QColor, QPen

from engine.regression_picture import RegressionPicture
from widgets.axes import Plot
from widgets.fast_items import Dots, Polylines
from widgets.theme import Theme, faded, pen

ROOM = 0.45  # above and below the data, as a share of their span: a fit may swing out that far and still be seen
MOST_OLDER = 12
CROWD = 3000  # above this many points, a dot is drawn for each occupied spot


@dataclass(frozen=True)
class Family:
    """Several curves of one kind: their pen, and values of shape (k, g)."""

    pen: QPen
    curves: np.ndarray


class FitPlot(Plot):
    """The axes are set by the data, never by the fit, so that the picture stands still."""

    def __init__(self) -> None:
        super().__init__("x", "y")
        self._data: tuple[np.ndarray, np.ndarray] | None = None
        self._span: tuple[float, float, int] | None = None
        self._beyond = [pg.LinearRegionItem(movable=False) for _ in range(2)]
        self._words = {"bottom": "x", "left": "y"}
        self._note = [pg.TextItem("beyond the data", anchor=(0.5, 0)) for _ in range(2)]
        self._dots, self._older, self._fit = Dots(), Polylines(), pg.PlotCurveItem(antialias=True)
        for depth, item in enumerate((*self._beyond, self._dots, self._older, self._fit, *self._note)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self._dots.setCacheMode(self._dots.DeviceCoordinateCache)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._fit.setPen(pen(theme.series_colour(0), theme.width(4)))
        for region in self._beyond:
            region.setBrush(faded(theme.quiet, 0.10))
            for edge in region.lines:
                edge.setPen(pen(faded(theme.quiet, 0.0)))
        for note in self._note:
            note.setFont(theme.font(12))
            note.setColor(QColor(theme.quiet))
        if self._data is not None:
            self._show_data(*self._data)

    def show_fit(self, picture: RegressionPicture) -> None:
        """Draw this moment's fit over the data."""
        self._show_ground(picture)
        self._fit.setData(picture.x, picture.prediction, skipFiniteCheck=bool(np.isfinite(picture.prediction).all()))
        older = picture.older[-MOST_OLDER:]
        colour = self._theme.text
        self._older.show_lines(
            [
                (pen(faded(colour, 0.10 + 0.45 * (number + 1) / len(older)), self._theme.line_scale), picture.x, curve)
                for number, curve in enumerate(older)
                if np.isfinite(curve).all()
            ]
        )

    def show_families(self, picture: RegressionPicture, families: list[Family]) -> None:
        """Draw several families of curves over the data, and no fit."""
        self._show_ground(picture)
        self._fit.setData([], [])
        self._older.show_lines([(family.pen, picture.x, curve) for family in families for curve in family.curves])

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if getattr(self, "_span", None) is not None:
            self._show_span(*self._span[:2])

    def _show_ground(self, picture: RegressionPicture) -> None:
        if self._data is None or picture.data_x is not self._data[0] or picture.data_y is not self._data[1]:
            self._show_data(picture.data_x, picture.data_y)
        span = (float(picture.x[0]), float(picture.x[-1]), id(self._data))
        if span != self._span:
            self._span = span
            self._show_span(float(picture.x[0]), float(picture.x[-1]))

    def _show_data(self, x: np.ndarray, y: np.ndarray) -> None:
        self._data = (x, y)
        self._span = None
        if len(x) > CROWD:
            low, high = np.array([x.min(), y.min()]), np.array([x.max(), y.max()])
            cell = np.maximum(high - low, 1e-9) / (400, 160)
            spots = np.unique(np.floor((np.stack([x, y], axis=1) - low) / cell), axis=0) * cell + low + cell / 2
            x, y = spots[:, 0], spots[:, 1]
        crowd = 0.5 if len(x) <= CROWD else 0.45
        dot = pen(faded(self._theme.series_colour(1), crowd), self._theme.width(5 if len(x) <= CROWD else 3.5))
        self._dots.show_groups([(dot, np.asarray(x, float), np.asarray(y, float))])

    def _show_span(self, left: float, right: float) -> None:
        x, y = self._data
        low, high = float(y.min()), float(y.max())
        room = ROOM * max(high - low, 1e-6)
        low, high = low - room, high + room
        self.setRange(xRange=(left, right), yRange=(low, high), padding=0)
        bounds = QRectF(QPointF(left, low), QPointF(right, high)).normalized()
        first, last = float(x.min()), float(x.max())
        for item in (self._dots, self._older):
            item.set_bounds(bounds)
        sides = ((left, first), (last, right))
        for region, note, (start, end) in zip(self._beyond, self._note, sides, strict=True):
            room = (end - start) / (right - left) * self.getViewBox().width()
            region.setRegion((start, end))
            region.setVisible(end > start)
            note.setVisible(room > note.boundingRect().width())
            note.setPos((start + end) / 2, high)
