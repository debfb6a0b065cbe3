"""Why a painting goes as it goes: its layers' gradients and sleeping units, measured on demand, and its costs.

Serves the painting's studies and its findings.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine import backend, diagnosis
from engine.canvas import Canvas
from engine.experiments.experiment import StudyError
from engine.fitting import COST_KINDS
from engine.frames import Finding
from engine.inside import Inside, LayerState
from engine.painters import Painter
from engine.points import evenly


class PaintingFindings:
    """Looks into one painter, and keeps the newest measurement."""

    def __init__(self, painter: Painter, canvas: Canvas, cost: str) -> None:
        self._inside, self._cost = Inside(replace(painter.layers, predict=painter.paint)), cost
        rows = evenly(len(canvas.raw), self._inside.affordable())
        self._x, self._y = np.asarray(painter.encode(canvas.raw[rows])), np.asarray(canvas.answers[rows], np.float32)
        self.clear()

    def clear(self) -> None:
        """Another run begins."""
        self.said: tuple[Finding, ...] | None = None  # None before the first measurement
        self._begun = object()

    def measure(
        self, parameters: np.ndarray, settings: Any, epochs: np.ndarray, costs: np.ndarray
    ) -> tuple[LayerState, ...]:
        """Look into each layer with these parameters of the painter (p,), and work out what is to be said.

        ``costs`` (n,) are the run's at the ends of ``epochs`` (n,). Too dear for every frame.

        Raises:
            StudyError: the parameters are no numbers any more.
        """
        if not np.isfinite(parameters).all():
            raise StudyError("The cost has left the number range; press R to start again.")
        kind = backend.tensorflow().constant(COST_KINDS.index(self._cost))
        begun = self._begun
        layers = self._inside.layers_on(parameters, self._x, self._y, kind)
        said = diagnosis.findings(
            diagnosis.Measured(
                cost=settings.cost,
                is_linear=False,
                optimizer=settings.optimizer,
                learning_rate=settings.learning_rate,
                momentum=settings.momentum,
                layers=layers,
                epochs=epochs,
                costs=costs,
            )
        )
        if begun is self._begun:  # else the run has been reset meanwhile
            self.said = said
        return layers
