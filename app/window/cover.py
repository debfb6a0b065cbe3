"""Cover: over a picture that an audience sees: black, or the picture as it was, or a spot where the pointer is."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PyQt5.QtGui import QColor, QCursor, QPainter, QPaintEvent, QPen, QPixmap
from PyQt5.QtWidgets import QWidget

SPOT_SHARE = 0.045  # of the height: the spot's radius
FOLLOWING_MILLISECONDS = 16


class Cover(QWidget):
    """Lies over all of its parent, and lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("cover")
        self.setAttribute(Qt.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.NoFocus)
        self._is_blank = self._has_spot = False
        self._frozen: QPixmap | None = None
        self._following = QTimer(self)
        self._following.setInterval(FOLLOWING_MILLISECONDS)
        self._following.timeout.connect(self.update)
        parent.installEventFilter(self)
        self._show()

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but black."""
        return self._is_blank

    @property
    def is_frozen(self) -> bool:
        """Whether the picture stands still."""
        return self._frozen is not None

    def blank(self, is_blank: bool) -> None:
        """Black, or not."""
        self._is_blank = is_blank
        self._show()

    def freeze(self, is_frozen: bool) -> None:
        """The picture as it is now stays, or goes on."""
        self.hide()  # else it would be in its own picture
        self._frozen = self.parentWidget().grab() if is_frozen else None
        self._show()

    def spot(self, has_spot: bool) -> None:
        """A spot follows the pointer, or not."""
        self._has_spot = has_spot
        self._show()

    def toggle_blank(self) -> None:
        """The other of both."""
        self.blank(not self._is_blank)

    def toggle_freeze(self) -> None:
        """The other of both."""
        self.freeze(not self.is_frozen)

    def toggle_spot(self) -> None:
        """The other of both."""
        self.spot(not self._has_spot)

    def clear(self) -> None:
        """Nothing lies over the picture any more."""
        self._is_blank = self._has_spot = False
        self.freeze(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Resize:
            self.setGeometry(self.parentWidget().rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_blank:
            painter.fillRect(self.rect(), Qt.black)
            return
        if self._frozen is not None:
            painter.drawPixmap(self.rect(), self._frozen)
        if self._has_spot:
            at, radius = QPointF(self.mapFromGlobal(QCursor.pos())), SPOT_SHARE * self.height()
            painter.setRenderHint(QPainter.Antialiasing)
            painter.setPen(QPen(QColor(255, 255, 255, 220), radius / 10))
            painter.setBrush(QColor(255, 60, 40, 110))
            painter.drawEllipse(at, radius, radius)

    def _show(self) -> None:
        is_needed = self._is_blank or self._has_spot or self.is_frozen
        if is_needed:
            self.setGeometry(self.parentWidget().rect())
            self.raise_()
        self.setVisible(is_needed)
        if self._has_spot and not self._is_blank:
            self._following.start()
        else:
            self._following.stop()
        self.update()
