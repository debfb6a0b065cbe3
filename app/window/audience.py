"""Audience: what those in the hall see on a screen of their own: the picture, its costs, and what is being asked."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.window.cover import Cover
from engine.run.spec import RunSpec
from widgets.page.figure import Figure
from widgets.pages import PAGES
from widgets.style.application import dress
from widgets.style.theme import Theme


class Audience(QWidget):
    """A window without a frame; its figure is drawn by the same panels as a page's."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(None, Qt.Window | Qt.FramelessWindowHint)
        self.setObjectName("audience")
        self.setWindowTitle("Fall Line: the audience's screen")
        self.setFocusPolicy(Qt.NoFocus)
        self.setAttribute(Qt.WA_ShowWithoutActivating)
        self._theme = theme
        self.figure: Figure | None = None
        self.words = QLabel()
        self.words.setObjectName("audience_words")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.RichText)
        self.words.setContentsMargins(24, 0, 24, 12)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.words)
        self.cover = Cover(self)
        dress(self, theme)
        self.words.setFont(theme.font(17))

    def show_run(self, spec: RunSpec) -> Figure:
        """A figure for another run, which takes the place of the one before."""
        if self.figure is not None:
            self._layout.removeWidget(self.figure)
            self.figure.hide()
            self.figure.deleteLater()
        self.figure = Figure(spec, PAGES[spec.experiment], self._theme)
        self._layout.insertWidget(0, self.figure, 1)
        self.cover.raise_()
        return self.figure

    def say(self, words: str) -> None:
        """A question under the picture, or what came of it; empty for nothing."""
        self.words.setText(words)
        self.words.setVisible(bool(words))
