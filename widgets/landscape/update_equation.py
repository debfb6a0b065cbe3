"""UpdateEquation: the step to come as an equation, every term with its symbol, its name and its numbers.

    θ              η rate        g gradient        θ after
    0.206    −     0.002    ×    −4.6        =     0.215

A term's colour is that of its arrow in the picture. Serves the landscape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from engine.landscape.picture import Trail
from engine.training.update_terms import Part, Term
from widgets.landscape import math_accents
from widgets.plotting.throttle import Throttle
from widgets.style import symbols
from widgets.style.number_text import MINUS, short
from widgets.style.theme import DARK, Theme, pen
from widgets.surface.update_arrows import part_colour

SLOPES = (Part.GRADIENT, Part.MEMORY)
MOST_DECIMALS = 5
DIGITS = 4  # of places that are too small, or too large, to be written out
PLAIN = 1e-3, 1e6  # places between which they are
NOTHING_LEFT = 1e-9  # of the steepness of the way so far: smaller slopes are what rounding leaves of a 0


@dataclass(frozen=True)
class Cell:
    """One term, or a sign between two: then only ``symbol`` is set, and ``part`` is None."""

    symbol: str
    name: str = ""
    numbers: tuple[str, ...] = ()
    part: Part | None = None


def cells(trail: Trail) -> list[Cell]:
    """The equation of a descent's next step; empty where there is none."""
    update = trail.update
    if update is None or not trail.moving or not np.isfinite(update.step).all():
        return []
    here = trail.positions[-1] if trail.index is None else np.array([trail.index])
    decimals = _decimals(update.step, 3 if trail.index is None else 2)
    nothing = NOTHING_LEFT * _steepness(trail)
    terms = {term.symbol: term for term in update.terms}
    place = "index" if trail.index is not None else "x" if len(here) == 1 else "θ"
    made = [Cell(place, "place", _fixed(here, decimals), Part.STEP)]
    for sign, symbol in re.findall(r"([^{}]*)(?:\{(.+?)\})?", update.pattern):
        if sign.strip():
            made.append(Cell(sign.strip()))
        if symbol:
            made.append(_cell(terms[symbol], nothing))
    made += [Cell("="), Cell(place, "after the step", _fixed(here + update.step, decimals), Part.STEP)]
    shown = {cell.symbol for cell in made}
    aside = [term for term in update.terms if term.part is Part.GRADIENT and term.symbol not in shown]
    if aside:  # what a mean, or a sign, is made of
        means = next((term.symbol for term in update.terms if term.part is Part.MEMORY), "")
        made += [Cell(f"{means} is made of".strip()), *(_cell(term, nothing) for term in aside)]
    return made


def moving_one(trails: Sequence[Trail], wanted: int) -> int:
    """The number of the trail whose next step is shown: the wanted one, or the first that still moves."""
    wanted = min(wanted, len(trails) - 1)
    if trails[wanted].moving:
        return wanted
    return next((number for number, trail in enumerate(trails) if trail.moving), wanted)


def spelt_out(trail: Trail) -> str:
    """The equation in one line, for one parameter; for several, the first."""
    made = cells(trail)
    if not made:
        return trail.message
    cut = next((k for k, cell in enumerate(made) if cell.symbol.endswith("is made of")), len(made))
    parts = [_in_brackets(cell, made[k - 1].symbol if k else "") for k, cell in enumerate(made[:cut])]
    return f"{made[0].symbol} ← {' '.join(parts)}".replace("sign( ", "sign(").replace(" )", ")").replace("( ", "(")


class UpdateEquation(QWidget):
    """Two lines for one parameter, three for two; refreshed five times a second, so that it can be read."""

    def __init__(self, size: float = 15, parent: QWidget | None = None, has_footer: bool = False) -> None:
        """``has_footer``: what is said of the arrows stands under the equation, and not at its end."""
        super().__init__(parent)
        self._has_footer, self._footer = has_footer, ""
        self._theme = DARK
        self._text_size = size
        self._rows = 1
        self._cells: tuple[Cell, ...] = ()
        self._number: int | None = None
        self._label = ""
        self._throttle = Throttle(self._take, self)
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Fixed)
        self.setAccessibleName("The next step, with its numbers")

    def set_theme(self, theme: Theme) -> None:
        """Text sizes and colours."""
        self._theme = theme
        self._fit()
        self.update()

    def show_trail(self, trail: Trail, number: int | None = None, step: int | None = None, aside: str = "") -> None:
        """The next step of this descent; ``number`` marks it with a descent's sign where there are several.

        ``step`` is the one after which it stands there: a picture that runs on is ahead of these numbers. ``aside``
        says at its end what has to be known of its arrows.
        """
        rows = trail.positions.shape[1]
        if rows != self._rows:
            self._rows = rows
            self._fit()
        self._throttle.show((trail, number, step, aside))

    def texts(self) -> tuple[str, ...]:
        """What is shown, cell by cell: for who can't see it."""
        return tuple(" ".join((cell.symbol, *cell.numbers)) for cell in self._cells)

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._cells:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        shown, scale = self._fitted()
        big, small = self._fonts(scale)
        metrics, quiet = QFontMetrics(big), QFontMetrics(small)
        gap = self._theme.px(9 * scale)
        widths = [self._width(cell, metrics, quiet) for cell in shown]
        sign = self._theme.px(26) if self._number is not None else 0
        left = max(0.0, (self.width() - sum(widths) - gap * (len(widths) - 1) - sign) / 2)
        if self._number is not None:
            self._draw_sign(painter, left)
            left += sign
        head, line = quiet.height() * 1.15, metrics.height() * 1.02
        for cell, width in zip(shown, widths, strict=True):
            if cell.part is None:
                painter.setFont(small if len(cell.symbol) > 5 else big)
                painter.setPen(QColor(self._theme.quiet))
                middle = head + line * self._rows / 2
                at = QPointF(left, middle + (painter.fontMetrics().ascent() - painter.fontMetrics().descent()) / 2)
                math_accents.draw(painter, at, cell.symbol)
            else:
                self._draw_cell(painter, cell, QRectF(left, 0, width, 0), head, line, big, small)
            left += width + gap
        if self._footer:
            painter.setFont(self._theme.font(11))
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(QRectF(self.rect()), Qt.AlignHCenter | Qt.AlignBottom, self._footer)

    def _draw_cell(self, painter: QPainter, cell: Cell, rect: QRectF, head: float, line: float, big, small) -> None:
        colour = part_colour(self._theme, cell.part)
        painter.setFont(small)
        metrics = QFontMetrics(small)
        words = f"{cell.symbol} {cell.name}".strip() if cell.symbol != "θ" or not cell.name else cell.name
        left = rect.left() + (rect.width() - metrics.horizontalAdvance(math_accents.bare(words))) / 2
        painter.setPen(colour)
        math_accents.draw(painter, QPointF(left, metrics.ascent()), words)
        painter.setFont(big)
        spare = (self._rows - len(cell.numbers)) * line / 2  # one number for both rows stands between them
        for row, number in enumerate(cell.numbers):
            place = QRectF(rect.left(), head + spare + row * line, rect.width(), line)
            painter.drawText(place, Qt.AlignCenter, number)

    def _draw_sign(self, painter: QPainter, left: float) -> None:
        centre = QPointF(left + self._theme.px(9), self.height() / 2)
        fill = self._theme.series_pen(self._number)
        symbols.draw(painter, self._number, centre, self._theme.px(15), fill, pen(self._theme.background, 1))

    def _fitted(self) -> tuple[list[Cell], float]:
        """The cells and a scale of their text with which they fit the width: first smaller, then without names."""
        room = self.width() - self._theme.px(30)
        bare = [replace(cell, name="") for cell in self._cells]
        cut = next((k for k, cell in enumerate(bare) if cell.symbol.endswith("is made of")), len(bare))
        for shown, scale in (
            *((self._cells, scale) for scale in (1.0, 0.88)),
            *((bare, scale) for scale in (1.0, 0.85, 0.7, 0.6)),
            *((bare[:cut], scale) for scale in (0.7, 0.6)),  # the equation is whole without what its mean is made of
        ):
            big, small = self._fonts(scale)
            widths = [self._width(cell, QFontMetrics(big), QFontMetrics(small)) for cell in shown]
            if sum(widths) + self._theme.px(9 * scale) * (len(widths) - 1) <= room:
                return list(shown), scale
        return [], 1.0  # whole, or not there

    def _fonts(self, scale: float):
        return self._theme.font(self._text_size * scale, bold=True), self._theme.font(12 * max(scale, 0.9))

    def _width(self, cell: Cell, big: QFontMetrics, small: QFontMetrics) -> float:
        if cell.part is None:
            return (small if len(cell.symbol) > 5 else big).horizontalAdvance(math_accents.bare(cell.symbol))
        words = math_accents.bare(f"{cell.symbol} {cell.name}".strip())
        # room for a sign and a digit more, so that nothing jumps as the numbers change
        return max(small.horizontalAdvance(words), *(big.horizontalAdvance(n) + 6 for n in cell.numbers), 30)

    def _take(self, shown: tuple[Trail, int | None, int | None, str]) -> None:
        trail, self._number, step, aside = shown
        made = cells(trail)
        if made and step is not None:
            made[0] = replace(made[0], name=f"at step {step:,}")
        self._footer = aside if made and self._has_footer else ""
        self._cells = (*made, Cell(aside)) if made and aside and not self._has_footer else tuple(made)
        self.update()

    def _fit(self) -> None:
        big, small = (QFontMetrics(font) for font in self._fonts(1.0))
        lines = 1.15 + (1.1 if self._has_footer else 0)
        self.setFixedHeight(math.ceil(small.height() * lines + self._rows * big.height() * 1.02 + 2))


def _cell(term: Term, nothing: float) -> Cell:
    numbers = term.value[:1] if term.part is Part.RATE else term.value
    least = nothing if term.part in SLOPES else 0.0
    texts = (short(0.0 if abs(value) < least else float(value)) for value in numbers)
    return Cell(term.symbol, term.name, tuple(texts), term.part)


def _steepness(trail: Trail) -> float:
    """The slope of the way so far from end to end, in the unit of the rule's gradient; 0 before there is a way."""
    path, costs = trail.positions, trail.costs
    width = float(np.abs(np.ptp(path, axis=0)).max())
    rise = float(np.ptp(costs[np.isfinite(costs)])) if np.isfinite(costs).any() else 0.0
    unit = 1.0 if trail.unit is None else float(np.mean(trail.unit))
    return rise / width * unit if width > 0 else 0.0


def _in_brackets(cell: Cell, before: str) -> str:
    if cell.part is None:
        return cell.symbol
    number = cell.numbers[0]
    return f"({number})" if number.startswith(MINUS) and before[-1:] in ("×", "−", "/", "+") else number


def _decimals(step: np.ndarray, least: int) -> int:
    """As many decimals as it takes to see the step, up to MOST_DECIMALS."""
    size = float(np.abs(step).max())
    return min(MOST_DECIMALS, max(least, math.ceil(-math.log10(size)))) if size > 0 else least


def _fixed(values: np.ndarray, decimals: int) -> tuple[str, ...]:
    """With so many decimals; by a power of ten where these would all be 0, or where there are too many digits."""
    largest = float(np.abs(values).max())
    if 0 < largest < PLAIN[0] or largest >= PLAIN[1]:
        texts = [f"{float(value):.{DIGITS - 1}e}".split("e") for value in values]
        return tuple(f"{mantissa}e{int(power)}".replace("-", MINUS) for mantissa, power in texts)
    return tuple(f"{float(value):,.{decimals}f}".replace("-", MINUS) for value in values)
