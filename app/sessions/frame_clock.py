"""FrameClock: keeps the newest frames and has them drawn at the display's pace, so that drawing sets the speed."""

from __future__ import annotations

from collections import deque

from PyQt5.QtCore import QElapsedTimer, QObject, Qt, QTimer, pyqtSignal

from engine.frames import Frame

INTERVAL_MILLISECONDS = 17
WAITING = 2  # the engine sends frames in pairs; older ones than the newest two are never drawn


class FrameClock(QObject):
    """Frames come in by ``offer``; at most one an interval goes out by ``due``."""

    due = pyqtSignal(object)  # Frame
    shown = pyqtSignal()  # one is drawn, or dropped for a newer one: another may come

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frames: deque[Frame] = deque()
        self._since = QElapsedTimer()
        self._since.start()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._deliver)

    def offer(self, frame: Frame) -> None:
        """Have this frame drawn when the display is due, unless two newer ones come before."""
        self._frames.append(frame)
        if len(self._frames) > WAITING:
            self._frames.popleft()
            self.shown.emit()
        self._schedule()

    def clear(self) -> None:
        """Forget what waits: it belongs to a run that is not shown any more."""
        while self._frames:
            self._frames.popleft()
            self.shown.emit()

    def _schedule(self) -> None:
        if not self._timer.isActive():
            self._timer.start(max(0, INTERVAL_MILLISECONDS - self._since.elapsed()))

    def _deliver(self) -> None:
        if not self._frames:
            return
        self._since.restart()
        self.due.emit(self._frames.popleft())
        self.shown.emit()
        if self._frames:
            self._schedule()
