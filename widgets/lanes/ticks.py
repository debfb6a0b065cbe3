"""Ticks: the marks of a lane as signs on the timeline, so few that each has a place. Serves the timeline.

Each kind has a shape of its own. What they cost to draw depends on the strip's width, never on how many there are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PyQt5.QtCore import QLineF, QPointF, QRectF
from PyQt5.QtGui import QColor, QPainter

from engine.lanes import Mark, MarkKind
from widgets.style.theme import Theme, pen

ORDER = (MarkKind.DIVERGED, MarkKind.GROWTH, MarkKind.ACTION, MarkKind.KNOB, MarkKind.SPIKE)  # what hides the others
CELL = 5  # px of the strip, in each of which one mark is drawn


class Ticks:
    """The marks of one lane, those that matter most first."""

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        self.of = marks
        self.marks = tuple(sorted(marks, key=lambda mark: ORDER.index(mark.kind)))
        self._steps = np.array([mark.step for mark in self.marks], dtype=float)

    def drawn(self, place: Callable[[np.ndarray], np.ndarray]) -> list[tuple[float, Mark]]:
        """(x, mark) of each that has a place; ``place`` gives the px of steps, (n,)."""
        if not self.marks:
            return []
        x = place(self._steps)
        _, first = np.unique(np.floor(x / CELL), return_index=True)
        return [(float(x[at]), self.marks[at]) for at in first]


def draw(painter: QPainter, theme: Theme, ticks: list[tuple[float, Mark]], y: float) -> None:
    """Those of one row, a kind at a time, since it is the pens that cost."""
    size = theme.px(4)
    for kind in reversed(ORDER):
        places = [QPointF(x, y) for x, mark in ticks if mark.kind is kind]
        if not places:
            continue
        painter.setBrush(QColor(theme.background))
        painter.setPen(pen(_colour(theme, kind), theme.width(2 if kind is MarkKind.DIVERGED else 1.5)))
        match kind:
            case MarkKind.KNOB:
                up = QPointF(0, size + 1)
                painter.drawLines([QLineF(at - up, at + up) for at in places])
            case MarkKind.ACTION:
                for at in places:
                    painter.drawEllipse(at, size - 1, size - 1)
            case MarkKind.GROWTH:
                side = 2 * size - 2
                painter.drawRects([QRectF(at.x() - size + 1, at.y() - size + 1, side, side) for at in places])
            case MarkKind.SPIKE:
                top = QPointF(0, -size - 1)
                painter.drawLines([QLineF(at + top, at + QPointF(x, 0)) for at in places for x in (-size, size)])
            case MarkKind.DIVERGED:
                one, other = QPointF(size, size), QPointF(size, -size)
                painter.drawLines([QLineF(at - arm, at + arm) for at in places for arm in (one, other)])


def _colour(theme: Theme, kind: MarkKind) -> str:
    return {MarkKind.SPIKE: theme.warning, MarkKind.DIVERGED: theme.danger}.get(kind, theme.text)
