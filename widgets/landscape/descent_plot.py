"""DescentPlot: one curve with descents on it: visited points, the current one, its tangent, gradient and next step.

The visited points are coolwarm by iteration, and stronger the later, as in the lecture. A person drags a ball along the
curve, clicks to add one, or pulls the secant's second point. Serves the landscape, both ways.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFontMetrics, QPainterPath, QPen

from engine.analysis.terrain import Terrain
from engine.landscape.picture import Foresight, LandscapePicture, Trail, sign_of
from engine.training.update_terms import Part
from widgets.lanes.lane_paths import LanePaths, Path
from widgets.plotting.fast_items import Dots, Polylines, Signs, without_crowds
from widgets.style import colours, symbols
from widgets.style.number_text import short
from widgets.style.theme import Theme, faded, pen
from widgets.surface.ball_plot import BallPlot
from widgets.surface.stability_item import StabilityBands
from widgets.surface.update_arrows import MOST, as_long, lengthening, part_colour

SHADES = 48  # colours along the way
MOST_DOTS = 1500
SLOPE_OVER = 2000  # of these parts of the axis, either way: where the tangent is taken from the curve
DENSE = 8000  # samples of a curve, which only a very fine wave has
TANGENT_SHARE = 0.16  # half the tangent's width, as a share of the axis
GRADIENT_SHARE = 0.2  # of the axis: the arrow of the steepest gradient there is on it
SHORTEST = 10  # px, of an arrow that is drawn at all
WORD_RIM = 14  # px about an arrow's word
BALL, BALL_SHARE = 19, 0.16  # px of a ball, and the most that it takes of a narrow plot
TOGETHER = 3.0  # px between the secant's points, from which on it is the tangent
GRIP = 22  # px about a ball in which a press takes it
SECANT = -1  # what is in the hand when it is the secant's second point


class DescentPlot(BallPlot):
    """A plot of one terrain. Items are made once; a frame only moves them.

    A ball has its trail's number, and a place is (x,). ``secant_pulled`` carries the second point's x.
    """

    secant_pulled = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__("x", "cost")
        self._terrain: Terrain | None = None
        self._shown: tuple[LandscapePicture, tuple[int, ...], int] | None = None
        self.getViewBox().sigResized.connect(self._draw_again)
        self._steepest = 1.0
        self._balls: list[tuple[int, float, float]] = []
        self._secant_at: tuple[float, float] | None = None
        self._shades: list[QPen] = []
        self._curve = pg.PlotCurveItem(antialias=True)
        self._curve.setSegmentedLineMode("on")  # one wide smoothed path of a wave takes ten times as long
        self._foreseen, self._dots, self._lines = Dots(), Dots(), Polylines()
        self._signs, self._pending = Signs(), Signs()
        self._stability = StabilityBands()
        self._stability.setZValue(-1)
        self.addItem(self._stability, ignoreBounds=True)
        self._others = LanePaths(self, 1.5)
        for depth, item in enumerate(
            (self._curve, self._foreseen, self._dots, self._lines, self._signs, self._pending)
        ):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self._secant_word, self._gradient_word, self._step_word = (pg.TextItem(anchor=(0.5, 0.5)) for _ in range(3))
        for word in (self._secant_word, self._gradient_word, self._step_word):
            word.setZValue(9)
            self.addItem(word, ignoreBounds=True)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._pen_curve()
        self._stability.set_theme(theme)
        self._others.set_theme(theme)
        self._shades = []
        for number, channels in enumerate(colours.coolwarm(SHADES)):
            shade = colours.colour(channels)
            shade.setAlphaF(0.35 + 0.6 * number / SHADES)
            self._shades.append(pen(shade, theme.width(9)))

    def show_descents(self, picture: LandscapePicture, numbers: tuple[int, ...], focus: int = 0) -> None:
        """Draw these trails of the picture; ``focus`` is the one whose tangent and next step are shown."""
        self._shown = picture, numbers, focus
        if picture.terrain is not self._terrain:
            self._show_terrain(picture.terrain)
        trails = [(number, picture.trails[number]) for number in numbers]
        focus = focus if focus in numbers else numbers[0]
        self._stability.show_of(picture.terrain, picture.trails[focus], len(numbers) > 1)
        groups, lines, signs = [], [], []
        self._balls, self._secant_at = [], None
        for word in (self._secant_word, self._gradient_word, self._step_word):
            word.setVisible(False)
        for number, trail in trails:
            sign = sign_of(picture.trails, number)
            colour = self._theme.series_colour(sign) if picture.by_descent and len(trails) > 1 else None
            groups += self._visited(trail, colour)
        ball = min(self._theme.px(BALL), max(15.0, BALL_SHARE * self.getViewBox().width()))
        for number, trail in trails:
            if not (np.isfinite(trail.positions[-1, 0]) and np.isfinite(trail.costs[-1])):
                continue
            x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
            if number == focus:
                lines += self._tangent(trail) if picture.secant is None else self._secant(trail, picture.secant, signs)
                self._arrows(trail, lines, signs, is_alone=len(picture.panels) == 1)
            y = float(np.clip(y, *self._terrain.shown_range))  # near a pole it would be out of sight
            self._balls.append((number, x, y))
            sign = sign_of(picture.trails, number)
            path = symbols.shape(sign, ball)
            outline = pen(self._theme.background, self._theme.width(2))
            signs.append((path, outline, self._theme.series_colour(sign), x, y))
            if trail.is_lost:
                signs.append((_cross(self._theme.px(10)), pen(self._theme.danger, self._theme.width(3)), None, x, y))
        self._dots.show_groups(groups)
        self._lines.show_lines(lines)
        self._signs.show_signs(signs)

    def show_overlays(self, paths: Sequence[Path]) -> None:
        """Where other runs have been: lanes with x and costs."""
        self._others.show(paths)

    def _draw_again(self, *_: object) -> None:
        """In another size: arrows and words stand so many px from the ball."""
        if self._shown is not None:
            self.show_descents(*self._shown)

    def show_pending(self, pending: Sequence[tuple[int, tuple[float, ...]]]) -> None:
        """Points that are being prepared, where they were clicked: a number and (x,) each."""
        if self._terrain is None:
            return
        signs = []
        for number, (x,) in pending:
            y = float(np.interp(x, self._terrain.x, self._terrain.z))
            outline = pen(self._theme.background, self._theme.width(2))
            signs.append((symbols.shape(number, self._theme.px(19)), outline, self._theme.series_colour(number), x, y))
        self._pending.show_signs(signs)

    def show_foresight(self, foresight: Foresight | None) -> None:
        """Faintly, the places that descents will visit."""
        groups = []
        if foresight is not None:
            stroke = pen(faded(self._theme.text, 0.35), self._theme.width(4))
            for x, y in zip(foresight.positions, foresight.costs, strict=True):
                keep = without_crowds(np.stack([x[:, 0], y], axis=1), np.array(self._pixel()))
                groups.append((stroke, x[keep, 0], y[keep]))
        self._foreseen.show_groups(groups)

    def _show_terrain(self, terrain: Terrain) -> None:
        self._terrain = terrain
        self._curve.setData(terrain.x, terrain.z, connect="finite")
        self._pen_curve()
        even = np.linspace(terrain.x[0], terrain.x[-1], 1001)
        slopes = np.abs(np.gradient(np.interp(even, terrain.x, terrain.z), even))
        self._steepest = float(np.nanpercentile(slopes, 98)) if np.isfinite(slopes).any() else 0.0
        self._steepest = self._steepest or 1.0
        low, high = terrain.shown_range
        pad = 0.08 * (high - low)
        bounds = QRectF(
            QPointF(float(terrain.x[0]), low - 2 * pad), QPointF(float(terrain.x[-1]), high + 2 * pad)
        ).normalized()
        for item in (self._foreseen, self._dots, self._lines, self._signs, self._pending):
            item.set_bounds(bounds)
        self._others.set_bounds(bounds)
        self._stability.set_bounds(bounds)
        self.setRange(xRange=(terrain.x[0], terrain.x[-1]), yRange=(low - pad, high + pad), padding=0)

    def _pen_curve(self) -> None:
        """A wave with more turns than can be told apart is drawn as finely as can be, which is also quick."""
        is_dense = self._terrain is not None and len(self._terrain.x) > DENSE
        self._curve.setPen(pen(self._theme.quiet, 1.0 if is_dense else self._theme.width(2.2)))

    def _visited(self, trail: Trail, colour: QColor | None) -> list[tuple[QPen, np.ndarray, np.ndarray]]:
        x, y = trail.positions[:, 0], trail.costs
        good = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if len(good) > MOST_DOTS:
            good = good[:: -(-len(good) // MOST_DOTS)]
        if not len(good):
            return []
        width, height = self._pixel()
        keep = good[without_crowds(np.stack([x[good], y[good]], axis=1), np.array([width, height]))]
        if colour is not None:
            return [(pen(faded(colour, 0.5), self._theme.width(7)), x[keep], y[keep])]
        shade = np.arange(len(keep)) * SHADES // len(keep)  # steps that nobody can see take no colour
        cuts = np.flatnonzero(np.diff(shade)) + 1
        pieces = zip(np.split(keep, cuts), shade[np.concatenate([[0], cuts])], strict=True)
        return [(self._shades[number], x[piece], y[piece]) for piece, number in pieces]

    def _tangent(self, trail: Trail) -> list[tuple[QPen, np.ndarray, np.ndarray]]:
        x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
        slope = self._slope(x)
        if not np.isfinite(slope):
            return []
        half_x, half_y = self._half_view()
        reach = TANGENT_SHARE * 2 / np.hypot(1 / half_x, slope / half_y)  # the same length on the screen, steep or flat
        ends = np.array([-reach, reach])
        return [(pen(self._theme.accent, self._theme.width(2.5)), x + ends, y + slope * ends)]

    def _secant(
        self, trail: Trail, second: tuple[float, float], signs: list
    ) -> list[tuple[QPen, np.ndarray, np.ndarray]]:
        """The line through the descent's point and a second one; where those are one, the tangent."""
        x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
        other, other_y = second
        is_tangent = abs(other - x) < TOGETHER * self._pixel()[0]
        slope = self._derivative(trail) if is_tangent else (other_y - y) / (other - x)
        outline = pen(self._theme.accent, self._theme.width(3))
        ring = symbols.shape(0, self._theme.px(17))
        if abs(other - x) < 2 * self._theme.px(9) * self._pixel()[0]:  # a ring about the ball, which hides nothing
            ring = symbols.shape(0, self._theme.px(26))
            signs.append((ring, outline, None, other, other_y))
        else:
            signs.append((ring, outline, QColor(self._theme.background), other, other_y))
        self._secant_at = (other, other_y)
        ends = np.array([float(self._terrain.x[0]), float(self._terrain.x[-1])])
        name = f"{'tangent' if is_tangent else 'secant'}: slope {short(slope)}"
        text = f"{name} = ({short(other_y)} − {_bracketed(y)}) / ({short(other)} − {_bracketed(x)})"
        if is_tangent:
            text = f"{name}, the derivative at x = {short(x)}"
        room = self.getViewBox().width() - self._theme.px(16)
        if QFontMetrics(self._theme.font(15, bold=True)).horizontalAdvance(text) > room:
            text = name
        (left, right), (low, high) = self.getViewBox().viewRange()
        middle, top = (left + right) / 2, high - 0.06 * (high - low)
        self._say(self._secant_word, text, QColor(self._theme.accent), middle, top)
        return [(pen(self._theme.accent, self._theme.width(2.5)), ends, y + slope * (ends - x))]

    def _arrows(self, trail: Trail, lines: list, signs: list, is_alone: bool) -> None:
        """The gradient's arrow, uphill, above the ball, and the step's below it; there is a word at each.

        The step's is as far as it really goes, or drawn so many times as long as its word says; side by side with
        others always as far as it goes, so that they can be compared.
        """
        if trail.update is None or trail.unit is None or not trail.moving:
            return
        x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
        low, high = float(self._terrain.x[0]), float(self._terrain.x[-1])
        slope = float(trail.gradient[0] / trail.unit[0])
        step = float(trail.update.step[0] * trail.unit[0])
        if not (np.isfinite(slope) and np.isfinite(step)):
            return
        reach = float(np.clip(slope / self._steepest, -1, 1)) * GRADIENT_SHARE * (high - low)
        up = self._theme.px(15) * self._pixel()[1]
        factor = lengthening(trail, self._pixel()[0], self._terrain) if is_alone else 1.0
        name = ", ".join(filter(None, ("step", as_long(factor))))
        bottom = self.getViewBox().viewRange()[1][0]
        below = y - up if y - 2 * up > bottom else y + 2.2 * up  # over the gradient's where there is no room below
        for word, part, text, length, height in (
            (self._gradient_word, Part.GRADIENT, "gradient", reach, y + up),
            (self._step_word, Part.STEP, name, step * factor, below),
        ):
            tip = min(max(x + length, low), high)
            if abs(tip - x) < SHORTEST * self._pixel()[0]:
                continue
            if part is Part.STEP and factor > MOST:  # nothing that an eye would call a step
                continue
            colour = part_colour(self._theme, part)
            ends, level = np.array([x, tip]), np.array([height, height])
            lines.append((pen(colour, self._theme.width(3.5)), ends, level))
            size = min(self._theme.px(14), 0.6 * abs(tip - x) / self._pixel()[0])  # a short arrow has a shaft, too
            signs.append((_head(size, tip > x), QPen(Qt.NoPen), colour, tip, height))
            if not is_alone:
                continue  # one key for all
            self._say_beside(word, text, colour, (x, tip), height)

    def _say_beside(
        self, word: pg.TextItem, text: str, colour: QColor, arrow: tuple[float, float], height: float
    ) -> None:
        """A word beyond an arrow's tip, or before its tail, wherever there is room for it."""
        tail, tip = arrow
        pixel, high = self._pixel()[0], float(self._terrain.x[-1])
        width = QFontMetrics(self._theme.font(15, bold=True)).horizontalAdvance(text) + self._theme.px(WORD_RIM)
        left, right, low = min(tail, tip), max(tail, tip), float(self._terrain.x[0])
        fits_left, fits_right = left - width * pixel > low, right + width * pixel < high
        to_the_right = fits_right if tip > tail or not fits_left else False
        word.setAnchor((0 if to_the_right else 1, 0.5))
        self._say(word, text, colour, right + 6 * pixel if to_the_right else left - 6 * pixel, height)

    def _say(self, word: pg.TextItem, text: str, colour: QColor, x: float, y: float) -> None:
        word.setFont(self._theme.font(15, bold=True))
        word.setColor(colour)
        if word.toPlainText() != text:
            word.setText(text)
        word.fill = pg.mkBrush(faded(self._theme.background, 0.75))  # readable over trail and lines
        word.setPos(x, y)
        word.setVisible(True)

    def drag(self, taken: int, place: tuple[float, ...]) -> None:
        if taken == SECANT:
            self.secant_pulled.emit(*place)
        else:
            super().drag(taken, place)

    def remove(self, taken: int) -> None:
        if taken != SECANT:
            super().remove(taken)

    def can_add_at(self, px: QPointF) -> bool:
        inside = self.getViewBox().sceneBoundingRect().contains(self.mapToScene(px.toPoint()))
        return inside and self._terrain is not None

    def taken_at(self, px: QPointF) -> int | None:
        """What a press here takes: the secant's second point, or the ball of a trail, by its number."""
        within = [] if self._secant_at is None else [(SECANT, *self._secant_at)]
        near = []
        for number, x, y in [*within, *self._balls]:
            apart = (QPointF(self.mapFromScene(self.getViewBox().mapViewToScene(QPointF(x, y)))) - px).manhattanLength()
            if apart <= self._theme.px(GRIP):
                near.append((apart, number))
        return min(near)[1] if near else None

    def place_at(self, px: QPointF) -> tuple[float]:
        view = self.getViewBox().mapSceneToView(self.mapToScene(px.toPoint()))
        return (float(np.clip(view.x(), self._terrain.x[0], self._terrain.x[-1])),)

    def _derivative(self, trail: Trail) -> float:
        """The landscape's at the descent's point, as the update rule has it."""
        if trail.unit is None:
            return self._slope(float(trail.positions[-1, 0]))
        return float(trail.gradient[0] / trail.unit[0])

    def _slope(self, x: float) -> float:
        """The drawn curve's over about a pixel; nan at a break."""
        terrain = self._terrain
        around = (terrain.x[-1] - terrain.x[0]) / SLOPE_OVER
        ends = np.clip([x - around, x + around], terrain.x[0], terrain.x[-1])
        costs = np.interp(ends, terrain.x, terrain.z)
        return float((costs[1] - costs[0]) / (ends[1] - ends[0]))

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


def _cross(arm: float) -> QPainterPath:
    path = QPainterPath()
    for sign in (1, -1):
        path.moveTo(-arm, -arm * sign)
        path.lineTo(arm, arm * sign)
    return path


def _bracketed(value: float) -> str:
    text = short(value)
    return f"({text})" if text.startswith("−") else text
