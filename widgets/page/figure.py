"""Figure: a page's title, picture and cost plot without its controls: what a run leaves as a PNG."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, Qt, pyqtSignal
from PyQt5.QtGui import QPalette
from PyQt5.QtWidgets import QApplication, QBoxLayout, QVBoxLayout, QWidget
from pyqtgraph import GraphicsView, ViewBox

from engine.frames import Analysis, Frame
from engine.lanes import Overlay
from engine.run.spec import RunSpec
from engine.scenes import heading
from widgets.page.cost_plot import CostPlot
from widgets.page.page_entry import PageEntry
from widgets.page.page_header import PageHeader
from widgets.plotting.throttle import Throttle
from widgets.style.theme import Theme
from widgets.surface.soft_scene import SoftContext

SQUARE_PERCENT = 66  # of the width, for a picture as high as it is wide
CLEAR = "QWidget { background: transparent; }"
ROUNDS = 3  # of laying out: what is laid out asks those around it for other room
WITH_BOTH_PERCENT = 55  # of the height, where the sharpness has its plot under the cost


class Figure(QWidget):
    """``show_frame`` and ``show_analysis`` are the same entries as a page's. ``is_whole``: else the picture alone."""

    analysis_requested = pyqtSignal(str, object)

    def __init__(self, spec: RunSpec, entry: PageEntry, theme: Theme, is_whole: bool = True) -> None:
        super().__init__()
        self._header = PageHeader()
        self._header.show_words(heading(spec), spec.subtitle())
        self._view = entry.view()
        self._view.without_controls()
        self._view.use_gl(SoftContext())  # the same picture wherever it is drawn
        self._view.show_settings(spec.settings)
        self._view.analysis_requested.connect(self.analysis_requested)
        self._cost_plot = CostPlot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 12)
        layout.addWidget(self._header)
        self._body = QBoxLayout(QBoxLayout.TopToBottom)
        self._body.setSpacing(12)
        self._body.addWidget(self._view, entry.picture_percent)
        plots = QVBoxLayout()
        plots.addWidget(self._cost_plot, 1)
        plots.addWidget(self._cost_plot.sharpness, 1)
        self._body.addLayout(plots, 100 - entry.picture_percent)
        layout.addLayout(self._body, 1)
        for part in (self._header, self._view, self._cost_plot):
            part.set_theme(theme)
        self._is_whole = is_whole
        if not is_whole:
            for part in (self._header, self._cost_plot, self._cost_plot.sharpness):
                part.hide()
            layout.setContentsMargins(8, 8, 8, 8)

    def clear_ground(self) -> None:
        """Leave out the ground that everything stands on."""
        if CLEAR not in self.styleSheet():
            self.setStyleSheet(f"{self.styleSheet()} {CLEAR}")
        for plot in self.findChildren(GraphicsView):
            plot.setBackground(None)
            for part in (plot, plot.viewport()):
                palette = part.palette()
                for role in (QPalette.Base, QPalette.Window):
                    palette.setColor(role, Qt.transparent)
                part.setPalette(palette)
                part.setAutoFillBackground(False)

    def settle(self) -> None:
        """Lay everything out now: nothing of it is shown on a screen, where that would come by itself."""
        for _ in range(ROUNDS):
            for part in (self, *self.findChildren(QWidget)):
                QApplication.sendPostedEvents(part, 0)
            QApplication.sendPostedEvents(None, QEvent.LayoutRequest)  # inside of plots, which are no widgets

    def room(self) -> tuple:
        """Where everything is, plots' own grounds too: what is drawn depends on it."""
        parts = [part.geometry().getRect() for part in self.findChildren(QWidget) if part.isVisible()]
        grounds = [
            item.sceneBoundingRect().getRect()
            for plot in self.findChildren(GraphicsView)
            for item in plot.scene().items()
            if isinstance(item, ViewBox)
        ]
        return tuple(parts), tuple(grounds)

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        """Other runs beside this one, as a page has them; drawn with the next frame."""
        self._view.show_overlays(overlays)
        self._cost_plot.show_overlays(overlays)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment, all of it now."""
        self._view.show_frame(frame)
        if self._is_whole and self._view.is_square():  # in a wide page the cost stands beside it, and neither is small
            self._body.setDirection(QBoxLayout.LeftToRight)
            self._body.setStretch(0, SQUARE_PERCENT)
            self._body.setStretch(1, 100 - SQUARE_PERCENT)
        self._cost_plot.show_legend(not self._view.lists_descents)
        self._cost_plot.show_frame(frame)
        has_both = self._is_whole and self._cost_plot.sharpness.has_something
        self._cost_plot.sharpness.setVisible(has_both)
        if has_both and not self._view.is_square():
            self._body.setStretch(0, WITH_BOTH_PERCENT)
            self._body.setStretch(1, 100 - WITH_BOTH_PERCENT)
        for throttle in self.findChildren(Throttle):
            throttle.flush()

    def show_analysis(self, analysis: Analysis) -> None:
        """The answer to a question that the picture asked."""
        self._view.show_analysis(analysis)
