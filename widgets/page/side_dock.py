"""SideDock: a panel at the right edge that stands beside the picture, is folded away, or lies over it for a while.

Folded, a narrow handle is left at the edge. What the panel covers as an overlay keeps its place and its size. Serves
the panels.
"""

from __future__ import annotations

from enum import Enum, auto

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QSizePolicy, QToolButton, QWidget

from widgets.style.theme import Theme

HANDLE = 14  # px


class Fold(Enum):
    """Where the panel is."""

    DOCKED = auto()
    FOLDED = auto()
    OVERLAY = auto()


class SideDock(QWidget):
    """``body`` fills what the panel leaves; ``handle_pressed`` asks to fold the panel away or to bring it back."""

    handle_pressed = pyqtSignal()

    def __init__(self, body: QWidget, panel: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body, self._panel = body, panel
        self._fold = Fold.DOCKED
        body.setParent(self)
        self._edge = QFrame(self)  # under handle and panel, so that an overlay hides what is behind it
        self._edge.setObjectName("side_edge")
        self._handle = QToolButton(self._edge)
        self._handle.setObjectName("fold_panel")
        self._handle.setProperty("role", "handle")
        self._handle.setAccessibleName("Show or hide the panels")
        self._handle.setFocusPolicy(Qt.TabFocus)
        self._handle.clicked.connect(self.handle_pressed)
        panel.setParent(self._edge)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self._dress()

    @property
    def fold(self) -> Fold:
        """Where the panel is now."""
        return self._fold

    def set_fold(self, fold: Fold) -> None:
        """Put the panel beside the body, away, or over it."""
        if fold is not self._fold:
            self._fold = fold
            self._dress()
            self._place()

    def set_theme(self, theme: Theme) -> None:
        """The panel may be of another width now."""
        self._handle.setFixedWidth(HANDLE)
        self._place()

    def minimumSizeHint(self) -> QSize:
        """That of what can't be folded away."""
        return QSize(self._body.minimumSizeHint().width() + HANDLE, self._body.minimumSizeHint().height())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._place()

    def _dress(self) -> None:
        is_shown = self._fold is not Fold.FOLDED
        self._panel.setVisible(is_shown)
        self._handle.setText("›" if is_shown else "‹")
        self._handle.setToolTip(f"{'Fold the panels away' if is_shown else 'Show the panels'} (F9).")
        self._edge.raise_()

    def _place(self) -> None:
        panel = 0 if self._fold is Fold.FOLDED else min(self._panel.maximumWidth(), self.width() - HANDLE)
        covered = HANDLE + (panel if self._fold is Fold.DOCKED else 0)
        self._body.setGeometry(0, 0, self.width() - covered, self.height())
        self._edge.setGeometry(self.width() - HANDLE - panel, 0, HANDLE + panel, self.height())
        self._handle.setGeometry(0, 0, HANDLE, self.height())
        self._panel.setGeometry(HANDLE, 0, panel, self.height())
