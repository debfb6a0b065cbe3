"""RegressionView: the regression page's picture in its views, and the panels beside it. Serves the loop's both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PyQt5.QtWidgets import QWidget

from engine.frames import Analysis, Frame
from widgets.page.background_answer import NOW_AND_THEN, BackgroundAnswer
from widgets.page.picture_stack import PictureStack
from widgets.page.side_tabs import Themed
from widgets.page.update_spectra import UpdateSpectra
from widgets.regression.activations_view import ActivationsView
from widgets.regression.cost_landscape import CostLandscape
from widgets.regression.double_descent_view import DoubleDescentView
from widgets.regression.fit_view import FitView
from widgets.regression.initial_values_view import InitialValuesView
from widgets.regression.network_view import NetworkView
from widgets.regression.neurons_view import NeuronsView
from widgets.regression.operations_panel import OperationsPanel
from widgets.regression.parameters_view import ParametersView
from widgets.regression.regression_map import RegressionMap
from widgets.regression.table_panel import TablePanel
from widgets.regression.two_solutions_view import TwoSolutionsView
from widgets.regression.variables_panel import VariablesPanel


class RegressionView(PictureStack):
    """The views that ``VIEWS`` lists, the variables and the operations; the curvature is measured for the findings."""

    VIEWS = (
        FitView,
        NeuronsView,
        ParametersView,
        NetworkView,
        CostLandscape,
        InitialValuesView,
        ActivationsView,
        TwoSolutionsView,
        RegressionMap,
        DoubleDescentView,
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.variables, self.operations = VariablesPanel(self), OperationsPanel(self)
        self.table = TablePanel(self)
        for panel in (self.variables, self.operations):
            panel.hide()  # until the side tabs take them, which a figure doesn't have
        self._is_figure = False
        self.table.columns_chosen.connect(lambda columns: self.knob_changed.emit("columns", columns))
        self.table.arrived.connect(lambda: self.knob_wanted.emit("columns"))
        self.operations.analysis_requested.connect(self.analysis_requested)
        self.spectra = UpdateSpectra(self)
        self.spectra.analysis_requested.connect(self.analysis_requested)
        self._has_curvature = True
        self._curvature = BackgroundAnswer("curvature", lambda _: None, self, pace=NOW_AND_THEN)
        self._curvature.asked.connect(self.analysis_requested)

    def side_tabs(self) -> Sequence[tuple[str, Themed]]:
        return ("Variables", self.variables), ("Operations", self.operations)

    def knob_parts(self) -> Mapping[str, Themed]:
        return {"columns": self.table, "optimizer": self.spectra}

    def without_controls(self) -> None:
        self._is_figure = True
        self.spectra.stay_away()
        super().without_controls()

    def show_settings(self, settings: Any) -> None:
        self._has_curvature = settings.cost != "absolute"  # which bends nowhere
        self.spectra.show_settings(settings)
        super().show_settings(settings)

    def show_frame(self, frame: Frame) -> None:
        self.variables.show_picture(frame.picture)
        if not self._is_figure:
            self.table.show_table(frame.picture.table)
        self.operations.show_frame(frame)
        self.spectra.show_frame(frame)
        self._curvature.follow(frame)
        self._curvature.want(() if self._has_curvature else None, frame.step)
        super().show_frame(frame)

    def show_analysis(self, analysis: Analysis) -> None:
        super().show_analysis(analysis)
        self.operations.show_analysis(analysis)
        self.spectra.show_analysis(analysis)
        self._curvature.take(analysis)
