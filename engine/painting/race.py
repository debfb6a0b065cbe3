"""The costs of two networks that paint the same picture, epoch by epoch. Serves the frame's curves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.backend import ownership
from engine.frames import Curve, Role, read_only

Rows = tuple[tuple[int, float, float], ...]  # epoch, and each network's cost over all pixels


@ownership.owned
class RaceHistory:
    """One row an epoch, in order."""

    def __init__(self, labels: tuple[str, str]) -> None:
        self._labels = labels
        self._rows: list[tuple[int, float, float]] = []

    def clear(self) -> None:
        """A new run."""
        self._rows = []

    def note(self, epoch: int, costs: tuple[float, float]) -> None:
        """Both costs after an epoch; one that is noted already is passed over."""
        if np.isfinite(costs).all() and (not self._rows or epoch > self._rows[-1][0]):
            self._rows.append((epoch, *costs))

    def state(self) -> Rows:
        """What restore() needs."""
        return tuple(self._rows)

    def restore(self, rows: Rows) -> None:
        """Go back to what state() gave."""
        self._rows = list(rows)

    def curves(self, until: float) -> Sequence[Curve]:
        """One curve a network, up to this epoch."""
        rows = [row for row in self._rows if row[0] <= until]
        table = np.array(rows, float).reshape(-1, 3)
        return [
            Curve(label, Role.DESCENT, read_only(table[:, 0]), read_only(table[:, 1 + number]))
            for number, label in enumerate(self._labels)
        ]
