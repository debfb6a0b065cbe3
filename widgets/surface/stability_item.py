"""Where a step is stable: the curve on a landscape where the cost bends as much as a rule and its rate bear.

Beyond it the picture is shaded. The curve is worked out when another landscape or another rate comes, and painted once.
Serves the landscape.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath

from engine.analysis.stability import EDGES
from engine.analysis.terrain import Terrain
from engine.landscape.picture import Trail
from widgets.plotting.fast_items import Layer
from widgets.plotting.kept import Kept
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, faded, pen
from widgets.surface import contours

CASING, INK = "#0b0e13", "#ffffff"  # on the picture's own colours, which no theme changes
SHADE = 0.22  # the opacity of what lies beyond
LEAST_SHARE = 0.004  # of the samples, on either side: a speck is no region


def words_of(trail: Trail, sign: str = "=", is_one_of_several: bool = False) -> str:
    """The line of a descent's rule, with its number: ``λ = 2/η = 6.67``, and whose that is where there are others."""
    line = f"λ {sign} {EDGES[trail.optimizer].formula} = {short(trail.edge)}"
    return f"{trail.label}: {line}" if is_one_of_several else line


def beyond(terrain: Terrain, edge: float | None) -> np.ndarray | None:
    """Which samples of a terrain bend too much, in z's shape; None where all or none does."""
    if edge is None or terrain.bends is None:
        return None
    found = terrain.bends > edge
    return found if LEAST_SHARE < found.mean() < 1 - LEAST_SHARE else None


def curve(terrain: Terrain, edge: float | None) -> np.ndarray:
    """The segments (s, 2, 2) of the curve on a terrain over two parameters; none where there is no curve."""
    if terrain.y is None or beyond(terrain, edge) is None:
        return np.empty((0, 2, 2))
    bends = np.nan_to_num(terrain.bends, nan=edge)
    return contours.segments(terrain.x, terrain.y, bends, edge)


class _Stability(Layer):
    """The shade, the curve and its words."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._key: tuple = ()
        self._shade: QImage | None = None
        self._path = QPainterPath()
        self._words, self._at = "", np.empty((0, 2))

    @property
    def words(self) -> str:
        """What is written at the curve; empty where there is none."""
        return self._words

    def is_beyond(self, bend: float) -> bool:
        """Whether that is more than a step bears."""
        return bool(self._words) and bend > self._key[1]

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_of(
        self, terrain: Terrain | None, trail: Trail | None, outline: QRectF, is_one_of_several: bool = False
    ) -> None:
        """The curve of this descent's rule and rate; the same again costs nothing."""
        edge = None if trail is None else trail.edge
        key = (terrain, edge, None if trail is None else (trail.optimizer, trail.label), is_one_of_several)
        if key == self._key:
            return
        self._key = key
        self.set_bounds(outline)
        lines = np.empty((0, 2, 2)) if terrain is None else curve(terrain, edge)
        self._shade = _shade(beyond(terrain, edge)) if len(lines) else None
        ends = lines.reshape(-1, 2)
        self._path = pg.functions.arrayToQPath(ends[:, 0], ends[:, 1], connect="pairs") if len(ends) else QPainterPath()
        self._words, self._at = "", lines.mean(axis=1)
        if len(lines):
            self._words = words_of(trail, is_one_of_several=is_one_of_several)
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        if self._shade is None:
            return
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        painter.drawImage(self._bounds, self._shade)
        painter.setRenderHint(QPainter.Antialiasing)
        for stroke in (pen(faded(CASING, 0.45), self._theme.width(2.6)), pen(faded(INK, 0.85), self._theme.width(1.1))):
            painter.setPen(stroke)
            painter.drawPath(self._path)
        self._write(painter)

    def _write(self, painter: QPainter) -> None:
        """Its words, in the corner of the picture that is nearest to the curve."""
        transform = painter.transform()
        painter.resetTransform()
        room = transform.mapRect(self._bounds)
        font = self._theme.font(12, bold=True)
        metrics, gap = QFontMetricsF(font), self._theme.px(7)
        words = self._words
        if metrics.horizontalAdvance(words) > room.width() - 2 * gap:
            words = words.rpartition(": ")[2]  # a small map has no room for whose it is
        width, height = metrics.horizontalAdvance(words), metrics.height()
        corners = [
            QPointF(x, y)
            for x in (room.left() + gap, room.right() - gap - width)
            for y in (room.top() + gap + metrics.ascent(), room.bottom() - gap - metrics.descent())
        ]
        px = self._at * [transform.m11(), transform.m22()] + [transform.dx(), transform.dy()]

        def apart(corner: QPointF) -> float:
            middle = [corner.x() + width / 2, corner.y() - height / 2]
            return float(np.hypot(*(px - middle).T).min())

        text = QPainterPath()
        text.addText(min(corners, key=apart), font, words)
        painter.strokePath(text, pen(CASING, self._theme.width(3.2)))
        painter.fillPath(text, QColor(INK))
        painter.setTransform(transform)


class StabilityItem(Kept, _Stability):
    """Painted once for each view."""


class StabilityBands(Layer):
    """On a curve over one parameter: the stretches where it bends too much, shaded from top to bottom."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._key: tuple = ()
        self.bands: tuple[tuple[float, float], ...] = ()
        self.words = ""

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_of(self, terrain: Terrain, trail: Trail, is_one_of_several: bool = False) -> None:
        """The stretches for this descent's rule and rate; the same again costs nothing."""
        key = (terrain, trail.edge, trail.optimizer, trail.label, is_one_of_several)
        if key == self._key:
            return
        self._key = key
        mask = beyond(terrain, trail.edge)
        self.bands, self.words = (), ""
        if mask is not None:
            ends = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
            pairs = zip(terrain.x[ends[::2]], terrain.x[ends[1::2] - 1], strict=True)
            self.bands = tuple((float(left), float(right)) for left, right in pairs)
            self.words = words_of(trail, ">", is_one_of_several)
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        if not self.bands:
            return
        transform = painter.transform()
        painter.resetTransform()
        widest = QRectF()
        for left, right in self.bands:
            band = transform.mapRect(QRectF(QPointF(left, self._bounds.top()), QPointF(right, self._bounds.bottom())))
            painter.fillRect(band, faded(self._theme.warning, 0.13))
            painter.setPen(pen(faded(self._theme.warning, 0.8), self._theme.width(1.2), Qt.DashLine))
            for x in (band.left(), band.right()):
                painter.drawLine(QPointF(x, band.top()), QPointF(x, band.bottom()))
            widest = band if band.width() > widest.width() else widest
        self._write(painter, widest)
        painter.setTransform(transform)

    def _write(self, painter: QPainter, band: QRectF) -> None:
        """The words at the foot of the widest band, pushed back into the picture where it is narrow."""
        font = self._theme.font(12)
        metrics = QFontMetricsF(font)
        room = QRectF(painter.viewport()) if painter.clipBoundingRect().isEmpty() else painter.clipBoundingRect()
        width = metrics.horizontalAdvance(self.words)
        left = min(max(band.center().x() - width / 2, room.left() + 4), room.right() - width - 4)
        place = QRectF(left - 3, room.bottom() - metrics.height() - 4, width + 6, metrics.height() + 2)
        painter.fillRect(place, faded(self._theme.background, 0.75))
        painter.setFont(font)
        painter.setPen(QColor(self._theme.warning))
        painter.drawText(place, Qt.AlignCenter, self.words)


def _shade(mask: np.ndarray) -> QImage:
    pixels = np.zeros((*mask.shape, 4), np.uint8)
    pixels[..., 3] = np.where(mask, round(255 * SHADE), 0)
    rows, columns = mask.shape
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format_ARGB32_Premultiplied).copy()


def draw_curve(painter: QPainter, theme: Theme, lines: np.ndarray, project) -> None:
    """The curve's segments (s, 2, 2) on a surface, fainter where they pass behind a hill."""
    if not len(lines):
        return
    px, shown = project(lines.reshape(-1, 2))
    is_shown = np.ones(len(lines), bool) if shown is None else shown.reshape(-1, 2).all(axis=1)
    pairs = px.reshape(-1, 2, 2)
    for chosen, opacity in ((~is_shown, 0.25), (is_shown, 1.0)):
        ends = pairs[chosen].reshape(-1, 2)
        if not len(ends):
            continue
        path = pg.functions.arrayToQPath(ends[:, 0], ends[:, 1], connect="pairs")
        painter.setOpacity(opacity)
        painter.setBrush(Qt.NoBrush)
        for stroke in (pen(faded(CASING, 0.45), theme.width(2.4)), pen(faded(INK, 0.85), theme.width(1.0))):
            painter.setPen(stroke)
            painter.drawPath(path)
    painter.setOpacity(1.0)
