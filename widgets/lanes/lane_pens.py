"""Lane pens: the colour and dash that a run keeps in every view. Serves the drawing of lanes."""

from __future__ import annotations

from PyQt5.QtGui import QColor, QPen

from engine.lanes import GHOST, Lane
from widgets.style.theme import LINE_STYLES, Theme, faded, pen

ORDER = (2, 3, 5, 6, 4, 0, 7, 1)  # of the theme's series: those first that the run in front has no use for
GHOST_OPACITY = 0.55


def colour(theme: Theme, lane: Lane) -> QColor:
    """The lane's colour."""
    return theme.series_colour(ORDER[lane.style % len(ORDER)])


def lane_pen(theme: Theme, lane: Lane, width: float = 2.0) -> QPen:
    """The lane's colour and dash; a ghost's is paler."""
    style = LINE_STYLES[(lane.style + lane.style // len(ORDER)) % len(LINE_STYLES)]
    if lane.number == GHOST:
        return pen(faded(theme.text, GHOST_OPACITY), theme.width(width), LINE_STYLES[1])
    return pen(colour(theme, lane), theme.width(width), style)
