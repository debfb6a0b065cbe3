"""DoubleDescentView: the error over ever more features, and the fit with as many as are pointed at.

Serves both ends of the loop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.frames import Analysis, Frame
from engine.regression.double_descent import DoubleDescent, depends_on, is_offered
from widgets.page.background_answer import BackgroundAnswer
from widgets.page.picture_view import PictureView
from widgets.plotting.axes import Plot
from widgets.style.number_text import short
from widgets.style.theme import Theme, faded, pen

LEAST = 1e-6  # an error that is drawn; where a fit goes through every point, its error there is rounding
WAITING = "Fitting ever more features …"


class DoubleDescentView(PictureView):
    """The view "double-descent"."""

    name = "double-descent"
    shows_any_moment = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: Any = None
        self._shown: DoubleDescent | None = None
        self._place = 0
        self._answer = BackgroundAnswer("double_descent", self._take, self, outlives_runs=True, only_seen=True)
        self._answer.asked.connect(self.analysis_requested)
        self.words = QLabel(WAITING)
        self.words.setObjectName("double_descent_words")
        self.words.setToolTip("Point at a number of features, or press Left and Right in the plot: its fit is shown.")
        self.words.setProperty("role", "caption")
        self.errors, self.fit = _Errors(), Plot(bottom="x", left="y")
        self.errors.setObjectName("double_descent_errors")
        self.errors.setAccessibleName("Errors over the number of features; the arrow keys choose one")
        self.errors.chosen.connect(self._choose_near)
        self.errors.stepped.connect(lambda by: self._choose(self._place + by))
        self.fit.setAccessibleName("The fit with so many features")
        self._seeds = [pg.PlotCurveItem() for _ in range(10)]
        self._median, self._training, self._at_points = (pg.PlotCurveItem() for _ in range(3))
        for item in (*self._seeds, self._training, self._median):
            self.errors.addItem(item)
        self._mark = pg.InfiniteLine(angle=90)
        self._equal = pg.InfiniteLine(angle=90)
        self.errors.addItem(self._equal)
        self.errors.addItem(self._mark)
        self._curve, self._fitted = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._dots = pg.ScatterPlotItem()
        for item in (self._curve, self._fitted, self._dots):
            self.fit.addItem(item)
        self._legend = QLabel()
        self._legend.setProperty("role", "quiet")
        self._legend.setTextFormat(Qt.RichText)
        plots = QHBoxLayout()
        plots.setSpacing(12)
        plots.addWidget(self.errors, 3)
        plots.addWidget(self.fit, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.words)
        layout.addWidget(self._legend)
        layout.addLayout(plots, 1)

    def set_theme(self, theme: Theme) -> None:
        for plot in (self.errors, self.fit):
            plot.set_theme(theme)
        test, training, quiet = theme.series_colour(0), theme.series_colour(1), theme.quiet
        for item in self._seeds:
            item.setPen(pen(faded(test, 0.28), theme.width(1.0)))
        self._median.setPen(pen(test, theme.width(3.0)))
        self._training.setPen(pen(training, theme.width(2.2), Qt.DashLine))
        self._mark.setPen(pen(theme.text, theme.width(1.4)))
        self._equal.setPen(pen(faded(quiet, 0.9), theme.width(1.4), Qt.DashLine))
        self._curve.setPen(pen(faded(quiet, 0.8), theme.width(1.6), Qt.DashLine))
        self._fitted.setPen(pen(test, theme.width(3.0)))
        self._dots.setPen(pen(theme.background, theme.width(1.0)))
        self._dots.setBrush(pg.mkBrush(training))
        self._dots.setSize(theme.px(8))
        self._legend.setText(
            f"<span style='color:{test}'>━</span> error on unseen places, median of ten seeds &nbsp; "
            f"<span style='color:{training}'>╍</span> error at the points &nbsp; "
            f"<span style='color:{quiet}'>╎</span> as many features as points"
        )

    def show_settings(self, settings: Any) -> None:
        self._settings = settings

    def show_frame(self, frame: Frame) -> None:
        self._answer.follow(frame)
        if self._settings is not None:
            self._answer.want(depends_on(self._settings) if is_offered(self._settings) else None)

    def show_analysis(self, analysis: Analysis) -> None:
        self._answer.take(analysis)

    def _take(self, analysis: Analysis) -> None:
        found: DoubleDescent | None = analysis.result
        is_first = self._shown is None
        self._shown = found
        if found is None:
            self.words.setText(analysis.problem)
            return
        x = found.features.astype(float)
        median = _log(np.median(found.test, axis=0))
        for item, errors in zip(self._seeds, found.test, strict=True):
            item.setData(x, _log(errors))
        self._median.setData(x, median)
        self._training.setData(x, _log(np.median(found.training, axis=0)))
        self._equal.setPos(found.points)
        self.errors.show_range(x, _log(found.test), float(median.min()))
        self._curve.setData(found.grid, found.curve)
        self._dots.setData(found.x, found.y)
        half = 0.75 * float(np.ptp(found.y))
        middle = float(found.y.min() + found.y.max()) / 2
        self.fit.getViewBox().setRange(
            xRange=(found.grid[0], found.grid[-1]), yRange=(middle - half, middle + half), padding=0
        )
        self._choose(int(np.searchsorted(found.features, found.points)) if is_first else self._place)

    def _choose_near(self, features: float) -> None:
        if self._shown is not None:
            self._choose(int(np.abs(self._shown.features - features).argmin()))

    def _choose(self, place: int) -> None:
        found = self._shown
        if found is None:
            return
        self._place = place = int(np.clip(place, 0, len(found.features) - 1))
        count = int(found.features[place])
        self._mark.setPos(count)
        self._fitted.setData(found.grid, found.fits[place])
        error = short(float(np.median(found.test[:, place])))
        words = f"{count} feature{'s' * (count > 1)} of {found.points} points: error {error} on unseen places"
        if count == found.points:
            words += "; one fit alone goes through all points, whatever it costs."
        elif count > found.points:
            words += "; of all fits through the points, the one with the smallest weights."
        else:
            words += "."
        self.words.setText(words)


class _Errors(Plot):
    """The errors, with log10 of them upwards; a place is chosen by pointing, and by the arrow keys."""

    chosen = pyqtSignal(float)
    stepped = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__(bottom="features", left="error")
        self.setFocusPolicy(Qt.TabFocus)
        self.getPlotItem().getAxis("left").is_log = True
        self.viewport().setMouseTracking(True)

    def show_range(self, x: np.ndarray, errors: np.ndarray, least: float) -> None:
        """All features, and the errors from the least median to most of what the seeds have."""
        high = float(np.percentile(errors, 99.5))
        self.getViewBox().setRange(xRange=(0, float(x[-1])), yRange=(least - 1.0, high), padding=0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        box, scene = self.getViewBox(), self.mapToScene(event.pos())
        if box.sceneBoundingRect().contains(scene):
            self.chosen.emit(box.mapSceneToView(scene).x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key_Left: -1, Qt.Key_Right: 1}.get(event.key())
        if steps is None:
            super().keyPressEvent(event)
            return
        self.stepped.emit(steps)
        event.accept()


def _log(errors: np.ndarray) -> np.ndarray:
    return np.log10(np.maximum(errors, LEAST))
