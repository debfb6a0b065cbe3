"""The small shapes that tell descents apart beside colour: drawn the same in picture and legend. Serves the panels."""

from __future__ import annotations

from PyQt5.QtCore import QPointF
from PyQt5.QtGui import QPainter, QPainterPath, QPen, QTransform
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

from widgets.style.theme import SYMBOLS


def shape(number: int, size: float) -> QPainterPath:
    """The symbol of the descent with this number, about its centre, ``size`` px across."""
    return QTransform.fromScale(size, size).map(Symbols[SYMBOLS[number % len(SYMBOLS)]])


def draw(painter: QPainter, number: int, centre: QPointF, size: float, fill: QPen, outline: QPen) -> None:
    """Draw one symbol; ``fill`` gives its colour."""
    painter.save()
    painter.setRenderHint(QPainter.Antialiasing)
    painter.translate(centre)
    painter.setPen(outline)
    painter.setBrush(fill.color())
    painter.drawPath(shape(number, size))
    painter.restore()
