"""PaintingView: the painting page's picture in its views, and the gallery beside it. Serves both ends of the loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PyQt5.QtWidgets import QWidget

from engine.frames import Analysis, Frame
from widgets.page.background_answer import NOW_AND_THEN, BackgroundAnswer
from widgets.page.cost_landscape_view import CostLandscapeView
from widgets.page.picture_stack import PictureStack
from widgets.page.side_tabs import Themed
from widgets.page.update_spectra import UpdateSpectra
from widgets.painting.compare_view import CompareView
from widgets.painting.layers_view import LayersView
from widgets.painting.many_view import ManyView
from widgets.painting.picture_gallery import PictureGallery
from widgets.painting.squares_view import SquaresView
from widgets.painting.zoom_view import ZoomView

FIRST_LOOK_SECONDS = 1.0  # before the layers are looked into: a new network has enough to do until it is seen


class PaintingView(PictureStack):
    """The views that ``VIEWS`` lists, and the gallery; the layers are looked into for the findings."""

    VIEWS = (SquaresView, CompareView, LayersView, ZoomView, CostLandscapeView, ManyView)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gallery = PictureGallery(self)
        self.gallery.hide()  # until a page takes it into its tabs
        self.gallery.knob_changed.connect(self.knob_changed)
        self.gallery.analysis_requested.connect(self.analysis_requested)
        self.spectra = UpdateSpectra(self)
        self.spectra.analysis_requested.connect(self.analysis_requested)
        self._inside = BackgroundAnswer("inside", lambda _: None, self, pace=NOW_AND_THEN, wait=FIRST_LOOK_SECONDS)
        self._inside.asked.connect(self.analysis_requested)

    def side_tabs(self) -> Sequence[tuple[str, Themed]]:
        return (("Pictures", self.gallery),)

    def knob_parts(self) -> Mapping[str, Themed]:
        return {"optimizer": self.spectra}

    def without_controls(self) -> None:
        self.spectra.stay_away()
        super().without_controls()

    def show_settings(self, settings: Any) -> None:
        self.spectra.show_settings(settings)
        self.gallery.show_settings(settings)
        super().show_settings(settings)

    def show_frame(self, frame: Frame) -> None:
        self.gallery.show_frame(frame)
        self.spectra.show_frame(frame)
        self._inside.follow(frame)
        self._inside.want(moment=frame.step)
        super().show_frame(frame)

    def show_analysis(self, analysis: Analysis) -> None:
        super().show_analysis(analysis)
        self.gallery.show_analysis(analysis)
        self.spectra.show_analysis(analysis)
        self._inside.take(analysis)
