"""Surface3D: a landscape over two parameters as a body to turn, with the same descents as on its map.

For any page, as TerrainMap: ``use_gl`` once, then ``show_terrain`` and ``show_trails``. OpenGL draws the body into a
picture that is kept while the camera stands still; the descents are painted over it, faintly where they pass behind a
hill. Drag turns and tilts, the wheel zooms, a double click puts the camera back. Serves the landscape.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PyQt5.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from engine.analysis.terrain import Terrain
from engine.landscape.picture import Trail
from widgets.plotting.pixels import density_of, takes_lines
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, faded, pen
from widgets.surface.descent_marks import BALL_SHARE, draw_arrows, draw_balls, draw_foreseen
from widgets.surface.gl_context import GlContext
from widgets.surface.stability_item import curve, draw_curve
from widgets.surface.terrain_mesh import FLOOR, HALF_HEIGHT, TerrainMesh
from widgets.surface.trail_painter import MOST, TrailPainter
from widgets.surface.update_arrows import lengthening

SMOOTH = 4  # samples a pixel when the camera stands
SETTLED_MILLISECONDS = 140  # without a movement of the camera, before the fine picture is made
MOST_TURNING = 300  # points a trail while the camera moves
TIP = "Drag to turn and tilt, wheel to zoom, double click to put it back."
PRINTED = 3.0  # dots a px of the body in a drawing of lines
HIDDEN_BEHIND = 0.02  # of the body: how far behind the surface a point is hidden


class Surface3D(QWidget):
    """Shows nothing until it has a GL context, a terrain and a size."""

    def __init__(self, across: str = "x", up: str = "y", height: str = "cost", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = (across, up, height)
        self._theme = DARK
        self._gl: GlContext | None = None
        self._scene = None
        self._terrain: Terrain | None = None
        self._mesh: TerrainMesh | None = None
        self._trails: tuple[Trail, ...] = ()
        self._foreseen: tuple[np.ndarray, ...] = ()
        self._by_descent, self._focus = True, None
        self._edge_of: tuple = ()
        self._edge = np.empty((0, 2, 2))  # where a step is stable
        self._may_lengthen = True
        self._pixel: float | None = None
        self._image: QImage | None = None
        self._distance = np.zeros((1, 1), np.float32)
        self._matrix = np.eye(4)
        self._is_fine = False
        self._from: QPointF | None = None
        self._painter = TrailPainter()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLED_MILLISECONDS)
        self._settle.timeout.connect(self._refine)
        # One turn of the event loop later than the map, so that a hand's movements get in between the two.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Ignored)
        self.setCursor(Qt.OpenHandCursor)
        self.setToolTip(TIP)
        self.setAccessibleName("Surface")

    @property
    def problem(self) -> str:
        """Why there is no surface, in one sentence; empty where there is one, or where nobody has looked yet."""
        return "" if self._gl is None else self._gl.problem

    @property
    def can_draw(self) -> bool:
        """Whether there is an OpenGL to draw with."""
        return self._gl is not None and not self._gl.problem

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL, once the window is on the screen."""
        self._gl = gl
        self._forget_picture()

    def set_theme(self, theme: Theme) -> None:
        """Background, text and line widths."""
        self._theme = theme
        self._forget_picture()

    def set_pixel(self, pixel: float | None) -> None:
        """One px of a map beside it, on the landscape: the arrows of both are then lengthened alike."""
        self._pixel = pixel

    def set_words(self, across: str, up: str) -> None:
        """What the two axes of the floor are."""
        self._words = (across, up, self._words[2])
        self.update()

    def show_terrain(self, terrain: Terrain) -> None:
        """Another landscape; the same object again costs nothing."""
        if terrain is not self._terrain:
            self._terrain, self._mesh = terrain, None
            self._forget_picture()

    def show_trails(self, trails: Sequence[Trail], by_descent: bool = True, focus: int | None = None) -> None:
        """The descents so far; ``focus`` is the one whose update's arrows are drawn."""
        self._trails, self._by_descent, self._focus = tuple(trails), by_descent, focus
        key = (self._terrain, self._trails[focus].edge if focus is not None and focus < len(self._trails) else None)
        if key != self._edge_of:
            self._edge_of, self._edge = key, curve(*key) if self._terrain is not None else np.empty((0, 2, 2))
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def show_foreseen(self, paths: Sequence[np.ndarray]) -> None:
        """Faintly, where descents would go: (n, 2) each, on the landscape."""
        self._foreseen = tuple(paths)
        if self.isVisible():
            self.update()

    def set_lengthened(self, may_be: bool) -> None:
        """Whether arrows may be drawn longer than they are: only where that is said, too."""
        self._may_lengthen = may_be

    def lengthening_of(self, trail: Trail) -> float:
        """By how much this descent's arrows are drawn longer than they are."""
        if not self._may_lengthen:
            return 1.0
        pixel = self._pixel or float(self._terrain.x[-1] - self._terrain.x[0]) / (0.6 * max(1, self.width()))
        return lengthening(trail, pixel, self._terrain)

    def turn(self, azimuth: float, elevation: float) -> None:
        """Turn and tilt by so many degrees."""
        self._made_scene().turn(azimuth, elevation)
        self._camera_moved()

    def zoom(self, factor: float) -> None:
        """Nearer by so much."""
        self._made_scene().zoom(factor)
        self._camera_moved()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.can_draw or self._terrain is None or self.width() < 20 or self.height() < 20:
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(self.rect(), Qt.AlignCenter | Qt.TextWordWrap, self.problem)
            return
        density = PRINTED if takes_lines(painter) else density_of(painter)
        if self._image is None or abs(self._image.devicePixelRatioF() - density) > 1e-3:
            self._draw_body(SMOOTH if not self._settle.isActive() else 0, density)
        painter.drawImage(0, 0, self._image)
        painter.setRenderHint(QPainter.Antialiasing)
        self._draw_axes(painter)
        draw_curve(painter, self._theme, self._edge, self._standing)
        draw_foreseen(painter, self._theme, self._foreseen, self._draped)
        turning = self._settle.isActive()
        view = (*self._matrix.ravel().tolist(), turning)
        self._painter.paint(
            painter, self.size(), view, self._trails, self._theme, self._draped, self._by_descent,
            MOST_TURNING if turning else MOST,
        )  # fmt: skip
        if self._focus is not None and self._focus < len(self._trails):
            trail = self._trails[self._focus]
            draw_arrows(painter, self._theme, trail, self.lengthening_of(trail), self._draped, scales=False)
        draw_balls(painter, self._theme, self._trails, self._standing, BALL_SHARE * min(self.width(), self.height()))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._camera_moved()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.localPos()
        self.setCursor(Qt.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None and self.can_draw:
            moved = event.localPos() - self._from
            self._from = event.localPos()
            self.turn(-0.4 * moved.x(), 0.4 * moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None
        self.setCursor(Qt.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.can_draw:
            self._made_scene().put_back()
            self._camera_moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.can_draw:
            self.zoom(1.0 + 0.001 * event.angleDelta().y())
        event.accept()

    def _camera_moved(self) -> None:
        if self._image is not None:
            self._settle.start()
        self._forget_picture()

    def _refine(self) -> None:
        if not self._is_fine:
            self._forget_picture()

    def _forget_picture(self) -> None:
        self._image = None
        self.update()

    def _made_scene(self):
        if self._scene is None:
            self._scene = self._gl.scene()
        return self._scene

    def _draw_body(self, samples: int, ratio: float) -> None:
        scene = self._made_scene()
        if self._mesh is None:
            self._mesh = TerrainMesh(self._terrain)
            scene.show_body(self._mesh)
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        self._image, self._distance = scene.picture(size, QColor(self._theme.background), samples)
        self._image.setDevicePixelRatio(ratio)
        self._matrix = scene.matrix()
        self._is_fine = samples > 0

    def _projected(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of the scene, (n, 3), in px (n, 2), and which are not behind the surface (n,)."""
        clip = np.column_stack([places, np.ones(len(places))]) @ self._matrix.T
        w = np.maximum(clip[:, 3:], 1e-6)
        share = clip[:, :2] / w * [0.5, -0.5] + 0.5
        rows, columns = self._distance.shape
        at = np.clip((share * [columns, rows]).astype(int), 0, [columns - 1, rows - 1])
        shown = w[:, 0] <= self._distance[at[:, 1], at[:, 0]] + HIDDEN_BEHIND
        return share * [self.width(), self.height()], shown

    def _draped(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        terrain = self._terrain
        low, high = (terrain.x[0], terrain.y[0]), (terrain.x[-1], terrain.y[-1])
        return self._projected(self._mesh.draped(np.clip(positions, low, high)))

    def _standing(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self._projected(self._mesh.places(np.asarray(positions)))

    def _draw_axes(self, painter: QPainter) -> None:
        """The floor's edges that are nearest, with the axes' words and ends, and the cost's range at a corner."""
        floor = -FLOOR
        corners = np.array([[-1, -1, floor], [1, -1, floor], [1, 1, floor], [-1, 1, floor]], float)
        clip = np.column_stack([corners, np.ones(4)]) @ self._matrix.T
        nearest = int(np.argmin(clip[:, 3]))
        px, _ = self._projected(corners)
        painter.setFont(self._theme.font(12))
        middle = self._projected(np.zeros((1, 3)))[0][0]
        terrain = self._terrain
        for other in ((nearest + 1) % 4, (nearest - 1) % 4):
            painter.setPen(pen(faded(self._theme.quiet, 0.8), self._theme.width(1.2)))
            painter.drawLine(QPointF(*px[nearest]), QPointF(*px[other]))
            axis = 0 if corners[nearest, 1] == corners[other, 1] else 1
            samples = (terrain.x, terrain.y)[axis]
            painter.setPen(QColor(self._theme.quiet))
            for corner, share in ((nearest, 0.12), (other, 0.9)):
                text = short(float(samples[0 if corners[corner, axis] < 0 else -1]))
                if corner == nearest:  # where the other edge's number stands too
                    half = 0.5 * painter.fontMetrics().horizontalAdvance(text) + self._theme.px(3)
                    share = min(0.4, max(share, half / max(1.0, float(np.hypot(*(px[other] - px[nearest]))))))
                self._word(painter, text, px[nearest] + (px[other] - px[nearest]) * share, middle)
            painter.setPen(QColor(self._theme.text))
            self._word(painter, self._words[axis], (px[nearest] + px[other]) / 2, middle)
        self._draw_height(painter, corners, px)

    def _draw_height(self, painter: QPainter, corners: np.ndarray, px: np.ndarray) -> None:
        """The cost's axis, upright at the floor's corner farthest to the left, with the cost's lowest and highest."""
        left = int(np.argmin(px[:, 0]))
        ends = np.repeat(corners[[left]], 2, axis=0)
        ends[:, 2] = -HALF_HEIGHT, HALF_HEIGHT
        (low, high), _ = self._projected(ends)
        painter.setPen(pen(faded(self._theme.quiet, 0.8), self._theme.width(1.2)))
        painter.drawLine(QPointF(*low), QPointF(*high))
        z = self._terrain.z
        metrics, gap = painter.fontMetrics(), self._theme.px(6)
        words = (
            (short(float(np.nanmax(z))), high, self._theme.quiet),
            (short(float(np.nanmin(z))), low, self._theme.quiet),
        )
        if abs(high[1] - low[1]) > 2.2 * metrics.height():
            words = (*words, (self._words[2], (low + high) / 2, self._theme.text))
        for text, at, colour in words:
            painter.setPen(QColor(colour))
            x = max(0.0, at[0] - gap - metrics.horizontalAdvance(text))
            painter.drawText(QPointF(x, at[1] + metrics.ascent() / 3), text)

    def _word(self, painter: QPainter, text: str, at: np.ndarray, middle: np.ndarray) -> None:
        """A word just outside an edge."""
        away = at - middle
        away = away / (np.hypot(*away) or 1.0)
        metrics = painter.fontMetrics()
        size = np.array([metrics.horizontalAdvance(text) + 2.0, metrics.height()])
        place = at + away * (self._theme.px(5) + np.abs(away) @ size / 2)
        left, top = np.clip(place - size / 2, 0, np.maximum([self.width(), self.height()] - size, 0))
        painter.drawText(QRectF(left, top, *size), Qt.AlignCenter, text)
