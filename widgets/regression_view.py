"""RegressionView: the regression page's picture, in the view that its knob asks for. Serves a frame's drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt5.QtWidgets import QStackedLayout, QWidget

from engine.frames import Frame, Study
from engine.regression_picture import RegressionPicture
from widgets.activations_view import ActivationsView
from widgets.cost_surface_view import CostSurfaceView
from widgets.fit_view import FitView
from widgets.gl_context import GlContext
from widgets.initial_values_view import InitialValuesView
from widgets.line_pane import LinePane
from widgets.network_view import NetworkView
from widgets.neurons_view import NeuronsView
from widgets.now_and_then import NowAndThen
from widgets.operations_panel import OperationsPanel
from widgets.parameters_view import ParametersView
from widgets.picture_view import PictureView
from widgets.theme import Theme
from widgets.variables_panel import VariablesPanel

DRAWING_EPOCHS = 100_000  # so that the fit goes on following the hand


class RegressionView(PictureView):
    """Shows the view that the picture was made for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fit, self.neurons, self.parameters = FitView(), NeuronsView(), ParametersView()
        self.network, self.line = NetworkView(), LinePane()
        self.surface = CostSurfaceView(beside=self.line)
        self.initial_values, self.activations = InitialValuesView(), ActivationsView()
        self.variables, self.operations = VariablesPanel(self), OperationsPanel(self)
        for panel in (self.variables, self.operations):
            panel.hide()  # until the side tabs take them, which a figure doesn't have
        self._views = {
            "fit": self.fit,
            "neurons": self.neurons,
            "parameters": self.parameters,
            "network": self.network,
            "landscape": self.surface,
            "initial-values": self.initial_values,
            "activations": self.activations,
        }
        self._wanted, self._bends_nowhere = "fit", False
        self._shapes: Any = None
        self._curvature = NowAndThen(parent=self)
        self._curvature.wanted.connect(lambda: self.study_requested.emit("curvature", {}))
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        for view in self._views.values():
            self._stack.addWidget(view)
        self.fit.points_drawn.connect(lambda points: self.knob_changed.emit("drawn", points))
        self.fit.drawing_begun.connect(lambda: self.knob_changed.emit("epochs", DRAWING_EPOCHS))
        self.fit.line_dragged.connect(lambda line: self.touched.emit("parameters", line))
        self.line.line_dragged.connect(lambda line: self.touched.emit("parameters", line))
        self.surface.surface_wanted.connect(lambda arguments: self.study_requested.emit("surface", arguments))
        self.surface.place_dragged.connect(lambda place: self.touched.emit("place", place))
        self.activations.activation_chosen.connect(lambda name: self.knob_changed.emit("activation", name))
        self.operations.wanted.connect(lambda: self.study_requested.emit("operations", {}))

    def current(self) -> str:
        """The name of the view that is shown."""
        return next(name for name, view in self._views.items() if view is self._stack.currentWidget())

    def use_gl(self, gl: GlContext) -> None:
        """The window's OpenGL, for the cost as a surface."""
        self.surface.use_gl(gl)

    def without_controls(self) -> None:
        self.fit.without_controls()

    def side_tabs(self) -> Sequence[tuple[str, QWidget]]:
        return ("Variables", self.variables), ("Operations", self.operations)

    def show_settings(self, settings: Any) -> None:
        self._wanted, self._bends_nowhere = settings.view, settings.cost == "absolute"
        for view in (self.fit, self.neurons, self.surface):
            view.show_settings(settings)

    def set_theme(self, theme: Theme) -> None:
        for view in (*self._views.values(), self.line, self.variables, self.operations):
            view.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        picture: RegressionPicture = frame.picture
        shapes = [(name, values.shape) for name, values in picture.tensors]
        if shapes != self._shapes:
            self._shapes = shapes
            self.operations.forget()
        self.variables.show_picture(picture)
        if not self._bends_nowhere:  # the absolute error has no curvature that could be measured
            self._curvature.see(frame)
        self._stack.setCurrentWidget(self._views[self._view_of(picture)])
        view = self._stack.currentWidget()
        if view is self.surface:
            self.line.show_frame(frame)
        if view is self.initial_values:
            view.show_picture(picture)
        else:
            view.show_frame(frame)

    def show_study(self, study: Study) -> None:
        if study.name == "curvature":
            self._curvature.answered()
        elif study.name == "surface":
            self.surface.show_study(study)
        elif study.name == "operations" and not study.problem:
            self.operations.show_operations(study.result)

    def _view_of(self, picture: RegressionPicture) -> str:
        """The view whose own part the picture has; else the one that is wanted, if it needs no such part."""
        for view, part in (
            ("neurons", picture.neurons),
            ("parameters", picture.layers),
            ("initial-values", picture.draws),
            ("activations", picture.activations),
        ):
            if part:
                return view
        return self._wanted if self._wanted in ("network", "landscape") else "fit"
