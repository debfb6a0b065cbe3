"""NetworkView: the network as a diagram, nodes coloured by bias and edges by weight, with numbers under the mouse.

Serves the regression's picture.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from PyQt5.QtCore import QLineF, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PyQt5.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.regression.picture import RegressionPicture
from widgets.page.picture_view import PictureView
from widgets.plotting.hover_heading import HoverHeading
from widgets.plotting.signed_bar import SignedBar
from widgets.plotting.throttle import Throttle
from widgets.regression.network_diagram import Column, Diagram, diagram_of
from widgets.style.number_text import short
from widgets.style.signed_colours import colour
from widgets.style.theme import DARK, Theme, dots, pen

PACE_MS = 80
SHADES = 16  # of the edges' colours: one pen each, however many edges
MOST_EDGES = 800
MOST_WIDE = 36  # edges wider than one px, which Qt takes a hundred times as long to draw
NODE_SHADES = 127  # of the nodes' colours, either way of zero
NEAR = 6.0  # px from an edge at which it is named


class NetworkView(PictureView):
    """The diagram with its heading."""

    name = "network"
    shows_any_moment = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._paced = Throttle(self._draw, self, PACE_MS)
        self.diagram = _Picture()
        self._bar = SignedBar()
        heading = HoverHeading("", self._bar)
        self._caption, self._hover = heading.caption, heading.hover
        self.diagram.pointed.connect(self._hover.setText)
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


@dataclass(frozen=True)
class _Layout:
    """``nodes[column][row]``, the distance of a column's nodes, and ``edges[gap]`` from every node to every next."""

    key: tuple
    nodes: list[list[QPointF]]
    steps: list[float]
    edges: list[list[QLineF]]


class _Picture(QWidget):
    """Paints a Diagram; ``pointed`` carries what is under the mouse, in words."""

    pointed = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._diagram: Diagram | None = None
        self._reach = 1.0
        self._mouse: QPointF | None = None
        self._laid: _Layout | None = None
        self._pens: dict[tuple[int, bool], QPen] = {}
        self._stamps: dict[tuple[int, float, bool], QPixmap] = {}
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Ignored)
        self.setMinimumSize(120, 80)
        self.setMouseTracking(True)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._laid = None
        self._pens.clear()
        self._stamps.clear()
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
        return self._layout().nodes[column][row]

    def _layout(self) -> _Layout:
        """Where everything stands, kept until the size, the theme or the columns change: edges are many."""
        assert self._diagram is not None
        counts = tuple(len(column.shown) for column in self._diagram.columns)
        key = self.width(), self.height(), self._theme.scale, counts
        if self._laid is None or self._laid.key != key:
            self._stamps.clear()
            self._laid = self._laid_out(key, counts)
        return self._laid

    def _laid_out(self, key: tuple, counts: tuple[int, ...]) -> _Layout:
        side = self._theme.px(56)
        wide, high = self.width() - 2 * side, self.height() - self._theme.px(48)
        nodes, steps = [], []
        for column, count in enumerate(counts):
            step = min(high / count, self._theme.px(46))
            top = (high - step * count) / 2 + step / 2 + self._theme.px(4)
            x = side + wide * column / (len(counts) - 1)
            nodes.append([QPointF(x, top + step * row) for row in range(count)])
            steps.append(step)
        edges = [[QLineF(start, end) for start in left for end in right] for left, right in itertools.pairwise(nodes)]
        return _Layout(key, nodes, steps, edges)

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
        diagram, lines = self._diagram, self._layout().edges[gap]
        left, right = diagram.columns[gap], diagram.columns[gap + 1]
        is_fixed = not diagram.tensors[gap]
        values = diagram.weights[gap][np.ix_(left.shown, right.shown)]
        flat = 0.25 * self._reach * values.ravel() if is_fixed else values.ravel()
        order = np.argsort(np.abs(flat), kind="stable")[-(MOST_EDGES // len(diagram.weights)) :]  # the strongest on top
        if taken is not None:
            starts, ends = np.divmod(order, len(right.shown))
            mine = (starts == taken[1]) if taken[0] == gap else (ends == taken[1]) if taken[0] == gap + 1 else None
            order = order[mine] if mine is not None else order[:0]
        size = np.abs(flat[order]) / max(self._reach, 1e-30)
        is_wide = size > 0.15
        is_wide[: -(MOST_WIDE // len(diagram.weights))] = False
        level = np.minimum((size * SHADES).astype(int), SHADES - 1)
        kind = (level * 2 + (flat[order] < 0)) * 2 + is_wide
        ends = np.flatnonzero(np.diff(kind)) + 1  # sorted by size, so edges of one kind come in a few runs
        for first, last in itertools.pairwise((0, *ends.tolist(), len(order))):
            if first < last:
                painter.setPen(self._edge_pen(int(kind[first]), is_fixed))
                painter.drawLines([lines[number] for number in order[first:last].tolist()])

    def _edge_pen(self, kind: int, is_fixed: bool) -> QPen:
        made = self._pens.get((kind, is_fixed))
        if made is None:
            (level, is_negative), is_wide = divmod(kind // 2, 2), kind % 2
            share = (level + 0.5) / SHADES
            shade = (
                QColor(self._theme.control) if is_fixed else colour(-share if is_negative else share, 1, self._theme)
            )
            made = pen(shade, self._theme.width(1 + 2.8 * share) if is_wide else 1.0)
            self._pens[kind, is_fixed] = made
        return made

    def _paint_column(self, painter: QPainter, number: int, column: Column, taken: tuple[int, int] | None) -> None:
        theme, layout = self._theme, self._layout()
        step = layout.steps[number] if len(column.shown) > 1 else theme.px(46)
        radius = max(theme.px(3), min(theme.px(15), 0.40 * step))
        painter.setFont(theme.font(12))
        bias = np.zeros(column.size) if column.bias is None else column.bias
        share = np.clip(bias[column.shown] / max(self._reach, 1e-30), -1, 1)
        levels = (share * NODE_SHADES).astype(int).tolist()
        is_named = radius >= theme.px(10) and column.size == len(column.names) <= 10
        for row, (at, level) in enumerate(zip(layout.nodes[number], levels, strict=True)):
            stamp = self._node_stamp(level, radius, taken == (number, row))
            painter.drawPixmap(at - QPointF(1, 1) * (stamp.width() / stamp.devicePixelRatio() / 2), stamp)
            if is_named and len(column.names[row]) < 3:
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

    def _node_stamp(self, level: int, radius: float, is_taken: bool) -> QPixmap:
        """A node as a picture, painted once: there are many alike, and ellipses are expensive."""
        key = level, radius, is_taken
        if key not in self._stamps:
            density = dots()
            side = 2 * math.ceil(radius + 3)
            made = QPixmap(round(side * density), round(side * density))
            made.setDevicePixelRatio(density)
            made.fill(Qt.transparent)
            painter = QPainter(made)
            painter.setRenderHint(QPainter.Antialiasing)
            painter.setBrush(colour(level / NODE_SHADES, 1, self._theme))
            rim = (self._theme.text, 2.4) if is_taken else (self._theme.quiet, 1.3)
            painter.setPen(pen(rim[0], self._theme.width(rim[1])))
            painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)
            painter.end()
            self._stamps[key] = made
        return self._stamps[key]

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
