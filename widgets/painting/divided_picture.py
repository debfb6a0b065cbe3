"""DividedPicture: target and painting in one place, under a divider that follows the hand. Serves the painting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt5.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.plotting.pixels import image_of, place_in
from widgets.style.theme import DARK, Theme, pen


class DividedPicture(QWidget):
    """Left of the divider the one picture, right of it the other; drag anywhere, or Left and Right with focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("divided_picture")
        self.setAccessibleName("Target and painting under a divider")
        self.setToolTip("Drag the divider: target on its left, painting on its right.")
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setFocusPolicy(Qt.TabFocus)
        self.setCursor(Qt.SplitHCursor)
        self._images: list[QImage] = []
        self._captions = ("target", "painting")
        self._share = 0.5
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        """Captions and divider."""
        self._theme = theme
        self.setFont(theme.font(14))
        self.update()

    def show_images(self, images: Sequence[np.ndarray]) -> None:
        """Two uint8 pictures (rows, columns, 3): the one on the left and the one on the right."""
        self._images = [image_of(pixels) for pixels in images]
        self.update()

    def show_captions(self, left: str, right: str) -> None:
        """The words over the two sides."""
        self._captions = (left, right)
        self.update()

    def share(self) -> float:
        """Where the divider stands: 0 left, 1 right."""
        return self._share

    def place(self) -> QRect:
        """Where the picture stands."""
        whole = self._place_below(0)
        return whole if self._has_room_beside(whole) else self._place_below(round(self.fontMetrics().height() * 1.6))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton:
            self._follow(event.pos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.LeftButton:
            self._follow(event.pos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key_Left: -0.05, Qt.Key_Right: 0.05}
        if event.key() in moves:
            self._move(self._share + moves[event.key()])
        else:
            super().keyPressEvent(event)

    def event(self, event) -> bool:
        # with the focus here, the arrow keys are the divider's, whatever shortcut the window has on them
        if event.type() == event.ShortcutOverride and event.key() in (Qt.Key_Left, Qt.Key_Right):
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._images) < 2:
            return
        painter, place = QPainter(self), self.place()
        cut = round(place.width() * self._share)
        shrinks = place.width() * self.devicePixelRatioF() < self._images[0].width()
        painter.setRenderHint(QPainter.SmoothPixmapTransform, shrinks)
        sides = (
            QRect(place.left(), place.top(), cut, place.height()),
            QRect(place.left() + cut, place.top(), place.width() - cut, place.height()),
        )
        for image, side in zip(self._images, sides, strict=True):
            painter.setClipRect(side)
            painter.drawImage(place, image)
        painter.setClipping(False)
        x, middle = place.left() + cut, place.center().y()
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setPen(pen("#000000", self._theme.width(4)))
        painter.drawLine(x, place.top(), x, place.bottom())
        painter.setPen(pen("#ffffff", self._theme.width(2)))
        painter.drawLine(x, place.top(), x, place.bottom())
        radius = self._theme.px(11)
        painter.setBrush(QColor(self._theme.accent))
        painter.drawEllipse(QPoint(x, middle), radius, radius)
        painter.setPen(pen(self._theme.on_accent, self._theme.width(1.8)))
        for direction in (-1, 1):
            tip = x + direction * radius * 0.6
            for slope in (-1, 1):
                inner = x + direction * radius * 0.25
                painter.drawLine(round(tip), middle, round(inner), round(middle + slope * radius * 0.35))
        painter.setPen(QColor(self._theme.text))
        if self._has_room_beside(place):
            line, gap = self.fontMetrics().height(), self._theme.px(12)
            left, right = place.left() - gap, place.right() + gap
            texts = [
                self._fitted(text, room)
                for text, room in zip(self._captions, (left, self.width() - right), strict=True)
            ]
            painter.drawText(QRect(0, place.top(), left, line), Qt.AlignRight, texts[0])
            painter.drawText(QRect(right, place.top(), self.width() - right, line), Qt.AlignLeft, texts[1])
            return
        words = self.fontMetrics().horizontalAdvance("   ".join(self._captions))
        width = min(self.width(), max(place.width(), words))
        line = self.fontMetrics().height() * 1.6
        above = QRectF(place.center().x() - width / 2, place.top() - line, width, line - 4)
        half = width / 2 - self._theme.px(6) if words > width else width
        painter.drawText(above, Qt.AlignLeft | Qt.AlignVCenter, self._fitted(self._captions[0], half))
        painter.drawText(above, Qt.AlignRight | Qt.AlignVCenter, self._fitted(self._captions[1], half))

    def _fitted(self, text: str, room: float) -> str:
        """A run's name may be long; what it is measured by stands at the end."""
        return self.fontMetrics().elidedText(text, Qt.ElideMiddle, int(room))

    def _place_below(self, top: int) -> QRect:
        room = QRect(0, top, self.width(), self.height() - top)
        size = self._images[0].size() if self._images else QSize(64, 64)
        return place_in(room, size, self.devicePixelRatioF())

    def _has_room_beside(self, place: QRect) -> bool:
        """Whether the words fit beside the picture, which can then have the whole height."""
        return place.left() >= self.fontMetrics().horizontalAdvance("painting · 88.8 dB") + self._theme.px(12)

    def _follow(self, position: QPoint) -> None:
        place = self.place()
        self._move((position.x() - place.left()) / max(1, place.width()))

    def _move(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.update()
