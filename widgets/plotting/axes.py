"""Axes with plain numbers, and the themed plot that all pictures stand in. Serves the panels."""

from __future__ import annotations

import math
from html import escape

import pyqtgraph as pg
from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QFont, QFontMetricsF
from PyQt5.QtWidgets import QSizePolicy

from widgets.style.number_text import tick
from widgets.style.theme import DARK, Theme, faded, pen

GRID_OPACITY = 110  # of 255
OVERHANG = 24  # px
PLAIN = -4, 6  # the powers of ten between which numbers are written out
LEAST_POWER = -300  # what can be divided by
NARROW = 2.5  # decades of a logarithmic axis that have one power in common
WORD_OVERHANG = 12  # px that an axis's word may stand out at its end
WORD_MARGIN = 4  # px about it, which QGraphicsTextItem has of itself


class PlainAxis(pg.AxisItem):
    """Numbers as a person writes them: 0.5, 1,000. A power of ten that all of them have stands once, in its word."""

    def __init__(self, orientation: str) -> None:
        self.word, self.power = "", 0
        self._dress: dict[str, str] = {}
        super().__init__(orientation)

    def set_word(self, word: str, dress: dict[str, str]) -> None:
        """What is counted; empty shows none. ``dress`` is its CSS."""
        self.word, self._dress = word, dress
        self.power = self._common_power(*self.range)
        self._write()

    def setRange(self, low: float, high: float) -> None:
        super().setRange(low, high)
        power = self._common_power(low, high)
        if power != self.power:
            self.power = power
            self._write()

    def _write(self) -> None:
        text = f"{self.word} ({tick(10.0**self.power)})" if self.power else self.word
        self.setLabel(escape(text, quote=False), **self._dress)  # which is taken for HTML
        self.showLabel(bool(self.word))
        self.resizeEvent()  # which is where pyqtgraph puts a label in the middle: another word has another one

    def _common_power(self, low: float, high: float) -> int:
        """Of ten, by which all numbers are divided; 0 where they are short as they are, or no word could say it."""
        largest = max(abs(low), abs(high))
        if not self.word or not 0 < largest < math.inf:
            return 0
        power = max(LEAST_POWER, math.floor(math.log10(largest)))
        return 0 if PLAIN[0] < power < PLAIN[1] else power

    def boundingRect(self) -> QRectF:
        # room for half a number at either end, which pyqtgraph leaves out when there is a grid
        rect = super().boundingRect()
        return rect.adjusted(-OVERHANG, 0, OVERHANG, 0) if self.orientation == "bottom" else rect.adjusted(0, -9, 0, 9)

    def resizeEvent(self, event=None) -> None:
        """The word of a bottom axis stands at its end, in the row of its numbers: its own would cost the picture."""
        super().resizeEvent(event)
        if self.orientation == "bottom" and self.label is not None:  # pyqtgraph takes it away before the last resize
            left = self.size().width() - self.label.boundingRect().width() + WORD_OVERHANG
            self.label.setPos(left, self.style["tickTextOffset"][1] - WORD_MARGIN)
            self.picture = None

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        nothing, unit = 1e-6 * spacing, 10.0**self.power  # the first is what rounding has left of a 0
        texts = [tick(0.0 if abs(value) < nothing else float(f"{value / unit:.10g}")) for value in values]
        return self._beside_the_word(values, texts)

    def _beside_the_word(self, values: list[float], texts: list[str]) -> list[str]:
        """Without the numbers that would stand in the axis's word."""
        low, high = self.range
        if self.orientation != "bottom" or not self.label.isVisible() or high <= low:
            return texts
        metrics, width = QFontMetricsF(self.style["tickFont"] or QFont()), self.size().width()
        end = self.label.pos().x() - metrics.averageCharWidth()
        return [
            text if (value - low) / (high - low) * width + metrics.horizontalAdvance(text) / 2 < end else ""
            for value, text in zip(values, texts, strict=True)
        ]

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
        ticks = log_ticks(low, high, most)
        if self.power == 0 and not (PLAIN[0] <= low and high <= PLAIN[1]):  # 5·10⁻¹³ is too wide, 10⁻¹³ is not
            whole = [value for value in ticks if abs(value - round(value)) < 1e-9]
            ticks = whole if len(whole) > 1 else ticks
        return [(1.0, ticks)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.is_log:
            return super().tickStrings(values, scale, spacing)
        texts = [tick(float(f"{10.0 ** (value - self.power):.6g}")) for value in values]
        # a cost that moves in its seventh digit alone: the same number twice says nothing
        texts = [text if text not in texts[:number] else "" for number, text in enumerate(texts)]
        return self._beside_the_word(values, texts)

    def _common_power(self, low: float, high: float) -> int:
        if not self.is_log:
            return super()._common_power(low, high)
        if not self.word or high - low > NARROW:
            return 0  # whole decades are short enough
        return 0 if PLAIN[0] < math.floor(high) < PLAIN[1] else math.floor(high)


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

    def __init__(self, bottom: str = "", left: str = "", is_log_below: bool = False) -> None:
        below = (LogAxis if is_log_below else PlainAxis)("bottom")
        super().__init__(axisItems={"bottom": below, "left": LogAxis("left")}, enableMenu=False, background=None)
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
            axis.set_word(word, {"color": self._theme.quiet, "font-size": f"{self._theme.px(12)}px"})
        self.getAxis("left").setWidth(self._theme.px(66 if self._words["left"] else 48))
        self.getAxis("bottom").setHeight(self._theme.px(22))
        self.getPlotItem().layout.setContentsMargins(0, self._theme.px(7), self._theme.px(16), 0)
