"""TrainedSlices: slices of a trained network's cost, with its run on them. Serves the painting's analyses."""

from __future__ import annotations

import numpy as np

from engine.analysis.cost_surface import Position
from engine.analysis.sample import evenly
from engine.analysis.slices import Slices
from engine.analysis.trajectory import ParameterTrajectory, TrajectoryProjection
from engine.experiment import AnalysisError
from engine.training import costs
from engine.training.networks import Model


class TrainedSlices:
    """``x`` (n, inputs) and ``y`` (n, outputs) are what the model is trained on; ``cost`` is one of costs.KINDS."""

    def __init__(self, model: Model, x: np.ndarray, y: np.ndarray, cost: str) -> None:
        self._slices = Slices(model)
        rows = evenly(len(x), self._slices.affordable())
        self._x, self._y, self._cost = np.asarray(x)[rows], np.asarray(y)[rows], cost

    def about(self, parameters: np.ndarray, trajectory: ParameterTrajectory, directions: str, seed: int) -> Position:
        """A new slice through these parameters (p,), along "main" or "random" directions.

        Raises:
            AnalysisError: the parameters are no numbers any more.
        """
        if not np.isfinite(parameters).all():
            raise AnalysisError("The cost has left the number range; press R to start again.")
        kept = (*trajectory.view()[1], parameters)
        sample = self._x, self._y, costs.number(self._cost)
        found = self._slices.about(parameters, kept, sample, directions, seed)
        return TrajectoryProjection().position(parameters, trajectory, found, float("nan"))
