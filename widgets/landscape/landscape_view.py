"""LandscapeView: the landscape page's picture, over one parameter or two. Serves both ends of the loop."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from engine.analysis.terrain import Terrain
from engine.frames import Analysis, Frame
from engine.landscape.descents import signs_of
from engine.landscape.picture import Basins, Foresight, LandscapePicture, NoiseCount
from engine.landscape.settings import MOST_DESCENTS, LandscapeSettings
from engine.lanes import Overlay
from widgets.landscape.landscape_1d import Landscape1D
from widgets.landscape.landscape_2d import Landscape2D
from widgets.landscape.landscape_map import LandscapeMap
from widgets.landscape.points_panel import PointsPanel, with_point, with_start, without_point
from widgets.landscape.race_panel import RacePanel
from widgets.landscape.update_equation import UpdateEquation, moving_one
from widgets.page.background_answer import BackgroundAnswer
from widgets.page.picture_view import PictureView
from widgets.plotting.axes import Plot
from widgets.plotting.guess_layer import Kind
from widgets.style.theme import Theme
from widgets.surface.gl_context import GlContext

DRAG_MILLISECONDS = 30  # between two starts that a drag asks for
DIGITS = 4  # of a dragged coordinate, counted from the landscape's size
OF_SURFACE = ("both", "contours", "surface")  # the views that a landscape over two parameters has itself
FIRST_STRIDE, FINEST = 4, 1  # of the maps of the basins, each twice as fine as the one before


class LandscapeView(PictureView):
    """Shows the view that the terrain asks for, and turns a hand's movements into knobs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: LandscapeSettings | None = None
        self._picture: LandscapePicture | None = None
        self._terrain: Terrain | None = None
        self._basins_of: tuple | None = None
        self._shown_basins: Basins | None = None
        self._stride = FIRST_STRIDE
        self._dragged: tuple[str, Any] | None = None
        self._foreseen: tuple[float, ...] = ()
        self._pending: tuple[tuple[int, tuple[float, ...]], ...] = ()
        # of the same settings they are the same, whichever run asks
        self._basins = BackgroundAnswer("basins", self._take_basins, self, self._basins_wanted, outlives_runs=True)
        self._count = BackgroundAnswer("noise", self._take_count, self, outlives_runs=True)
        self._foresight = BackgroundAnswer(
            "foresight", self._take_foresight, self, lambda: {"start": self._foreseen}, outlives_runs=True
        )
        for answer in (self._basins, self._count, self._foresight):
            answer.asked.connect(self.analysis_requested)
        self._drag = QTimer(self)
        self._drag.setSingleShot(True)
        self._drag.setInterval(DRAG_MILLISECONDS)
        self._drag.timeout.connect(self._send_drag)
        self.one, self.two, self.map = Landscape1D(), Landscape2D(), LandscapeMap()
        self._equation = UpdateEquation(parent=self, has_footer=True)  # where the pictures have no room for theirs
        self._equation.hide()
        self._focus = 0
        self._overlays: tuple[Overlay, ...] = ()
        self._race, self._points = RacePanel(self), PointsPanel(self)  # until they find their place under the knobs
        self._race.hide()
        self._points.hide()
        self._noise = QLabel()
        self._noise.setObjectName("noise_count")
        self._noise.setProperty("role", "caption")
        self._noise.hide()
        self._stack = QStackedLayout()
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.one)
        self._stack.addWidget(self.two)
        self._stack.addWidget(self.map)
        self.map.analysis_requested.connect(self.analysis_requested)
        self.map.trial_wanted.connect(self.trial_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._noise)
        layout.addLayout(self._stack, 1)
        for view in (self.one, self.two):
            view.start_dragged.connect(self._on_drag)
            view.place_clicked.connect(self._on_click)
            view.point_removed.connect(self._on_removed)
            self._race.focus_requested.connect(view.show_focus)
        self._race.focus_requested.connect(self._take_focus)
        self.one.secant_pulled.connect(lambda x: self.action_requested.emit("secant", x))
        self._points.knob_changed.connect(self.knob_changed)
        self._points.knobs_changed.connect(self.knobs_changed)

    @property
    def lists_descents(self) -> bool:
        """Whether the picture has a legend of the descents."""
        return self._stack.currentWidget() is self.two and self.two.lists_descents

    def side_tabs(self) -> Sequence[tuple[str, QWidget]]:
        """How every descent stands, and the points one by one."""
        return (("Race", self._race), ("Points", self._points))

    def keep_picture_height(self, height: int) -> None:
        for view in (self.one, self.two):
            view.keep_picture_height(height)

    def least_height(self) -> int:
        above = self._noise.sizeHint().height() + 2 if not self._noise.isHidden() else 0
        return self._stack.currentWidget().least_height() + above

    def is_square(self) -> bool:
        return self._stack.currentWidget() is self.two and self.two.is_square()

    def full_height(self) -> int:
        return (
            self._stack.currentWidget().full_height() + self.least_height() - self._stack.currentWidget().least_height()
        )

    def aside(self) -> QWidget:
        self.two.says_aside = True
        return self._equation

    def needs_aside(self) -> bool:
        return self._stack.currentWidget() is not self.map and self._stack.currentWidget().needs_aside()

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL, for the surface."""
        self.two.use_gl(gl)

    def set_theme(self, theme: Theme) -> None:
        """Every part takes the theme."""
        for part in (self.one, self.two, self.map, self._equation):
            part.set_theme(theme)

    def show_settings(self, settings: LandscapeSettings) -> None:
        """The points as they are wanted, and which view."""
        if self._settings is not None and _but_for_starts(settings) != _but_for_starts(self._settings):
            self._foresight.want(None)
            self._show_foresight(None)
        self._settings = settings
        if self._pending and settings.points <= self._pending[-1][0]:
            self._show_pending(tuple(one for one in self._pending if one[0] < settings.points))
        self._points.show_settings(settings)
        self.map.show_settings(settings)
        if settings.view in OF_SURFACE:
            self.two.show_view(settings.view)
        if self._picture is not None:
            self._show_widget()

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment; ask for a map of the basins, or a count, where another one is due."""
        picture: LandscapePicture = frame.picture
        self._picture = picture
        self._show_widget()
        view = self.one if picture.terrain.y is None else self.two
        self.map.show_frame(frame)
        if self._pending and (picture.terrain is not self._terrain or len(picture.trails) > self._pending[-1][0]):
            self._show_pending(tuple(one for one in self._pending if one[0] >= len(picture.trails)))
        view.show_picture(picture)
        self._show_equation(picture)
        self._race.show_trails(picture.trails, picture.note)
        for answer in (self._basins, self._count, self._foresight):
            answer.follow(frame)
        self._ask(picture)

    def _show_widget(self) -> None:
        """The map where that is wanted, else what the terrain asks for."""
        view = self.one if self._picture.terrain.y is None else self.two
        if self._settings is not None and self._settings.view == "map" and not self._settings.basins:
            view = self.map
        if self._stack.currentWidget() is not view:
            self._stack.setCurrentWidget(view)
            self.show_overlays(self._overlays)

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        """Other runs' descents, where they are on the same landscape."""
        self._overlays = overlays
        if self._picture is None:
            return
        flat = self._picture.terrain.y is None
        paths = [
            (overlay.lane, trail.positions[:, 0], trail.costs if flat else trail.positions[:, 1])
            for overlay in overlays
            if isinstance(overlay.frame.picture, LandscapePicture) and (overlay.frame.picture.terrain.y is None) == flat
            for trail in overlay.frame.picture.trails
        ]
        if flat:
            self.one.show_overlays(paths)
        else:
            self.two.map.show_overlays(paths)

    def show_analysis(self, analysis: Analysis) -> None:
        """A map of the basins, coarse first, or the count of noisy runs, or where a hand's start leads."""
        self.map.show_analysis(analysis)
        for answer in (self._basins, self._count, self._foresight):
            answer.take(analysis)

    def guess_plots(self) -> Sequence[tuple[Plot, Kind]]:
        if self._picture is None or not self._picture.trails or self.map.isVisible():
            return ()
        if self._picture.terrain.y is None:
            return [(plot, Kind.ALONG) for plot in self.one.plots()]
        return [(self.two.map, Kind.PLACE)] if self.two.map.isVisible() else ()

    def what_came(self, kind: Kind) -> Any:
        return None if self._picture is None else self._picture.trails[0].positions[-1]

    def _take_focus(self, number: int) -> None:
        self._focus = number
        if self._picture is not None:
            self._show_equation(self._picture)

    def _show_equation(self, picture: LandscapePicture) -> None:
        focus = moving_one(picture.trails, self._focus)
        number = focus if len(picture.trails) > 1 else None
        aside = "" if picture.terrain.y is None else self.two.of_the_arrows
        self._equation.show_trail(picture.trails[focus], number, picture.step, aside)

    def _basins_wanted(self) -> Mapping[str, Any]:
        return {"stride": self._stride, "of": self._basins_of}

    def _take_basins(self, analysis: Analysis) -> None:
        """Show a map, unless the one that is shown is truer: of the settings that hold, or as true and finer."""
        shown, now = self._shown_basins, self._basins_of
        basins: Basins | None = analysis.result
        if basins is None or now is None:
            return
        if len(basins.share) != len(self._picture.terrain.minima) + 2:
            return  # of another landscape
        if shown is None or basins.of == now or shown.of != now:
            if shown is not None and basins.of == shown.of and basins.stride > shown.stride:
                return
            self._shown_basins = basins
            self.two.show_basins(basins)
        if analysis.arguments["of"] == now and basins.stride > FINEST:
            self._stride = basins.stride // 2
            self._want_basins()

    def _ask(self, picture: LandscapePicture) -> None:
        if picture.terrain is not self._terrain:  # another run: what was asked before is not about this one
            self._terrain, self._basins_of, self._shown_basins = picture.terrain, None, None
        if picture.basins_of != self._basins_of:
            self._basins_of, self._stride = picture.basins_of, FIRST_STRIDE
        self._want_basins()
        self._count.want(picture.noise_of)
        if picture.noise_of is None:
            self._noise.hide()

    def _want_basins(self) -> None:
        key = None if self._basins_of is None else (self._terrain, self._basins_of, self._stride)
        self._basins.want(key)

    def _take_count(self, analysis: Analysis) -> None:
        count: NoiseCount | None = analysis.result
        if count is None:
            text = analysis.problem
        else:
            exact = "so does the exact descent" if count.exact_finds else "the exact descent does not"
            text = f"{count.found} of {count.runs} noisy runs from here find the lowest minimum; {exact}."
        self._noise.setText(text)
        self._noise.show()

    def _on_drag(self, number: int, place: tuple[float, ...]) -> None:
        if self._settings is None or self._picture is None or number >= len(self._picture.trails):
            return
        self._dragged = with_start(self._settings, self._picture.trails[number].point, self._rounded(place))
        if not self._drag.isActive():
            self._drag.start()

    def _send_drag(self) -> None:
        if self._dragged is not None:
            moved, self._dragged = self._dragged, None
            self.knob_changed.emit(*moved)
            self._foreseen = moved[1]
            self._foresight.want(self._foreseen)

    def _take_foresight(self, analysis: Analysis) -> None:
        if analysis.result is not None and analysis.arguments["start"] == self._foreseen:
            self._show_foresight(analysis.result)

    def _show_foresight(self, foresight: Foresight | None) -> None:
        """Where the descents will go from where a hand has put them."""
        self.one.show_foresight(foresight)
        self.two.show_foresight(foresight)

    def _on_click(self, place: tuple[float, ...]) -> None:
        if self._settings is None:
            return
        place, settings = self._rounded(place), self._settings
        if settings.optimizers or settings.learning_rates:  # all from one start, which the click moves
            self.knob_changed.emit(*with_start(settings, 0, place))
            return
        # a ninth point is asked for, too, and refused with the sentence that says how many there can be
        for knob in with_point(settings, place) or [("points", settings.points + 1)]:
            self.knob_changed.emit(*knob)
        if settings.points < MOST_DESCENTS:
            self._show_pending((*self._pending, (settings.points, place)))

    def _show_pending(self, pending: tuple[tuple[int, tuple[float, ...]], ...]) -> None:
        """The points that have been clicked and are being prepared: a number and a place each."""
        self._pending = pending
        signs = [signs_of(msgspec.structs.replace(self._settings, points=number + 1))[-1] for number, _ in pending]
        signed = tuple((sign, place) for sign, (_, place) in zip(signs, pending, strict=True))
        self.one.show_pending(signed)
        self.two.map.show_pending(signed)

    def _on_removed(self, number: int) -> None:
        if self._settings is not None and self._picture is not None and number < len(self._picture.trails):
            knobs = without_point(self._settings, self._picture.trails[number].point)
            if knobs:
                self.knobs_changed.emit(dict(knobs))

    def _rounded(self, place: tuple[float, ...]) -> tuple[float, ...]:
        """A hand's place with no more digits than a hand has."""
        size = float(self._picture.terrain.x[-1] - self._picture.terrain.x[0])
        decimals = max(0, DIGITS - 1 - math.floor(math.log10(size)))
        return tuple(round(value, decimals) for value in place)


def _but_for_starts(settings: LandscapeSettings) -> LandscapeSettings:
    return msgspec.structs.replace(settings, start=(), view="both", speed="max", trail_colours="auto")
