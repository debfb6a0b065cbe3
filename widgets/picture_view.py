"""PictureView: what the three pages' pictures have in common. Serves both ends of the loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QWidget

from engine.frames import Frame, Study
from widgets.gl_context import GlContext
from widgets.theme import Theme


class PictureView(QWidget):
    """A page's picture. It draws what it is given; what a person does in it goes out as an intent.

    ``knob_changed`` carries a knob's name and value (a dragged start). ``study_requested`` carries a question's name
    and its arguments; the answer comes back by ``show_study``. ``touched`` carries an intervention in the running
    training and what it is about.
    """

    knob_changed = pyqtSignal(str, object)
    study_requested = pyqtSignal(str, object)
    touched = pyqtSignal(str, object)

    @property
    def lists_runners(self) -> bool:
        """Whether the picture has a legend of its own, which the cost plot then need not repeat."""
        return False

    def show_settings(self, settings: Any) -> None:
        """What is wanted, whenever a knob moved: for handles that show a knob's value, or views it chooses."""

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment; the one entry, whether live, replayed or made by hand."""
        raise NotImplementedError

    def show_study(self, study: Study) -> None:
        """Draw the answer to a question asked by ``study_requested``."""

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL, once the window is on the screen: for a view with a surface in it."""

    def without_controls(self) -> None:
        """Leave out what can be pressed: this is a picture in a file, not in a window."""

    def side_tabs(self) -> Sequence[tuple[str, QWidget]]:
        """Panels that belong beside the picture: a word for the tab, and the widget."""
        return ()

    def set_theme(self, theme: Theme) -> None:
        """Every part takes the theme."""
        raise NotImplementedError
