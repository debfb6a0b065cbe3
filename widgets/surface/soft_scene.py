"""SoftScene: a surface drawn by NumPy alone, for a picture in a file: the same body, camera and light as OpenGL's.

Each triangle is filled pixel by pixel and the nearest is seen; all triangles go together. It takes some tenths of a
second, once for each camera. Serves the surface.
"""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QLineF, QSize, Qt
from PyQt5.QtGui import QColor, QImage, QMatrix4x4, QPainter, QPen

from widgets.surface.camera import Camera
from widgets.surface.terrain_mesh import TerrainMesh

SMOOTHING = 2  # times the dots each way that are drawn, and then put together
DENSE = 700_000  # dots, of a picture that is smooth enough by itself
CONTOUR = 0.45  # opacity
CONTOUR_WIDTH = 1.2  # px
BEHIND = 0.01  # of the body: how far behind the surface a contour is hidden


class SoftContext:
    """In the place of GlContext, for pictures that are drawn without OpenGL."""

    problem = ""

    def scene(self) -> SoftScene:
        """What draws a body."""
        return SoftScene()


class SoftScene(Camera):
    """See GlScene."""

    def __init__(self) -> None:
        self.opts: dict[str, float] = {"distance": 4.0}
        self._size = QSize(1, 1)
        self._mesh: TerrainMesh | None = None
        self.put_back()

    def show_body(self, mesh: TerrainMesh) -> None:
        """This body and no other, with its contour lines."""
        self._mesh = mesh

    def width(self) -> int:
        return self._size.width()

    def height(self) -> int:
        return self._size.height()

    def viewMatrix(self) -> QMatrix4x4:
        matrix = QMatrix4x4()
        matrix.translate(0.0, 0.0, -self.opts["distance"])
        matrix.rotate(self.opts["elevation"] - 90, 1, 0, 0)
        matrix.rotate(self.opts["azimuth"] + 90, 0, 0, -1)
        return matrix

    def picture(self, size: QSize, background: QColor, samples: int) -> tuple[QImage, np.ndarray]:
        """The scene as an image of ``size`` px, and its distances, (height, width) float32 in units of the scene."""
        self._size = size
        self.fit()
        smoothing = SMOOTHING if size.width() * size.height() < DENSE else 1
        fine = size * smoothing
        pixels, distance = self._filled(fine, background)
        image = QImage(pixels.data, fine.width(), fine.height(), 4 * fine.width(), QImage.Format_ARGB32_Premultiplied)
        self._draw_contours(image, distance, CONTOUR_WIDTH * smoothing)
        small = image.scaled(size, Qt.IgnoreAspectRatio, Qt.SmoothTransformation).copy()  # not this array's memory
        return small, np.ascontiguousarray(distance[::smoothing, ::smoothing])

    def _filled(self, size: QSize, background: QColor) -> tuple[np.ndarray, np.ndarray]:
        """The triangles' colours, (height, width, 4) as Qt has them, and the distances of what is seen."""
        columns, rows = size.width(), size.height()
        clip = np.column_stack([self._mesh.vertices, np.ones(len(self._mesh.vertices))]) @ self.matrix().T
        depth = np.maximum(clip[:, 3], 1e-6)
        place = (clip[:, :2] / depth[:, None] * [0.5, -0.5] + 0.5) * [columns, rows] - 0.5
        shades = self._mesh.shades[:, [2, 1, 0]] * 255
        found = list(_covered(place[self._mesh.faces], columns, rows))
        at, face, weights = (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else ((), (), ())
        pixels = np.empty((rows * columns, 4), np.uint8)
        pixels[:] = background.blue(), background.green(), background.red(), 255
        distance = np.full(rows * columns, np.inf, np.float32)
        if len(at):
            corners = self._mesh.faces[face]
            away = 1 / (weights / depth[corners]).sum(axis=1)  # what is straight in space, in the picture isn't
            order = np.argsort(-away, kind="stable")  # the nearest is written last
            at, away = at[order], away[order]
            colours = (weights[order, :, None] * shades[corners[order]]).sum(axis=1)
            pixels[at, :3] = (colours + 0.5).astype(np.uint8)
            distance[at] = away
        return pixels.reshape(rows, columns, 4), distance.reshape(rows, columns)

    def _draw_contours(self, image: QImage, distance: np.ndarray, width: float) -> None:
        clip = np.column_stack([self._mesh.lines, np.ones(len(self._mesh.lines))]) @ self.matrix().T
        away = np.maximum(clip[:, 3], 1e-6)
        rows, columns = distance.shape
        place = (clip[:, :2] / away[:, None] * [0.5, -0.5] + 0.5) * [columns, rows]
        at = np.clip(np.nan_to_num(place).astype(int), 0, [columns - 1, rows - 1])
        seen = (away <= distance[at[:, 1], at[:, 0]] + BEHIND).reshape(-1, 2).all(axis=1)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.Antialiasing)
        colour = QColor(0, 0, 0)
        colour.setAlphaF(CONTOUR)
        painter.setPen(QPen(colour, width, Qt.SolidLine, Qt.FlatCap))
        painter.drawLines([QLineF(*ends) for ends in place.reshape(-1, 4)[seen]])
        painter.end()


def _covered(corners: np.ndarray, columns: int, rows: int):
    """The pixels that triangles cover: for each, its place in the picture, the triangle, and its corners' weights.

    ``corners`` (m, 3, 2) in pixels. All triangles are gone through together, by the pixels of the largest.
    """
    low = np.maximum(np.ceil(corners.min(axis=1)), 0).astype(int)
    high = np.minimum(np.floor(corners.max(axis=1)), [columns - 1, rows - 1]).astype(int)
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    size = high - low + 1
    usable = (size > 0).all(axis=1) & (np.abs(area) > 1e-9)
    for right in range(size[usable, 0].max(initial=0)):
        wide = np.flatnonzero(usable & (size[:, 0] > right))
        for down in range(size[wide, 1].max(initial=0)):
            those = wide[size[wide, 1] > down]
            x, y = low[those, 0] + right, low[those, 1] + down
            pa, pb, pc = a[those], b[those], c[those]
            second = ((x - pa[:, 0]) * (pc[:, 1] - pa[:, 1]) - (y - pa[:, 1]) * (pc[:, 0] - pa[:, 0])) / area[those]
            third = ((pb[:, 0] - pa[:, 0]) * (y - pa[:, 1]) - (pb[:, 1] - pa[:, 1]) * (x - pa[:, 0])) / area[those]
            first = 1 - second - third
            inside = (first >= -1e-9) & (second >= -1e-9) & (third >= -1e-9)
            if inside.any():
                weights = np.column_stack([first, second, third])[inside]
                yield (y * columns + x)[inside], those[inside], weights
