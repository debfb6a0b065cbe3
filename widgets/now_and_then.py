"""NowAndThen: when something that is measured in the background, for the findings, is wanted again."""

from __future__ import annotations

import time

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from engine.frames import Frame

SECONDS = 3.0  # between two measurements
SHARE = 0.04  # of the time at most, where the network is large


class NowAndThen(QObject):
    """``wanted`` comes ``wait`` seconds after a run's first moment, then now and then while there are new moments.

    Also once for the last moment of a run that has come to a stand.
    """

    wanted = pyqtSignal()

    def __init__(self, wait: float = 0.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wait = wait
        self._run, self._step, self._asked_step = -1, -1, -1
        self._asked_at, self._is_first = 0.0, True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def see(self, frame: Frame) -> None:
        """A moment is shown."""
        self._step = frame.step
        if frame.run != self._run:
            self._run, self._asked_step, self._is_first = frame.run, -1, True
            self._pause(self._wait)
        if not self._timer.isActive():
            self._look()

    def answered(self) -> None:
        """The answer has come."""
        took = time.monotonic() - self._asked_at
        if not self._is_first and took / SHARE > SECONDS:  # the first one had to be traced
            self._pause(took / SHARE)
        self._is_first = False

    def _look(self) -> None:
        if self._step != self._asked_step:
            self._asked_step, self._asked_at = self._step, time.monotonic()
            self._pause(SECONDS)
            self.wanted.emit()

    def _pause(self, seconds: float) -> None:
        if seconds:
            self._timer.start(round(1000 * seconds))
        else:
            self._timer.stop()
