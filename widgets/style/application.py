"""Dresses the whole application in a theme: Fusion, a palette, the one style sheet. Serves the panels."""

from __future__ import annotations

import pyqtgraph as pg
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QApplication, QWidget

from widgets.style.style_sheet import style_sheet
from widgets.style.theme import Theme


def configure_plots() -> None:
    """What pyqtgraph has to be told once: images are (row, column), and lines are smoothed only where asked."""
    pg.setConfigOptions(imageAxisOrder="row-major", antialias=False, useOpenGL=False)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Fusion, a palette and the one style sheet; plots take the theme by their own ``set_theme``."""
    configure_plots()
    # Each time, although it takes a quarter of a second: a palette set under the style sheet of another theme is sent
    # through a proxy style that Qt has already deleted, and ends the program now and then.
    app.setStyle("Fusion")
    app.setFont(theme.font())
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))


def dress(part: QWidget, theme: Theme) -> None:
    """One widget and all inside it in a theme of its own, whatever the application wears."""
    part.setFont(theme.font())
    part.setPalette(_palette(theme))
    part.setStyleSheet(style_sheet(theme))


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
