"""Why a painting goes as it goes: its layers' gradients and inactive units, measured on demand, and its costs.

Serves the painting's analyses and its findings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.analysis import diagnosis
from engine.analysis.inside import Inside, LayerState
from engine.analysis.sample import evenly
from engine.analysis.trajectory import ParameterTrajectory
from engine.experiment import AnalysisError
from engine.frames import Finding
from engine.painting.canvas import Canvas
from engine.painting.pixel_networks import PixelNetwork
from engine.training import costs


@dataclass(frozen=True, eq=False)
class LookInside:
    """Each layer from within, and what is to be said of that."""

    layers: tuple[LayerState, ...]
    said: tuple[Finding, ...] | None


class PaintingFindings:
    """Looks into one network."""

    def __init__(self, network: PixelNetwork, canvas: Canvas, cost: str) -> None:
        self._inside, self._cost = Inside(replace(network.layers, predict=network.paint)), cost
        rows = evenly(len(canvas.raw), self._inside.affordable())
        self._x, self._y = np.asarray(network.encode(canvas.raw[rows])), np.asarray(canvas.answers[rows], np.float32)

    def measure(self, parameters: np.ndarray, settings: Any, trajectory: ParameterTrajectory) -> LookInside:
        """Look into each layer with these parameters of the network (p,), and work out what is to be said.

        ``trajectory`` has the run's costs so far. Too expensive for every frame.

        Raises:
            AnalysisError: the parameters are no numbers any more.
        """
        if not np.isfinite(parameters).all():
            raise AnalysisError("The cost has left the number range; press R to start again.")
        layers = self._inside.layers(parameters, (self._x, self._y, costs.number(self._cost)))
        epochs, _, kept = trajectory.view()
        said = diagnosis.findings(
            diagnosis.Measured(
                cost=settings.cost,
                is_linear=False,
                optimizer=settings.optimizer,
                learning_rate=settings.learning_rate,
                momentum=settings.momentum,
                layers=layers,
                epochs=epochs,
                costs=kept,
            )
        )
        return LookInside(layers, said)
