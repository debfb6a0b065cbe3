"""What regression and painting share: a model trained on data, its moments evaluated over all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from engine.diagnosis import diverged
from engine.experiments.experiment import Advance, EpochEnd, Observation, Question
from engine.frames import Curve, Role
from engine.knobs import differing
from engine.networks import Model
from engine.training import Training, TrainingState

DEAR = 10_000_000  # numbers multiplied to measure all data once: a millisecond or so


@dataclass(frozen=True, eq=False)
class Moment:
    """The parameters, float32 (parameters,), after ``step`` steps."""

    step: int
    parameters: np.ndarray


class TrainedExperiment:
    """The parts of an Experiment that don't depend on what the data mean."""

    axis = "epoch"
    columns = 1
    studies: ClassVar[Mapping[str, Question]] = {}
    touches: ClassVar[Mapping[str, Callable[[Any], None]]] = {}

    def __init__(self, model: Model, x: np.ndarray, y: np.ndarray, settings: Any, compiled: bool = True) -> None:
        self._begin(Training(model, x, y, settings, compiled), settings)

    def _begin(self, training: Training, settings: Any) -> None:
        self.settings = settings
        self.training = training
        self.parameters = training.model.parameters

    @property
    def steps_per_epoch(self) -> int:
        return self.training.steps_per_epoch

    @property
    def length(self) -> int:
        return self.settings.epochs * self.steps_per_epoch

    def reset(self) -> None:
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

    @property
    def looks_after_each_epoch(self) -> bool:
        """Whether any epoch may turn out to be the last one, so that the Runner has to look after each."""
        return bool(getattr(self.settings, "min_change", 0.0))

    def converged(self, epochs: np.ndarray, costs: np.ndarray) -> str:
        """Why the run is finished after the last of these epochs (n,) with their costs (n,); "" while it isn't."""
        least = getattr(self.settings, "min_change", 0.0)
        if not least or len(costs) < 2 or abs(costs[-1] - costs[-2]) >= least:
            return ""
        return f"Stopped after epoch {int(epochs[-1]):,}: the cost changed by less than {least:g}."

    def explained(self, observation: Observation) -> Observation:
        """The same moment with what is known by now of why the run ended as it did."""
        said = diverged(self.training.step, self.settings.learning_rate)
        others = (finding for finding in observation.findings or () if finding != said)
        return replace(observation, findings=(said, *others))

    def _why_it_diverged(self, ends: Sequence[tuple[int, np.ndarray]]) -> str:
        """The run's message; ``ends``: (step, parameters) of the epochs that ended in the call that diverged."""
        return (
            f"The cost left the number range at step {self.training.step:,}: "
            f"the learning rate {self.settings.learning_rate:g} is too large here. Press R, or halve it."
        )

    def _is_measured(self, step: int) -> bool:
        """Whether the cost over all data is worth its time after the epoch that ends with this step.

        Where it is dear, from epoch 100 on only those with two significant digits are: 110, 120, ..., 1100, ...
        Where it takes a tenth of a second or more, only those with one: 10, 20, ..., 100, 200, ...
        """
        epoch = step // self.steps_per_epoch
        work = self.training.points * self.parameters
        if work < DEAR or epoch == self.settings.epochs:
            return True
        digits = 2 if work < 100 * DEAR else 1
        return epoch % max(1, 10 ** (len(str(epoch)) - digits)) == 0

    def snapshot(self) -> Moment:
        return self._moment(self.training.step, self.training.parameters)

    def _moment(self, step: int, parameters: np.ndarray) -> Moment:
        return Moment(step, parameters)

    def curves(self, steps: tuple[np.ndarray, np.ndarray], epochs: tuple[np.ndarray, np.ndarray]) -> Sequence[Curve]:
        raw = Curve("each batch", Role.RAW, steps[0], steps[1][:, 0])
        exact = Curve("all data", Role.EXACT, epochs[0], epochs[1][:, 0])
        return (exact,) if self.steps_per_epoch == 1 else (raw, exact)

    def outcome(self) -> Mapping[str, Any]:
        return {}

    def state(self) -> TrainingState:
        return self.training.state()

    def restore(self, state: TrainingState) -> None:
        self.training.restore(state)
