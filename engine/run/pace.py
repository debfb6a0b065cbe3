"""Pace: how fast a run goes, by its own time and by the clock on the wall. Serves the runner and the status line."""

from __future__ import annotations

from engine.backend import ownership

HALF_LIFE = 1.0  # seconds of calls, in which a speed that isn't reached again counts for half


@ownership.owned
class Pace:
    """``speed``: steps a second of advancing alone, by which a budget is divided; ``shown``: what a person sees.

    A call also waits for Python's lock, which the window's thread may hold for longer than a budget lasts. Were that
    wait counted, fewer steps would be asked for, which wait as long: down to one step a call. So the best of the recent
    calls counts, which had least to wait.
    """

    def __init__(self) -> None:
        self.speed = 0.0
        self.shown = 0.0
        self.seconds = 0.0  # spent advancing
        self.graph_seconds = 0.0  # of it in calls of the graph
        self._at: float | None = None

    def took(self, steps: int, seconds: float) -> None:
        """One call of the graph took so long."""
        self.graph_seconds += seconds
        self.speed = max(steps / max(seconds, 1e-6), self.speed * 0.5 ** (seconds / HALF_LIFE))

    def advanced(self, steps: int, began: float, ended: float) -> None:
        """An advance by so many steps began and ended at these times of perf_counter()."""
        self.seconds += ended - began
        since, self._at = self._at, ended
        if since is None or ended - since > 2.0:  # the run was paused in between
            return
        rate = steps / max(ended - since, 1e-6)
        self.shown += (rate - self.shown) * (min(1.0, (ended - since) / 0.5) if self.shown else 1.0)
