"""PointHand: data drawn by hand: a click adds a point, a drag moves one, a right click or a rectangle takes away.

It owns the points while they are being moved, so that the picture follows the hand and not the engine. Serves the
knob: the points are one.
"""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QRubberBand

from widgets.axes import Plot

NEAR = 11.0  # px from a point at which the hand takes it
STILL = 5  # px that a click may shake
PACE_MS = 30  # between two messages while a point is dragged


class PointHand(QObject):
    """Watches the mouse over a plot while it is enabled.

    ``moved`` carries the points (n, 2) as they are now, at every movement; ``changed`` the same as the knob's value
    (x, y, x, y, ...), at most every PACE_MS.
    """

    moved = pyqtSignal(object)
    changed = pyqtSignal(tuple)

    def __init__(self, plot: Plot, most: int) -> None:
        super().__init__(plot)
        self._plot, self._most = plot, most
        self._points = np.empty((0, 2))
        self._is_enabled = False
        self._taken: int | None = None
        self._pressed: QPoint | None = None
        self._band = QRubberBand(QRubberBand.Rectangle, plot.viewport())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PACE_MS)
        self._timer.timeout.connect(self._send_if_waiting)
        self._is_waiting = False
        plot.viewport().installEventFilter(self)
        plot.viewport().setMouseTracking(True)

    @property
    def is_busy(self) -> bool:
        """Whether the hand holds a point, or has just moved one of which the engine may not know yet."""
        return self._taken is not None or self._is_waiting or self._timer.isActive()

    def set_enabled(self, is_enabled: bool) -> None:
        """Whether the points are the person's to draw."""
        self._is_enabled = is_enabled
        if not is_enabled:
            self._let_go()
            self._plot.viewport().unsetCursor()

    def show_points(self, points: np.ndarray) -> None:
        """The points (n, 2) as the knob has them; left alone while the hand holds one."""
        if not self.is_busy:
            self._points = np.array(points, float).reshape(-1, 2)

    def clear(self) -> None:
        """Take all points away."""
        self._let_go()
        self._points = np.empty((0, 2))
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._is_enabled:
            return False
        match event.type():
            case QEvent.MouseButtonPress if event.button() == Qt.LeftButton:
                self._pressed = event.pos()
                self._taken = self._nearest(event.pos())
                return True
            case QEvent.MouseButtonPress if event.button() == Qt.RightButton:
                self._remove_at(event.pos())
                return True
            case QEvent.MouseMove:
                return self._move(event.pos(), event.buttons())
            case QEvent.MouseButtonRelease if event.button() == Qt.LeftButton and self._pressed is not None:
                self._release(event.pos())
                return True
            case QEvent.MouseButtonDblClick:
                return True
        return False

    def _move(self, at: QPoint, buttons: Qt.MouseButtons) -> bool:
        if not buttons & Qt.LeftButton or self._pressed is None:
            self._plot.viewport().setCursor(Qt.OpenHandCursor if self._nearest(at) is not None else Qt.CrossCursor)
            return False
        if self._taken is not None:
            self._plot.viewport().setCursor(Qt.ClosedHandCursor)
            self._points = self._points.copy()
            self._points[self._taken] = self._place(at)
            self._tell()
        elif (at - self._pressed).manhattanLength() > STILL:
            self._band.setGeometry(QRect(self._pressed, at).normalized())
            self._band.show()
        return True

    def _release(self, at: QPoint) -> None:
        if self._taken is None:
            if self._band.isVisible():
                self._remove_in(self._band.geometry())
            elif len(self._points) < self._most and self._is_inside(at):
                self._points = np.concatenate([self._points, [self._place(at)]])
                self._tell()
        self._let_go()

    def _let_go(self) -> None:
        self._taken, self._pressed = None, None
        self._band.hide()
        self._band.setGeometry(QRect(QPoint(), QSize()))

    def _remove_at(self, at: QPoint) -> None:
        nearest = self._nearest(at)
        if nearest is not None:
            self._points = np.delete(self._points, nearest, axis=0)
            self._let_go()
            self._tell()

    def _remove_in(self, rectangle: QRect) -> None:
        places = self._on_screen()
        inside = (
            (places[:, 0] >= rectangle.left())
            & (places[:, 0] <= rectangle.right())
            & (places[:, 1] >= rectangle.top())
            & (places[:, 1] <= rectangle.bottom())
        )
        if inside.any():
            self._points = self._points[~inside]
            self._tell()

    def _tell(self) -> None:
        self.moved.emit(self._points)
        if self._timer.isActive():
            self._is_waiting = True
        else:
            self._send()

    def _send_if_waiting(self) -> None:
        if self._is_waiting:
            self._send()

    def _send(self) -> None:
        self._is_waiting = False
        self._timer.start()
        self.changed.emit(tuple(float(f"{value:.5g}") for value in self._points.ravel()))

    def _nearest(self, at: QPoint) -> int | None:
        places = self._on_screen()
        if not len(places):
            return None
        distance = np.hypot(places[:, 0] - at.x(), places[:, 1] - at.y())
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= NEAR * self._plot.line_scale else None

    def _on_screen(self) -> np.ndarray:
        box = self._plot.getViewBox()
        mapped = [self._plot.mapFromScene(box.mapViewToScene(QPointF(x, y))) for x, y in self._points]
        return np.array([(point.x(), point.y()) for point in mapped], float).reshape(-1, 2)

    def _place(self, at: QPoint) -> tuple[float, float]:
        """In the data's units, kept inside the picture."""
        box = self._plot.getViewBox()
        point = box.mapSceneToView(self._plot.mapToScene(at))
        (left, right), (low, high) = box.viewRange()
        return float(np.clip(point.x(), left, right)), float(np.clip(point.y(), low, high))

    def _is_inside(self, at: QPoint) -> bool:
        return self._plot.getViewBox().sceneBoundingRect().contains(self._plot.mapToScene(at))
