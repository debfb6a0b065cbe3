"""CropPreview: the whole picture with the square of it that is painted, to drag and zoom. Serves the data's knobs."""

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
        self.setAccessibleName("Crop: drag the square, the wheel makes it smaller")
        self.setToolTip("The square that is painted: drag it, and make it smaller or larger with the wheel.")
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumHeight(90)
        self._image: QImage | None = None
        self._zoom, self._x, self._y = 1.0, 0.5, 0.5
        self._grip: QPointF | None = None
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        """The square's frame."""
        self._theme = theme
        self.update()

    def show_picture(self, whole: np.ndarray) -> None:
        """The whole picture, small: uint8 (rows, columns, 3)."""
        self._image = image_of(whole)
        self.update()

    def show_crop(self, zoom: float, x: float, y: float) -> None:
        """Which square is painted, silently."""
        if self._grip is None:
            self._zoom, self._x, self._y = zoom, x, y
            self.update()

    def square(self) -> QRectF:
        """Where the painted square is, in this widget."""
        place = self._place()
        edge = min(place.width(), place.height()) / self._zoom
        return QRectF(
            place.left() + (place.width() - edge) * self._x, place.top() + (place.height() - edge) * self._y, edge, edge
        )

    def sizeHint(self) -> QSize:
        return QSize(240, 140)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton and self._image is not None:
            if not self.square().contains(event.localPos()):
                self._move_to(event.localPos())
            self._grip = event.localPos() - self.square().topLeft()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._move_to(event.localPos() - self._grip + QPointF(self.square().width(), self.square().width()) / 2)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._grip = None
            self.cropped.emit(self._zoom, self._x, self._y)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._image is None:
            return
        middle = self.square().center()
        self._zoom = min(MOST_ZOOM, max(1.0, self._zoom * 1.15 ** (event.angleDelta().y() / 120)))
        self._move_to(middle)
        self.cropped.emit(self._zoom, self._x, self._y)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        place, square = self._place(), self.square()
        painter.drawImage(place, self._image)
        shade = faded(QColor("#000000"), 0.55)
        painter.fillRect(QRectF(place.left(), place.top(), place.width(), square.top() - place.top()), shade)
        painter.fillRect(QRectF(place.left(), square.bottom(), place.width(), place.bottom() - square.bottom()), shade)
        painter.fillRect(QRectF(place.left(), square.top(), square.left() - place.left(), square.height()), shade)
        painter.fillRect(QRectF(square.right(), square.top(), place.right() - square.right(), square.height()), shade)
        painter.setPen(pen(self._theme.accent, self._theme.width(2)))
        painter.drawRect(square.adjusted(1, 1, -1, -1))

    def _place(self) -> QRectF:
        """Where the whole picture stands."""
        if self._image is None:
            return QRectF(self.rect())
        scale = min(self.width() / self._image.width(), self.height() / self._image.height())
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF((self.width() - width) / 2, 0, width, height)

    def _move_to(self, middle: QPointF) -> None:
        place, edge = self._place(), self.square().width()
        room_x, room_y = place.width() - edge, place.height() - edge
        if room_x > 0.5:
            self._x = min(1.0, max(0.0, (middle.x() - edge / 2 - place.left()) / room_x))
        if room_y > 0.5:
            self._y = min(1.0, max(0.0, (middle.y() - edge / 2 - place.top()) / room_y))
        self.update()
