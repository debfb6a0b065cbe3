"""LinePane: the fitted line over its data, beside its place on the cost: whichever is dragged, the other follows."""

from __future__ import annotations

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.frames import Frame
from widgets.regression.fit_plot import FitPlot
from widgets.regression.line_editor import LINE_HINT, LineEditor
from widgets.style.theme import Theme

ROOM = 1.3  # times as high as the line's middle, at least


class LinePane(QWidget):
    """``line_dragged`` carries (W, B). Shows itself for a line alone."""

    line_dragged = pyqtSignal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run, self._room = -1, 0.0
        self.plot = FitPlot()
        self.plot.setToolTip(LINE_HINT)
        self.line = LineEditor(self.plot)
        self.line.set_enabled(True)
        self.line.changed.connect(self.line_dragged)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment's line, wherever it is; nothing is shown of another model."""
        line = frame.picture.line
        if line is not None:
            self._make_room(frame.run, abs(line[1]))
            self.plot.show_fit(frame.picture)
        self.line.show_picture(frame.picture)
        self.setVisible(line is not None)

    def _make_room(self, run: int, height: float) -> None:
        if run != self._run:
            self._run, self._room = run, 0.0
        if height > self._room and not self.line.is_busy:  # under the hand the scale stands still
            self._room = ROOM * height
            self.plot.keep_room(self._room)
