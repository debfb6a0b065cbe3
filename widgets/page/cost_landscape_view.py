"""CostLandscapeView: a page's view of the cost over two numbers, measured in the background.

It asks for another surface when the run has gone on, or has left it, or when the cost has changed. Serves both ends of
the loop, for regression and painting.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.analysis.cost_surface import Position
from engine.frames import Analysis, Frame
from widgets.page.background_answer import BackgroundAnswer, Pace
from widgets.page.picture_view import PictureView
from widgets.style.theme import Theme
from widgets.surface.cost_surface_view import CostSurfaceView
from widgets.surface.gl_context import GlContext

FOLLOWING = Pace(between=1.2, times=3.0)  # slices while the run goes on
SOON = Pace(between=0.4)  # a slice cut at random, for want of a way, or a map that the line has left
ANSWER_SECONDS = 0.3  # a moment without a surface so long after an answer asks again
WAITING = "Measuring a slice of the cost …"


class CostLandscapeView(PictureView):
    """The view "landscape"; what the cost of a page depends on, its own class says by ``cost_depends_on``."""

    name = "landscape"

    def __init__(self, beside: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.surface = CostSurfaceView(beside)
        self.surface.place_dragged.connect(lambda place: self.action_requested.emit("place", place))
        self._settings: Any = None
        self._run = -1
        self._left_at: tuple[float, ...] | None = None  # where the run was last seen outside its exact surface
        self._has_problem = False
        self._answer = BackgroundAnswer("surface", self._show_answer, self, self._arguments, only_seen=True)
        self._answer.asked.connect(self.analysis_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.surface)

    def cost_depends_on(self, frame: Frame, settings: Any) -> Hashable:
        """What the cost is made of, besides the parameters and the directions that are looked along."""
        return settings.cost

    def waiting_words(self, settings: Any) -> str:
        """What is said until there is a surface."""
        return WAITING

    def set_theme(self, theme: Theme) -> None:
        self.surface.set_theme(theme)

    def use_gl(self, gl: GlContext) -> None:
        self.surface.use_gl(gl)

    def show_settings(self, settings: Any) -> None:
        self._settings = settings

    def show_frame(self, frame: Frame) -> None:
        if self._settings is None:
            return
        position: Position | None = frame.picture.position
        if frame.run != self._run:
            self._run, self._left_at, self._has_problem = frame.run, None, False
            self.surface.show_waiting(self.waiting_words(self._settings))
        self._answer.follow(frame)
        if position is not None:
            self._show(position)
        elif not self._has_problem and self._answer.is_settled(ANSWER_SECONDS):
            self._answer.ask_again()  # a run that has started over has no surface
        key = self._settings.directions, self.cost_depends_on(frame, self._settings)
        self._answer.want(key, None if position is None else self._moment(frame.step, position))

    def show_analysis(self, analysis: Analysis) -> None:
        self._answer.take(analysis)

    def _arguments(self) -> Mapping[str, Any]:
        return {"directions": self._settings.directions}

    def _moment(self, step: int, position: Position) -> Hashable:
        """A slice follows the run; the line's landscape is there for good, or until the run has left it."""
        surface, here = position.surface, position.path[-1]
        is_random = surface.share is None and self._settings.directions == "main"
        self._answer.pace = SOON if surface.is_exact or is_random else FOLLOWING
        if not surface.is_exact:
            return step
        if not surface.holds(here):
            self._left_at = tuple(here)
        return self._left_at

    def _show_answer(self, analysis: Analysis) -> None:
        self._has_problem = bool(analysis.problem)
        if analysis.problem:
            self.surface.show_problem(analysis.problem)
        else:
            self._show(analysis.result)

    def _show(self, position: Position) -> None:
        self.surface.show_position(position, self._settings.optimizer, self._settings.learning_rate)
