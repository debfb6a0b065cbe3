"""Animations of a run: what it showed at planned moments, and the files that the lecture's homework asks for.

reference.png is the target, single.gif a picture as it is learnt; multiple.gif many pictures as they are learnt, and
final.gif a walk through them, and between. Serves ``run --gif`` and the menu.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from app.files.outputs import OutputError, check_writable, write_whole
from app.sharing.film import Plan, Planned
from engine.frames import Frame
from engine.painting.picture import PaintingPicture
from engine.painting.variants import is_many
from engine.run.runner import Runner
from engine.run.spec import RunSpec

GIF_PLAN = Plan(seconds=91 * 0.08, fps=12.5)
LAST_MILLISECONDS = 2000  # the last one stands, before the animation begins again
LEAST_EDGE = 400  # pixels; small pictures are enlarged by a whole number
WALK_FRAMES = 300
WALK_PIECE = 10  # of them are painted at once
SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))  # of folders in a path


class Animation(Planned):
    """Collects pictures at moments that come often at first and seldom later: there is most to see at the start."""

    def __init__(self, runner: Runner, draw: Callable[[Frame], Image.Image], plan: Plan = GIF_PLAN) -> None:
        super().__init__(plan)
        self._runner, self._draw = runner, draw
        self._images: list[Image.Image] = []

    def capture(self, share: float) -> None:
        """Keep what the run shows now."""
        self.skip(share)
        frame = self._runner.frame()
        picture = frame.picture
        if isinstance(picture, PaintingPicture):
            shown = picture.montage.painting if picture.montage is not None else picture.painting
            self._images.append(_enlarged(shown))
        else:
            self._images.append(self._draw(frame))

    def gif(self, before_each: Callable[[], None] = lambda: None) -> bytes:
        """The animation; ``before_each`` of its pictures is called, and may raise to end the work."""
        return gif_of(self._images, before_each, round(1000 / self._plan.fps))

    def companions(self, before_each: Callable[[], None] = lambda: None) -> dict[str, bytes]:
        """What belongs beside a painting's animation, by file name.

        Raises:
            OutputError: the walk through many pictures can't be painted.
        """
        picture = self._runner.frame().picture
        if not isinstance(picture, PaintingPicture):
            return {}
        if picture.montage is None:
            return {"reference.png": _png(_enlarged(picture.target))}
        reference = _png(_enlarged(picture.montage.target))
        return {"reference.png": reference, "final.gif": gif_of(self._walk(), before_each)}

    def _walk(self) -> Iterable[Image.Image]:
        for first in range(0, WALK_FRAMES, WALK_PIECE):  # so that large pictures can be stopped in between
            piece = self._runner.analyse("walk", {"frames": WALK_FRAMES, "part": (first, first + WALK_PIECE)})
            if piece.result is None:
                raise OutputError(f"final.gif is not written: {piece.problem}")
            yield from map(_enlarged, piece.result)


def animated(spec: RunSpec) -> RunSpec:
    """The spec whose frames hold what an animation shows: of many pictures, all."""
    has_many = spec.experiment == "painting" and is_many(spec.settings)
    return spec.with_knobs({"view": "many"}) if has_many else spec


def targets(path: str, spec: RunSpec) -> tuple[str, Path]:
    """The animation's file and the folder of its companions, from what was asked for: a file's name, or a folder.

    A name that ends in / is a folder's, which ``write`` makes where it isn't there yet.

    Raises:
        OutputError: it can't be written.
    """
    name = "multiple.gif" if animated(spec) is not spec else "single.gif"
    if path.endswith(SEPARATORS) and not Path(path).exists():
        check_writable(str(Path(path)))
        return str(Path(path) / name), Path(path).resolve()
    if Path(path).is_dir():
        path = str(Path(path) / name)
    if Path(path).suffix.lower() != ".gif":
        raise OutputError(f"{path} must end in .gif, or be a folder; the name of a new one ends in /.")
    check_writable(path)
    return path, Path(path).resolve().parent


def files_of(
    animation: Animation, path: str, folder: Path, before_each: Callable[[], None] = lambda: None
) -> dict[str, bytes]:
    """The animation and its companions by their paths, ready to be written; see ``Animation.gif`` for ``before_each``.

    Raises:
        OutputError: the walk through many pictures can't be painted.
    """
    beside = {str(folder / name): content for name, content in animation.companions(before_each).items()}
    return beside | {str(folder / Path(path).name): animation.gif(before_each)}


def write(files: Mapping[str, bytes]) -> list[str]:
    """Write what ``files_of`` gave, into a new folder where it isn't there yet; returns the names of all files.

    Raises:
        OutputError: the disk or the folder refuses.
    """
    for path, content in files.items():
        try:
            Path(path).parent.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"The folder {Path(path).parent} can't be made: {error.strerror}.") from None
        write_whole(path, content)
    return [Path(path).name for path in files]


def gif_of(
    images: Iterable[Image.Image], before_each: Callable[[], None] = lambda: None, milliseconds: int = 80
) -> bytes:
    """Pictures of one size as an endless GIF; ``before_each`` of them is called, and may raise to end the work."""
    reduced = []
    for image in images:
        before_each()
        reduced.append(image.quantize(256, dither=Image.Dither.NONE))
    content = io.BytesIO()
    times = [milliseconds] * (len(reduced) - 1) + [LAST_MILLISECONDS]

    def others() -> Iterable[Image.Image]:
        for image in reduced[1:]:
            before_each()
            yield image

    reduced[0].save(content, "GIF", save_all=True, append_images=others(), duration=times, loop=0, optimize=False)
    return content.getvalue()


def _enlarged(pixels: np.ndarray) -> Image.Image:
    image = Image.fromarray(np.ascontiguousarray(pixels))
    times = max(1, -(-LEAST_EDGE // min(image.size)))
    return image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST)


def _png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
