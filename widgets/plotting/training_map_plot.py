"""MapPlot: the pixels of a map of trainings over both knobs, with a cross at the run's own. Serves the loop's ends."""

from __future__ import annotations

import math

import numpy as np
from PyQt5.QtCore import QEvent, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QImage, QMouseEvent, QPainter, QWheelEvent

from engine.analysis.training_map import Axis, TrainingMap
from widgets.plotting.axes import Plot
from widgets.plotting.fast_items import Layer
from widgets.plotting.pixels import image_of
from widgets.style import colours
from widgets.style.theme import DARK, Theme, pen

DECADES = 2.0  # that the costs span, from which on their logarithm is shown
SAME_CLICK = 4  # px
DEEPEST = 1e-12  # of the highest cost: lower ones are told apart by nobody
LEFT = "plasma"  # of what left the number range: the sooner, the brighter


class MapPlot(Plot):
    """The pixels over both knobs, with a cross at the run's own."""

    pointed = pyqtSignal(object)  # (x, y) in the knobs' values, or None outside
    chosen = pyqtSignal(object)
    zoomed = pyqtSignal(object, float)  # about which place, by how many notches
    all_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__(bottom="learning rate", left="momentum", is_log_below=True)
        self._map: TrainingMap | None = None
        self._pixels, self._pressed = _Pixels(), QPointF()
        self.addItem(self._pixels)
        self.viewport().setMouseTracking(True)
        self.setMouseTracking(True)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._pixels.set_theme(theme)

    def show_map(self, found: TrainingMap | None) -> None:
        """Draw this map; None leaves the place empty."""
        self._map = found
        self._pixels.show_map(found)
        if found is not None:
            self.set_words(found.x.label, found.y.label)
            self.getPlotItem().getAxis("bottom").is_log = found.x.logarithmic
            self.show_window(found, edges_of(found.x, found.y))

    def show_window(self, found: TrainingMap, edges: tuple[float, float, float, float] | None) -> None:
        """Look at this part of the map, (x low, x high, y low, y high)."""
        if edges is None:
            return
        x = [laid(found.x, value) for value in edges[:2]]
        y = [laid(found.y, value) for value in edges[2:]]
        self.getViewBox().setRange(xRange=x, yRange=y, padding=0)

    def show_mark(self, x: float, y: float) -> None:
        """Where the run itself is."""
        if self._map is not None:
            self._pixels.show_mark(QPointF(laid(self._map.x, max(x, 1e-300)), laid(self._map.y, y)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.pointed.emit(self._place(event.localPos()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.localPos()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        apart = event.localPos() - self._pressed
        place = self._place(event.localPos())
        if event.button() == Qt.LeftButton and place and math.hypot(apart.x(), apart.y()) <= SAME_CLICK:
            self.chosen.emit(place)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.all_wanted.emit()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        place = self._place(event.position())
        if place is not None and event.angleDelta().y():
            self.zoomed.emit(place, event.angleDelta().y() / 120)
        event.accept()

    def _place(self, at: QPointF) -> tuple[float, float] | None:
        """The knobs' values under a place of the widget."""
        box = self.getViewBox()
        scene = self.mapToScene(at.toPoint())
        if self._map is None or not box.sceneBoundingRect().contains(scene):
            return None
        point = box.mapSceneToView(scene)
        return value_at(self._map.x, point.x()), value_at(self._map.y, point.y())


class _Pixels(Layer):
    """The map itself, and the cross."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._image: QImage | None = None
        self._rect = QRectF()
        self._mark: QPointF | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_map(self, found: TrainingMap | None) -> None:
        self._image = None if found is None else image_of(_coloured(found)[::-1])
        if found is not None:
            x_low, x_high, y_low, y_high = edges_of(found.x, found.y)
            left, right = laid(found.x, x_low), laid(found.x, x_high)
            low, high = laid(found.y, y_low), laid(found.y, y_high)
            self._rect = QRectF(left, low, right - left, high - low)
            self.set_bounds(self._rect)
        self.update()

    def show_mark(self, place: QPointF) -> None:
        if place != self._mark:
            self._mark = place
            self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        if self._image is None:
            return
        transform = painter.transform()
        painter.setRenderHint(QPainter.SmoothPixmapTransform, False)
        painter.resetTransform()
        painter.drawImage(transform.mapRect(self._rect), self._image)
        if self._mark is not None and self._rect.adjusted(-1e-9, -1e-9, 1e-9, 1e-9).contains(self._mark):
            at, arm = transform.map(self._mark), self._theme.px(9)
            painter.setRenderHint(QPainter.Antialiasing)
            for stroke in (pen("#0b0e13", self._theme.width(5)), pen("#ffffff", self._theme.width(2.2))):
                painter.setPen(stroke)
                painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
                painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
        painter.setTransform(transform)


def _coloured(found: TrainingMap) -> np.ndarray:
    """uint8 (n, n, 3), rows from below: viridis by the cost, warm by how soon it left."""
    costs = found.cost[np.isfinite(found.cost)]
    cost = np.where(np.isfinite(found.cost), found.cost, 0.0)
    if len(costs):
        cost = np.clip(found.cost, lowest(costs), highest(costs))
        cost = np.where(np.isfinite(cost), cost, lowest(costs))
    shown = colours.image(cost, "viridis", len(costs) > 0 and is_logarithmic(costs))
    soon = 1 - np.log1p(np.maximum(found.left, 1)) / math.log1p(max(found.steps, 1))
    warm = colours.table(LEFT)[(90 + 150 * np.clip(soon, 0, 1)).astype(int)]
    return np.where((found.left > 0)[..., None], warm, shown).astype(np.uint8)


def highest(costs: np.ndarray) -> float:
    """The highest cost that has a colour of its own: a few that are about to leave are far above all others."""
    return float(np.percentile(costs, 98))


def lowest(costs: np.ndarray) -> float:
    """The lowest cost that has a colour of its own: what fell to nothing counts as next to nothing."""
    low, high = float(costs.min()), highest(costs)
    return max(low, DEEPEST * high) if low >= 0 else low


def is_logarithmic(costs: np.ndarray) -> bool:
    low, high = lowest(costs), highest(costs)
    return low > 0 and high > 10**DECADES * low


def pixel_at(found: TrainingMap, x: float, y: float) -> tuple[int, int]:
    """(row, column) of the pixel at these values."""
    count = len(found.cost)
    shares = []
    for axis, value in ((found.y, y), (found.x, x)):
        low, high, at = (laid(axis, one) for one in (axis.low, axis.high, value))
        shares.append((at - low) / (high - low))
    row, column = (int(np.clip(math.floor(share * count), 0, count - 1)) for share in shares)
    return row, column


def laid(axis: Axis, value: float) -> float:
    """Where a value is on the plot's axis."""
    return math.log10(value) if axis.logarithmic else value


def value_at(axis: Axis, place: float) -> float:
    return 10.0**place if axis.logarithmic else place


def edges_of(x: Axis, y: Axis) -> tuple[float, float, float, float]:
    return x.low, x.high, y.low, y.high
