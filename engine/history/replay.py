"""Replay: brings an experiment to a moment of the past, in portions, and puts the present back after each.

There is no second compiled network: the one that trains is borrowed between two advances. Serves the history.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from engine.experiment import EpochEnd, Experiment, Snapshot
from engine.history.keys import KeyState
from engine.history.lane_log import LaneEvent
from engine.knobs import changed, differing
from engine.lanes import MarkKind
from engine.run.spec import RunSpec

Looks = Callable[[RunSpec], RunSpec]

FIRST_STEPS = 64  # of a call, before the speed is known
LEAST_SECONDS = 0.002  # of a portion's time left for which another call is worth its cost


def as_it_was(spec: RunSpec) -> RunSpec:
    """Looked at as it was then."""
    return spec


class Replay:
    """From a key state, by the events that followed it, to ``target``; None goes on for as long as it is let.

    Args:
        experiment: the one that is borrowed, built for the key state's structural knobs.
        key: where it begins.
        events: what was done from there on, in order.
        target: the step that is looked for.
        looks: makes of the settings that were in force those that the moment is looked at with.

    ``step`` is how far it has got, ``costs`` (n, columns) those of the steps so far, ``ends`` the epochs' ends;
    ``message`` says why there is no next step.
    """

    def __init__(
        self,
        experiment: Experiment,
        key: KeyState,
        events: Sequence[LaneEvent],
        target: int | None = None,
        looks: Looks = as_it_was,
    ) -> None:
        self.experiment, self._events, self.target, self.looks = experiment, list(events), target, looks
        self.key = key
        self.step = key.step
        self.spec: RunSpec = key.state.spec
        self.state: Any = key.state.experiment
        self.costs: list[np.ndarray] = []
        self.ends: list[EpochEnd] = []
        self.message = ""
        self.snapshot: Snapshot | None = None
        self._speed = 0.0
        self._done = 0  # events that were carried out

    @property
    def is_done(self) -> bool:
        """Whether it is there."""
        return self.snapshot is not None and (self.step == self.target or bool(self.message))

    def work(self, seconds: float) -> bool:
        """Go on for about so long; whether it is there. ``snapshot`` is the moment that it has come to."""
        experiment, until = self.experiment, time.perf_counter() + seconds
        present = experiment.state()
        try:
            experiment.restore(self.state)
            self._go_on(until)
            self.state = experiment.state()
            experiment.set_live(self.looks(self.spec).settings)
            self.snapshot = experiment.snapshot()
        finally:
            experiment.restore(present)
        return self.is_done

    def here(self) -> KeyState:
        """The moment that it has come to, to go on from."""
        key = self.key
        state = dataclasses.replace(key.state, spec=self.spec, step=self.step, experiment=self.state)
        return KeyState(state, key.count + self._done, key.seconds)

    def steer(self, spec: RunSpec) -> None:
        """Have these settings in force from the next step on."""
        self._events.append(LaneEvent(self.step, MarkKind.KNOB, "", spec))

    def _go_on(self, until: float) -> None:
        is_first = True
        while not self.message:
            self._carry_out_events()
            left = self._most()
            if left == 0:
                return
            seconds = until - time.perf_counter()
            if seconds < LEAST_SECONDS and not is_first:
                return
            is_first = False
            steps = min(left, max(1, int(seconds * self._speed)) if self._speed else FIRST_STEPS)
            began = time.perf_counter()
            result = self.experiment.advance(steps)
            done = len(result.costs)
            self.step += done
            self.costs.append(result.costs)
            self.ends.extend(result.epochs)
            self.message = result.message
            if not done:  # it had found its end, and nobody let it go on
                self.message = result.ending or "This is the run's end."
                return
            self._speed = done / max(time.perf_counter() - began, 1e-6)

    def _most(self) -> int:
        """Steps to the next event, or to the target."""
        limits = [self._events[0].step - self.step] if self._events else []
        if self.target is not None:
            limits.append(self.target - self.step)
        return max(0, min(limits, default=1 << 16))

    def _carry_out_events(self) -> None:
        while self._events and self._events[0].step <= self.step:
            event = self._events.pop(0)
            self._done += 1
            carry_out(self.experiment, event)
            self.spec = event.spec


def with_looks_of(spec: RunSpec, present: RunSpec) -> RunSpec:
    """The same run, looked at as the present one is."""
    if type(spec.settings) is not type(present.settings):
        return spec
    moved = [knob for knob in differing(spec.settings, present.settings) if knob.live and not knob.steers]
    return msgspec.structs.replace(
        spec, settings=changed(spec.settings, {knob.name: getattr(present.settings, knob.name) for knob in moved})
    )


def carry_out(experiment: Experiment, event: LaneEvent) -> None:
    """What a hand did, done to an experiment again."""
    if event.goes_on:
        experiment.judge_anew()
    elif event.action is not None:
        name, payload = event.action
        experiment.actions[name](payload)
    else:
        experiment.set_live(event.spec.settings)
