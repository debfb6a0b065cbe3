"""PictureStack: a page's picture in several views, of which one is shown. Serves both ends of the loop.

A view is a PictureView in a file of its own, named as the knob ``view`` names it, and one entry of ``VIEWS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from PyQt5.QtWidgets import QStackedLayout, QWidget

from engine.frames import Analysis, Frame
from engine.knobs import knobs_of
from engine.lanes import Overlay
from widgets.page.picture_view import PictureView
from widgets.plotting.axes import Plot
from widgets.plotting.guess_layer import Kind
from widgets.style.theme import Theme
from widgets.surface.gl_context import GlContext


class PictureStack(PictureView):
    """Shows the view that is wanted, as soon as a moment has what it shows; until then the one before."""

    VIEWS: ClassVar[tuple[type[PictureView], ...]]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views = {kind.name: kind() for kind in self.VIEWS}
        self._wanted = ""  # the settings' view, once there are settings
        self._shown = self.VIEWS[0].name
        self._frame: Frame | None = None
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        for view in self._views.values():
            self._stack.addWidget(view)
            view.knob_changed.connect(self.knob_changed)
            view.analysis_requested.connect(self.analysis_requested)
            view.action_requested.connect(self.action_requested)
            view.trial_wanted.connect(self.trial_wanted)

    def named(self, name: str) -> PictureView:
        """One of the views, shown or not."""
        return self._views[name]

    def current(self) -> str:
        """The name of the view that is shown."""
        return self._shown

    def show_settings(self, settings: Any) -> None:
        knob = next(knob for knob in knobs_of(type(settings)) if knob.name == "view")
        before, self._wanted = self._wanted, knob.offered_value(settings)
        for view in self._views.values():
            view.show_settings(settings)
        if self._wanted != before and self._frame is not None:
            self._draw(self._frame)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self._draw(frame)

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        for view in self._views.values():
            view.show_overlays(overlays)

    def show_analysis(self, analysis: Analysis) -> None:
        for view in self._views.values():
            view.show_analysis(analysis)

    def keep_picture_height(self, height: int) -> None:
        for view in self._views.values():
            view.keep_picture_height(height)

    def least_height(self) -> int:
        return self._views[self._shown].least_height()

    def full_height(self) -> int:
        return self._views[self._shown].full_height()

    def most_height(self) -> int:
        return self._views[self._shown].most_height()

    def guess_plots(self) -> Sequence[tuple[Plot, Kind]]:
        return self._views[self._shown].guess_plots()

    def what_came(self, kind: Kind) -> Any:
        return self._views[self._shown].what_came(kind)

    def use_gl(self, gl: GlContext) -> None:
        for view in self._views.values():
            view.use_gl(gl)

    def without_controls(self) -> None:
        for view in self._views.values():
            view.without_controls()

    def set_theme(self, theme: Theme) -> None:
        for view in self._views.values():
            view.set_theme(theme)

    def _draw(self, frame: Frame) -> None:
        wishes = (self._wanted, self._shown) if self._wanted else ()
        self._shown = next(
            (name for name in wishes if name == frame.view or self._views[name].shows_any_moment), frame.view
        )
        self._stack.setCurrentWidget(self._views[self._shown])
        self._views[self._shown].show_frame(frame)
