"""Pictures to paint: scikit-image's own, one entry each; any file; and sets of many. Cut square and scaled.

Files come from anywhere, so whatever is wrong with one ends in a PictureError with one sentence. Serves the data of a
painting.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import stat
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.frames import read_only
from engine.patience import answered

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

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".bmp")
LEAST_EDGE = 8  # pixels; there is nothing to see in less
MOST_PIXELS = 80_000_000  # a quarter of a gigabyte when decoded
MOST_BYTES = 200_000_000
KEPT_EDGE = 2048  # the longer edge of what is kept of a file; four times the largest side that is painted
KEPT_SHORT_EDGE = 512  # though of a slender one so much of the shorter edge is kept, if it has that: what is painted


class PictureError(ValueError):
    """A picture that can't be painted; the message is one sentence that names the file."""


@dataclass(frozen=True)
class Crop:
    """Which square of a picture is painted: the largest one divided by ``zoom``, at ``x``, ``y`` in 0..1 of its way."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def box(self, rows: int, columns: int) -> tuple[int, int, int]:
        """(top, left, edge) of the square in a picture of this size, in pixels."""
        edge = max(1, round(min(rows, columns) / self.zoom))
        # floor as in the lecture's own cut, so that the middle is the same pixel
        return int((rows - edge) * self.y), int((columns - edge) * self.x), edge


@lru_cache(maxsize=4)
def gallery(name: str) -> np.ndarray:
    """One of IMAGES as it comes: uint8, shape (rows, columns, 3)."""
    from skimage import color, data  # half a second to import, and only wanted here

    image = getattr(data, _LOADERS.get(name, name))()
    if image.ndim == 2:
        image = color.gray2rgb(image)
    return read_only(np.ascontiguousarray(image[:, :, :3]))


def square(name: str, side: int) -> np.ndarray:
    """The central square of one of IMAGES: float32, shape (side, side, 3), values in 0..255."""
    return cut(gallery(name), side)


def cut(source: np.ndarray, side: int, crop: Crop | None = None) -> np.ndarray:
    """A square of a uint8 picture at ``side`` x ``side``: float32, shape (side, side, 3), values in 0..255."""
    from skimage import transform

    top, left, edge = (crop or Crop()).box(*source.shape[:2])
    part = source[top : top + edge, left : left + edge]
    scaled = transform.resize(part, (side, side), anti_aliasing=True)
    return read_only((scaled * 255).astype(np.float32))


def preview(source: np.ndarray, edge: int) -> np.ndarray:
    """The whole picture, small enough for a panel: uint8, its longer edge at most ``edge``."""
    from PIL import Image

    small = Image.fromarray(source)
    small.thumbnail((edge, edge))
    return read_only(np.array(small))


def read(path: str) -> np.ndarray:
    """Any picture file as uint8, shape (rows, columns, 3); a GIF's first frame; transparent is white.

    Raises:
        PictureError: it is not there, not readable, not a picture, damaged, or of a size that can't be painted.
    """
    name = Path(path).name or path
    try:
        status = answered(lambda: os.stat(path))
        if stat.S_ISDIR(status.st_mode):
            raise PictureError(f"{name} is a folder; choose a picture file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise PictureError(f"{name} is no file that pictures are kept in.")
        if status.st_size == 0:
            raise PictureError(f"{name} is empty: there is no picture in it.")
        if status.st_size > MOST_BYTES:
            raise PictureError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB; scale it down first.")
    except OSError as error:
        raise PictureError(f"{name} can't be read: {_reason(error)}.") from None
    except ValueError as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError("No file can have such a name; type it again, or browse for the file.") from None
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _read(path: str, _changed: int, _size: int) -> np.ndarray:
    from PIL import Image

    name = Path(path).name
    try:
        content = answered(Path(path).read_bytes)
    except OSError as error:
        raise PictureError(f"{name} can't be read: {_reason(error)}.") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, of sizes that are checked below
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                _check_size(name, *image.size)
                return read_only(_pixels(image))
    except PictureError:
        raise
    except Image.UnidentifiedImageError:
        formats = ", ".join(FORMATS[:-1])
        raise PictureError(f"{name} is not a picture that can be read here: {formats} or {FORMATS[-1]}.") from None
    except Image.DecompressionBombError:
        raise PictureError(f"{name} has too many pixels: {MOST_PIXELS // 1_000_000} million at most.") from None
    except MemoryError:
        raise PictureError(f"{name} needs more memory than there is.") from None
    except Exception:  # Pillow's decoders raise whatever they stumble over: OSError, SyntaxError, struct.error, ...
        raise PictureError(f"{name} is damaged or cut off: it can't be decoded.") from None


def _check_size(name: str, columns: int, rows: int) -> None:
    size = f"{columns:,} x {rows:,} pixels"
    if min(columns, rows) < LEAST_EDGE:
        raise PictureError(f"{name} has {size}; at least {LEAST_EDGE} x {LEAST_EDGE} are needed.")
    if columns * rows > MOST_PIXELS:
        raise PictureError(f"{name} has {size}; at most {MOST_PIXELS // 1_000_000} million can be opened.")


def _pixels(image: Any) -> np.ndarray:
    """A Pillow image as uint8 (rows, columns, 3), turned as its EXIF says, and not larger than KEPT_EDGE."""
    from PIL import Image, ImageOps

    image.draft("RGB", (KEPT_EDGE, KEPT_EDGE))  # a JPEG is decoded at about the size that is kept
    image.load()
    is_tiff = image.format == "TIFF"
    with contextlib.suppress(Exception):  # a broken EXIF block is no reason not to show the picture
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        values, clear = np.asarray(image, np.float64), image.info.get("transparency")
        grey = _eight_bits(values, is_tiff)
        image = Image.fromarray(np.where(values == clear, 255, grey) if isinstance(clear, int) else grey)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    image = image.convert("RGB")
    share = max(KEPT_EDGE / max(image.size), min(1.0, KEPT_SHORT_EDGE / min(image.size)))
    image.thumbnail((math.ceil(image.width * share), math.ceil(image.height * share)), reducing_gap=3.0)
    return np.array(image)


def _eight_bits(values: np.ndarray, is_tiff: bool) -> np.ndarray:
    """Grey values of 16 or 32 bits or floats, as uint8: by their format's range, or by their own where that is open.

    A TIFF leaves it open: cameras and microscopes write their 10, 12 or 14 bits into its 16, and floats go to anything.
    """
    values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
    least, most = values.min(initial=0.0), values.max(initial=0.0)
    is_whole = bool((values == np.floor(values)).all())
    if most <= 1.0:
        top = 1.0
    elif not is_whole:
        top = most
    elif most <= 255:
        top = 255.0
    elif is_tiff and most <= 65535:
        top = 2.0 ** np.ceil(np.log2(most + 1)) - 1
    else:
        top = max(65535.0, most)
    return ((values - min(least, 0.0)) / (top - min(least, 0.0)) * 255 + 0.5).astype(np.uint8)


def _reason(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "it is not there (any more)"
        case PermissionError():
            return "no permission"
        case IsADirectoryError():
            return "it is a folder"
        case TimeoutError():
            return "it does not answer"
    return error.strerror or "it does not answer"


def faces(most: int, side: int) -> np.ndarray:
    """The first faces of scikit-image's lfw_subset: float32, shape (n, side, side, 3), values in 0..255."""
    from skimage import data, transform

    found = data.lfw_subset()[:most]
    scaled = np.stack([transform.resize(face, (side, side), anti_aliasing=True) for face in found])
    return read_only(np.repeat(scaled[..., None] * 255, 3, axis=3).astype(np.float32))


def folder(path: str, most: int, side: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """A folder's first pictures by name, their central squares: float32, shape (n, side, side, 3), in 0..255.

    Files that can't be painted are passed over; the names of those come with the pictures.

    Raises:
        PictureError: the folder can't be read, or has fewer than two pictures.
    """
    name = Path(path).name or path
    try:
        files = answered(lambda: sorted(file for file in Path(path).iterdir() if file.suffix.lower() in ENDINGS))
    except ValueError:
        raise PictureError("No folder can have such a name; type it again, or browse for the folder.") from None
    except NotADirectoryError:
        raise PictureError(f"{name} is not a folder; choose one with pictures in it.") from None
    except OSError as error:
        raise PictureError(f"The folder {name} can't be read: {_reason(error)}.") from None
    pictures: list[np.ndarray] = []
    left_out: list[str] = []
    for file in files:
        try:
            pictures.append(cut(preview(read(str(file)), 4 * side), side))
        except PictureError:
            left_out.append(file.name)
        if len(pictures) == most:
            break
    if len(pictures) < 2:
        raise PictureError(f"The folder {name} has {len(pictures) or 'no'} picture to paint; two at least are needed.")
    return read_only(np.stack(pictures)), tuple(left_out)
