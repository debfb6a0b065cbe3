"""Toggle: a check box drawn as a switch, with its label left as the other controls have it. Serves the knob."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, QRectF, QSize, Qt
from PyQt5.QtGui import QPainter, QPaintEvent, QPalette
from PyQt5.QtWidgets import QCheckBox, QWidget


class Toggle(QCheckBox):
    """On is the accent with the knob right; off is grey with the knob left."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.TabFocus)  # a click gives the focus to the page, as a click on any button does

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        height = metrics.height()
        return QSize(metrics.horizontalAdvance(self.text()) + 3 * height, round(height * 1.4))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        palette = self.palette()
        painter.setPen(palette.color(QPalette.WindowText))
        painter.drawText(self.rect(), Qt.AlignLeft | Qt.AlignVCenter, self.text())
        height = round(self.fontMetrics().height() * 1.1)
        track = QRectF(self.width() - 1.9 * height - 1, (self.height() - height) / 2, 1.9 * height, height)
        on = self.isChecked()
        painter.setPen(palette.color(QPalette.Highlight) if self.hasFocus() or on else palette.color(QPalette.Dark))
        painter.setBrush(palette.color(QPalette.Highlight) if on else palette.color(QPalette.Base))
        painter.drawRoundedRect(track, height / 2, height / 2)
        size = height - 6
        left = track.right() - size - 3 if on else track.left() + 3
        painter.setPen(Qt.NoPen)
        painter.setBrush(palette.color(QPalette.HighlightedText) if on else palette.color(QPalette.PlaceholderText))
        painter.drawEllipse(QRectF(left, track.top() + 3, size, size))
