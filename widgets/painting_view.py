"""PaintingView: the painting page's picture in its views. Serves both ends of the loop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PyQt5.QtCore import QRectF
from PyQt5.QtWidgets import QStackedLayout, QWidget

from engine.experiments.painting_settings import PaintingSettings
from engine.frames import Frame, Study
from engine.knobs import knobs_of
from engine.painting_picture import PaintingPicture, Render, Source, Thumbnails
from widgets.cost_surface_view import CostSurfaceView
from widgets.divided_picture import DividedPicture
from widgets.gl_context import GlContext
from widgets.layers_view import LayersView
from widgets.many_view import ManyView
from widgets.now_and_then import NowAndThen
from widgets.picture_gallery import PictureGallery
from widgets.picture_view import PictureView
from widgets.pixel_squares import PixelSquares
from widgets.pixels import mapped_image
from widgets.theme import Theme
from widgets.throttle import Throttle
from widgets.zoom_view import ZoomView

FIRST_LOOK_SECONDS = 1.0  # before the layers are looked into: a new network has enough to do until it is seen


class PaintingView(PictureView):
    """Target, painting and error; or under a divider; or the neurons; or zoomed; or its cost; or many.

    The error is magma.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.squares = PixelSquares(3)
        self.divided = DividedPicture()
        self.neurons = LayersView()
        self.zoom = ZoomView()
        self.many = ManyView()
        self.landscape = CostSurfaceView()
        self.gallery = PictureGallery(self)
        self.gallery.hide()  # until a page takes it into its tabs
        self._wanted, self._shown = "painting", "painting"  # views
        self._frame: Frame | None = None
        self._knob = next(knob for knob in knobs_of(PaintingSettings) if knob.name == "view")
        self._run = -1
        self._source: Source | None = None
        self._inside = NowAndThen(FIRST_LOOK_SECONDS, self)
        self._inside.wanted.connect(lambda: self.study_requested.emit("inside", {}))
        self._mark: QRectF | None = None  # around where the painting is most wrong
        self._throttle = Throttle(self._show_caption, self)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        for part in (self.squares, self.divided, self.neurons, self.zoom, self.many, self.landscape):
            self._stack.addWidget(part)
        self.neurons.layer_chosen.connect(lambda layer: self.knob_changed.emit("layer", layer))
        self.neurons.switched.connect(self._switch)
        self.neurons.all_on.connect(lambda: self.touched.emit("switch_neuron", {"all_on": True}))
        self.zoom.render_requested.connect(lambda arguments: self.study_requested.emit("render", arguments))
        self.many.walked.connect(lambda walk: self.knob_changed.emit("walk", walk))
        self.landscape.surface_wanted.connect(lambda arguments: self.study_requested.emit("surface", arguments))
        self.landscape.place_dragged.connect(lambda place: self.touched.emit("place", place))
        self.gallery.knob_changed.connect(self.knob_changed)
        self.gallery.thumbnails_requested.connect(lambda: self.study_requested.emit("thumbnails", {}))

    def set_theme(self, theme: Theme) -> None:
        """Every view takes the theme."""
        for part in (
            self.squares, self.divided, self.neurons, self.zoom, self.many, self.landscape, self.gallery,
        ):  # fmt: skip
            part.set_theme(theme)

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL, for the cost as a surface."""
        self.landscape.use_gl(gl)

    def side_tabs(self) -> Sequence[tuple[str, QWidget]]:
        return (("Pictures", self.gallery),)

    def show_settings(self, settings: Any) -> None:
        before, self._wanted = self._wanted, self._knob.offered_value(settings)
        self.many.show_walk(settings.walk)
        self.landscape.show_settings(settings)
        self.gallery.show_settings(settings)
        if self._wanted != before and self._frame is not None:
            self._draw(self._frame)  # most views need no more than any moment brings

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment in the view that is wanted, or go on with the one before where the moment lacks for it."""
        self._frame = frame
        self.gallery.show_source(frame.picture.source)
        self._inside.see(frame)
        if frame.run != self._run:
            self._run = frame.run
            self.zoom.forget()
            if not _are_one(frame.picture.source, self._source):
                self.zoom.show_whole()  # what one had zoomed to is another picture's
            self._source = frame.picture.source
            self.gallery.ask()
        self._draw(frame)

    def _draw(self, frame: Frame) -> None:
        picture: PaintingPicture = frame.picture
        psnr = frame.metrics.get("psnr_db", math.nan)
        decibels = f" · {psnr:.1f} dB" if math.isfinite(psnr) else ""
        self._shown = next(view for view in (self._wanted, self._shown, "painting") if _suits(picture, view))
        match self._shown:
            case "many":
                self._show(self.many)
                self.many.show_picture(picture, decibels)
            case "layers":
                self._show(self.neurons)
                self.neurons.show_layers(picture.layers)
            case "landscape":
                self._show(self.landscape)
                self.landscape.show_frame(frame)
            case "function":
                self._show(self.zoom)
                self.zoom.show_moment()
            case "divider":
                self._show(self.divided)
                self.divided.show_images([picture.target, picture.painting])
                self._throttle.show(f"target\npainting{decibels}{_off(picture)}")
            case _:
                self._show(self.squares)
                self._show_squares(picture, decibels)

    def show_study(self, study: Study) -> None:
        if isinstance(study.result, Thumbnails):
            self.gallery.show_thumbnails(study.result)
        elif study.name == "inside":
            self._inside.answered()
        elif study.name == "surface":
            self.landscape.show_study(study)
        elif isinstance(study.result, Render) and "save_to" not in study.arguments:
            self.zoom.show_render(study.result)

    def _show_squares(self, picture: PaintingPicture, decibels: str) -> None:
        if picture.rival is not None:
            rival = picture.rival
            self.squares.show_images([picture.target, picture.painting, rival.painting])
            self.squares.show_mark(2, None)
            fewer, more = sorted(rival.parameters)
            each = f"{fewer:,} numbers each" if fewer == more else f"about {fewer:,} numbers each"
            self._throttle.show(
                f"target · {each}\ndeep {rival.own_words}{decibels}\nwide {rival.words} · {rival.psnr_db:.1f} dB"
            )
            return
        self.squares.show_images([picture.target, picture.painting, mapped_image(picture.error, "magma", rooted=True)])
        worst = picture.worst
        words = "error · bright is far off" if picture.moves else "error · bright is wrong"
        if worst is not None:
            side = picture.target.shape[0]
            mark = QRectF(worst.column / side, worst.row / side, worst.edge / side, worst.edge / side)
            amount = f"{worst.error / 255:.0%} off" if picture.moves else f"{worst.error:.0f} of 255"
            words = f"error · worst {worst.edge} × {worst.edge}: {amount}"
            self._mark = mark
        self._throttle.show(f"target\npainting{decibels}{_off(picture)}\n{words}")

    def _show_caption(self, text: str) -> None:
        words = text.split("\n")
        if len(words) == 2:
            self.divided.show_captions(*words)
            return
        self.squares.show_captions(words)
        # the frame moves with the words, or it would flicker from place to place
        self.squares.show_mark(2, self._mark if words[2].startswith("error · worst") else None)

    def _show(self, part: QWidget) -> None:
        if self._stack.currentWidget() is not part:
            self._stack.setCurrentWidget(part)

    def _switch(self, layer: int, neuron: int, on: bool) -> None:
        self.touched.emit("switch_neuron", {"layer": layer, "neuron": neuron, "on": on})


def _are_one(first: Source | None, second: Source | None) -> bool:
    if first is None or second is None:
        return first is second
    return first.name == second.name and np.array_equal(first.whole, second.whole)


def _off(picture: PaintingPicture) -> str:
    """How many neurons a hand has switched off, in words."""
    if not picture.switched_off:
        return ""
    return " · 1 neuron off" if picture.switched_off == 1 else f" · {picture.switched_off} neurons off"


def _suits(picture: PaintingPicture, view: str) -> bool:
    """Whether the moment brings what the view shows. Layers and many pictures are measured for their views alone."""
    if view == "many":
        return picture.montage is not None
    if view == "layers":
        return picture.layers is not None
    return view == "painting" or picture.rival is None
