"""Decimated: a long history as at most 2,000 points, by the least and the most of each bin, kept up as it grows.

Every spike stays visible, and a frame costs only its new points, however long the run. Serves the cost plot.
"""

from __future__ import annotations

import numpy as np

MOST_BINS = 1000


class Decimated:
    """One growing series. ``update`` takes the whole history each time and looks only at what is new.

    ``x`` and ``y`` have shape (2 m,): least and most of each of m bins, in the order in which they came, so that a
    falling series is drawn falling; or the series itself while it is short.
    ``means`` and ``mean_x`` have shape (m,): the average of each bin. Values that are not finite are left out.
    """

    def __init__(self, most_bins: int = MOST_BINS) -> None:
        self._most = most_bins
        self._clear()

    def update(self, x: np.ndarray, y: np.ndarray) -> bool:
        """Take the history, shapes (n,); true when it goes on from the last one, false when it is another one."""
        length = min(len(x), len(y))
        goes_on = self._count <= length and self._is_same_so_far(y)
        if not goes_on:
            self._clear()
        if length == self._count:
            return goes_on
        if length <= 2 * self._most:
            self._set_short(x[:length], y[:length])
        else:
            self._set_long(x[:length], y[:length])
        self._count = length
        self._first, self._last = float(y[0]), float(y[length - 1])
        return goes_on

    @property
    def is_binned(self) -> bool:
        """Whether x and y are least and most of bins, two rows each."""
        return self._size > 0

    def _clear(self) -> None:
        empty = np.empty(0)
        self.x = self.y = self.means = self.mean_x = empty
        self._bins = np.empty((5, 0))  # of every full bin: x, least, most, mean, and 1 where the least came first
        self._size = 0  # samples a bin; 0 while the series is short
        self._count = 0
        self._first = self._last = 0.0

    def _is_same_so_far(self, y: np.ndarray) -> bool:
        if self._count == 0:
            return True
        return _same(y[0], self._first) and _same(y[self._count - 1], self._last)

    def _set_short(self, x: np.ndarray, y: np.ndarray) -> None:
        good = np.isfinite(y)
        self.x = np.asarray(x, float)[good]
        self.y = np.asarray(y, float)[good]
        self.means, self.mean_x = self.y, self.x

    def _set_long(self, x: np.ndarray, y: np.ndarray) -> None:
        length = len(y)
        if self._size == 0:
            self._size = 1
        done = self._bins.shape[1] * self._size
        while length > self._most * self._size:
            self._size *= 2
            if self._bins.shape[1] % 2:
                self._bins = self._bins[:, :-1]
                done = self._bins.shape[1] * self._size // 2
            if self._bins.shape[1]:
                self._bins = _merged(self._bins)
        full = (length - done) // self._size
        if full:
            fresh = _binned(x, y, done, full, self._size)
            self._bins = np.concatenate([self._bins, fresh], axis=1)
            done += full * self._size
        bins = self._bins
        if done < length:
            bins = np.concatenate([bins, _binned(x, y, done, 1, length - done)], axis=1)
        bins = bins[:, np.isfinite(bins).all(axis=0)]
        self.mean_x, self.means = bins[0], bins[3]
        self.x = np.repeat(bins[0], 2)
        self.y = np.where(bins[4] > 0.5, bins[1:3], bins[2:0:-1]).T.reshape(-1)


def _same(one: float, other: float) -> bool:
    return one == other or (np.isnan(one) and np.isnan(other))


def _binned(x: np.ndarray, y: np.ndarray, start: int, count: int, size: int) -> np.ndarray:
    piece = np.asarray(y[start : start + count * size], float).reshape(count, size)
    finite = np.isfinite(piece)
    if not finite.all():
        piece = np.where(finite, piece, np.nan)
        empty = ~finite.any(axis=1)
        filled = np.where(finite, piece, 0)
        least = np.where(finite, piece, np.inf).min(axis=1)
        most = np.where(finite, piece, -np.inf).max(axis=1)
        mean = filled.sum(axis=1) / np.maximum(finite.sum(axis=1), 1)
        mean[empty] = np.nan
        rises = np.where(finite, piece, np.inf).argmin(axis=1) < np.where(finite, piece, -np.inf).argmax(axis=1)
    else:
        least, most, mean = piece.min(axis=1), piece.max(axis=1), piece.mean(axis=1)
        rises = piece.argmin(axis=1) < piece.argmax(axis=1)
    middle = np.asarray(x[start + size // 2 : start + count * size : size], float)[:count]
    return np.stack([middle, least, most, mean, rises])


def _merged(bins: np.ndarray) -> np.ndarray:
    left, right = bins[:, ::2], bins[:, 1::2]
    return np.stack(
        [
            (left[0] + right[0]) / 2,
            np.fmin(left[1], right[1]),
            np.fmax(left[2], right[2]),
            np.nanmean(np.stack([left[3], right[3]]), axis=0) if np.isnan(bins[3]).any() else (left[3] + right[3]) / 2,
            _rises(left, right),
        ]
    )


def _rises(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether the least of two bins comes before their most."""
    least_is_left = np.fmin(left[1], right[1]) == left[1]
    most_is_left = np.fmax(left[2], right[2]) == left[2]
    same_side = np.where(least_is_left, left[4], right[4])
    return np.where(least_is_left == most_is_left, same_side, least_is_left)


def smoothed(values: np.ndarray, memory: float) -> np.ndarray:
    """An exponential moving average that forgets over ``memory`` values; the first values are averaged fairly."""
    if memory <= 1 or len(values) < 3:
        return values
    taps = np.exp(-np.arange(min(len(values), int(5 * memory) + 1)) / memory)
    weight = np.convolve(np.ones(len(values)), taps)[: len(values)]
    return np.convolve(values, taps)[: len(values)] / weight
