"""CostPlot: the cost over steps or epochs, raw and smoothed, or one line a descent. Serves the drawing of a frame.

Whatever number is said of a moment stands in the picture: behind each smoothed line are its own values, thin, a ring
marks the lowest validation cost, and the mouse reads the values themselves.
A frame brings the whole history; only what is new in it is looked at (see Decimated), and no item is made twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QPen
from PyQt5.QtWidgets import QBoxLayout, QLabel, QWidget

from engine.frames import OF_THE_COST, Curve, Frame, Role
from engine.lanes import Overlay
from widgets.lanes.overlay_curves import OverlayCurves
from widgets.page.room import LEAST_COST
from widgets.plotting.axes import Plot
from widgets.plotting.decimate import Decimated, smoothed
from widgets.plotting.eased_range import EasedRange, in_notches
from widgets.plotting.fast_items import Bands
from widgets.plotting.legend import Entry, Legend
from widgets.plotting.lowest_mark import LowestMark
from widgets.plotting.sharpness_plot import SharpnessPlot
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, faded, pen

SMOOTHED_SHARE = 0.012  # the average forgets over this share of what is shown: short against the picture
LEAST_AXIS = 10  # steps or epochs
LEAST_SECONDS = 0.05
SMOOTHED = (Role.EXACT, Role.VALIDATION, Role.TEST)
HELD_BACK = {Role.VALIDATION: 3, Role.TEST: 2}  # the colours of those points in the picture
VALUES_OPACITY = 0.45  # of the values behind a smoothed line
MOST_ROWS = 36  # px of usual text, of a legend that has no other place
MOST_DECADES = 10  # of a logarithmic axis: what is lower is nothing beside the rest, and leaves it no room
GUESS_DECADES = 2.0  # of a logarithmic axis under the first cost
THICK_BINS = 250  # thick smoothed lines are expensive to draw
ROUGH = 25  # times that a line goes up and down the whole plot: from here on it is drawn thin


@dataclass
class _Line:
    """One curve on the screen: its history in bins, and its item."""

    curve: Curve
    item: pg.PlotCurveItem
    data: Decimated
    band: Bands | None = None
    values: pg.PlotCurveItem | None = None  # of a smoothed line, as they are
    is_rough: bool = False


class CostPlot(QWidget):
    """The one entry is ``show_frame``; the y axis is logarithmic where no cost is negative.

    ``sharpness`` is the plot that goes with it, over the same steps; whoever lays this one out finds its place.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Cost over time")
        self._theme = DARK
        self._lines: list[_Line] = []
        self._entries: list[Entry] = []
        self._run: int | None = None
        self._is_log, self._floor = False, 0.0
        self._wants_legend = True
        self._axis, self._each = "step", 0.0
        self._cost = math.nan  # of the moment shown
        self._keeps_room, self._room = False, math.inf  # a height that the axis goes down to, if it is a finite one
        self._range = EasedRange()
        self._plot = Plot("step", "cost")
        self.sharpness = SharpnessPlot(self)
        self.sharpness.hide()
        self._legend = Legend()
        self._hover = QLabel(self)  # for as long as a mouse asks, in the corner of the plot
        self._hover.setProperty("role", "hover")
        self._hover.hide()
        self._overlays = OverlayCurves(self._plot)
        self._lowest = LowestMark()
        self._lowest.setZValue(3)
        self._plot.addItem(self._lowest, ignoreBounds=True)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.hide()
        self._plot.addItem(self._cross, ignoreBounds=True)
        self._plot.scene().sigMouseMoved.connect(self._point_at)
        self._is_beside = False  # whether the legend stands beside the plot, not over it
        self._heading = QBoxLayout(QBoxLayout.LeftToRight)
        self._heading.addWidget(self._legend, 1)
        self._heading.addStretch(0)
        self._layout = QBoxLayout(QBoxLayout.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addLayout(self._heading)
        self._layout.addWidget(self._plot, 1)

    def set_theme(self, theme: Theme) -> None:
        """Colours and widths; the lines that are there take them too."""
        self._theme = theme
        self._plot.set_theme(theme)
        self.sharpness.set_theme(theme)
        self._legend.set_theme(theme)
        self._hover.setFont(theme.font(12))
        if not self._is_beside:
            self._heading.setContentsMargins(theme.px(70), 0, theme.px(12), 0)
        self._overlays.set_theme(theme)
        self._cross.setPen(pen(theme.quiet, 1, Qt.DashLine))
        self._dress()

    def show_frame(self, frame: Frame) -> None:
        """Draw the history up to this frame."""
        curves = tuple(curve for curve in frame.curves if len(curve.y) and curve.role in OF_THE_COST)
        if [(c.label, c.role) for c in curves] != [(line.curve.label, line.curve.role) for line in self._lines]:
            self._make_lines(curves)
        goes_on = frame.run == self._run
        self._run = frame.run
        self._axis = frame.axis
        self._plot.set_words("seconds of training" if self._each else frame.axis, "cost")
        for line, curve in zip(self._lines, curves, strict=True):
            line.curve = curve
            line.data.update(curve.x, curve.y)
        self._draw(goes_on)
        self._cost = frame.cost
        if self._run is None:
            self._stand_by()
        self.sharpness.show_frame(frame, self._plot.viewRange()[0][1])

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        """Other runs' costs beside those of the one in front."""
        if self._overlays.show(overlays) and self._run is not None:
            self._draw(goes_on=True)

    def show_seconds(self, each: float) -> None:
        """Lay everything over the seconds of training, of which a unit of x takes so many; 0 over x itself."""
        if each != self._each:
            is_other = bool(each) != bool(self._each)
            self._each = each
            if is_other and self._run is not None:
                self._plot.set_words("seconds of training" if each else self._axis, "cost")
                self._draw(goes_on=True)

    def show_legend(self, is_shown: bool) -> None:
        """Whether the plot has a legend of its own; a picture may have the same one already."""
        if is_shown != self._wants_legend:
            self._wants_legend = is_shown
            self._make_room()

    def _make_room(self) -> None:
        """The legend in a row over the plot, or in a column beside it where the plot's height is short."""
        is_short = self.height() - self._row_height() < self._bare_height()
        is_beside = is_short and self._fits_beside()
        self._legend.setVisible(self._wants_legend and bool(self._legend.labels()) and (is_beside or not is_short))
        if is_beside != self._is_beside:
            self._is_beside = is_beside
            self._layout.setDirection(QBoxLayout.RightToLeft if is_beside else QBoxLayout.TopToBottom)
            self._heading.setDirection(QBoxLayout.TopToBottom if is_beside else QBoxLayout.LeftToRight)
            self._heading.setContentsMargins(
                *(0, 0, 0, 0) if is_beside else (self._theme.px(70), 0, self._theme.px(12), 0)
            )
            self._heading.setStretch(0, 0 if is_beside else 1)
            self._heading.setStretch(self._heading.count() - 1, 1 if is_beside else 0)
            self._legend.set_column(is_beside)
            self._show_values({})

    def least_height(self) -> int:
        """px, with the axes and a legend that fits nowhere else, below which too little is left of the curves."""
        return self._bare_height() + (0 if self._fits_beside() else min(self._row_height(), self._theme.px(MOST_ROWS)))

    def _bare_height(self) -> int:
        return round(LEAST_COST + self._plot.rim()[1])

    def _fits_beside(self) -> bool:
        return self._legend.height_of_column() <= self._bare_height()

    def _row_height(self) -> int:
        if not (self._wants_legend and self._legend.labels()):
            return 0
        return self._legend.height_of_row(self.width() - self._theme.px(82)) + self._layout.spacing()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    @property
    def plot(self) -> Plot:
        """Where the cost is drawn."""
        return self._plot

    def keep_room(self, is_kept: bool) -> None:
        """Leave room under a run's first cost, where a guess can be drawn."""
        self._keeps_room, self._room = is_kept, math.inf
        if self._run is None:
            self._stand_by()

    def is_logarithmic(self) -> bool:
        """Whether the cost axis is logarithmic now."""
        return self._is_log

    def shown_points(self) -> int:
        """How many points all lines together have on the screen."""
        drawn = sum(len(line.item.xData) for line in self._lines if line.item.xData is not None)
        drawn += sum(len(line.values.xData) for line in self._lines if line.values and line.values.xData is not None)
        return drawn + sum(line.band.points() for line in self._lines if line.band is not None)

    def _make_lines(self, curves: tuple[Curve, ...]) -> None:
        for line in self._lines:
            for item in (line.item, line.band, line.values):
                if item is not None:
                    self._plot.removeItem(item)
        self._lines = []
        for curve in curves:
            item = pg.PlotCurveItem(skipFiniteCheck=True, antialias=curve.role is not Role.RAW)
            self._plot.addItem(item)
            data = Decimated() if curve.role is Role.RAW else Decimated(THICK_BINS)
            band = Bands(rim=True) if curve.role is Role.RAW else None
            if band is not None:
                self._plot.addItem(band, ignoreBounds=True)
            values = None
            if curve.role in SMOOTHED:
                values = pg.PlotCurveItem(skipFiniteCheck=True, antialias=False)
                self._plot.addItem(values)
            self._lines.append(_Line(curve, item, data, band, values))
        self._dress()

    def _draw(self, goes_on: bool) -> None:
        values = [line.data.y for line in self._lines if len(line.data.y)]
        if not values:
            for line in self._lines:
                self._lay(line, np.empty(0), np.empty(0))
                line.values and line.values.setData([], [])
            self._lowest.show_signs(())
            self._run = None  # nothing of this run has been seen yet: its first cost sets the axis at once
            return
        low, high = min(float(y.min()) for y in values), max(float(y.max()) for y in values)
        last = max(float(line.data.x[-1]) for line in self._lines if len(line.data.x)) * (self._each or 1.0)
        others = self._overlays.extent(bool(self._each))
        if others is not None:
            last, low, high = max(last, others[0]), min(low, others[1]), max(high, others[2])
        is_log = low >= 0 < high
        if is_log != self._is_log:
            self._scale(is_log)
            goes_on = False
        if is_log:  # what is 0, or nothing beside the rest, lies on the axis
            positive = min(float(y[y > 0].min(initial=high)) for y in values)
            positive = min(positive, self._overlays.least_above_zero(high))
            self._floor = max(positive, high * 10.0**-MOST_DECADES)
            low, high = math.log10(self._floor), math.log10(high)
        for line in self._lines:
            x, y = self._points(line)
            x, y = x * (self._each or 1.0), self._height(y)
            self._thin_out(line, y, high - low)
            self._lay(line, x, y)
            if line.values is not None:
                is_smoothed = len(y) != len(line.data.y) or not np.array_equal(y, self._height(line.data.y))
                own = (line.data.x * (self._each or 1.0), self._height(line.data.y)) if is_smoothed else ([], [])
                line.values.setData(*own)
        self._overlays.draw(self._height, bool(self._each))
        low, high = self._range.towards(min(low, self._room), high, at_once=not goes_on)
        last = max(last, LEAST_AXIS if not self._each else LEAST_SECONDS)
        self._plot.setRange(xRange=(0, in_notches(last)), yRange=(low, high), padding=0)
        within = QRectF(QPointF(0, low), QPointF(last, high))
        curves = [line.curve for line in self._lines]
        self._lowest.mark(curves, self._height, self._each or 1.0, self._theme, within)
        self._plot.getViewBox().updateMatrix()  # else it is found out while painting, and everything painted again

    def _scale(self, is_log: bool) -> None:
        self._is_log = is_log
        self._plot.getAxis("left").is_log = is_log

    def _height(self, costs: np.ndarray) -> np.ndarray:
        """Costs as the axis has them."""
        return np.log10(np.maximum(costs, self._floor)) if self._is_log else costs

    def _stand_by(self) -> None:
        """The axes about a run's first cost, while there is no curve yet: not those of the run before."""
        cost = self._cost
        if math.isfinite(cost):
            if self._is_log and cost <= 0:
                self._scale(False)
            at = math.log10(cost) if self._is_log else cost
            if self._keeps_room:
                self._room = at - (GUESS_DECADES if self._is_log else max(1.0, 2 * abs(at)))
            low, high = EasedRange().towards(min(at, self._room), at)
            self._plot.setRange(xRange=(0, in_notches(LEAST_AXIS)), yRange=(low, high), padding=0)

    def _lay(self, line: _Line, x: np.ndarray, y: np.ndarray) -> None:
        """On the screen: as a line, or, of a long noisy history, the band between the least and the most of each bin.

        Bins farther apart than the screen's dots would leave slits between the line's ups and downs.
        """
        if line.band is None or not line.data.is_binned:
            line.item.setData(x, y)
            if line.band is not None:
                line.band.show_bands(())
            return
        ends = y.reshape(-1, 2)
        low, high = ends.min(axis=1), ends.max(axis=1)
        line.item.setData([], [])
        if len(x):
            line.band.set_bounds(QRectF(QPointF(x[0], low.min()), QPointF(x[-1], high.max())).normalized())
        line.band.show_bands([(line.item.opts["pen"].color(), x[::2], low, high)])

    def _thin_out(self, line: _Line, y: np.ndarray, span: float) -> None:
        """A noisy descent's line is drawn thin, plain and without smoothing of its edges."""
        if line.curve.role is not Role.DESCENT:
            return
        is_rough = bool(span > 0 and np.abs(np.diff(y)).sum() > ROUGH * span)
        if is_rough != line.is_rough:
            line.is_rough = is_rough
            self._dress()

    def _points(self, line: _Line) -> tuple[np.ndarray, np.ndarray]:
        if line.curve.role not in SMOOTHED:
            return line.data.x, line.data.y
        return line.data.mean_x, smoothed(line.data.means, SMOOTHED_SHARE * len(line.data.means))

    def _dress(self) -> None:
        entries = []
        for number, line in enumerate(self._lines):
            dressed = self._pen(line.curve.role, number if line.curve.sign is None else line.curve.sign)
            line.item.setPen(pen(dressed.color(), 1) if line.is_rough else dressed)
            if line.values is not None:
                line.values.setPen(pen(faded(dressed.color(), VALUES_OPACITY), 1))
                line.values.setZValue(0.5)
            line.item.opts["antialias"] = line.curve.role is not Role.RAW and not line.is_rough
            line.item.setZValue({Role.RAW: 0, Role.EXACT: 2}.get(line.curve.role, 1))
            sample = QPen(dressed)
            sample.setWidthF(max(sample.widthF(), 1.5))
            entries.append(Entry(line.curve.label, sample))
        self._entries = entries if len(entries) > 1 else []
        self._show_values({})
        self._make_room()

    def _show_values(self, values: dict[str, str]) -> None:
        """In a column beside the plot, the values under the mouse stand with their lines."""
        entries = self._entries
        if self._is_beside:  # a blank one keeps its room, so that nothing moves
            entries = [replace(entry, value=values.get(entry.label, " ")) for entry in entries]
        self._legend.show_entries(entries)

    def _pen(self, role: Role, number: int) -> QPen:
        if role is Role.RAW:
            return pen(faded(self._theme.series_colour(1), 1), 1)
        if role is Role.EXACT:
            return pen(self._theme.series_colour(0), self._theme.width(2.5))
        if role in HELD_BACK:
            return self._theme.series_pen(HELD_BACK[role], 2.2)
        return self._theme.series_pen(number, 2)

    def _point_at(self, position) -> None:
        box = self._plot.getViewBox()
        inside = box.sceneBoundingRect().contains(position) and bool(self._lines)
        self._cross.setVisible(inside)
        if not inside:
            self._say("")
            self._show_values({})
            return
        x = box.mapSceneToView(position).x() / (self._each or 1.0)
        values = {}
        at = x
        for line in self._lines:
            curve = line.curve
            if len(curve.x):
                index = min(int(np.searchsorted(curve.x, x - 0.5 * _step_of(curve.x))), len(curve.x) - 1)
                at = curve.x[index]
                values[curve.label] = short(float(curve.y[index]))
        self._cross.setPos(at * (self._each or 1.0))
        said = ",  ".join(f"{label} {value}" for label, value in list(values.items())[:3])
        self._say("" if self._is_beside else f"{self._axis} {at:,.0f}:  {said}")
        self._show_values(values)

    def _say(self, text: str) -> None:
        self._hover.setText(text)
        self._hover.setVisible(bool(text))
        self._hover.adjustSize()
        right = self._plot.geometry().right() - self._theme.px(16)
        self._hover.move(right - self._hover.width(), self._plot.geometry().top() + self._theme.px(7))

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self._cross.hide()
        self._say("")
        self._show_values({})


def _step_of(x: np.ndarray) -> float:
    """From one value to the next."""
    return float(x[-1] - x[-2]) if len(x) > 1 else 0.0
