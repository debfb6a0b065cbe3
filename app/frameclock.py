"""FrameClock: keeps the newest frame and has it drawn at the display's pace, so that drawing sets the speed."""

from __future__ import annotations

from PyQt5.QtCore import QElapsedTimer, QObject, Qt, QTimer, pyqtSignal

from engine.frames import Frame

INTERVAL_MILLISECONDS = 16


class FrameClock(QObject):
    """Frames come in by ``offer``; at most one an interval, the newest, goes out by ``due``."""

    due = pyqtSignal(object)  # Frame
    shown = pyqtSignal()  # the last one is drawn: another may come

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: Frame | None = None
        self._since = QElapsedTimer()
        self._since.start()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._deliver)

    def offer(self, frame: Frame) -> None:
        """Keep this frame as the newest; it is delivered when the display is due."""
        self._newest = frame
        if not self._timer.isActive():
            self._timer.start(max(0, INTERVAL_MILLISECONDS - self._since.elapsed()))

    def _deliver(self) -> None:
        frame, self._newest = self._newest, None
        if frame is None:
            return
        self._since.restart()
        self.due.emit(frame)
        self.shown.emit()
