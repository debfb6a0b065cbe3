"""Runs that the engine's tests share: a scene is compiled and carried out once, however many tests look at it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

from engine.frames import Frame
from engine.knobs import knobs_of
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State
from engine.scenes import resolve


@dataclass(frozen=True)
class Finished:
    """What a run left behind. ``costs``: over all data, one an epoch; on a landscape one a step and runner."""

    state: State
    message: str
    steps: int
    costs: np.ndarray
    frame: Frame
    outcome: dict[str, Any]


class Compiled:
    """Compiled runs that no test uses just now: the next one whose knobs differ in live ones only begins with its own.

    As the window does it, by Runner.reuse(). What a test closes, or takes apart, it opens for itself.
    """

    MOST_KEPT = 16

    def __init__(self) -> None:
        self._runners: OrderedDict[Any, Runner] = OrderedDict()

    def take(self, spec: RunSpec) -> Runner:
        """A run of this spec at its start."""
        runner = self._runners.pop(_structure(spec), None)
        if runner is None:
            return Runner(spec)
        runner.reuse(spec, run=0)
        return runner

    def give_back(self, runner: Runner) -> None:
        key = _structure(runner.spec)
        if key in self._runners:
            runner.close()
            return
        self._runners[key] = runner
        if len(self._runners) > self.MOST_KEPT:
            self._runners.popitem(last=False)[1].close()

    def close(self) -> None:
        while self._runners:
            self._runners.popitem()[1].close()


def _structure(spec: RunSpec) -> tuple[Any, ...]:
    """What a run's graph depends on."""
    knobs = knobs_of(type(spec.settings))
    return spec.experiment, *(getattr(spec.settings, knob.name) for knob in knobs if not knob.live)


@pytest.fixture(scope="session")
def compiled() -> Iterator[Compiled]:
    runners = Compiled()
    yield runners
    runners.close()


@pytest.fixture(scope="session")
def finished(compiled: Compiled) -> Callable[..., Finished]:
    """``finished(scene, **knobs)``: the scene with these knobs, carried out to its end."""

    @cache
    def carry_out(scene: str, **knobs: Any) -> Finished:
        runner = compiled.take(resolve(scene).with_knobs(knobs))
        runner.handle(Event.PLAY)
        taken = runner.advance()
        steps, epochs = (tuple(np.array(part) for part in table) for table in runner.recorded())
        costs = epochs[1][:, 0] if runner.experiment.counts_epochs else steps[1]
        outcome = dict(runner.outcome())
        done = Finished(runner.state, runner.message, taken, costs, runner.frame(), outcome)
        compiled.give_back(runner)
        return done

    return carry_out


@pytest.fixture
def opened(compiled: Compiled) -> Iterator[Callable[..., Runner]]:
    """``opened(scene, **knobs)``: a run of a scene, or a spec, that is ready, until the end of the test."""
    runners = []

    def open_runner(scene: str | RunSpec, **knobs: Any) -> Runner:
        spec = resolve(scene) if isinstance(scene, str) else scene
        runners.append(compiled.take(spec.with_knobs(knobs)))
        return runners[-1]

    yield open_runner
    for runner in runners:
        compiled.give_back(runner)
