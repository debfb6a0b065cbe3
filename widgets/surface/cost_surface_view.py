"""CostSurfaceView: the run on its cost, over two numbers: exact for a line, a slice for everything else.

A map and, where there is room and OpenGL, a body. Serves regression and painting.
"""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.analysis.cost_surface import CostSurface, Position
from engine.landscape.picture import Trail
from widgets.plotting.colour_bar import ColourBar
from widgets.style.theme import DARK, Theme
from widgets.surface.gl_context import GlContext
from widgets.surface.surface_3d import Surface3D
from widgets.surface.terrain_map import TerrainMap

BODY_ROOM = 480  # px of width, below which the map alone is better than two small pictures
BESIDE_ROOM = 260  # px more, where something else stands between them
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
    """``place_dragged`` carries a place (2,) on the surface.

    ``beside``, which shows and hides itself, stands between the map and the body.
    """

    place_dragged = pyqtSignal(tuple)

    def __init__(self, beside: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beside = beside
        self._theme = DARK
        self._surface: CostSurface | None = None
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

    def set_theme(self, theme: Theme) -> None:
        """Map, body and bar."""
        self._theme = theme
        for part in (self.map, self.body, self._bar):
            part.set_theme(theme)

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL; without one the map stands alone."""
        self.body.use_gl(gl)
        self._has_gl = self.body.can_draw

    def surface(self) -> CostSurface | None:
        """What is shown."""
        return self._surface

    def title(self) -> str:
        """What is said over it."""
        return self._title.text()

    def show_waiting(self, words: str) -> None:
        """Nothing is known yet: of another model nothing may stay."""
        self._surface = None
        self._title.setText(words)
        self._title.setToolTip("")
        self._notes = ()
        self._make_room()
        for part in (self.map, self.body):
            part.show_trails(())
        for part in (self.map, self.body, self._bar):
            part.hide()

    def show_problem(self, sentence: str) -> None:
        """Why there is no surface, or no newer one."""
        self._title.setText(sentence)

    def show_position(self, position: Position, optimizer: str, learning_rate: float) -> None:
        """The run where it is now, on its surface."""
        if position.surface is not self._surface:
            self._show_surface(position.surface)
        self._notes = _notes(position)
        self._make_room()
        trail = Trail(
            label="the run",
            optimizer=optimizer,
            learning_rate=learning_rate,
            positions=position.path,
            costs=position.costs,
            gradient=np.zeros(2),
            moving=True,
        )
        self.map.show_trails((trail,))
        self.body.show_trails((trail,))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _show_surface(self, surface: CostSurface) -> None:
        self._surface = surface
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

    def _make_room(self) -> None:
        """The longest note that fits beside the title and the bar, or none; the body where it has its place."""
        needed = BODY_ROOM + (BESIDE_ROOM if self._beside is not None and not self._beside.isHidden() else 0)
        self.body.setVisible(self._has_gl and self._surface is not None and self.width() >= self._theme.px(needed))
        taken = self._title.sizeHint().width() + self._bar.sizeHint().width() + 3 * 20 + 8 + 12
        room, metrics = self.width() - taken, self._note.fontMetrics()
        self._note.setText(next((note for note in self._notes if metrics.horizontalAdvance(note) <= room), ""))


def _notes(position: Position) -> tuple[str, ...]:
    """What may stand beside the title, the longest first."""
    surface = position.surface
    if not surface.holds(position.path[-1]):
        return (OUTSIDE,)
    if surface.is_exact:
        return LOWEST_LINE, LOWEST
    if surface.share is None:
        return (LOWEST,)
    return HELD.format(surface.share), HELD_IN_SHORT.format(surface.share), LOWEST
