"""SharpnessPlot: how sharp the cost is along its sharpest direction, against the line from which on steps grow.

Stands under the cost plot, or beside it, with the same steps. Serves the drawing of a frame.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QFontMetrics, QPen
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.frames import Curve, Frame, Role
from widgets.plotting.axes import Plot
from widgets.plotting.decimate import Decimated
from widgets.plotting.eased_range import EasedRange
from widgets.plotting.legend import Entry, Legend
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, pen

LEAST = 76  # px inside the axes
IN_SIGHT = 4.0  # times the largest sharpness: a line farther off than this is said, not drawn
NAME, SYMBOL = "sharpness", "λ"
FAR = "{} = {}, far above"


class SharpnessPlot(QWidget):
    """``show_frame`` with the steps that the cost plot spans; ``has_something`` says whether there is a curve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Sharpness over time")
        self._theme = DARK
        self._run: int | None = None
        self._curves: tuple[Curve, Curve] | None = None
        self._now: float | None = None  # the line that holds
        self._axis = "step"
        self._data = Decimated()
        self._range = EasedRange()
        self._plot = Plot("step", "sharpness")
        self._legend = Legend()
        self._line, self._edge, self._going_on = (pg.PlotCurveItem(skipFiniteCheck=True) for _ in range(3))
        self._line.opts["antialias"] = True
        for depth, item in enumerate((self._edge, self._going_on, self._line)):
            item.setZValue(depth)
            self._plot.addItem(item, ignoreBounds=True)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.hide()
        self._plot.addItem(self._cross, ignoreBounds=True)
        self._plot.scene().sigMouseMoved.connect(self._point_at)
        self._hover = QLabel(self)
        self._hover.setProperty("role", "hover")
        self._hover.hide()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._heading = QHBoxLayout()
        self._heading.addWidget(self._legend)
        self._layout.addLayout(self._heading)
        self._layout.addWidget(self._plot, 1)

    @property
    def has_something(self) -> bool:
        """Whether a sharpness was measured of what is shown."""
        return self._curves is not None

    def set_theme(self, theme: Theme) -> None:
        """Colours and widths; what is drawn takes them too."""
        self._theme = theme
        self._plot.set_theme(theme)
        self._legend.set_theme(theme)
        self._hover.setFont(theme.font(12))
        self._heading.setContentsMargins(theme.px(70), 0, theme.px(12), 0)
        self._cross.setPen(pen(theme.quiet, 1, Qt.DashLine))
        self._line.setPen(self._own_pen())
        for item in (self._edge, self._going_on):
            item.setPen(self._edge_pen())
        self._say_what_is_drawn()

    def least_height(self) -> int:
        """px below which too little is left of the curves."""
        return round(LEAST + self._plot.rim()[1] + self._legend.sizeHint().height() + self._layout.spacing())

    def show_frame(self, frame: Frame, last: float) -> None:
        """Draw what was measured up to this frame, over 0 to ``last`` steps or epochs."""
        named = {curve.role: curve for curve in frame.curves}
        sharpness, edge = named.get(Role.SHARPNESS), named.get(Role.EDGE)
        if sharpness is None or edge is None or not len(sharpness.y):
            self._curves = None
            return
        self._curves = sharpness, edge
        self._now = frame.metrics.get("two_over_rate")
        self._axis = frame.axis
        self._data.update(sharpness.x, sharpness.y)
        self._line.setData(self._data.x, self._data.y)
        self._draw_edge(edge, last)
        largest, least = float(self._data.y.max()), min(0.0, float(self._data.y.min()))
        seen = [*edge.y[np.isfinite(edge.y)], *([] if self._now is None else [self._now])]
        in_sight = [value for value in seen if value <= IN_SIGHT * largest]
        low, high = self._range.towards(least, max([largest, *in_sight]), at_once=frame.run != self._run)
        self._run = frame.run
        self._plot.setRange(xRange=(0, last), yRange=(min(low, 0.0) if least < 0 else 0.0, high), padding=0)
        self._plot.getViewBox().updateMatrix()
        self._say_what_is_drawn()

    def _draw_edge(self, edge: Curve, last: float) -> None:
        """The line as it was at each measurement, in steps, and from the last one on as it is now."""
        x, y = edge.x, edge.y
        moved = np.flatnonzero(np.diff(y) != 0) + 1  # corners alone: it moves with a hand only
        corners_x = np.concatenate([x[:1], np.repeat(x[moved], 2), x[-1:]])
        levels = np.concatenate([y[:1], y[moved]])
        self._edge.setData(corners_x, np.repeat(levels, 2), connect="finite")
        going_on = ([], []) if self._now is None else ([x[-1], x[-1], last], [y[-1], self._now, self._now])
        self._going_on.setData(*going_on)

    def _own_pen(self) -> QPen:
        return pen(self._theme.series_colour(3), self._theme.width(2.2))

    def _edge_pen(self) -> QPen:
        return pen(self._theme.warning, self._theme.width(1.8), Qt.DashLine)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._say_what_is_drawn()

    def _say_what_is_drawn(self) -> None:
        """In a legend of one row; where there is room for the line alone, the axis says what the curve is."""
        if self._curves is None:
            return
        sharpness, edge = self._curves
        entries = [Entry(f"{sharpness.label} {short(float(sharpness.y[-1]))}", self._own_pen())]
        if self._now is None:
            entries.append(Entry(edge.label))
        else:
            is_far = self._now > IN_SIGHT * float(sharpness.y.max())
            said = FAR if is_far else "{} = {}"
            entries.append(Entry(said.format(edge.label, short(self._now)), None if is_far else self._edge_pen()))
        self._legend.show_entries(entries[-1:])
        room, one_row = self.width() - self._theme.px(82), self._legend.height_of_row(1_000_000)
        self._legend.show_entries(entries)
        is_narrow = self._legend.height_of_row(room) > one_row
        if is_narrow:
            self._legend.show_entries(entries[-1:])
        metrics = QFontMetrics(self._theme.font(12))
        is_low = self._plot.getViewBox().height() < metrics.horizontalAdvance(NAME)
        self._plot.set_words(self._axis, SYMBOL if is_low else NAME)

    def _point_at(self, position) -> None:
        box = self._plot.getViewBox()
        inside = self._curves is not None and box.sceneBoundingRect().contains(position)
        self._cross.setVisible(inside)
        self._hover.setVisible(inside)
        if not inside:
            return
        sharpness, edge = self._curves
        row = int(np.abs(sharpness.x - box.mapSceneToView(position).x()).argmin())
        self._cross.setPos(sharpness.x[row])
        said = f"{self._plot.getAxis('bottom').word} {sharpness.x[row]:,.0f}:  {short(float(sharpness.y[row]))}"
        if np.isfinite(edge.y[row]):
            said += f",  {100 * sharpness.y[row] / edge.y[row]:.0f} % of {edge.label}"
        self._hover.setText(said)
        self._hover.adjustSize()
        right = self._plot.geometry().right() - self._theme.px(16)
        self._hover.move(right - self._hover.width(), self._plot.geometry().top() + self._theme.px(7))

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self._cross.hide()
        self._hover.hide()
