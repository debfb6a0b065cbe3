"""LandscapeView: the landscape page's picture, over one parameter or two. Serves both ends of the loop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from engine.experiments.landscape_settings import MOST_RUNNERS, LandscapeSettings
from engine.frames import Frame, Study
from engine.landscape_picture import Basins, Foresight, LandscapePicture, NoiseCount, Terrain
from widgets.gl_context import GlContext
from widgets.landscape_1d import Landscape1D
from widgets.landscape_2d import Landscape2D
from widgets.picture_view import PictureView
from widgets.points_panel import PointsPanel, with_point, with_start, without_point
from widgets.race_panel import RacePanel
from widgets.theme import Theme

DRAG_MILLISECONDS = 30  # between two starts that a drag asks for
DIGITS = 4  # of a dragged coordinate, counted from the landscape's size
FINEST = 1


class LandscapeView(PictureView):
    """Shows the view that the terrain asks for, and turns a hand's movements into knobs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: LandscapeSettings | None = None
        self._picture: LandscapePicture | None = None
        self._terrain: Terrain | None = None
        self._basins_of: tuple | None = None
        self._shown_basins: Basins | None = None
        self._noise_of: tuple | None = None
        self._dragged: tuple[str, Any] | None = None
        self._foreseen: tuple[float, ...] = ()
        self._pending: tuple[tuple[int, tuple[float, ...]], ...] = ()
        self._drag = QTimer(self)
        self._drag.setSingleShot(True)
        self._drag.setInterval(DRAG_MILLISECONDS)
        self._drag.timeout.connect(self._send_drag)
        self.one, self.two = Landscape1D(), Landscape2D()
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
        self.one.secant_pulled.connect(lambda x: self.touched.emit("secant", x))
        self._points.knob_changed.connect(self.knob_changed)

    @property
    def lists_runners(self) -> bool:
        """Whether the picture has a legend of the runners."""
        return self._stack.currentWidget() is self.two and self.two.lists_runners

    def side_tabs(self) -> Sequence[tuple[str, QWidget]]:
        """How every descent stands, and the points one by one."""
        return (("Race", self._race), ("Points", self._points))

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL, for the surface."""
        self.two.use_gl(gl)

    def set_theme(self, theme: Theme) -> None:
        """Every part takes the theme."""
        for part in (self.one, self.two, self._race, self._points):
            part.set_theme(theme)

    def show_settings(self, settings: LandscapeSettings) -> None:
        """The points as they are wanted, and which view."""
        if self._settings is not None and _but_for_starts(settings) != _but_for_starts(self._settings):
            self._show_foresight(None)
        self._settings = settings
        if self._pending and settings.points <= self._pending[-1][0]:
            self._show_pending(tuple(one for one in self._pending if one[0] < settings.points))
        self._points.show_settings(settings)
        self.two.show_view(settings.view)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment; ask for a map of the basins, or a count, where another one is due."""
        picture: LandscapePicture = frame.picture
        self._picture = picture
        view = self.one if picture.terrain.y is None else self.two
        if self._stack.currentWidget() is not view:
            self._stack.setCurrentWidget(view)
        if self._pending and (picture.terrain is not self._terrain or len(picture.trails) > self._pending[-1][0]):
            self._show_pending(tuple(one for one in self._pending if one[0] >= len(picture.trails)))
        view.show_picture(picture)
        self._race.show_trails(picture.trails, picture.note)
        self._ask(picture)

    def show_study(self, study: Study) -> None:
        """A map of the basins, coarse first, or the count of noisy runs."""
        if isinstance(study.result, Basins) and self._basins_of is not None:
            self._take_basins(study.result, study.arguments.get("of"))
        elif isinstance(study.result, Foresight) and study.arguments.get("start") == self._foreseen:
            self._show_foresight(study.result)
        elif study.name == "noise" and self._noise_of is not None:
            self._show_count(study.result, study.problem)

    def _take_basins(self, basins: Basins, asked_for: tuple | None) -> None:
        """Show a map, unless the one that is shown is truer: of the settings that hold, or as true and finer."""
        shown, now = self._shown_basins, self._basins_of
        if len(basins.share) != len(self._picture.terrain.minima) + 2:
            return  # of another landscape
        if shown is None or basins.of == now or shown.of != now:
            if shown is not None and basins.of == shown.of and basins.stride > shown.stride:
                return
            self._shown_basins = basins
            self.two.show_basins(basins)
        if asked_for == now and basins.stride > FINEST:
            self._ask_for_basins(basins.stride // 2)

    def _ask(self, picture: LandscapePicture) -> None:
        if picture.terrain is not self._terrain:  # another run: what was asked before is not about this one
            self._terrain, self._basins_of, self._shown_basins = picture.terrain, None, None
        if picture.basins_of != self._basins_of:
            self._basins_of = picture.basins_of
            if self._basins_of is not None:
                self._ask_for_basins(4)
        if picture.noise_of != self._noise_of:
            self._noise_of = picture.noise_of
            if self._noise_of is None:
                self._noise.hide()
            else:
                self.study_requested.emit("noise", {})

    def _ask_for_basins(self, stride: int) -> None:
        self.study_requested.emit("basins", {"stride": stride, "of": self._basins_of})

    def _show_count(self, count: NoiseCount | None, problem: str) -> None:
        if count is None:
            text = problem
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
            self.study_requested.emit("foresight", {"start": self._foreseen})

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
        if settings.points < MOST_RUNNERS:
            self._show_pending((*self._pending, (settings.points, place)))

    def _show_pending(self, pending: tuple[tuple[int, tuple[float, ...]], ...]) -> None:
        """The points that have been clicked and are being prepared: a number and a place each."""
        self._pending = pending
        self.one.show_pending(pending)
        self.two.map.show_pending(pending)

    def _on_removed(self, number: int) -> None:
        if self._settings is not None and self._picture is not None and number < len(self._picture.trails):
            for knob in without_point(self._settings, self._picture.trails[number].point):
                self.knob_changed.emit(*knob)

    def _rounded(self, place: tuple[float, ...]) -> tuple[float, ...]:
        """A hand's place with no more digits than a hand has."""
        size = float(self._picture.terrain.x[-1] - self._picture.terrain.x[0])
        decimals = max(0, DIGITS - 1 - math.floor(math.log10(size)))
        return tuple(round(value, decimals) for value in place)


def _but_for_starts(settings: LandscapeSettings) -> LandscapeSettings:
    return msgspec.structs.replace(settings, start=(), view="both", speed="max", trail_colours="auto")
