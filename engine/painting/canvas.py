"""What a painting is made from: the pixels' positions and colours as numbers to train on, and the way back to pixels.

Four kinds: one picture, many pictures, roles swapped, and a palette's colours. Serves the data of a painting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.frames import read_only
from engine.painting import images, picture_file
from engine.painting.encodings import EDGE, palette_of
from engine.painting.picture import Source
from engine.painting.settings import PaintingSettings
from engine.painting.variants import has_palette, is_many, is_swapped, is_whole

PREVIEW_EDGE = 256  # pixels of the longer edge of the whole picture in the side panel


def coordinates(height: int, width: int | None = None) -> np.ndarray:
    """(row, column) of every pixel of a picture, a square one without ``width``; centred, in one unit for both axes.

    One is the standard deviation of the longer edge's numbers: for a square, of all of them together. So a pixel is as
    wide as it is high to the network, and all positions lie within -EDGE..EDGE. float32, shape (height * width, 2), in
    reading order.
    """
    rows, columns = np.mgrid[0:height, 0 : width or height]
    positions = np.stack([rows.ravel(), columns.ravel()], axis=1).astype(np.float64)
    return ((positions - positions.mean(axis=0)) / _unit(height, width or height)).astype(np.float32)


def _unit(height: int, width: int) -> float:
    return np.arange(max(height, width)).std()


def window_positions(
    picture: tuple[int, int], window: tuple[float, float, float, float], rows: int, columns: int
) -> np.ndarray:
    """Normalised (row, column) of a grid over a window (top, left, height, width) in shares of a picture.

    ``picture`` is its (rows, columns). float32, shape (rows * columns, 2). The window (0, 0, 1, 1) at as many rows and
    columns gives coordinates(*picture).
    """
    top, left, height, width = window
    high, wide = picture
    unit = _unit(*picture)
    down = ((top + height * (np.arange(rows) + 0.5) / rows) * high - high / 2) / unit
    across = ((left + width * (np.arange(columns) + 0.5) / columns) * wide - wide / 2) / unit
    grid = np.stack(np.meshgrid(down, across, indexing="ij"), axis=-1)
    return grid.reshape(-1, 2).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Canvas:
    """``raw`` (n, inputs) and ``answers`` (n, outputs), float32; ``targets`` uint8 (pictures, rows, columns, 3).

    ``palette`` is float32 (colours, 3) in the answers' unit, or None. ``remarks``: what was done to the files, or left
    out of them, a sentence each.
    """

    raw: np.ndarray
    answers: np.ndarray
    targets: np.ndarray
    source: Source | None
    palette: np.ndarray | None
    low: float  # the answer that stands for black
    unit: float  # how many of 0..255 one in the answers is
    remarks: tuple[str, ...] = ()
    _views: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of each picture."""
        return self.targets.shape[1:3]

    @property
    def pixels(self) -> int:
        """How many pixels a picture has."""
        return self.shape[0] * self.shape[1]

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self.targets)

    def target(self, number: int) -> np.ndarray:
        """One picture, uint8 (rows, columns, 3): the same object every time, so that it is known for the same."""
        if self._views.get(number) is None:
            self._views[number] = self.targets[number]
        return self._views[number]

    def index_of(self, walk: float) -> float:
        """Which picture the walk 0..1 stands at, counted from 0."""
        return walk * (self.count - 1)

    def index_input(self, index: float) -> float:
        """The third input of picture ``index``, normalised as the others are."""
        numbers = np.arange(self.count)
        return float((index - numbers.mean()) / numbers.std())

    def answers_of(self, index: int) -> np.ndarray:
        """The answers (pixels, outputs) of one picture."""
        n = self.pixels
        return self.answers[index * n : (index + 1) * n]

    def with_picture(self, positions: np.ndarray, index: float) -> np.ndarray:
        """Raw inputs for positions (n, 2) in picture ``index``: the positions, and where there are many, the index."""
        if self.count == 1:
            return positions
        column = np.full((len(positions), 1), self.index_input(index), np.float32)
        return np.concatenate([positions, column], axis=1)

    def to_pixels(self, answers: Any) -> Any:
        """Answers as colours in 0..255, not clipped; works on arrays and tensors."""
        return (answers - self.low) * self.unit


def canvas_of(settings: PaintingSettings) -> Canvas:
    """Read and cut what the settings name.

    Raises:
        PictureError: a file or folder that can't be painted.
    """
    side = settings.side
    source: Source | None = None
    remarks: tuple[str, ...] = ()
    if is_many(settings):
        if settings.folder:
            many = images.folder(settings.folder, settings.pictures, side)
            found, remarks = many.pictures, many.remarks()
        else:
            found = images.faces(settings.pictures, side)
    else:
        if settings.image_file:
            file = picture_file.read(settings.image_file)
            whole, remarks = file.pixels, file.remarks
        else:
            whole = images.gallery(settings.image)
        crop = images.Crop(settings.crop_zoom, settings.crop_x, settings.crop_y, is_whole(settings))
        found = images.cut(whole, side, crop)[None]
        name = Path(settings.image_file).name if settings.image_file else images.IMAGES[settings.image]
        source = Source(images.preview(whole, PREVIEW_EDGE), name)
    targets = read_only(np.clip(found + 0.5, 0, 255).astype(np.uint8))
    low, unit = {"255": (0.0, 1.0), "1": (0.0, 255.0), "-1": (-1.0, 127.5)}[settings.target_range]
    palette = None
    positions = coordinates(*found.shape[1:3])
    if is_swapped(settings):
        raw = (found.reshape(-1, 3) / np.float32(127.5) - 1) * np.float32(EDGE)
        answers = positions / np.float32(EDGE)
    else:
        raw = positions
        answers = found.reshape(-1, 3) / np.float32(unit) + np.float32(low)
        if len(found) > 1:
            numbers = np.arange(len(found))
            index = np.repeat((numbers - numbers.mean()) / numbers.std(), len(positions)).astype(np.float32)
            raw = np.concatenate([np.tile(positions, (len(found), 1)), index[:, None]], axis=1)
        if has_palette(settings):
            palette = palette_of(settings.palette, found[0]) / np.float32(unit) + np.float32(low)
    return Canvas(raw, answers, targets, source, palette, low, unit, remarks)
