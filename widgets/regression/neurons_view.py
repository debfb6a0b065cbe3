"""NeuronsView: what adds up to the fit, and each neuron's own curve. Serves the regression's picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.regression.picture import Neurons, RegressionPicture
from widgets.page.picture_view import PictureView
from widgets.plotting.hover_heading import HoverHeading
from widgets.plotting.throttle import Throttle
from widgets.regression.curve_family import CurveFamily
from widgets.regression.fit_plot import axis_words
from widgets.style.theme import DARK, Theme

PACE_MS = 45  # of the second plot, so that the window isn't held up by both at once


class NeuronsView(PictureView):
    """Left the terms of the sum, or their pile; right the neurons of one hidden layer, where the model has any."""

    name = "neurons"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._is_piled = False
        self.terms, self.neurons = CurveFamily(), CurveFamily("x", "output")
        self._paced = Throttle(self._draw_neurons, self, PACE_MS)
        self._captions: list[QLabel] = []
        self._sides: list[QWidget] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for plot in (self.terms, self.neurons):
            side = QWidget()
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            heading = HoverHeading()
            heading.hover.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
            plot.named.connect(heading.hover.setText)
            column.addLayout(heading)
            column.addWidget(plot, 1)
            row.addWidget(side, 1)
            self._captions.append(heading.caption)
            self._sides.append(side)

    def set_theme(self, theme: Theme) -> None:
        """Both plots."""
        self._theme = theme
        for plot in (self.terms, self.neurons):
            plot.set_theme(theme)

    def show_settings(self, settings: Any) -> None:
        """Whether the terms are piled up."""
        self._is_piled = settings.stacked

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment."""
        picture: RegressionPicture = frame.picture
        neurons = picture.neurons
        terms, names = list(neurons.terms), list(neurons.term_names)
        if neurons.rest_count:
            terms.append(neurons.rest)
            names.append(f"the other {neurons.rest_count:,}")
        bottom, left = axis_words(picture.names)
        self.terms.set_words(bottom, left)
        self.neurons.set_words(bottom, "output")
        self.terms.show_data(picture.data_x, picture.data_y)
        self.terms.show_curves(picture.x, np.stack(terms), names, picture.prediction, self._is_piled)
        self._captions[0].setText(self._caption(neurons))
        has_neurons = bool(len(neurons.outputs))
        self._sides[1].setVisible(has_neurons)
        if has_neurons:
            self._paced.show(picture)
            shown = f"{len(neurons.outputs)} of {neurons.of}" if len(neurons.outputs) < neurons.of else f"{neurons.of}"
            self._captions[1].setText(f"layer {neurons.layer}: {shown} neurons")

    def _draw_neurons(self, picture: RegressionPicture) -> None:
        self.neurons.show_curves(picture.x, picture.neurons.outputs, picture.neurons.output_names, None, False)

    def captions(self) -> tuple[str, ...]:
        """What is said over the plots."""
        return tuple(caption.text() for caption in self._captions)

    def _caption(self, neurons: Neurons) -> str:
        count = len(neurons.terms) + neurons.rest_count
        if self._is_piled:
            return f"{count} terms, piled up"
        return f"the sum's {count} terms"
