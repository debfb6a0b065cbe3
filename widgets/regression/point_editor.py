"""PointEditor: data drawn by hand: a click or a drag adds points, a drag on one moves it, the right button erases.

It owns the points while they are being moved, so that the picture follows the hand and not the engine. Serves the
knob: the points are one.
"""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, pyqtSignal

from widgets.plotting.axes import Plot

NEAR = 11.0  # px from a point at which the hand takes it
STILL = 5  # px that a click may shake
SPACING = 26.0  # px between two points that are drawn on one way
PACE_MS = 30  # between two messages while a point is dragged


class PointEditor(QObject):
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
        self._drawn_to: QPointF | None = None  # the last point of the way that is being drawn
        self._erased_to: QPoint | None = None  # where the eraser is, while the right button is held
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
            case QEvent.MouseButtonPress if event.button() == Qt.RightButton and self._pressed is None:
                self._erased_to = event.pos()
                self._erase(event.pos())
                return True
            case QEvent.MouseButtonRelease if event.button() == Qt.RightButton and self._erased_to is not None:
                self._erased_to = None
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
        if buttons & Qt.RightButton and self._erased_to is not None:
            self._erase(at)
            return True
        if not buttons & Qt.LeftButton or self._pressed is None:
            self._plot.viewport().setCursor(Qt.OpenHandCursor if self._nearest(at) is not None else Qt.CrossCursor)
            return False
        if self._taken is not None:
            self._plot.viewport().setCursor(Qt.ClosedHandCursor)
            self._points = self._points.copy()
            self._points[self._taken] = self._place(at)
            self._tell()
        elif self._drawn_to is not None or (at - self._pressed).manhattanLength() > STILL:
            self._draw_to(QPointF(at))
        return True

    def _release(self, at: QPoint) -> None:
        if self._taken is None and self._drawn_to is None:
            self._add([QPointF(at)])
        self._let_go()

    def _let_go(self) -> None:
        self._taken, self._pressed, self._drawn_to, self._erased_to = None, None, None, None

    def _draw_to(self, at: QPointF) -> None:
        """Points along the way from the last one drawn, evenly apart, however fast the hand goes."""
        places = []
        if self._drawn_to is None:
            self._drawn_to = QPointF(self._pressed)
            places.append(self._drawn_to)
        spacing = SPACING * self._plot.line_scale
        way = at - self._drawn_to
        length = float(np.hypot(way.x(), way.y()))
        for _ in range(int(length / spacing)):
            self._drawn_to = self._drawn_to + way * (spacing / length)
            places.append(self._drawn_to)
        self._add(places)

    def _add(self, places: list[QPointF]) -> None:
        """One point for each of these places that lies in the picture, as long as there are few enough."""
        inside = [place for place in places if self._is_inside(place)][: max(0, self._most - len(self._points))]
        if inside:
            self._points = np.concatenate([self._points, [self._place(place) for place in inside]])
            self._tell()

    def _erase(self, at: QPoint) -> None:
        """Take away the nearest point; on a way of the hand, every point that it passes near."""
        start = np.array([self._erased_to.x(), self._erased_to.y()], float)
        way = np.array([at.x(), at.y()], float) - start
        self._erased_to = at
        places = self._on_screen()
        if not len(places):
            return
        share = np.clip((places - start) @ way / max(float(way @ way), 1e-9), 0, 1)
        apart = np.hypot(*(places - start - share[:, None] * way).T)
        erased = apart <= NEAR * self._plot.line_scale
        if not way.any():  # a click takes one, however close the next is
            erased &= np.arange(len(apart)) == apart.argmin()
        if erased.any():
            self._points = self._points[~erased]
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

    def _place(self, at: QPoint | QPointF) -> tuple[float, float]:
        """In the data's units, kept inside the picture."""
        box = self._plot.getViewBox()
        point = box.mapSceneToView(self._plot.viewportTransform().inverted()[0].map(QPointF(at)))
        (left, right), (low, high) = box.viewRange()
        return float(np.clip(point.x(), left, right)), float(np.clip(point.y(), low, high))

    def _is_inside(self, at: QPointF) -> bool:
        place = self._plot.viewportTransform().inverted()[0].map(at)
        return self._plot.getViewBox().sceneBoundingRect().contains(place)
