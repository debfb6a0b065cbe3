"""What runs leave behind, each carried out once however many tests ask."""

from __future__ import annotations

from functools import cache
from typing import Any

from app.files.outputs import result
from engine.lecture import Asked
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State


def outcome_of(asked: Asked, scene: str) -> dict[str, Any]:
    """The outcome of the run that says what is asked (see the command ``run``'s JSON)."""
    return _carried_out(asked.spec(scene), asked.steps, asked.epochs)


@cache
def _carried_out(spec: RunSpec, steps: int, epochs: int) -> dict[str, Any]:
    runner = Runner(spec)
    try:
        first = runner.frame().cost
        if steps or epochs:
            runner.length = steps or epochs * runner.experiment.steps_per_epoch
        runner.handle(Event.PLAY)
        while runner.state is State.RUNNING:
            runner.advance(seconds=1.0)
        return result(runner, first)
    finally:
        runner.close()
