"""Items for pyqtgraph's plots that draw many points or lines cheaply: fixed pens, one polygon a pen.

A ScatterPlotItem with a brush a point, and wide smoothed pens over many noisy points, cost tens of milliseconds and
more a frame. Serves the pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QPainter, QPen, QPolygonF


def polygon(x: np.ndarray, y: np.ndarray) -> QPolygonF:
    """Points as Qt's polygon, without a Python loop; x and y have shape (n,)."""
    made = pg.functions.create_qpolygonf(len(x))
    view = pg.functions.ndarray_from_qpolygonf(made)
    view[:, 0] = x
    view[:, 1] = y
    return made


def without_crowds(points: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Indices of the points that a picture needs: one less than a cell from the last kept one adds nothing.

    ``points`` (n, d) and ``cell`` (d,) in the same unit; the last point is always kept.
    """
    grid = np.floor(points / cell)
    moved = np.ones(len(points), bool)
    moved[1:] = (grid[1:] != grid[:-1]).any(axis=1)
    moved[-1:] = True
    return np.flatnonzero(moved)


class Layer(pg.GraphicsObject):
    """An item that takes the whole plot and paints in the plot's own coordinates, with cosmetic pens."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()

    def set_bounds(self, bounds: QRectF) -> None:
        """The region, in the plot's coordinates, that the item may paint in."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option, widget=None) -> None:
        raise NotImplementedError


class Dots(Layer):
    """Points in groups, each group with one pen: a round cap is a dot of the pen's width."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[tuple[QPen, QPolygonF]] = []

    def show_groups(self, groups: Sequence[tuple[QPen, np.ndarray, np.ndarray]]) -> None:
        """Pens with x and y, each (n,)."""
        self._groups = [(pen, polygon(x, y)) for pen, x, y in groups if len(x)]
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        # in screen coordinates: a round cap is stretched with the plot's axes, even when the pen is cosmetic
        transform = painter.transform()
        painter.resetTransform()
        painter.setRenderHint(QPainter.Antialiasing)
        for pen, points in self._groups:
            painter.setPen(pen)
            painter.drawPoints(transform.map(points))
        painter.setTransform(transform)


class Crosses(Layer):
    """Points as small x, all with one pen."""

    def __init__(self) -> None:
        super().__init__()
        self._pen = QPen()
        self._points = QPolygonF()
        self._arm = 3.0

    def show_points(self, pen: QPen, arm: float, x: np.ndarray, y: np.ndarray) -> None:
        """x and y (n,); each arm of a cross is so many px long."""
        self._pen, self._arm, self._points = pen, arm, polygon(x, y)
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        if not self._points.size():
            return
        transform = painter.transform()
        mapped = transform.map(self._points)  # kept by name: the array below is a view of its memory
        at = pg.functions.ndarray_from_qpolygonf(mapped)
        ends = at[:, None] + self._arm * np.array([[-1, -1], [1, 1], [-1, 1], [1, -1]])
        path = pg.functions.arrayToQPath(ends[:, :, 0].ravel(), ends[:, :, 1].ravel(), connect="pairs")
        painter.resetTransform()
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setPen(self._pen)
        painter.drawPath(path)
        painter.setTransform(transform)


class Polylines(Layer):
    """Lines, each with its pen; ``casing`` draws a wider line under each first."""

    def __init__(self, smooth: bool = True) -> None:
        super().__init__()
        self._lines: list[tuple[QPen, QPolygonF]] = []
        self._casing: QPen | None = None
        self._smooth = smooth

    def show_lines(self, lines: Sequence[tuple[QPen, np.ndarray, np.ndarray]], casing: QPen | None = None) -> None:
        """Pens with x and y, each (n,)."""
        self._lines = [(pen, polygon(x, y)) for pen, x, y in lines if len(x)]
        self._casing = casing
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        painter.setRenderHint(QPainter.Antialiasing, self._smooth)
        for pen, points in self._lines:
            if self._casing is not None:
                painter.setPen(self._casing)
                painter.drawPolyline(points)
            painter.setPen(pen)
            painter.drawPolyline(points)


class Bands(Layer):
    """Filled stripes between curves, each with one colour; ``rim`` draws their edges too, one px wide."""

    def __init__(self, rim: bool = False) -> None:
        super().__init__()
        self._rim = rim
        self._bands: list[tuple[QColor, QPolygonF]] = []

    def show_bands(self, bands: Sequence[tuple[QColor, np.ndarray, np.ndarray, np.ndarray]]) -> None:
        """Colour, x (n,), and the two edges (n,) of each."""
        self._bands = [
            (colour, polygon(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])))
            for colour, x, low, high in bands
        ]
        self.update()

    def points(self) -> int:
        """How many points their outlines have."""
        return sum(outline.size() for _, outline in self._bands)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        painter.setPen(Qt.NoPen)
        for colour, outline in self._bands:
            if self._rim:  # a cosmetic pen
                painter.setPen(QPen(colour, 0))
            painter.setBrush(colour)
            painter.drawPolygon(outline)


class Signs(Layer):
    """Symbols of a fixed size in pixels at given places: (path, pen, brush, x, y) each."""

    def __init__(self) -> None:
        super().__init__()
        self._signs: list[tuple] = []

    def show_signs(self, signs: Sequence[tuple]) -> None:
        """Draw these and no others."""
        self._signs = list(signs)
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        painter.setRenderHint(QPainter.Antialiasing)
        transform = painter.transform()
        painter.resetTransform()
        for path, pen, brush, x, y in self._signs:
            at = transform.map(QPointF(x, y))
            painter.save()
            painter.translate(at)
            painter.setPen(pen)
            painter.setBrush(brush if brush is not None else Qt.NoBrush)
            painter.drawPath(path)
            painter.restore()
        painter.setTransform(transform)
