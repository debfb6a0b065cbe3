"""What regression and painting share: a model trained on data, its moments evaluated over all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.analysis.diagnosis import Divergence
from engine.backend import ownership
from engine.experiment import Advance, EpochEnd, Experiment, Snapshot
from engine.frames import Finding
from engine.knobs import differing
from engine.training.training import Training

EXPENSIVE = 10_000_000  # numbers multiplied to measure all data once: a millisecond or so


@dataclass(frozen=True, eq=False)
class Moment(Snapshot):
    """The parameters, float32 (parameters,), after ``step`` steps, and the run's divergence once it has one.

    ``raw_updates``: of Muon's last step, each matrix by name before it was made orthogonal. ``averaged``: what a
    schedule-free rule holds for the answer, float32 (parameters,). Only a moment that is looked at has these.
    """

    parameters: np.ndarray
    divergence: Divergence | None
    raw_updates: tuple[tuple[str, np.ndarray], ...] = field(default=(), kw_only=True)
    averaged: np.ndarray | None = field(default=None, kw_only=True)


@ownership.owned
class TrainedExperiment(Experiment):
    """The parts of an Experiment that don't depend on what the data mean."""

    is_compiled = False

    def __init__(self, training: Training, settings: Any) -> None:
        self.settings = settings
        self.training = training
        self._divergence: Divergence | None = None
        self._told: dict[str, Finding] = {}  # of what was asked, by the analysis's name

    @ownership.any_thread
    def compile(self) -> None:
        self.training.compile()
        self.is_compiled = True

    @property
    def parameters(self) -> int:
        return self.training.model.parameters

    @property
    def steps_per_epoch(self) -> int:
        return self.training.steps_per_epoch

    @property
    def length(self) -> int:
        return self.settings.epochs * self.steps_per_epoch

    def reset(self) -> None:
        self._divergence = None
        self._told = {}
        self.training.reset()

    def set_live(self, settings: Any) -> None:
        for knob in differing(self.settings, settings):
            if knob.live:  # nothing else is written: it would wait for a graph that is being compiled meanwhile
                self.training.set_live(knob.name, getattr(settings, knob.name))
        self.settings = settings

    def advance(self, steps: int) -> Advance:
        costs, ends = self.training.advance(steps)
        message = ""
        if not np.isfinite(costs[-1]) or not self.training.is_finite():
            message = self._why_it_diverged(ends)
        epochs = [EpochEnd(step, self._moment(step, parameters), self._is_measured(step)) for step, parameters in ends]
        return Advance(costs.reshape(-1, 1), epochs, message)

    def learnt(self) -> Mapping[str, np.ndarray]:
        model = self.training.model
        arrays = model.arrays(np.array(self.training.parameters))
        return {tensor.name: array for tensor, array in zip(model.tensors, arrays, strict=True)}

    def snapshot(self) -> Any:
        training = self.training
        moment = self._moment(training.step, training.parameters)
        if self._told:
            moment = replace(moment, told=tuple(self._told.values()))
        if self.settings.optimizer in ("muon", "schedule_free"):
            moment = replace(moment, raw_updates=training.raw_updates(), averaged=training.averaged())
        return moment

    def renewal(self) -> Callable[[Any], Any]:
        settings, divergence = self.settings, self._divergence
        return lambda moment: replace(moment, settings=settings, divergence=divergence)

    def state(self) -> Any:
        return self.settings, self.training.state()

    def restore(self, state: Any) -> None:
        settings, training = state
        self.set_live(settings)
        self.training.restore(training)

    def _why_it_diverged(self, ends: Sequence[tuple[int, np.ndarray]]) -> str:
        """The run's message; ``ends``: (step, parameters) of the epochs that ended in the call that diverged."""
        self._divergence = Divergence(self.training.step)
        return self._too_large()

    def _too_large(self) -> str:
        return (
            f"The cost left the number range at step {self.training.step:,}: "
            f"the learning rate {self.settings.learning_rate:g} is too large here. Press R, or halve it."
        )

    def _is_measured(self, step: int) -> bool:
        """Whether the cost over all data is worth its time after the epoch that ends with this step.

        Where it is expensive, from epoch 100 on only those with two significant digits are: 110, 120, ..., 1100, ...
        Where it takes a tenth of a second or more, only those with one: 10, 20, ..., 100, 200, ...
        """
        epoch = step // self.steps_per_epoch
        work = self.training.points * self.parameters
        if work < EXPENSIVE or epoch == self.settings.epochs:
            return True
        digits = 2 if work < 100 * EXPENSIVE else 1
        return epoch % max(1, 10 ** (len(str(epoch)) - digits)) == 0

    def _moment(self, step: int, parameters: np.ndarray) -> Moment:
        return Moment(step, self.settings, parameters, self._divergence)
