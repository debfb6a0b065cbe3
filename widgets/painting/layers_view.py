"""LayersView: the picture as it deepens, every neuron of a layer as a picture, and one of them large with its weights.

Serves the drawing of a frame; a layer that is chosen goes out as a knob, a neuron switched off as an action.
"""

from __future__ import annotations

import numpy as np
from PyQt5.QtCore import QRect, QSize, Qt
from PyQt5.QtGui import QImage, QPainter, QPaintEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.painting.picture import LayerPicture
from widgets.page.picture_view import PictureView
from widgets.painting.tile_grid import TileGrid
from widgets.painting.weight_bars import WeightBars
from widgets.plotting.pixels import image_of, mapped_image, place_in
from widgets.plotting.throttle import Throttle
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme


class LayersView(PictureView):
    """The view "layers". The action "switch_neuron" counts layers from 1 and neurons from 0."""

    name = "layers"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: LayerPicture | None = None
        self._neuron = 0
        self._theme = DARK
        self._depth_words = _FittedLabel()
        self._depth_words.setProperty("role", "caption")
        self._readouts = TileGrid(rows=1)
        self._readouts.setObjectName("readouts")
        self._readouts.setAccessibleName("Layers")
        self._readouts.setToolTip("What one linear layer could paint after each hidden one; click one to look inside.")
        self._readouts.chosen.connect(lambda number: self.knob_changed.emit("layer", number + 1))
        self._depth_words.show_words("The picture as it deepens", "Layer by layer", "Layers")
        self._grid_words = _FittedLabel()
        self._grid_words.setProperty("role", "caption")
        self._grid = TileGrid()
        self._grid.setObjectName("neurons")
        self._grid.setAccessibleName("Neurons of the layer")
        self._grid.chosen.connect(self._choose)
        self._grid.doubled.connect(self._switch)
        self._large = _LargePicture()
        self._name = QLabel()
        self._name.setProperty("role", "caption")
        self._numbers = QLabel()
        self._numbers.setProperty("role", "quiet")
        self._numbers.setWordWrap(True)
        self._incoming, self._outgoing = WeightBars("weights in"), WeightBars("weights out")
        self._off = QPushButton("Switch off")
        self._off.setFocusPolicy(Qt.TabFocus)
        self._off.setObjectName("switch_neuron")
        self._off.setToolTip(
            "Take this neuron out of the painting, or back into it (double-click a neuron). "
            "The training doesn't see it."
        )
        self._off.clicked.connect(lambda: self._switch(self._neuron))
        self._every = QPushButton("All on")
        self._every.setFocusPolicy(Qt.TabFocus)
        self._every.setObjectName("all_neurons_on")
        self._every.setToolTip("Take every neuron back into the painting.")
        self._every.clicked.connect(lambda: self.action_requested.emit("switch_neuron", {"all_on": True}))
        self._throttle = Throttle(self._show_words, self)
        self._build()

    def set_theme(self, theme: Theme) -> None:
        """Every part takes the theme."""
        self._theme = theme
        for part in (self._readouts, self._grid, self._incoming, self._outgoing):
            part.set_theme(theme)
        self._make_room()

    def show_frame(self, frame: Frame) -> None:
        """Draw the layer of this moment, and the neuron that is chosen of it."""
        picture: LayerPicture = frame.picture.layers
        self._picture = picture
        self._neuron = min(self._neuron, len(picture.neurons) - 1)
        self._readouts.show_tiles(
            [image_of(readout) for readout in picture.readouts],
            [f"Layer {number + 1}" for number in range(picture.depth)],
        )
        self._readouts.show_chosen(picture.layer - 1)
        self._grid.show_tiles(
            [mapped_image(neuron) for neuron in picture.neurons],
            [f"Neuron {number + 1}" for number in range(len(picture.neurons))],
        )
        self._grid.show_off(np.flatnonzero(picture.off).tolist())
        self._grid.show_chosen(self._neuron)
        self._show_neuron()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)  # the page shares out the height; this makes the best of it

    def _make_room(self) -> None:
        """The large neuron takes a good part of it, the strip of layers a fifth; bars go where there is none."""
        room, bars = self.height(), self._theme.px(68)
        shown = max(0, min(2, (room - self._theme.px(150)) // bars))
        self._outgoing.setVisible(shown > 1)
        self._incoming.setVisible(shown > 0)
        edge = max(40, min(room - shown * bars - 16, room * 3 // 5))
        self._large.setFixedSize(edge, edge)
        self._side.setFixedWidth(edge + self._theme.px(130))
        self._readouts.setFixedHeight(max(40, min(room // 5, 160)))

    def neuron(self) -> int:
        """Which neuron is shown large, counted from 0."""
        return self._neuron

    def _choose(self, number: int) -> None:
        self._neuron = number
        if self._picture is not None:
            self._show_neuron()

    def _switch(self, number: int) -> None:
        if self._picture is not None:
            picture = self._picture
            switched = {"layer": picture.layer, "neuron": number, "on": bool(picture.off[number])}
            self.action_requested.emit("switch_neuron", switched)

    def _show_neuron(self) -> None:
        picture, number = self._picture, self._neuron
        self._large.show_image(mapped_image(picture.neurons[number]))
        self._incoming.show_weights(picture.incoming[:, number])
        self._outgoing.show_weights(picture.outgoing[number])
        is_off = bool(picture.off[number])
        low, high = float(picture.low[number]), float(picture.high[number])
        lines = (
            f"Layer {picture.layer} · {len(picture.neurons)} neurons",
            f"neuron {number + 1}" + (" · off" if is_off else ""),
            f"answers {short(low)} to {short(high)}, bias {short(float(picture.bias[number]))}"
            if high > low
            else f"always answers {short(low)}: it is dead here",
            "Switch on" if is_off else "Switch off",
            str(bool(picture.off.any())),
        )
        self._throttle.show("\n".join(lines))

    def _show_words(self, text: str) -> None:
        grid, name, numbers, button, any_off = text.split("\n")
        self._grid_words.show_words(grid, grid.split(" · ")[-1])
        self._name.setText(name)
        self._numbers.setText(numbers)
        self._off.setText(button)
        self._every.setEnabled(any_off == "True")

    def _build(self) -> None:
        self._side = QWidget()
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._name)
        words.addWidget(self._numbers)
        words.addStretch(1)
        words.addWidget(self._off)
        words.addWidget(self._every)
        upper = QHBoxLayout()
        upper.setSpacing(10)
        upper.addWidget(self._large)
        upper.addLayout(words, 1)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 4, 0, 0)
        side.setSpacing(6)
        side.addLayout(upper)
        side.addWidget(self._incoming)
        side.addWidget(self._outgoing)
        side.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self._depth_words)
        left.addWidget(self._readouts)
        left.addWidget(self._grid_words)
        left.addWidget(self._grid, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addLayout(left, 1)
        layout.addWidget(self._side)
        for label in (self._depth_words, self._grid_words, self._name):
            label.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Fixed)


class _FittedLabel(QLabel):
    """A label that says the longest of several wordings that fits whole."""

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, ...] = ("",)

    def show_words(self, *words: str) -> None:
        """The wordings, longest first."""
        self._words = words
        self._fit()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fitting = [words for words in self._words if self.fontMetrics().horizontalAdvance(words) <= self.width()]
        self.setText((fitting or self._words[-1:])[0])


class _LargePicture(QWidget):
    """One picture, as large as it can be."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self._image: QImage | None = None

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is not None:
            painter = QPainter(self)
            place = place_in(QRect(0, 0, self.width(), self.height()), self._image.size(), self.devicePixelRatioF())
            place.moveTopLeft(QRect(0, 0, 1, 1).topLeft())
            painter.setRenderHint(QPainter.SmoothPixmapTransform, place.width() < self._image.width())
            painter.drawImage(place, self._image)
