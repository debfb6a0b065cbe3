"""Histograms of a layer's parameters over the run, computed once for each moment that is kept.

Serves the regression's picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.backend import ownership
from engine.frames import read_only

BINS = 48
MOST_SHOWN = 64  # moments
GROWTH = 1.3  # the range grows by this and more at a time, so that the older ones are not counted again each moment


@ownership.owned
class Histograms:
    """The counts of one slice of the parameter vector, over a range that holds all that was seen.

    ``where`` is the slice; ``edges`` (BINS + 1,) after the first update.
    """

    def __init__(self, where: slice) -> None:
        self._where = where
        self._reach = 0.0
        self._counts: dict[int, np.ndarray] = {}
        self.edges = read_only(np.linspace(-1.0, 1.0, BINS + 1))

    def update(self, epochs: np.ndarray, parameters: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Epochs (k,) and counts (k, BINS) of at most MOST_SHOWN of these moments, evenly chosen, the last included."""
        if not len(epochs):
            return epochs, np.zeros((0, BINS))
        chosen = np.unique(np.linspace(0, len(epochs) - 1, min(MOST_SHOWN, len(epochs))).round().astype(int))
        new = [number for number in chosen if int(epochs[number]) not in self._counts]
        reach = max((float(np.abs(parameters[number][self._where]).max()) for number in new), default=0.0)
        if reach > self._reach:
            self._reach = max(reach, GROWTH * self._reach)
            self._counts.clear()
            self.edges = read_only(np.linspace(-self._reach, self._reach, BINS + 1))
            new = list(chosen)
        for number in new:
            self._counts[int(epochs[number])] = np.histogram(parameters[number][self._where], self.edges)[0]
        shown = {int(epochs[number]): self._counts[int(epochs[number])] for number in chosen}
        self._counts = shown
        return epochs[chosen], np.array(list(shown.values()))

    def clear(self) -> None:
        """Forget everything: another run begins."""
        self._counts.clear()
        self._reach = 0.0
