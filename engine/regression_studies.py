"""What is measured of a regression on demand: the curvature of its cost, and its cost as a surface.

The newest answer of each is kept: the curvature for the findings, the surface for the frames that follow. Serves the
regression's studies.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import slices
from engine.cost_surface import CostSurface, Position
from engine.curvature import Curvature, largest_eigenvalue
from engine.experiments.experiment import StudyError
from engine.inside import Inside, training_sample
from engine.networks import Model
from engine.regression_parts import PictureParts
from engine.way import Way


class RegressionStudies:
    """``moment`` is a FitMoment: parameters, data and settings of one step."""

    def __init__(self, model: Model, inside: Inside, parts: PictureParts, way: Way) -> None:
        self._model, self._inside, self._parts, self._way = model, inside, parts, way
        self._slices = slices.Slices(model)
        self.curvature: Curvature | None = None
        self.surface: CostSurface | None = None

    def measure_curvature(self, moment: Any) -> Curvature:
        """The largest curvature of the cost there, by power iteration.

        Raises:
            StudyError: there is no point to measure it on, or the parameters are no numbers any more.
        """
        product, points = self._inside.hessian_product(moment.parameters, moment.data, moment.settings.l2)
        if not points or not np.isfinite(moment.parameters).all():
            raise StudyError("There are no points to measure the curvature on; draw some.")
        largest = largest_eigenvalue(product, self._model.parameters)
        self.curvature = Curvature(largest, moment.step, points)
        return self.curvature

    def measure_surface(self, moment: Any, directions: str) -> Position:
        """The cost about this moment, and where the run is on it: all of it for a line, else a slice.

        Raises:
            StudyError: there is no point to measure it on, or the parameters are no numbers any more.
        """
        settings = moment.settings
        if not np.isfinite(moment.parameters).all():
            raise StudyError("The cost has left the number range; press R to start again.")
        _, way, _ = self._way.view()
        way = (*way, moment.parameters)
        is_line = settings.model == "line"
        sample = training_sample(moment.data, len(moment.data.points.x) if is_line else self._slices.affordable())
        if sample is None:
            raise StudyError("There are no points to measure the cost on; draw some.")
        if is_line:
            found = slices.of_a_line(sample, settings.l1, settings.l2, np.array(way, float))
        else:
            found = self._slices.about(moment.parameters, way, sample, directions, settings.seed)
        self.surface = found
        return self._parts.places.position(moment.parameters, self._way, found, float("nan"))
