"""MessageLabel: one sentence that has to be read, and at its end a button, if it can be answered. Serves the header."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QLabel, QToolButton, QWidget

GAP = 12  # px between the sentence and its button


class MessageLabel(QLabel):
    """The button stands in the label's right margin, so that wherever the label is put, both are."""

    answered = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setProperty("role", "message")
        self.setWordWrap(True)
        self._button = QToolButton(self)
        self._button.setObjectName("bring_back")
        self._button.setProperty("role", "answer")
        self._button.setFocusPolicy(Qt.TabFocus)
        self._button.clicked.connect(self.answered)
        self._button.hide()

    def show_answer(self, words: str) -> None:
        """What the button says; without words there is none."""
        self._button.setText(words)
        self._button.setAccessibleName(words)
        self._button.setVisible(bool(words))
        self._place()

    def width_of_answer(self) -> int:
        """How much room beside the sentence the button takes, px."""
        return self._button.sizeHint().width() + GAP if self._button.text() else 0

    def height_of_answer(self) -> int:
        """How high the button is, px."""
        return self._button.sizeHint().height() if self._button.text() else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        taken = self.width_of_answer()
        self.setContentsMargins(0, 0, taken, 0)
        if taken:
            size = self._button.sizeHint().boundedTo(self.size())
            # beside the sentence's end, where the eye is, if it is one line
            end = min(self.fontMetrics().horizontalAdvance(self.text()) + 2 * GAP, self.width() - size.width())
            self._button.setGeometry(max(0, end), (self.height() - size.height()) // 2, size.width(), size.height())
