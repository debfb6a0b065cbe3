"""What happened in a run: every scalar, in arrays that grow while views of their past stay valid.

A frame carries views of these arrays, so it stands on its own and costs no copy. Station of the loop: the frame.
"""

from __future__ import annotations

import numpy as np

from engine.frames import read_only

CAPACITY = 1 << 18


class Series:
    """A growing table of y against x, thinned to every second row whenever it is full.

    Args:
        columns: y has shape (n, columns).
        capacity: rows at which it is thinned; 2^18 rows of a painting at full speed are 20 seconds.
    """

    def __init__(self, columns: int = 1, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._columns = columns
        self.clear()

    def __len__(self) -> int:
        return self._size

    def clear(self) -> None:
        """Forget everything; views handed out before keep what they show."""
        self._size = 0
        self._stride = 1
        self._skip = 0  # incoming rows still to be passed over, to keep the stride
        self._x = np.empty(1024)
        self._y = np.empty((1024, self._columns))

    def append(self, x: np.ndarray, y: np.ndarray) -> None:
        """Add rows: x of shape (n,), y of shape (n,) or (n, columns)."""
        x = np.asarray(x, float)
        y = np.asarray(y, float).reshape(len(x), self._columns)
        if self._stride > 1:
            kept = slice(self._skip, None, self._stride)
            self._skip = (self._skip - len(x)) % self._stride
            x, y = x[kept], y[kept]
        end = self._size + len(x)
        if end > len(self._x):
            self._grow(end)
        self._x[self._size : end] = x
        self._y[self._size : end] = y
        self._size = end
        if end >= self._capacity:
            self._thin()

    def view(self) -> tuple[np.ndarray, np.ndarray]:
        """All rows so far, read-only: x (n,), y (n, columns)."""
        return read_only(self._x[: self._size]), read_only(self._y[: self._size])

    def state(self) -> tuple[np.ndarray, np.ndarray, int, int]:
        """All that restore() needs to go on from here."""
        return self._x[: self._size].copy(), self._y[: self._size].copy(), self._stride, self._skip

    def restore(self, state: tuple[np.ndarray, np.ndarray, int, int]) -> None:
        """Go back to what state() gave."""
        x, y, stride, skip = state
        self._x, self._y, self._size = x.copy(), y.copy(), len(x)
        self._stride, self._skip = stride, skip

    def _grow(self, needed: int) -> None:
        # New arrays, never resized ones: older frames still look at the old.
        size = max(needed, 2 * len(self._x))
        x, y = np.empty(size), np.empty((size, self._columns))
        x[: self._size], y[: self._size] = self._x[: self._size], self._y[: self._size]
        self._x, self._y = x, y

    def _thin(self) -> None:
        x, y = self._x[: self._size : 2].copy(), self._y[: self._size : 2].copy()
        # The next row due lies one new stride after the last one kept.
        last_kept_is_last = self._size % 2 == 1
        self._skip += self._stride if last_kept_is_last else 0
        self._stride *= 2
        self._x, self._y, self._size = x, y, len(x)


def thinned(x: np.ndarray, y: np.ndarray, most: int) -> list[list[float]]:
    """At most ``most`` pairs [x, y], evenly chosen, first and last included."""
    chosen = np.unique(np.linspace(0, len(x) - 1, min(most, len(x))).round().astype(int))
    return [[_plain(x[i]), float(y[i])] for i in chosen]


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else float(value)
