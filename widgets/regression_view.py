"""RegressionView: the regression page's picture: the fit, or the lesson of initial values. Serves a frame's drawing."""

from __future__ import annotations

from PyQt5.QtWidgets import QStackedLayout, QWidget

from engine.frames import Frame
from engine.regression_picture import RegressionPicture
from widgets.fit_plot import FitPlot
from widgets.initial_values_view import InitialValuesView
from widgets.picture_view import PictureView
from widgets.theme import Theme


class RegressionView(PictureView):
    """Shows the view that the picture asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fit, self.initial_values = FitPlot(), InitialValuesView()
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.fit)
        self._stack.addWidget(self.initial_values)

    def set_theme(self, theme: Theme) -> None:
        """Both views take the theme."""
        self.fit.set_theme(theme)
        self.initial_values.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment."""
        picture: RegressionPicture = frame.picture
        if picture.draws is None:
            self._stack.setCurrentWidget(self.fit)
            self.fit.show_fit(picture)
        else:
            self._stack.setCurrentWidget(self.initial_values)
            self.initial_values.show_picture(picture)
