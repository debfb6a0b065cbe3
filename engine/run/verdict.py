"""Verdict: whether the epoch that ended last was the run's last one, as the observer finds. Serves the runner."""

from __future__ import annotations

from concurrent.futures import Future

from engine.experiment import Observation


class Verdict:
    """Waited for in portions; ``ending`` is why the run is finished, "" as long as nobody has said so."""

    def __init__(self) -> None:
        self._future: Future[tuple[Observation, float]] | None = None
        self.ending = ""

    def expect(self, future: Future[tuple[Observation, float]] | None) -> None:
        """This is the measurement that will tell; None where nothing has to be waited for."""
        self._future, self.ending = future, ""

    def is_known(self, seconds: float) -> bool:
        """Whether it is known; waits for so long at most."""
        if self._future is None:
            return True
        try:
            observation, _ = self._future.result(None if seconds == float("inf") else max(0.0, seconds))
        except TimeoutError:
            return False
        self._future, self.ending = None, observation.ending
        return True
