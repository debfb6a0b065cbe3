"""GlContext: the window's one OpenGL context, off the screen, in which surfaces are drawn into pictures.

It has to be made before TensorFlow is loaded: on Linux each brings an LLVM along, and the one that comes second must be
kept apart (see engine.backend). It draws into pictures, not onto the window: a widget with OpenGL in it would have Qt
compose the whole window in OpenGL, which costs every frame of every page. Serves the surface.
"""

from __future__ import annotations

from PyQt5.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

OLDEST = (2, 1)
WITHOUT_SCREEN = ("offscreen", "minimal", "vnc", "linuxfb")


class GlContext:
    """``problem`` says in one sentence why there is no OpenGL; empty where there is."""

    def __init__(self) -> None:
        self._surface = QOffscreenSurface()
        self._context = QOpenGLContext()
        self.problem = self._made()

    @property
    def context(self) -> QOpenGLContext:
        return self._context

    def make_current(self) -> bool:
        """From here on, OpenGL's calls in this thread go to this context."""
        return not self.problem and self._context.makeCurrent(self._surface)

    def scene(self):
        """What draws a body with it (widgets.surface.gl_scene.GlScene)."""
        from widgets.surface.gl_scene import GlScene  # imports OpenGL, which may not be there

        return GlScene(self)

    def _made(self) -> str:
        if QGuiApplication.platformName() in WITHOUT_SCREEN:
            return "There is no screen with OpenGL here; the contours show the same landscape."
        try:
            import pyqtgraph.opengl  # noqa: F401 (PyOpenGL may be missing or broken, and that is known only by trying)
        except Exception:
            return "PyOpenGL can't be loaded, so there is no surface; the contours show the same landscape."
        self._surface.create()
        if not self._context.create() or not self._context.makeCurrent(self._surface):
            return "This screen offers no OpenGL, so there is no surface; the contours show the same landscape."
        if self._context.format().version() < OLDEST:
            return "This screen's OpenGL is older than 2.1; the contours show the same landscape."
        return ""
