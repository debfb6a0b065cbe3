"""InitialValuesView: the lesson of initial values: what is drawn, and what it does to the first prediction.

Serves the regression.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.regression.picture import RegressionPicture
from widgets.page.picture_view import PictureView
from widgets.plotting.axes import Plot
from widgets.plotting.legend import Entry, Legend
from widgets.regression.fit_plot import Family, FitPlot
from widgets.style.theme import DARK, Theme, faded, pen

BINS = 60
SERIES_STEP = 3  # passes over the colour that the data have


class InitialValuesView(PictureView):
    """Left the histograms over each other, right the first predictions of several seeds, in the same colours."""

    name = "initial-values"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._picture: RegressionPicture | None = None
        self._histogram = Plot("initial value", "draws")
        self._bars: list[pg.PlotCurveItem] = []
        self._fits = FitPlot()
        self._legend = Legend()
        row = QHBoxLayout()
        row.setSpacing(12)
        for words, plot in (("1,000 draws of each", self._histogram), ("the first prediction, by seed", self._fits)):
            column = QVBoxLayout()
            caption = QLabel(words)
            caption.setProperty("role", "caption")
            caption.setContentsMargins(8, 0, 0, 0)
            column.addWidget(caption)
            column.addWidget(plot, 1)
            row.addLayout(column, 1)
            if plot is self._histogram:
                self._caption = caption
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        legend_row = QHBoxLayout()
        legend_row.setContentsMargins(8, 0, 0, 0)
        legend_row.addWidget(self._legend)
        layout.addLayout(legend_row)
        layout.addLayout(row, 1)

    def set_theme(self, theme: Theme) -> None:
        """Both plots and the legend."""
        self._theme = theme
        self._histogram.set_theme(theme)
        self._fits.set_theme(theme)
        self._legend.set_theme(theme)
        if self._picture is not None:
            self._draw(self._picture)

    def show_frame(self, frame: Frame) -> None:
        """The draws don't change during a run: the same ones again cost nothing."""
        picture: RegressionPicture = frame.picture
        if self._picture is None or picture.draws is not self._picture.draws:
            self._picture = picture
            self._draw(picture)

    def _draw(self, picture: RegressionPicture) -> None:
        draws = picture.draws
        self._caption.setText(f"{len(draws.values[0]):,} draws of each")
        reach = max(float(np.abs(values).max()) for values in draws.values)
        edges = np.linspace(-reach, reach, BINS + 1)
        highest = 1.0
        while len(self._bars) < len(draws.labels):
            self._bars.append(pg.PlotCurveItem())
            self._histogram.addItem(self._bars[-1], ignoreBounds=True)
        families, entries = [], []
        for number, bars in enumerate(self._bars):
            if number >= len(draws.labels):
                bars.setVisible(False)
                continue
            counts, _ = np.histogram(draws.values[number], edges)
            highest = max(highest, counts.max())
            series = number * SERIES_STEP
            colour = self._theme.series_colour(series)
            outline = pen(colour, self._theme.width(1.5))
            bars.setData(edges, counts, stepMode="center", fillLevel=0, brush=faded(colour, 0.45), pen=outline)
            bars.setVisible(True)
            line = self._theme.series_pen(series, 2)
            families.append(Family(line, draws.predictions[number]))
            entries.append(Entry(draws.labels[number], line))
        self._histogram.setRange(xRange=(-reach, reach), yRange=(0, 1.05 * highest), padding=0)
        self._legend.show_entries(entries)
        self._fits.show_families(picture, families)
