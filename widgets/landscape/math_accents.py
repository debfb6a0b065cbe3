"""Hats and bars over letters, as in m̂ and m̄, painted: few fonts place those marks where they belong.

Serves the landscape's equations.
"""

from __future__ import annotations

from PyQt5.QtCore import QPointF
from PyQt5.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

HAT, BAR = "\u0302", "\u0304"  # Unicode's combining circumflex and macron, which follow their letter


def bare(text: str) -> str:
    """The text without its hats and bars: as wide as it is drawn."""
    return text.replace(HAT, "").replace(BAR, "")


def draw(painter: QPainter, baseline: QPointF, text: str) -> None:
    """Draw a text from the left end of its baseline, with the painter's font and pen."""
    plain = bare(text)
    painter.drawText(baseline, plain)
    metrics = QFontMetricsF(painter.font())
    old = painter.pen()
    painter.setPen(QPen(old.color(), max(1.0, metrics.height() / 14)))
    place = 0
    for character in text:
        if character not in (HAT, BAR):
            place += 1
            continue
        middle = baseline.x() + metrics.horizontalAdvance(plain[: place - 1])
        middle += metrics.horizontalAdvance(plain[place - 1]) / 2
        top, arm = baseline.y() - metrics.xHeight() - 0.22 * metrics.height(), 0.17 * metrics.height()
        peak = top - (0.12 * metrics.height() if character == HAT else 0)
        ends = [QPointF(middle - arm, top), QPointF(middle, peak), QPointF(middle + arm, top)]
        painter.drawPolyline(QPolygonF(ends))
    painter.setPen(old)
