"""PaintingView: target, painting and error, three equal squares of crisp pixels. Serves the drawing of a frame."""

from __future__ import annotations

import math

import numpy as np
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.frames import Frame
from engine.painting_picture import PaintingPicture
from widgets.colours import table
from widgets.picture_view import PictureView
from widgets.pixel_squares import PixelSquares
from widgets.theme import Theme
from widgets.throttle import Throttle

# Brightness follows the root of the error, or all but the largest errors would be black.
_ERROR_COLOURS = table("magma")[(255 * np.sqrt(np.arange(256) / 255)).astype(np.uint8)]


class PaintingView(PictureView):
    """The error is magma: black is right, bright is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.squares = PixelSquares(3)
        self._throttle = Throttle(self._show_caption, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.squares)

    def set_theme(self, theme: Theme) -> None:
        """Text of the captions."""
        self.squares.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment."""
        picture: PaintingPicture = frame.picture
        self.squares.show_images([picture.target, picture.painting, _ERROR_COLOURS[picture.error]])
        psnr = frame.metrics.get("psnr_db", math.nan)
        self._throttle.show(f"painting · {psnr:.1f} dB" if math.isfinite(psnr) else "painting")

    def _show_caption(self, painting: str) -> None:
        self.squares.show_captions(["target", painting, "error · bright is wrong"])
