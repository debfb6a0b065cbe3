"""DescentPlot: one curve with descents on it: visited points, the current one, its tangent, gradient and next step.

The visited points are coolwarm by iteration, and stronger the later, as in the lecture. A person drags a ball along the
curve, clicks to add one, or pulls the secant's second point. Serves the landscape, both ways.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFontMetrics, QMouseEvent, QPainterPath, QPen

from engine.landscape_picture import Foresight, LandscapePicture, Terrain, Trail
from engine.update_terms import Part
from widgets import marks
from widgets.axes import Plot
from widgets.colours import coolwarm
from widgets.fast_items import Dots, Polylines, Signs, without_crowds
from widgets.number_text import short
from widgets.theme import Theme, faded, pen
from widgets.update_arrows import MOST, lengthening, part_colour

SHADES = 48  # colours along the way
MOST_DOTS = 1500
TANGENT_SHARE = 0.16  # half the tangent's width, as a share of the axis
GRADIENT_SHARE = 0.2  # of the axis: the arrow of the steepest gradient there is on it
SHORTEST = 10  # px, of an arrow that is drawn at all
WORD = 110  # px that an arrow's word takes
BALL, BALL_SHARE = 19, 0.16  # px of a ball, and the most that it takes of a narrow plot
TOGETHER = 3.0  # px between the secant's points, from which on it is the tangent
GRIP = 22  # px about a ball in which a press takes it
SECANT = -1  # what is in the hand when it is the secant's second point


class DescentPlot(Plot):
    """A plot of one terrain. Items are made once; a frame only moves them.

    ``place_dragged`` carries a trail's number and (x,); ``place_clicked`` (x,) off every ball; ``place_removed`` the
    number of the trail whose ball was right-clicked; ``secant_pulled`` the second point's x.
    """

    place_dragged = pyqtSignal(int, object)
    place_clicked = pyqtSignal(object)
    place_removed = pyqtSignal(int)
    secant_pulled = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__("x", "cost")
        self._terrain: Terrain | None = None
        self._steepest = 1.0
        self._balls: list[tuple[int, float, float]] = []
        self._secant_at: tuple[float, float] | None = None
        self._taken: int | None = None
        self._pressed_at: QPointF | None = None
        self._shades: list[QPen] = []
        self._curve = pg.PlotCurveItem(antialias=True)
        self._foreseen, self._dots, self._lines = Dots(), Dots(), Polylines()
        self._signs, self._pending = Signs(), Signs()
        for depth, item in enumerate(
            (self._curve, self._foreseen, self._dots, self._lines, self._signs, self._pending)
        ):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self._secant_word, self._gradient_word, self._step_word = (pg.TextItem(anchor=(0.5, 0.5)) for _ in range(3))
        for word in (self._secant_word, self._gradient_word, self._step_word):
            word.setZValue(9)
            self.addItem(word, ignoreBounds=True)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setToolTip("Drag a ball to start elsewhere; click to add a point; right-click a point to take it away.")
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._curve.setPen(pen(theme.quiet, theme.width(2.2)))
        self._shades = []
        for number, colour in enumerate(coolwarm(SHADES)):
            shade = QColor(*(int(channel) for channel in colour))
            shade.setAlphaF(0.35 + 0.6 * number / SHADES)
            self._shades.append(pen(shade, theme.width(9)))

    def show_descents(self, picture: LandscapePicture, numbers: tuple[int, ...], focus: int = 0) -> None:
        """Draw these trails of the picture; ``focus`` is the one whose tangent and next step are shown."""
        if picture.terrain is not self._terrain:
            self._show_terrain(picture.terrain)
        trails = [(number, picture.trails[number]) for number in numbers]
        focus = focus if focus in numbers else numbers[0]
        groups, lines, signs = [], [], []
        self._balls, self._secant_at = [], None
        for word in (self._secant_word, self._gradient_word, self._step_word):
            word.setVisible(False)
        for number, trail in trails:
            colour = self._theme.series_colour(number) if picture.by_runner and len(trails) > 1 else None
            groups += self._visited(trail, colour)
        ball = min(self._theme.px(BALL), max(15.0, BALL_SHARE * self.getViewBox().width()))
        for number, trail in trails:
            if not (np.isfinite(trail.positions[-1, 0]) and np.isfinite(trail.costs[-1])):
                continue
            x, y = float(trail.positions[-1, 0]), float(trail.costs[-1])
            if number == focus:
                lines += self._tangent(trail) if picture.secant is None else self._secant(trail, picture.secant, signs)
                self._arrows(trail, lines, signs, is_alone=len(picture.panels) == 1)
            self._balls.append((number, x, y))
            path = marks.shape(number, ball)
            outline = pen(self._theme.background, self._theme.width(2))
            signs.append((path, outline, self._theme.series_colour(number), x, y))
            if not trail.moving:
                signs.append((_cross(self._theme.px(10)), pen(self._theme.danger, self._theme.width(3)), None, x, y))
        self._dots.show_groups(groups)
        self._lines.show_lines(lines)
        self._signs.show_signs(signs)

    def show_pending(self, pending: Sequence[tuple[int, tuple[float, ...]]]) -> None:
        """Points that are being prepared, where they were clicked: a number and (x,) each."""
        if self._terrain is None:
            return
        signs = []
        for number, (x,) in pending:
            y = float(np.interp(x, self._terrain.x, self._terrain.z))
            outline = pen(self._theme.background, self._theme.width(2))
            signs.append((marks.shape(number, self._theme.px(19)), outline, self._theme.series_colour(number), x, y))
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
        slopes = np.abs(np.gradient(terrain.z, terrain.x))
        self._steepest = float(np.nanpercentile(slopes, 98)) or 1.0
        low, high = float(np.nanmin(terrain.z)), float(np.nanmax(terrain.z))
        pad = 0.08 * (high - low)
        bounds = QRectF(
            QPointF(float(terrain.x[0]), low - 2 * pad), QPointF(float(terrain.x[-1]), high + 2 * pad)
        ).normalized()
        for item in (self._foreseen, self._dots, self._lines, self._signs, self._pending):
            item.set_bounds(bounds)
        self.setRange(xRange=(terrain.x[0], terrain.x[-1]), yRange=(low - pad, high + pad), padding=0)

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
        ring = marks.shape(0, self._theme.px(17))
        if abs(other - x) < 2 * self._theme.px(9) * self._pixel()[0]:  # a ring about the ball, which hides nothing
            ring = marks.shape(0, self._theme.px(26))
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

        The step's is as far as it really goes, or so many times as far as its word says; side by side with others
        always as far as it goes, so that they can be compared.
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
        factor = lengthening(trail, self._pixel()[0]) if is_alone else 1.0
        name = "step" if factor == 1 else f"step × {factor:,.0f}"
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
            to_the_right = tip > x and tip + self._theme.px(WORD) * self._pixel()[0] < high
            from_there = tip if to_the_right == (tip > x) else x
            word.setAnchor((0 if to_the_right else 1, 0.5))
            self._say(word, text, colour, from_there + (6 if to_the_right else -6) * self._pixel()[0], height)

    def _say(self, word: pg.TextItem, text: str, colour: QColor, x: float, y: float) -> None:
        word.setFont(self._theme.font(15, bold=True))
        word.setColor(colour)
        if word.toPlainText() != text:
            word.setText(text)
        word.fill = pg.mkBrush(faded(self._theme.background, 0.75))  # readable over trail and lines
        word.setPos(x, y)
        word.setVisible(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        taken = self._at(event.localPos())
        if event.button() == Qt.LeftButton:
            self._taken, self._pressed_at = taken, event.localPos()
            if taken is not None:
                self.viewport().setCursor(Qt.ClosedHandCursor)
        elif event.button() == Qt.RightButton and taken is not None and taken != SECANT:
            self.place_removed.emit(taken)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.LeftButton and self._taken is not None:
            x = self._to_x(event.localPos())
            if self._taken == SECANT:
                self.secant_pulled.emit(x)
            else:
                self.place_dragged.emit(self._taken, (x,))
        elif not event.buttons():
            over = self._at(event.localPos()) is not None
            self.viewport().setCursor(Qt.OpenHandCursor if over else Qt.CrossCursor)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton and self._pressed_at is not None:
            moved = (event.localPos() - self._pressed_at).manhattanLength() > 4
            inside = self.getViewBox().sceneBoundingRect().contains(self.mapToScene(event.pos()))
            if self._taken is None and not moved and inside and self._terrain is not None:
                self.place_clicked.emit((self._to_x(event.localPos()),))
            self._taken = self._pressed_at = None
            self.viewport().setCursor(Qt.CrossCursor)
        event.accept()

    def wheelEvent(self, event) -> None:
        event.ignore()

    def _at(self, place: QPointF) -> int | None:
        """What a press here takes: the secant's second point, or the ball of a trail, by its number."""
        within = [] if self._secant_at is None else [(SECANT, *self._secant_at)]
        near = []
        for number, x, y in [*within, *self._balls]:
            apart = (
                QPointF(self.mapFromScene(self.getViewBox().mapViewToScene(QPointF(x, y)))) - place
            ).manhattanLength()
            if apart <= self._theme.px(GRIP):
                near.append((apart, number))
        return min(near)[1] if near else None

    def _to_x(self, px: QPointF) -> float:
        view = self.getViewBox().mapSceneToView(self.mapToScene(px.toPoint()))
        return float(np.clip(view.x(), self._terrain.x[0], self._terrain.x[-1]))

    def _derivative(self, trail: Trail) -> float:
        """The landscape's at the descent's point, as the update rule has it."""
        if trail.unit is None:
            return self._slope(float(trail.positions[-1, 0]))
        return float(trail.gradient[0] / trail.unit[0])

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


def _cross(arm: float) -> QPainterPath:
    path = QPainterPath()
    for sign in (1, -1):
        path.moveTo(-arm, -arm * sign)
        path.lineTo(arm, arm * sign)
    return path


def _bracketed(value: float) -> str:
    text = short(value)
    return f"({text})" if text.startswith("−") else text
