"""Asked: every file that a command line asked for: checked before the run, filmed on the way, written at the end.

Serves ``run`` and ``replay``. Qt is imported only to draw.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from app.files.outputs import OutputError, arrays, check_writable, table, write_whole
from app.sharing import latex, setting, tensorboard
from app.sharing.animation import GIF_PLAN, Animation, animated, files_of, targets
from app.sharing.animation import write as write_animation
from app.sharing.code.script import notebook, script
from app.sharing.film import Cameras, Film, Plan
from app.sharing.formats import named
from app.sharing.html_page import Page
from app.sharing.keras_file import NO_NETWORK, keras_file
from app.sharing.look import Look, LookError, size_of
from engine.files import reason
from engine.frames import Frame
from engine.lanes import Overlay
from engine.run.runner import Runner
from engine.run.spec import RunSpec

VECTORS = ("svg", "pdf")  # options, by what makes them
STILLS = ("png", *VECTORS)
FILMS = ("mp4", "webm")
OTHERS = ("html", "pptx", "tensorboard")
PAGE_FPS = 10.0  # moments a second of a web page
PROGRESS = "progress "  # before the share (0..1) of the moments that are filmed, for who asked for lines of it
NUMBERS = {
    "csv": table,
    "tex": lambda runner: latex.document(runner.frame(), runner.spec).encode(),
    "npz": arrays,
    "keras": keras_file,
    "code": lambda runner: script(runner.spec, runner.step).encode(),
    "notebook": lambda runner: notebook(runner.spec, runner.step).encode(),
    "share": lambda runner: f"{setting.line(runner.spec)}\n".encode(),
    "scene": lambda runner: setting.scene_file(runner.spec),
}


class Asked:
    """What ``options`` (see app.sharing.options) ask of a run of this ``spec``.

    Raises:
        OutputError: a file that can't be written, or a size, theme or length that no picture can have.
    """

    def __init__(self, options: argparse.Namespace, spec: RunSpec) -> None:
        self._paths = {name: getattr(options, f"to_{name}") for name in (*STILLS, *FILMS, *OTHERS, *NUMBERS)}
        for path in filter(None, (*self._paths.values(), options.record)):
            check_writable(path)
        if self._paths["keras"] and not named("keras").suits(spec.experiment):
            raise OutputError(NO_NETWORK)
        try:
            width, height = size_of(options.size) if options.size else (Look.width, Look.height)
            self._look = Look(
                width, height, options.theme, options.scale, not options.picture_only, options.transparent
            ).checked()
        except LookError as error:
            raise OutputError(str(error)) from None
        self._has_size, self._says_share = bool(options.size), options.progress
        plan = GIF_PLAN if options.to_gif and not any(self._paths[name] for name in FILMS) else Plan()
        self._plan = Plan(
            options.seconds_long or plan.seconds, options.fps or plan.fps, options.moments == "early"
        ).checked()
        self._gif = targets(options.to_gif, spec) if options.to_gif else None
        self.spec = animated(spec) if self._gif else spec
        self._animation: Animation | None = None
        self._films: dict[str, Film] = {}
        self._page: Page | None = None
        self._page_fps = options.fps or PAGE_FPS
        self._drawn: _Drawn | None = None
        self._lines: _Drawn | None = None
        self.beside: tuple[Overlay, ...] = ()  # other runs, in every picture

    @property
    def draws(self) -> bool:
        """Whether any of the files has pictures."""
        return bool(self._gif) or any(self._paths[name] for name in (*STILLS, *FILMS, "html", "pptx"))

    def cameras(self, runner: Runner) -> Cameras | None:
        """What takes pictures of this run on its way, if anything does."""
        drawn = self._drawn_by(runner)
        cameras: list[Any] = []
        if self._gif:
            self._animation = Animation(runner, self._small if not self._has_size else self._full, self._plan)
            cameras.append(self._animation)
        for name in FILMS:
            if self._paths[name]:
                self._films[name] = Film(f".{name}", self._plan, lambda: drawn.at(runner.frame()).pixels())
                cameras.append(self._films[name])
        if self._paths["pptx"]:
            self._films["pptx"] = Film(".mp4", self._plan, lambda: drawn.at(runner.frame()).pixels())
            cameras.append(self._films["pptx"])
        if self._paths["html"]:
            plan = Plan(self._plan.seconds, self._page_fps, self._plan.is_early)
            self._page = Page(plan, lambda: _with_pixels(drawn, runner.frame()))
            cameras.append(self._page)
        return Cameras(cameras, _say_share if self._says_share else None) if cameras else None

    def write(self, runner: Runner) -> None:
        """Write all of it.

        Raises:
            OutputError: the disk or the folder refuses.
        """
        try:
            self._write(runner)
        except OSError as error:  # where a file is made first that other programs write
            raise OutputError(f"The files can't be made: {reason(error)}.") from None

    def _write(self, runner: Runner) -> None:
        if self._animation is not None:
            write_animation(files_of(self._animation, *self._gif))
        for name, film in self._films.items():
            content = film.content()
            if name == "pptx":
                from app.sharing import slides  # which takes a moment to import

                content = slides.slide(self._drawn_by(runner).at(runner.frame()).png(), content, runner.spec)
            write_whole(self._paths[name], content)
        if self._page is not None:
            write_whole(self._paths["html"], self._page.content(runner.spec))
        for name, content in NUMBERS.items():
            if self._paths[name]:
                write_whole(self._paths[name], content(runner))
        if self._paths["tensorboard"]:
            tensorboard.write_log(runner, self._paths["tensorboard"])
        if self._paths["png"]:
            write_whole(self._paths["png"], self._drawn_by(runner).at(runner.frame()).png())
        for name in VECTORS:
            if self._paths[name]:
                self._lines = self._lines or _Drawn(
                    replace(self._look, scale=1.0), lambda: self.beside
                )  # dots are nothing
                self._lines.follow(runner)
                write_whole(self._paths[name], getattr(self._lines.at(runner.frame()), name)())

    def close(self) -> None:
        """Leave nothing behind."""
        for film in self._films.values():
            film.close()
        for drawn in (self._drawn, self._lines):
            if drawn is not None:
                drawn.close()

    def _drawn_by(self, runner: Runner) -> _Drawn:
        if self._drawn is None:
            self._drawn = _Drawn(self._look, lambda: self.beside)
        self._drawn.follow(runner)
        return self._drawn

    def _full(self, frame: Frame) -> Image.Image:
        return Image.fromarray(np.ascontiguousarray(self._drawn.at(frame).pixels()))

    def _small(self, frame: Frame) -> Image.Image:
        image = self._full(frame)
        return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


class _Drawn:
    """Draws a run's frames; nothing of Qt is there before the first."""

    def __init__(self, look: Look, beside: Callable[[], tuple[Overlay, ...]]) -> None:
        self._look, self._beside = look, beside
        self._stage: Any = None
        self._drawing: Any = None
        self._runner: Runner | None = None

    def follow(self, runner: Runner) -> None:
        """Frames are this run's from now on."""
        if runner is not self._runner:
            self._runner, self._drawing = runner, None

    def at(self, frame: Frame) -> Any:
        """The drawing, showing a frame."""
        if self._stage is None:
            from app.sharing.stage import Stage

            self._stage = Stage()
        if self._drawing is None:
            self._drawing = self._stage.drawing(self._runner.spec, self._runner.analyse, self._look)
        self._stage.tidy()
        self._drawing.show(frame, self._beside())
        return self._drawing

    def close(self) -> None:
        if self._stage is not None:
            self._stage.close()


def _with_pixels(drawn: _Drawn, frame: Frame) -> tuple[Frame, np.ndarray]:
    return frame, drawn.at(frame).pixels()


def _say_share(share: float) -> None:
    print(f"{PROGRESS}{share:.4f}", file=sys.stderr, flush=True)
