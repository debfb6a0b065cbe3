"""Arrays as QImages, and where a picture fits: what all pictures made of pixels need. Serves the drawing of a frame."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from PyQt5.QtCore import QRect, QSize
from PyQt5.QtGui import QImage, QPaintEngine, QPainter, qRgb

from widgets.style.colours import table

VECTORS = (QPaintEngine.SVG, QPaintEngine.Pdf, QPaintEngine.Picture)


def density_of(painter: QPainter) -> float:
    """Dots a px where this paints: the screen's, or those of the picture that a widget is rendered into."""
    drawn, asked = painter.deviceTransform(), painter.transform()
    lengths = [math.hypot(matrix.m11(), matrix.m12()) for matrix in (drawn, asked)]
    return lengths[0] / lengths[1] if lengths[1] else painter.device().devicePixelRatioF()


def takes_lines(painter: QPainter) -> bool:
    """Whether this paints on a page of lines, SVG or PDF, and not on dots."""
    return painter.paintEngine().type() in VECTORS


def image_of(pixels: np.ndarray) -> QImage:
    """A uint8 picture (rows, columns, 3) as an image of its own."""
    pixels = np.ascontiguousarray(pixels)
    rows, columns = pixels.shape[:2]
    return QImage(pixels.data, columns, rows, 3 * columns, QImage.Format_RGB888).copy()


def mapped_image(shades: np.ndarray, colours: str = "viridis", rooted: bool = False) -> QImage:
    """A uint8 array (rows, columns) as an image of its own, coloured by a map of widgets.style.colours.

    ``rooted``: brightness follows the root of the value, or all but the largest would be black.
    """
    shades = np.ascontiguousarray(shades)
    rows, columns = shades.shape
    image = QImage(shades.data, columns, rows, columns, QImage.Format_Indexed8)
    image.setColorTable(_colour_table(colours, rooted))
    return image.copy()


@cache
def _colour_table(colours: str, rooted: bool) -> list[int]:
    shades = np.arange(256)
    order = (255 * np.sqrt(shades / 255)).astype(int) if rooted else shades
    return [qRgb(*map(int, colour)) for colour in table(colours)[order]]


def place_in(room: QRect, size: QSize, ratio: float) -> QRect:
    """The largest place for a picture of so many pixels in a room, in its middle.

    A pixel is a whole number of the screen's wide where that leaves little of the room empty.
    """
    zoom = min(room.width() / max(1, size.width()), room.height() / max(1, size.height())) * ratio
    whole = int(zoom)
    if whole >= 2 and whole / zoom > 0.75:
        zoom = whole
    width, height = int(size.width() * zoom / ratio), int(size.height() * zoom / ratio)
    return QRect(room.left() + (room.width() - width) // 2, room.top() + (room.height() - height) // 2, width, height)
