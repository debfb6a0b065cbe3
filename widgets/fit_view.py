"""FitView: the fit with its legend and costs, and the hand that draws points or takes the line.

Serves the drawing of a frame, and the knob: data drawn by hand are one.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from PyQt5.QtCore import QTimer, pyqtSignal
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.points import MOST_DRAWN
from engine.regression_picture import RegressionPicture
from widgets.fit_plot import PART_SERIES, FitPlot
from widgets.legend import Entry, Legend
from widgets.line_hand import LINE_HINT, LineHand
from widgets.number_text import short
from widgets.point_hand import PointHand
from widgets.theme import DARK, Theme, faded, pen
from widgets.throttle import Throttle

PARTS = ("training", "validation", "test")
SLOW_SECONDS = 0.08  # between two steps that are shown: slow enough for the batch to be seen
STARTERS = 24  # points to begin to draw with, taken from those that are there
DRAWING_ROOM = 1.6  # of y, either way of 0
PATIENCE_SECONDS = 3.0  # for the engine to take up drawn points
DRAW_HINT = "Click adds, drag moves, right click or a rectangle removes."
NO_POINTS = "No points yet: click to add one."
RELEASE_MS = 150  # between two looks whether the engine has taken up what the hand left


class FitView(QWidget):
    """``points_drawn`` carries the drawn points as the knob's value; ``line_dragged`` (W, B).

    ``drawing_begun`` is sent when the data have become the person's own.
    """

    points_drawn = pyqtSignal(tuple)
    drawing_begun = pyqtSignal()
    line_dragged = pyqtSignal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._settings: Any = None
        self._picture: RegressionPicture | None = None
        self._step, self._stepped_at = -1, 0.0
        self._held_since = 0.0
        self.plot = FitPlot()
        self.points = PointHand(self.plot, MOST_DRAWN)
        self.line = LineHand(self.plot)
        self.points.moved.connect(self._hold)
        self.points.changed.connect(self.points_drawn)
        self.line.changed.connect(self.line_dragged)
        self._legend = Legend()
        self._labels = Throttle(self._show_labels, self)
        self._holding = QTimer(self)  # a run that has ended sends no frame after the last one
        self._holding.setInterval(RELEASE_MS)
        self._holding.timeout.connect(self._release_if_due)
        self._hint = QLabel()
        self._hint.setProperty("role", "quiet")
        self._draw = QPushButton("Draw points")
        self._draw.setObjectName("draw_points")
        self._draw.setAccessibleName("Draw points by hand")
        self._draw.clicked.connect(self._begin_to_draw)
        heading = QHBoxLayout()
        heading.setContentsMargins(8, 0, 12, 0)
        heading.setSpacing(12)
        heading.addWidget(self._legend, 1)
        heading.addWidget(self._hint)
        heading.addWidget(self._draw)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(heading)
        layout.addWidget(self.plot, 1)

    def set_theme(self, theme: Theme) -> None:
        """Plot, legend, and the hint's size."""
        self._theme = theme
        self.plot.set_theme(theme)
        self._legend.set_theme(theme)
        self._hint.setFont(theme.font(12))
        self._show_entries()

    def show_settings(self, settings: Any) -> None:
        """Whose hand may do what: draw the points, or take the line."""
        self._settings = settings
        is_drawn = settings.source == "drawn"
        self.points.set_enabled(is_drawn)
        self.plot.keep_room(DRAWING_ROOM if is_drawn else 0.0)
        self.line.set_enabled(settings.model == "line" and not is_drawn)
        if is_drawn:
            self.points.show_points(np.array(settings.drawn).reshape(-1, 2))
        else:
            self.plot.hold(None)
        self._draw.setText("Clear" if is_drawn else "Draw points")
        self._draw.setToolTip(
            "Take all points away." if is_drawn else "Go on with some of these points as your own: add, move, remove."
        )
        self._show_hint()

    def without_controls(self) -> None:
        """No button and no hint: this is a picture in a file."""
        self._draw.hide()
        self._hint.setMaximumWidth(0)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment."""
        picture: RegressionPicture = frame.picture
        self._picture = picture
        self._release(picture)
        is_lit = self._is_slow(frame.step) and len(picture.batch) < len(picture.data_x)
        self.plot.show_fit(picture, shows_batch=is_lit)
        self.plot.show_word("" if len(picture.data_x) else NO_POINTS)
        self.line.show_picture(picture)
        self._labels.show(self._label_text(picture, is_lit))

    def legend_labels(self) -> tuple[str, ...]:
        """What the legend says now."""
        return self._legend.labels()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._show_hint()

    def _is_slow(self, step: int) -> bool:
        """Whether the steps come so slowly that the batch of each can be seen."""
        now = time.monotonic()
        if step != self._step:
            is_next = 0 <= step - self._step <= 1
            self._lit = is_next and now - self._stepped_at >= SLOW_SECONDS
            self._step, self._stepped_at = step, now
        return getattr(self, "_lit", False)

    def _hold(self, points: np.ndarray) -> None:
        self._held_since = time.monotonic()
        self.plot.hold(points)
        self._holding.start()

    def _release_if_due(self) -> None:
        if self._picture is not None:
            self._release(self._picture)
        if self.plot.held() is None:
            self._holding.stop()
            if self._picture is not None:
                self.plot.show_fit(self._picture)

    def _release(self, picture: RegressionPicture) -> None:
        """Back to the picture's own points, once they are those that the hand left."""
        held = self.plot.held()
        if held is None or self.points.is_busy:
            return
        arrived = len(held) == len(picture.data_x) and np.allclose(
            held, np.stack([picture.data_x, picture.data_y], axis=1), rtol=1e-3, atol=1e-3
        )
        if arrived or time.monotonic() - self._held_since > PATIENCE_SECONDS:
            self.plot.hold(None)

    def _begin_to_draw(self) -> None:
        if self._settings is not None and self._settings.source == "drawn":
            self.points.clear()
        elif self._picture is not None and len(self._picture.data_x):
            count = len(self._picture.data_x)
            rows = np.unique(np.linspace(0, count - 1, min(count, STARTERS)).round().astype(int))
            points = np.stack([self._picture.data_x[rows], self._picture.data_y[rows]], axis=1)
            self.points_drawn.emit(tuple(float(f"{value:.4g}") for value in points.ravel()))
            self.drawing_begun.emit()

    def _show_hint(self) -> None:
        hint = ""
        if self._settings is not None:
            hint = DRAW_HINT if self._settings.source == "drawn" else ""
            hint = LINE_HINT if self._settings.model == "line" and not hint else hint
        needed = self._hint.fontMetrics().horizontalAdvance(hint) + self._draw.sizeHint().width() + 60
        self._hint.setVisible(bool(hint) and needed + self._theme.px(230) < self.width())
        self._hint.setText(hint)
        self.plot.setToolTip(hint)

    def _label_text(self, picture: RegressionPicture, is_lit: bool = False) -> str:
        sizes = np.bincount(picture.part, minlength=3) if len(picture.part) else (len(picture.data_x), 0, 0)
        is_split = any(sizes[1:])
        texts = []
        for number, (name, size, cost) in enumerate(zip(PARTS, sizes, picture.costs, strict=True)):
            said = f"{name if is_split else 'data'} {size:,}"
            if not number and 0 < size <= self._batch_wanted():
                said += ", all in each batch"
            texts.append(f"{said} · cost {short(cost)}" if size and np.isfinite(cost) else said if size else "")
        texts.append(f"this step's batch {len(picture.batch):,}" if is_lit else "")
        texts.append("earlier fits" if len(picture.older) else "")
        return "\n".join(texts)

    def _batch_wanted(self) -> int:
        return 0 if self._settings is None else self._settings.batch_size

    def _show_labels(self, text: str) -> None:
        self._texts = text.split("\n")
        self._show_entries()

    def _show_entries(self) -> None:
        theme, entries = self._theme, []
        *parts, batch, older = getattr(self, "_texts", ("", ""))
        for number, text in enumerate(parts):
            if text:
                entries.append(Entry(text, None, mark=number, fill=theme.series_colour(PART_SERIES[number])))
        if batch:
            entries.append(Entry(batch, None, mark=0, fill=QColor(theme.text)))
        entries.append(Entry("fit", pen(theme.series_colour(0), theme.width(3))))
        if older:
            entries.append(Entry(older, pen(faded(theme.text, 0.5), theme.line_scale)))
        self._legend.show_entries(entries)
