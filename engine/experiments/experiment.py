"""What every experiment offers to the Runner; the three that exist are the other files of this folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from engine.frames import Curve, Finding, Picture


@dataclass(frozen=True, eq=False)
class EpochEnd:
    """The moment after an epoch; ``measured``: its cost over all data belongs to the run's history."""

    step: int
    snapshot: Any
    measured: bool


@dataclass(frozen=True, eq=False)
class Advance:
    """What some steps brought: ``costs`` (done, columns); ``message`` says why there can be no next step.

    ``epochs``: each epoch's end among these steps.
    """

    costs: np.ndarray
    epochs: Sequence[EpochEnd] = ()
    message: str = ""


# (snapshot, arguments) -> a frozen answer; raises StudyError where there is none
Question = Callable[[Any, Mapping[str, Any]], Any]


class BuildError(ValueError):
    """A run that can't be built from what was given; the message is one sentence that says what would be right."""


class StudyError(ValueError):
    """A question that has no answer here; the message is one sentence for the person who asked."""


@dataclass(frozen=True, eq=False)
class Observation:
    """One moment, measured exactly: the cost over all data, the metrics, and what it looks like.

    ``is_blank``: there are no data to measure the cost on, so it is no number, and that is no fault.
    """

    cost: float
    metrics: Mapping[str, float]
    picture: Picture
    findings: tuple[Finding, ...] | None = None  # None: nothing has been measured that one could be about
    is_blank: bool = False

    @property
    def can_be_shown(self) -> bool:
        """Whether it is a moment of a run, and not what is left of one that has diverged."""
        return self.is_blank or bool(np.isfinite(self.cost))


class Experiment(Protocol):
    """Built and compiled for its settings; ``advance`` in one thread, ``observe`` of snapshots in another.

    One whose compilation is dear may have a method ``compile()`` for it, and can be observed before; and ``inherit``,
    which goes on from what an older experiment has learnt; ``keeps``, whether it is worth keeping for later; and
    ``measure(snapshot)``, which observes without what only a person would look at; ``waiting``, why there is nothing
    to train on now; ``news``, a sentence on what it is made from, where a person has to know; and
    ``goes_on_after(moved)``, whether a finished run has a reason to go on since knobs moved; and ``renewed(snapshot)``,
    the same moment to be seen as the settings are now.
    """

    axis: str  # what the cost plot counts: "epoch" or "step"
    columns: int  # costs recorded a step: one, or one a runner
    parameters: int
    steps_per_epoch: int  # 1 where there is no data to pass over
    length: int  # steps after which the run is finished
    studies: Mapping[str, Question]  # what can be asked about a moment, in a thread beside advance and observe
    touches: Mapping[str, Callable[[Any], None]]  # a person's hand in the running training, between two advances

    def reset(self) -> None: ...

    def set_live(self, settings: Any) -> None:
        """Take over the live knobs of these settings; they act on the next step."""

    def advance(self, steps: int) -> Advance:
        """Take between one and ``steps`` steps, as many as go into one call of the graph."""

    def snapshot(self) -> Any:
        """This moment, cheap to take and never changed afterwards."""

    def observe(self, snapshot: Any) -> Observation:
        """Measure and picture a snapshot; called in order, from one thread, which may not be advance's."""

    def curves(self, steps: tuple[np.ndarray, np.ndarray], epochs: tuple[np.ndarray, np.ndarray]) -> Sequence[Curve]:
        """The cost plot's curves from the recorded tables: x (n,), y (n, columns)."""

    def outcome(self) -> Mapping[str, Any]:
        """What the command line's JSON has beyond the common keys."""

    def state(self) -> Any: ...

    def restore(self, state: Any) -> None: ...
