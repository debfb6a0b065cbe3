"""ColourBar: what the landscape's colours mean, from its lowest to its highest cost. Serves the landscape."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.style import colours
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme


class ColourBar(QWidget):
    """A lying bar with a number at each end, and a word when the colours follow the logarithm.

    ``is_flat``: all in one line, for a heading.
    """

    def __init__(self, parent: QWidget | None = None, is_flat: bool = False) -> None:
        super().__init__(parent)
        self._is_flat = is_flat
        self.setSizePolicy(QSizePolicy.Preferred, QSizePolicy.Fixed)
        self._theme = DARK
        self._ends = ("", "")
        self._is_log = False

    def set_theme(self, theme: Theme) -> None:
        """Text of the theme."""
        self._theme = theme
        self.setFont(theme.font(12))
        self.updateGeometry()
        self.update()

    def show_range(self, low: float, high: float, logarithmic: bool) -> None:
        """The costs at the ends of the bar."""
        self._ends = (short(low), short(high))
        self._is_log = logarithmic
        self.update()

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(height * 14, height) if self._is_flat else QSize(height * 8, height * 3)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._is_flat else super().minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height = self.fontMetrics().height()
        bar = QRectF(0, height * 1.3, self.width(), height * 0.6)
        if self._is_flat:
            side, word = height * 2.7, height * (3.8 if self._is_log else 2.0)
            right = max(side, height * 0.6 + self.fontMetrics().horizontalAdvance(self._ends[1]))
            bar = QRectF(word + side, height * 0.2, self.width() - right - side - word, height * 0.6)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        shades = colours.table("viridis", 16)
        for number, shade in enumerate(shades):
            gradient.setColorAt(number / (len(shades) - 1), colours.colour(shade))
        painter.fillRect(bar, gradient)
        painter.setPen(QColor(self._theme.quiet))
        if self._is_flat:
            gap = height * 0.4
            word = QRectF(0, 0, bar.left() - gap, height)
            name = "log cost" if self._is_log else "cost"
            needed = self.fontMetrics().horizontalAdvance(f"{name} {self._ends[0]}")
            if needed <= word.width():  # else a long number has the place alone
                painter.drawText(word, Qt.AlignLeft, name)
            painter.drawText(word, Qt.AlignRight, self._ends[0])
            painter.drawText(QRectF(bar.right() + gap, 0, self.width(), height), Qt.AlignLeft, self._ends[1])
            return
        above = QRectF(0, 0, self.width(), height)
        below = QRectF(0, bar.bottom() + 1, self.width(), height)
        painter.drawText(above, Qt.AlignLeft, "cost, logarithmic" if self._is_log else "cost")
        painter.drawText(below, Qt.AlignLeft, self._ends[0])
        painter.drawText(below, Qt.AlignRight, self._ends[1])
