"""OverlayCurves: the costs of other runs, thin, behind those of the one in front. Serves the cost plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from engine.frames import OF_THE_COST, Curve, Frame, Role
from engine.lanes import Lane, Overlay
from widgets.lanes.lane_pens import lane_pen
from widgets.plotting.axes import Plot
from widgets.plotting.decimate import Decimated, smoothed
from widgets.style.theme import DARK, Theme

SMOOTHED_SHARE = 0.02
BINS = 250


@dataclass
class _Line:
    lane: Lane
    frame: Frame
    item: pg.PlotCurveItem
    x: np.ndarray
    y: np.ndarray

    @property
    def unit(self) -> float:
        """Seconds of training in one unit of x."""
        return seconds_each(self.lane, self.frame.axis)


class OverlayCurves:
    """``x`` is in the frames' own unit; ``extent`` are the last x, the least and the largest cost of all."""

    def __init__(self, plot: Plot) -> None:
        self._plot, self._theme = plot, DARK
        self._lines: list[_Line] = []

    def set_theme(self, theme: Theme) -> None:
        """The lanes' colours in this theme."""
        self._theme = theme
        for line in self._lines:
            line.item.setPen(lane_pen(theme, line.lane, 1.6))

    def show(self, overlays: tuple[Overlay, ...]) -> bool:
        """Take these runs; False where they are those that are there already."""
        if [(id(line.frame), line.lane.style) for line in self._lines] == [
            (id(overlay.frame), overlay.lane.style) for overlay in overlays for _ in _chosen(overlay.frame)
        ]:
            return False
        for line in self._lines:
            self._plot.removeItem(line.item)
        self._lines = []
        for overlay in overlays:
            for curve in _chosen(overlay.frame):
                item = pg.PlotCurveItem(
                    skipFiniteCheck=True, antialias=True, pen=lane_pen(self._theme, overlay.lane, 1.6)
                )
                item.setZValue(-0.5)  # behind the run in front
                self._plot.addItem(item, ignoreBounds=True)
                self._lines.append(_Line(overlay.lane, overlay.frame, item, *_thinned(curve)))
        return True

    def extent(self, by_seconds: bool = False) -> tuple[float, float, float] | None:
        """(last x, least cost, largest cost); None where nothing is drawn."""
        drawn = [line for line in self._lines if len(line.y)]
        if not drawn:
            return None
        return (
            max(float(line.x[-1]) * (line.unit if by_seconds else 1.0) for line in drawn),
            min(float(line.y.min()) for line in drawn),
            max(float(line.y.max()) for line in drawn),
        )

    def least_above_zero(self, otherwise: float) -> float:
        """The least cost above 0."""
        return min((float(line.y[line.y > 0].min(initial=otherwise)) for line in self._lines), default=otherwise)

    def draw(self, height: Callable[[np.ndarray], np.ndarray], by_seconds: bool = False) -> None:
        """Lay the lines by what the axis makes of costs; ``by_seconds``: over the seconds of training."""
        for line in self._lines:
            line.item.setData(line.x * (line.unit if by_seconds else 1.0), height(line.y))


def seconds_each(lane: Lane, axis: str) -> float:
    """Seconds of training that a step, or an epoch, of this run took."""
    units = lane.end / max(1, lane.epoch_steps) if axis == "epoch" else lane.end
    return lane.seconds / units if units else 0.0


def _chosen(frame: Frame) -> list[Curve]:
    """A descent's each, or of a network the one that says most: exact costs where there are some."""
    curves = [curve for curve in frame.curves if len(curve.y) and curve.role in OF_THE_COST]
    exact = [curve for curve in curves if curve.role is Role.EXACT]
    if exact:
        return exact[:1]
    descents = [curve for curve in curves if curve.role is Role.DESCENT]
    return descents or curves[:1]


def _thinned(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    data = Decimated(BINS)
    data.update(curve.x, curve.y)
    if curve.role is Role.DESCENT:
        return data.x, data.y
    means = data.means
    share = SMOOTHED_SHARE if curve.role is Role.RAW else SMOOTHED_SHARE / 2
    return data.mean_x, smoothed(means, share * len(means))
