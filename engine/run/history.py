"""History: every scalar of a run. The steps' are kept here, the epochs' by the observer who measures them.

Serves the runner; the cost plot, the command line and the recordings read it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.backend import ownership
from engine.experiment import Experiment, Table
from engine.frames import Frame
from engine.run.observations import Observations
from engine.run.recording import Series, thinned
from engine.run.spec import RunSpec
from engine.run.states import State


@dataclass(frozen=True, eq=False)
class RunState:
    """A moment of a run to go back to, with everything that the following steps depend on."""

    spec: RunSpec
    step: int
    state: State
    message: str
    granted: int
    converged: bool
    experiment: Any
    history: Any
    observed: Any


@ownership.owned
class History:
    """Steps count in epochs where the experiment has any."""

    def __init__(self, experiment: Experiment, observations: Observations) -> None:
        self._experiment, self._observations = experiment, observations
        self._steps = Series(experiment.columns)

    def begin(self) -> None:
        """Another run begins, with its costs at the start where those are part of it."""
        self._steps.clear()
        first = self._experiment.initial_costs()
        if first is not None:
            self._steps.append(np.zeros(1), first[None])

    def add(self, step: int, costs: np.ndarray) -> None:
        """The costs (n, columns) of the steps after ``step``; those that are no numbers are left out."""
        x = step + 1 + np.arange(len(costs))
        finite = np.isfinite(costs).all(axis=1)
        self._steps.append((x / self._experiment.steps_per_epoch)[finite], costs[finite])

    def steps(self) -> Table:
        """(epoch, costs) of each step, read-only: x (n,), y (n, columns)."""
        return self._steps.view()

    def recorded(self) -> tuple[Table, Table]:
        """The same, and (epoch, cost) of each epoch over all data; waits for what is still being measured."""
        return self._steps.view(), self._observations.call(lambda worker: worker.epochs())

    def pairs(self, most: int, step: int, now: Callable[[], Frame]) -> list[list[float]]:
        """[[epoch, cost], ...] over all data, or [[step, lowest cost], ...] where there is none; waits, too.

        ``now`` measures the moment after ``step`` steps, where that is no epoch's end.
        """
        (x, y), epochs = self.recorded()
        is_by_epoch = self._experiment.counts_epochs
        pairs = thinned(epochs[0], epochs[1][:, 0], most) if is_by_epoch else thinned(x, y.min(axis=1), most)
        exact_end = step / self._experiment.steps_per_epoch
        if not pairs or pairs[-1][0] != exact_end:
            frame = now()
            if frame.step == step:
                pairs = [*pairs[: most - 1], [exact_end, frame.cost]]
        return pairs

    def inherit(self, older: History) -> None:
        """Go on with another run's, what is still being measured of it included."""
        state, columns = older._steps.state(), self._experiment.inherited
        self._steps.restore(state if columns is None else state.columns(columns))
        self._observations.inherit(older._observations)

    def state(self) -> Any:
        """All that restore() needs to go on from here."""
        return self._steps.state()

    def restore(self, state: Any) -> None:
        """Go back to what state() gave."""
        self._steps.restore(state)


def inherit(experiment: Experiment, older: Experiment) -> bool:
    """Have an experiment go on from what an older one has learnt; both may then be taken by another thread."""
    try:
        return experiment.inherit(older)
    finally:
        ownership.release(experiment, older)
