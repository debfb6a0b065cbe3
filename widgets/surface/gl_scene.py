"""GlScene: a pyqtgraph.opengl scene that is drawn into a picture, and knows how far away every pixel of it is.

With the distances a painter can draw lines and symbols over the picture that pass behind hills. Serves the surface.
"""

from __future__ import annotations

import numpy as np
from OpenGL import GL
from PyQt5.QtCore import QObject, QSize
from PyQt5.QtGui import QColor, QImage, QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat
from pyqtgraph.opengl import GLLinePlotItem, GLMeshItem
from pyqtgraph.opengl.GLViewWidget import GLViewMixin

from widgets.surface.camera import FAR, NEAR, Camera
from widgets.surface.gl_context import GlContext
from widgets.surface.terrain_mesh import TerrainMesh

CONTOUR = (0.0, 0.0, 0.0, 0.45)
_BEHIND_ITS_LINES = {
    GL.GL_DEPTH_TEST: True,
    GL.GL_BLEND: False,
    GL.GL_CULL_FACE: False,
    GL.GL_POLYGON_OFFSET_FILL: True,
    "glPolygonOffset": (1.0, 1.0),
}


class GlScene(Camera, GLViewMixin, QObject):
    """See Camera for where it is looked at from."""

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._buffers: dict[int, QOpenGLFramebufferObject] = {}
        self._size = QSize(1, 1)
        super().__init__()
        self._body: list = []
        self.put_back()

    def show_body(self, terrain: TerrainMesh) -> None:
        """This body and no other, with its contour lines."""
        self._gl.make_current()
        for item in self._body:
            self.removeItem(item)
        mesh = GLMeshItem(
            vertexes=terrain.vertices,
            faces=terrain.faces,
            vertexColors=terrain.shades,
            smooth=True,
            computeNormals=False,
            glOptions=_BEHIND_ITS_LINES,
        )
        lines = GLLinePlotItem(pos=terrain.lines, mode="lines", color=CONTOUR, width=1.2, glOptions="translucent")
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

    def picture(self, size: QSize, background: QColor, samples: int) -> tuple[QImage, np.ndarray]:
        """The scene as an image of ``size`` px, and its distances, (height, width) float32 in units of the scene.

        ``samples`` 0 is the fastest; more smooth the edges.
        """
        self._gl.make_current()
        self._size = size
        self.fit()
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
