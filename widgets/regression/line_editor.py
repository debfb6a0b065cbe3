"""LineEditor: a fitted line that can be taken by hand: in its middle it is shifted, at its ends it is turned.

Serves the engine by an action: the training goes on from the line as it was left.
"""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, pyqtSignal

from engine.regression.picture import BEYOND, RegressionPicture
from widgets.plotting.axes import Plot

LINE_HINT = "Drag the line: the middle shifts, the ends turn it."
NEAR = 12.0  # px from the line at which the hand takes it
MIDDLE = 0.35  # of half the width of the data: nearer to the middle the line is shifted, farther out it is turned
PACE_MS = 30


class LineEditor(QObject):
    """Watches the mouse over a plot while it is enabled; ``changed`` carries (W, B)."""

    changed = pyqtSignal(tuple)

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._line = (0.0, 0.0)
        self._middle, self._reach = 0.0, 1.0
        self._is_enabled = False
        self._is_line = False  # what is shown now, whatever has been asked for
        self._turns: bool | None = None
        self._newest: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PACE_MS)
        self._timer.timeout.connect(self._send)
        plot.viewport().installEventFilter(self)
        plot.viewport().setMouseTracking(True)

    def set_enabled(self, is_enabled: bool) -> None:
        """Whether a line may be taken, where one is shown."""
        self._is_enabled = is_enabled
        self._let_go()

    @property
    def is_busy(self) -> bool:
        """Whether the hand holds the line."""
        return self._turns is not None

    def show_picture(self, picture: RegressionPicture) -> None:
        """The line as it is now, and how far the data reach either way; for another model there is nothing to take."""
        line = picture.line
        self._is_line = line is not None
        if line is None:
            self._let_go()
        else:
            left, right = float(picture.x[0]), float(picture.x[-1])
            self._line, self._middle = line, (left + right) / 2
            self._reach = max((right - left) / (2 * BEYOND), 1e-9)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._is_enabled or not self._is_line:
            return False
        match event.type():
            case QEvent.MouseButtonPress if event.button() == Qt.LeftButton and self._is_near(event.pos()):
                self._turns = abs(self._place(event.pos()).x() - self._middle) > MIDDLE * self._reach
                self._plot.viewport().setCursor(Qt.ClosedHandCursor)
                return True
            case QEvent.MouseMove if self._turns is not None:
                self._drag(self._place(event.pos()))
                return True
            case QEvent.MouseMove:
                if self._is_near(event.pos()):
                    self._plot.viewport().setCursor(Qt.OpenHandCursor)
                else:
                    self._plot.viewport().unsetCursor()
            case QEvent.MouseButtonRelease if self._turns is not None:
                self._turns = None
                self._plot.viewport().setCursor(Qt.OpenHandCursor)
                return True
        return False

    def _let_go(self) -> None:
        self._turns, self._newest = None, None

    def _drag(self, place: QPointF) -> None:
        slope, offset = self._line
        height, away = offset + slope * self._middle, place.x() - self._middle
        if self._turns:
            if abs(away) < 0.05 * self._reach:
                return
            slope = (place.y() - height) / away
        else:
            height = place.y() - slope * away
        self._newest = (slope, height - slope * self._middle)
        if not self._timer.isActive():
            self._send()

    def _send(self) -> None:
        if self._newest is not None:
            line, self._newest = self._newest, None
            self._timer.start()
            self.changed.emit(line)

    def _is_near(self, at: QPoint) -> bool:
        place = self._place(at)
        on_line = self._plot.getViewBox().mapViewToScene(QPointF(place.x(), self._line[0] * place.x() + self._line[1]))
        return abs(self._plot.mapFromScene(on_line).y() - at.y()) <= NEAR * self._plot.line_scale

    def _place(self, at: QPoint) -> QPointF:
        return self._plot.getViewBox().mapSceneToView(self._plot.mapToScene(at))
