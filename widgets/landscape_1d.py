"""Landscape1D: a cost over one parameter, and the descents on it, one plot a panel. Serves the drawing of a frame."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.landscape_picture import Foresight, LandscapePicture
from engine.update_terms import Part
from widgets.descent_plot import DescentPlot
from widgets.theme import DARK, Theme
from widgets.throttle import Throttle
from widgets.update_arrows import part_colour
from widgets.update_strip import UpdateStrip, moving_one, spelt_out

LONGEST = "index ← 120.0976 − 0.01 × (−0.0488) "
BIG = 21  # px, of the next step's numbers: to be read from the last row


class Landscape1D(QWidget):
    """Side by side with the same axes; under each plot the update rule with the numbers put in.

    ``start_dragged``, ``place_clicked``, ``point_removed`` and ``secant_pulled`` as DescentPlot has them.
    """

    start_dragged = pyqtSignal(int, object)
    place_clicked = pyqtSignal(object)
    point_removed = pyqtSignal(int)
    secant_pulled = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._panels: list[_Panel] = []
        self._focus = 0
        self._picture: LandscapePicture | None = None
        self._key = QLabel(self)  # what the arrows are, where there are several plots
        self._key.setObjectName("arrow_key")
        self._key.setAlignment(Qt.AlignCenter)
        self._key.hide()
        self._layout = QHBoxLayout()
        self._layout.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._key)
        layout.addLayout(self._layout, 1)

    def set_theme(self, theme: Theme) -> None:
        """Every panel takes the theme."""
        self._theme = theme
        self._key.setFont(theme.font(13, bold=True))
        colours = [part_colour(theme, part).name() for part in (Part.GRADIENT, Part.STEP)]
        self._key.setText(
            f'<span style="color:{colours[0]}">→ gradient</span> &nbsp;&nbsp; '
            f'<span style="color:{colours[1]}">→ step, as long as it is</span>'
        )
        for panel in self._panels:
            panel.set_theme(theme)

    def show_picture(self, picture: LandscapePicture) -> None:
        """Draw the descents of this moment."""
        self._picture = picture
        if len(self._panels) != len(picture.panels):
            self._make_panels(len(picture.panels))
            self._key.setVisible(len(picture.panels) > 1)
        for panel, numbers in zip(self._panels, picture.panels, strict=True):
            panel.show(picture, numbers, moving_one(picture.trails, self._focus))

    def show_focus(self, number: int) -> None:
        """Whose next step is taken apart."""
        self._focus = number
        if self._picture is not None:
            self.show_picture(self._picture)

    def show_foresight(self, foresight: Foresight | None) -> None:
        """Faintly, where the descents will go; None shows nothing."""
        for panel in self._panels:
            panel.plot.show_foresight(foresight)

    def show_pending(self, pending: Sequence[tuple[int, tuple[float, ...]]]) -> None:
        """Points that are being prepared: a number and (x,) each."""
        for panel in self._panels:
            panel.plot.show_pending(pending)

    def texts(self) -> list[str]:
        """The update lines that are shown, one a panel."""
        return [panel.text() for panel in self._panels]

    def _make_panels(self, count: int) -> None:
        for panel in self._panels:
            self._layout.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
        self._panels = [_Panel(count, self) for _ in range(count)]
        for panel in self._panels:
            self._layout.addWidget(panel, 1)
            panel.set_theme(self._theme)
            panel.plot.place_dragged.connect(self.start_dragged)
            panel.plot.place_clicked.connect(self.place_clicked)
            panel.plot.place_removed.connect(self.point_removed)
            panel.plot.secant_pulled.connect(self.secant_pulled)


class _Panel(QWidget):
    """One plot with its title and its next step: an equation where there is room for one, else a line."""

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_alone = count == 1
        self._is_narrow = False
        self._title = QLabel(self)
        self._title.setProperty("role", "caption")
        self._title.setAlignment(Qt.AlignCenter)
        self._title.setVisible(not self._is_alone)
        self.plot = DescentPlot()
        self._strip = UpdateStrip(BIG, self)
        self._line = QLabel(self)
        self._line.setProperty("role", "number")
        self._line.setAlignment(Qt.AlignCenter)
        self._line.setWordWrap(True)
        self._line.setMinimumWidth(1)
        self._spelt = ""
        self._throttle = Throttle(self._show_line, self)
        self._strip.setVisible(self._is_alone)
        self._line.setVisible(not self._is_alone)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._strip)
        layout.addWidget(self._line)

    def text(self) -> str:
        """The next step as it is shown."""
        return "  ".join(self._strip.texts()) if self._is_alone else self._line.text()

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        self._strip.set_theme(theme)
        self._make_room()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """As many lines as the update may need at this width, whether it needs them now or not."""
        metrics = self._line.fontMetrics()
        whole = metrics.horizontalAdvance(LONGEST)
        self._is_narrow = whole > 1.8 * self.width()
        lines = 2 if whole <= self.width() else 3
        self._line.setFixedHeight(lines * metrics.lineSpacing() + 4)
        self._show_line(self._spelt)

    def show(self, picture: LandscapePicture, numbers: tuple[int, ...], focus: int) -> None:
        trails = [picture.trails[number] for number in numbers]
        focus = focus if focus in numbers else numbers[0]
        self.plot.show_descents(picture, numbers, focus)
        self._title.setText(",  ".join(trail.label for trail in trails))
        if self._is_alone:
            self._strip.show_trail(picture.trails[focus], focus if len(picture.trails) > 1 else None, picture.step)
        else:
            stopped = next((trail.message for trail in trails if trail.message), "")
            self._spelt = stopped or spelt_out(trails[0])
            self._throttle.show(self._spelt)

    def _show_line(self, text: str) -> None:
        if self._is_narrow:  # no room for what the place is called
            text = text.partition(" ← ")[2] or text
        self._line.setText(text.replace(" = ", "\n= "))
