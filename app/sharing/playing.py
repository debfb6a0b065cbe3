"""Playing: carries a run out in small portions, so that it can be watched, stopped and taken pictures of on the way.

Serves ``run`` and whatever else writes files of a whole run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Protocol

from engine.run.runner import Runner
from engine.run.states import Event, State


class Camera(Protocol):
    """Takes pictures of a run at planned shares (0..1) of it."""

    @property
    def done(self) -> float: ...

    def due(self, share: float) -> bool: ...

    def next_share(self) -> float: ...

    def skip(self, share: float) -> None: ...

    def capture(self, share: float) -> None: ...


def played(
    runner: Runner, portion: float, seconds: float | None = None, camera: Camera | None = None
) -> Iterator[float]:
    """Carry a run out to its end, or for so many seconds of training; after each portion the share that is done.

    ``portion`` is in seconds. The camera's moments come at the very steps, so that the same run gives the same
    pictures, unless the run's length is given in seconds. Whoever leaves off iterating leaves the run RUNNING.
    """
    runner.handle(Event.PLAY)
    while runner.state is State.RUNNING:
        share = share_done(runner, seconds)
        steps = None
        if camera is not None:
            if camera.due(share):
                camera.capture(share)
            if seconds is None:
                steps = max(1, math.ceil(camera.next_share() * runner.total) - runner.step)
        budget = portion if seconds is None else min(portion, seconds - runner.seconds)
        if budget <= 0:
            runner.handle(Event.FINISH)
            break
        runner.advance(steps, seconds=budget)
        yield share_done(runner, seconds)


def share_done(runner: Runner, seconds: float | None = None) -> float:
    """How much of a run is done, 0..1."""
    return min(1.0, runner.seconds / seconds if seconds else runner.step / runner.total)
