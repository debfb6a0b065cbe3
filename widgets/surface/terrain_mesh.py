"""TerrainMesh: a terrain over two parameters as a body in a box: heights for any cost, a shaded mesh, contours on it.

Serves the surface. The box is 2 wide, 2 deep and 2 x HALF_HEIGHT high, around the origin.
"""

from __future__ import annotations

import numpy as np

from engine.analysis.terrain import Terrain
from widgets.style import colours
from widgets.surface import contours

HALF_HEIGHT = 0.42
FLOOR = HALF_HEIGHT + 0.03  # how far below the middle the axes are
MOST = 120  # samples an axis that the mesh has
LEVELS = 14
LIGHT = np.array([-0.45, -0.35, 0.82])
LIFT = 0.004  # what lies on the surface is drawn so far above it


class TerrainMesh:
    """One terrain; ``vertices`` (n, 3), ``faces`` (m, 3), ``shades`` (n, 4) in 0..1, ``lines`` (k, 3) in pairs."""

    def __init__(self, terrain: Terrain) -> None:
        every_x, every_y = (-(-len(axis) // MOST) for axis in (terrain.x, terrain.y))
        x, y = _thinned(terrain.x, every_x), _thinned(terrain.y, every_y)
        z = _thinned(_thinned(np.asarray(terrain.z, float), every_y).T, every_x).T
        self._terrain = terrain
        self._least, self._most = float(np.nanmin(terrain.z)), float(np.nanmax(terrain.z))
        self._low = np.array([terrain.x[0], terrain.y[0]], float)
        self._size = np.array([terrain.x[-1] - terrain.x[0], terrain.y[-1] - terrain.y[0]], float)
        shares = self._shares(z)
        heights = (2 * shares - 1) * HALF_HEIGHT
        across, up = ((axis - axis[0]) / (axis[-1] - axis[0]) * 2 - 1 for axis in (x, y))
        mesh = np.stack([*np.meshgrid(across, up), heights], axis=-1)
        self.vertices = np.nan_to_num(mesh.reshape(-1, 3)).astype(np.float32)
        self.faces = _faces(np.isfinite(heights))
        self.shades = _shaded(shares, heights, across, up)
        self.lines = self._contours(across, up, shares)
        self._heights_of_terrain = (2 * self._shares(np.asarray(terrain.z, float)) - 1) * HALF_HEIGHT

    def places(self, positions: np.ndarray) -> np.ndarray:
        """Points of the landscape, (n, 2), on the body: (n, 3)."""
        flat = (positions - self._low) / self._size * 2 - 1
        return np.column_stack([flat, self._heights_at(positions) + LIFT])

    def draped(self, positions: np.ndarray, most: int = 1500) -> np.ndarray:
        """A path, (n, 2), laid onto the body: long steps follow its shape, (k, 3)."""
        if len(positions) < 2:
            return self.places(positions)
        lengths = np.abs(np.diff(positions, axis=0) / self._size).max(axis=1)
        if lengths.max() * MOST < 2:  # short steps lie on it as they are
            return self.places(positions)
        pieces = np.clip(np.ceil(lengths * MOST / 2), 1, max(1, most // len(lengths))).astype(int)
        ends = np.concatenate([[0], np.cumsum(pieces)])
        at = np.interp(np.arange(ends[-1] + 1), ends, np.arange(len(positions)))
        path = np.column_stack([np.interp(at, np.arange(len(positions)), positions[:, axis]) for axis in (0, 1)])
        return self.places(path)

    def _shares(self, z: np.ndarray) -> np.ndarray:
        return colours.shares(z, self._terrain.logarithmic, self._least, self._most)

    def _heights_at(self, positions: np.ndarray) -> np.ndarray:
        """Between the samples the mesh's own slope, so that nothing floats or sinks."""
        grid = self._heights_of_terrain
        rows, columns = grid.shape
        share = np.clip((positions - self._low) / self._size, 0, 1) * [columns - 1, rows - 1]
        left = np.minimum(share.astype(int), [columns - 2, rows - 2])
        (x, y), (i, j) = (share - left).T, left.T
        lower = grid[j, i] * (1 - x) + grid[j, i + 1] * x
        upper = grid[j + 1, i] * (1 - x) + grid[j + 1, i + 1] * x
        return np.nan_to_num(lower * (1 - y) + upper * y)

    def _contours(self, across: np.ndarray, up: np.ndarray, shares: np.ndarray) -> np.ndarray:
        found = []
        for level in np.linspace(0, 1, LEVELS + 2)[1:-1]:
            ends = contours.segments(across, up, shares, float(level)).reshape(-1, 2)
            height = np.full(len(ends), (2 * level - 1) * HALF_HEIGHT + LIFT)
            found.append(np.column_stack([ends, height]))
        return np.concatenate(found).astype(np.float32)


def _thinned(values: np.ndarray, every: int) -> np.ndarray:
    """Every so many-th row, the last one always."""
    if every == 1:
        return values
    rows = np.arange(0, len(values), every)
    return values[rows if rows[-1] == len(values) - 1 else np.append(rows, len(values) - 1)]


def _faces(has_value: np.ndarray) -> np.ndarray:
    """Two triangles a cell, where all four corners have a value."""
    rows, columns = has_value.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]
    whole = has_value[:-1, :-1] & has_value[:-1, 1:] & has_value[1:, 1:] & has_value[1:, :-1]
    return np.concatenate([np.stack(corners, axis=-1)[whole] for corners in ((a, b, c), (a, c, d))]).astype(np.uint32)


def _shaded(shares: np.ndarray, heights: np.ndarray, across: np.ndarray, up: np.ndarray) -> np.ndarray:
    """The contours' colours under a lamp from the upper left, so that slopes are seen as slopes."""
    slope_y, slope_x = np.gradient(np.nan_to_num(heights), up, across)
    normal = np.stack([-slope_x, -slope_y, np.ones_like(slope_x)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    light = 0.62 + 0.44 * np.clip(normal @ LIGHT, 0, 1)
    rgb = colours.table("viridis")[np.nan_to_num(shares * 255).astype(np.uint8)] / 255
    shades = np.ones((*shares.shape, 4))
    shades[..., :3] = np.clip(rgb * light[..., None], 0, 1)
    return shades.reshape(-1, 4).astype(np.float32)
