"""Landscape1D: a cost over one parameter, and the descents on it, one plot a panel. Serves the drawing of a frame."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.landscape_picture import LandscapePicture
from widgets.descent_plot import DescentPlot
from widgets.theme import DARK, Theme
from widgets.throttle import Throttle
from widgets.update_text import update_text

LONGEST = "index ← 120.0976 − 0.01 × (−0.0488) "


class Landscape1D(QWidget):
    """Side by side with the same axes; under each plot the update rule with the numbers put in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._panels: list[_Panel] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    def set_theme(self, theme: Theme) -> None:
        """Every panel takes the theme."""
        self._theme = theme
        for panel in self._panels:
            panel.set_theme(theme)

    def show_picture(self, picture: LandscapePicture) -> None:
        """Draw the descents of this moment."""
        if len(self._panels) != len(picture.panels):
            self._make_panels(len(picture.panels))
        for panel, numbers in zip(self._panels, picture.panels, strict=True):
            panel.show(picture, numbers)

    def texts(self) -> list[str]:
        """The update lines that are shown, one a panel."""
        return [panel.update_line.text() for panel in self._panels]

    def _make_panels(self, count: int) -> None:
        for panel in self._panels:
            self._layout.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
        self._panels = [_Panel(count, self) for _ in range(count)]
        for panel in self._panels:
            self._layout.addWidget(panel, 1)
            panel.set_theme(self._theme)


class _Panel(QWidget):
    """One plot with its title and its update line."""

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_alone = count == 1
        self._title = QLabel(self)
        self._title.setProperty("role", "caption")
        self._title.setAlignment(Qt.AlignCenter)
        self._title.setVisible(not self._is_alone)
        self._plot = DescentPlot()
        self.update_line = QLabel()
        self.update_line.setProperty("role", "formula" if self._is_alone else "number")
        self.update_line.setAlignment(Qt.AlignCenter)
        self.update_line.setWordWrap(not self._is_alone)
        self.update_line.setMinimumWidth(1)
        self._throttle = Throttle(self.update_line.setText, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addWidget(self._plot, 1)
        layout.addWidget(self.update_line)

    def set_theme(self, theme: Theme) -> None:
        self._plot.set_theme(theme)
        self._make_room()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """As many lines as the update may need at this width, whether it needs them now or not."""
        metrics = self.update_line.fontMetrics()
        lines = 1 if self._is_alone else 2 if metrics.horizontalAdvance(LONGEST) <= self.width() else 3
        self.update_line.setFixedHeight(lines * metrics.lineSpacing() + 4)

    def show(self, picture: LandscapePicture, numbers: tuple[int, ...]) -> None:
        trails = [picture.trails[number] for number in numbers]
        self._plot.show_descents(picture, numbers)
        self._title.setText(",  ".join(trail.label for trail in trails))
        stopped = next((trail.message for trail in trails if trail.message), "")
        text = update_text(trails[0]) if len(trails) == 1 and not stopped else stopped
        self._throttle.show(text if self._is_alone else text.replace(" = ", "\n= "))
