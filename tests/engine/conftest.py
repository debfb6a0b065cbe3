"""Runs that the engine's tests share: a scene is compiled and carried out once, however many tests look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

from engine.frames import Frame
from engine.runner import Runner
from engine.spec import resolve
from engine.states import Event, State


@dataclass(frozen=True)
class Finished:
    """What a run left behind. ``costs``: over all data, one an epoch; on a landscape one a step and runner."""

    state: State
    message: str
    steps: int
    costs: np.ndarray
    frame: Frame
    outcome: dict[str, Any]


@pytest.fixture(scope="session")
def finished() -> Iterator[Callable[..., Finished]]:
    """``finished(scene, **knobs)``: the scene with these knobs, carried out to its end.

    A regression's seed needs no new graph: its runs by several seeds are those of one runner.
    """
    kept: dict[Any, Runner] = {}

    @cache
    def carry_out(scene: str, **knobs: Any) -> Finished:
        spec = resolve(scene).with_knobs(knobs)
        is_reseeded = spec.experiment == "regression"
        key = (scene, str({name: value for name, value in knobs.items() if name != "seed"}))
        runner = kept.get(key) or Runner(spec)
        if is_reseeded:
            kept[key] = runner
            runner.set_spec(spec)
            runner.handle(Event.RESET)
        try:
            runner.handle(Event.PLAY)
            taken = runner.advance()
            steps, epochs = (tuple(np.array(part) for part in table) for table in runner.recorded())
            costs = steps[1] if runner.experiment.axis == "step" else epochs[1][:, 0]
            outcome = dict(runner.experiment.outcome())
            return Finished(runner.state, runner.message, taken, costs, runner.frame(), outcome)
        finally:
            if not is_reseeded:
                runner.close()

    yield carry_out
    for runner in kept.values():
        runner.close()


@pytest.fixture
def opened() -> Iterator[Callable[..., Runner]]:
    """``opened(scene, **knobs)``: a Runner that is ready, and closed after the test."""
    runners = []

    def open_runner(scene: str, **knobs: Any) -> Runner:
        runners.append(Runner(resolve(scene).with_knobs(knobs)))
        return runners[-1]

    yield open_runner
    for runner in runners:
        runner.close()
