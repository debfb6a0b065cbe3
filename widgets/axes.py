"""Axes with plain numbers, and the themed plot that all pictures stand in. Serves the panels."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtWidgets import QSizePolicy

from widgets.number_text import tick
from widgets.theme import DARK, Theme, faded, pen

GRID_OPACITY = 110  # of 255
OVERHANG = 24  # px


class PlainAxis(pg.AxisItem):
    """Numbers as a person writes them: 0.5, 1,000, and a power of ten only beyond six digits."""

    def boundingRect(self) -> QRectF:
        # room for half a number at either end, which pyqtgraph leaves out when there is a grid
        rect = super().boundingRect()
        return rect.adjusted(-OVERHANG, 0, OVERHANG, 0) if self.orientation == "bottom" else rect.adjusted(0, -9, 0, 9)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [tick(float(f"{value:.10g}")) for value in values]

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        return [(spacing, values) for spacing, values in super().tickValues(low, high, size)][:1] or []

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        font = self.style["tickFont"]
        room = (font.pixelSize() if font else 13) * (5.2 if self.orientation in ("bottom", "top") else 2.0)
        step = nice_step((high - low) / max(1.0, size / room))
        while step > 0 and math.floor(high / step) - math.ceil(low / step) < 1 and size > 0.6 * room:
            step = _finer(step)  # one number alone says nothing about how far it is to anywhere
        return [(step, 0)]


class LogAxis(PlainAxis):
    """An axis over log10 of the values, when ``is_log``: ticks at 1, 2, 5 and plain numbers; else a plain axis."""

    is_log = False

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.is_log:
            return super().tickValues(low, high, size)
        font = self.style["tickFont"]
        most = max(2, int(size / ((font.pixelSize() if font else 13) * 1.8)))
        return [(1.0, log_ticks(low, high, most))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.is_log:
            return super().tickStrings(values, scale, spacing)
        return [tick(float(f"{10.0**value:.6g}")) for value in values]


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 x 10^n that is no smaller than ``least``."""
    if not math.isfinite(least) or least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next((mantissa * power for mantissa in (1, 2, 5) if mantissa * power >= least * 0.9999), 10 * power)


def _finer(step: float) -> float:
    """The next smaller of 1, 2, 5 x 10^n."""
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    mantissa = round(step / power)
    return {1: 0.5, 2: 1.0, 5: 2.0}[mantissa] * power


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """log10 of at most about ``most`` ticks: 1, 2, 5 a decade, whole decades, or a linear few within one decade."""
    first, last = math.floor(low), math.ceil(high)
    if last - first > 60:
        first, last = max(first, -300), min(last, 300)
    for mantissas in ((1, 2, 5), (1,)):
        ticks = [math.log10(m) + decade for decade in range(first, last + 1) for m in mantissas]
        ticks = [value for value in ticks if low <= value <= high]
        if len(ticks) > most:
            continue
        if len(ticks) >= 3 or high - low > 1.2:
            return ticks
        return _spaced(_linear_ticks(10.0**low, 10.0**high, most), (high - low) / (most + 1))
    every = math.ceil((high - low) / most)
    return [float(decade) for decade in range(math.ceil(low), math.floor(high) + 1) if decade % every == 0]


def _spaced(ticks: list[float], least: float) -> list[float]:
    """Those ticks that stand at least so far from the one before."""
    kept: list[float] = []
    for value in ticks:
        if not kept or value - kept[-1] >= least:
            kept.append(value)
    return kept


def _linear_ticks(low: float, high: float, most: int) -> list[float]:
    step = nice_step(0.6 * (high - low) / min(most, 6))
    count = int((high - low) / step) + 2
    values = [(math.ceil(low / step) + number) * step for number in range(count)]
    return [math.log10(value) for value in values if value > 0 and low <= value <= high]


class Plot(pg.PlotWidget):
    """A plot with quiet axes, in the theme's colours, which neither the wheel nor a drag can shift by accident."""

    def __init__(self, bottom: str = "", left: str = "") -> None:
        super().__init__(
            axisItems={"bottom": PlainAxis("bottom"), "left": LogAxis("left")}, enableMenu=False, background=None
        )
        self._words = {"bottom": bottom, "left": left}
        self._theme = DARK
        self.setMouseEnabled(False, False)
        self.hideButtons()
        # pyqtgraph makes its menu even where none is wanted, and for nobody: let it go with the plot
        self.destroyed.connect(self.getPlotItem().ctrlMenu.deleteLater)
        self.setFocusPolicy(Qt.NoFocus)
        self.setFrameShape(self.NoFrame)
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Ignored)
        self.setMinimumSize(60, 40)
        self.getViewBox().setDefaultPadding(0)
        self.getViewBox().disableAutoRange()

    @property
    def line_scale(self) -> float:
        """How much wider lines are in this theme, and so how much farther from one a hand may miss it."""
        return self._theme.line_scale

    def rim(self) -> tuple[float, float]:
        """What stands about the inner part: the px left and right of it, and above and below."""
        margins = self.getPlotItem().layout.getContentsMargins()
        left, bottom = self.getAxis("left").width(), self.getAxis("bottom").height()
        return left + margins[0] + margins[2] + 2, bottom + margins[1] + margins[3] + 2

    def set_words(self, bottom: str, left: str) -> None:
        """Other axis labels."""
        words = {"bottom": bottom, "left": left}
        if words != self._words:
            self._words = words
            self._label()

    def set_theme(self, theme: Theme) -> None:
        """Colours and text sizes of the axes and the grid."""
        self._theme = theme
        self.setBackground(theme.background)
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pen(theme.line, theme.width(1)))
            axis.setTextPen(pen(theme.quiet))
            axis.setTickPen(pen(faded(theme.line, 0.55)))
            axis.setStyle(
                tickFont=theme.font(12),
                tickLength=0,
                tickTextOffset=theme.px(6),
                autoExpandTextSpace=False,
                hideOverlappingLabels=False,
            )
            axis.enableAutoSIPrefix(False)
            axis.setGrid(GRID_OPACITY)
            axis.setZValue(-1000)  # the grid lies under the curves
        self.getAxis("left").setStyle(tickTextWidth=theme.px(38))
        self.getAxis("bottom").setStyle(tickTextHeight=theme.px(16))
        self._label()

    def _label(self) -> None:
        for name, word in self._words.items():
            axis = self.getAxis(name)
            axis.setLabel(word, **{"color": self._theme.quiet, "font-size": f"{self._theme.px(12)}px"})
            axis.showLabel(bool(word))
            axis.resizeEvent()  # which is where pyqtgraph puts a label in the middle: another word has another one
        left, bottom = self._words["left"], self._words["bottom"]
        self.getAxis("left").setWidth(self._theme.px(66 if left else 48))
        self.getAxis("bottom").setHeight(self._theme.px(38 if bottom else 22))
        self.getPlotItem().layout.setContentsMargins(0, self._theme.px(7), self._theme.px(16), 0)
