"""LandscapeView: the landscape page's picture, over one parameter or two. Serves the drawing of a frame."""

from __future__ import annotations

from PyQt5.QtWidgets import QStackedLayout, QWidget

from engine.frames import Frame
from engine.landscape_picture import LandscapePicture
from widgets.landscape_1d import Landscape1D
from widgets.landscape_2d import Landscape2D
from widgets.picture_view import PictureView
from widgets.theme import Theme


class LandscapeView(PictureView):
    """Shows the view that the terrain asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.one, self.two = Landscape1D(), Landscape2D()
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.one)
        self._stack.addWidget(self.two)

    def set_theme(self, theme: Theme) -> None:
        """Both views take the theme."""
        self.one.set_theme(theme)
        self.two.set_theme(theme)

    @property
    def lists_runners(self) -> bool:
        """Whether the picture has a legend of the runners."""
        return self._stack.currentWidget() is self.two and self.two.lists_runners

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment."""
        picture: LandscapePicture = frame.picture
        view = self.one if picture.terrain.y is None else self.two
        if self._stack.currentWidget() is not view:
            self._stack.setCurrentWidget(view)
        view.show_picture(picture)
