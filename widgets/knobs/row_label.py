"""RowLabel: the labels of the knob panel stand in one column. Serves the knob."""

from __future__ import annotations

from PyQt5.QtCore import QSize
from PyQt5.QtWidgets import QLabel


class RowLabel(QLabel):
    """A label in a column of labels: as wide as the column where there is room, as its own text where there isn't."""

    COLUMN = "Initial weights "

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(hint.width(), self.fontMetrics().horizontalAdvance(self.COLUMN)), hint.height())

    def minimumSizeHint(self) -> QSize:
        return super().sizeHint()
