"""TwoSolutionsView: the cost on three ways from this network to another one. Serves both ends of the loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.analysis.valley import Valley
from engine.frames import Analysis, Frame
from engine.lanes import Overlay
from widgets.page.background_answer import BackgroundAnswer, Pace
from widgets.page.picture_view import PictureView
from widgets.plotting.axes import Plot
from widgets.style.theme import Theme, pen

LEAST = 1e-9  # a cost that is drawn
PACE = Pace(between=0.5, after=0.5, times=1.0)
WAYS = {  # each way's words, its series and dash
    "straight": ("straight on", 5, Qt.DashLine),
    "ordered": ("straight on, its neurons in this one's order", 0, Qt.DashDotLine),
    "curved": ("along a trained curve", 2, Qt.SolidLine),
}
NOT_YET = "Two trained networks are compared: press play."
WAITING = "Training a second network from another seed, and a way to it …"


class TwoSolutionsView(PictureView):
    """The view "two-solutions"; the other network is that of a run beside, or is trained from the next seed."""

    name = "two-solutions"
    shows_any_moment = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._other: Overlay | None = None
        self._frame: Frame | None = None
        self._overlays: tuple[Overlay, ...] = ()
        self._shown: Valley | None = None
        self._answer = BackgroundAnswer(
            "valley", self._take, self, arguments=self._arguments, pace=PACE, only_seen=True
        )
        self._answer.asked.connect(self.analysis_requested)
        self.words = QLabel(WAITING)
        self.words.setObjectName("two_solutions_words")
        self.words.setProperty("role", "caption")
        self.words.setWordWrap(True)
        self._legend = QLabel()
        self._legend.setProperty("role", "quiet")
        self._legend.setTextFormat(Qt.RichText)
        self._legend.setWordWrap(True)
        self.plot = Plot(bottom="t", left="cost")
        self.plot.setObjectName("two_solutions_plot")
        self.plot.setAccessibleName("The cost on the ways between two networks")
        self.plot.getPlotItem().getAxis("left").is_log = True
        self._lines = {name: pg.PlotCurveItem() for name in WAYS}
        self._ends = pg.ScatterPlotItem()
        for item in (*self._lines.values(), self._ends):
            self.plot.addItem(item)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.words)
        layout.addWidget(self._legend)
        layout.addWidget(self.plot, 1)

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        signs = {Qt.DashLine: "╍", Qt.DashDotLine: "┅", Qt.SolidLine: "━"}
        words = []
        for name, (label, series, dash) in WAYS.items():
            colour = theme.series_colour(series)
            self._lines[name].setPen(pen(colour, theme.width(3.0 if name == "curved" else 2.2), dash))
            words.append(f"<span style='color:{colour}'>{signs[dash]}</span> {label}")
        self._legend.setText(" &nbsp; ".join([*words, "t = 0: this network, 1: the other"]))
        self._ends.setPen(pen(theme.background, theme.width(1.5)))
        self._ends.setBrush(pg.mkBrush(theme.text))
        self._ends.setSize(theme.px(12))

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        self._overlays = overlays
        self._want()

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self._answer.follow(frame)
        self._want()

    def show_analysis(self, analysis: Analysis) -> None:
        self._answer.take(analysis)

    def _want(self) -> None:
        if self._frame is None:
            return
        if not self._frame.step:  # there is nothing to compare yet
            self._say(NOT_YET)
            self._answer.want(None)
            return
        if self._shown is None and self.words.text() == NOT_YET:
            self._say(WAITING)
        own = _shapes(self._frame)
        alike = [one for one in self._overlays if own and one.frame.step and _shapes(one.frame) == own]
        self._other = alike[-1] if alike else None
        key = None if self._other is None else (self._other.lane.number, self._other.frame.step)
        self._answer.want((key,), self._frame.step)

    def _say(self, words: str) -> None:
        """Words in place of ways."""
        self._shown = None
        self.words.setText(words)
        for line in self._lines.values():
            line.setData([], [])
        self._ends.setData([], [])

    def _arguments(self) -> dict[str, Any]:
        if self._other is None:
            return {}
        parts = [np.ravel(values) for _, values in self._other.frame.picture.tensors]
        return {"other": tuple(np.concatenate(parts).tolist()), "name": f"the run “{self._other.lane.name}”"}

    def _take(self, analysis: Analysis) -> None:
        found: Valley | None = analysis.result
        self._shown = found
        if found is None:
            self._say(analysis.problem)
            return
        drawn = {name: np.log10(np.maximum(getattr(found, name), LEAST)) for name in WAYS}
        for name, costs in drawn.items():
            self._lines[name].setData(found.shares, costs)
        ends = drawn["straight"][[0, -1]]
        self._ends.setData([0.0, 1.0], ends)
        low, high = min(costs.min() for costs in drawn.values()), max(costs.max() for costs in drawn.values())
        room = max(0.05, 0.08 * (high - low))
        self.plot.getViewBox().setRange(xRange=(-0.03, 1.03), yRange=(low - room, high + room), padding=0)
        self.words.setText(found.sentence())


def _shapes(frame: Frame) -> list[tuple[int, ...]]:
    return [values.shape for _, values in frame.picture.tensors]
