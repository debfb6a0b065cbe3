"""What is measured of a regression on demand: the curvature of its cost, and its cost as a surface.

Serves the regression's analyses.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis import slices
from engine.analysis.cost_surface import Position
from engine.analysis.curvature import Curvature, largest_eigenvalue
from engine.analysis.inside import Inside
from engine.analysis.training_map import TrainingMap
from engine.analysis.trajectory import TrajectoryProjection
from engine.analysis.valley import Valley
from engine.experiment import AnalysisError
from engine.regression.fitting import training_sample
from engine.regression.maps import RegressionMaps
from engine.regression.second_solution import SecondSolutions
from engine.training.networks import Model


class RegressionAnalyses:
    """Answers from a FitMoment alone: parameters, data, settings and the run's trajectory up to one step."""

    def __init__(self, model: Model, inside: Inside) -> None:
        self._model, self._inside = model, inside
        self._slices = slices.Slices(model)
        self._maps = RegressionMaps(model)
        self._second = SecondSolutions(model)

    def curvature(self, moment: Any) -> Curvature:
        """The largest curvature of the cost there, by power iteration.

        Raises:
            AnalysisError: there is no point to measure it on, or the parameters are no numbers any more.
        """
        sample = training_sample(moment.data, self._inside.affordable_for_curvature())
        if sample is None or not np.isfinite(moment.parameters).all():
            raise AnalysisError("There are no points to measure the curvature on; draw some.")
        product = self._inside.hessian_product(moment.parameters, sample, moment.settings.l2)
        largest = largest_eigenvalue(product, self._model.parameters)
        return Curvature(largest, moment.step, len(sample[0]))

    def training_map(self, moment: Any, window: tuple[float, ...] | None, seconds: float) -> TrainingMap:
        """What comes of whole trainings on these data; see engine.regression.maps.

        Raises:
            AnalysisError: there is no map of this model.
        """
        return self._maps.at(moment, window, seconds)

    def valley(self, moment: Any, other: tuple[float, ...] = (), name: str = "") -> Valley:
        """The ways to a second network; see engine.regression.second_solution.

        Raises:
            AnalysisError: there is none.
        """
        return self._second.valley(moment, other, name)

    def surface(self, moment: Any, directions: str) -> Position:
        """The cost about this moment, and where the run is on it: all of it for a line, else a slice.

        Raises:
            AnalysisError: there is no point to measure it on, or the parameters are no numbers any more.
        """
        settings = moment.settings
        if not np.isfinite(moment.parameters).all():
            raise AnalysisError("The cost has left the number range; press R to start again.")
        kept = (*moment.trajectory.view()[1], moment.parameters)
        is_line = settings.model == "line"
        sample = training_sample(moment.data, len(moment.data.points.x) if is_line else self._slices.affordable())
        if sample is None:
            raise AnalysisError("There are no points to measure the cost on; draw some.")
        if is_line:
            found = slices.of_a_line(sample, settings.l1, settings.l2, np.array(kept, float))
        else:
            found = self._slices.about(moment.parameters, kept, sample, directions, settings.seed)
        return TrajectoryProjection().position(moment.parameters, moment.trajectory, found, float("nan"))
