"""TerrainMap: a landscape over two parameters from above, with the descents on it. Serves the landscape, both ways.

For any page: give it a Terrain with ``show_terrain`` and Trails with ``show_trails``; it knows no experiment. A person
drags a ball, clicks into the picture or right-clicks a ball, and hears of it by ``place_dragged`` and its like, in the
landscape's own coordinates. Positions are (x, y) as the terrain's axes have them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize
from PyQt5.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPainterPath
from PyQt5.QtWidgets import QToolTip

from engine.analysis.terrain import Terrain
from engine.landscape.picture import Basins, Trail
from widgets.lanes.lane_paths import LanePaths, Path
from widgets.plotting.fast_items import Layer
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, pen
from widgets.surface.ball_plot import BallPlot
from widgets.surface.descent_marks import (
    BALL_SHARE,
    CASING,
    draw_arrows,
    draw_balls,
    draw_foreseen,
    draw_pending,
)
from widgets.surface.stability_item import StabilityItem
from widgets.surface.terrain_item import TerrainItem
from widgets.surface.trail_painter import TrailPainter
from widgets.surface.update_arrows import lengthening

MOST_NUMBERED = 40  # minima: more have no room for their numbers
GRIP = 16  # px about a ball in which a press takes it


class TerrainMap(BallPlot):
    """A ball has its trail's number, and a place is (x, y)."""

    def __init__(self, bottom: str = "x", left: str = "y", square: bool = True) -> None:
        super().__init__(bottom, left)
        self._terrain: Terrain | None = None
        self._basins: Basins | None = None
        self._is_outdated = False
        self._may_lengthen = True
        self._trails: tuple[Trail, ...] = ()
        self.getViewBox().setAspectLocked(square)
        self._ground, self._descents = TerrainItem(), _Descents(self.lengthening_of)
        self._stability = StabilityItem()
        for depth, item in enumerate((self._ground, self._stability, self._descents)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self._others = LanePaths(self, 0.5)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for name in ("left", "bottom"):
            self.getAxis(name).setGrid(False)
        self._ground.set_theme(theme)
        self._stability.set_theme(theme)
        self._others.set_theme(theme)
        self._descents.set_theme(theme)

    @property
    def terrain(self) -> Terrain | None:
        """What is shown."""
        return self._terrain

    def outline(self) -> QRectF:
        """The terrain's edge, in its own coordinates."""
        return self._ground.boundingRect()

    def show_terrain(self, terrain: Terrain) -> None:
        """Another landscape; the same object again costs nothing."""
        if terrain is self._terrain:
            return
        self._terrain, self._basins, self._is_outdated = terrain, None, False
        self._descents.show_numbers(False)
        self._ground.show_terrain(terrain)
        outline = self._ground.boundingRect()
        self._descents.set_bounds(outline)
        self._others.set_bounds(outline)
        self._descents.show_minima(terrain.minima)
        self.setRange(outline, padding=0)

    def show_basins(self, basins: Basins | None, is_outdated: bool = False) -> None:
        """Colour every start by where it ends, pale where that holds no longer; None shows the cost again."""
        if (basins is self._basins and is_outdated == self._is_outdated) or self._terrain is None:
            return
        self._basins, self._is_outdated = basins, is_outdated
        self._descents.show_numbers(basins is not None)
        if basins is not None:
            self._ground.show_basins(basins, is_outdated)
        else:
            self._ground.show_terrain(self._terrain)

    def ends_at(self, x: float, y: float) -> str:
        """Where a start at this place ends, in one sentence; empty without a map."""
        basins, terrain = self._basins, self._terrain
        if basins is None or not (basins.x[0] <= x <= basins.x[-1] and basins.y[0] <= y <= basins.y[-1]):
            return ""
        owner = int(basins.owner[np.abs(basins.y - y).argmin(), np.abs(basins.x - x).argmin()])
        if owner < 0:
            return (
                "A start here is lost: it leaves the landscape." if owner == -1 else "A start here is still on its way."
            )
        place = ", ".join(f"{value:.2f}" for value in terrain.minima[owner]).replace("-", "−")
        return f"A start here ends in minimum {owner + 1}, at ({place})."

    def show_trails(
        self,
        trails: Sequence[Trail],
        by_descent: bool = True,
        focus: int | None = None,
        dimmed: bool = False,
    ) -> None:
        """The descents so far; ``focus`` is the one whose update's arrows are drawn."""
        self._trails = tuple(trails)
        has_focus = focus is not None and focus < len(self._trails) and self._basins is None
        of = self._trails[focus] if has_focus else None
        self._stability.show_of(self._terrain, of, self._ground.boundingRect(), len(self._trails) > 1)
        self._descents.show_trails(self._trails, by_descent, focus, dimmed)

    def show_overlays(self, paths: Sequence[Path]) -> None:
        """Where other runs have been: lanes with x and y."""
        self._others.show(paths)

    def show_foreseen(self, paths: Sequence[np.ndarray]) -> None:
        """Faintly, where descents would go: (n, 2) each, on the landscape."""
        self._descents.show_foreseen(tuple(paths))

    def show_pending(self, pending: Sequence[tuple[int, tuple[float, ...]]]) -> None:
        """Points that are being prepared, where they were clicked: a number and (x, y) each."""
        self._descents.show_pending(tuple(pending))

    def set_lengthened(self, may_be: bool) -> None:
        """Whether arrows may be drawn longer than they are: only where that is said, too."""
        self._may_lengthen = may_be

    def lengthening_of(self, trail: Trail) -> float:
        """By how much this descent's arrows are drawn longer than they are."""
        if not self._may_lengthen:
            return 1.0
        return lengthening(trail, abs(self.getViewBox().viewPixelSize()[0]), self._terrain)

    def balls(self) -> list[QPointF]:
        """Where the descents' balls are, in px of this widget."""
        return [self._to_px(trail.positions[-1]) for trail in self._trails]

    def can_add_at(self, px: QPointF) -> bool:
        return self.outline().contains(self.getViewBox().mapSceneToView(self.mapToScene(px.toPoint())))

    def hover(self, event: QMouseEvent) -> None:
        if self._basins is None and not self._stability.words:
            return
        view = self.getViewBox().mapSceneToView(self.mapToScene(event.pos()))
        said = self.ends_at if self._basins is not None else self.bend_at
        QToolTip.showText(event.globalPos(), said(view.x(), view.y()), self)

    def bend_at(self, x: float, y: float) -> str:
        """Whether a step is stable at this place, in one sentence; empty where no curve says so."""
        terrain, words = self._terrain, self._stability.words
        if not words or not self.outline().contains(x, y):
            return ""
        bend = float(terrain.bends[np.abs(terrain.y - y).argmin(), np.abs(terrain.x - x).argmin()])
        edge = words.partition("λ = ")[2]
        if not np.isfinite(bend):
            return ""
        much = f"The cost bends by {short(bend)} here"
        if self._stability.is_beyond(bend):
            return f"{much}, more than {edge}: each step overshoots by more than the one before."
        return f"{much}, less than {edge}: a step is stable."

    def taken_at(self, px: QPointF) -> int | None:
        """The trail whose ball, or start, is near; the balls go before the starts."""
        if not self._trails:
            return None
        grip = self._theme.px(GRIP)
        for row in (-1, 0):
            ends = [self._to_px(trail.positions[row]) for trail in self._trails]
            apart = [(end - px).manhattanLength() for end in ends]
            if min(apart) <= grip:
                return int(np.argmin(apart))
        return None

    def _to_px(self, position: np.ndarray) -> QPointF:
        if not np.isfinite(position).all():
            return QPointF(-1e6, -1e6)
        scene = self.getViewBox().mapViewToScene(QPointF(float(position[0]), float(position[1])))
        return QPointF(self.mapFromScene(scene))

    def place_at(self, px: QPointF) -> tuple[float, float]:
        view = self.getViewBox().mapSceneToView(self.mapToScene(px.toPoint()))
        x, y = self._terrain.x, self._terrain.y
        return (
            float(np.clip(view.x(), x[0], x[-1])),
            float(np.clip(view.y(), y[0], y[-1])),
        )


class _Descents(Layer):
    """Minima, trails, starts, balls and arrows, in screen coordinates, so that nothing is stretched."""

    def __init__(self, lengthening_of: Callable[[Trail], float]) -> None:
        super().__init__()
        self._lengthening_of = lengthening_of
        self._theme = DARK
        self._trails: tuple[Trail, ...] = ()
        self._minima = np.empty((0, 2))
        self._are_numbered = False
        self._foreseen: tuple[np.ndarray, ...] = ()
        self._pending: tuple[tuple[int, tuple[float, ...]], ...] = ()
        self._by_descent, self._focus, self._dimmed = True, None, False
        self._painter = TrailPainter()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_minima(self, minima: np.ndarray) -> None:
        self._minima = minima
        self.update()

    def show_numbers(self, are_numbered: bool) -> None:
        """Whether the minima have their numbers beside them, the lowest 1."""
        self._are_numbered = are_numbered
        self.update()

    def show_trails(self, trails: tuple[Trail, ...], by_descent: bool, focus: int | None, dimmed: bool) -> None:
        self._trails, self._by_descent, self._focus, self._dimmed = trails, by_descent, focus, dimmed
        self.update()

    def show_foreseen(self, paths: tuple[np.ndarray, ...]) -> None:
        self._foreseen = paths
        self.update()

    def show_pending(self, pending: tuple[tuple[int, tuple[float, ...]], ...]) -> None:
        self._pending = pending
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        t = painter.transform()
        device = painter.device()
        view = (t.m11(), t.m22(), t.dx(), t.dy())

        def project(places: np.ndarray) -> tuple[np.ndarray, None]:
            return places * [t.m11(), t.m22()] + [t.dx(), t.dy()], None

        painter.resetTransform()
        painter.setRenderHint(QPainter.Antialiasing)
        edge = t.mapRect(self.boundingRect())
        painter.setClipRect(edge)
        self._draw_minima(painter, project, edge)
        draw_foreseen(painter, self._theme, self._foreseen, project)
        if self._dimmed:
            painter.setOpacity(0.75)
        size = QSize(device.width(), device.height())
        self._painter.paint(painter, size, view, self._trails, self._theme, project, self._by_descent)
        painter.setOpacity(1.0)
        if self._focus is not None and self._focus < len(self._trails):
            trail = self._trails[self._focus]
            draw_arrows(painter, self._theme, trail, self._lengthening_of(trail), project)
        painter.setClipRect(edge.adjusted(-14, -14, 14, 14))
        draw_balls(painter, self._theme, self._trails, project, BALL_SHARE * edge.width())
        draw_pending(painter, self._theme, self._pending, project, BALL_SHARE * edge.width())
        painter.setTransform(t)

    def _draw_minima(self, painter: QPainter, project, edge: QRectF) -> None:
        if not len(self._minima):
            return
        arm = min(self._theme.px(4), 4)
        cross = QPainterPath()
        for dx, dy in ((arm, 0), (0, arm)):
            cross.moveTo(-dx, -dy)
            cross.lineTo(dx, dy)
        for x, y in project(self._minima[:60])[0]:
            painter.translate(x, y)
            for stroke in (pen(CASING, 4), pen("#ffffff", 1.8)):
                painter.strokePath(cross, stroke)
            painter.translate(-x, -y)
        if self._are_numbered and len(self._minima) <= MOST_NUMBERED:
            font = self._theme.font(11, bold=True)
            metrics = QFontMetrics(font)
            for number, (x, y) in enumerate(project(self._minima)[0]):
                text = QPainterPath()
                up = arm + 4 if y - arm - metrics.ascent() > edge.top() else -arm - metrics.ascent()
                text.addText(x - metrics.horizontalAdvance(str(number + 1)) / 2, y - up, font, str(number + 1))
                painter.strokePath(text, pen(CASING, 3))
                painter.fillPath(text, QColor("#ffffff"))
