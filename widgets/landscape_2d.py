"""Landscape2D: a cost over two parameters, from above and as a surface, with the descents on both.

Squares as large as the room allows, the legend beside them, and under them the next step with its numbers. Serves the
drawing of a frame.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PyQt5.QtCore import QRectF, pyqtSignal
from PyQt5.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.landscape_picture import Basins, Foresight, LandscapePicture, Terrain, Trail
from widgets.colour_bar import ColourBar
from widgets.gl_context import GlContext
from widgets.legend import Entry, Legend
from widgets.number_text import short
from widgets.surface_3d import Surface3D
from widgets.terrain_item import basin_colour
from widgets.terrain_map import TerrainMap
from widgets.theme import DARK, Theme
from widgets.update_strip import UpdateStrip, moving_one

MOST_BASINS_LISTED = 24
GAP = 14
TOO_SMALL = 0.8  # of what the height would allow: the pictures need the legend's room
ON_ITS_WAY, LOST = -2, -1  # what a start without a minimum belongs to


class Landscape2D(QWidget):
    """``start_dragged``, ``place_clicked`` and ``point_removed`` as TerrainMap has them."""

    start_dragged = pyqtSignal(int, object)
    place_clicked = pyqtSignal(object)
    point_removed = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._wanted = "both"
        self._basins: Basins | None = None
        self._picture: LandscapePicture | None = None
        self._focus = 0
        self._shows_basins = False
        self.map, self.surface = TerrainMap(), Surface3D()
        self.strip = UpdateStrip()
        self._why_no_surface = QLabel()
        self._why_no_surface.setProperty("role", "quiet")
        self._why_no_surface.setWordWrap(True)
        self._legend = Legend(is_column=True)
        self._row = Legend()  # in place of the column, and of the equation, where there is little room
        self._bar = ColourBar()
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 4, 0, 0)
        side.addWidget(self._legend)
        side.addWidget(self._why_no_surface)
        side.addStretch(1)
        side.addWidget(self._bar)
        for part in (self.map, self.surface, self._side, self.strip, self._row):
            part.setParent(self)
        self.map.place_dragged.connect(self.start_dragged)
        self.map.place_clicked.connect(self.place_clicked)
        self.map.place_removed.connect(self.point_removed)

    @property
    def lists_runners(self) -> bool:
        """Whether the legend beside the picture says which line is whose, for the cost plot too."""
        return self._picture is not None and self._picture.basins_of is None and len(self._picture.trails) > 1

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL; without one the contours stand alone."""
        self.surface.use_gl(gl)
        self._why_no_surface.setText(gl.problem)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Axes, legend and line widths."""
        self._theme = theme
        for part in (self.map, self.surface, self._legend, self._row, self._bar, self.strip):
            part.set_theme(theme)
        self._fit()

    def show_view(self, view: str) -> None:
        """Which of both is shown: "both", "contours" or "surface"."""
        if view != self._wanted:
            self._wanted = view
            self._fit()

    def show_focus(self, number: int) -> None:
        """Whose next step is taken apart."""
        self._focus = number
        if self._picture is not None:
            self.show_picture(self._picture)

    def show_picture(self, picture: LandscapePicture) -> None:
        """Draw the descents of this moment."""
        first, self._picture = self._picture is None, picture
        another = picture.terrain is not self.map.terrain
        self.map.show_terrain(picture.terrain)
        self.surface.show_terrain(picture.terrain)
        if another:
            self._basins = None  # a map of another landscape's minima
            z = picture.terrain.z
            self._bar.show_range(float(np.nanmin(z)), float(np.nanmax(z)), picture.terrain.logarithmic)
        if picture.basins is not None:
            self.show_basins(picture.basins)
        else:
            self.show_basins(self._basins if picture.basins_of is not None else None)
        focus = moving_one(picture.trails, self._focus)
        shows_arrows = picture.basins_of is None
        self.map.show_trails(
            picture.trails, picture.by_runner, focus if shows_arrows else None, dimmed=not shows_arrows
        )
        self.surface.show_trails(picture.trails, picture.by_runner, focus if shows_arrows else None)
        trail = picture.trails[focus]
        self.strip.show_trail(trail, focus if len(picture.trails) > 1 else None, picture.step)
        labels = self._legend.labels()
        self._legend.show_entries(self._entries(picture))
        runners = self._runners(picture.trails) if len(picture.trails) > 1 else []
        self._row.show_entries([replace(entry, value="") for entry in runners])
        if another or first or labels != self._legend.labels() or self._shows_basins == shows_arrows:
            self._fit()

    def show_foresight(self, foresight: Foresight | None) -> None:
        """Faintly, where the descents will go; None shows nothing."""
        paths = () if foresight is None else foresight.positions
        self.map.show_foreseen(paths)
        self.surface.show_foreseen(paths)

    def show_basins(self, basins: Basins | None) -> None:
        """Where every start ends, in colours; None shows the cost again."""
        is_outdated = basins is not None and self._picture is not None and basins.of != self._picture.basins_of
        self.map.show_basins(basins, is_outdated and bool(basins.of))
        if basins is self._basins:
            return
        self._basins = basins
        if self._picture is not None:
            self._legend.show_entries(self._entries(self._picture))
            self._fit()

    def legend_labels(self) -> tuple[str, ...]:
        """What the legend lists."""
        return self._legend.labels()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _entries(self, picture: LandscapePicture) -> list[Entry]:
        if picture.basins_of is not None or picture.basins is not None:
            return [] if self._basins is None else self._owners(picture.terrain, self._basins)
        return self._runners(picture.trails) if len(picture.trails) > 1 else []

    def _fit(self) -> None:
        """Give the map's inner part exactly the terrain's shape, so that no empty rim is shown."""
        shows_surface = self.surface.can_draw and self._wanted != "contours" and self._basins is None
        shows_map = not shows_surface or self._wanted != "surface"
        self._shows_basins = self._picture is not None and self._picture.basins_of is not None
        no_surface = bool(self.surface.problem) and self._wanted != "contours"
        self._why_no_surface.setVisible(no_surface)
        gap = self._theme.px(GAP)
        height = self.height() - (0 if self._shows_basins else self.strip.height() + 4)
        rim_x, rim_y = self.map.rim()
        outline: QRectF = self.map.outline()
        aspect = outline.width() / outline.height() if outline.height() else 1.0
        self._legend.set_values_shown(True)
        is_crowded = shows_map and shows_surface and self.width() < self._theme.px(1000)
        most = 0.3 if self._basins is None else 0.42
        if is_crowded or self._legend.sizeHint().width() > most * self.width():
            self._legend.set_values_shown(False)
        side = self._legend.sizeHint().width() if self._legend.labels() else 0
        if shows_map and shows_surface and (self.width() - side - 2 * rim_x) / 2 < TOO_SMALL * (height - rim_y):
            side = 0
        as_row = bool(self._legend.labels()) and side == 0
        self.strip.setVisible(not self._shows_basins and not as_row)
        self._row.setVisible(as_row)
        self.strip.setGeometry(0, height + 4, self.width(), self.strip.height())
        self._row.setGeometry(0, height + 4, self.width(), self._row.sizeHint().height())
        shows_bar = shows_map and self._basins is None and not is_crowded
        side = max(side, self._bar.sizeHint().width() if shows_bar else 0, self._theme.px(150) if no_surface else 0)
        room = self.width() - (side + gap if side else 0)
        inner = max(60, (height - rim_y) * aspect)
        if shows_map and shows_surface:
            inner = min(inner, (room - rim_x - gap) / 2.12)
            body = min(room - rim_x - inner - gap, 1.35 * height)
        elif shows_map:
            inner, body = min(inner, room - rim_x), 0
        else:
            inner, body = 0, min(room, 1.7 * height)
        self.surface.set_pixel(outline.width() / inner if shows_map and inner else None)
        width = round(inner + rim_x) if shows_map else 0
        tall = round(inner / aspect + rim_y) if shows_map else height
        total = width + (gap + body if shows_surface and shows_map else body) + (gap + side if side else 0)
        left, top = max(0, round((self.width() - total) / 2)), max(0, (height - tall) // 2)
        self.map.setVisible(shows_map)
        self.map.setGeometry(left, top, width, tall)
        left += width + (gap if shows_map else 0)
        self.surface.setVisible(shows_surface)
        if shows_surface:
            self.surface.setGeometry(left, 0, round(body), height)
            left += round(body) + gap
        needed = self._legend.sizeHint().height() + self._bar.sizeHint().height() + gap
        self._bar.setVisible(shows_bar and needed <= tall - rim_y)
        self._side.setVisible(side > 0)
        self._side.setGeometry(left, top, side, tall - round(rim_y) + 7)

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
        order = [int(number) for number in np.argsort(-basins.share[:-2], kind="stable") if basins.share[number] > 0]
        order.sort(key=lambda number: number >= terrain.lowest)  # the lowest first, whatever their share
        # three more rows are for the rest
        rows = int(self.height() / (1.5 * self._legend.fontMetrics().height())) - 4
        order = order[: max(2, min(rows, MOST_BASINS_LISTED))]
        are_alike = terrain.lowest >= len(terrain.minima)
        entries = []
        for number in order:
            x, y = terrain.minima[number]
            label = f"{number + 1}  ({x:.2f}, {y:.2f})".replace("-", "−")
            label += " lowest" if number < terrain.lowest and not are_alike else ""
            fill = basin_colour(number, terrain.minima)
            entries.append(Entry(label, fill=fill, value=f"{basins.share[number]:.0%}"))
        rest = 1 - basins.share[order].sum() - basins.share[-2:].sum()
        if rest > 0.0005:
            entries.append(Entry("other minima", value=f"{rest:.0%}"))
        for label, place in (("on its way", ON_ITS_WAY), ("lost", LOST)):
            if basins.share[place] > 0:
                entries.append(
                    Entry(label, fill=basin_colour(place, terrain.minima), value=f"{basins.share[place]:.0%}")
                )
        return entries
