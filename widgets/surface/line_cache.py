"""LineCache: lines that only ever grow, kept as they were painted, so that a frame costs what is new in it.

A descent's trail of thousands of steps would cost every frame tens of milliseconds; here each step is painted once. The
dark casing has a sheet of its own below, so that a new piece never bites into the one before. Serves the pictures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QColor, QImage, QPainter, QPen, QPicture

from widgets.plotting.fast_items import polygon

CASING_COLOUR = QColor("#0b0e13")  # on the picture's own colours, which no theme changes
PIECE = 16  # points that are stroked at once: Qt's stroker takes the square of what overlaps itself


@dataclass
class _End:
    """Where a line has been painted to: how many points, the last one, and the length so far, for its dashes."""

    count: int
    point: np.ndarray
    length: float


class LineCache:
    """Two sheets, as dense as the screen. Lines are told apart by a number each."""

    def __init__(self) -> None:
        self._sheets: list[QImage] | list[QPicture] = []
        self._ends: dict[int, _End] = {}
        self._brushes: list[QPainter] = []
        self._is_clean = True
        self._density = 1.0

    def clear(self, size: QSize, density: float = 1.0, are_lines: bool = False) -> None:
        """Clean sheets of this size in px, with ``density`` of the screen's own pixels for each.

        ``are_lines``: what is painted is remembered as lines, for a page that has no pixels.
        """
        self._ends.clear()
        if are_lines:
            self._sheets = [QPicture() for _ in range(2)]
            self._density = 1.0
            return
        whole = QSize(math.ceil(size.width() * density), math.ceil(size.height() * density))
        if not self._has_pixels or self._sheets[0].size() != whole or density != self._density:
            self._sheets = [QImage(whole, QImage.Format_ARGB32_Premultiplied) for _ in range(2)]
            for sheet in self._sheets:
                sheet.setDevicePixelRatio(density)
            self._density = density
            self._is_clean = False
        if not self._is_clean:
            for sheet in self._sheets:
                sheet.fill(Qt.transparent)
        self._is_clean = True

    @property
    def _has_pixels(self) -> bool:
        return bool(self._sheets) and isinstance(self._sheets[0], QImage)

    def open(self) -> None:
        """Take up the brushes: lines go on until they are laid down by ``paint``."""
        self._brushes = [QPainter(sheet) for sheet in self._sheets]
        for brush in self._brushes:
            brush.setRenderHint(QPainter.Antialiasing)

    def drawn(self, number: int) -> int:
        """How many points of a line are painted already."""
        return self._ends[number].count if number in self._ends else 0

    def extend(
        self,
        number: int,
        pen: QPen,
        points: np.ndarray,
        shown: np.ndarray | None = None,
        casing: QColor = CASING_COLOUR,
    ) -> None:
        """Go on with a line: ``points`` (n, 2) in px follow those that are painted.

        ``shown`` (n,) bool: a piece that is not is painted faintly, without a casing; None shows all.
        """
        if not len(points):
            return
        end = self._ends.get(number)
        path = points if end is None else np.concatenate([end.point[None], points])
        visible = (
            np.ones(len(path), bool) if shown is None else np.concatenate([shown[:1]] * (end is not None) + [shown])
        )
        start = 0.0 if end is None else end.length
        lengths = start + np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
        self._stroke(pen, path, visible, lengths, casing)
        self._ends[number] = _End(self.drawn(number) + len(points), path[-1], float(lengths[-1]))

    def paint(self, painter: QPainter) -> None:
        """Lay down the brushes, and the sheets over what is there, from the painter's origin."""
        for brush in self._brushes:
            brush.end()
        self._brushes = []
        for sheet in self._sheets:
            if self._has_pixels:
                painter.drawImage(0, 0, sheet)
            else:
                painter.drawPicture(0, 0, sheet)

    def _stroke(
        self, pen: QPen, path: np.ndarray, visible: np.ndarray, lengths: np.ndarray, casing_colour: QColor
    ) -> None:
        if len(path) < 2 or not self._brushes:
            return
        self._is_clean = False
        density = self._density  # pens are cosmetic: their widths are in the screen's own pixels
        casing = QPen(casing_colour, pen.widthF() + 3 * density, Qt.SolidLine, Qt.RoundCap, Qt.RoundJoin)
        if pen.style() != Qt.SolidLine:  # dashes with a dark edge each, and the picture between them
            casing = QPen(casing_colour, pen.widthF() + 2.4 * density, Qt.SolidLine, Qt.FlatCap, Qt.RoundJoin)
            casing.setDashPattern([length * pen.widthF() / casing.widthF() for length in pen.dashPattern()])
        casing.setCosmetic(True)
        faint = QPen(pen)
        colour = pen.color()
        colour.setAlphaF(0.3 * colour.alphaF())
        faint.setColor(colour)
        below, above = self._brushes
        for first, last in _pieces(visible):
            for at in range(first, last, PIECE):
                to = min(at + PIECE, last)
                piece = polygon(path[at : to + 1, 0], path[at : to + 1, 1])
                strokes = [(above, QPen(pen if visible[to] else faint))]
                if visible[to]:
                    strokes.append((below, QPen(casing)))
                for painter, stroke in strokes:
                    if stroke.style() != Qt.SolidLine:  # the dashes go on where the piece before ended
                        stroke.setDashOffset(float(lengths[at]) * density / max(stroke.widthF(), 0.1))
                    painter.setPen(stroke)
                    painter.drawPolyline(piece)


def _pieces(visible: np.ndarray) -> list[tuple[int, int]]:
    """Runs of segments that are all shown or all hidden; a segment goes by its end: (first, last point) each."""
    cuts = np.flatnonzero(np.diff(visible[1:])) + 1
    bounds = [0, *cuts.tolist(), len(visible) - 1]
    return [(a, b) for a, b in pairwise(bounds) if b > a]
