"""PictureGallery: the pictures to be painted, and which part of the present one is. Serves the knobs."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.frames import Analysis, Frame
from engine.painting.images import Crop
from engine.painting.picture import Source, Thumbnails
from engine.painting.variants import is_whole
from widgets.page.background_answer import BackgroundAnswer
from widgets.painting.crop_preview import CropPreview
from widgets.painting.tile_grid import TileGrid
from widgets.plotting.pixels import image_of
from widgets.style.plain_text import show_plainly
from widgets.style.theme import Theme

COLUMNS = 6


class PictureGallery(QWidget):
    """``knob_changed`` and ``analysis_requested`` as a page's; thumbnails are asked for when they are to be seen."""

    knob_changed = pyqtSignal(str, object)
    analysis_requested = pyqtSignal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._settings: Any = None
        self._source: Source | None = None
        self._has_source = False  # which may be that there are many
        self._answer = BackgroundAnswer("thumbnails", self._show_thumbnails, self, outlives_runs=True, only_seen=True)
        self._answer.asked.connect(self.analysis_requested)
        self._grid = TileGrid(columns=COLUMNS)
        self._grid.setObjectName("gallery")
        self._grid.setAccessibleName("Gallery of pictures")
        self._grid.chosen.connect(self._choose)
        self._words = QLabel("Loading the gallery …")
        show_plainly(self._words)
        self._words.setProperty("role", "quiet")
        self._words.setWordWrap(True)
        self._preview = CropPreview()
        self._preview.cropped.connect(self._crop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(self._grid)
        layout.addWidget(self._words)
        layout.addWidget(self._preview, 1)
        self._grid.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self._make_room()

    def set_theme(self, theme: Theme) -> None:
        """The frames around what is chosen."""
        self._grid.set_theme(theme)
        self._preview.set_theme(theme)

    def show_analysis(self, analysis: Analysis) -> None:
        """The gallery's pictures."""
        self._answer.take(analysis)

    def show_settings(self, settings: Any) -> None:
        """Which picture and which part of it are wanted."""
        self._settings = settings
        self._preview.show_crop(settings.crop_zoom, settings.crop_x, settings.crop_y, is_whole(settings))
        self._show_chosen()

    def show_frame(self, frame: Frame) -> None:
        """The picture that is being painted."""
        self._answer.follow(frame)
        self._answer.want()
        self._show_source(frame.picture.source)

    def _show_source(self, source: Source | None) -> None:
        """None where there are many."""
        if source is self._source and self._has_source:
            return
        self._source, self._has_source = source, True
        self._preview.setVisible(source is not None)
        if source is None:
            self._words.setText("One network paints many pictures; a click paints this one alone.")
        else:
            self._words.setText(f"{source.name}: drag the frame, the wheel makes it smaller.")
            self._preview.show_picture(source.whole)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _show_thumbnails(self, analysis: Analysis) -> None:
        thumbnails: Thumbnails | None = analysis.result
        if thumbnails is not None:
            self._names = list(thumbnails.pictures)
            self._grid.show_tiles([image_of(pixels) for pixels in thumbnails.pictures.values()], self._names)
            self._make_room()
            self._show_chosen()

    def _make_room(self) -> None:
        self._grid.setFixedHeight(max(1, self._grid.height_for(self.width() - 24)) if self._names else 1)

    def _show_chosen(self) -> None:
        settings = self._settings
        if settings is None or settings.image_file or settings.folder or settings.image not in self._names:
            self._grid.show_chosen(-1)
        else:
            self._grid.show_chosen(self._names.index(settings.image))

    def _choose(self, number: int) -> None:
        settings = self._settings
        for knob, value in (("folder", settings.folder), ("image_file", settings.image_file)):
            if value:
                self.knob_changed.emit(knob, "")
        self._crop(Crop.zoom, Crop.x, Crop.y)
        self.knob_changed.emit("image", self._names[number])

    def _crop(self, zoom: float, x: float, y: float) -> None:
        settings = self._settings
        for knob, old, new in (
            ("crop_zoom", settings.crop_zoom, zoom),
            ("crop_x", settings.crop_x, x),
            ("crop_y", settings.crop_y, y),
        ):
            if new != old:
                self.knob_changed.emit(knob, new)
