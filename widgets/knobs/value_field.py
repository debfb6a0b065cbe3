"""ValueField: the number beside a control, which can be typed over. Serves the knob."""

from __future__ import annotations

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtGui import QFocusEvent, QKeyEvent
from PyQt5.QtWidgets import QLineEdit, QWidget

from widgets.knobs.leaving import leave


class ValueField(QLineEdit):
    """Right-aligned text that is given out once, when it was changed and Return or leaving the field ends it.

    Escape puts the old text back.
    """

    entered = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None, widest: str = "0.00012345") -> None:
        super().__init__(parent)
        self._widest = widest
        self.setProperty("role", "value")
        self.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
        self._old = ""
        self.editingFinished.connect(self._finish)

    def setText(self, text: str) -> None:
        self._old = text
        super().setText(text)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._widest), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("0.0000"), super().minimumSizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key_Escape:
            super().setText(self._old)
            if not leave(self):
                self.clearFocus()
            return
        super().keyPressEvent(event)

    def _finish(self) -> None:
        text = self.text().strip()
        if text != self._old:
            self.entered.emit(text)
