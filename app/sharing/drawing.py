"""Drawing: frames of one run as pictures of one look, drawn by the window's own panels. Serves the exports.

Only the thread that owns Qt's widgets may use it; there has to be a QApplication.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PyQt5.QtCore import QBuffer, QIODevice, QMarginsF, QPoint, QRect, QSizeF, Qt
from PyQt5.QtGui import QImage, QPageSize, QPaintDevice, QPainter, QPdfWriter, QRegion
from PyQt5.QtSvg import QSvgGenerator
from PyQt5.QtWidgets import QApplication, QWidget

from app.sharing import svg
from app.sharing.clip_marks import marked
from app.sharing.look import Look
from engine.frames import Analysis, Frame
from engine.lanes import Overlay
from engine.run.spec import RunSpec
from engine.scenes import heading
from widgets.page.figure import Figure
from widgets.pages import PAGES
from widgets.style.application import dress
from widgets.style.theme import THEMES, density

POINTS = 72 / 96  # a px, as browsers count them
MOST_TIMES = 3  # that a moment is drawn: what it needs room for takes it from what was drawn before


class Drawing:
    """``show`` a frame, then ask for it in any format; close() it at the end.

    Args:
        spec: what is drawn.
        analysis: answers what the picture asks (see Runner.analyse): a map of the basins, say; None is no answer yet.
        look: the picture's; its ``theme`` is that of a window so high.
    """

    def __init__(
        self, spec: RunSpec, analysis: Callable[[str, Mapping[str, Any]], Analysis | None], look: Look
    ) -> None:
        self._spec, self._look = spec, look.checked()
        theme = THEMES[look.theme].fitted(look.height)
        with density(look.scale):
            self._figure = figure = Figure(spec, PAGES[spec.experiment], theme, look.is_whole)
            figure.setAttribute(Qt.WA_DontShowOnScreen)
            dress(figure, theme)
            figure.resize(look.width, look.height)
            figure.show()
        QApplication.sendPostedEvents(figure, 0)
        figure.analysis_requested.connect(lambda name, arguments: self.take(analysis(name, arguments)))

    def take(self, analysis: Analysis | None) -> None:
        """The answer to a question of the picture's, for who can't give it at once."""
        if analysis is not None:
            with density(self._look.scale):
                self._figure.show_analysis(analysis)

    def show(self, frame: Frame, beside: tuple[Overlay, ...] = ()) -> None:
        """Draw this moment from now on, and other runs beside it."""
        with density(self._look.scale):
            self._figure.show_overlays(beside)
            room = None
            for _ in range(MOST_TIMES):
                self._figure.show_frame(frame)
                self._figure.settle()
                if room == (room := self._figure.room()):
                    break
            if self._look.is_clear:
                self._figure.clear_ground()

    def image(self) -> QImage:
        """The moment shown, in dots."""
        look = self._look
        image = QImage(*look.dots, QImage.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(look.scale)
        image.fill(Qt.transparent)
        self._paint(image)
        return image

    def pixels(self) -> np.ndarray:
        """The moment shown, (height, width, 3) uint8 of even edges, as films need them."""
        image = self.image().convertToFormat(QImage.Format_RGB888)
        rows = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8)
        rows = rows.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()]
        pixels = rows.reshape(image.height(), image.width(), 3)
        return pixels[: image.height() // 2 * 2, : image.width() // 2 * 2]

    def png(self) -> bytes:
        """As PNG."""
        buffer = _buffer()
        image = self.image()
        image.setDevicePixelRatio(1.0)  # else other programs take it for so much smaller
        image.save(buffer, "PNG")
        return bytes(buffer.data())

    def svg(self) -> bytes:
        """As SVG: text as text, lines as lines, pictures as pictures."""
        buffer, look = _buffer(), self._look
        made = QSvgGenerator()
        made.setOutputDevice(buffer)
        made.setResolution(96)
        made.setSize(self._figure.size())
        made.setViewBox(QRect(0, 0, look.width, look.height))
        with marked(self._figure):
            self._paint(made)
        return svg.mended(bytes(buffer.data()), heading(self._spec), self._spec.about or self._spec.subtitle())

    def pdf(self) -> bytes:
        """As a PDF of one page; text as text, lines as lines."""
        buffer, look = _buffer(), self._look
        made = QPdfWriter(buffer)
        made.setResolution(96)
        made.setTitle(heading(self._spec))
        made.setCreator("Fall Line")
        made.setPageSize(QPageSize(QSizeF(look.width * POINTS, look.height * POINTS), QPageSize.Point))
        made.setPageMargins(QMarginsF(0, 0, 0, 0))
        self._paint(made)
        return bytes(buffer.data())

    def close(self) -> None:
        """Let the panels go; nothing can be drawn afterwards."""
        figure, self._figure = self._figure, None
        figure.close()

    def _paint(self, device: QPaintDevice) -> None:
        painter = QPainter(device)
        parts = QWidget.DrawChildren
        if not self._look.is_clear:
            parts |= QWidget.DrawWindowBackground
        with density(self._look.scale):
            self._figure.render(painter, QPoint(), QRegion(), parts)
        painter.end()


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.WriteOnly)
    return buffer
