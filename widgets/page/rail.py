"""Rail: the experiments, one button each, at the left edge. Serves the way between pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtGui import QFontMetrics
from PyQt5.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from widgets.style import icons
from widgets.style.theme import DARK, Theme

MARGIN = 5  # px
WORD_SIZE = 12  # px of the usual theme
ICON_WIDTH = 42
LECTURE = "lecture"


@dataclass(frozen=True)
class RailEntry:
    """One page: its experiment's name, the word on the button, and the drawing over it."""

    name: str
    word: str
    icon: str


class Rail(QFrame):
    """``page_requested`` carries the experiment's name; ``show_page`` says which page is there."""

    page_requested = pyqtSignal(str)
    lecture_requested = pyqtSignal()

    def __init__(self, pages: Sequence[RailEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(MARGIN, 10, MARGIN, 10)
        self._layout.setSpacing(6)
        self._icons = {page.name: page.icon for page in pages}
        self._theme = DARK
        self._has_words = True
        for number, page in enumerate(pages, start=1):
            button = self._new_button(page.name, page.word, f"Ctrl+{number}")
            button.clicked.connect(lambda _checked, name=page.name: self.page_requested.emit(name))
            self._group.addButton(button)
        self._layout.addStretch(1)
        self._icons[LECTURE] = LECTURE
        self._lecture = self._new_button(LECTURE, "Lecture", "L")
        self._lecture.clicked.connect(self.lecture_requested)

    def show_lecture(self, is_shown: bool) -> None:
        """Mark whether the lecture is beside the page."""
        self._lecture.setChecked(is_shown)

    def _new_button(self, name: str, word: str, key: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"rail_{name}")
        button.setProperty("role", "rail")
        button.setText(word)
        button.setAccessibleName(word)
        button.setToolTip(f"{word} ({key})")
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonTextUnderIcon)
        button.setFocusPolicy(Qt.TabFocus)
        self._layout.addWidget(button)
        self._buttons[name] = button
        return button

    def show_page(self, name: str) -> None:
        """Mark the page that is shown, without asking for it."""
        self._buttons[name].setChecked(True)

    def width_with_words(self) -> int:
        """px that the words need, each in full."""
        metrics = QFontMetrics(self._theme.font(WORD_SIZE))
        widest = max(metrics.horizontalAdvance(button.text()) for button in self._buttons.values())
        return widest + self._theme.px(10) + 2 * MARGIN + 1

    def show_words(self, are_shown: bool) -> None:
        """Words under the icons, or the icons alone where the picture needs the room."""
        if are_shown != self._has_words:
            self._has_words = are_shown
            self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Recolour the icons, and be as wide as the longest word in full."""
        self._theme = theme
        for name, button in self._buttons.items():
            size = theme.px(26)
            button.setIcon(icons.icon(self._icons[name], theme.quiet, size, checked_colour=theme.accent))
            button.setIconSize(QSize(size, size))
        self._fit()

    def _fit(self) -> None:
        width = self.width_with_words() if self._has_words else self._theme.px(ICON_WIDTH) + 2 * MARGIN + 1
        for button in self._buttons.values():
            button.setToolButtonStyle(Qt.ToolButtonTextUnderIcon if self._has_words else Qt.ToolButtonIconOnly)
            button.setFixedSize(width - 2 * MARGIN - 1, self._theme.px(64))
        self.setFixedWidth(width)
