"""Landscape1D: a cost over one parameter, and the descents on it, one plot a panel. Serves the drawing of a frame."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.landscape.picture import Foresight, LandscapePicture, sign_of
from engine.training.update_terms import Part
from widgets.landscape.descent_plot import DescentPlot
from widgets.landscape.update_equation import UpdateEquation, moving_one, spelt_out
from widgets.lanes.lane_paths import Path
from widgets.plotting.throttle import Throttle
from widgets.style.plain_text import show_plainly
from widgets.style.theme import DARK, Theme
from widgets.surface.update_arrows import part_colour

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
        self._least = 0  # px
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

    def keep_picture_height(self, height: int) -> None:
        """Of the plots inside their axes: the equations and the arrows' key go before it."""
        self._least = height
        for panel in self._panels:
            panel.keep_picture_height(height)
        self._make_room()

    def least_height(self) -> int:
        """px with which the plots have just that height."""
        return self._least + (self._panels[0].around() if self._panels else 0)

    def full_height(self) -> int:
        """px with which each has its equation, and the arrows their key."""
        if not self._panels:
            return self._least
        key = self._key.sizeHint().height() + 2 if len(self._panels) > 1 else 0
        return self.least_height() + key + self._panels[0].spelt_height()

    def needs_aside(self) -> bool:
        """Whether the one equation has no room here."""
        return len(self._panels) == 1 and not self._panels[0].spells()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        fits = self.height() - self._key.sizeHint().height() - 2 >= self.least_height()
        self._key.setVisible(len(self._panels) > 1 and fits)

    def show_picture(self, picture: LandscapePicture) -> None:
        """Draw the descents of this moment."""
        self._picture = picture
        if len(self._panels) != len(picture.panels):
            self._make_panels(len(picture.panels))
            self._make_room()
        for panel, numbers in zip(self._panels, picture.panels, strict=True):
            panel.show(picture, numbers, moving_one(picture.trails, self._focus))

    def show_overlays(self, paths: Sequence[Path]) -> None:
        """Where other runs have been: lanes with x and costs, on every plot."""
        for panel in self._panels:
            panel.plot.show_overlays(paths)

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

    def plots(self) -> list[DescentPlot]:
        """One a panel."""
        return [panel.plot for panel in self._panels]

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
            panel.keep_picture_height(self._least)
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
        show_plainly(self._title)
        self._title.setProperty("role", "caption")
        self._title.setAlignment(Qt.AlignCenter)
        self._title.setVisible(not self._is_alone)
        self.plot = DescentPlot()
        self._equation = UpdateEquation(BIG, self)
        self._line = QLabel(self)
        self._line.setProperty("role", "number")
        self._line.setAlignment(Qt.AlignCenter)
        self._line.setWordWrap(True)
        self._line.setMinimumWidth(1)
        self._spelt = ""
        self._least = 0
        self._throttle = Throttle(self._show_line, self)
        (self._line if self._is_alone else self._equation).hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._title)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._equation)
        layout.addWidget(self._line)

    def text(self) -> str:
        """The next step as it is shown."""
        return "  ".join(self._equation.texts()) if self._is_alone else self._line.text()

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        self._equation.set_theme(theme)
        self._make_room()

    def keep_picture_height(self, height: int) -> None:
        self._least = height
        self._make_room()

    def around(self) -> int:
        """px about the plot's inner part that can't be left out."""
        title = 0 if self._is_alone else self._title.sizeHint().height()
        return title + round(self.plot.rim()[1])

    def spelt_height(self) -> int:
        """px that the next step takes."""
        return (self._equation if self._is_alone else self._line).height()

    def spells(self) -> bool:
        """Whether there is room for the next step."""
        return not (self._equation if self._is_alone else self._line).isHidden()

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
        spelt = self._equation if self._is_alone else self._line
        spelt.setVisible(self.height() - spelt.height() >= self._least + self.around())
        self._show_line(self._spelt)

    def show(self, picture: LandscapePicture, numbers: tuple[int, ...], focus: int) -> None:
        trails = [picture.trails[number] for number in numbers]
        focus = focus if focus in numbers else numbers[0]
        self.plot.show_descents(picture, numbers, focus)
        self._title.setText(",  ".join(trail.label for trail in trails))
        if self._is_alone:
            sign = sign_of(picture.trails, focus) if len(picture.trails) > 1 else None
            self._equation.show_trail(picture.trails[focus], sign, picture.step)
        else:
            stopped = next((trail.message for trail in trails if trail.message), "")
            self._spelt = stopped or spelt_out(trails[0])
            self._throttle.show(self._spelt)

    def _show_line(self, text: str) -> None:
        if self._is_narrow:  # no room for what the place is called
            text = text.partition(" ← ")[2] or text
        self._line.setText(text.replace(" = ", "\n= "))
