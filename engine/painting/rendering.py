"""The painting as the function that it is: any window of it at any size, in tiles, and all pictures at once.

Compiled when first asked for, in the thread that asks. Serves the zoom, the saved render and the montage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.backend import backend
from engine.experiment import AnalysisError
from engine.frames import read_only
from engine.painting.canvas import Canvas, window_positions
from engine.painting.evaluation import painted
from engine.painting.picture import Render
from engine.painting.pixel_networks import PixelNetwork

MOST_EDGE = 1024
TILE = 128 * 128  # positions a call: a few milliseconds, and so the pieces in which others get their turn
ENLARGEMENTS = ("nearest", "bicubic")


class Renderer:
    """Paints what is asked for with one function of TILE positions, compiled when it is first called; in any thread."""

    def __init__(self, network: PixelNetwork, canvas: Canvas) -> None:
        self._canvas = canvas
        self._paint = painted(network, canvas, TILE)

    def render(
        self,
        flat: Any,
        index: float,
        window: tuple[float, float, float, float],
        rows: int,
        columns: int,
        beside: Sequence[str],
    ) -> Render:
        """A window (top, left, height, width), in shares of the picture, of picture ``index`` at rows x columns.

        ``beside`` says which of ENLARGEMENTS of the small target to give too.

        Raises:
            AnalysisError: a size that isn't painted, or a window that has none.
        """
        if not (1 <= rows <= MOST_EDGE and 1 <= columns <= MOST_EDGE):
            raise AnalysisError(f"A render has at most {MOST_EDGE} x {MOST_EDGE} pixels.")
        if not (np.isfinite(window).all() and window[2] > 0 and window[3] > 0):
            raise AnalysisError("There is no such window of the picture.")
        raw = self._canvas.with_picture(window_positions(self._canvas.shape, window, rows, columns), index)
        image = self._painted(flat, raw).reshape(rows, columns, 3)
        enlarged = tuple(self._enlarged(round(index), window, rows, columns, method) for method in beside)
        return Render(read_only(image), window, enlarged)

    def all_pictures(self, flat: Any) -> np.ndarray:
        """Every picture of the canvas as it is painted: uint8 (pictures, rows, columns, 3)."""
        return self._painted(flat, self._canvas.raw).reshape(-1, *self._canvas.shape, 3)

    def _painted(self, flat: Any, raw: np.ndarray) -> np.ndarray:
        tf = backend.tensorflow()
        out = np.empty((len(raw), 3), np.uint8)
        for begin in range(0, len(raw), TILE):
            tile = raw[begin : begin + TILE]
            if len(tile) < TILE:
                tile = np.concatenate([tile, np.zeros((TILE - len(tile), raw.shape[1]), np.float32)])
            painted_tile = self._paint(flat, tf.constant(tile)).numpy()
            out[begin : begin + TILE] = painted_tile[: len(raw) - begin]
        return out

    def _enlarged(
        self, number: int, window: tuple[float, float, float, float], rows: int, columns: int, method: str
    ) -> np.ndarray:
        """The same window of the small target, enlarged by ``method``; grey outside the frame."""
        from PIL import Image

        if method not in ENLARGEMENTS:
            raise AnalysisError(f"An enlargement is {' or '.join(ENLARGEMENTS)}, not {method!r}.")
        high, wide = self._canvas.shape
        top, left, height, width = window[0] * high, window[1] * wide, window[2] * high, window[3] * wide
        how = Image.Resampling.NEAREST if method == "nearest" else Image.Resampling.BICUBIC
        # with its edge pixels repeated all round, so that the frame's border is enlarged as the inside is
        rim = 2
        padded = np.pad(self._canvas.targets[number], ((rim, rim), (rim, rim), (0, 0)), mode="edge")
        data = (width / columns, 0, left + rim, 0, height / rows, top + rim)
        image = Image.fromarray(padded).transform((columns, rows), Image.Transform.AFFINE, data, how)
        down = top + height * (np.arange(rows) + 0.5) / rows
        across = left + width * (np.arange(columns) + 0.5) / columns
        inside = ((down >= 0) & (down <= high))[:, None] & ((across >= 0) & (across <= wide))[None, :]
        result = np.where(inside[..., None], np.array(image), np.uint8(128))
        return read_only(result)
