"""PixelSquares: pictures side by side, all the same size, every pixel of theirs a crisp square. Serves the painting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt5.QtCore import QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.plotting.pixels import image_of
from widgets.style.theme import DARK, Theme, pen

GAP, MOST_GAP = 12, 40
NEARLY = 0.92  # of the room, from which on pixels all of one size are worth more than the rest of it


class PixelSquares(QWidget):
    """Three places of one size, with a caption over each.

    A pixel is a whole number of screen pixels wide where that wastes little room; other pictures are scaled to fit.
    ``clicked`` says which place was clicked, and where in it, in shares of its width and height.
    """

    clicked = pyqtSignal(int, float, float)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self._images: list[QImage | None] = [None] * count
        self._pixels: list[np.ndarray | QImage | None] = [None] * count
        self._captions = [""] * count
        self._marks: list[QRectF | None] = [None] * count
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        """Text of the captions."""
        self._theme = theme
        self.setFont(theme.font(14))
        self.update()

    def show_images(self, images: Sequence[np.ndarray | QImage]) -> None:
        """uint8 pictures of shape (rows, columns, 3), or images made of some; the same array again costs nothing."""
        for number, pixels in enumerate(images):
            if pixels is not self._pixels[number]:
                self._pixels[number] = pixels
                self._images[number] = pixels if isinstance(pixels, QImage) else image_of(pixels)
        self.update()

    def show_captions(self, captions: Sequence[str]) -> None:
        """The words over the pictures."""
        self._captions = list(captions)
        self.update()

    def show_mark(self, number: int, mark: QRectF | None) -> None:
        """A frame around a part of a picture, in shares of its width and height; None takes it away."""
        if mark != self._marks[number]:
            self._marks[number] = mark
            self.update()

    def captions(self) -> list[str]:
        """The words over the pictures."""
        return list(self._captions)

    def places(self) -> list[QRect]:
        """Where the pictures stand, all equally large if they have one shape."""
        count = len(self._images)
        image = next((image for image in self._images if image is not None), None)
        if image is None:
            return []
        ratio = self.devicePixelRatioF()
        top = self.caption_height()
        room_x = (self.width() - (count - 1) * GAP) / count * ratio / image.width()
        room_y = (self.height() - top) * ratio / image.height()
        zoom = min(room_x, room_y)
        whole = int(zoom)
        if whole >= 2 and whole / zoom > NEARLY:
            zoom = whole
        width, height = int(image.width() * zoom / ratio), int(image.height() * zoom / ratio)
        gap = min((self.width() - count * width) // max(1, count - 1), MOST_GAP)
        left = (self.width() - count * width - (count - 1) * gap) // 2
        top += (self.height() - top - height) // 2  # what is left over is above and below
        places = [QRect(left + number * (width + gap), top, width, height) for number in range(count)]
        for place, other in zip(places, self._images, strict=True):
            if other is not None:  # one of another shape than the first is as large as fits there
                place.setSize(other.size().scaled(place.size(), Qt.KeepAspectRatio))
        return places

    def sizeHint(self) -> QSize:
        return QSize(840, 300)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number, place in enumerate(self.places()):
            if event.button() == Qt.LeftButton and place.contains(event.pos()):
                inside = event.localPos() - QPointF(place.topLeft())
                self.clicked.emit(number, inside.x() / place.width(), inside.y() / place.height())
                return
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        places = self.places()
        ends = [following.left() - GAP for following in places[1:]] + [self.width()]
        for image, caption, mark, place, end in zip(
            self._images, self._captions, self._marks, places, ends, strict=False
        ):
            if image is not None:
                # crisp where a pixel is larger than the screen's, smooth where several share one of the screen's
                shrinks = place.width() * self.devicePixelRatioF() < image.width()
                painter.setRenderHint(QPainter.SmoothPixmapTransform, shrinks)
                painter.drawImage(place, image)
            if mark is not None:
                _draw_mark(painter, mark, place, self._theme)
            painter.setPen(QColor(self._theme.text))
            room = end - place.left()  # up to the next picture's words
            above = QRect(place.left(), place.top() - self.caption_height(), room, self.caption_height() - 4)
            while self.fontMetrics().horizontalAdvance(caption) > room and " · " in caption:
                caption = caption.rsplit(" · ", 1)[0]
            painter.drawText(above, Qt.AlignLeft | Qt.AlignVCenter, caption)

    def height_for(self, width: int) -> int:
        """px with which the pictures are as large as they can be so wide, with their words."""
        image = next((image for image in self._images if image is not None), None)
        if image is None:
            return 0
        count = len(self._images)
        return (width - (count - 1) * GAP) // count * image.height() // image.width() + self.caption_height()

    def caption_height(self) -> int:
        """px over the pictures, for their words."""
        return round(self.fontMetrics().height() * 1.6)


def _draw_mark(painter: QPainter, mark: QRectF, place: QRect, theme: Theme) -> None:
    """A light frame with a dark rim, which is seen on any picture."""
    frame = QRectF(
        place.left() + mark.left() * place.width(),
        place.top() + mark.top() * place.height(),
        mark.width() * place.width(),
        mark.height() * place.height(),
    )
    painter.setBrush(Qt.NoBrush)
    painter.setPen(pen("#000000", theme.width(3.5)))
    painter.drawRect(frame)
    painter.setPen(pen("#ffffff", theme.width(1.5)))
    painter.drawRect(frame)
