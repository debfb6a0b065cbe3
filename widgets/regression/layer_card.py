"""LayerCard: one layer's parameters: as a heat map, as histograms over the run, its gradient and its inactive units.

Painted by hand: a page of plots for eight layers would cost more than the training. Serves the regression's picture.
"""

from __future__ import annotations

import math

import numpy as np
from PyQt5.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from engine.regression.picture import LayerPicture
from widgets.plotting.pixels import image_of
from widgets.style import colours, signed_colours
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, faded, pen

TALLEST_CELL = 26  # px of a heat map's row
ROW = 24  # px of a vector, with what parts it from the next
MOST_PIXELS = 96  # of a heat map, either way: of a larger matrix only every so-manieth number is painted
LOW = 120  # px of all maps together, below which they have to be drawn closer
GRADIENTS = (-6.0, 1.0)  # decades of the gradient's bar


class LayerCard(QWidget):
    """``pointed`` carries what is under the mouse, in words; it is empty where there is nothing."""

    pointed = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._layer: LayerPicture | None = None
        self._tensors: tuple[tuple[str, np.ndarray], ...] = ()
        self._maps: list[tuple[str, np.ndarray, QImage]] = []
        self._places: list[QRectF] = []
        self._history, self._kept = QImage(), None
        self._history_place = QRectF()
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Ignored)
        self.setMinimumSize(40, 60)
        self.setMouseTracking(True)

    def show_layer(
        self, theme: Theme, layer: LayerPicture, tensors: tuple[tuple[str, np.ndarray], ...], reach: float
    ) -> None:
        """Take a layer with its tensors; ``reach`` is the size of a parameter that has the full colour."""
        self._theme, self._layer, self._tensors = theme, layer, tensors
        laid = [
            (name, values.reshape(1, -1) if 1 in values.shape else np.atleast_2d(values)) for name, values in tensors
        ]
        self._maps = [
            (name, values, image_of(signed_colours.pixels(_at_most(values, MOST_PIXELS), reach, theme)))
            for name, values in laid
        ]
        newest = layer.counts[-1:].tobytes(), layer.epochs[-1:].tobytes()
        kept = len(layer.counts), newest, float(layer.edges[-1]), theme.name
        if kept != self._kept:  # it grows by the epoch
            self._kept, self._history = kept, _history_picture(layer.counts, theme)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layer is None:
            return
        painter = QPainter(self)
        theme, layer = self._theme, self._layer
        line = theme.px(18)
        wide = QRectF(0, 0, self.width(), line)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(QColor(theme.text))
        painter.drawText(wide, Qt.AlignLeft | Qt.AlignVCenter, layer.name.replace("_", " "))
        small = theme.font(11)
        half = (self.height() - 4.3 * line) / 2
        self._paint_maps(painter, QRectF(0, 1.1 * line, self.width(), half), small)
        self._paint_history(painter, QRectF(0, 1.4 * line + half, self.width(), half), small)
        self._paint_gradient(painter, self.height() - 2.6 * line, line, small)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self._words_at(QPointF(event.pos())))

    def leaveEvent(self, event) -> None:
        self.pointed.emit("")

    def _paint_maps(self, painter: QPainter, room: QRectF, font: QFont) -> None:
        theme, line = self._theme, self._theme.px(15)
        self._places = []
        painter.setFont(font)
        is_tight = room.height() < theme.px(LOW)  # then only the first tensor is named, and vectors are thin
        rows = theme.px(ROW if not is_tight else ROW / 2)
        captions = line * (1 if is_tight else len(self._maps))
        left = room.height() - captions - rows * sum(len(values) == 1 for _, values, _ in self._maps)
        matrices = sum(len(values) > 1 for _, values, _ in self._maps)
        top = room.top()
        for number, (name, values, image) in enumerate(self._maps):
            painter.setPen(QColor(theme.quiet))
            shape = "×".join(str(size) for size in dict(self._tensors)[name].shape)
            if number and is_tight:
                top -= line
            else:
                caption = QRectF(0, top, room.width(), line)
                self._write(painter, caption, (f"{name.rpartition('/')[2]}  {shape}", shape))
            high = rows if len(values) == 1 else min(left / matrices, theme.px(TALLEST_CELL) * len(values))
            place = QRectF(0, top + line, room.width() - 1, max(3.0, high - theme.px(4)))
            is_dense = values.shape[1] > place.width() or values.shape[0] > place.height()
            painter.setRenderHint(QPainter.SmoothPixmapTransform, is_dense)
            painter.drawImage(place, image)
            painter.setPen(pen(theme.line, 1))
            painter.setBrush(Qt.NoBrush)
            painter.drawRect(place)
            self._places.append(place)
            top = place.bottom() + theme.px(4)

    def _write(self, painter: QPainter, place: QRectF, texts: tuple[str, ...]) -> None:
        """The first of these texts that fits; the last one whatever its length."""
        metrics = painter.fontMetrics()
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= place.width())
        painter.drawText(place, Qt.AlignLeft | Qt.AlignVCenter, next(fitting, texts[-1]))

    def _paint_history(self, painter: QPainter, room: QRectF, font: QFont) -> None:
        theme, line = self._theme, self._theme.px(15)
        painter.setFont(font)
        painter.setPen(QColor(theme.quiet))
        reach = float(self._layer.edges[-1])
        caption = QRectF(0, room.top(), room.width(), line)
        self._write(
            painter, caption, (f"over the epochs, ±{short(reach, 2)}", f"history ±{short(reach, 2)}", "history")
        )
        place = room.adjusted(0, line, -1, -theme.px(4))
        self._history_place = place
        painter.fillRect(place, QColor(theme.panel))
        if not self._history.isNull():
            painter.setRenderHint(QPainter.SmoothPixmapTransform, False)
            painter.drawImage(place, self._history)
        painter.setPen(pen(faded(theme.quiet, 0.5), 1, Qt.DotLine))
        painter.drawLine(QPointF(place.left(), place.center().y()), QPointF(place.right(), place.center().y()))
        painter.setPen(pen(theme.line, 1))
        painter.drawRect(place)

    def _paint_gradient(self, painter: QPainter, top: float, line: float, font: QFont) -> None:
        theme, layer = self._theme, self._layer
        painter.setFont(font)
        painter.setPen(QColor(theme.quiet))
        words = QRectF(0, top, self.width(), line)
        size = short(layer.gradient, 2)
        self._write(painter, words, (f"gradient {size}", f"∇ {size}"))
        bar = QRectF(0, top + line, self.width(), theme.px(6))
        painter.setPen(Qt.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(bar, 3, 3)
        size = math.log10(layer.gradient) if layer.gradient > 0 else GRADIENTS[0]
        share = min(1.0, max(0.0, (size - GRADIENTS[0]) / (GRADIENTS[1] - GRADIENTS[0])))
        if share > 0:
            painter.setBrush(QColor(theme.series[1]))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), 3, 3)
        below = QRectF(0, bar.bottom() + theme.px(2), self.width(), line)
        if layer.units:
            is_many = layer.inactive > 0.2 * layer.units
            painter.setFont(theme.font(11, bold=bool(layer.inactive)))
            painter.setPen(QColor(theme.warning if is_many else theme.quiet))
            share = f"{layer.inactive / layer.units:.0%}"
            said = f"{layer.word} {layer.inactive} of {layer.units}"
            self._write(painter, below, (said, f"{layer.word} {share}", share))

    def _words_at(self, at: QPointF) -> str:
        for place, (name, values, _) in zip(self._places, self._maps, strict=False):
            if place.contains(at):
                rows, columns = values.shape
                row = min(rows - 1, int((at.y() - place.top()) / place.height() * rows))
                column = min(columns - 1, int((at.x() - place.left()) / place.width() * columns))
                shape = dict(self._tensors)[name].shape
                place_in = np.unravel_index(row * columns + column, shape)
                where = ", ".join(str(int(index) + 1) for index in place_in)
                return f"{name}[{where}] = {short(float(values[row, column]), 4)}"
        if self._history_place.contains(at) and self._layer is not None and len(self._layer.counts):
            counts, place = self._layer.counts, self._history_place
            moment = min(len(counts) - 1, int((at.x() - place.left()) / place.width() * len(counts)))
            number = min(counts.shape[1] - 1, int((place.bottom() - at.y()) / place.height() * counts.shape[1]))
            low, high = self._layer.edges[number], self._layer.edges[number + 1]
            epoch = int(self._layer.epochs[moment])
            return f"epoch {epoch:,}: {int(counts[moment, number])} between {short(low, 2)} and {short(high, 2)}"
        return ""


def _history_picture(counts: np.ndarray, theme: Theme) -> QImage:
    """Counts (moments, bins) as a picture with time to the right and values upwards; nothing is the panel's colour."""
    if not len(counts):
        return QImage()
    shares = np.sqrt(counts / np.maximum(counts.max(axis=1, keepdims=True), 1)).T[::-1]
    ramp = colours.table("viridis")
    ramp = ramp if theme.is_dark else ramp[::-1]
    index = (40 + 215 * shares).astype(np.uint8)
    zero = QColor(theme.panel)
    rgb = np.where(shares[..., None] > 0, ramp[index], (zero.red(), zero.green(), zero.blue())).astype(np.uint8)
    return image_of(rgb)


def _at_most(values: np.ndarray, most: int) -> np.ndarray:
    """Every n-th row and column, so that no more than ``most`` are left either way."""
    rows, columns = (-(-size // most) for size in values.shape)
    return values[::rows, ::columns]
