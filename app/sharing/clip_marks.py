"""Where a plot ends, in a page of lines: Qt's SVG knows no clipping, so each plot's edge is marked, and cut later.

Serves the exports: app.sharing.svg makes a clip of what lies between a plot's two marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QPainter
from PyQt5.QtWidgets import QGraphicsItem, QWidget
from pyqtgraph import GraphicsView, ViewBox

BEGIN, END = "#010203", "#030201"  # colours that no theme has
FAR = 1e9  # in front of everything, and behind it


class _Mark(QGraphicsItem):
    """A plot's rectangle in a colour that stands for its beginning or its end."""

    def __init__(self, box: ViewBox, colour: str, z: float) -> None:
        super().__init__(box.childGroup)
        self._rect, self._colour = QRectF(box.viewRect()), colour
        self.setZValue(z)

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setPen(Qt.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawRect(self._rect)


@contextmanager
def marked(figure: QWidget) -> Iterator[None]:
    """Meanwhile every plot of this figure draws its marks before and after all that is in it."""
    boxes = [item for view in figure.findChildren(GraphicsView) for item in view.scene().items()]
    marks = [
        _Mark(box, colour, z)
        for box in boxes
        if isinstance(box, ViewBox) and box.isVisible()
        for colour, z in ((BEGIN, -FAR), (END, FAR))
    ]
    try:
        yield
    finally:
        for mark in marks:
            mark.scene().removeItem(mark)
