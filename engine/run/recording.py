"""What happened in a run: every scalar, in arrays that grow while views of their past stay valid.

A frame carries views of these arrays, so it stands on its own and costs no copy. Station of the loop: the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.backend import ownership
from engine.frames import read_only

CAPACITY = 1 << 18


class _Rows:
    """Room for rows, shared by a series and the states that were taken of it; what is written stays as it is.

    ``used``: rows that the owner has written; only it writes, and only where it stands at their end.
    """

    def __init__(self, room: int, columns: int, owner: object) -> None:
        self.x, self.y = np.empty(room), np.empty((room, columns))
        self.used, self.owner = 0, owner

    @classmethod
    def of(cls, x: np.ndarray, y: np.ndarray) -> _Rows:
        """These rows and no others: nobody owns them, so that nobody writes."""
        rows = cls(0, y.shape[1], None)
        rows.x, rows.y, rows.used = x, y, len(x)
        return rows

    @classmethod
    def filled(cls, x: np.ndarray, y: np.ndarray, room: int, owner: object) -> _Rows:
        """Rows to begin with, and room for ``room`` in all."""
        rows = cls(room, y.shape[1], owner)
        rows.x[: len(x)], rows.y[: len(x)] = x, y
        rows.used = len(x)
        return rows


@dataclass(frozen=True, eq=False)
class SeriesState:
    """A series as it was: no copy, since rows that were written never change.

    ``x`` (n,), ``y`` (n, columns); ``stride`` between the rows kept; ``skip`` rows still to be passed over.
    """

    rows: _Rows
    size: int
    stride: int
    skip: int

    @classmethod
    def of(cls, x: np.ndarray, y: np.ndarray, stride: int, skip: int) -> SeriesState:
        """From the four that describe it; both arrays are taken as they are, and nobody writes to them any more."""
        return cls(_Rows.of(x, y), len(x), stride, skip)

    @property
    def x(self) -> np.ndarray:
        return read_only(self.rows.x[: self.size])

    @property
    def y(self) -> np.ndarray:
        return read_only(self.rows.y[: self.size])

    def columns(self, columns: Sequence[int]) -> SeriesState:
        """What it would have been of these columns alone."""
        return SeriesState.of(self.x, self.y[:, list(columns)], self.stride, self.skip)


@ownership.owned
class Series:
    """A growing table of y against x, thinned to every second row whenever it is full.

    Args:
        columns: y has shape (n, columns).
        capacity: rows at which it is thinned; 2^18 rows of a painting at full speed are 20 seconds.
    """

    def __init__(self, columns: int = 1, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._columns = columns
        self._mark = object()  # what this series knows its own rows by
        self.clear()

    def __len__(self) -> int:
        return self._size

    def clear(self) -> None:
        """Forget everything; views handed out before keep what they show."""
        self._size = 0
        self._stride = 1
        self._skip = 0  # incoming rows still to be passed over, to keep the stride
        self._rows = _Rows(1024, self._columns, self._mark)

    def append(self, x: np.ndarray, y: np.ndarray) -> None:
        """Add rows: x of shape (n,), y of shape (n,) or (n, columns)."""
        x = np.asarray(x, float)
        y = np.asarray(y, float).reshape(len(x), self._columns)
        if self._stride > 1:
            kept = slice(self._skip, None, self._stride)
            self._skip = (self._skip - len(x)) % self._stride
            x, y = x[kept], y[kept]
        end = self._size + len(x)
        if end > len(self._rows.x) or self._rows.used != self._size or self._rows.owner is not self._mark:
            self._rows = _Rows.filled(*self.view(), max(end, 2 * self._size, 1024), self._mark)
        self._rows.x[self._size : end] = x
        self._rows.y[self._size : end] = y
        self._size = self._rows.used = end
        if end >= self._capacity:
            self._thin()

    def view(self) -> tuple[np.ndarray, np.ndarray]:
        """All rows so far, read-only: x (n,), y (n, columns)."""
        return read_only(self._rows.x[: self._size]), read_only(self._rows.y[: self._size])

    def state(self) -> SeriesState:
        """All that restore() needs to go on from here."""
        return SeriesState(self._rows, self._size, self._stride, self._skip)

    def restore(self, state: SeriesState) -> None:
        """Go back to what state() gave."""
        self._rows, self._size = state.rows, state.size
        self._stride, self._skip = state.stride, state.skip

    def _thin(self) -> None:
        x, y = self.view()
        # The next row due lies one new stride after the last one kept.
        last_kept_is_last = self._size % 2 == 1
        self._skip += self._stride if last_kept_is_last else 0
        self._stride *= 2
        self._size = len(x[::2])
        self._rows = _Rows.filled(x[::2], y[::2], self._size, self._mark)


def thinned(x: np.ndarray, y: np.ndarray, most: int) -> list[list[float]]:
    """At most ``most`` pairs [x, y], evenly chosen, first and last included."""
    chosen = np.unique(np.linspace(0, len(x) - 1, min(most, len(x))).round().astype(int))
    return [[_plain(x[i]), float(y[i])] for i in chosen]


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else float(value)
