"""PixelSquares: pictures side by side, all the same size, every pixel of theirs a crisp square. Serves the painting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt5.QtCore import QRect, QSize, Qt
from PyQt5.QtGui import QColor, QImage, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.theme import DARK, Theme

GAP, MOST_GAP = 12, 40


class PixelSquares(QWidget):
    """Three places of one size, with a caption over each.

    A pixel is a whole number of screen pixels wide where the room allows at least two; larger pictures are scaled
    to fit.
    """

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self._images: list[QImage | None] = [None] * count
        self._captions = [""] * count
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        """Text of the captions."""
        self._theme = theme
        self.setFont(theme.font(14))
        self.update()

    def show_images(self, images: Sequence[np.ndarray]) -> None:
        """uint8 pictures of shape (rows, columns, 3)."""
        for number, pixels in enumerate(images):
            pixels = np.ascontiguousarray(pixels)
            rows, columns = pixels.shape[:2]
            self._images[number] = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format_RGB888).copy()
        self.update()

    def show_captions(self, captions: Sequence[str]) -> None:
        """The words over the pictures."""
        self._captions = list(captions)
        self.update()

    def captions(self) -> list[str]:
        """The words over the pictures."""
        return list(self._captions)

    def places(self) -> list[QRect]:
        """Where the pictures stand, all equally large."""
        count = len(self._images)
        image = next((image for image in self._images if image is not None), None)
        if image is None:
            return []
        ratio = self.devicePixelRatioF()
        top = self._caption_height()
        room_x = (self.width() - (count - 1) * GAP) / count * ratio / image.width()
        room_y = (self.height() - top) * ratio / image.height()
        zoom = min(room_x, room_y)
        whole = int(zoom)
        if whole >= 2 and whole / zoom > 0.86:
            zoom = whole
        width, height = int(image.width() * zoom / ratio), int(image.height() * zoom / ratio)
        gap = min((self.width() - count * width) // max(1, count - 1), MOST_GAP)
        left = (self.width() - count * width - (count - 1) * gap) // 2
        return [QRect(left + number * (width + gap), top, width, height) for number in range(count)]

    def sizeHint(self) -> QSize:
        return QSize(840, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.SmoothPixmapTransform, False)
        for image, caption, place in zip(self._images, self._captions, self.places(), strict=False):
            if image is not None:
                painter.drawImage(place, image)
            painter.setPen(QColor(self._theme.text))
            above = QRect(place.left(), place.top() - self._caption_height(), place.width(), self._caption_height() - 4)
            if self.fontMetrics().horizontalAdvance(caption) > place.width():
                caption = caption.split(" · ")[0]
            painter.drawText(above, Qt.AlignLeft | Qt.AlignVCenter, caption)

    def _caption_height(self) -> int:
        return round(self.fontMetrics().height() * 1.6)
