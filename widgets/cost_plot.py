"""CostPlot: the cost over steps or epochs, raw and smoothed, or one line a runner. Serves the drawing of a frame.

A frame brings the whole history; only what is new in it is looked at (see Decimated), and no item is made twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QPen
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.frames import Curve, Frame, Role
from widgets.axes import Plot
from widgets.decimate import Decimated, smoothed
from widgets.eased_range import EasedRange
from widgets.fast_items import Bands
from widgets.legend import Entry, Legend
from widgets.number_text import short
from widgets.theme import DARK, Theme, faded, pen

SMOOTHED_SHARE = 0.012  # the average forgets over this share of what is shown: short against the picture
LEAST_AXIS = 10  # steps or epochs
NOTCHES = 256  # of the axis, in which it grows: three px or so, for the axis is dear to draw anew
SMOOTHED = (Role.EXACT, Role.VALIDATION, Role.TEST)
HELD_BACK = {Role.VALIDATION: 3, Role.TEST: 2}  # the colours of those points in the picture
LEAST_HEIGHT = 100  # px, of the plot with its axes, before its legend goes
MOST_DECADES = 10  # of a logarithmic axis: what is lower is nothing beside the rest, and leaves it no room
THICK_BINS = 250  # thick smoothed lines are dear to draw
ROUGH = (
    25  # times that a line goes up and down the whole plot: from here on it is drawn thin, since thick ones are dear
)


@dataclass
class _Line:
    """One curve on the screen: its history in bins, and its item."""

    curve: Curve
    item: pg.PlotCurveItem
    data: Decimated
    band: Bands | None = None
    is_rough: bool = False


class CostPlot(QWidget):
    """The one entry is ``show_frame``; the y axis is logarithmic when every cost is positive."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Cost over time")
        self._theme = DARK
        self._lines: list[_Line] = []
        self._run: int | None = None
        self._is_log = False
        self._wants_legend = True
        self._range = EasedRange()
        self._plot = Plot("step", "cost")
        self._legend = Legend()
        self._hover = QLabel()
        self._hover.setProperty("role", "quiet")
        self._hover.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.hide()
        self._plot.addItem(self._cross, ignoreBounds=True)
        self._plot.scene().sigMouseMoved.connect(self._point_at)
        heading = QHBoxLayout()
        heading.addWidget(self._legend, 1)
        heading.addWidget(self._hover)
        self._heading = heading
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(heading)
        layout.addWidget(self._plot, 1)

    def set_theme(self, theme: Theme) -> None:
        """Colours and widths; the lines that are there take them too."""
        self._theme = theme
        self._plot.set_theme(theme)
        self._legend.set_theme(theme)
        self._hover.setFont(theme.font(12))
        self._heading.setContentsMargins(theme.px(70), 0, theme.px(12), 0)
        self._cross.setPen(pen(theme.quiet, 1, Qt.DashLine))
        self._dress()

    def show_frame(self, frame: Frame) -> None:
        """Draw the history up to this frame."""
        curves = tuple(curve for curve in frame.curves if len(curve.y))
        if [(c.label, c.role) for c in curves] != [(line.curve.label, line.curve.role) for line in self._lines]:
            self._make_lines(curves)
        goes_on = frame.run == self._run
        self._run = frame.run
        self._plot.set_words(frame.axis, "cost")
        for line, curve in zip(self._lines, curves, strict=True):
            line.curve = curve
            line.data.update(curve.x, curve.y)
        self._draw(goes_on)
        if self._run is None:
            self._stand_by(frame.cost)

    def show_legend(self, is_shown: bool) -> None:
        """Whether the plot has a legend of its own; a picture may have the same one already."""
        if is_shown != self._wants_legend:
            self._wants_legend = is_shown
            self._make_room()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where the legend's rows would leave too little of the plot, they give way."""
        needed = self._legend.sizeHint().height()
        is_crowded = self.height() - needed < self._theme.px(LEAST_HEIGHT)
        self._legend.setVisible(self._wants_legend and not is_crowded)

    def is_logarithmic(self) -> bool:
        """Whether the cost axis is logarithmic now."""
        return self._is_log

    def shown_points(self) -> int:
        """How many points all lines together have on the screen."""
        drawn = sum(len(line.item.xData) for line in self._lines if line.item.xData is not None)
        return drawn + sum(line.band.points() for line in self._lines if line.band is not None)

    def _make_lines(self, curves: tuple[Curve, ...]) -> None:
        for line in self._lines:
            for item in (line.item, line.band):
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
            self._lines.append(_Line(curve, item, data, band))
        self._dress()

    def _draw(self, goes_on: bool) -> None:
        values = [line.data.y for line in self._lines if len(line.data.y)]
        if not values:
            for line in self._lines:
                self._lay(line, np.empty(0), np.empty(0))
            self._run = None  # nothing of this run has been seen yet: its first cost sets the axis at once
            return
        low, high = min(float(y.min()) for y in values), max(float(y.max()) for y in values)
        is_log = low > 0
        if is_log != self._is_log:
            self._is_log, goes_on = is_log, False
            self._plot.getAxis("left").is_log = is_log
        for line in self._lines:
            x, y = self._points(line)
            y = np.log10(y) if is_log else y
            self._thin_out(line, y, math.log10(high / low) if is_log else high - low)
            self._lay(line, x, y)
        if is_log:
            low, high = max(math.log10(low), math.log10(high) - MOST_DECADES), math.log10(high)
        low, high = self._range.towards(low, high, at_once=not goes_on)
        last = max(float(line.data.x[-1]) for line in self._lines if len(line.data.x))
        self._plot.setRange(xRange=(0, _in_notches(max(last, LEAST_AXIS))), yRange=(low, high), padding=0)
        self._plot.getViewBox().updateMatrix()  # else it is found out while painting, and everything painted again

    def _stand_by(self, cost: float) -> None:
        """The axes about a run's first cost, while there is no curve yet: not those of the run before."""
        if math.isfinite(cost):
            at = math.log10(cost) if self._is_log and cost > 0 else cost
            low, high = EasedRange().towards(at, at)
            self._plot.setRange(xRange=(0, _in_notches(LEAST_AXIS)), yRange=(low, high), padding=0)

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
        """A noisy runner's line is drawn thin, plain and without smoothing of its edges."""
        if line.curve.role is not Role.RUNNER:
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
            dressed = self._pen(line.curve.role, number)
            line.item.setPen(pen(dressed.color(), 1) if line.is_rough else dressed)
            line.item.opts["antialias"] = line.curve.role is not Role.RAW and not line.is_rough
            line.item.setZValue({Role.RAW: 0, Role.EXACT: 2}.get(line.curve.role, 1))
            sample = QPen(dressed)
            sample.setWidthF(max(sample.widthF(), 1.5))
            entries.append(Entry(line.curve.label, sample))
        self._legend.show_entries(entries if len(entries) > 1 else [])
        self._make_room()

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
            self._hover.setText("")
            return
        x = box.mapSceneToView(position).x()
        parts = []
        at = x
        for line in self._lines:
            if len(line.data.x):
                index = min(int(np.searchsorted(line.data.x, x)), len(line.data.x) - 1)
                at = line.data.x[index]
                parts.append(f"{line.curve.label} {short(float(line.data.y[index]))}")
        self._cross.setPos(at)
        self._hover.setText(f"{self._plot_word()} {at:,.0f}:  " + ",  ".join(parts[:3]))

    def _plot_word(self) -> str:
        return self._plot.getAxis("bottom").labelText

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self._cross.hide()
        self._hover.setText("")


def _in_notches(last: float) -> float:
    """``last`` or a little more: the axis grows in notches."""
    notch = 2.0 ** math.floor(math.log2(last)) / NOTCHES
    return math.ceil(last / notch) * notch
