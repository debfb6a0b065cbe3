"""Beat: the intervals of an 8 ms timer in the GUI thread, which are what a person's hand would feel."""

from __future__ import annotations

import time

import numpy as np
from PyQt5.QtCore import QEventLoop, QObject, Qt, QTimer
from PyQt5.QtWidgets import QApplication


class Beat(QObject):
    """Collects intervals while it is started."""

    def __init__(self) -> None:
        super().__init__()
        self.intervals: list[float] = []
        self._last: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.intervals.clear()
        self._last = None
        self._timer.start(8)

    def stop(self) -> None:
        self._timer.stop()

    def p99(self) -> float:
        """In milliseconds."""
        return float(np.percentile(self.intervals, 99)) * 1000

    def _beat(self) -> None:
        now = time.perf_counter()
        if self._last is not None:
            self.intervals.append(now - self._last)
        self._last = now


def row(values: list[float], form: str) -> str:
    """Numbers side by side."""
    return "  ".join(f"{value:{form}}" for value in values)


def spin(seconds: float) -> None:
    """Let the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), Qt.PreciseTimer, loop.quit)
    loop.exec()


def until(condition, seconds: float = 60.0) -> None:
    """Let the window live until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there within a minute")
        QApplication.processEvents(QEventLoop.AllEvents, 20)
