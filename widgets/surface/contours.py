"""Contour lines of a grid by marching squares, all cells of a level at once. Serves the landscape picture.

Source: Lorensen and Cline 1987 in two dimensions; a saddle cell is cut by its two nearest crossings, which is right
for a picture. pyqtgraph's own isocurves take a Python loop over the cells.
"""

from __future__ import annotations

import numpy as np

# For each of the 16 cases of corners above the level, the pairs of cell edges that a segment joins.
# Corner bits: 1 lower left, 2 lower right, 4 upper right, 8 upper left. Edges: 0 bottom, 1 right, 2 top, 3 left.
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 2), (0, 1)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((0, 2),), 10: ((3, 0), (1, 2)), 11: ((1, 2),), 12: ((1, 3),), 13: ((0, 1),), 14: ((0, 3),),
}  # fmt: skip


def segments(x: np.ndarray, y: np.ndarray, z: np.ndarray, level: float) -> np.ndarray:
    """Line segments where z crosses ``level``: x (nx,), y (ny,), z (ny, nx) -> (s, 2, 2) as (end, coordinate)."""
    above = z > level
    case = (above[:-1, :-1] * 1 + above[:-1, 1:] * 2 + above[1:, 1:] * 4 + above[1:, :-1] * 8).astype(np.uint8)
    found = []
    for number, pairs in _SEGMENTS.items():
        row, column = np.nonzero(case == number)
        for start, end in pairs if row.size else ():
            ends = [_crossing(edge, row, column, x, y, z, level) for edge in (start, end)]
            found.append(np.stack(ends, axis=1))
    return np.concatenate(found) if found else np.empty((0, 2, 2))


def _crossing(edge, row, column, x, y, z, level) -> np.ndarray:
    """Where the level lies on one edge of each cell; shape (cells, 2)."""
    from_row, from_column = row + (edge == 2), column + (edge == 1)
    to_row, to_column = row + (edge != 0), column + (edge != 3)
    low, high = z[from_row, from_column], z[to_row, to_column]
    share = np.clip((level - low) / np.where(high == low, 1, high - low), 0, 1)
    return np.stack(
        [
            x[from_column] + share * (x[to_column] - x[from_column]),
            y[from_row] + share * (y[to_row] - y[from_row]),
        ],
        axis=1,
    )
