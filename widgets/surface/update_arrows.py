"""The arrows of an update rule's terms, and the colours that its terms have everywhere. Serves the landscape.

The same colour for a term's number, its name and its arrow, and the same length rule: as long as the term moves the
place, all of one descent lengthened together where the step is too short to be seen; but never so far that one points
past the next minimum, or out of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PyQt5.QtGui import QColor, QPainterPath

from engine.analysis.terrain import Terrain
from engine.landscape.picture import Trail
from engine.training.update_terms import Part, Term
from widgets.style.theme import Theme

MOST = 1000.0  # times that an arrow is lengthened: a shorter step is none to the eye
AHEAD = 0.7  # of its distance: a minimum farther aside than that is not where an arrow points
SHOWN = 90.0  # px: a step shorter than this is lengthened
_COLOURS = {
    # on the theme's background, dark and light: contrast of at least 4.5, and Okabe and Ito's hues
    Part.GRADIENT: ("#F5B83D", "#9A5F00"),
    Part.MEMORY: ("#6CC3F2", "#0B6AA8"),
    Part.SCALE: ("#3FC79B", "#00694D"),
    Part.NOISE: ("#E2A0C6", "#A3417D"),
    Part.RATE: ("#F08A55", "#B04400"),
}
ON_PICTURE = {
    Part.GRADIENT: "#FFB000",
    Part.MEMORY: "#7FD0FF",
    Part.SCALE: "#38E0A8",
    Part.NOISE: "#F3A9D3",
    Part.STEP: "#FFFFFF",
}


@dataclass(frozen=True)
class Arrow:
    """From ``tail`` to ``head``, (2,) each on the landscape; ``is_scale``: how far each parameter may go."""

    part: Part
    tail: np.ndarray
    head: np.ndarray
    is_direction: bool
    is_scale: bool = False


def part_colour(theme: Theme, part: Part) -> QColor:
    """A term's colour as text on the theme's background."""
    if part is Part.STEP:
        return QColor(theme.text)
    return QColor(_COLOURS[part][0 if theme.is_dark else 1])


def lengthening(trail: Trail, pixel: float, terrain: Terrain) -> float:
    """By how much the arrows are drawn longer than they are, 1, 2, 5, 10, ...; ``pixel`` is one px on the landscape."""
    if trail.update is None or trail.unit is None or not trail.moving:
        return 1.0
    reaches = [
        term.arrow * trail.unit for term in trail.update.terms if term.arrow is not None and term.part is not Part.SCALE
    ]
    longest = max((float(np.abs(reach).max()) for reach in reaches), default=0.0)
    if not np.isfinite(longest) or longest <= 0 or longest >= 0.5 * SHOWN * pixel:
        return 1.0
    here = trail.positions[-1]
    factor = min([SHOWN * pixel / longest, *(_room(here, reach, terrain) for reach in reaches)])
    if factor < 1:
        return 1.0
    power = 10.0 ** np.floor(np.log10(factor))
    return float(max(m for m in (1, 2, 5) if m * power <= factor) * power)


def as_long(factor: float) -> str:
    """What has to be said of arrows that are lengthened, to follow their name; "" of those that aren't."""
    return "" if factor == 1 else f"drawn {factor:,.0f} times as long"


def _room(here: np.ndarray, reach: np.ndarray, terrain: Terrain) -> float:
    """How many times as long this arrow may be before it is past a minimum ahead, or out of the picture."""
    length = float(np.linalg.norm(reach))
    if length == 0:
        return np.inf
    axes = (terrain.x,) if terrain.y is None else (terrain.x, terrain.y)
    edges = [
        float((axis[-1] if part > 0 else axis[0]) - at) / float(part)
        for axis, at, part in zip(axes, here, reach, strict=True)
        if part
    ]
    away = terrain.minima.reshape(-1, len(axes)) - here
    along = away @ (reach / length)
    ahead = along[along > AHEAD * np.linalg.norm(away, axis=1)]
    return min([*edges, float(ahead.min(initial=np.inf)) / length])


def arrows(trail: Trail, factor: float) -> list[Arrow]:
    """The arrows of the step to come, from the place where the descent is; none for a term without one."""
    if trail.update is None or trail.unit is None or not trail.moving or factor > MOST:
        return []
    here = trail.positions[-1]
    made = []
    for term in trail.update.terms:
        reach = _reach(term, trail.unit, factor)
        if reach is not None:
            made.append(Arrow(term.part, here, here + reach, term.is_direction, term.part is Part.SCALE))
    return made


def _reach(term: Term, unit: np.ndarray, factor: float) -> np.ndarray | None:
    if term.arrow is None or term.part is Part.RATE or not np.isfinite(term.arrow).all():
        return None
    return term.arrow * unit * factor


def head(tail: tuple[float, float], tip: tuple[float, float], size: float) -> QPainterPath:
    """An arrow's head about its tip, in px."""
    way = np.array(tip, float) - np.array(tail, float)
    length = float(np.hypot(*way)) or 1.0
    way /= length
    across = np.array([-way[1], way[0]])
    path = QPainterPath()
    path.moveTo(0, 0)
    for side in (1, -1):
        corner = -way * size + side * across * size * 0.5
        path.lineTo(float(corner[0]), float(corner[1]))
    path.closeSubpath()
    return path
