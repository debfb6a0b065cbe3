"""SignedBar: what the colours of numbers with a sign mean, from the most negative to the most positive.

Serves the pictures.
"""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.style import colours
from widgets.style.number_text import short
from widgets.style.signed_colours import table
from widgets.style.theme import DARK, Theme, pen


class SignedBar(QWidget):
    """A lying bar with its two ends as numbers beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._reach = 1.0
        self.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)
        self.setToolTip("Blue is below zero, orange above; the stronger, the larger.")

    def set_theme(self, theme: Theme) -> None:
        """Colours and text."""
        self._theme = theme
        self.setFont(theme.font(12))
        self.updateGeometry()
        self.update()

    def show_reach(self, reach: float) -> None:
        """The size that has the full colour."""
        if short(reach, 2) != short(self._reach, 2):
            self._reach = reach
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(210), self._theme.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        side = theme.px(52)
        bar = QRectF(side, self.height() * 0.25, self.width() - 2 * side, self.height() * 0.5)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        shades = table(theme.is_dark, theme.raised)
        for number in range(0, 256, 15):
            gradient.setColorAt(number / 255, colours.colour(shades[number]))
        painter.fillRect(bar, gradient)
        painter.setPen(pen(theme.line, 1))
        painter.drawRect(bar)
        painter.setPen(QColor(theme.quiet))
        left = QRectF(0, 0, side - theme.px(6), self.height())
        right = QRectF(self.width() - side + theme.px(6), 0, side, self.height())
        painter.drawText(left, Qt.AlignRight | Qt.AlignVCenter, short(-self._reach, 2))
        painter.drawText(right, Qt.AlignLeft | Qt.AlignVCenter, short(self._reach, 2))
