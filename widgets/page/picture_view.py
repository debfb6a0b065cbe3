"""PictureView: a page's picture, or one view of it: what is shown, and what a hand does in it.

Serves both ends of the loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QWidget

from engine.frames import Analysis, Frame
from engine.lanes import Overlay
from widgets.page.side_tabs import Themed
from widgets.plotting.axes import Plot
from widgets.plotting.guess_layer import Kind
from widgets.style.theme import Theme
from widgets.surface.gl_context import GlContext

UNBOUNDED = 1_000_000  # px


class PictureView(QWidget):
    """It draws what it is given; what a person does in it goes out as an intent.

    ``knob_changed`` carries a knob's name and value (a dragged start), ``knobs_changed`` several as {name: value}.
    ``analysis_requested`` carries a question's name and its arguments; the answer comes back by ``show_analysis``.
    ``action_requested`` carries an intervention in the running training and what it is about.
    """

    name: ClassVar[str] = ""  # of one view among a page's, as the knob "view" has it
    shows_any_moment: ClassVar[bool] = False  # whether it needs nothing that is measured for it alone

    knob_changed = pyqtSignal(str, object)
    knobs_changed = pyqtSignal(object)
    analysis_requested = pyqtSignal(str, object)
    action_requested = pyqtSignal(str, object)
    trial_wanted = pyqtSignal(object)  # {name: value} of knobs with which a run shall start over, and play
    knob_wanted = pyqtSignal(str)  # the part of the panel where this knob is shall be open

    @property
    def lists_descents(self) -> bool:
        """Whether the picture has a legend of its own, which the cost plot then need not repeat."""
        return False

    def show_settings(self, settings: Any) -> None:
        """What is wanted, whenever a knob moved: for handles that show a knob's value, or views it chooses."""

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment; the one entry, whether live, replayed or made by hand."""
        raise NotImplementedError

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        """Draw other runs beside the one in front, each in its lane's colour and dash; a view may have no place."""

    def show_analysis(self, analysis: Analysis) -> None:
        """Draw an analysis that answers what this view has asked by ``analysis_requested``; pass over every other."""

    def keep_picture_height(self, height: int) -> None:
        """The picture itself, inside its axes, shall have at least so many px, if others have to go for it."""

    def least_height(self) -> int:
        """px of the view with which its picture has just that height, without what can be left out; 0 for any."""
        return 0

    def is_square(self) -> bool:
        """Whether its picture is about as high as it is wide, and leaves room beside it on a wide page."""
        return False

    def full_height(self) -> int:
        """px of the view with which its picture has that height and nothing is left out."""
        return self.least_height()

    def most_height(self) -> int:
        """px beyond which more height makes nothing larger, at this width."""
        return UNBOUNDED

    def guess_plots(self) -> Sequence[tuple[Plot, Kind]]:
        """Where a hand can draw beforehand what will become of this run, and what it draws there."""
        return ()

    def what_came(self, kind: Kind) -> Any:
        """What a guess of this kind is held against: a place, or the x and y of a curve; None for nothing."""
        return None

    def aside(self) -> QWidget | None:
        """What may stand beside the cost plot in place of what has no room under the picture."""
        return None

    def needs_aside(self) -> bool:
        """Whether that is so now."""
        return False

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL, once the window is on the screen: for a view with a surface in it."""

    def without_controls(self) -> None:
        """Leave out what can be pressed: this is a picture in a file, not in a window."""

    def side_tabs(self) -> Sequence[tuple[str, Themed]]:
        """Panels that belong beside the picture: a word for the tab, and the widget. They take the theme there."""
        return ()

    def knob_parts(self) -> Mapping[str, Themed]:
        """Widgets that belong under a knob of the panel, by its name. They take the theme there."""
        return {}

    def set_theme(self, theme: Theme) -> None:
        """Every part takes the theme."""
        raise NotImplementedError
