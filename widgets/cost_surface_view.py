"""CostSurfaceView: the run on its cost, over two numbers: exact for a line, a slice for everything else.

It asks for another surface when the run has gone on or the cost has changed. Serves regression and
painting.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from PyQt5.QtCore import QTimer, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.cost_surface import CostSurface, Position
from engine.frames import Frame, Study
from engine.landscape_picture import Trail
from widgets.colour_bar import ColourBar
from widgets.gl_context import GlContext
from widgets.surface_3d import Surface3D
from widgets.terrain_map import TerrainMap
from widgets.theme import DARK, Theme

REFRESH_SECONDS = 1.2  # between two slices while the run goes on
BODY_ROOM = 480  # px of width, below which the map alone is better than two small pictures
BESIDE_ROOM = 260  # px more, where something else stands between them
ANSWER_SECONDS = 0.3  # a moment without a surface so long after one was asked for asks again
SOON_SECONDS = 0.4  # before a slice cut at random, for want of a way, or a map that the line has left, is replaced
REFRESH_TIMES = 4  # as long as a slice takes, where that is long
WAITING = "Measuring the exact cost of every line …"
WAITING_FOR_SLICE = "Measuring a slice of the cost …"
LOWEST = "+ the lowest place here"
LOWEST_LINE = "+ the lowest place here · drag the ball, or the line"
HELD = "+ lowest here · these two directions hold {:.0%} of the run's spread"
HELD_IN_SHORT = "+ lowest here · {:.0%} of the run's spread"
OUTSIDE = "the run has left this picture"
EXACT = "Every line is one place here: the cost of each, over all training points."
SLICE = (
    "<p>The network's cost has {:,} parameters; this is a flat slice through it, measured at 41 × 41 places over {:,} "
    "evenly chosen points. The main directions are the first two principal components of the run's own way. Random "
    "ones are filter-normalised (Li et al. 2018): as long, neuron by neuron, as the weights are.</p>"
)
HINT = "Drag the ball, or click where it shall be: the training goes on from there."


class CostSurfaceView(QWidget):
    """``surface_wanted`` carries the study's arguments; ``place_dragged`` a place (2,) on the surface.

    ``beside``, which shows and hides itself, stands between the map and the body.
    """

    surface_wanted = pyqtSignal(dict)
    place_dragged = pyqtSignal(tuple)

    def __init__(self, beside: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beside = beside
        self._theme = DARK
        self._settings: Any = None
        self._position: Position | None = None
        self._key: Any = None  # what the surface depends on, besides the parameters
        self._run, self._step = -1, -1
        self._asked_at, self._asked_step, self._is_waiting = 0.0, -1, False
        self._took, self._asked_key, self._asked_here = 0.0, None, None
        self._title, self._note = QLabel(), QLabel()
        self._notes: tuple[str, ...] = ()  # what may stand beside the title, the longest first
        self._title.setProperty("role", "caption")
        self._note.setProperty("role", "quiet")
        self._bar = ColourBar(is_flat=True)
        self.map, self.body = TerrainMap("", "", square=False), Surface3D("", "")
        self.map.setToolTip(HINT)
        self.map.place_dragged.connect(lambda _, place: self.place_dragged.emit(tuple(place)))
        self.map.place_clicked.connect(lambda place: self.place_dragged.emit(tuple(place)))
        self._has_gl = False
        for part in (self.map, self.body, self._bar):
            part.hide()  # until there is something to show
        heading = QHBoxLayout()
        heading.setContentsMargins(8, 0, 12, 0)
        heading.setSpacing(20)
        heading.addWidget(self._title)
        heading.addStretch(1)
        heading.addWidget(self._note)
        heading.addWidget(self._bar)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.map, 1)
        if beside is not None:
            row.addWidget(beside, 1)
        row.addWidget(self.body, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(heading)
        layout.addLayout(row, 1)
        layout.addStretch(0)
        self._timer = QTimer(self)
        self._timer.setInterval(400)
        self._timer.timeout.connect(self._ask_if_due)

    def set_theme(self, theme: Theme) -> None:
        """Map, body and bar."""
        self._theme = theme
        for part in (self.map, self.body, self._bar):
            part.set_theme(theme)

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL; without one the map stands alone."""
        self.body.use_gl(gl)
        self._has_gl = self.body.can_draw

    def show_settings(self, settings: Any) -> None:
        """Which directions are wanted, and what the cost depends on."""
        self._settings = settings

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment."""
        if frame.run != self._run:
            # the run before may have had another model: nothing of its cost may stand under this one
            self._run, self._position, self._key, self._is_waiting = frame.run, None, None, False
            is_line = getattr(self._settings, "model", "") == "line"
            self._title.setText(WAITING if is_line else WAITING_FOR_SLICE)
            self._title.setToolTip("")
            self._notes = ()
            self._make_room()
            for part in (self.map, self.body):
                part.show_trails(())
            for part in (self.map, self.body, self._bar):
                part.hide()
        self._step = frame.step
        key = self._key_of(frame)
        is_missing = frame.picture.position is None and time.monotonic() - self._asked_at > ANSWER_SECONDS
        if key != self._key or is_missing:  # a run that has started over has none either
            self._key = key
            self._ask()
        if frame.picture.position is not None:
            self._show(frame.picture.position)

    def show_study(self, study: Study) -> None:
        """A new surface has come."""
        self._is_waiting = False
        self._took = time.monotonic() - self._asked_at
        if study.problem:
            self._title.setText(study.problem)
        else:
            self._show(study.result)
        if self._key != self._asked_key:  # the cost has changed since
            self._ask()

    def surface(self) -> CostSurface | None:
        """What is shown."""
        return None if self._position is None else self._position.surface

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _make_room(self) -> None:
        """The longest note that fits beside the title and the bar, or none; the body where it has its place."""
        needed = BODY_ROOM + (BESIDE_ROOM if self._beside is not None and not self._beside.isHidden() else 0)
        self.body.setVisible(self._has_gl and self._position is not None and self.width() >= self._theme.px(needed))
        taken = self._title.sizeHint().width() + self._bar.sizeHint().width() + 3 * 20 + 8 + 12
        room, metrics = self.width() - taken, self._note.fontMetrics()
        self._note.setText(next((note for note in self._notes if metrics.horizontalAdvance(note) <= room), ""))

    def _key_of(self, frame: Frame) -> Any:
        settings = self._settings
        if settings is None:
            return None
        penalties = getattr(settings, "l1", 0.0), getattr(settings, "l2", 0.0)
        return id(getattr(frame.picture, "data_y", None)), settings.cost, penalties, settings.directions

    def _ask_if_due(self) -> None:
        """A slice follows the run; the line's landscape is there for good, or until the run has left it."""
        if self._position is None:
            return
        surface, here = self._position.surface, tuple(self._position.path[-1])
        if surface.is_exact:  # a hand may take the line out of it while the run stands still
            is_due = not surface.holds(here) and here != self._asked_here
        else:
            is_due = self._step != self._asked_step
        if not is_due:
            return
        due = max(REFRESH_SECONDS, REFRESH_TIMES * self._took)
        if surface.is_exact or (surface.share is None and self._settings.directions == "main"):
            due = max(SOON_SECONDS, self._took)
        if time.monotonic() - self._asked_at > due:
            self._ask()

    def _ask(self) -> None:
        if not self._is_waiting and self._settings is not None:
            self._is_waiting = True
            self._asked_at, self._asked_step, self._asked_key = time.monotonic(), self._step, self._key
            self._asked_here = None if self._position is None else tuple(self._position.path[-1])
            self.surface_wanted.emit({"directions": self._settings.directions})

    def _show(self, position: Position) -> None:
        surface = position.surface
        if self._position is None or surface is not self._position.surface:
            self._title.setText(surface.title)
            self._title.setToolTip(EXACT if surface.is_exact else SLICE.format(len(surface.origin), surface.points))
            self.map.set_words(*surface.axes)
            self.body.set_words(*surface.axes)
            self.map.show_terrain(surface.terrain)
            self.body.show_terrain(surface.terrain)
            low, high = float(surface.terrain.z.min()), float(surface.terrain.z.max())
            self._bar.show_range(low, high, surface.terrain.logarithmic)
            self.map.show()
            self._bar.show()
        self._position = position
        if not surface.holds(position.path[-1]):
            self._notes = (OUTSIDE,)
        elif surface.is_exact:
            self._notes = LOWEST_LINE, LOWEST
        elif surface.share is None:
            self._notes = (LOWEST,)
        else:
            self._notes = HELD.format(surface.share), HELD_IN_SHORT.format(surface.share), LOWEST
        self._make_room()
        trail = Trail(
            label="the run",
            optimizer=self._settings.optimizer if self._settings is not None else "",
            learning_rate=self._settings.learning_rate if self._settings is not None else 0.0,
            positions=position.path,
            costs=position.costs,
            gradient=np.zeros(2),
            moving=True,
        )
        self.map.show_trails((trail,))
        self.body.show_trails((trail,))
