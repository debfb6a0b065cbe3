"""Landscape2D: a cost over two parameters, from above and as a surface, with the descents on both.

Squares as large as the room allows, the legend beside them, or under them, and there the next step with its numbers.
Serves the drawing of a frame.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PyQt5.QtCore import QRectF, pyqtSignal
from PyQt5.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.analysis.terrain import Terrain
from engine.landscape.picture import Basins, Foresight, LandscapePicture, Trail, sign_of
from widgets.landscape.update_equation import UpdateEquation, moving_one
from widgets.plotting.colour_bar import ColourBar
from widgets.plotting.legend import Entry, Legend
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme
from widgets.surface.gl_context import GlContext
from widgets.surface.surface_3d import Surface3D
from widgets.surface.terrain_item import basin_colour
from widgets.surface.terrain_map import TerrainMap
from widgets.surface.update_arrows import MOST, as_long

MOST_BASINS_LISTED = 24
GAP = 14
TOO_SMALL = 0.8  # of what the height would allow: the pictures need the legend's room
OF_BASINS = (
    "Each start has the colour of the minimum in whose neighbourhood its descent ends, with the share of all starts. "
    "On its way: near none when the steps are over. Lost: a step led it out of the landscape."
)
LEAST_BODY = 0.75  # of the map's height: the surface's width, where room is short
CROWDED = 1000  # px of usual text, below which two pictures leave none for the bar of the cost's colours
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
        self._least = 0  # px
        self.says_aside = False  # whether there is another equation for where this one has no room
        self.of_the_arrows = ""  # by how much they are drawn longer than they are, in words
        self._shows_basins, self._has_legend, self._is_short = False, True, False
        self.map, self.surface = TerrainMap(), Surface3D()
        self.equation = UpdateEquation()
        self._why_no_surface = QLabel()
        self._why_no_surface.setProperty("role", "quiet")
        self._why_no_surface.setWordWrap(True)
        self._legend = Legend(is_column=True)
        self._row = Legend()  # in place of the column where there is little room
        self._bar = ColourBar()
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 4, 0, 0)
        side.addWidget(self._legend)
        side.addWidget(self._why_no_surface)
        side.addStretch(1)
        side.addWidget(self._bar)
        for part in (self.map, self.surface, self._side, self.equation, self._row):
            part.setParent(self)
        self.map.place_dragged.connect(self.start_dragged)
        self.map.place_clicked.connect(self.place_clicked)
        self.map.place_removed.connect(self.point_removed)

    @property
    def lists_descents(self) -> bool:
        """Whether the legend beside the picture says which line is whose, for the cost plot too."""
        has_several = self._picture is not None and self._picture.basins_of is None and len(self._picture.trails) > 1
        return has_several and self._has_legend

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL; without one the contours stand alone."""
        self.surface.use_gl(gl)
        self._why_no_surface.setText(gl.problem)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Axes, legend and line widths."""
        self._theme = theme
        for part in (self.map, self.surface, self._legend, self._row, self._bar, self.equation):
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
            picture.trails, picture.by_descent, focus if shows_arrows else None, dimmed=not shows_arrows
        )
        self.surface.show_trails(picture.trails, picture.by_descent, focus if shows_arrows else None)
        trail = picture.trails[focus]
        self.of_the_arrows = self._of_the_arrows(trail) if shows_arrows else ""
        sign = sign_of(picture.trails, focus) if len(picture.trails) > 1 else None
        self.equation.show_trail(trail, sign, picture.step, self.of_the_arrows)
        labels = self._legend.labels()
        self._legend.show_entries(self._entries(picture))
        descents = self._descents(picture.trails) if len(picture.trails) > 1 else []
        self._row.show_entries([replace(entry, value="") for entry in descents])
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
        self._legend.setToolTip("" if basins is None else OF_BASINS)
        if self._picture is not None:
            self._legend.show_entries(self._entries(self._picture))
            self._fit()

    def legend_labels(self) -> tuple[str, ...]:
        """What the legend lists."""
        return self._legend.labels()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _of_the_arrows(self, trail: Trail) -> str:
        """By how much they are drawn longer than they are; nothing where none is drawn."""
        shows_map = self._wanted != "surface" or not self.surface.can_draw
        factor = self.map.lengthening_of(trail) if shows_map else self.surface.lengthening_of(trail)
        return f"arrows {as_long(factor)}" if 1 < factor <= MOST else ""

    def _entries(self, picture: LandscapePicture) -> list[Entry]:
        if picture.basins_of is not None or picture.basins is not None:
            return [] if self._basins is None else self._owners(picture.terrain, self._basins)
        return self._descents(picture.trails) if len(picture.trails) > 1 else []

    def keep_picture_height(self, height: int) -> None:
        """Of the map inside its axes, and of the surface: the equation and the legend go before it."""
        if height != self._least:
            self._least = height
            self._fit()

    def is_square(self) -> bool:
        """Whether there is the map alone."""
        return not self._shows_surface()

    def least_height(self) -> int:
        """px with which the pictures have just that height."""
        return self._least + (round(self.map.rim()[1]) if self._shows_map() else 0)

    def full_height(self) -> int:
        """px with which the equation, and a legend in a row, stand under them."""
        is_row = bool(self._legend.labels()) and self._legend.isHidden()
        below = self._row.height_of_row(self.width()) + 4 if is_row else 0
        return self.least_height() + below + (0 if self._shows_basins else self.equation.height() + 4)

    def needs_aside(self) -> bool:
        """Whether the equation has no room here."""
        return not self._shows_basins and self.equation.isHidden()

    def _shows_surface(self) -> bool:
        return self.surface.can_draw and self._wanted != "contours" and self._basins is None

    def _shows_map(self) -> bool:
        return not self._shows_surface() or self._wanted != "surface"

    def _fit(self) -> None:
        """Give the map's inner part exactly the terrain's shape, so that no empty rim is shown."""
        shows_map, shows_surface = self._shows_map(), self._shows_surface()
        self._shows_basins = self._picture is not None and self._picture.basins_of is not None
        no_surface = bool(self.surface.problem) and self._wanted != "contours"
        self._why_no_surface.setVisible(no_surface)
        gap = self._theme.px(GAP)
        side = self._side_width(gap)
        self._legend.setVisible(side > 0)
        height = self._fit_below(as_row=bool(self._legend.labels()) and not side)
        self._has_legend = side > 0 or not self._row.isHidden()
        for picture in (self.map, self.surface):
            picture.set_lengthened(self.says_aside or not self.equation.isHidden())  # the equation says it
        rim_x, rim_y = self.map.rim()
        outline: QRectF = self.map.outline()
        aspect = outline.width() / outline.height() if outline.height() else 1.0
        is_crowded = shows_map and shows_surface and self.width() < self._theme.px(CROWDED)
        shows_bar = shows_map and self._basins is None and not is_crowded
        side = max(side, self._bar.sizeHint().width() if shows_bar else 0, self._theme.px(150) if no_surface else 0)
        room = self.width() - (side + gap if side else 0)
        inner = max(60, (height - rim_y) * aspect)
        if shows_map and shows_surface:
            across = room - rim_x - gap
            inner = min(inner, max(across / 2.12, min(self._least * aspect, across - LEAST_BODY * self._least)))
            body = min(across - inner, 1.35 * height)
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

    def _side_width(self, gap: int) -> int:
        """px for the legend beside the pictures: with its values, without, or 0 where the pictures need the room."""
        if not self._legend.labels():
            return 0
        rim_x, rim_y = self.map.rim()
        has_both = self._shows_map() and self._shows_surface()
        alone = self._least or TOO_SMALL * (self.height() - rim_y)
        most = 0.3 if self._basins is None else 0.42
        for is_short in (False, True):
            self._shorten(is_short)
            side = self._legend.sizeHint().width()
            room = self.width() - side - gap - (rim_x if self._shows_map() else 0) - (gap if has_both else 0)
            body = (LEAST_BODY if is_short else 1.0) * alone if has_both else 0
            if side <= most * self.width() and room >= alone + body:
                return side
        return 0 if has_both or self._basins is None else side

    def _shorten(self, is_short: bool) -> None:
        """Of the descents without their costs; of the minima without their places."""
        self._legend.set_values_shown(not is_short or self._basins is not None)
        self._is_short = is_short
        if self._basins is not None and self._picture is not None:
            self._legend.show_entries(self._entries(self._picture))

    def _fit_below(self, as_row: bool) -> int:
        """The equation and a legend in a row under the pictures, each whole or not there; returns what is left."""
        height, least = self.height(), self.least_height()
        rows = (  # the legend, which says what is seen, before the equation
            (self._row, as_row, self._row.height_of_row(self.width())),
            (self.equation, not self._shows_basins, self.equation.height()),
        )
        for part, wanted, tall in rows:
            fits = wanted and height - tall - 4 >= least
            part.setVisible(fits)
            if fits:
                height -= tall + 4
                part.setGeometry(0, height + 4, self.width(), tall)
        return height

    def _descents(self, trails: tuple[Trail, ...]) -> list[Entry]:
        return [
            Entry(
                trail.label,
                self._theme.series_pen(sign_of(trails, number), 3.5),
                symbol=sign_of(trails, number),
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
            place = "" if self._is_short else f"  ({x:.2f}, {y:.2f})".replace("-", "−")
            label = f"{number + 1}{place}"
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
