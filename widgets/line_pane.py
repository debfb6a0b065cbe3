"""LinePane: the fitted line over its data, beside its place on the cost: whichever is dragged, the other follows."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.frames import Frame
from widgets.fit_plot import FitPlot
from widgets.line_hand import LINE_HINT, LineHand
from widgets.theme import Theme


class LinePane(QWidget):
    """``line_dragged`` carries (W, B). Not shown for a model that is no line."""

    line_dragged = pyqtSignal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = FitPlot()
        self.plot.setToolTip(LINE_HINT)
        self.line = LineHand(self.plot)
        self.line.set_enabled(True)
        self.line.changed.connect(self.line_dragged)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)

    def show_settings(self, settings: Any) -> None:
        self.setVisible(settings.model == "line")

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment's line."""
        if not self.isHidden():
            self.plot.show_fit(frame.picture)
            self.line.show_picture(frame.picture)
