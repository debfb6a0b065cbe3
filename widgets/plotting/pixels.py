"""Arrays as QImages, and where a square fits: what all pictures made of pixels need. Serves the drawing of a frame."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from PyQt5.QtCore import QRect
from PyQt5.QtGui import QImage, QPainter, qRgb

from widgets.style.colours import table


def density_of(painter: QPainter) -> float:
    """Dots a px where this paints: the screen's, or those of the picture that a widget is rendered into."""
    drawn, asked = painter.deviceTransform(), painter.transform()
    lengths = [math.hypot(matrix.m11(), matrix.m12()) for matrix in (drawn, asked)]
    return lengths[0] / lengths[1] if lengths[1] else painter.device().devicePixelRatioF()


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


def whole_zoom(edge: float, pixels: int, ratio: float) -> int:
    """The length, in the window's units, at which a picture of ``pixels`` fits into ``edge``.

    A whole number of screen pixels for each of the picture's, where that leaves little of the room empty.
    """
    zoom = edge * ratio / max(1, pixels)
    whole = int(zoom)
    if whole >= 2 and whole / zoom > 0.75:
        zoom = whole
    return int(pixels * zoom / ratio)


def square_in(room: QRect, pixels: int, ratio: float) -> QRect:
    """The largest square for a picture of ``pixels`` in a room, in its middle."""
    edge = whole_zoom(min(room.width(), room.height()), pixels, ratio)
    return QRect(room.left() + (room.width() - edge) // 2, room.top() + (room.height() - edge) // 2, edge, edge)
