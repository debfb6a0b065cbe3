"""Legend: what each line stands for, in a row or a column beside the picture, never over it. Serves the panels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.style import symbols
from widgets.style.theme import DARK, Theme

COLUMN_SPACING, ROW_SPACING = 1.4, 1.2  # of a line's height


@dataclass(frozen=True)
class Entry:
    """One line of a legend: a pen's sample, or a patch of ``fill``, with a descent's symbol where it has a number."""

    label: str
    pen: QPen | None = None
    symbol: int | None = None
    fill: QColor | None = None
    mark: int | None = None  # a dot (0), a square (1) or a cross (2) of ``fill``: how points of data are told apart
    value: str = ""  # quiet text at the right end of a column


class Legend(QWidget):
    """Paints its entries in a row that wraps, or one under the other."""

    def __init__(self, is_column: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_column = is_column
        self._entries: tuple[Entry, ...] = ()
        self._values_shown = True
        self._theme = DARK
        self.setSizePolicy(QSizePolicy.Preferred if is_column else QSizePolicy.Expanding, QSizePolicy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Text and spacing of the theme."""
        self._theme = theme
        self.setFont(theme.font(12 if self._is_column else 11))
        self._fit()
        self.update()

    def set_column(self, is_column: bool) -> None:
        """One under the other, or in a row."""
        if is_column != self._is_column:
            self._is_column = is_column
            self.setSizePolicy(QSizePolicy.Preferred if is_column else QSizePolicy.Expanding, QSizePolicy.Fixed)
            self.set_theme(self._theme)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these lines; the same ones again cost nothing."""
        entries = tuple(entries)
        if entries == self._entries:
            return
        resized = [entry.label for entry in entries] != [entry.label for entry in self._entries]
        self._entries = entries
        if resized:
            self._fit()
        self.update()

    def _fit(self) -> None:
        self.updateGeometry()
        self.setFixedHeight(self.sizeHint().height() if self._is_column else self._height_for(self.width()))

    def set_values_shown(self, are_shown: bool) -> None:
        """Whether a column shows the quiet values at its right end."""
        self._values_shown = are_shown
        self.update()

    def labels(self) -> tuple[str, ...]:
        """What is listed."""
        return tuple(entry.label for entry in self._entries)

    def sizeHint(self) -> QSize:
        if not self._is_column:
            return QSize(100, self._height_for(self.width()))
        metrics = self.fontMetrics()
        texts = [metrics.horizontalAdvance(entry.label + self._longest_value(entry)) for entry in self._entries]
        return QSize(max(texts, default=0) + self._sample() + self._gap() * 3, len(self._entries) * self._row_height())

    def height_of_row(self, width: int) -> int:
        """px that the entries take in a row, wrapped to this width."""
        places = self._row_places(max(width, 1))
        return round(places[-1].bottom()) if places else 0

    def height_of_column(self) -> int:
        """px that the entries take one under the other."""
        return len(self._entries) * self._line_height(COLUMN_SPACING)

    def width_of_row(self) -> int:
        """px with which a row needs no second line."""
        places = self._row_places(1_000_000)
        return math.ceil(places[-1].right()) if places else 0

    def _longest_value(self, entry: Entry) -> str:
        """What an entry's value may become, so that nothing moves when it does."""
        if not (entry.value and self._values_shown):
            return ""
        return "  100%" if entry.value.endswith("%") else "−0.000000"

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if not self._is_column and self._height_for(self.width()) != self.height():
            self.setFixedHeight(self._height_for(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        metrics = self.fontMetrics()
        for entry, rect in zip(self._entries, self._places(self.width()), strict=True):
            middle = rect.center().y()
            self._draw_sample(painter, entry, rect.left(), middle)
            painter.setPen(QColor(self._theme.text))
            text = rect.adjusted(self._sample_of(entry) + self._gap(), 0, 0, 0)
            painter.drawText(text, Qt.AlignLeft | Qt.AlignVCenter, entry.label)
            if entry.value and self._values_shown:
                painter.setPen(QColor(self._theme.quiet))
                advance = metrics.horizontalAdvance(entry.value)
                painter.drawText(QPointF(rect.right() - advance, middle + metrics.ascent() / 2 - 1), entry.value)

    def _draw_sample(self, painter: QPainter, entry: Entry, left: float, middle: float) -> None:
        if entry.mark is not None:
            self._draw_mark(painter, entry, QPointF(left + self._sample_of(entry) - self._theme.px(7), middle))
        elif entry.fill is not None:
            size = self._row_height() * 0.6
            rect = QRectF(left + self._sample() - size, middle - size / 2, size, size)
            painter.setPen(Qt.NoPen)
            painter.setBrush(QBrush(entry.fill))
            painter.drawRoundedRect(rect, 2, 2)
        if entry.pen is not None:
            painter.setPen(entry.pen)
            painter.drawLine(QPointF(left, middle), QPointF(left + self._sample(), middle))
        if entry.symbol is not None:
            outline = QPen(QColor(self._theme.background), 1)
            centre = QPointF(left + self._sample() / 2, middle)
            symbols.draw(painter, entry.symbol, centre, self._theme.px(10), entry.pen or QPen(), outline)

    def _draw_mark(self, painter: QPainter, entry: Entry, centre: QPointF) -> None:
        size = self._theme.px(8)
        made = QPen(entry.fill, size, Qt.SolidLine, Qt.RoundCap if entry.mark == 0 else Qt.SquareCap)
        if entry.mark < 2:
            painter.setPen(made)
            painter.drawPoint(centre)
            return
        made.setWidthF(self._theme.width(2))
        painter.setPen(made)
        arm = size / 2
        for slope in (1, -1):
            painter.drawLine(centre + QPointF(-arm, -slope * arm), centre + QPointF(arm, slope * arm))

    def _places(self, width: int) -> list[QRectF]:
        if self._is_column:
            height = self._line_height(COLUMN_SPACING)
            return [QRectF(0, row * height, width, height) for row in range(len(self._entries))]
        return self._row_places(width)

    def _row_places(self, width: int) -> list[QRectF]:
        height, gap = self._line_height(ROW_SPACING), self._gap()
        places, left, top = [], 0.0, 0.0
        for entry in self._entries:
            advance = self._sample_of(entry) + gap + self.fontMetrics().horizontalAdvance(entry.label) + 2
            if left and left + advance > width:
                left, top = 0.0, top + height
            places.append(QRectF(left, top, advance, height))
            left += advance + 2 * gap
        return places

    def _height_for(self, width: int) -> int:
        places = self._places(max(width, 1))
        return round(places[-1].bottom()) if places else 0

    def _row_height(self) -> int:
        return self._line_height(COLUMN_SPACING if self._is_column else ROW_SPACING)

    def _line_height(self, spacing: float) -> int:
        return round(self.fontMetrics().height() * spacing)

    def _sample_of(self, entry: Entry) -> int:
        return self._sample() if entry.mark is None else self._theme.px(14)

    def _sample(self) -> int:
        return self._theme.px(38 if not self._is_column else 34)

    def _gap(self) -> int:
        return round(self.fontMetrics().height() * 0.5)
