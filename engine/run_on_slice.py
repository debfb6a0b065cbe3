"""RunOnSlice: a painting network's run, seen on slices of its cost. Serves the painting's picture and its studies."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import backend
from engine.cost_surface import CostSurface, Position
from engine.experiments.experiment import StudyError
from engine.fitting import COST_KINDS
from engine.networks import Model
from engine.points import evenly
from engine.slices import Slices
from engine.way import Places, Way


class RunOnSlice:
    """Keeps the run's way and the newest slice.

    ``x`` (n, inputs) and ``y`` (n, outputs) are what the model is trained on; ``cost`` is one of COST_KINDS.
    """

    def __init__(self, model: Model, x: np.ndarray, y: np.ndarray, cost: str) -> None:
        self._slices, self._way, self._places = Slices(model), Way(model.parameters), Places()
        rows = evenly(len(x), self._slices.affordable())
        self._x, self._y, self._cost = np.asarray(x)[rows], np.asarray(y)[rows], cost
        self._surface: CostSurface | None = None

    def clear(self) -> None:
        """Another run begins."""
        self._way.clear()
        self._surface = None

    def note(self, epoch: int, parameters: np.ndarray, cost: float) -> None:
        """The run's parameters (p,) at the end of an epoch, with their cost over all data."""
        self._way.add(epoch, parameters, cost)

    def costs(self) -> tuple[np.ndarray, np.ndarray]:
        """The epochs (k,) of the way that is kept, and the cost (k,) at the end of each."""
        epochs, _, costs = self._way.view()
        return epochs, costs

    def measure(self, parameters: np.ndarray, directions: str, seed: int) -> Position:
        """A new slice through these parameters (p,), along "main" or "random" directions.

        Raises:
            StudyError: the parameters are no numbers any more.
        """
        if not np.isfinite(parameters).all():
            raise StudyError("The cost has left the number range; press R to start again.")
        kind = backend.tensorflow().constant(COST_KINDS.index(self._cost))
        way = (*self._way.view()[1], parameters)
        found = self._slices.about(parameters, way, (self._x, self._y, kind), directions, seed)
        self._surface = found
        return self._places.position(parameters, self._way, found, float("nan"))

    def position(self, parameters: np.ndarray, cost: float) -> Position | None:
        """Where the run is on the newest slice; None before there is one."""
        surface = self._surface
        return None if surface is None else self._places.position(parameters, self._way, surface, cost)

    def parameters_at(self, place: Any) -> np.ndarray | None:
        """What a place (2,) on the newest slice stands for, float32 (p,); None before there is one."""
        if self._surface is None:
            return None
        return self._surface.parameters(np.asarray(place, float)).astype(np.float32)

    def state(self) -> Any:
        """All that restore() needs to go on from here."""
        return self._way.state()

    def restore(self, state: Any) -> None:
        """Go back to what state() gave."""
        self._way.restore(state)
