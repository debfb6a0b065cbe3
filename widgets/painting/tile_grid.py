"""TileGrid: many small pictures in rows of squares, as large as the room lets them be; one is chosen, some are off.

Serves the neurons of a layer, a picture's layers, and the gallery.
"""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QEvent, QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.style.theme import DARK, Theme, pen

GAP = 4
LEAST = 12  # px of a tile, below which nothing can be seen in it


class TileGrid(QWidget):
    """``chosen`` carries the tile that was clicked or reached by the arrow keys; ``doubled`` one clicked twice."""

    chosen = pyqtSignal(int)
    doubled = pyqtSignal(int)

    def __init__(self, rows: int | None = None, columns: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setFocusPolicy(Qt.TabFocus)
        self._rows, self._columns = rows, columns
        self._images: Sequence[QImage] = ()
        self._words: Sequence[str] = ()
        self._off: frozenset[int] = frozenset()
        self._chosen = -1
        self._theme = DARK
        self._most_edge = 10_000

    def set_theme(self, theme: Theme) -> None:
        """The frame around the chosen tile."""
        self._theme = theme
        self.update()

    def set_most_edge(self, edge: int) -> None:
        """Tiles are never larger than this, in px."""
        self._most_edge = edge
        self.update()

    def show_tiles(self, images: Sequence[QImage], words: Sequence[str] = ()) -> None:
        """Show these pictures; ``words`` are what each says of itself under the mouse."""
        self._images, self._words = images, words
        self.update()

    def show_chosen(self, number: int) -> None:
        """Frame this tile, silently; -1 frames none."""
        if number != self._chosen:
            self._chosen = number
            self.update()

    def show_off(self, off: Sequence[int]) -> None:
        """Cross these tiles out."""
        off = frozenset(off)
        if off != self._off:
            self._off = off
            self.update()

    def count(self) -> int:
        """How many tiles there are."""
        return len(self._images)

    def places(self) -> list[QRect]:
        """Where the tiles stand."""
        count = len(self._images)
        if not count:
            return []
        columns, edge = self._fit(count)
        rows = -(-count // columns)
        left = (self.width() - columns * edge - (columns - 1) * GAP) // 2 if self._columns else 0
        top = max(0, (self.height() - rows * edge - (rows - 1) * GAP) // 2) if self._rows else 0
        step = edge + GAP
        cells = [QRect(left + n % columns * step, top + n // columns * step, edge, edge) for n in range(count)]
        return [_in_the_middle(cell, image.size()) for cell, image in zip(cells, self._images, strict=True)]

    def height_for(self, width: int) -> int:
        """The height that all tiles take at this width, with a fixed number of columns."""
        columns = self._columns or 1
        edge = min(self._most_edge, (width - (columns - 1) * GAP) // columns)
        rows = -(-max(1, len(self._images)) // columns)
        return rows * (edge + GAP) - GAP

    def sizeHint(self) -> QSize:
        return QSize(300, 200)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.pos())
        if event.button() == Qt.LeftButton and number >= 0:
            self._choose(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.pos())
        if event.button() == Qt.LeftButton and number >= 0:
            self.doubled.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._fit(len(self._images))[0] if self._images else 1
        moves = {Qt.Key_Left: -1, Qt.Key_Right: 1, Qt.Key_Up: -columns, Qt.Key_Down: columns}
        to = self._chosen + moves.get(event.key(), 0)
        if event.key() in moves and 0 <= to < len(self._images):
            self._choose(to)
        elif event.key() in (Qt.Key_Return, Qt.Key_Enter) and self._chosen >= 0:
            self.doubled.emit(self._chosen)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        arrows = (Qt.Key_Left, Qt.Key_Right, Qt.Key_Up, Qt.Key_Down)
        if event.type() == QEvent.ShortcutOverride and event.key() in arrows:
            event.accept()
            return True
        if event.type() == QEvent.ToolTip:
            number = self._at(event.pos())
            if 0 <= number < len(self._words):
                QToolTip.showText(event.globalPos(), self._words[number], self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, (image, place) in enumerate(zip(self._images, self.places(), strict=True)):
            painter.setRenderHint(QPainter.SmoothPixmapTransform, place.width() < image.width())
            painter.setOpacity(0.25 if number in self._off else 1.0)
            painter.drawImage(place, image)
            painter.setOpacity(1.0)
            if number in self._off:
                painter.setPen(pen(self._theme.danger, self._theme.width(2)))
                painter.drawLine(place.topLeft(), place.bottomRight())
                painter.drawLine(place.topRight(), place.bottomLeft())
        if 0 <= self._chosen < len(self._images):
            place = self.places()[self._chosen]
            width = self._theme.width(2.5)
            painter.setPen(pen(QColor(self._theme.accent), width))
            painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _fit(self, count: int) -> tuple[int, int]:
        """Columns, and the tiles' edge: the fixed ones, or those with which the tiles are largest."""
        if self._columns:
            return self._columns, min(self._most_edge, (self.width() - (self._columns - 1) * GAP) // self._columns)
        if self._rows:
            columns = -(-count // self._rows)
            across = (self.width() - (columns - 1) * GAP) // columns
            down = (self.height() - (self._rows - 1) * GAP) // self._rows
            return columns, max(LEAST, min(self._most_edge, across, down))
        best = (1, LEAST)
        for columns in range(1, count + 1):
            rows = -(-count // columns)
            across = (self.width() - (columns - 1) * GAP) // columns
            down = (self.height() - (rows - 1) * GAP) // rows
            edge = min(across, down, self._most_edge)
            if edge > best[1]:
                best = (columns, edge)
        return best

    def _at(self, position: QPoint) -> int:
        return next((n for n, place in enumerate(self.places()) if place.contains(position)), -1)

    def _choose(self, number: int) -> None:
        self.show_chosen(number)
        self.chosen.emit(number)


def _in_the_middle(cell: QRect, size: QSize) -> QRect:
    """Where a picture of this size is as large as it can be in its square."""
    place = QRect(cell.topLeft(), size.scaled(cell.size(), Qt.KeepAspectRatio))
    place.moveCenter(cell.center())
    return place
