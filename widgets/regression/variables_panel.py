"""VariablesPanel: every variable of the model: name, shape, count, mean and spread. Serves the drawing of a frame."""

from __future__ import annotations

import numpy as np
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.regression.picture import RegressionPicture
from widgets.plotting.throttle import Throttle
from widgets.plotting.value_table import ValueTable
from widgets.style.theme import Theme


class VariablesPanel(QWidget):
    """Looked at only while it is open; the numbers are refreshed a few times a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ValueTable(("Variable", "Shape", "Count", "Mean", "Spread"), compact=True)
        self._newest: RegressionPicture | None = None
        self._paced = Throttle(self._draw, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.addWidget(self.table)

    def set_theme(self, theme: Theme) -> None:
        """Row height and font."""
        self.table.set_theme(theme)

    def show_picture(self, picture: RegressionPicture) -> None:
        """Take the newest parameters."""
        self._newest = picture
        if self.isVisible():
            self._paced.show(picture)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self._newest is not None:
            self._draw(self._newest)

    def _draw(self, picture: RegressionPicture) -> None:
        rows = []
        for name, values in picture.tensors:
            shape = "×".join(str(size) for size in values.shape)
            mean, spread = float(np.mean(values)), float(np.std(values))
            rows.append((name, shape, f"{values.size:,}", _three(mean), _three(spread)))
        self.table.show_rows(rows)


def _three(value: float) -> str:
    """Three decimals, so that the numbers of a column stand under each other."""
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−")
