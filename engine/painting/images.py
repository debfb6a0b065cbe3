"""Pictures to paint: scikit-image's own, one entry each; any file; and sets of many. Cut and scaled.

Files come from anywhere, so whatever is wrong with one ends in a PictureError with one sentence. Serves the data of a
painting.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.backend.timeout import call_with_timeout
from engine.files import reason
from engine.frames import read_only
from engine.painting import picture_file
from engine.painting.picture_file import ENDINGS, LEAST_EDGE, PictureError

# Only those that scikit-image carries in its package: the others would be fetched from the net.
IMAGES: dict[str, str] = {
    "astronaut": "astronaut",
    "coffee": "coffee",
    "cat": "cat (chelsea)",
    "rocket": "rocket",
    "camera": "cameraman",
    "hubble": "Hubble deep field",
    "colorwheel": "colour wheel",
    "coins": "coins",
    "moon": "moon",
    "retina": "retina",
    "cells": "stained cells",
}
_LOADERS = {"hubble": "hubble_deep_field", "cells": "immunohistochemistry"}  # where scikit-image has another name

BEGINNING = 100_000  # bytes by which a file without an ending is told for a picture


@dataclass(frozen=True)
class Crop:
    """Which part of a picture is painted: the largest one divided by ``zoom``, at ``x``, ``y`` in 0..1 of its way.

    It is a square, or where ``is_whole`` of the picture's own shape.
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5
    is_whole: bool = False

    def box(self, rows: int, columns: int) -> tuple[int, int, int, int]:
        """(top, left, height, width) of the part in a picture of this size, in pixels."""
        largest = (rows, columns) if self.is_whole else (min(rows, columns),) * 2
        height, width = (max(1, round(edge / self.zoom)) for edge in largest)
        # floor as in the lecture's own cut, so that the middle is the same pixel
        return int((rows - height) * self.y), int((columns - width) * self.x), height, width


def function_of(name: str) -> str:
    """What scikit-image calls the function of its ``data`` that gives one of IMAGES."""
    return _LOADERS.get(name, name)


@lru_cache(maxsize=4)
def gallery(name: str) -> np.ndarray:
    """One of IMAGES as it comes: uint8, shape (rows, columns, 3)."""
    from skimage import color, data  # half a second to import, and only wanted here

    image = getattr(data, function_of(name))()
    if image.ndim == 2:
        image = color.gray2rgb(image)
    return read_only(np.ascontiguousarray(image[:, :, :3]))


def square(name: str, side: int) -> np.ndarray:
    """The central square of one of IMAGES: float32, shape (side, side, 3), values in 0..255."""
    return cut(gallery(name), side)


def cut(source: np.ndarray, side: int, crop: Crop | None = None) -> np.ndarray:
    """A part of a uint8 picture at about ``side`` x ``side`` pixels: float32 (rows, columns, 3), values in 0..255."""
    top, left, height, width = (crop or Crop()).box(*source.shape[:2])
    return scaled(source[top : top + height, left : left + width], *size_of(height, width, side))


def size_of(height: int, width: int, side: int) -> tuple[int, int]:
    """(rows, columns) with about side * side pixels, as high for their width as a part of this height and width."""
    ratio = (height / width) ** 0.5
    return max(LEAST_EDGE, round(side * ratio)), max(LEAST_EDGE, round(side / ratio))


def scaled(source: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """A uint8 picture at another size: float32, shape (rows, columns, 3), values in 0..255."""
    from skimage import transform

    resized = transform.resize(source, (rows, columns), anti_aliasing=True)
    return read_only((resized * 255).astype(np.float32))


def preview(source: np.ndarray, edge: int) -> np.ndarray:
    """The whole picture, small enough for a panel: uint8, its longer edge at most ``edge``."""
    from PIL import Image

    small = Image.fromarray(source)
    small.thumbnail((edge, edge))
    return read_only(np.array(small))


def read(path: str) -> np.ndarray:
    """Any picture file as uint8, shape (rows, columns, 3).

    Raises:
        PictureError: as of picture_file.read().
    """
    return picture_file.read(path).pixels


def faces(most: int, side: int) -> np.ndarray:
    """The first faces of scikit-image's lfw_subset: float32, shape (n, side, side, 3), values in 0..255."""
    from skimage import data, transform

    found = data.lfw_subset()[:most]
    scaled = np.stack([transform.resize(face, (side, side), anti_aliasing=True) for face in found])
    return read_only(np.repeat(scaled[..., None] * 255, 3, axis=3).astype(np.float32))


@dataclass(frozen=True, eq=False)
class Many:
    """``pictures``: float32 (n, side, side, 3), values in 0..255; ``names`` of them, in their order.

    ``left_out`` names the files that can't be painted; ``of`` says how many pictures there are in all.
    """

    pictures: np.ndarray
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    of: int

    def remarks(self) -> tuple[str, ...]:
        """What isn't painted of them, a sentence each; empty where nothing is left out."""
        found = []
        if len(self.pictures) < self.of:
            found.append(f"{len(self.pictures)} of {self.of} pictures are painted; the knob pictures says how many.")
        if len(self.left_out) == 1:
            found.append(f"1 file is no picture that can be painted: {self.left_out[0]}.")
        elif self.left_out:
            first, second, *others = self.left_out
            names = f"{first}, {second} and {len(others)} more" if others else f"{first} and {second}"
            found.append(f"{len(self.left_out)} files are no pictures that can be painted: {names}.")
        return tuple(found)


def folder(path: str, most: int, side: int) -> Many:
    """A folder's first pictures in their natural order, their central squares; or the frames of an animated picture.

    Files that can't be painted are passed over, and those that hide don't exist.

    Raises:
        PictureError: it can't be read, or has fewer than two pictures.
    """
    name = Path(path).name or path
    if not _is_folder(path):
        found, count = picture_file.frames(path, most)
        squares = np.stack([cut(preview(frame, 4 * side), side) for frame in found])
        return Many(read_only(squares), tuple(f"{name} {n + 1}" for n in range(len(found))), (), count)
    found_files = listed(path)
    pictures: list[np.ndarray] = []
    names: list[str] = []
    left_out: list[str] = []
    for file in found_files:
        try:
            pictures.append(cut(preview(read(str(file)), 4 * side), side))
            names.append(file.name)
        except PictureError:
            left_out.append(file.name)
        if len(pictures) == most:
            break
    if len(pictures) < 2:
        raise PictureError(f"The folder {name} has {len(pictures) or 'no'} picture to paint; two at least are needed.")
    return Many(read_only(np.stack(pictures)), tuple(names), tuple(left_out), len(found_files) - len(left_out))


def listed(path: str) -> list[Path]:
    """The files of a folder that are pictures by their ending, or by their content where they have no known one.

    Raises:
        PictureError: it can't be read.
    """
    name = Path(path).name or path
    try:
        found = call_with_timeout(lambda: [file for file in Path(path).iterdir() if _may_be_picture(file)])
    except ValueError:
        raise PictureError("No folder can have such a name; type it again, or browse for the folder.") from None
    except OSError as error:
        raise PictureError(f"The folder {name} can't be read: {reason(error)}.") from None
    return sorted(found, key=lambda file: natural(file.name))


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which names with numbers come in the order of these: 2 before 10."""
    parts = re.split(r"([0-9]{1,18})", name.casefold())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part)


def _is_folder(path: str) -> bool:
    try:
        return not call_with_timeout(lambda: Path(path).is_file())
    except (OSError, ValueError):
        return True  # whoever lists it says why it can't be read


def _may_be_picture(file: Path) -> bool:
    if file.name.startswith(".") or not file.is_file():
        return False
    if file.suffix:
        return file.suffix.lower() in ENDINGS
    with contextlib.suppress(OSError), file.open("rb") as opened:
        return picture_file.is_picture(opened.read(BEGINNING))
    return False
