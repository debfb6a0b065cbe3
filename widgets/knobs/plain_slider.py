"""PlainSlider: a slider that takes neither the wheel nor, by a click, the focus: both are the page's."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtWidgets import QSlider, QWidget


class PlainSlider(QSlider):
    """Horizontal; a drag leaves the focus, and so the arrow keys, where they were."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Horizontal, parent)
        self.setFocusPolicy(Qt.TabFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
