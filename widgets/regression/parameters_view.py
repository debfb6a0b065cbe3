"""ParametersView: every layer's parameters side by side, with numbers under the mouse. Serves the regression."""

from __future__ import annotations

import numpy as np
from PyQt5.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.regression.picture import RegressionPicture
from widgets.page.picture_view import PictureView
from widgets.plotting.hover_heading import HoverHeading
from widgets.plotting.signed_bar import SignedBar
from widgets.plotting.throttle import Throttle
from widgets.regression.layer_card import LayerCard
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme

PACE_MS, PACE_TOO_MS = 66, 79  # of every second card, and of the others: all at once would hold the window up


class ParametersView(PictureView):
    """A card a layer; the colours mean the same on all of them."""

    name = "parameters"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._picture: RegressionPicture | None = None
        self._cards: list[LayerCard] = []
        self._reach = 1.0
        self._paced = Throttle(self._draw, self, PACE_MS)
        self._paced_too = Throttle(lambda _: self._draw_cards(1), self, PACE_TOO_MS)
        self._bar = SignedBar()
        heading = HoverHeading("every parameter, layer by layer", self._bar)
        self._caption, self._hover = heading.caption, heading.hover
        self._row = QHBoxLayout()
        self._row.setContentsMargins(8, 0, 12, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(heading)
        layout.addLayout(self._row, 1)

    def set_theme(self, theme: Theme) -> None:
        """Every card and the bar."""
        self._theme = theme
        self._bar.set_theme(theme)
        self._row.setSpacing(theme.px(14))
        if self._picture is not None:
            self._draw_cards(0)
            self._draw_cards(1)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment, a few times a second."""
        self._paced.show(frame.picture)
        self._paced_too.show(frame.picture)

    def words(self) -> str:
        """The numbers under the mouse."""
        return self._hover.text()

    def cards(self) -> list[LayerCard]:
        """One a layer, from the input to the output."""
        return [card for card in self._cards if not card.isHidden()]

    def _draw(self, picture: RegressionPicture) -> None:
        self._picture = picture
        while len(self._cards) < len(picture.layers):
            card = LayerCard(self)
            card.pointed.connect(self._hover.setText)
            self._cards.append(card)
            self._row.addWidget(card, 1)
        for number, card in enumerate(self._cards):
            card.setVisible(number < len(picture.layers))
        self._reach = max(float(np.abs(values).max()) for _, values in picture.tensors)
        self._bar.show_reach(self._reach)
        self._caption.setText(f"{sum(values.size for _, values in picture.tensors):,} parameters")
        self._caption.setToolTip(f"The largest is {short(self._reach)}.")
        self._draw_cards(0)

    def _draw_cards(self, first: int) -> None:
        """Every second card, from this one on."""
        for layer, card in list(zip(self._picture.layers, self._cards, strict=False))[first::2]:
            own = tuple((name, v) for name, v in self._picture.tensors if name.partition("/")[0] == layer.name)
            card.show_layer(self._theme, layer, own, self._reach)
