"""FitPlot: data, the fitted curve over them, older fits fainter, and the region beyond the data.

Points that train are dots, those that validate squares, those of the test crosses. Serves the regression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QPen

from engine.regression.picture import RegressionPicture
from widgets.lanes.lane_paths import LanePaths, Path
from widgets.plotting.axes import Plot
from widgets.plotting.fast_items import Crosses, Dots, Polylines
from widgets.plotting.kept import Kept
from widgets.style.theme import Theme, faded, pen

ROOM = 0.45  # above and below the data, as a share of their span: a fit may swing out that far and still be seen
MOST_OLDER = 12
LONGEST_NAME = 32  # characters
PART_SERIES = (1, 3, 2)  # the colours of the points that train, validate and test
CROWD = 3000  # above this many points, a dot is drawn for each occupied spot
COLUMNS, ROWS = 400, 160  # of spots


@dataclass(frozen=True)
class Family:
    """Several curves of one kind: their pen, and values of shape (k, g)."""

    pen: QPen
    curves: np.ndarray


class _KeptDots(Kept, Dots):
    """The data's, which stand still while the fit moves."""


class _KeptCrosses(Kept, Crosses):
    """The test's."""


class FitPlot(Plot):
    """The axes are set by the data, never by the fit, so that the picture stands still."""

    _span: tuple[float, float] | None = None  # of x; there before __init__, in which Qt resizes a plot already

    def __init__(self) -> None:
        super().__init__("x", "y")
        self._data: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._held: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._least = 0.0
        self._beyond = [pg.LinearRegionItem(movable=False) for _ in range(2)]
        self._words = {"bottom": "x", "left": "y"}
        self._note = [pg.TextItem("beyond the data", anchor=(0.5, 0)) for _ in range(2)]
        self._dots, self._crosses, self._batch = _KeptDots(), _KeptCrosses(), Dots()
        self._older, self._fit = Polylines(), pg.PlotCurveItem(antialias=True)
        self._word = pg.TextItem("", anchor=(0.5, 0.5))
        self._others = LanePaths(self, 5.5, has_ends=False)
        layers = (self._dots, self._crosses, self._batch, self._older, self._fit)
        for depth, item in enumerate((*self._beyond, *layers, *self._note, self._word)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._others.set_theme(theme)
        self._fit.setPen(pen(theme.series_colour(0), theme.width(4)))
        for region in self._beyond:
            region.setBrush(faded(theme.quiet, 0.10))
            for edge in region.lines:
                edge.setPen(pen(faded(theme.quiet, 0.0)))
        self._word.setFont(theme.font(16))
        self._word.setColor(QColor(theme.quiet))
        for note in self._note:
            note.setFont(theme.font(12))
            note.setColor(QColor(theme.quiet))
        if self._data is not None:
            self._show_data(*self._data)

    def keep_room(self, height: float) -> None:
        """Show at least -height to height, whatever the data: room to draw in."""
        if height != self._least:
            self._least, self._span = height, None

    def hold(self, points: np.ndarray | None) -> None:
        """Show these points (n, 2), which a hand is moving, in place of a picture's; None ends that."""
        if points is None:
            self._held = None
            return
        self._held = points[:, 0], points[:, 1], np.zeros(len(points), np.uint8)
        self._draw_points(*self._held)

    def held(self) -> np.ndarray | None:
        """The points (n, 2) that are shown in place of a picture's, if any."""
        return None if self._held is None else np.stack(self._held[:2], axis=1)

    def show_fit(self, picture: RegressionPicture, shows_batch: bool = False) -> None:
        """Draw this moment's fit over the data, and the points of the last step where that is asked for."""
        self._show_ground(picture)
        self.set_words(*axis_words(picture.names))
        shown = shows_batch and self._held is None
        batch = picture.batch[picture.batch < len(picture.data_x)] if shown else picture.batch[:0]
        lit = pen(self._theme.text, self._theme.width(8 if len(batch) < 400 else 5))
        self._batch.show_groups([(lit, picture.data_x[batch].astype(float), picture.data_y[batch].astype(float))])
        self._fit.setData(picture.x, picture.prediction, skipFiniteCheck=bool(np.isfinite(picture.prediction).all()))
        older = picture.older[-MOST_OLDER:]
        colour = self._theme.text
        self._older.show_lines(
            [
                (pen(faded(colour, 0.10 + 0.45 * (number + 1) / len(older)), self._theme.line_scale), picture.x, curve)
                for number, curve in enumerate(older)
                if np.isfinite(curve).all()
            ]
        )

    def show_overlays(self, paths: Sequence[Path]) -> None:
        """Other runs' fits: lanes with x and y."""
        self._others.show(paths)

    def show_word(self, text: str) -> None:
        """A sentence in the middle, where there is nothing else to see; empty takes it away."""
        if text != self._word.toPlainText():
            self._word.setText(text)
        if text:
            self._word.setPos(self.getViewBox().viewRect().center())

    def word(self) -> str:
        """The sentence in the middle, if any."""
        return self._word.toPlainText()

    def show_families(self, picture: RegressionPicture, families: list[Family]) -> None:
        """Draw several families of curves over the data, and no fit."""
        self._show_ground(picture)
        self._fit.setData([], [])
        self._older.show_lines([(family.pen, picture.x, curve) for family in families for curve in family.curves])

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if self._span is not None:
            self._show_span(*self._span)

    def _show_ground(self, picture: RegressionPicture) -> None:
        if self._held is not None:
            return
        part = picture.part if len(picture.part) else np.zeros(len(picture.data_x), np.uint8)
        given = picture.data_x, picture.data_y, part
        known = self._data is not None and all(new is old for new, old in zip(given[:2], self._data[:2], strict=True))
        if not known or not np.array_equal(part, self._data[2]):
            self._show_data(*given)
        span = (float(picture.x[0]), float(picture.x[-1]))
        if span != self._span:
            self._span = span
            self._show_span(*span)

    def _show_data(self, x: np.ndarray, y: np.ndarray, part: np.ndarray) -> None:
        self._data = (x, y, part)
        self._span = None
        self._draw_points(x, y, part)

    def _draw_points(self, x: np.ndarray, y: np.ndarray, part: np.ndarray) -> None:
        theme = self._theme
        few = len(x) <= 300
        size = 9.0 if few else 5.0 if len(x) <= CROWD else 3.5
        groups = []
        for number in range(3):
            chosen = part == number
            px, py = _thinned(np.asarray(x[chosen], float), np.asarray(y[chosen], float))
            opacity = (0.8 if few else 0.5 if len(x) <= CROWD else 0.45) if number == 0 else 0.85
            dot = pen(faded(theme.series_colour(PART_SERIES[number]), opacity), theme.width(size))
            if number == 2:
                dot.setWidthF(theme.width(2.2 if few else 1.6))
                self._crosses.show_points(dot, theme.width(size * 0.5), px, py)
                continue
            if number == 1:
                dot.setCapStyle(Qt.SquareCap)
            groups.append((dot, px, py))
        self._dots.show_groups(groups)

    def _show_span(self, left: float, right: float) -> None:
        x, y, _ = self._data
        if not len(x):
            x, y = np.array([0.8 * left, 0.8 * right]), np.array([-1.0, 1.0])
        low, high = float(y.min()), float(y.max())
        room = ROOM * ((high - low) or 0.1 * abs(high) or 1.0)
        low, high = low - room, high + room
        if self._least:
            low, high = min(low, -self._least), max(high, self._least)
        self.setRange(xRange=(left, right), yRange=(low, high), padding=0)
        bounds = QRectF(QPointF(left, low), QPointF(right, high)).normalized()
        first, last = float(x.min()), float(x.max())
        for item in (self._dots, self._crosses, self._batch, self._older):
            item.set_bounds(bounds)
        self._others.set_bounds(bounds)
        sides = ((left, first), (last, right))
        for region, note, (start, end) in zip(self._beyond, self._note, sides, strict=True):
            room = (end - start) / (right - left) * self.getViewBox().width()
            region.setRegion((start, end))
            region.setVisible(end > start)
            note.setVisible(room > note.boundingRect().width())
            note.setPos((start + end) / 2, high)


def axis_words(names: tuple[str, str]) -> tuple[str, str]:
    """The columns' names as axis labels: plain text, and no longer than an axis."""
    bottom, left = (name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in names)
    return bottom, left


def _thinned(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same points, or one for each spot that is occupied where they are a crowd."""
    if len(x) <= CROWD:
        return x, y
    columns, rows = (_cells(values, count) for values, count in ((x, COLUMNS), (y, ROWS)))
    spots = np.flatnonzero(np.bincount(columns * ROWS + rows, minlength=COLUMNS * ROWS))
    return _middles(x, spots // ROWS, COLUMNS), _middles(y, spots % ROWS, ROWS)


def _cells(values: np.ndarray, count: int) -> np.ndarray:
    """Which of ``count`` equal parts of their span each value lies in."""
    low, span = float(values.min()), float(np.ptp(values)) or 1.0
    return np.minimum(((values - low) * (count / span)).astype(np.int64), count - 1)


def _middles(values: np.ndarray, cells: np.ndarray, count: int) -> np.ndarray:
    return values.min() + (cells + 0.5) * np.ptp(values) / count
