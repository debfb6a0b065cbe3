"""What a table of numbers is read into. Frozen plain data; serves the regression and `check`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST_ROWS = 2_000_000
MOST_BYTES = 256_000_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 1_000  # characters; what is longer is no number
LARGEST = 1e30  # of what single precision can still be trained on


class TableError(ValueError):
    """A table that gives no points; the message is one sentence that says what is in the way."""


@dataclass(frozen=True, eq=False)
class TableHead:
    """How a table can be read. ``columns``: how every column of the file is chosen; ``numeric``: which of them, from 0,
    hold numbers or dates; ``chosen``: which are x and y. ``rows``: the first rows as they are written.
    """

    columns: tuple[str, ...]
    numeric: tuple[int, ...]
    chosen: tuple[int, int]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Table:
    """Two columns of numbers in their own units, in the order of the file.

    ``x``, ``y``: float64 (n,), read-only. ``names``: of the two, "x" and "y" where there are none. ``head``: what else
    there is. ``remarks``: what was passed over, guessed or changed, a sentence each.
    """

    x: np.ndarray
    y: np.ndarray
    names: tuple[str, str]
    head: TableHead
    remarks: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """How every column can be chosen."""
        return self.head.columns

    @property
    def chosen(self) -> tuple[int, int]:
        """Which of them x and y are, from 0."""
        return self.head.chosen

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The first rows as they are written."""
        return self.head.rows
