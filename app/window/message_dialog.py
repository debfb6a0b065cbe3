"""MessageDialog: words with a button that closes them; what is taller than the screen scrolls. Serves the window."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

LETTERS = 92  # of usual width, in a line of the words
FRAME = 64  # px of the screen that the window's own frame may take, above and below together


class MessageDialog(QDialog):
    """Rich text under a title; Escape and Return close it, and the arrow keys scroll."""

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setAttribute(Qt.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._words = QLabel(text)
        self._words.setTextFormat(Qt.RichText)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignTop | Qt.AlignLeft)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._words)
        buttons = QDialogButtonBox(QDialogButtonBox.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(buttons)

    def showEvent(self, event) -> None:
        """As high as the words are, and as the screen lets it be."""
        self.ensurePolished()  # the theme's letters are in the measures
        self._words.ensurePolished()
        room, margins = self.parentWidget().screen().availableGeometry(), self.layout().contentsMargins()
        beside = margins.left() + margins.right() + self._scroll.verticalScrollBar().sizeHint().width()
        width = min(LETTERS * self._words.fontMetrics().averageCharWidth(), room.width() - beside)
        below = self.layout().sizeHint().height() - self._scroll.sizeHint().height()
        height = min(self._words.heightForWidth(width) + below + 4, room.height() - FRAME)
        self.resize(width + beside, height)
        self._scroll.setFocus()
        super().showEvent(event)
