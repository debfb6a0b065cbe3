"""TerrainItem: a landscape over two parameters as a filled picture, with contour lines that are painted once and kept.

The painted lines are kept until the view changes, so that a moving ball or growing basins don't cost them
again. Serves the landscape.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QColor, QImage, QPainter, QPainterPath

from engine.analysis.terrain import Terrain
from engine.landscape.picture import Basins
from widgets.plotting.fast_items import Layer
from widgets.plotting.kept import Kept
from widgets.plotting.pixels import image_of
from widgets.style import colours
from widgets.style.theme import Theme, pen
from widgets.surface import contours

LEVELS = 14
# Tol 2021, "Colour schemes", muted: nine that stay apart for colour-blind eyes; then the same nine lighter, and darker.
_MUTED = ("#332288", "#88CCEE", "#44AA99", "#117733", "#999933", "#DDCC77", "#CC6677", "#882255", "#AA4499")
_SHADES = (("#ffffff", 0.45), ("#000000", 0.4))
LOST = "#6b7280"
ON_ITS_WAY = "#c9ced6"  # of no minimum yet, when its steps were over


class _Ground(Layer):
    """The background of the picture: the cost's colours and contours, or the basins' colours and contours."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._minima = np.empty((0, 2))
        self._rect = QRectF()
        self._is_basins = False
        self._lines = _ContourLines()
        self._lines.setParentItem(self)

    def set_theme(self, theme: Theme) -> None:
        """Only the contours' width follows the theme."""
        self._lines.show_width(1.1 * theme.line_scale)

    def show_terrain(self, terrain: Terrain) -> None:
        """Take another terrain: its picture and its contour lines are made here, once."""
        self._minima = terrain.minima
        self._rect = _outline(terrain.x, terrain.y)
        self.set_bounds(self._rect)
        self._lines.show_terrain(terrain, self._rect)
        self.setOpacity(1.0)
        self._show(colours.image(terrain.z, "viridis", terrain.logarithmic), is_basins=False)

    def show_basins(self, basins: Basins, is_outdated: bool = False) -> None:
        """Colour every start by where it ends; the contours stay. An outdated map is pale."""
        self.setOpacity(OUTDATED if is_outdated else 1.0)
        names = [BASIN_COLOURS[number] for number in basin_colours(self._minima)]
        # -2 is on its way, -1 lost: the two entries after the minima's, which NumPy counts from the end
        table = np.array([_rgb(name) for name in (*names, ON_ITS_WAY, LOST)], np.uint8)
        owner = basins.owner
        self._show(table[owner], is_basins=True)

    def _show(self, rgb: np.ndarray, is_basins: bool) -> None:
        self._image = image_of(rgb)
        self._is_basins = is_basins
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        if self._image is None:
            return
        painter.setRenderHint(QPainter.SmoothPixmapTransform, not self._is_basins)
        painter.drawImage(self._rect, self._image)


class _Contours(Layer):
    """The lines alone."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[QPainterPath] = []
        self._width = 1.1

    def show_width(self, width: float) -> None:
        self._width = width
        self.update()

    def show_terrain(self, terrain: Terrain, bounds: QRectF) -> None:
        self.set_bounds(bounds)
        shares = colours.shares(np.asarray(terrain.z, float), terrain.logarithmic)
        self._paths = []
        for level in np.linspace(0, 1, LEVELS + 2)[1:-1]:
            found = contours.segments(terrain.x, terrain.y, shares, float(level)).reshape(-1, 2)
            if len(found):
                self._paths.append(pg.functions.arrayToQPath(found[:, 0], found[:, 1], connect="pairs"))
        self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setPen(pen(QColor(255, 255, 255, 70), self._width))
        for path in self._paths:
            painter.drawPath(path)


class _ContourLines(Kept, _Contours):
    """They are expensive to paint."""


class TerrainItem(Kept, _Ground):
    """The stretched picture is kept, too."""


def _mixed(name: str, other: str, share: float) -> str:
    ends = QColor(name).getRgbF()[:3], QColor(other).getRgbF()[:3]
    return QColor.fromRgbF(*(a + share * (b - a) for a, b in zip(*ends, strict=True))).name()


BASIN_COLOURS = _MUTED + tuple(_mixed(name, other, share) for other, share in _SHADES for name in _MUTED)
OUTDATED = 0.35  # the opacity of a map of other settings than those that hold


def basin_colours(minima: np.ndarray) -> list[int]:
    """For each minimum, (m, 2), a number into BASIN_COLOURS, so that the same colour is as far away as can be."""
    chosen: list[int] = []
    size = np.ptp(minima, axis=0) if len(minima) > 1 else 1.0
    for place in minima:
        apart = [float("inf")] * len(BASIN_COLOURS)
        for other, colour in zip(minima, chosen, strict=False):
            apart[colour] = min(apart[colour], float(np.linalg.norm((place - other) / np.where(size == 0, 1, size))))
        chosen.append(int(np.argmax(apart)))
    return chosen


def basin_colour(number: int, minima: np.ndarray) -> QColor:
    """The colour of the starts that end in this minimum; -1 for the lost ones, -2 for those still on their way."""
    if number < 0:
        return QColor(LOST if number == -1 else ON_ITS_WAY)
    return QColor(BASIN_COLOURS[basin_colours(minima)[number]])


def _outline(x: np.ndarray, y: np.ndarray) -> QRectF:
    """The samples are the pixels' centres."""
    half_x, half_y = float(x[1] - x[0]) / 2, float(y[1] - y[0]) / 2
    return QRectF(
        float(x[0]) - half_x, float(y[0]) - half_y, float(x[-1] - x[0]) + 2 * half_x, float(y[-1] - y[0]) + 2 * half_y
    )


def _rgb(name: str) -> tuple[int, int, int]:
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()
