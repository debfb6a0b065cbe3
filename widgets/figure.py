"""Figure: a page's title, picture and cost plot without its controls: what a run leaves as a PNG."""

from __future__ import annotations

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from engine.frames import Frame, Study
from engine.spec import RunSpec
from widgets.cost_plot import CostPlot
from widgets.experiment_page import PICTURE_PERCENT, VIEWS
from widgets.page_header import PageHeader
from widgets.theme import Theme
from widgets.throttle import Throttle


class Figure(QWidget):
    """``show_frame`` and ``show_study`` are the same entries as a page's."""

    study_requested = pyqtSignal(str, object)

    def __init__(self, spec: RunSpec, theme: Theme) -> None:
        super().__init__()
        self._header = PageHeader()
        self._header.show_words(spec.heading(), spec.subtitle())
        self._view = VIEWS[spec.experiment]()
        self._view.without_controls()
        self._view.show_settings(spec.settings)
        self._view.study_requested.connect(self.study_requested)
        self._cost_plot = CostPlot()
        share = PICTURE_PERCENT[spec.experiment]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 12)
        layout.addWidget(self._header)
        layout.addWidget(self._view, share)
        layout.addWidget(self._cost_plot, 100 - share)
        for part in (self._header, self._view, self._cost_plot):
            part.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment, all of it now."""
        self._view.show_frame(frame)
        self._cost_plot.show_legend(not self._view.lists_runners)
        self._cost_plot.show_frame(frame)
        for throttle in self.findChildren(Throttle):
            throttle.flush()

    def show_study(self, study: Study) -> None:
        """The answer to a question that the picture asked."""
        self._view.show_study(study)
