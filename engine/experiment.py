"""What every experiment offers to the Runner: its training, its observer, its analyses and the actions it takes.

Optional members have a default here; an experiment that has more says so by overriding. Three threads meet: an
Experiment belongs to the thread that trains, an Observer to the one that measures moments in their order, and the
answers to analyses are worked out in a third. What passes between them is frozen: a Snapshot, an Observation, an
Analysis.
Station of the loop: the runner.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.frames import Analysis, Curve, Finding, Picture
from engine.knobs import Knob

Table = tuple[np.ndarray, np.ndarray]  # x (n,), y (n, columns)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A moment, cheap to take and never changed afterwards; each experiment adds what its own measuring needs.

    Whoever measures it reads nothing else that can change: ``settings`` are those of that moment. ``told`` are the
    findings of what a person has asked about this run.
    """

    step: int
    settings: Any
    told: tuple[Finding, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, eq=False)
class EpochEnd:
    """The moment after an epoch; ``measured``: its cost over all data belongs to the run's history."""

    step: int
    snapshot: Snapshot
    measured: bool


@dataclass(frozen=True, eq=False)
class Advance:
    """What some steps brought: ``costs`` (done, columns); ``message`` says why there can be no next step.

    ``epochs``: each epoch's end among these steps. ``ending``: why the run is finished after them, "" where it isn't.
    """

    costs: np.ndarray
    epochs: Sequence[EpochEnd] = ()
    message: str = ""
    ending: str = ""


@dataclass(frozen=True, eq=False)
class Observation:
    """One moment, measured exactly: the cost over all data, the metrics, and what it looks like.

    ``view``: the one that it was measured for. ``is_blank``: there are no data to measure the cost on, so it is no
    number, and that is no fault. ``ending``: why the run is finished at this moment, "" where it isn't.
    """

    cost: float
    metrics: Mapping[str, float]
    picture: Picture
    findings: tuple[Finding, ...] | None = None  # None: nothing has been measured that one could be about
    view: str = ""
    is_blank: bool = False
    ending: str = ""

    @property
    def can_be_shown(self) -> bool:
        """Whether it is a moment of a run, and not what is left of one that has diverged."""
        return self.is_blank or bool(np.isfinite(self.cost))


# (snapshot, arguments) -> a frozen answer; raises AnalysisError where there is none. It runs in the analyst's thread.
Question = Callable[[Any, Mapping[str, Any]], Any]


class BuildError(ValueError):
    """A run that can't be built from what was given; the message is one sentence that says what would be right."""


class AnalysisError(ValueError):
    """A question that has no answer here; the message is one sentence for the person who asked."""


class Observer(ABC):
    """Measures and pictures snapshots, in their order, in one thread, and keeps what it has seen of the run."""

    @abstractmethod
    def observe(self, snapshot: Any) -> Observation:
        """Measure and picture a snapshot, with all that the view of its settings shows."""

    def measure(self, snapshot: Any) -> Observation:
        """The same without what only a person would look at: for an epoch's end that nobody sees."""
        return self.observe(snapshot)

    def completed(self, observation: Observation, snapshot: Any) -> Observation:
        """The same with what is known of that moment by now, where more was measured of the run since."""
        return observation

    def view_of(self, snapshot: Any) -> str:
        """The view that observe() would measure this moment for; measure() may give less."""
        return ""

    @abstractmethod
    def curves(self, steps: Table, epochs: Table) -> Sequence[Curve]:
        """The cost plot's curves from the recorded tables, as they are up to the moment shown."""

    def clear(self) -> None:
        """Another run begins."""

    def state(self) -> Any:
        """All that restore() needs to go on from here; None where the observer keeps nothing."""
        return None

    def restore(self, state: Any) -> None:
        """Go back to what state() gave."""


class Experiment(ABC):
    """Built for its settings; ready to train at once, or after compile()."""

    counts_epochs: bool = True  # False where there is no data to pass over, and every step's cost is the exact one
    columns: int = 1  # costs recorded a step: one, or one a descent
    is_compiled: bool = True
    is_cacheable: bool = False  # whether it is worth keeping for when its settings come back
    looks_after_each_epoch: bool = False  # whether any epoch may turn out to be the last one
    shows_divergence: bool = False  # whether there is something to see of the moment in which a run diverged
    inherited: Sequence[int] | None = None  # which of the older one's columns inherit() took over; None for all
    notice: str = ""  # a sentence on what it is made from, where a person has to know
    observer: Observer
    settings: Any

    @property
    @abstractmethod
    def parameters(self) -> int:
        """How many numbers are learnt."""

    @property
    def steps_per_epoch(self) -> int:
        """1 where there is no data to pass over."""
        return 1

    @property
    @abstractmethod
    def length(self) -> int:
        """Steps after which the run is finished."""

    @property
    def waiting(self) -> str:
        """Why there is nothing to train on now, in a sentence; "" while there is."""
        return ""

    @property
    def analyses(self) -> Mapping[str, Question]:
        """What can be asked about a moment, by name."""
        return {}

    @property
    def actions(self) -> Mapping[str, Callable[[Any], None]]:
        """A person's interventions in the running training, taken between two advances, by name."""
        return {}

    def compile(self) -> None:
        """Compile what was left for later; may run in a builder's thread while moments are observed."""

    @abstractmethod
    def reset(self) -> None:
        """Back to the start of the run."""

    @abstractmethod
    def set_live(self, settings: Any) -> None:
        """Take over the live knobs of these settings; they act on the next step."""

    @abstractmethod
    def advance(self, steps: int) -> Advance:
        """Take between one and ``steps`` steps, as many as go into one call of the graph."""

    @abstractmethod
    def snapshot(self) -> Snapshot:
        """This moment."""

    @abstractmethod
    def learnt(self) -> Mapping[str, np.ndarray]:
        """What the steps have changed, by name: parameters, or positions; copies."""

    def renewal(self) -> Callable[[Any], Any]:
        """What makes of an older snapshot the same moment as it is to be seen now, in any thread."""
        settings = self.settings
        return lambda snapshot: replace(snapshot, settings=settings)

    def initial_costs(self) -> np.ndarray | None:
        """The costs (columns,) at the start, where they are as much part of the run as any other step's."""
        return None

    def learn(self, analysis: Analysis) -> None:
        """Take over what was answered of this run, for the moments that follow."""

    def goes_on_after(self, moved: Sequence[Knob]) -> bool:
        """Whether a finished run has a reason to go on since these knobs moved."""
        return False

    def judge_anew(self) -> None:
        """A person goes on after the end that was found: whether there is another one is judged from here on."""

    def inherit(self, older: Any) -> bool:
        """Go on from what an older experiment has learnt; False where that can't be."""
        return False

    def outcome(self, snapshot: Any) -> Mapping[str, Any]:
        """What the command line's JSON has beyond the common keys; it runs in the analyst's thread."""
        return {}

    @abstractmethod
    def state(self) -> Any:
        """All that the next step depends on, the settings included; the observer's state is its own."""

    @abstractmethod
    def restore(self, state: Any) -> None:
        """Go back to what state() gave: the steps from there are the same again, bit for bit."""
