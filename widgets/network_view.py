"""NetworkView: the network as a diagram, nodes coloured by bias and edges by weight, with numbers under the mouse.

Serves the regression's picture.
"""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QLineF, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.regression_picture import RegressionPicture
from widgets.diagram import Column, Diagram, diagram_of
from widgets.number_text import short
from widgets.signed_bar import SignedBar
from widgets.signed_colours import colour
from widgets.theme import DARK, Theme, pen
from widgets.throttle import Throttle

PACE_MS = 80
SHADES = 16  # of the edges' colours: one pen each, however many edges
MOST_EDGES = 1000
MOST_WIDE = 36  # edges wider than one px, which Qt takes a hundred times as long to draw
NEAR = 6.0  # px from an edge at which it is named


class NetworkView(QWidget):
    """The diagram with its heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._paced = Throttle(self._draw, self, PACE_MS)
        self.diagram = _Picture()
        self._caption, self._hover = QLabel(), QLabel()
        self._caption.setProperty("role", "caption")
        self._hover.setProperty("role", "quiet")
        self.diagram.pointed.connect(self._hover.setText)
        self._bar = SignedBar()
        heading = QHBoxLayout()
        heading.setContentsMargins(8, 0, 12, 0)
        heading.setSpacing(16)
        heading.addWidget(self._caption)
        heading.addWidget(self._hover, 1)
        heading.addWidget(self._bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(heading)
        layout.addWidget(self.diagram, 1)

    def set_theme(self, theme: Theme) -> None:
        """Diagram and bar."""
        self._theme = theme
        self._bar.set_theme(theme)
        self.diagram.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment, a few times a second."""
        if frame.picture.tensors:
            self._paced.show(frame.picture)

    def words(self) -> str:
        """The numbers under the mouse."""
        return self._hover.text()

    def _draw(self, picture: RegressionPicture) -> None:
        diagram = diagram_of(picture.tensors)
        largest = max(float(np.abs(values).max()) for _, values in picture.tensors)
        self._bar.show_reach(largest)
        self.diagram.show_diagram(diagram, largest)
        sizes = " → ".join(f"{column.size:,}" for column in diagram.columns)
        self._caption.setText(sizes)
        self._caption.setToolTip("The sizes of the layers, from the input to the output.")


class _Picture(QWidget):
    """Paints a Diagram; ``pointed`` carries what is under the mouse, in words."""

    pointed = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._diagram: Diagram | None = None
        self._reach = 1.0
        self._mouse: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Ignored)
        self.setMinimumSize(120, 80)
        self.setMouseTracking(True)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_diagram(self, diagram: Diagram, reach: float) -> None:
        """``reach`` is the size of a weight that has the full colour."""
        self._diagram, self._reach = diagram, reach
        self.update()
        self.pointed.emit(self._words())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = QPointF(event.pos())
        self.pointed.emit(self._words())
        self.update()

    def leaveEvent(self, event) -> None:
        self._mouse = None
        self.pointed.emit("")
        self.update()

    def node(self, column: int, row: int) -> QPointF:
        """Where the row-th drawn node of a column stands."""
        assert self._diagram is not None
        count = len(self._diagram.columns[column].shown)
        high = self.height() - self._theme.px(48)
        step = min(high / count, self._theme.px(46))
        top = (high - step * count) / 2 + step / 2
        side = self._theme.px(56)
        wide = self.width() - 2 * side
        return QPointF(side + wide * column / (len(self._diagram.columns) - 1), top + step * row + self._theme.px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._diagram is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        taken = self._taken_node()
        edge = None if taken else self._taken_edge()
        for gap in range(len(self._diagram.weights)):
            self._paint_edges(painter, gap, taken)
        if edge is not None:
            gap, start, end = edge
            painter.setPen(pen(self._theme.text, self._theme.width(3)))
            painter.drawLine(QLineF(self.node(gap, start), self.node(gap + 1, end)))
        for number, column in enumerate(self._diagram.columns):
            self._paint_column(painter, number, column, taken)

    def _paint_edges(self, painter: QPainter, gap: int, taken: tuple[int, int] | None) -> None:
        diagram, theme = self._diagram, self._theme
        left, right = diagram.columns[gap], diagram.columns[gap + 1]
        values = diagram.weights[gap][np.ix_(left.shown, right.shown)]
        starts, ends = np.indices(values.shape).reshape(2, -1)
        flat = values.ravel() if diagram.tensors[gap] else 0.25 * self._reach * values.ravel()
        most = MOST_EDGES // max(1, len(diagram.weights))
        order = np.argsort(np.abs(flat), kind="stable")[-most:]  # the strongest on top
        if taken is not None:
            mine = (starts == taken[1]) if taken[0] == gap else (ends == taken[1]) if taken[0] == gap + 1 else None
            order = order[mine[order]] if mine is not None else order[:0]
        size = np.abs(flat) / max(self._reach, 1e-30)
        shade = np.minimum((size * SHADES).astype(int), SHADES - 1) * np.where(flat < 0, -1, 1)
        from_points = [self.node(gap, row) for row in range(len(left.shown))]
        to_points = [self.node(gap + 1, row) for row in range(len(right.shown))]
        wide = set(order[-(MOST_WIDE // len(diagram.weights)) :].tolist())
        groups: dict[tuple[int, bool, bool], list[QLineF]] = {}
        for number in order.tolist():
            line = QLineF(from_points[starts[number]], to_points[ends[number]])
            is_wide = number in wide and size[number] > 0.15
            groups.setdefault((int(shade[number]), bool(flat[number] < 0), is_wide), []).append(line)
        for (level, is_negative, is_wide), lines in groups.items():
            share = (abs(level) + 0.5) / SHADES
            made = colour((-share if is_negative else share) * self._reach, self._reach, theme)
            if not diagram.tensors[gap]:
                made = QColor(theme.control)
            painter.setPen(pen(made, theme.width(1 + 2.8 * share) if is_wide else 1.0))
            painter.drawLines(lines)

    def _paint_column(self, painter: QPainter, number: int, column: Column, taken: tuple[int, int] | None) -> None:
        theme = self._theme
        step = abs(self.node(number, 1).y() - self.node(number, 0).y()) if len(column.shown) > 1 else theme.px(46)
        radius = max(theme.px(3), min(theme.px(15), 0.40 * step))
        painter.setFont(theme.font(12))
        for row, node in enumerate(column.shown):
            at = self.node(number, row)
            is_taken = taken == (number, row)
            bias = float(column.bias[node]) if column.bias is not None else 0.0
            painter.setBrush(colour(bias, self._reach, theme))
            painter.setPen(pen(theme.text if is_taken else theme.quiet, theme.width(2.4 if is_taken else 1.3)))
            painter.drawEllipse(at, radius, radius)
            if len(column.names[row]) < 3 and radius >= theme.px(10) and column.size == len(column.names) <= 10:
                painter.setPen(QColor(theme.text))
                box = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
                painter.drawText(box, Qt.AlignCenter, column.names[row])
        painter.setPen(QColor(theme.quiet))
        middle, high = self.node(number, 0).x(), theme.px(16)
        name = QRectF(middle - theme.px(60), self.height() - 2 * high, theme.px(120), high)
        painter.drawText(name, Qt.AlignCenter, column.name)
        if column.size > 1:
            drawn = len(column.shown)
            said = f"{column.size:,}" if drawn == column.size else f"{drawn} of {column.size:,}"
            painter.drawText(name.translated(0, high), Qt.AlignCenter, said)

    def _taken_node(self) -> tuple[int, int] | None:
        if self._mouse is None or self._diagram is None:
            return None
        for number, column in enumerate(self._diagram.columns):
            for row in range(len(column.shown)):
                offset = self.node(number, row) - self._mouse
                if offset.manhattanLength() < self._theme.px(11):
                    return number, row
        return None

    def _taken_edge(self) -> tuple[int, int, int] | None:
        """The nearest edge under the mouse: its gap, and the rows of its two nodes."""
        if self._mouse is None or self._diagram is None:
            return None
        for gap in range(len(self._diagram.weights)):
            left, right = self._diagram.columns[gap], self._diagram.columns[gap + 1]
            x0, x1 = self.node(gap, 0).x(), self.node(gap + 1, 0).x()
            if not x0 < self._mouse.x() < x1:
                continue
            share = (self._mouse.x() - x0) / (x1 - x0)
            starts = np.array([self.node(gap, row).y() for row in range(len(left.shown))])
            ends = np.array([self.node(gap + 1, row).y() for row in range(len(right.shown))])
            away = np.abs(starts[:, None] * (1 - share) + ends[None, :] * share - self._mouse.y())
            start, end = np.unravel_index(away.argmin(), away.shape)
            return (gap, int(start), int(end)) if away[start, end] < NEAR else None
        return None

    def _words(self) -> str:
        node = self._taken_node()
        if node is not None:
            column = self._diagram.columns[node[0]]
            index = int(column.shown[node[1]])
            said = column.name if column.size == 1 else f"{column.name}, node {index + 1}"
            if column.bias is not None:
                said += f": bias {short(float(column.bias[index]), 4)}"
            if node[0] and self._diagram.tensors[node[0] - 1]:
                into = self._diagram.weights[node[0] - 1][:, index]
                weights = "one weight" if len(into) == 1 else f"{len(into)} weights"
                said += f", {weights} in, {short(float(into.min()), 3)} to {short(float(into.max()), 3)}"
            return said
        edge = self._taken_edge()
        if edge is None:
            return ""
        gap, start, end = edge
        if not self._diagram.tensors[gap]:
            return "added up as it is: no weight"
        row = int(self._diagram.columns[gap].shown[start])
        column = int(self._diagram.columns[gap + 1].shown[end])
        value = float(self._diagram.weights[gap][row, column])
        return f"{self._diagram.tensors[gap]}[{row + 1}, {column + 1}] = {short(value, 4)}"
