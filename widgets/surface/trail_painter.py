"""TrailPainter: descents' paths over a picture from above or over a surface, each step painted once.

Serves the landscape, seen from above and as a surface.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

import numpy as np
from PyQt5.QtCore import QSize
from PyQt5.QtGui import QColor, QPainter, QPen

from engine.landscape.picture import Trail, sign_of
from widgets.plotting.fast_items import without_crowds
from widgets.plotting.pixels import density_of, takes_lines
from widgets.style import colours
from widgets.style.theme import Theme, pen
from widgets.surface.line_cache import CASING_COLOUR, LineCache

SHADES = 40
WIDTH = 4.0
PALE = QColor("#f4f6fa")  # under the shades of blue and red, which are lost on the terrain's own blue
MOST = 2500  # points of one trail when all of it has to be painted anew
MOST_BY_ITERATION = 700  # those are painted anew every time, since every step changes what is late

# positions (n, 2) on the landscape -> px (m, 2), and which of them are not behind something (m,), or None for all
Projection = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | None]]


class TrailPainter:
    """Keeps what it has painted until the view, the theme or a start changes."""

    def __init__(self) -> None:
        self._lines = LineCache()
        self._key: Hashable = None
        self._taken: dict[int, int] = {}
        self._last: dict[int, np.ndarray] = {}

    def paint(
        self,
        painter: QPainter,
        size: QSize,
        view: Hashable,
        trails: Sequence[Trail],
        theme: Theme,
        project: Projection,
        by_descent: bool = True,
        most: int = MOST,
    ) -> None:
        """Paint the trails as far as they have come; ``view`` is what the projection depends on."""
        density, on_lines = round(density_of(painter), 6), takes_lines(painter)
        sizes = size.width(), size.height(), density, on_lines
        key = (view, theme.name, theme.line_scale, by_descent, *sizes, len(trails))
        if key != self._key or on_lines or not by_descent or any(self._is_another(k, t) for k, t in enumerate(trails)):
            self._key = key
            self._lines.clear(size, density, on_lines)
            self._taken.clear()
            self._last.clear()
        self._lines.open()
        for number, trail in enumerate(trails):
            self._extend(number, trail, sign_of(trails, number), theme, project, by_descent, most)
        self._lines.paint(painter)

    def _is_another(self, number: int, trail: Trail) -> bool:
        taken = self._taken.get(number, 0)
        if not taken:
            return False
        return len(trail.positions) < taken or not np.array_equal(trail.positions[taken - 1], self._last[number])

    def _extend(
        self, number: int, trail: Trail, sign: int, theme: Theme, project: Projection, by_descent: bool, most: int
    ) -> None:
        taken, count = self._taken.get(number, 0), len(trail.positions)
        if taken >= count:
            return
        rows = np.arange(max(taken - 1, 0), count)
        most = most if by_descent else min(most, MOST_BY_ITERATION)
        if len(rows) > most:
            rows = np.append(rows[:: -(-len(rows) // most)], rows[-1])
        points = trail.positions[rows]
        finite = np.isfinite(points).all(axis=1)
        rows, points = rows[finite], points[finite]
        if by_descent:
            self._stroke(number, theme.series_pen(sign, WIDTH), points, project, first=taken == 0)
        else:
            self._by_iteration(number, points, theme, project)
        self._taken[number], self._last[number] = count, np.array(trail.positions[-1])

    def _stroke(
        self,
        number: int,
        stroke: QPen,
        points: np.ndarray,
        project: Projection,
        first: bool,
        casing: QColor = CASING_COLOUR,
    ) -> None:
        if len(points) == 0:
            return
        px, shown = project(points)
        keep = without_crowds(px, np.array([0.7, 0.7]))
        if not first:
            keep = keep[keep > 0]  # the place where it was painted to
        self._lines.extend(number, stroke, px[keep], None if shown is None else shown[keep], casing)

    def _by_iteration(self, number: int, points: np.ndarray, theme: Theme, project: Projection) -> None:
        """From blue to red and stronger the later, as in the lecture; steps that nobody can see take no colour."""
        if not len(points):
            return
        shades = np.arange(len(points)) * SHADES // len(points)
        cuts = [0, *(np.flatnonzero(np.diff(shades)) + 1).tolist(), len(points)]
        shades_of_steps = colours.coolwarm(SHADES)
        for first, last in pairwise(cuts):
            shade = int(shades[first])
            colour = colours.colour(shades_of_steps[shade])
            colour.setAlphaF(0.7 + 0.3 * shade / SHADES)
            piece = points[max(first - 1, 0) : last]
            self._stroke(number, pen(colour, theme.width(WIDTH + 0.5)), piece, project, first == 0, PALE)
