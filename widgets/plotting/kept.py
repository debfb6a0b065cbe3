"""Kept: an item of a plot whose picture is painted once and laid down again, at the screen's own density.

Qt's cache of an item rounds its size to whole px, which at 125 or 150 % stretches it by part of a pixel and leaves
notches in every line. Serves the pictures.
"""

from __future__ import annotations

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QImage, QPainter

from widgets.plotting.pixels import density_of, takes_lines


class Kept:
    """Before a Layer among the bases: its ``paint`` is called when it has been updated, or the view has changed."""

    _kept: QImage | None = None
    _view: tuple = ()

    def update(self, *place) -> None:
        """It looks different now."""
        self._kept = None
        super().update(*place)

    def paint(self, painter: QPainter, option, widget=None) -> None:
        if takes_lines(painter):
            super().paint(painter, option, widget)
            return
        transform, device = painter.transform(), painter.device()
        density = round(density_of(painter), 6)
        size = QSize(round(device.width() * density), round(device.height() * density))
        view = (transform.m11(), transform.m22(), transform.dx(), transform.dy(), size.width(), size.height(), density)
        if self._kept is None or view != self._view:
            self._view = view
            self._kept = QImage(size, QImage.Format_ARGB32_Premultiplied)
            self._kept.setDevicePixelRatio(density)
            self._kept.fill(Qt.transparent)
            brush = QPainter(self._kept)
            brush.setTransform(transform)
            super().paint(brush, option, widget)
            brush.end()
        painter.resetTransform()
        painter.drawImage(0, 0, self._kept)
        painter.setTransform(transform)
