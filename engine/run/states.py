"""The states of a run, written as one table: an event that the table doesn't have is refused, never half done."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    LOADING = "loading"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    DIVERGED = "diverged"
    FAILED = "failed"


class Event(StrEnum):
    LOADED = "loaded"
    PLAY = "play"
    PAUSE = "pause"
    STEP = "step"
    RESET = "reset"
    FINISH = "finish"
    DIVERGE = "diverge"
    FAIL = "fail"
    EXTEND = "extend"  # the length was raised: a finished run can go on


TABLE: dict[tuple[State, Event], State] = {
    (State.LOADING, Event.LOADED): State.READY,
    (State.READY, Event.PLAY): State.RUNNING,
    (State.READY, Event.STEP): State.PAUSED,
    (State.PAUSED, Event.PLAY): State.RUNNING,
    (State.PAUSED, Event.STEP): State.PAUSED,
    (State.RUNNING, Event.PAUSE): State.PAUSED,
    (State.RUNNING, Event.STEP): State.PAUSED,
    (State.RUNNING, Event.FINISH): State.FINISHED,
    (State.PAUSED, Event.FINISH): State.FINISHED,
    (State.FINISHED, Event.EXTEND): State.PAUSED,
    **{(state, Event.RESET): State.READY for state in State if state is not State.LOADING},
    **{(state, Event.DIVERGE): State.DIVERGED for state in (State.READY, State.RUNNING, State.PAUSED)},
    **{(state, Event.FAIL): State.FAILED for state in State},
}


def after(state: State, event: Event) -> State | None:
    """The state that follows, or None where the event is refused."""
    return TABLE.get((state, event))
