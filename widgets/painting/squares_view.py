"""SquaresView: target, painting and error side by side; or, in a race, the target and the two that race.

Serves the drawing of a frame. The error is magma.
"""

from __future__ import annotations

from PyQt5.QtCore import QRectF
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.frames import Frame
from engine.painting.picture import PaintingPicture, Rival
from widgets.page.picture_view import UNBOUNDED, PictureView
from widgets.painting.captions import DECIBELS, decibels, switched_off
from widgets.painting.pixel_squares import PixelSquares
from widgets.plotting.pixels import mapped_image
from widgets.plotting.throttle import Throttle
from widgets.style.theme import Theme


class SquaresView(PictureView):
    """The view "painting". The frame about the worst place moves with the words, or it would flicker about."""

    name = "painting"
    shows_any_moment = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = 0
        self.squares = PixelSquares(3)
        self.squares.setToolTip(DECIBELS)
        self._captions = Throttle(self._show_captions, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.squares)

    def set_theme(self, theme: Theme) -> None:
        self.squares.set_theme(theme)

    def keep_picture_height(self, height: int) -> None:
        self._least = height

    def least_height(self) -> int:
        return self._least + self.squares.caption_height()

    def full_height(self) -> int:
        return max(self.least_height(), self.squares.height_for(self.width()))

    def most_height(self) -> int:
        return self.squares.height_for(self.width()) or UNBOUNDED

    def show_frame(self, frame: Frame) -> None:
        picture: PaintingPicture = frame.picture
        if picture.rival is not None:
            self._show_race(picture, picture.rival, decibels(frame))
            return
        self.squares.show_images([picture.target, picture.painting, mapped_image(picture.error, "magma", rooted=True)])
        painting = f"painting{decibels(frame)}{switched_off(picture)}"
        error, mark = _of_the_error(picture)
        self._captions.show((("target", painting, error), mark))

    def _show_race(self, picture: PaintingPicture, rival: Rival, own_decibels: str) -> None:
        self.squares.show_images([picture.target, picture.painting, rival.painting])
        self.squares.show_mark(2, None)
        fewer, more = sorted(rival.parameters)
        each = f"{fewer:,} numbers each" if fewer == more else f"about {fewer:,} numbers each"
        deep, wide = f"deep {rival.own_words}{own_decibels}", f"wide {rival.words} · {rival.psnr_db:.1f} dB"
        self._captions.show(((f"target · {each}", deep, wide), None))

    def _show_captions(self, shown: tuple[tuple[str, ...], QRectF | None]) -> None:
        words, mark = shown
        self.squares.show_captions(words)
        self.squares.show_mark(2, mark)


def _of_the_error(picture: PaintingPicture) -> tuple[str, QRectF | None]:
    """What is said of the error, and where it is worst, in shares of the picture."""
    worst = picture.worst
    if worst is None:
        return "error · bright is far off" if picture.moves else "error · bright is wrong", None
    rows, columns = picture.target.shape[:2]
    mark = QRectF(worst.column / columns, worst.row / rows, worst.edge / columns, worst.edge / rows)
    amount = f"{worst.error / 255:.0%} off" if picture.moves else f"{worst.error:.0f} of 255"
    return f"error · worst {worst.edge} × {worst.edge}: {amount}", mark
