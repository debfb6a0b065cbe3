"""CompareView: target and painting in one place, under a divider. Serves the drawing of a frame."""

from __future__ import annotations

from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.frames import Frame
from engine.lanes import Overlay
from engine.painting.picture import PaintingPicture
from widgets.page.picture_view import PictureView
from widgets.painting.captions import DECIBELS, decibels, switched_off
from widgets.painting.divided_picture import DividedPicture
from widgets.plotting.throttle import Throttle
from widgets.style.theme import Theme

LONGEST = 24  # letters of a run's name


class CompareView(PictureView):
    """The view "divider"."""

    name = "divider"
    shows_any_moment = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.divided = DividedPicture()
        self.divided.setToolTip(f"{self.divided.toolTip()} {DECIBELS}")
        self._frame: Frame | None = None
        self._overlays: tuple[Overlay, ...] = ()
        self._other: Overlay | None = None  # the one on the left
        self._captions = Throttle(lambda words: self.divided.show_captions(*words), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.divided)

    def set_theme(self, theme: Theme) -> None:
        self.divided.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self._divide()

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        """Another run's painting on the left, in place of the target: the last of them, if it paints this picture."""
        self._overlays = overlays
        if self._chosen() is not self._other:
            self._divide()

    def _chosen(self) -> Overlay | None:
        if self._frame is None:
            return None
        shape = self._frame.picture.painting.shape
        for overlay in reversed(self._overlays):
            picture = overlay.frame.picture
            if isinstance(picture, PaintingPicture) and picture.painting.shape == shape:
                return overlay
        return None

    def _divide(self) -> None:
        picture: PaintingPicture = self._frame.picture
        self._other = other = self._chosen()
        self.divided.show_images([picture.target if other is None else other.frame.picture.painting, picture.painting])
        left = "target" if other is None else f"{_short(other.lane.name)}{decibels(other.frame)}"
        self._captions.show((left, f"painting{decibels(self._frame)}{switched_off(picture)}"))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"…{name[-LONGEST:]}"  # a name ends with what differs
