"""Rail: the experiments, one button each, at the left edge. Serves the way between pages."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from widgets import icons
from widgets.theme import Theme

PAGES = (("landscape", "Landscape"), ("regression", "Regression"), ("painting", "Painting"))


class Rail(QFrame):
    """``page_requested`` carries the experiment's name; ``show_page`` says which page is there."""

    page_requested = pyqtSignal(str)

    def __init__(self, pages: Sequence[tuple[str, str]] = PAGES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 12, 8, 12)
        self._layout.setSpacing(6)
        for number, (name, word) in enumerate(pages, start=1):
            button = QToolButton(self)
            button.setObjectName(f"rail_{name}")
            button.setProperty("role", "rail")
            button.setText(word)
            button.setAccessibleName(word)
            button.setToolTip(f"{word} (Ctrl+{number})")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonTextUnderIcon)
            button.setFocusPolicy(Qt.TabFocus)
            button.clicked.connect(lambda _checked, name=name: self.page_requested.emit(name))
            self._group.addButton(button)
            self._layout.addWidget(button)
            self._buttons[name] = button
        self._layout.addStretch(1)

    def show_page(self, name: str) -> None:
        """Mark the page that is shown, without asking for it."""
        self._buttons[name].setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        """Recolour the icons, and be as wide as the longest word in full."""
        metrics_font = theme.font()
        widest = 0
        for name, button in self._buttons.items():
            size = theme.px(26)
            button.setIcon(icons.icon(name, theme.quiet, size, checked_colour=theme.accent))
            button.setIconSize(QSize(size, size))
            button.setFont(metrics_font)
            widest = max(widest, button.fontMetrics().horizontalAdvance(button.text()))
        for button in self._buttons.values():
            button.setFixedSize(widest + theme.px(18), theme.px(68))
        self.setFixedWidth(widest + theme.px(18) + 17)
