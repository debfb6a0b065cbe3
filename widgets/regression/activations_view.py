"""ActivationsView: the lesson of activations: each one's curve and slope over [-6, 6], the network's own one marked.

Serves the regression.
"""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.regression.picture import Activations
from widgets.page.picture_view import PictureView
from widgets.plotting.axes import Plot
from widgets.plotting.fast_items import Polylines
from widgets.plotting.legend import Entry, Legend
from widgets.style.theme import DARK, Theme

RANGE = (-1.6, 3.2)  # of y: every activation's bend is inside
COLUMNS = 4
LEAST_HEIGHT = 5.5  # of a cell, in lines of text, from which on it has numbers at its axes


class _Cell(QWidget):
    """One activation; a click chooses it."""

    chosen = pyqtSignal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.setCursor(Qt.PointingHandCursor)
        self._label = QLabel()
        self._label.setContentsMargins(8, 0, 0, 0)
        self._label.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Fixed)
        self.plot = Plot()
        self.plot.setAttribute(Qt.WA_TransparentForMouseEvents)
        self._lines = Polylines()
        self.plot.addItem(self._lines, ignoreBounds=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._label)
        column.addWidget(self.plot, 1)

    def show_curves(
        self, theme: Theme, label: str, x: np.ndarray, curve: np.ndarray, slope: np.ndarray, is_own: bool
    ) -> None:
        self.plot.set_theme(theme)
        self._label.setText(f"{label} · in use" if is_own else label)
        self._label.setFont(theme.font(13, bold=is_own))
        self._label.setStyleSheet(f"color: {theme.text if is_own else theme.quiet}")
        self.setAccessibleName(f"Activation {label}")
        self.setToolTip(f"Use {label} in the network.")
        self.plot.setRange(xRange=(float(x[0]), float(x[-1])), yRange=RANGE, padding=0)
        self._lines.set_bounds(QRectF(float(x[0]), RANGE[0], float(x[-1] - x[0]), RANGE[1] - RANGE[0]))
        width = 4.0 if is_own else 2.5
        x = x.astype(float)
        self._lines.show_lines(
            [
                (theme.series_pen(1, width * 0.8), x, slope.astype(float)),
                (theme.series_pen(0, width), x, curve.astype(float)),
            ]
        )

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        has_room = self.height() > LEAST_HEIGHT * self.fontMetrics().height()
        for name in ("left", "bottom"):  # where it is tight, the curves are worth more than their numbers
            axis = self.plot.getAxis(name)
            if has_room:
                axis.show()
            else:
                axis.hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.pos()):
            self.chosen.emit(self.name)


class ActivationsView(PictureView):
    """A grid of small plots on the same axes; a click chooses the activation."""

    name = "activations"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._shown: Activations | None = None
        self._own = ""
        self._cells: dict[str, _Cell] = {}
        self._legend = Legend()
        heading = QHBoxLayout()
        heading.setContentsMargins(8, 0, 12, 0)
        heading.addWidget(self._legend, 1)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(heading)
        layout.addLayout(self._grid, 1)

    def set_theme(self, theme: Theme) -> None:
        """Every plot and the legend."""
        self._theme = theme
        self._legend.set_theme(theme)
        self._legend.show_entries(
            [Entry("activation", theme.series_pen(0, 3)), Entry("its slope", theme.series_pen(1, 2))]
        )
        self._draw()

    def show_frame(self, frame: Frame) -> None:
        """Draw the activations; the same ones again cost nothing."""
        given: Activations = frame.picture.activations
        if given is not self._shown or given.chosen != self._own:
            self._shown, self._own = given, given.chosen
            self._draw()

    def names(self) -> tuple[str, ...]:
        """Which activations are shown."""
        return tuple(self._cells)

    def _draw(self) -> None:
        if self._shown is None:
            return
        given = self._shown
        for number, name in enumerate(given.names):
            if name not in self._cells:
                cell = _Cell(name)
                cell.chosen.connect(lambda name: self.knob_changed.emit("activation", name))
                self._cells[name] = cell
                self._grid.addWidget(cell, number // COLUMNS, number % COLUMNS)
                self._grid.setColumnStretch(number % COLUMNS, 1)
            label = given.labels[number]
            self._cells[name].show_curves(
                self._theme, label, given.x, given.curves[number], given.slopes[number], name == given.chosen
            )
