"""RegressionView: the regression page's picture: the fit, or the lesson of initial values. Serves a frame's drawing."""

from __future__ import annotations

from PyQt5.QtWidgets import QStackedWidget, QWidget

from engine.frames import Frame, RegressionPicture
from widgets.fit_plot import FitPlot
from widgets.initial_values_view import InitialValuesView
from widgets.theme import Theme


class RegressionView(QStackedWidget):
    """Shows the view that the picture asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fit, self.initial_values = FitPlot(), InitialValuesView()
        self.addWidget(self.fit)
        self.addWidget(self.initial_values)

    def set_theme(self, theme: Theme) -> None:
        """Both views take the theme."""
        self.fit.set_theme(theme)
        self.initial_values.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment."""
        picture: RegressionPicture = frame.picture
        if picture.draws is None:
            self.setCurrentWidget(self.fit)
            self.fit.show_fit(picture)
        else:
            self.setCurrentWidget(self.initial_values)
            self.initial_values.show_picture(picture)
