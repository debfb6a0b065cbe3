"""Landscape2D: a cost over two parameters seen from above, with the descents on it. Serves the drawing of a frame.

The picture is as large a square as the room allows, with the legend beside it.
"""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QColor, QPainterPath
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.landscape_picture import Basins, LandscapePicture, Terrain, Trail
from widgets import marks
from widgets.axes import Plot
from widgets.colour_bar import ColourBar
from widgets.fast_items import Polylines, Signs, without_crowds
from widgets.legend import Entry, Legend
from widgets.number_text import short
from widgets.terrain_item import TerrainItem, basin_colour
from widgets.theme import DARK, Theme, pen

CASING = "#0b0e13"  # on the picture's own colours, which no theme changes
MOST_BASINS_LISTED = 7
MOST_POINTS = 600
GAP = 16


class Landscape2D(QWidget):
    """Picture, legend, and what the colours mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._terrain: Terrain | None = None
        self._basins: Basins | None = None
        self._plot = Plot("x", "y")
        self._plot.setParent(self)
        self._plot.getViewBox().setAspectLocked(True)
        self._ground, self._paths, self._signs = TerrainItem(), Polylines(), Signs()
        for depth, item in enumerate((self._ground, self._paths, self._signs)):
            item.setZValue(depth)
            self._plot.addItem(item, ignoreBounds=True)
        self._legend = Legend(is_column=True)
        self._bar = ColourBar()
        self._side = QWidget(self)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 4, 0, 0)
        side.addWidget(self._legend)
        side.addStretch(1)
        side.addWidget(self._bar)

    def set_theme(self, theme: Theme) -> None:
        """Axes, legend and line widths."""
        self._theme = theme
        self._plot.set_theme(theme)
        for name in ("left", "bottom"):
            self._plot.getAxis(name).setGrid(False)
        self._legend.set_theme(theme)
        self._bar.set_theme(theme)
        self._ground.set_theme(theme)
        self._fit()

    def show_picture(self, picture: LandscapePicture) -> None:
        """Draw the descents, or the basins, of this moment."""
        if picture.terrain is not self._terrain:
            self._show_terrain(picture.terrain)
        if picture.basins is not self._basins:
            self._basins = picture.basins
            if picture.basins is not None:
                self._ground.show_basins(picture.basins)
            else:
                self._ground.show_terrain(picture.terrain)
            self._fit()
        labels = self._legend.labels()
        signs = self._minima(picture.terrain)
        lines = []
        if picture.basins is None:
            for number, trail in enumerate(picture.trails):
                lines += self._descent(number, trail)
            signs += self._ends(picture.trails)
            self._legend.show_entries(self._runners(picture.trails))
        else:
            self._legend.show_entries(self._owners(picture.terrain, picture.basins))
        if self._legend.labels() != labels:
            self._fit()
        self._paths.show_lines(lines, pen(CASING, self._theme.width(6.5)))
        self._signs.show_signs(signs)

    def set_words(self, x: str, y: str) -> None:
        """What the two axes are."""
        self._plot.set_words(x, y)
        self._fit()

    @property
    def lists_runners(self) -> bool:
        """Whether the legend beside the picture says which line is whose, for the cost plot too."""
        return self._basins is None

    def legend_labels(self) -> tuple[str, ...]:
        """What the legend lists."""
        return self._legend.labels()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show_terrain(self, terrain: Terrain) -> None:
        self._terrain = terrain
        self._ground.show_terrain(terrain)
        self._bar.show_range(float(np.nanmin(terrain.z)), float(np.nanmax(terrain.z)), terrain.logarithmic)
        outline = self._ground.boundingRect()
        for item in (self._paths, self._signs):
            item.set_bounds(outline)
        self._plot.setRange(outline, padding=0)
        self._fit()

    def _fit(self) -> None:
        """Make the plot's inner part exactly as wide as the terrain is, so that no empty rim is shown."""
        rim_x, rim_y = self._plot.rim()
        outline: QRectF = self._ground.boundingRect()
        aspect = outline.width() / outline.height() if outline.height() else 1.0
        self._legend.set_values_shown(True)
        if self._legend.sizeHint().width() > 0.36 * self.width():
            self._legend.set_values_shown(False)
        side = max(self._legend.sizeHint().width(), self._bar.sizeHint().width())
        gap = self._theme.px(GAP)
        inner = max(60, min((self.height() - rim_y) * aspect, self.width() - side - gap - rim_x))
        width, height = round(inner + rim_x), round(inner / aspect + rim_y)
        left = max(0, (self.width() - width - gap - side) // 2)
        self._plot.setGeometry(left, 0, width, height)
        needed = self._legend.sizeHint().height() + self._bar.sizeHint().height() + gap
        self._bar.setVisible(self._basins is None and needed <= height - rim_y)
        self._side.setGeometry(left + width + gap, 0, side, height - round(rim_y) + 7)

    def _minima(self, terrain: Terrain) -> list[tuple]:
        cross = QPainterPath()
        arm = self._theme.px(4)
        for dx, dy in ((arm, 0), (0, arm)):
            cross.moveTo(-dx, -dy)
            cross.lineTo(dx, dy)
        made = []
        for x, y in terrain.minima:
            made.append((cross, pen(CASING, self._theme.width(4)), None, float(x), float(y)))
            made.append((cross, pen("#ffffff", self._theme.width(1.8)), None, float(x), float(y)))
        return made

    def _descent(self, number: int, trail: Trail) -> list:
        points = trail.positions[np.isfinite(trail.positions).all(axis=1)]
        if len(points) < 2:
            return []
        outline = self._ground.boundingRect()
        cell = np.array([outline.width(), outline.height()]) / max(300, self._plot.width())
        keep = points[without_crowds(points, cell)]
        if len(keep) > MOST_POINTS:
            keep = np.concatenate([keep[:: -(-len(keep) // MOST_POINTS)], keep[-1:]])
        return [(self._theme.series_pen(number, 3.5), keep[:, 0], keep[:, 1])]

    def _ends(self, trails: tuple[Trail, ...]) -> list[tuple]:
        made = []
        if trails and len(trails[0].positions):
            x, y = (float(value) for value in trails[0].positions[0])
            made.append((marks.shape(0, self._theme.px(11)), pen(CASING, 2), QColor("#ffffff"), x, y))
        outline = pen("#ffffff", self._theme.width(1.8))
        for number, trail in enumerate(trails):
            x, y = (float(value) for value in trail.positions[-1])
            if np.isfinite(x) and np.isfinite(y):
                # smaller from one to the next, so that those that have met are all to be seen
                shape = marks.shape(number, self._theme.px(20 - 1.3 * number))
                made.append((shape, pen(CASING, self._theme.width(4)), None, x, y))
                made.append((shape, outline, self._theme.series_colour(number), x, y))
        return made

    def _runners(self, trails: tuple[Trail, ...]) -> list[Entry]:
        return [
            Entry(
                trail.label,
                self._theme.series_pen(number, 3.5),
                symbol=number,
                value=short(float(trail.costs[-1])) if len(trail.costs) else "",
            )
            for number, trail in enumerate(trails)
        ]

    def _owners(self, terrain: Terrain, basins: Basins) -> list[Entry]:
        order = np.argsort(-basins.share[:-1], kind="stable")[:MOST_BASINS_LISTED]
        entries = []
        for number in order:
            if basins.share[number] <= 0:
                break
            x, y = terrain.minima[number]
            label = f"({x:.2f}, {y:.2f})".replace("-", "−")
            entries.append(Entry(label, fill=basin_colour(int(number)), value=f"{basins.share[number]:.0%}"))
        if basins.share[-1] > 0:
            entries.append(Entry("lost", fill=basin_colour(-1), value=f"{basins.share[-1]:.0%}"))
        return entries
