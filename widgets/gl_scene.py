"""GlScene: a pyqtgraph.opengl scene that is drawn into a picture, and knows how far away every pixel of it is.

With the distances a painter can draw lines and symbols over the picture that pass behind hills. Serves the surface.
"""

from __future__ import annotations

from math import radians, tan

import numpy as np
from OpenGL import GL
from PyQt5.QtCore import QObject, QSize
from PyQt5.QtGui import QColor, QImage, QMatrix4x4, QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat
from pyqtgraph.opengl import GLLinePlotItem, GLMeshItem
from pyqtgraph.opengl.GLViewWidget import GLViewMixin

from widgets.gl_context import GlContext
from widgets.relief import FLOOR, HALF_HEIGHT, Relief

NEAR, FAR = 0.2, 5.0  # of the camera's distance from the middle
FILL = np.array([0.87, 0.95])  # of the picture's width and height that the body takes; the rest is for words
ASIDE = 0.08  # of half the width: the upright axis has its words on the left
CONTOUR = (0.0, 0.0, 0.0, 0.45)
_BEHIND_ITS_LINES = {
    GL.GL_DEPTH_TEST: True,
    GL.GL_BLEND: False,
    GL.GL_CULL_FACE: False,
    GL.GL_POLYGON_OFFSET_FILL: True,
    "glPolygonOffset": (1.0, 1.0),
}


class GlScene(GLViewMixin, QObject):
    """The camera stands ``opts["distance"]`` from the middle, turned by azimuth and elevation, as pyqtgraph has it."""

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._buffers: dict[int, QOpenGLFramebufferObject] = {}
        self._size = QSize(1, 1)
        self._shift = (0.0, 0.0)
        super().__init__()
        self._body: list = []
        self.put_back()

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

    def show_body(self, relief: Relief) -> None:
        """This body and no other, with its contour lines."""
        self._gl.make_current()
        for item in self._body:
            self.removeItem(item)
        mesh = GLMeshItem(
            vertexes=relief.vertices,
            faces=relief.faces,
            vertexColors=relief.shades,
            smooth=True,
            computeNormals=False,
            glOptions=_BEHIND_ITS_LINES,
        )
        lines = GLLinePlotItem(pos=relief.lines, mode="lines", color=CONTOUR, width=1.2, glOptions="translucent")
        self._body = [mesh, lines]
        for item in self._body:
            self.addItem(item)

    # what GLViewMixin asks of the widget that it is usually mixed into
    def context(self):
        return self._gl.context

    def isValid(self) -> bool:
        return True

    def update(self) -> None:
        """Nothing: whoever owns the scene asks for its picture."""

    def width(self) -> int:
        return self._size.width()

    def height(self) -> int:
        return self._size.height()

    def devicePixelRatioF(self) -> float:
        return 1.0

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

    def picture(self, size: QSize, background: QColor, samples: int) -> tuple[QImage, np.ndarray]:
        """The scene as an image of ``size`` px, and its distances, (height, width) float32 in units of the scene.

        ``samples`` 0 is the fastest; more smooth the edges.
        """
        self._gl.make_current()
        self._size = size
        self._fit()
        self.initializeGL()
        self.opts["bgcolor"] = background.getRgbF()
        buffer = self._buffer(size, samples)
        buffer.bind()
        GL.glViewport(0, 0, size.width(), size.height())
        self.paintGL()
        image = buffer.toImage()
        if samples:  # a smoothed buffer's distances can't be read
            buffer.release()
            plain = self._buffer(size, 0)
            plain.bind()
            self.paintGL()
        raw = GL.glReadPixels(0, 0, size.width(), size.height(), GL.GL_DEPTH_COMPONENT, GL.GL_FLOAT)
        self._buffers[0].release()
        depth = np.frombuffer(raw, np.float32).reshape(size.height(), size.width())[::-1]
        return image, self._distance(depth)

    def _fit(self) -> None:
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

    def _distance(self, depth: np.ndarray) -> np.ndarray:
        near, far = self.opts["distance"] * NEAR, self.opts["distance"] * FAR
        return near * far / (far - depth * (far - near))

    def _buffer(self, size: QSize, samples: int) -> QOpenGLFramebufferObject:
        buffer = self._buffers.get(samples)
        if buffer is None or buffer.size() != size:
            form = QOpenGLFramebufferObjectFormat()
            form.setAttachment(QOpenGLFramebufferObject.CombinedDepthStencil)
            form.setSamples(samples)
            buffer = self._buffers[samples] = QOpenGLFramebufferObject(size, form)
        return buffer
