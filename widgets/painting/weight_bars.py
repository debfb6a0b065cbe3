"""WeightBars: one neuron's weights as bars up and down from a line. Serves the neurons of a layer."""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, pen


class WeightBars(QWidget):
    """A caption with the largest weight, and a bar a weight, the larger the longer; up is positive."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self.setAccessibleName(caption)
        self._caption = caption
        self._weights = np.zeros(0)
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        """Colours, and the height for a line of text and the bars."""
        self._theme = theme
        self.setFont(theme.font(12))
        self.setFixedHeight(theme.px(62))

    def show_weights(self, weights: np.ndarray) -> None:
        """Show these weights, (n,)."""
        self._weights = np.asarray(weights, float)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, self._theme.px(62))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        line = self.fontMetrics().height() + 2
        painter.setPen(QColor(theme.quiet))
        painter.drawText(0, 0, self.width(), line, Qt.AlignLeft | Qt.AlignVCenter, self._caption)
        if not len(self._weights):
            return
        most = float(np.abs(self._weights).max())
        if not np.isfinite(most):
            return
        painter.drawText(0, 0, self.width(), line, Qt.AlignRight | Qt.AlignVCenter, f"up to ±{short(most)}")
        middle = line + (self.height() - line) / 2
        reach = (self.height() - line) / 2 - 2
        step = self.width() / len(self._weights)
        width = max(1.0, min(step - 1, theme.px(18))) if step >= 2 else step
        positive, negative = QColor(theme.series_colour(1)), QColor(theme.series_colour(0))
        for number, weight in enumerate(self._weights / (most or 1.0)):
            left = number * step + (step - width) / 2
            top = middle - max(weight, 0) * reach
            painter.fillRect(
                QRectF(left, top, width, max(1.0, abs(weight) * reach)), positive if weight > 0 else negative
            )
        painter.setPen(pen(theme.control, 1))
        painter.drawLine(0, round(middle), self.width(), round(middle))
