"""CostLandscape: the regression's cost over two numbers, with the line itself beside it where it is one.

Serves both ends of the loop.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from engine.frames import Frame
from widgets.page.cost_landscape_view import WAITING, CostLandscapeView
from widgets.regression.line_pane import LinePane
from widgets.style.theme import Theme

WAITING_FOR_EXACT = "Measuring the exact cost of every line …"


class CostLandscape(CostLandscapeView):
    """Whichever is dragged, the ball or the line, the other follows."""

    def __init__(self) -> None:
        line = LinePane()
        super().__init__(beside=line)
        self.line = line
        self.line.line_dragged.connect(lambda line: self.action_requested.emit("parameters", line))
        self._data: np.ndarray | None = None  # kept, so that no later array can be taken for it
        self._data_number = 0

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.line.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        self.line.show_frame(frame)
        super().show_frame(frame)

    def cost_depends_on(self, frame: Frame, settings: Any) -> Hashable:
        if frame.picture.data_y is not self._data:
            self._data, self._data_number = frame.picture.data_y, self._data_number + 1
        return self._data_number, settings.cost, settings.l1, settings.l2

    def waiting_words(self, settings: Any) -> str:
        return WAITING_FOR_EXACT if settings.model == "line" else WAITING
