"""One picture file of any kind that Pillow knows, as sRGB pixels: what its content says decides, not its ending.

Turned as its EXIF says, its colour profile taken into account, its 16 bits or floats brought to eight, and what is
transparent laid on a ground that it can be seen on. Whatever is wrong with a file ends in a PictureError with one
sentence. Serves the data of a painting, and `check`.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine import files
from engine.frames import read_only

ENDINGS = (
    ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".avif", ".jp2", ".j2k",
    ".heic", ".heif", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".ico", ".icns", ".psd", ".qoi", ".pcx", ".sgi", ".dds",
    ".mpo", ".apng", ".xbm", ".xpm", ".fits",
)  # fmt: skip
# Of Pillow's formats those that are no pictures, need another program, or are told by too little to be sure.
_LEFT_OUT = {"BUFR", "EPS", "GRIB", "HDF5", "IMT", "IPTC", "MCIDAS", "MPEG", "PIXAR", "SPIDER", "WMF", "XVTHUMB", "GBR"}
LEAST_EDGE = 8  # pixels; there is nothing to see in less
MOST_PIXELS = 80_000_000  # a quarter of a gigabyte when decoded
MOST_JPEG_PIXELS = 400_000_000  # a JPEG is decoded at an eighth of its size
MOST_BYTES = 200_000_000
MOST_FRAMES = 10_000
BAND = 4_000_000  # numbers that are turned into eight bits at once
KEPT_EDGE = 2048  # the longer edge of what is kept of a file; four times the largest side that is painted
KEPT_SHORT_EDGE = 512  # though of a slender one so much of the shorter edge is kept, if it has that: what is painted
WANTED = "a picture file"
_PALE = 60  # of 255: a picture that is on average less apart from white can't be seen on it


class PictureError(ValueError):
    """A picture that can't be painted; the message is one sentence that names the file."""


@dataclass(frozen=True, eq=False)
class PictureFile:
    """``pixels``: uint8 (rows, columns, 3), sRGB, not larger than is kept; ``width``, ``height`` as in the file.

    ``mode`` and ``format`` as Pillow names them; ``frames``: how many pages or frames there are; ``remarks``: what was
    done to it that a person may want to know, a sentence each.
    """

    pixels: np.ndarray
    width: int
    height: int
    mode: str
    format: str
    frames: int
    remarks: tuple[str, ...]


def read(path: str) -> PictureFile:
    """The picture in a file, a pipe or standard input; its first frame or page.

    Raises:
        PictureError: it is not there, not readable, not a picture, damaged, or of a size that can't be painted.
    """
    try:
        if path == files.STANDARD_INPUT:
            return decoded(files.content(path, MOST_BYTES, WANTED), files.shown(path))
        return _read(path, *files.stamp(path))
    except files.FileError as error:
        raise PictureError(str(error)) from None


def frames(path: str, most: int) -> tuple[list[np.ndarray], int]:
    """The frames of an animated picture, or pages, evenly chosen, each as read() gives it; and how many there are.

    Raises:
        PictureError: as of read(), or there is one frame only.
    """
    try:
        content = files.content(path, MOST_BYTES, WANTED)
    except files.FileError as error:
        raise PictureError(str(error)) from None
    name = files.shown(path)
    with _opened(content, name) as image:
        _check_size(name, image)
        count = min(getattr(image, "n_frames", 1), MOST_FRAMES)
        if count < 2:
            raise PictureError(f"{name} is one picture; a folder or an animated picture holds many.")
        chosen = np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int))
        found = []
        for number in chosen:
            image.seek(int(number))
            found.append(_pixels(image, [])[0])
    return found, count


def is_picture(begin: bytes) -> bool:
    """Whether a file that begins so is a picture of a kind that is read here."""
    from PIL import Image

    if _is_heic(begin):
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(begin), formats=_formats("")):
                return True
    except Image.DecompressionBombError:
        return True
    except Exception:  # of a beginning alone not every decoder knows what to say
        return begin.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"8BPS"))


@lru_cache(maxsize=4)
def _read(path: str, _changed: int, _size: int) -> PictureFile:
    return decoded(files.content(path, MOST_BYTES, WANTED), os.path.basename(path) or path)


def decoded(content: bytes, name: str) -> PictureFile:
    """The picture in a file's content; ``name`` is how sentences call it.

    Raises:
        PictureError: as of read().
    """
    if not content:
        raise PictureError(f"{name} is empty: there is no picture in it.")
    with _opened(content, name) as image:
        _check_size(name, image)
        remarks: list[str] = []
        mode, kind, count = image.mode, image.format or "", getattr(image, "n_frames", 1)
        width, height = image.size
        pixels, is_turned = _pixels(image, remarks)
        if count > 1:
            what = "pages" if kind == "TIFF" else "frames"
            remarks.append(f"It has {count:,} {what}; the first is taken.")
        if is_turned:
            width, height = height, width
        return PictureFile(read_only(pixels), width, height, mode, kind, count, tuple(remarks))


@contextlib.contextmanager
def _opened(content: bytes, name: str) -> Any:
    """The content as a Pillow image; whatever its decoder stumbles over becomes a sentence."""
    from PIL import Image, JpegImagePlugin

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, of sizes that are checked here
            if content.startswith(b"\xff\xd8\xff"):  # past Pillow's own limit, since a JPEG is decoded small
                opened = JpegImagePlugin.jpeg_factory(io.BytesIO(content))
            else:
                opened = _image_of(content, name)
            with opened as image:
                yield image
    except PictureError:
        raise
    except Image.UnidentifiedImageError:
        raise PictureError(_other_kind(content, name)) from None
    except Image.DecompressionBombError:
        raise PictureError(f"{name} has too many pixels: {_limits()}.") from None
    except MemoryError:
        raise PictureError(f"{name} needs more memory than there is.") from None
    except Exception:  # Pillow's decoders raise whatever they stumble over: OSError, SyntaxError, struct.error, ...
        raise PictureError(f"{name} is damaged or cut off: it can't be decoded.") from None


def _image_of(content: bytes, name: str) -> Any:
    from PIL import Image

    if _is_heic(content):
        _register_heic(name)
    try:
        return Image.open(io.BytesIO(content), formats=_formats(name))
    except Image.UnidentifiedImageError:
        if content[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            return _by_tifffile(content)
        raise


def _formats(name: str) -> list[str]:
    from PIL import Image

    Image.init()
    weak = set() if name.lower().endswith((".tga", ".icb", ".vda", ".vst")) else {"TGA"}
    return [kind for kind in Image.OPEN if kind not in _LEFT_OUT | weak]


def _is_heic(begin: bytes) -> bool:
    return begin[4:8] == b"ftyp" and begin[8:12] in (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1")


def _register_heic(name: str) -> None:
    try:
        import pillow_heif
    except ImportError:
        raise PictureError(
            f"{name} is a HEIC photo: save it as JPEG (on a phone: share or export it as “most compatible”), "
            "or install the package pillow-heif."
        ) from None
    pillow_heif.register_heif_opener()


def _by_tifffile(content: bytes) -> Any:
    """A TIFF of a kind that Pillow doesn't decode, such as floats in three channels, as an image of eight bits."""
    import tifffile
    from PIL import Image

    with tifffile.TiffFile(io.BytesIO(content)) as file:
        page = file.pages[0]
        if page.imagewidth * page.imagelength > MOST_PIXELS:
            raise PictureError(f"This TIFF has too many pixels: {_limits()}.")
        values = np.squeeze(page.asarray())
    if values.ndim == 3 and values.shape[0] in (3, 4) and values.shape[2] not in (3, 4):
        values = np.moveaxis(values, 0, -1)
    if values.ndim != 2 and (values.ndim != 3 or values.shape[2] < 3):
        raise ValueError("no picture of one page")
    image = Image.fromarray(_eight_bits(values[..., :3] if values.ndim == 3 else values, True))
    image.format = "TIFF"
    return image


def _other_kind(content: bytes, name: str) -> str:
    if _is_heic(content):
        return f"{name} is damaged or cut off: it can't be decoded."
    begin = content[:200].lstrip().lower()
    if begin.startswith(b"%pdf"):
        return f"{name} is a PDF, not a picture; save its page as PNG or JPEG."
    if b"<svg" in content[:2000].lower():
        return f"{name} is an SVG drawing, not a picture of pixels; export it as PNG."
    if begin.startswith(b"%!ps"):
        return f"{name} is PostScript, not a picture of pixels; export it as PNG."
    if begin.startswith((b"<!doctype", b"<html")):
        return f"{name} is a web page, not a picture; save the picture itself."
    return f"{name} is not a picture that can be read here; PNG, JPEG, GIF, WebP, TIFF, BMP and AVIF are some that can."


def _limits() -> str:
    return (
        f"at most {MOST_PIXELS // 1_000_000} million can be opened, of a JPEG {MOST_JPEG_PIXELS // 1_000_000} million"
    )


def _check_size(name: str, image: Any) -> None:
    columns, rows = image.size
    size = f"{columns:,} x {rows:,} pixels"
    if min(columns, rows) < LEAST_EDGE:
        raise PictureError(f"{name} has {size}; at least {LEAST_EDGE} x {LEAST_EDGE} are needed.")
    shrinks = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    if columns * rows > (MOST_JPEG_PIXELS if shrinks else MOST_PIXELS):
        raise PictureError(f"{name} has {size}; {_limits()}.")


def _pixels(image: Any, remarks: list[str]) -> tuple[np.ndarray, bool]:
    """A Pillow image as uint8 (rows, columns, 3), and whether it was turned on its side to stand upright."""
    from PIL import Image, ImageOps

    if image.format in ("JPEG", "MPO"):
        image.draft(None, (KEPT_EDGE, KEPT_EDGE))  # decoded at about the size that is kept, in its own colours
    image.load()
    is_tiff, profile = image.format == "TIFF", image.info.get("icc_profile")
    is_turned = False
    with contextlib.suppress(Exception):  # a broken EXIF block is no reason not to show the picture
        is_turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        values, clear = np.asarray(image), image.info.get("transparency")
        grey = _eight_bits(values, is_tiff)
        image = Image.fromarray(np.where(values == clear, 255, grey) if isinstance(clear, int) else grey)
    share = max(KEPT_EDGE / max(image.size), min(1.0, KEPT_SHORT_EDGE / min(image.size)))
    size = math.ceil(image.width * share), math.ceil(image.height * share)
    if image.mode in ("P", "PA", "1") or "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    if share < 1:
        image = image.convert(image.mode.replace("a", "A")) if image.mode in ("RGBa", "La") else image
        image.thumbnail(size, reducing_gap=3.0)
    return np.array(_on_ground(_in_srgb(image, profile, remarks), remarks)), is_turned


def _in_srgb(image: Any, profile: bytes | None, remarks: list[str]) -> Any:
    """The image as RGB or RGBA with sRGB's colours, by the profile that is embedded in it."""
    from PIL import ImageCms

    alpha = image.convert("RGBA").getchannel("A") if image.mode in ("RGBA", "LA", "RGBa", "La") else None
    colours = image.convert({"RGBA": "RGB", "RGBa": "RGB", "LA": "L", "La": "L"}[image.mode]) if alpha else image
    if profile and colours.mode in ("RGB", "CMYK", "L", "LAB"):
        with contextlib.suppress(Exception):  # a profile that is damaged, or for another kind of pixel, says nothing
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            name = " ".join(ImageCms.getProfileDescription(source).split())
            if "srgb" not in name.lower():
                colours = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
                remarks.append(f"Its colours were turned from {name[:60]} into sRGB.")
    if colours.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        colours = ImageCms.profileToProfile(colours, lab, srgb, outputMode="RGB")
    colours = colours.convert("RGB")
    if alpha is not None:
        colours.putalpha(alpha)
    return colours


def _on_ground(image: Any, remarks: list[str]) -> Any:
    """What is transparent laid on white; on black, where it couldn't be seen on white."""
    from PIL import Image

    if image.mode != "RGBA":
        return image
    values = np.asarray(image, np.float32)
    weight = values[..., 3] / 255
    if weight.min() == 1:
        return image.convert("RGB")
    light = values[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    apart = float((weight * (255 - light)).sum() / max(float(weight.sum()), 1e-6))
    ground = "black" if apart < _PALE and weight.any() else "white"
    remarks.append(f"What is transparent was laid on {ground}.")
    return Image.alpha_composite(Image.new("RGBA", image.size, ground), image).convert("RGB")


def _eight_bits(values: np.ndarray, is_tiff: bool) -> np.ndarray:
    """Values of 16 or 32 bits or floats, as uint8: by their format's range, or by their own where that is open.

    A TIFF leaves it open: cameras and microscopes write their 10, 12 or 14 bits into its 16, and floats go to anything.
    """
    least, most, is_whole = 0.0, 0.0, True
    for band in _bands(values):
        least, most = min(least, float(band.min(initial=0.0))), max(most, float(band.max(initial=0.0)))
        is_whole = is_whole and bool((band == np.floor(band)).all())
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
    made = [((band - least) / (top - least) * 255 + 0.5).astype(np.uint8) for band in _bands(values)]
    return np.concatenate(made) if made else np.zeros(values.shape, np.uint8)


def _bands(values: np.ndarray) -> Iterator[np.ndarray]:
    """The rows as float64, a few at a time: of a large picture all of them would be gigabytes."""
    rows = max(1, BAND // max(1, values[:1].size))
    for first in range(0, len(values), rows):
        yield np.nan_to_num(np.asarray(values[first : first + rows], np.float64), posinf=0.0, neginf=0.0)
