"""Throttle: text with numbers in it, refreshed at most five times a second, so that it can be read.

The newest text wins, and the last one is always shown. Serves the panels.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, QTimer

INTERVAL_MS = 200


class Throttle(QObject):
    """Hands the newest text to ``shown`` now, or when the interval since the last one is over."""

    def __init__(self, shown: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._shown = shown
        self._waiting: str | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._flush)

    def show(self, text: str) -> None:
        """Show this text at once if the interval allows, else as soon as it does."""
        self._waiting = text
        if not self._timer.isActive():
            self._flush()

    def show_now(self, text: str) -> None:
        """Show this text at once: for words that are no running numbers."""
        self._waiting = None
        self._shown(text)

    def _flush(self) -> None:
        if self._waiting is not None:
            text, self._waiting = self._waiting, None
            self._shown(text)
            self._timer.start()
