"""SideTabs: panels under the knobs, one at a time, opened and closed by the words below them.

Serves the drawing of a frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from widgets.style.theme import Theme

WORD_RIM = 11  # px


class Themed(Protocol):
    """A widget that takes a theme, as every panel does."""

    def set_theme(self, theme: Theme) -> None: ...


class SideTabs(QFrame):
    """A row of words; a click opens that panel, another click on the same word closes it again."""

    opened = pyqtSignal(str)  # the word of the panel that is open now, or nothing

    def __init__(self, tabs: Sequence[tuple[str, Themed]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side_tabs")
        self._buttons: dict[str, _Word] = {}
        self._panels = tuple(panel for _, panel in tabs)
        self._stack = QStackedWidget()
        row = QHBoxLayout()
        row.setContentsMargins(2, 4, 2, 4)
        row.setSpacing(0)
        for word, panel in tabs:
            button = _Word(self)
            button.setObjectName(f"tab_{word.lower()}")
            button.setProperty("role", "tab")
            button.setText(word)
            button.setCheckable(True)
            button.setAccessibleName(f"{word} panel")
            button.setToolTip(f"Show or hide: {word.lower()}.")
            button.setFocusPolicy(Qt.TabFocus)
            button.clicked.connect(lambda checked, word=word: self.open(word if checked else ""))
            row.addWidget(button)
            self._buttons[word] = button
            self._stack.addWidget(panel)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addLayout(row)  # at the bottom, where it stays while panels of any height open over it
        self.open("")

    def words(self) -> tuple[str, ...]:
        """The words of all panels."""
        return tuple(self._buttons)

    def current(self) -> str:
        """The word of the panel that is open, or nothing."""
        return next((word for word, button in self._buttons.items() if button.isChecked()), "")

    def open(self, word: str) -> None:
        """Open this panel, or close the one that is open; a word that isn't there closes too."""
        for number, (name, button) in enumerate(self._buttons.items()):
            button.setChecked(name == word)
            if name == word:
                self._stack.setCurrentIndex(number)
        is_open = word in self._buttons
        self._stack.setVisible(is_open)
        self.setSizePolicy(QSizePolicy.Preferred, QSizePolicy.Expanding if is_open else QSizePolicy.Maximum)
        self.opened.emit(word if is_open else "")

    def set_theme(self, theme: Theme) -> None:
        """The panels take it; the style sheet does the words."""
        for panel in self._panels:
            panel.set_theme(theme)
        for button in self._buttons.values():
            button.set_rim(theme.px(WORD_RIM))


class _Word(QToolButton):
    """A tool button as wide as its word: Qt's would keep room for an icon beside it, and five would not fit."""

    _rim = WORD_RIM

    def set_rim(self, rim: int) -> None:
        """px about the word."""
        self._rim = rim
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + self._rim, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
