"""BallPlot: a plot whose balls a hand takes, puts down elsewhere, adds and removes. Serves the knobs of the starts."""

from __future__ import annotations

from PyQt5.QtCore import QPointF, Qt, pyqtSignal
from PyQt5.QtGui import QMouseEvent

from widgets.plotting.axes import Plot

STILL = 4  # px that a click may shake
HINT = "Drag a ball to start elsewhere; click to add a point; right-click a point to take it away."


class BallPlot(Plot):
    """``place_dragged`` carries a ball's number and its place; ``place_clicked`` a place off every ball;
    ``place_removed`` the number of the ball that was clicked with the right button.
    """

    place_dragged = pyqtSignal(int, object)
    place_clicked = pyqtSignal(object)
    place_removed = pyqtSignal(int)

    def __init__(self, bottom: str, left: str) -> None:
        super().__init__(bottom, left)
        self._taken: int | None = None  # what is in the hand
        self._pressed_at: QPointF | None = None
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setToolTip(HINT)

    def taken_at(self, px: QPointF) -> int | None:
        """What a press here takes: a ball's number."""
        raise NotImplementedError

    def place_at(self, px: QPointF) -> tuple[float, ...]:
        """The place under this px, in the plot's coordinates, held inside the landscape."""
        raise NotImplementedError

    def can_add_at(self, px: QPointF) -> bool:
        """Whether a click here is a place on the landscape."""
        raise NotImplementedError

    def drag(self, taken: int, place: tuple[float, ...]) -> None:
        """What is in the hand is moved to this place."""
        self.place_dragged.emit(taken, place)

    def remove(self, taken: int) -> None:
        """It was clicked with the right button."""
        self.place_removed.emit(taken)

    def hover(self, event: QMouseEvent) -> None:
        """The mouse moves with no button pressed."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        taken = self.taken_at(event.localPos())
        if event.button() == Qt.LeftButton:
            self._taken, self._pressed_at = taken, event.localPos()
            if taken is not None:
                self.viewport().setCursor(Qt.ClosedHandCursor)
        elif event.button() == Qt.RightButton and taken is not None:
            self.remove(taken)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.LeftButton and self._taken is not None:
            self.drag(self._taken, self.place_at(event.localPos()))
        elif not event.buttons():
            is_over = self.taken_at(event.localPos()) is not None
            self.viewport().setCursor(Qt.OpenHandCursor if is_over else Qt.CrossCursor)
            self.hover(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton and self._pressed_at is not None:
            moved = (event.localPos() - self._pressed_at).manhattanLength() > STILL
            if self._taken is None and not moved and self.can_add_at(event.localPos()):
                self.place_clicked.emit(self.place_at(event.localPos()))
            self._taken = self._pressed_at = None
            self.viewport().setCursor(Qt.CrossCursor)
        event.accept()

    def wheelEvent(self, event) -> None:
        event.ignore()
