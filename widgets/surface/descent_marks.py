"""What marks a descent on a picture of its landscape: balls, starts, arrows, and where it will go.

Painted in px through a projection, so that the map and the surface show the same. Serves the landscape.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt5.QtCore import QPointF, Qt
from PyQt5.QtGui import QColor, QPainter, QPainterPath

from engine.landscape.picture import Trail, sign_of
from widgets.plotting.fast_items import polygon, without_crowds
from widgets.style import symbols
from widgets.style.theme import Theme, faded, pen
from widgets.surface import update_arrows
from widgets.surface.trail_painter import Projection

CASING = "#0b0e13"  # on the picture's own colours, which no theme changes
BALL_SHARE = 0.085  # of the picture: no ball is larger
SCALE_SHARE = 0.6  # of the longest arrow: the bars that show a scale
MOST_FORESEEN = 400  # points of a path that is drawn ahead


def draw_balls(
    painter: QPainter, theme: Theme, trails: Sequence[Trail], project: Projection, most: float = 1e9
) -> None:
    """Each start as a small ring, each descent's ball with its symbol and colour, crossed out where it has left.

    A ball is at most ``most`` px wide, however large the theme's text.
    """
    if not trails:
        return
    ball = min(theme.px(20), most)
    starts, starts_shown = project(np.array([trail.positions[0] for trail in trails]))
    places, shown = project(np.nan_to_num(np.array([trail.positions[-1] for trail in trails])))
    for number in range(len(trails)):
        painter.setOpacity(1.0 if starts_shown is None or starts_shown[number] else 0.4)
        _symbol(painter, symbols.shape(0, 0.5 * ball), QColor("#ffffff"), starts[number], ((CASING, 2),))
    for number, trail in enumerate(trails):
        if not np.isfinite(trail.positions[-1]).all():
            continue
        painter.setOpacity(1.0 if shown is None or shown[number] else 0.6)
        # smaller from one to the next, so that those that have met are all to be seen
        sign = sign_of(trails, number)
        shape = symbols.shape(sign, ball * (1 - 0.065 * sign))
        widths = ((CASING, theme.width(4)), ("#ffffff", theme.width(1.8)))
        _symbol(painter, shape, theme.series_colour(sign), places[number], widths)
        if trail.is_lost:
            _cross_out(painter, theme, places[number])
    painter.setOpacity(1.0)


def draw_pending(
    painter: QPainter, theme: Theme, pending: Sequence[tuple[int, tuple[float, ...]]], project: Projection, most: float
) -> None:
    """The balls of points that are being prepared, a number and a place each."""
    for number, place in pending:
        shape = symbols.shape(number, min(theme.px(20), most) * (1 - 0.065 * number))
        at = project(np.array([place]))[0][0]
        _symbol(painter, shape, theme.series_colour(number), at, ((CASING, theme.width(4)), ("#ffffff", 1.8)))


def draw_foreseen(painter: QPainter, theme: Theme, paths: Sequence[np.ndarray], project: Projection) -> None:
    """Thin pale lines, each with a small ring at its end."""
    for path in paths:
        px, _ = project(path)
        px = px[without_crowds(px, np.array([2.0, 2.0]))][:MOST_FORESEEN]
        line = polygon(px[:, 0], px[:, 1])
        for stroke in (pen(faded(CASING, 0.55), theme.width(3.4)), pen(faded("#ffffff", 0.8), theme.width(1.5))):
            painter.setPen(stroke)
            painter.drawPolyline(line)
        _symbol(painter, symbols.shape(0, theme.px(9)), QColor(0, 0, 0, 0), px[-1], (("#ffffff", theme.width(1.5)),))


def draw_arrows(
    painter: QPainter, theme: Theme, trail: Trail, factor: float, project: Projection, scales: bool = True
) -> None:
    """The arrows of a descent's next step, ``factor`` times as long as it. A scale is a bar along each axis."""
    for arrow in update_arrows.arrows(trail, factor):
        colour = QColor(update_arrows.ON_PICTURE[arrow.part])
        if arrow.is_scale:
            if scales:
                _draw_scale(painter, theme, arrow, colour, project)
            continue
        px, _ = project(np.stack([arrow.tail, arrow.head]))
        tail, tip = px[0], px[-1]
        if np.hypot(*(tip - tail)) < 6:
            continue
        style = Qt.DashLine if arrow.is_direction else Qt.SolidLine
        path = QPainterPath(QPointF(*tail))
        for point in px[1:]:
            path.lineTo(QPointF(*point))
        painter.strokePath(path, pen(CASING, theme.width(6)))
        painter.strokePath(path, pen(colour, theme.width(3), style))
        _symbol(painter, update_arrows.head(px[-2], tip, theme.px(13)), colour, tip, ((CASING, theme.width(1.5)),))


def _draw_scale(
    painter: QPainter, theme: Theme, arrow: update_arrows.Arrow, colour: QColor, project: Projection
) -> None:
    """How far each parameter may go in relation to the other: a bar with end caps along each axis, about the ball."""
    reach, cap = (arrow.head - arrow.tail) * SCALE_SHARE, theme.px(5)
    path = QPainterPath()
    for axis in (0, 1):
        along = np.zeros(2)
        along[axis] = reach[axis]
        ends, _ = project(np.stack([arrow.tail - along, arrow.tail + along]))
        path.moveTo(*ends[0])
        path.lineTo(*ends[1])
        across = np.array([0, cap]) if axis == 0 else np.array([cap, 0])
        for end in ends:
            path.moveTo(*(end - across))
            path.lineTo(*(end + across))
    painter.strokePath(path, pen(CASING, theme.width(5)))
    painter.strokePath(path, pen(colour, theme.width(2.5)))


def _symbol(painter: QPainter, shape: QPainterPath, fill: QColor, place, widths) -> None:
    painter.save()
    painter.translate(float(place[0]), float(place[1]))
    for colour, width in widths[:-1]:
        painter.strokePath(shape, pen(colour, width))
    painter.setPen(pen(*widths[-1]))
    painter.setBrush(fill)
    painter.drawPath(shape)
    painter.restore()


def _cross_out(painter: QPainter, theme: Theme, place) -> None:
    arm = theme.px(9)
    path = QPainterPath()
    for sign in (1, -1):
        path.moveTo(-arm, -arm * sign)
        path.lineTo(arm, arm * sign)
    painter.save()
    painter.translate(float(place[0]), float(place[1]))
    painter.strokePath(path, pen(CASING, theme.width(5.5)))
    painter.strokePath(path, pen("#ff5d47", theme.width(3)))
    painter.restore()
