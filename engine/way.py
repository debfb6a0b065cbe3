"""Way: the run's parameters at the ends of epochs, thinned so that they never grow too many.

From it come the histograms over time, the run's path on a cost surface, and its main directions. Serves the regression.
"""

from __future__ import annotations

from typing import Any

import numpy as np

MOST_KEPT = 256
MOST_NUMBERS = 6_000_000  # 24 megabytes
LEAST_KEPT = 8


class Way:
    """Parameter vectors of one size, by epoch."""

    def __init__(self, parameters: int) -> None:
        self._most = int(np.clip(MOST_NUMBERS / parameters, LEAST_KEPT, MOST_KEPT))
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._epochs: list[int] = []
        self._parameters: list[np.ndarray] = []
        self._costs: list[float] = []
        self._interval = 1

    def add(self, epoch: int, parameters: np.ndarray, cost: float) -> None:
        """The parameters and their cost at the end of an epoch, kept where the thinning has it."""
        if epoch % self._interval or (self._epochs and epoch <= self._epochs[-1]):
            return
        self._epochs.append(epoch)
        self._parameters.append(parameters)
        self._costs.append(cost)
        if len(self._epochs) > self._most:
            self._epochs, self._parameters = self._epochs[::2], self._parameters[::2]
            self._costs = self._costs[::2]
            self._interval *= 2

    def view(self) -> tuple[np.ndarray, tuple[np.ndarray, ...], np.ndarray]:
        """Epochs (k,), the parameters (p,) of each, and their costs (k,)."""
        return np.array(self._epochs, int), tuple(self._parameters), np.array(self._costs, float)

    def state(self) -> Any:
        """All that restore() needs to go on from here."""
        return list(self._epochs), list(self._parameters), list(self._costs), self._interval

    def restore(self, state: Any) -> None:
        """Go back to what state() gave."""
        epochs, parameters, costs, self._interval = state
        self._epochs, self._parameters, self._costs = list(epochs), list(parameters), list(costs)
