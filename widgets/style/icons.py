"""The window's icons: SVG drawings with one colour, ``currentColor``, filled in by the theme. Serves the panels."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PyQt5.QtCore import QByteArray, Qt
from PyQt5.QtGui import QIcon, QPainter, QPixmap
from PyQt5.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"


DENSITIES = (1, 1.25, 1.5, 1.75, 2, 2.5, 3)  # of the screen's own pixels to a px


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return (ICONS / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The drawing in this colour, ``size`` x ``size`` pixels."""
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    made = QPixmap(size, size)
    made.fill(Qt.transparent)
    painter = QPainter(made)
    renderer.render(painter)
    painter.end()
    return made


def icon(name: str, colour: str, size: int, checked_colour: str | None = None) -> QIcon:
    """An icon that stays crisp on screens of every usual density; ``checked_colour`` is for a button that is on."""
    made = QIcon()
    for factor in DENSITIES:
        made.addPixmap(pixmap(name, colour, round(size * factor)), QIcon.Normal, QIcon.Off)
        made.addPixmap(pixmap(name, checked_colour or colour, round(size * factor)), QIcon.Normal, QIcon.On)
    return made
