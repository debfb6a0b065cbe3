"""Observations: the queue of a run's moments that are measured and pictured, in their order, in a thread of their own.

Everything that belongs to that thread is in the worker: the experiment's observer, the costs of the epochs, the newest
moment. The training thread hands snapshots over and gets futures back; it waits for one only where it says for how
long. Station of the loop: the runner, beside it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.backend import ownership
from engine.backend.priority import lower_priority
from engine.experiment import Experiment, Observation, Snapshot, Table
from engine.frames import Frame
from engine.run.recording import Series

MOST_PENDING = 3  # epochs' ends that may wait to be measured
LONG_MEASURE = 0.03  # seconds; where a moment takes longer only one waits: a view that is asked for comes after it

Watch = Callable[[Frame | None], None]
Work = Callable[["Worker"], Any]  # something to be done in the observer's thread


@dataclass(frozen=True)
class Heading:
    """What a frame says of its run beside the moment itself."""

    run: int
    experiment: str
    axis: str
    parameters: int
    steps_per_epoch: int
    generation: int
    lane: int = 0

    @classmethod
    def of(cls, experiment: Experiment, run: int, name: str, generation: int, lane: int) -> Heading:
        """Of a run of the experiment by this name."""
        axis = "epoch" if experiment.counts_epochs else "step"
        return cls(run, name, axis, experiment.parameters, experiment.steps_per_epoch, generation, lane)


@dataclass(frozen=True, eq=False)
class Past:
    """A moment of the past to be shown: its snapshot, and what had been observed by the key state before it.

    ``end``: the RunState at the end of its lane, for the curves, where that isn't the one that trains. ``steps``: the
    (epoch, costs) of a future that is only tried, which has no epochs' costs.
    """

    snapshot: Snapshot
    observed: Future[Any]
    end: Any = None
    steps: Table | None = None


@ownership.owned
class Worker:
    """What belongs to the observer's thread: every method runs there."""

    def __init__(self, experiment: Experiment) -> None:
        self._observer = experiment.observer
        self._epochs = Series(1)
        self._newest: tuple[Snapshot, Observation] | None = None

    def clear(self) -> None:
        """Another run begins."""
        self._observer.clear()
        self._epochs.clear()
        self._newest = None

    def observe(self, snapshot: Snapshot) -> tuple[Observation, float] | None:
        """Measure and picture a moment; how many seconds it took. None where it is the newest already."""
        newest = self._newest
        if newest is not None and newest[0] is snapshot and newest[1].view == self._observer.view_of(snapshot):
            return None
        began = time.perf_counter()
        observation = self._observer.observe(snapshot)
        self._keep(snapshot, observation)
        return observation, time.perf_counter() - began

    def end_epoch(self, snapshot: Snapshot, epoch: int) -> tuple[Observation, float]:
        """Measure the moment after an epoch, whose cost is part of the history."""
        began = time.perf_counter()
        observation = self._observer.measure(snapshot)
        if np.isfinite(observation.cost):
            self._epochs.append(np.array([epoch]), np.array([observation.cost]))
        self._keep(snapshot, observation)
        return observation, time.perf_counter() - began

    def look_again(self, renewal: Callable[[Any], Any]) -> tuple[Observation, float] | None:
        """Measure the newest moment that could be shown once more, as it is to be seen now."""
        return None if self._newest is None else self.observe(renewal(self._newest[0]))

    def frame(self, heading: Heading, steps: Table, pace: float) -> Frame | None:
        """The newest moment with the history up to it; None before there is one."""
        if self._newest is None:
            return None
        return self._frame(*self._newest, heading, steps, self._epochs.view(), pace)

    def past_frame(self, past: Past, heading: Heading, steps: Table) -> Frame | None:
        """A moment of the past, measured as it was seen then; what is kept of the present stays as it is.

        ``steps`` is the present's history; where ``past`` is of another lane, it brings its own.
        """
        present, epochs = self._observer.state(), self._epochs.view()
        try:
            self._observer.restore(past.observed.result()[0])
            observation = self._observer.observe(past.snapshot)
            self._observer.restore(present)
            if past.end is not None:
                observer, own_epochs = past.end.observed.result()
                self._observer.restore(observer)
                steps, epochs = (past.end.history.x, past.end.history.y), (own_epochs.x, own_epochs.y)
            if past.steps is None:
                observation = self._observer.completed(observation, past.snapshot)
            if past.steps is not None:
                steps, epochs = past.steps, (epochs[0][:0], epochs[1][:0])
            return self._frame(past.snapshot, observation, heading, steps, epochs, 0.0)
        finally:
            self._observer.restore(present)

    def _frame(
        self, snapshot: Snapshot, observation: Observation, heading: Heading, steps: Table, epochs: Table, pace: float
    ) -> Frame:
        until = snapshot.step / heading.steps_per_epoch
        curves = self._observer.curves(_up_to(until, steps), _up_to(until, epochs))
        return Frame(
            run=heading.run,
            experiment=heading.experiment,
            step=snapshot.step,
            epoch=snapshot.step // heading.steps_per_epoch,
            cost=observation.cost,
            metrics=MappingProxyType(dict(observation.metrics)),
            axis=heading.axis,
            curves=tuple(curves),
            picture=observation.picture,
            parameters=heading.parameters,
            steps_per_second=pace,
            findings=observation.findings,
            view=observation.view,
            generation=heading.generation,
            lane=heading.lane,
        )

    def epochs(self) -> Table:
        """The epochs so far and the cost over all data after each."""
        return self._epochs.view()

    def epochs_state(self) -> Any:
        """The costs of the epochs, for a run that goes on with them."""
        return self._epochs.state()

    def state(self) -> Any:
        """All that restore() needs to go on from here."""
        return self._observer.state(), self._epochs.state()

    def restore(self, state: Any) -> None:
        """Go back to what state() gave; the newest moment is one that comes."""
        observer, epochs = state
        self._observer.restore(observer)
        self._epochs.restore(epochs)
        self._newest = None

    def inherit(self, epochs: Any) -> None:
        """Go on with the costs of another run's epochs."""
        self._epochs.restore(epochs)

    def _keep(self, snapshot: Snapshot, observation: Observation) -> None:
        if observation.can_be_shown or self._newest is None:  # what is left of a diverged run can't be shown
            self._newest = snapshot, observation


@ownership.owned
class Observations:
    """The training thread's end of the queue."""

    def __init__(self, experiment: Experiment) -> None:
        self._executor = ThreadPoolExecutor(1, "observer", initializer=lower_priority)
        self._worker = Worker(experiment)
        self._ends: deque[Future[tuple[Observation, float]]] = deque()  # epochs' ends to be measured
        self._moments: deque[Future[Any]] = deque()  # other moments
        self._shown: tuple[Future[Any], Work | None] | None = None  # the newest of show(), and what it measures
        self._past: Future[None] | None = None  # the newest of show_past()
        self._has_heir = False  # another run goes on with the history: it has to be finished
        self.seconds = 0.0  # that a moment takes

    def clear(self) -> None:
        """Another run begins: what waits is dropped, what is being measured is the last of the old one."""
        for future in (*self._ends, *self._moments):
            future.cancel()
        self._ends.clear()
        self._moments.clear()
        self._executor.submit(self._worker.clear)

    def measure(self, work: Work) -> None:
        """Have a moment measured."""
        self._moments.append(self._executor.submit(work, self._worker))

    def end_epoch(self, snapshot: Snapshot, epoch: int) -> Future[tuple[Observation, float]]:
        """Have the end of an epoch measured for the history."""
        future = self._executor.submit(self._worker.end_epoch, snapshot, epoch)
        self._ends.append(future)
        return future

    def show(
        self, work: Work | None, watch: Watch, heading: Heading, steps: Table, pace: float, only_newest: bool = False
    ) -> None:
        """Have a moment measured by ``work``, or the newest one as it is, and given to ``watch`` as a frame.

        ``watch`` is called once in any case, in the observer's thread: with None where there is nothing that can be
        shown, or where the run is closed before. With ``only_newest`` this takes the place of an older one that has not
        been begun.
        """
        if only_newest and self._shown is not None and self._shown[0].cancel():
            work = work or self._shown[1]

        def give() -> Any:
            frame = measured = None
            try:
                measured = work(self._worker) if work is not None else None
                frame = self._worker.frame(heading, steps, pace)
            finally:
                watch(frame)
            return measured

        def say_if_dropped(future: Future[Any]) -> None:
            if future.cancelled():
                watch(None)

        shown = self._executor.submit(give)
        shown.add_done_callback(say_if_dropped)
        self._moments.append(shown)
        self._shown = (shown, work) if only_newest else None

    def show_past(self, past: Past, watch: Watch, heading: Heading, steps: Table) -> None:
        """Have a moment of the past measured for ``watch``; it takes the place of an older one that was not begun.

        ``watch`` is called in the observer's thread, with None where nothing comes of it.
        """
        if self._past is not None:
            self._past.cancel()

        def give() -> None:
            frame = None
            try:
                frame = self._worker.past_frame(past, heading, steps)
            finally:
                watch(frame)

        self._past = self._executor.submit(give)
        self._past.add_done_callback(lambda future: watch(None) if future.cancelled() else None)

    def call(self, work: Callable[[Worker], Any]) -> Any:
        """What ``work`` makes of the worker, after all that was handed over; waits for it."""
        return self._executor.submit(work, self._worker).result()

    def waiting(self) -> int:
        """How many moments that are no epochs' ends are still to be measured or shown."""
        self._collect()
        return len(self._moments)

    def is_behind(self) -> bool:
        """Whether so many epochs' ends wait that no more should come."""
        self._collect()
        return len(self._ends) > (MOST_PENDING if self.seconds < LONG_MEASURE else 1)

    def catch_up(self, seconds: float) -> bool:
        """Wait for the oldest epochs' ends, for so long at most; whether they aren't behind any more."""
        until = time.perf_counter() + seconds
        while self.is_behind():
            left = until - time.perf_counter()
            if left <= 0:
                return False
            wait([self._ends[0]], None if left == float("inf") else left)
        return True

    def finish(self, seconds: float) -> None:
        """Wait until everything is measured and shown, for so long at most."""
        wait([*self._ends, *self._moments], seconds)
        self._collect()

    def drop_moments(self) -> None:
        """Forget what waits to be measured for the display; an epoch's end is part of the history and stays."""
        self._moments = deque(future for future in list(self._moments) if not future.cancel())

    def inherit(self, older: Observations) -> None:
        """Begin with the costs of another run's epochs, those included that it is measuring still."""
        older._has_heir = True
        epochs = older._executor.submit(older._worker.epochs_state)
        self._executor.submit(lambda: self._worker.inherit(epochs.result()))

    def state(self) -> Future[Any]:
        """All that restore() needs to go on from here, once everything before it is measured; nobody waits for it."""
        self._has_heir = True
        return self._executor.submit(self._worker.state)

    def restore(self, state: Future[Any]) -> None:
        """Go back to what state() will have given, of this run or of another one."""
        self._executor.submit(lambda: self._worker.restore(state.result()))

    def close(self, waits: bool) -> None:
        """End the thread; what waits is dropped, but for a history that another run goes on with."""
        self.drop_moments()
        self._executor.shutdown(wait=waits, cancel_futures=not self._has_heir)

    @ownership.any_thread
    def join(self) -> None:
        """Wait until the closed thread has ended."""
        self._executor.shutdown(wait=True)

    def _collect(self) -> None:
        for futures in (self._ends, self._moments):
            while futures and futures[0].done():
                self._take(futures.popleft())

    def _take(self, future: Future[Any]) -> None:
        try:
            measured = future.result()
        except CancelledError:
            return
        if measured is not None:
            self.seconds += 0.2 * (measured[1] - self.seconds)


def _up_to(until: float, table: Table) -> Table:
    """The rows whose x is at most ``until``."""
    x, y = table
    rows = int(np.searchsorted(x, until, side="right"))
    return x[:rows], y[:rows]
