"""FitView: the fit with its legend and costs, and the hand that draws points or takes the line.

Serves the drawing of a frame, and the knob: data drawn by hand are one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QBoxLayout, QLabel, QPushButton, QWidget

from engine.frames import Frame
from engine.lanes import Overlay
from engine.regression.picture import RegressionPicture
from engine.regression.points import MOST_DRAWN
from widgets.page.picture_view import PictureView
from widgets.plotting.axes import Plot
from widgets.plotting.guess_layer import Kind
from widgets.plotting.legend import Entry, Legend
from widgets.plotting.throttle import Throttle
from widgets.regression.fit_plot import PART_SERIES, FitPlot
from widgets.regression.line_editor import LINE_HINT, LineEditor
from widgets.regression.point_editor import PointEditor
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, faded, pen

PARTS = ("training", "validation", "test")
SLOW_SECONDS = 0.08  # between two steps that are shown: slow enough for the batch to be seen
STARTERS = 24  # points to begin to draw with, taken from those that are there
DRAWING_ROOM = 1.6  # of y, either way of 0
DRAWING_EPOCHS = 100_000  # so that the fit goes on following the hand
PATIENCE_SECONDS = 3.0  # for the engine to take up drawn points
DRAW_HINT = "Click or drag draws, a point can be dragged, the right button erases."
NO_POINTS = "No points yet: click to add one."
RELEASE_MS = 150  # between two looks whether the engine has taken up what the hand left


class FitView(PictureView):
    """The view "fit"."""

    name = "fit"
    shows_any_moment = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._settings: Any = None
        self._picture: RegressionPicture | None = None
        self._step, self._stepped_at, self._is_lit = -1, 0.0, False
        self._texts: tuple[str, ...] = ("", "")  # of the legend: the parts of the data, the batch, the earlier fits
        self._held_since = 0.0
        self.plot = FitPlot()
        self.points = PointEditor(self.plot, MOST_DRAWN)
        self.line = LineEditor(self.plot)
        self.points.moved.connect(self._hold)
        self.points.changed.connect(lambda points: self.knob_changed.emit("drawn", points))
        self.line.changed.connect(lambda line: self.action_requested.emit("parameters", line))
        self._legend = Legend()
        self._labels = Throttle(self._show_labels, self)
        self._holding = QTimer(self)  # a run that has ended sends no frame after the last one
        self._holding.setInterval(RELEASE_MS)
        self._holding.timeout.connect(self._release_if_due)
        self._hint = QLabel()
        self._hint.setProperty("role", "quiet")
        self._draw = QPushButton("Draw points")
        self._draw.setFocusPolicy(Qt.TabFocus)
        self._draw.setObjectName("draw_points")
        self._draw.setAccessibleName("Draw points by hand")
        self._draw.clicked.connect(self._begin_to_draw)
        self._least = 0  # px
        self._is_beside = False  # whether the legend stands beside the plot, not over it
        self._heading = QBoxLayout(QBoxLayout.LeftToRight)
        self._heading.setContentsMargins(8, 0, 12, 0)
        self._heading.setSpacing(12)
        self._heading.addWidget(self._legend, 1)
        self._heading.addWidget(self._hint)
        self._heading.addWidget(self._draw)
        self._heading.addStretch(0)
        self._layout = QBoxLayout(QBoxLayout.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addLayout(self._heading)
        self._layout.addWidget(self.plot, 1)

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

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        """Other runs' fits over the same data."""
        pictures = [(overlay.lane, overlay.frame.picture) for overlay in overlays]
        self.plot.show_overlays(
            [
                (lane, picture.x, picture.prediction)
                for lane, picture in pictures
                if isinstance(picture, RegressionPicture) and len(picture.x) == len(picture.prediction)
            ]
        )

    def guess_plots(self) -> Sequence[tuple[Plot, Kind]]:
        return [(self.plot, Kind.CURVE)]

    def what_came(self, kind: Kind) -> Any:
        return None if self._picture is None else (self._picture.x, self._picture.prediction)

    def legend_labels(self) -> tuple[str, ...]:
        """What the legend says now."""
        return self._legend.labels()

    def keep_picture_height(self, height: int) -> None:
        self._least = height
        self._make_room()

    def least_height(self) -> int:
        return self._least + round(self.plot.rim()[1])

    def full_height(self) -> int:
        return self.least_height() + self._row_height()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()
        self._show_hint()

    def _row_height(self) -> int:
        return max(self._draw.sizeHint().height(), self._theme.px(28)) + self._layout.spacing()

    def _make_room(self) -> None:
        """The legend over the plot, or beside it where the plot's height is short."""
        is_beside = self.height() < self.full_height()
        if is_beside == self._is_beside:
            return
        self._is_beside = is_beside
        self._layout.setDirection(QBoxLayout.RightToLeft if is_beside else QBoxLayout.TopToBottom)
        self._heading.setDirection(QBoxLayout.TopToBottom if is_beside else QBoxLayout.LeftToRight)
        self._heading.setStretch(0, 0 if is_beside else 1)
        self._heading.setStretch(self._heading.count() - 1, 1 if is_beside else 0)
        self._legend.set_column(is_beside)
        self._show_hint()
        self._show_entries()

    def _is_slow(self, step: int) -> bool:
        """Whether the steps come so slowly that the batch of each can be seen."""
        now = time.monotonic()
        if step != self._step:
            is_next = 0 <= step - self._step <= 1
            self._is_lit = is_next and now - self._stepped_at >= SLOW_SECONDS
            self._step, self._stepped_at = step, now
        return self._is_lit

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
            picture = self._picture  # drawn points are trained on as they are, so these are, too
            x, y = picture.x_unit.trained(picture.data_x[rows]), picture.y_unit.trained(picture.data_y[rows])
            points = np.stack([x, y], axis=1)
            self.knob_changed.emit("drawn", tuple(float(f"{value:.4g}") for value in points.ravel()))
            self.knob_changed.emit("epochs", DRAWING_EPOCHS)

    def _show_hint(self) -> None:
        hint = ""
        if self._settings is not None:
            hint = DRAW_HINT if self._settings.source == "drawn" else ""
            hint = LINE_HINT if self._settings.model == "line" and not hint else hint
        needed = self._hint.fontMetrics().horizontalAdvance(hint) + self._draw.sizeHint().width() + 60
        room = self.width() - max(
            self._legend.width_of_row(), self._theme.px(230)
        )  # whose second row would cost height
        self._hint.setVisible(bool(hint) and not self._is_beside and needed < room)
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
        self._texts = tuple(text.split("\n"))
        self._show_entries()

    def _show_entries(self) -> None:
        theme, entries = self._theme, []
        *parts, batch, older = self._texts
        for number, text in enumerate(parts):
            if text:
                lines = text.split(" · ") if self._is_beside else [text]
                entries.append(Entry(lines[0], None, mark=number, fill=theme.series_colour(PART_SERIES[number])))
                entries += [Entry(line) for line in lines[1:]]
        if batch:
            entries.append(Entry(batch, None, mark=0, fill=QColor(theme.text)))
        entries.append(Entry("fit", pen(theme.series_colour(0), theme.width(3))))
        if older:
            entries.append(Entry(older, pen(faded(theme.text, 0.5), theme.line_scale)))
        self._legend.show_entries(entries)
        self._show_hint()
