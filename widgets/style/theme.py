"""The look of the window as tokens: dark, light, and projector (light, thick lines, text half as large again).

A widget never names a colour; it asks the theme it was given. Serves the panels, at the drawing end of the loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPen

LINE_STYLES = (
    Qt.SolidLine,
    Qt.DashLine,
    Qt.DotLine,
    Qt.DashDotLine,
    Qt.DashDotDotLine,
)
FITTING, SMALLEST, LARGEST = 720, 15, 28  # px of a window's height, and of the projector's text
SYMBOLS = ("o", "s", "t", "d", "star", "t1", "p", "h")  # as pyqtgraph names them


@dataclass(frozen=True)
class Theme:
    """Every colour, text size (px) and line width (px) of the window.

    ``series`` are the colours of Okabe and Ito 2008, "Color Universal Design"; each goes with a line style and a
    symbol, so that nothing is told apart by colour alone.
    """

    name: str
    is_dark: bool
    background: str
    panel: str
    raised: str
    line: str
    control: str  # the border of what can be pressed
    text: str
    quiet: str
    accent: str
    accent_hover: str
    on_accent: str
    good: str
    warning: str
    danger: str
    danger_tint: str
    series: tuple[str, ...]
    text_size: int = 13
    line_scale: float = 1.0

    @property
    def scale(self) -> float:
        """Text size relative to the usual one; spacing that holds text grows with it."""
        return self.text_size / 13

    def px(self, size: float) -> int:
        """A length that holds text, scaled as the text is."""
        return round(size * self.scale)

    def width(self, pixels: float) -> float:
        """A line width in this theme."""
        return pixels * self.line_scale

    def fitted(self, height: int) -> Theme:
        """This theme in a window so high: the projector's letters are a share of the picture, as its beam is.

        A room sees the whole window at one size, whatever its pixels: ``text_size`` holds at FITTING px of height.
        """
        if self.name != "projector":
            return self
        size = min(max(round(PROJECTOR.text_size * height / FITTING), SMALLEST), LARGEST)
        return replace(self, text_size=size, line_scale=PROJECTOR.line_scale * size / PROJECTOR.text_size)

    def series_colour(self, number: int) -> QColor:
        """The colour of the curve or descent with this number; it repeats, with another line style."""
        return QColor(self.series[number % len(self.series)])

    def series_pen(self, number: int, width: float = 2.0) -> QPen:
        """A pen with the colour and line style of this number."""
        style = LINE_STYLES[(number + number // len(self.series)) % len(LINE_STYLES)]
        return pen(self.series_colour(number), self.width(width), style)

    def font(self, size: float = 13, bold: bool = False) -> QFont:
        """The interface's font at ``size`` px of the usual theme."""
        font = QFontDatabase.systemFont(QFontDatabase.GeneralFont)
        font.setPixelSize(self.px(size))
        font.setBold(bold)
        return font


# their blue and black, the last two, lightened or not as the background needs it
_OKABE_ITO = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#F0E442", "#D55E00", "#8F8CFF", "#C9CED8")
_OKABE_ITO_ON_WHITE = ("#E69F00", "#2E96D4", "#009E73", "#CC79A7", "#9A8B00", "#D55E00", "#3B3FB8", "#30363F")

DARK = Theme(
    name="dark",
    is_dark=True,
    background="#15181d",
    panel="#1b1f26",
    raised="#242a33",
    line="#2f3742",
    control="#3b4553",
    text="#e6e9ee",
    quiet="#9aa4b2",
    accent="#4aa8ff",
    accent_hover="#6bb8ff",
    on_accent="#0b1320",
    good="#3fc28f",
    warning="#f0b64a",
    danger="#ff8a73",
    danger_tint="#3a2422",
    series=_OKABE_ITO,
)
LIGHT = Theme(
    name="light",
    is_dark=False,
    background="#ffffff",
    panel="#f5f6f8",
    raised="#ffffff",
    line="#d9dde3",
    control="#c3cad3",
    text="#1b1f26",
    quiet="#5b6573",
    accent="#0067c0",
    accent_hover="#1a78cc",
    on_accent="#ffffff",
    good="#00734f",
    warning="#8a5a00",
    danger="#b3301a",
    danger_tint="#fdeeea",
    series=_OKABE_ITO_ON_WHITE,
)
PROJECTOR = replace(LIGHT, name="projector", quiet="#48515d", control="#9aa3af", text_size=20, line_scale=1.6)

_dots: float | None = None  # a px, of a picture that is being drawn for a file

THEMES: dict[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT, PROJECTOR)}


def pen(colour: QColor | str, width: float = 1.0, style: Qt.PenStyle = Qt.SolidLine) -> QPen:
    """A cosmetic pen (its width stays whatever the zoom) with round ends.

    Qt counts a cosmetic width in the screen's own pixels, so on a dense screen the pen is as many times wider.
    """
    made = QPen(
        QColor(colour), width * dots(), style, Qt.RoundCap if style == Qt.SolidLine else Qt.FlatCap, Qt.RoundJoin
    )
    made.setCosmetic(True)
    return made


@contextmanager
def density(scale: float) -> Iterator[None]:
    """Pens that are made inside are for a picture with so many dots a px, whatever the screen has."""
    global _dots
    before, _dots = _dots, scale
    try:
        yield
    finally:
        _dots = before


def dots() -> float:
    """How many there are a px, where pens made now will draw."""
    app = QGuiApplication.instance()
    return _dots or (app.devicePixelRatio() if app is not None else 1.0)


def faded(colour: QColor | str, alpha: float) -> QColor:
    """The same colour with an opacity in 0..1."""
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made
