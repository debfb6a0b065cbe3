"""DescentPlot: one curve with descents on it: visited points, the current one, its tangent and the next step.

The visited points are coolwarm by iteration, and stronger the later, as in the lecture. Serves the landscape.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QPainterPath, QPen

from engine.landscape_picture import LandscapePicture, Terrain, Trail
from widgets import marks
from widgets.axes import Plot
from widgets.colours import coolwarm
from widgets.fast_items import Dots, Polylines, Signs, without_crowds
from widgets.theme import Theme, faded, pen
from widgets.update_text import next_place

SHADES = 48  # colours along the way
MOST_DOTS = 1500
TANGENT_SHARE = 0.16  # half the tangent's width, as a share of the axis


class DescentPlot(Plot):
    """A plot of one terrain. Items are made once; a frame only moves them."""

    def __init__(self) -> None:
        super().__init__("x", "cost")
        self._terrain: Terrain | None = None
        self._shades: list[QPen] = []
        self._curve = pg.PlotCurveItem(antialias=True)
        self._dots, self._lines, self._signs = Dots(), Polylines(), Signs()
        for depth, item in enumerate((self._curve, self._dots, self._lines, self._signs)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._curve.setPen(pen(theme.quiet, theme.width(2.2)))
        self._shades = []
        for number, colour in enumerate(coolwarm(SHADES)):
            shade = QColor(*(int(channel) for channel in colour))
            shade.setAlphaF(0.35 + 0.6 * number / SHADES)
            self._shades.append(pen(shade, theme.width(9)))

    def show_descents(self, picture: LandscapePicture, numbers: tuple[int, ...]) -> None:
        """Draw these trails of the picture."""
        if picture.terrain is not self._terrain:
            self._show_terrain(picture.terrain)
        trails = [(number, picture.trails[number]) for number in numbers]
        alone = len(trails) == 1
        groups, lines, signs = [], [], []
        for number, trail in trails:
            groups += self._visited(trail, None if alone else self._theme.series_colour(number))
        for number, trail in trails:
            if not np.isfinite(trail.positions[-1, 0]):
                continue
            if alone:
                lines += self._tangent(trail) if picture.secant is None else self._secant(trail, picture.secant, signs)
                self._step(trail, lines, signs)
            colour = self._theme.series_colour(number)
            x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
            path = marks.shape(number, self._theme.px(19))
            signs.append((path, pen(self._theme.background, self._theme.width(2)), colour, x, y))
        self._dots.show_groups(groups)
        self._lines.show_lines(lines)
        self._signs.show_signs(signs)

    def _show_terrain(self, terrain: Terrain) -> None:
        self._terrain = terrain
        self._curve.setData(terrain.x, terrain.z)
        low, high = float(np.nanmin(terrain.z)), float(np.nanmax(terrain.z))
        pad = 0.08 * (high - low)
        bounds = QRectF(
            QPointF(float(terrain.x[0]), low - 2 * pad), QPointF(float(terrain.x[-1]), high + 2 * pad)
        ).normalized()
        for item in (self._dots, self._lines, self._signs):
            item.set_bounds(bounds)
        self.setRange(xRange=(terrain.x[0], terrain.x[-1]), yRange=(low - pad, high + pad), padding=0)

    def _visited(self, trail: Trail, colour: QColor | None) -> list[tuple[QPen, np.ndarray, np.ndarray]]:
        x, y = trail.positions[:, 0], trail.costs
        count = len(x)
        good = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if len(good) > MOST_DOTS:
            good = good[:: -(-len(good) // MOST_DOTS)]
        if not len(good):
            return []
        width, height = self._pixel()
        keep = good[without_crowds(np.stack([x[good], y[good]], axis=1), np.array([width, height]))]
        if colour is not None:
            return [(pen(faded(colour, 0.5), self._theme.width(6)), x[keep], y[keep])]
        shade = (keep * SHADES) // max(count, 1)
        cuts = np.flatnonzero(np.diff(shade)) + 1
        pieces = zip(np.split(keep, cuts), shade[np.concatenate([[0], cuts])], strict=True)
        return [(self._shades[number], x[piece], y[piece]) for piece, number in pieces]

    def _tangent(self, trail: Trail) -> list[tuple[QPen, np.ndarray, np.ndarray]]:
        x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
        slope = self._slope(x)
        half_x, half_y = self._half_view()
        reach = TANGENT_SHARE * 2 / np.hypot(1 / half_x, slope / half_y)  # the same length on the screen, steep or flat
        ends = np.array([-reach, reach])
        return [(pen(self._theme.accent, self._theme.width(2.5)), x + ends, y + slope * ends)]

    def _secant(self, trail: Trail, other: float, signs: list) -> list[tuple[QPen, np.ndarray, np.ndarray]]:
        x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
        other_y = float(np.interp(other, self._terrain.x, self._terrain.z))
        distance = other - x
        slope = (other_y - y) / distance if abs(distance) > 1e-9 else self._slope(x)
        outline = pen(self._theme.accent, self._theme.width(3))
        signs.append((marks.shape(0, self._theme.px(14)), outline, QColor(self._theme.background), other, other_y))
        ends = np.array([float(self._terrain.x[0]), float(self._terrain.x[-1])])
        return [(pen(self._theme.accent, self._theme.width(2.5)), ends, y + slope * (ends - x))]

    def _step(self, trail: Trail, lines: list, signs: list) -> None:
        """An arrow along the axis from here to where the plain rule goes next, at the height of the point."""
        spacing = float(self._terrain.x[1] - self._terrain.x[0])
        target = next_place(trail, spacing)
        if target is None or not trail.moving or not np.isfinite(target):
            return
        x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
        target = min(max(target, float(self._terrain.x[0])), float(self._terrain.x[-1]))
        if abs(target - x) < 14 * self._pixel()[0]:
            return
        colour = self._theme.text
        lines.append((pen(colour, self._theme.width(2.5)), np.array([x, target]), np.array([y, y])))
        signs.append((_head(self._theme.px(12), target > x), QPen(Qt.NoPen), QColor(colour), target, y))

    def _slope(self, x: float) -> float:
        terrain = self._terrain
        return float(np.interp(x, terrain.x, np.gradient(terrain.z, terrain.x)))

    def _pixel(self) -> tuple[float, float]:
        width, height = self.getViewBox().viewPixelSize()
        return abs(width) or 1e-9, abs(height) or 1e-9

    def _half_view(self) -> tuple[float, float]:
        (left, right), (low, high) = self.getViewBox().viewRange()
        return (right - left) / 2, (high - low) / 2


def _head(size: float, points_right: bool) -> QPainterPath:
    path = QPainterPath()
    back = -size if points_right else size
    path.moveTo(0, 0)
    path.lineTo(back, -size * 0.6)
    path.lineTo(back, size * 0.6)
    path.closeSubpath()
    return path
