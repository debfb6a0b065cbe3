"""LaneBook: all lanes of a page's sitting with their key states; the Recorder of the run that trains.

It is told by the Runner what happens, and says where any moment of any lane is replayed from. Serves the history.
"""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable
from typing import Any

from engine.backend import ownership
from engine.experiment import Experiment
from engine.history.keys import BUDGET, KeyState, KeyStates
from engine.history.lane_log import ACTIONS, LaneEvent, LaneLog, changes, differences, steering
from engine.history.recording_file import Book
from engine.history.replay import Looks, Replay, as_it_was, carry_out
from engine.lanes import Lane, MarkKind
from engine.run.history import RunState
from engine.run.recorder import Recorder
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State
from engine.scenes import heading, scenes

WORK_SECONDS = 1.0  # from its start on, after which a run has cost somebody's time; a drag starts over far more often
DRAG_SECONDS = 0.7  # between two moves of a hand that is still at the same thing
KEY_SHARE = 0.02  # of the training time that key states may take
SPIKE = 3.0  # times the cost measured before, from which on it is one
MOST_SPIKES = 200
COSTLIER = 1.5  # times: how fast the cost of a key state may be found to rise
MOST_LANES = 64  # the oldest that nobody branched from goes first


@ownership.owned
class LaneBook(Recorder):
    """See engine.run.recorder.Recorder. ``active`` is the lane that trains.

    Args:
        budget: bytes of key states.
        least_work: seconds that a run must have lasted to be kept when another one begins.
    """

    def __init__(
        self, budget: int = BUDGET, least_work: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.keys = KeyStates(budget)
        self.lanes: dict[int, LaneLog] = {}
        self.active: LaneLog | None = None
        self.when_left: Callable[[LaneLog], None] | None = None  # told of each lane that ends here, for now
        self._least_work, self._clock = WORK_SECONDS if least_work is None else least_work, clock
        self._numbers, self._styles = itertools.count(1), itertools.count(0)
        self._began = self._clock()
        self._hand = (float("-inf"), "")  # when it was last at what
        self._cost = float("inf")  # seconds that a key state takes
        self._due = 0.0  # seconds of the lane's training at which the next key state is taken
        self._base = 0.0  # the lane's seconds less the runner's
        self._deleted: dict[int, tuple[LaneLog, tuple[KeyState, ...]]] = {}

    # What the Runner tells

    def begins(self, runner: Runner) -> None:
        self.leave(runner)
        lane = self._open(runner.spec, runner)
        home = scenes().get(runner.spec.scene, runner.spec)
        lane.name = self._free_name(differences(home, runner.spec) or heading(runner.spec))
        self._pin(runner)

    def ends(self, runner: Runner) -> None:
        self.leave(runner)

    def advanced(self, runner: Runner) -> None:
        lane = self.active
        if lane is None:
            return
        self._note(runner)
        if runner.state is State.DIVERGED:
            lane.diverged_at = runner.step
        elif lane.seconds >= self._due or runner.state is State.FINISHED:
            began = time.perf_counter()
            self._keep(runner)
            took = time.perf_counter() - began
            self._cost = min(took, COSTLIER * self._cost)  # not what a busy machine makes of one
            self._due = lane.seconds + max(self.keys.interval, self._cost / KEY_SHARE)

    def moved(self, runner: Runner, before: RunSpec) -> None:
        if self.active is None or not steering(before, runner.spec):
            return
        text = changes(before, runner.spec)
        names = ",".join(knob.name for knob in steering(before, runner.spec))
        self._write(LaneEvent(runner.step, MarkKind.KNOB, text, runner.spec, continues=self._continues(names)))

    def acted(self, runner: Runner, name: str, payload: Any) -> None:
        if self.active is None:
            return
        text, continues = ACTIONS.get(name, name.replace("_", " ")), self._continues(name)
        self._write(LaneEvent(runner.step, MarkKind.ACTION, text, runner.spec, (name, payload), continues=continues))
        self._keep(runner, is_pinned=name in UNREPEATABLE)

    def went_on(self, runner: Runner) -> None:
        if self.active is not None:
            self.active.diverged_at = None
            self._write(LaneEvent(runner.step, MarkKind.ACTION, "went on", runner.spec, goes_on=True))

    def grew(self, runner: Runner, older: Runner) -> None:
        lane = self.active
        if lane is None:
            return
        self._base = lane.seconds - runner.pace.graph_seconds
        lane.epoch_steps, runner.lane = runner.experiment.steps_per_epoch, lane.number
        text = changes(older.spec, runner.spec) or "built anew"
        if runner.step == lane.fork and lane.parent is not None and not lane.is_named:
            lane.name = self._free_name(text)  # it was left for this
        self._write(LaneEvent(runner.step, MarkKind.GROWTH, text, runner.spec))
        self._pin(runner)

    # What the page does

    def leave(self, runner: Runner, needed: int | None = None) -> LaneLog | None:
        """The active lane ends here, for now; None where it took no work and nobody would miss it.

        ``needed``: the lane that another one is about to leave from, which stays however young it is.
        """
        lane = self.active
        if lane is None:
            return None
        self._note(runner)
        took_work = runner.step > 0 and self._clock() - self._began >= self._least_work
        if not took_work and not lane.is_named and lane.number != needed and not self._has_branches(lane):
            self.active = None
            self.lanes.pop(lane.number, None)
            self.keys.drop(lane.number)
            return None
        if runner.state not in (State.DIVERGED, State.FAILED):
            self._keep(runner)
        lane.end, self.active = runner.snapshot(), None
        self._forget_oldest()
        if self.when_left is not None:
            self.when_left(lane)
        return lane

    def resume(self, number: int, runner: Runner) -> None:
        """A lane goes on from its end, to which the runner has been restored."""
        lane = self.lanes[number]
        self._activate(lane, runner)
        lane.end = None

    def branch(self, number: int, step: int, runner: Runner) -> LaneLog:
        """Another lane leaves this one at a step, to which the runner has been brought."""
        parent = self.holder(number, step)
        key = self.keys.before(parent.number, step)
        lane = self._open(runner.spec, runner, parent=parent.number, fork=step)
        lane.seconds = key.seconds if key is not None else 0.0
        self._base = lane.seconds - runner.pace.graph_seconds
        lane.name = self._free_name(changes(parent.spec_at(step), runner.spec) or f"from step {step:,}")
        self._pin(runner)
        return lane

    def holder(self, number: int, step: int) -> LaneLog:
        """The lane that a moment of this one is kept with: a shared past is its parent's."""
        lane = self.lanes[number]
        while lane.parent is not None and step < lane.fork and lane.parent in self.lanes:
            lane = self.lanes[lane.parent]
        return lane

    def replay(
        self, number: int, step: int, experiment: Experiment, looks: Looks = as_it_was, older: Replay | None = None
    ) -> Replay | None:
        """What brings this experiment to a moment of a lane; None where there is no key state to begin with.

        It goes on from where an ``older`` replay has come to on this lane, if that is nearer.
        """
        lane = self.holder(number, step)
        if lane.diverged_at is not None and not experiment.shows_divergence:
            step = min(step, lane.diverged_at - 1)  # the last moment that can be seen
        key = self.keys.before(lane.number, step)
        if key is None:
            return None
        if older is not None and older.experiment is experiment and key.step <= older.step <= step:
            reached = older.here()
            key = reached if self.holder(number, older.step) is lane and reached.count >= key.count else key
        return Replay(experiment, key, lane.due(key.count, step), step, looks)

    def nearest(self, number: int, step: int) -> KeyState | None:
        """The key state nearest to a moment of a lane."""
        return self.keys.nearest(self.holder(number, step).number, step)

    def structure_at(self, number: int, step: int) -> RunSpec:
        """The spec in force at a moment of a lane."""
        return self.holder(number, step).spec_at(step)

    def bring(self, runner: Runner, number: int, step: int) -> None:
        """Bring a runner of the right structure to a moment of a lane, measured as it was then."""
        lane = self.holder(number, step)
        key = self.keys.before(lane.number, step)
        assert key is not None, "a lane has a key state at its start"
        recorder, runner.recorder = runner.recorder, Recorder()
        length, runner.length = runner.length, step + 1  # else its own end might come before
        try:
            runner.restore(key.state)
            runner.handle(Event.STEP)
            for event in (*lane.due(key.count, step), None):
                until = step if event is None else event.step
                while runner.step < until and runner.state in (State.PAUSED, State.RUNNING):
                    runner.advance(until - runner.step)
                if event is not None:
                    carry_out_in(runner, event)
        finally:
            runner.recorder, runner.length = recorder, length

    def rename(self, number: int, name: str) -> None:
        """What a person calls it."""
        if number in self.lanes and name.strip():
            self.lanes[number].name, self.lanes[number].is_named = name.strip(), True

    def show(self, number: int, is_shown: bool) -> None:
        """Whether it is drawn with the others."""
        if number in self.lanes:
            self.lanes[number].is_shown = is_shown

    def delete(self, number: int) -> bool:
        """Take a lane away, until restore(); False for the one that trains and one that others have left from."""
        lane = self.lanes.get(number)
        if lane is None or lane is self.active or self._has_branches(lane):
            return False
        self._deleted[number] = self.lanes.pop(number), self.keys.of(number)
        self.keys.drop(number)
        return True

    def restore(self, number: int) -> bool:
        """Bring back a deleted lane."""
        if number not in self._deleted:
            return False
        lane, keys = self._deleted.pop(number)
        self.lanes[number] = lane
        self.lanes = dict(sorted(self.lanes.items()))
        for key in keys:
            self.keys.add(number, key)
        return True

    def dump(self, runner: Runner, most_bytes: int) -> Book:
        """All lanes as they are now, without copies; key states beyond the bytes are left out evenly."""
        if self.active is not None:
            self._note(runner)
        share = min(1.0, most_bytes / max(1, self.keys.bytes))
        each = 1 if share == 1 else max(2, int(1 / share) + 1)
        found = []
        for number, lane in self.lanes.items():
            keys = self.keys.of(number)
            kept = tuple(key for at, key in enumerate(keys) if at % each == 0 or key.is_pinned or key is keys[-1])
            end = lane.end if lane.end is not None else runner.snapshot()
            found.append((dataclasses.replace(lane, events=list(lane.events), spikes=list(lane.spikes), end=end), kept))
        return Book(tuple(found), None if self.active is None else self.active.number)

    def adopt(self, book: Book) -> int | None:
        """Take over the lanes of another sitting, under other numbers; that of the one that was in front."""
        numbers = {lane.number: next(self._numbers) for lane, _ in book.lanes}
        for lane, keys in book.lanes:
            taken = dataclasses.replace(
                lane,
                number=numbers[lane.number],
                parent=None if lane.parent is None else numbers[lane.parent],
                style=next(self._styles),
                name=lane.name if lane.is_named else self._free_name(lane.name),
            )
            self.lanes[taken.number] = taken
            for key in keys:
                self.keys.add(taken.number, key)
        return None if book.active is None else numbers[book.active]

    def summary(self) -> tuple[Lane, ...]:
        """What a person sees, in the order in which they were begun."""
        return tuple(lane.lane(lane is self.active) for lane in self.lanes.values())

    def note(self, cost: float) -> None:
        """The cost that was measured last of the active lane."""
        lane = self.active
        if lane is None:
            return
        if lane.best > 0 and cost > SPIKE * max(lane.cost, lane.best) and lane.state == State.RUNNING:
            lane.spikes.append(lane.last_step)
            del lane.spikes[:-MOST_SPIKES]
        lane.cost = cost
        lane.best = cost if not lane.best <= cost else lane.best

    def _open(self, spec: RunSpec, runner: Runner, parent: int | None = None, fork: int = 0) -> LaneLog:
        lane = LaneLog(next(self._numbers), spec, next(self._styles), parent, fork)
        self.lanes[lane.number] = lane
        self._activate(lane, runner)
        return lane

    def _activate(self, lane: LaneLog, runner: Runner) -> None:
        self.active, runner.lane = lane, lane.number
        lane.epoch_steps = runner.experiment.steps_per_epoch
        self._began = self._clock() if lane.end is None and lane.parent is None else float("-inf")
        self._base = lane.seconds - runner.pace.graph_seconds
        self._due = lane.seconds
        self._hand = (float("-inf"), "")
        self._note(runner)

    def _note(self, runner: Runner) -> None:
        lane = self.active
        lane.seconds = self._base + runner.pace.graph_seconds
        lane.last_step, lane.state = runner.step, str(runner.state)

    def _write(self, event: LaneEvent) -> None:
        self.active.events.append(event)
        self.active.last_step = max(self.active.last_step, event.step)

    def _keep(self, runner: Runner, is_pinned: bool = False) -> None:
        lane = self.active
        state: RunState = runner.snapshot()
        self.keys.add(lane.number, KeyState(state, len(lane.events), lane.seconds, is_pinned))

    def _pin(self, runner: Runner) -> None:
        self._keep(runner, is_pinned=True)
        self._due = self.active.seconds + self.keys.interval

    def _continues(self, what: str) -> bool:
        (when, before), now = self._hand, self._clock()
        self._hand = (now, what)
        return before == what and now - when < DRAG_SECONDS

    def _has_branches(self, lane: LaneLog) -> bool:
        return any(other.parent == lane.number for other in self.lanes.values())

    def _free_name(self, name: str) -> str:
        taken = {lane.name for lane in self.lanes.values()}
        names = itertools.chain([name], (f"{name} ({number})" for number in itertools.count(2)))
        return next(free for free in names if free not in taken)

    def _forget_oldest(self) -> None:
        loose = [lane for lane in self.lanes.values() if lane is not self.active and not self._has_branches(lane)]
        for lane in loose[: max(0, len(self.lanes) - MOST_LANES)]:
            del self.lanes[lane.number]
            self.keys.drop(lane.number)


UNREPEATABLE = {"place"}  # on a slice that was worked out beside the run, and may be another one by now


def carry_out_in(runner: Runner, event: LaneEvent) -> None:
    """What a hand did, done to a run again."""
    if event.action is not None or event.goes_on:
        carry_out(runner.experiment, event)
    else:
        runner.set_spec(event.spec)
