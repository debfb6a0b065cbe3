"""The look of the window as tokens: dark, light, and projector (light, thick lines, text half as large again).

A widget never names a colour; it asks the theme it was given. Serves the panels, at the drawing end of the loop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyqtgraph as pg
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QPen
from PyQt5.QtWidgets import QApplication

from widgets.style_sheet import style_sheet

LINE_STYLES = (
    Qt.SolidLine,
    Qt.DashLine,
    Qt.DotLine,
    Qt.DashDotLine,
    Qt.DashDotDotLine,
)
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
    control: str  # the border of what can be touched
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

    def series_colour(self, number: int) -> QColor:
        """The colour of the curve or runner with this number; it repeats, with another line style."""
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

THEMES: dict[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT, PROJECTOR)}


def pen(colour: QColor | str, width: float = 1.0, style: Qt.PenStyle = Qt.SolidLine) -> QPen:
    """A cosmetic pen (its width stays whatever the zoom) with round ends.

    Qt counts a cosmetic width in the screen's own pixels, so on a dense screen the pen is as many times wider.
    """
    app = QGuiApplication.instance()
    density = app.devicePixelRatio() if app is not None else 1.0
    made = QPen(
        QColor(colour), width * density, style, Qt.RoundCap if style == Qt.SolidLine else Qt.FlatCap, Qt.RoundJoin
    )
    made.setCosmetic(True)
    return made


def faded(colour: QColor | str, alpha: float) -> QColor:
    """The same colour with an opacity in 0..1."""
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


def configure_plots() -> None:
    """What pyqtgraph has to be told once: images are (row, column), and lines are smoothed only where asked."""
    pg.setConfigOptions(imageAxisOrder="row-major", antialias=False, useOpenGL=False)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Fusion, a palette and the one style sheet; plots take the theme by their own ``set_theme``."""
    configure_plots()
    app.setStyle("Fusion")
    app.setFont(theme.font())
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.Window: theme.background,
        QPalette.WindowText: theme.text,
        QPalette.Base: theme.raised,
        QPalette.AlternateBase: theme.panel,
        QPalette.Text: theme.text,
        QPalette.Button: theme.raised,
        QPalette.ButtonText: theme.text,
        QPalette.ToolTipBase: theme.raised,
        QPalette.ToolTipText: theme.text,
        QPalette.Highlight: theme.accent,
        QPalette.HighlightedText: theme.on_accent,
        QPalette.Link: theme.accent,
        QPalette.PlaceholderText: theme.quiet,
        QPalette.Light: theme.raised,
        QPalette.Midlight: theme.line,
        QPalette.Mid: theme.line,
        QPalette.Dark: theme.control,
        QPalette.Shadow: theme.background,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.Text, QPalette.ButtonText, QPalette.WindowText):
        palette.setColor(QPalette.Disabled, role, QColor(theme.quiet))
    return palette
