"""CropPreview: the whole picture with the part of it that is painted, to drag and zoom. Serves the data's knobs."""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.plotting.pixels import image_of
from widgets.style.theme import DARK, Theme, faded, pen

MOST_ZOOM = 16.0


class CropPreview(QWidget):
    """``cropped`` carries (zoom, x, y) as the knobs crop_zoom, crop_x and crop_y take them."""

    cropped = pyqtSignal(float, float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crop_preview")
        self.setAccessibleName("Crop: drag the frame, the wheel makes it smaller")
        self.setToolTip("The part that is painted: drag it, and make it smaller or larger with the wheel.")
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumHeight(90)
        self._image: QImage | None = None
        self._zoom, self._x, self._y = 1.0, 0.5, 0.5
        self._is_whole = False
        self._grip: QPointF | None = None
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        """The frame about the part."""
        self._theme = theme
        self.update()

    def show_picture(self, whole: np.ndarray) -> None:
        """The whole picture, small: uint8 (rows, columns, 3)."""
        self._image = image_of(whole)
        self.update()

    def show_crop(self, zoom: float, x: float, y: float, is_whole: bool = False) -> None:
        """Which part is painted, silently: a square, or one of the picture's own shape."""
        if self._grip is None:
            self._zoom, self._x, self._y, self._is_whole = zoom, x, y, is_whole
            self.update()

    def part(self) -> QRectF:
        """Where the painted part is, in this widget."""
        place = self._place()
        shorter = min(place.width(), place.height())
        width, height = (place.width(), place.height()) if self._is_whole else (shorter, shorter)
        width, height = width / self._zoom, height / self._zoom
        left, top = (place.width() - width) * self._x, (place.height() - height) * self._y
        return QRectF(place.left() + left, place.top() + top, width, height)

    def sizeHint(self) -> QSize:
        return QSize(240, 140)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton and self._image is not None:
            if not self.part().contains(event.localPos()):
                self._move_to(event.localPos())
            self._grip = event.localPos() - self.part().topLeft()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._move_to(event.localPos() - self._grip + QPointF(self.part().width(), self.part().height()) / 2)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._grip = None
            self.cropped.emit(self._zoom, self._x, self._y)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._image is None:
            return
        middle = self.part().center()
        self._zoom = min(MOST_ZOOM, max(1.0, self._zoom * 1.15 ** (event.angleDelta().y() / 120)))
        self._move_to(middle)
        self.cropped.emit(self._zoom, self._x, self._y)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        place, part = self._place(), self.part()
        painter.drawImage(place, self._image)
        shade = faded(QColor("#000000"), 0.55)
        painter.fillRect(QRectF(place.left(), place.top(), place.width(), part.top() - place.top()), shade)
        painter.fillRect(QRectF(place.left(), part.bottom(), place.width(), place.bottom() - part.bottom()), shade)
        painter.fillRect(QRectF(place.left(), part.top(), part.left() - place.left(), part.height()), shade)
        painter.fillRect(QRectF(part.right(), part.top(), place.right() - part.right(), part.height()), shade)
        painter.setPen(pen(self._theme.accent, self._theme.width(2)))
        painter.drawRect(part.adjusted(1, 1, -1, -1))

    def _place(self) -> QRectF:
        """Where the whole picture stands."""
        if self._image is None:
            return QRectF(self.rect())
        scale = min(self.width() / self._image.width(), self.height() / self._image.height())
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF((self.width() - width) / 2, 0, width, height)

    def _move_to(self, middle: QPointF) -> None:
        place, part = self._place(), self.part()
        room_x, room_y = place.width() - part.width(), place.height() - part.height()
        if room_x > 0.5:
            self._x = min(1.0, max(0.0, (middle.x() - part.width() / 2 - place.left()) / room_x))
        if room_y > 0.5:
            self._y = min(1.0, max(0.0, (middle.y() - part.height() / 2 - place.top()) / room_y))
        self.update()
