"""Throttle: text with numbers in it, refreshed at most five times a second, so that it can be read.

Expensive pictures go through it too. The newest wins, and the last one is always shown. Serves the panels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt5.QtCore import QObject, QTimer

INTERVAL_MS = 200


class Throttle(QObject):
    """Hands the newest text (or whatever it is given) to ``shown`` now, or when the interval is over."""

    def __init__(self, shown: Callable[[Any], None], parent: QObject, interval_ms: int = INTERVAL_MS) -> None:
        super().__init__(parent)
        self._shown = shown
        self._waiting: Any = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.flush)

    def show(self, text: Any) -> None:
        """Show this text at once if the interval allows, else as soon as it does."""
        self._waiting = text
        if not self._timer.isActive():
            self.flush()

    def show_now(self, text: Any) -> None:
        """Show this text at once: for words that are no running numbers."""
        self._waiting = None
        self._shown(text)

    def flush(self) -> None:
        """Show what waits, now: when the interval is over, or for a picture in a file, which has no later."""
        if self._waiting is not None:
            text, self._waiting = self._waiting, None
            self._shown(text)
            self._timer.start()
