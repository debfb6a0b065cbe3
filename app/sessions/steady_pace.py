"""SteadyPace: how many steps are due by the clock, of a run that takes so many a second. Serves the host."""

from __future__ import annotations

import time

SHORTEST_MILLISECONDS = 8  # between two looks at the clock


class SteadyPace:
    """Begun anew whenever a run is played, or played faster or slower; ``speed`` is None for as fast as it goes."""

    def __init__(self) -> None:
        self.speed: float | None = None
        self._began, self._first = 0.0, 0

    def begin(self, step: int, speed: str) -> int:
        """Steps are due from here on, by a knob's value; returns after how many milliseconds to look each time."""
        self.speed = None if speed == "max" else float(speed)
        self._began, self._first = time.perf_counter(), step
        return 0 if self.speed is None else max(int(1000 / self.speed), SHORTEST_MILLISECONDS)

    def due(self, step: int) -> int:
        """How many steps are to be taken now, of a run that has got to ``step``."""
        due = int((time.perf_counter() - self._began) * self.speed) - (step - self._first)
        if due > self.speed:  # more than a second behind: the pace can't be held, so don't try to catch up
            self._began, self._first = time.perf_counter(), step
            return 1
        return due
