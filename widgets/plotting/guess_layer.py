"""GuessLayer: what a person expects, drawn by hand into a plot before the run, and still there beside what came of it.

For any plot; it knows no experiment. While it is open it takes the mouse before the plot does.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QEvent, QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QMouseEvent, QPainterPath

from widgets.plotting.axes import Plot
from widgets.plotting.fast_items import Signs
from widgets.style.theme import DARK, Theme, faded, pen

WORD = "your guess"
LEAST_POINTS = 2  # of a curve
ABOVE_ALL = 30


class Kind(Enum):
    """What a hand says: a height, a place along x, a place on a map, or a whole curve."""

    HEIGHT = "height"
    ALONG = "along"
    PLACE = "place"
    CURVE = "curve"


def _same(value: float) -> float:
    return value


class GuessLayer(QObject):
    """``drawn`` carries nothing: ``value`` is what was drawn, as an array (1,), (1,), (2,) or (n, 2) of its kind.

    ``from_height`` and ``to_height`` turn the plot's y into the value of a height, and back: of a logarithmic axis.
    """

    drawn = pyqtSignal()

    def __init__(
        self,
        plot: Plot,
        kind: Kind,
        from_height: Callable[[float], float] = _same,
        to_height: Callable[[float], float] = _same,
    ) -> None:
        super().__init__(plot)
        self.kind, self.plot = kind, plot
        self.value: np.ndarray | None = None
        self._from_height, self._to_height = from_height, to_height
        self._theme = DARK
        self._is_open = self._is_pressed = False
        self._line = pg.PlotCurveItem(antialias=True)
        self._signs = Signs()
        self._word = pg.TextItem(WORD, anchor=(0.5, 1))
        for item in (self._line, self._signs, self._word):
            item.setZValue(ABOVE_ALL)
            item.hide()
            plot.addItem(item, ignoreBounds=True)
        plot.getViewBox().sigRangeChanged.connect(self._draw)
        plot.viewport().installEventFilter(self)

    @property
    def is_open(self) -> bool:
        """Whether a hand draws here now."""
        return self._is_open

    @property
    def is_held(self) -> bool:
        """Whether the hand is drawing just now."""
        return self._is_pressed

    def set_theme(self, theme: Theme) -> None:
        """Colours and sizes."""
        self._theme = theme
        self._word.setFont(theme.font(13, bold=True))
        self._word.setColor(QColor(theme.warning))
        self._word.fill = pg.mkBrush(faded(theme.background, 0.75))
        self._draw()

    def open(self) -> None:
        """A hand may draw from now on."""
        self._is_open = True

    def close(self) -> None:
        """What was drawn stays as it is."""
        self._is_open = self._is_pressed = False

    def remove(self) -> None:
        """Nothing of it is left in the plot."""
        self.close()
        self.plot.viewport().removeEventFilter(self)
        self.plot.getViewBox().sigRangeChanged.disconnect(self._draw)
        for item in (self._line, self._signs, self._word):
            self.plot.removeItem(item)
        self.deleteLater()

    def show_value(self, value: np.ndarray | None) -> None:
        """Draw this guess, as if a hand had."""
        self.value = None if value is None else np.asarray(value, float)
        self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._is_open:
            return False
        if event.type() == QEvent.MouseButtonPress and event.button() == Qt.LeftButton:
            self._is_pressed = self.plot.getViewBox().sceneBoundingRect().contains(self._scene(event))
            if self._is_pressed and self.kind is Kind.CURVE:
                self.value = None
            return self._is_pressed and self._take(event)
        if event.type() == QEvent.MouseMove and self._is_pressed:
            return self._take(event)
        if event.type() == QEvent.MouseButtonRelease and self._is_pressed:
            self._is_pressed = False
            return self._take(event)
        return False

    def _scene(self, event: QMouseEvent) -> QPointF:
        return self.plot.mapToScene(event.pos())

    def _take(self, event: QMouseEvent) -> bool:
        at = self.plot.getViewBox().mapSceneToView(self._scene(event))
        if self.kind is Kind.HEIGHT:
            self.value = np.array([self._from_height(at.y())])
        elif self.kind is Kind.ALONG:
            self.value = np.array([at.x()])
        elif self.kind is Kind.PLACE:
            self.value = np.array([at.x(), at.y()])
        else:
            self._add(at)
        self._draw()
        self.drawn.emit()
        return True

    def _add(self, at: QPointF) -> None:
        """A curve has one height at each x: where the hand goes back, it draws over what was there."""
        drawn = np.empty((0, 2)) if self.value is None else self.value
        if len(drawn) and at.x() <= drawn[-1, 0]:
            drawn = drawn[drawn[:, 0] < at.x()]
        self.value = np.concatenate([drawn, [[at.x(), at.y()]]])

    def _draw(self, *_: object) -> None:
        is_there = self.value is not None and (self.kind is not Kind.CURVE or len(self.value) >= LEAST_POINTS)
        for item in (self._line, self._signs, self._word):
            item.setVisible(is_there)
        if not is_there:
            return
        (left, right), (low, high) = self.plot.getViewBox().viewRange()
        colour, dashed = QColor(self._theme.warning), Qt.DashLine
        stroke, signs = pen(colour, self._theme.width(2.5), dashed), []
        if self.kind is Kind.HEIGHT:
            height = self._to_height(float(self.value[0]))
            x, y = np.array([left, right]), np.array([height, height])
            word, anchor = (right, height), (1, 1)
        elif self.kind is Kind.ALONG:
            x, y = np.full(2, self.value[0]), np.array([low, high])
            word, anchor = (float(self.value[0]), high), (0.5, 0)
        elif self.kind is Kind.PLACE:
            x, y = np.empty(0), np.empty(0)
            place = float(self.value[0]), float(self.value[1])
            mark, width = _target(self._theme.px(13)), self._theme.width(3)
            casing = pen(self._theme.background, width + self._theme.px(4))  # seen on whatever ground
            signs = [(mark, casing, None, *place), (mark, pen(colour, width), None, *place)]
            word, anchor = place, (0.5, -0.6)  # under it: balls are drawn over the letters else
        else:
            x, y = self.value.T
            stroke = pen(colour, self._theme.width(3.5), dashed)
            word, anchor = (float(x[-1]), float(y[-1])), (1, 1)
        self._line.setPen(stroke)
        self._line.setData(x, y)
        bounds = QRectF(QPointF(left, low), QPointF(right, high)).normalized()
        self._signs.set_bounds(bounds)
        self._signs.show_signs(signs)
        self._word.setAnchor(anchor)
        self._word.setPos(*word)


def _target(arm: float) -> QPainterPath:
    """A ring with a cross through it."""
    path = QPainterPath()
    path.addEllipse(QPointF(0, 0), arm * 0.7, arm * 0.7)
    for x, y in ((arm, 0), (0, arm)):
        path.moveTo(-x, -y)
        path.lineTo(x, y)
    return path
