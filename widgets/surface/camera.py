"""Camera: where a surface is looked at from, so that the whole of it fits the picture. Serves the scenes."""

from __future__ import annotations

from math import radians, tan

import numpy as np
from PyQt5.QtGui import QMatrix4x4

from widgets.surface.terrain_mesh import FLOOR, HALF_HEIGHT

NEAR, FAR = 0.2, 5.0  # of the camera's distance from the middle
FILL = np.array([0.87, 0.95])  # of the picture's width and height that the body takes; the rest is for words
ASIDE = 0.08  # of half the width: the upright axis has its words on the left


class Camera:
    """It stands ``opts["distance"]`` from the middle, turned by azimuth and elevation, as pyqtgraph has it.

    Whoever mixes it in has ``opts``, ``width()``, ``height()`` and ``viewMatrix()``.
    """

    _shift = (0.0, 0.0)
    _zoom = 1.0

    def put_back(self) -> None:
        """The camera where it was at first."""
        self.opts.update(fov=30, elevation=50, azimuth=-62)
        self._zoom = 1.0

    def turn(self, azimuth: float, elevation: float) -> None:
        """Turn and tilt the camera by so many degrees; never below the floor, nor over the top."""
        self.opts["azimuth"] += azimuth
        self.opts["elevation"] = float(np.clip(self.opts["elevation"] + elevation, 2, 90))

    def zoom(self, factor: float) -> None:
        """Nearer by so much, from where the whole body just fits."""
        self._zoom = float(np.clip(self._zoom * factor, 0.7, 2.5))

    def projectionMatrix(self, region, viewport) -> QMatrix4x4:
        # pyqtgraph's own planes are a million apart, which leaves no digits for the distances
        distance = self.opts["distance"]
        near = distance * NEAR
        right = near * tan(0.5 * radians(self.opts["fov"])) * max(1.0, self.width() / max(self.height(), 1))
        top = right * self.height() / max(self.width(), 1)
        matrix = QMatrix4x4()
        matrix.translate(*self._shift, 0)
        matrix.frustum(-right, right, -top, top, near, distance * FAR)
        return matrix

    def matrix(self) -> np.ndarray:
        """From the scene's coordinates to clip coordinates, (4, 4)."""
        return np.array((self.projectionMatrix(None, None) * self.viewMatrix()).copyDataTo()).reshape(4, 4)

    def fit(self) -> None:
        """Stand where the whole body just fits, then as much nearer as a person has zoomed."""
        corners = np.array([[x, y, z, 1] for x in (-1, 1) for y in (-1, 1) for z in (-FLOOR, HALF_HEIGHT)])
        near, far, self._shift = 1.5, 20.0, (0.0, 0.0)
        for _ in range(24):
            self.opts["distance"] = (near + far) / 2
            low, high = self._edges(corners)
            fits = bool(((high - low) / 2 <= FILL).all())
            near, far = (near, self.opts["distance"]) if fits else (self.opts["distance"], far)
        self.opts["distance"] = far
        low, high = self._edges(corners)
        self._shift = tuple(-(low + high) / 2 + [ASIDE, 0.0])
        self.opts["distance"] = far / self._zoom

    def _edges(self, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From where to where the body reaches in the picture, (x, y) in -1..1."""
        clip = corners @ self.matrix().T
        share = clip[:, :2] / np.maximum(clip[:, 3:], 1e-3)
        return share.min(axis=0), share.max(axis=0)
