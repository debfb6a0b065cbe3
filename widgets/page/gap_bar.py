"""GapBar: a guess and the truth on one scale, so that what lies between them is seen. Serves the lecture."""

from __future__ import annotations

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme

ROOM = 0.12  # of what lies between the two, beyond them, where no scale is given


class GapBar(QWidget):
    """The guess is a triangle from above, the truth one from below; the gap between them is filled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self._theme = DARK
        self._guess = self._truth = 0.0
        self._low, self._high = 0.0, 1.0

    def set_theme(self, theme: Theme) -> None:
        """Colours and sizes."""
        self._theme = theme
        self.setFont(theme.font(12))
        self.setFixedHeight(self.sizeHint().height())

    def show_gap(self, guess: float, truth: float, low: float | None = None, high: float | None = None) -> None:
        """Show both, on the question's own scale where it has one and they lie on it."""
        room = ROOM * (abs(guess - truth) or abs(truth) or 1.0)
        self._guess, self._truth = guess, truth
        self._low = min(guess, truth, *((low,) if low is not None else (min(guess, truth) - room,)))
        self._high = max(guess, truth, *((high,) if high is not None else (max(guess, truth) + room,)))
        self.setAccessibleName(f"Your guess {short(guess)}, the run {short(truth)}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 2 * self.fontMetrics().height() + self._theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.Antialiasing)
        line, edge, size = self.fontMetrics().height(), theme.px(8), theme.px(9)
        middle = self.height() / 2

        def at(value: float) -> float:
            return edge + (self.width() - 2 * edge) * (value - self._low) / ((self._high - self._low) or 1.0)

        painter.fillRect(QRectF(edge, middle - 1, self.width() - 2 * edge, 2), QColor(theme.control))
        guess, truth = at(self._guess), at(self._truth)
        gap = QColor(theme.warning)
        painter.fillRect(QRectF(min(guess, truth), middle - 2, abs(guess - truth), 4), gap)
        for place, value, word, colour, up in (
            (guess, self._guess, "guess", theme.warning, -1),
            (truth, self._truth, "run", theme.accent, 1),
        ):
            painter.setPen(Qt.NoPen)
            painter.setBrush(QColor(colour))
            far = middle + up * size
            painter.drawPolygon(
                QPolygonF([QPointF(place, middle), QPointF(place - size / 2, far), QPointF(place + size / 2, far)])
            )
            painter.setPen(QColor(theme.text))
            text = f"{word} {short(value)}"
            wide = self.fontMetrics().horizontalAdvance(text)
            left = min(max(0.0, place - wide / 2), self.width() - wide)
            top = middle - size - line if up < 0 else middle + size
            painter.drawText(QRectF(left, top, wide + 2, line), Qt.AlignLeft | Qt.AlignVCenter, text)
