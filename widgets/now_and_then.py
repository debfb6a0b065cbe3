"""NowAndThen: when something that is measured in the background, for the findings, is due again."""

from __future__ import annotations

import time

from engine.frames import Frame

SECONDS = 3.0  # between two measurements
SHARE = 0.04  # of the time at most, where the network is large


class NowAndThen:
    """Due ``wait`` seconds after a run's first moment, and again when the run has gone on for a while."""

    def __init__(self, wait: float = 0.0) -> None:
        self._wait = wait
        self._run, self._step = -1, -1
        self._due, self._asked_at = 0.0, 0.0

    def is_due(self, frame: Frame) -> bool:
        """Whether to ask now; true is taken as having asked."""
        now = time.monotonic()
        if frame.run != self._run:
            self._run, self._step, self._due = frame.run, -1, now + self._wait
        if now < self._due or frame.step == self._step:
            return False
        self._step, self._asked_at, self._due = frame.step, now, now + SECONDS
        return True

    def answered(self) -> None:
        """The answer has come."""
        self._due = self._asked_at + max(SECONDS, (time.monotonic() - self._asked_at) / SHARE)
