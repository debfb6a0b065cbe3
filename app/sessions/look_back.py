"""LookBack: shows any moment of a page's past, in the engine's thread between two advances, while training goes on.

The nearest moment that is kept comes at once, the exact one as soon as it is replayed. A hand that moves a knob there
sees its ghost: the future that it would bring, for as long as it rests.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

import numpy as np
from PyQt5.QtCore import QObject, Qt, QTimer, pyqtSignal, pyqtSlot

from app.sessions.run_builder import first_line
from app.sessions.runner_cache import RunnerCache, key_of
from engine.frames import Analysis, Frame
from engine.history.keys import KeyState
from engine.history.lane_book import LaneBook
from engine.history.replay import Replay, with_looks_of
from engine.lanes import GHOST
from engine.run.observations import Past
from engine.run.runner import Runner
from engine.run.spec import RunSpec

PORTION_SECONDS = 0.03  # of replaying between two advances, which are short while somebody waits for a moment
GHOST_SECONDS = 0.015

log = logging.getLogger(__name__)

WithRunner = Callable[[Runner], None]


class LookBack(QObject):
    """What is looked at is told by ``look`` with a token, which comes back with each moment that was found for it."""

    moment_ready = pyqtSignal(object, object, bool, int)  # Frame, the RunSpec in force, whether it is only near; token
    ghost_ready = pyqtSignal(object, int)  # Frame of what a moved knob would bring; token
    preparing = pyqtSignal(bool)  # whether a network of then has to be built first
    analysis_ready = pyqtSignal(object)  # Analysis of the moment that is shown
    failed = pyqtSignal(str)
    _built = pyqtSignal(object)  # the builder's thread -> this one: Future

    def __init__(self, book: LaneBook, builder: Executor, cache: RunnerCache, parent: QObject) -> None:
        super().__init__(parent)
        self._book, self._builder, self._cache = book, builder, cache
        self._main: Runner | None = None  # the one that trains, which is borrowed
        self._spare: Runner | None = None  # of another structure
        self._building: RunSpec | None = None
        self._want: tuple[int, int, int] | None = None  # lane, step, token
        self._waits: tuple[int, int, WithRunner] | None = None  # lane, step, and what is done with a runner for it
        self._replay: Replay | None = None
        self._is_shown = False
        self._ghost: Replay | None = None
        self._ghost_spec: RunSpec | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._work)
        self._built.connect(self._take, Qt.QueuedConnection)

    @property
    def is_seeking(self) -> bool:
        """Whether a moment is being replayed that somebody waits for."""
        return self._want is not None and self._replay is not None and not self._is_shown

    def use(self, runner: Runner | None) -> None:
        """Another run trains from here on, or the same one from elsewhere."""
        self._main = runner
        self._forget()
        self._go_on()

    def stop(self) -> None:
        """Nothing is looked at any more."""
        self.leave()
        if self._spare is not None:
            self._spare.close(waits=False)
            self._spare = None
        self._main = None

    def with_runner(self, lane: int, step: int, work: WithRunner) -> None:
        """Do this with a compiled runner of the structure of a moment, as soon as there is one."""
        self._waits = (lane, step, work)
        self._go_on()

    @pyqtSlot(int, int, int)
    def look(self, lane: int, step: int, token: int) -> None:
        """Show this moment; a newer call overtakes an older one."""
        if lane not in self._book.lanes:
            return
        self._want, self._is_shown = (lane, step, token), False
        self._ghost = self._ghost_spec = None
        self._go_on()

    @pyqtSlot()
    def leave(self) -> None:
        """Back to the present."""
        self._want = self._ghost = self._ghost_spec = None
        self._timer.stop()
        self._replay = None

    @pyqtSlot()
    def look_again(self) -> None:
        """The same moment, looked at as the present is by now."""
        if self._want is not None:
            self._replay, self._is_shown = None, False
            self._go_on()

    @pyqtSlot(object)
    def haunt(self, spec: RunSpec) -> None:
        """Show what the moment would become with these settings; None takes the ghost away."""
        self._ghost, self._ghost_spec = None, spec
        if spec is not None and self._want is not None:
            self._timer.start()

    @pyqtSlot(str, object)
    def analyse(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Answer a question about the moment that is shown, in the background."""
        replay = self._replay
        if replay is not None and self._is_shown:
            runner = self._runner_of(replay)
            runner.request_analysis(name, arguments, self._answer, replay.snapshot)

    def _forget(self) -> None:
        self._replay = self._ghost = None
        self._is_shown = False

    def _go_on(self) -> None:
        """What is wanted can be begun, or has to be built first."""
        if self._waits is not None:
            lane, step, work = self._waits
            runner = self._fitting(lane, step)
            if runner is None:
                return
            self._waits = None
            if runner is self._spare:
                self._spare = None
                self._forget()
            work(runner)
        if self._want is None:
            return
        lane, step, _ = self._want
        if lane not in self._book.lanes:
            self.leave()
            self.failed.emit("That run was too short to be kept.")
            return
        runner = self._fitting(lane, step)
        if runner is None:
            return
        main = self._main
        looks = partial(with_looks_of, present=main.spec if main is not None else runner.spec)
        replay = self._book.replay(lane, step, runner.experiment, looks, self._replay)
        if replay is None:
            return
        self._replay = replay
        found = (self._book.nearest(lane, step), replay.key)
        near = min((key for key in found if key is not None), key=lambda key: abs(key.step - replay.target))
        if near.step != replay.target:
            self._show_key(runner, near)
        self._timer.start()

    def _fitting(self, lane: int, step: int) -> Runner | None:
        """A compiled runner of that moment's structure; None, and one is being built, where there isn't any.

        Of a run that was too short to be kept, the one that trains.
        """
        if lane not in self._book.lanes:
            return self._main if self._main is not None and self._main.is_compiled else None
        spec = self._book.structure_at(lane, step)
        wanted = key_of(spec)
        for runner in (self._main, self._spare):
            if runner is not None and runner.is_compiled and key_of(runner.spec) == wanted:
                return runner
        if self._main is not None and key_of(self._main.spec) == wanted:
            return None  # it is being compiled: use() comes again
        kept = self._cache.take(spec)
        if kept is not None:
            kept.reuse(spec, kept.run)
            self._put_away()
            self._spare = kept
            return kept
        if self._building is None or key_of(self._building) != wanted:
            self._building = spec
            self.preparing.emit(True)
            try:
                self._builder.submit(Runner, spec).add_done_callback(self._built.emit)
            except RuntimeError:  # the window closes
                self._building = None
        return None

    @pyqtSlot(object)
    def _take(self, future: Future[Runner]) -> None:
        error, self._building = future.exception(), None
        self.preparing.emit(False)
        if error is not None:
            log.error("the network of a past moment can't be built", exc_info=error)
            self._want = self._waits = None
            self.failed.emit(f"This moment can't be shown: {first_line(error)}")
            return
        self._put_away()
        self._spare = future.result()
        self._go_on()

    def _put_away(self) -> None:
        if self._spare is not None:
            self._cache.put(self._spare)
            self._spare = None
            self._forget()

    @pyqtSlot()
    def _work(self) -> None:
        try:
            self._work_on()
        except Exception as error:
            log.exception("a past moment can't be replayed")
            self.leave()
            self.failed.emit(f"This moment can't be shown: {first_line(error)}")

    def _work_on(self) -> None:
        replay = self._replay
        if replay is None or self._want is None:
            self._timer.stop()
        elif not self._is_shown:
            if replay.work(PORTION_SECONDS):
                self._is_shown = True
                self._show(replay)
        elif self._ghost_spec is None:
            self._timer.stop()
        elif key_of(self._ghost_spec) != key_of(replay.spec):
            self._timer.stop()  # another network: what it would become isn't known before it is built
        else:
            self._haunt(replay)

    def _haunt(self, replay: Replay) -> None:
        if self._ghost is None:
            self._ghost = Replay(replay.experiment, replay.here(), (), None, replay.looks)
            self._ghost.steer(self._ghost_spec)
        lane, step, token = self._want
        ghost, until = self._ghost, max(self._book.lanes[lane].last_step, 2 * step)
        if ghost.step >= until or ghost.message:
            self._timer.stop()
        ghost.target = until
        ghost.work(GHOST_SECONDS)
        runner = self._runner_of(ghost)
        end = self._end_of(lane, runner) or runner.snapshot()
        x, y = end.history.x, end.history.y
        per_epoch = runner.experiment.steps_per_epoch
        rows = int(np.searchsorted(x, step / per_epoch, side="right"))
        costs = np.concatenate([y[rows - 1 : rows], *ghost.costs])
        ahead = (step + np.arange(len(costs))) / per_epoch
        finite = np.isfinite(costs).all(axis=1)
        past = Past(ghost.snapshot, replay.key.state.observed, steps=(ahead[finite], costs[finite]))
        runner.request_past(past, lambda frame: self._send_ghost(frame, token), GHOST, self._run())

    def _show_key(self, runner: Runner, key: KeyState) -> None:
        replay = Replay(runner.experiment, key, (), key.step, self._replay.looks)
        replay.work(0.0)
        self._show(replay, is_near=True)

    def _show(self, replay: Replay, is_near: bool = False) -> None:
        lane, _, token = self._want
        runner = self._runner_of(replay)
        past = Past(replay.snapshot, replay.key.state.observed, self._end_of(lane, runner))
        send = partial(self._send, spec=replay.spec, is_near=is_near, token=token)
        runner.request_past(past, send, lane, self._run())

    def _runner_of(self, replay: Replay) -> Runner:
        is_main = self._main is not None and replay.experiment is self._main.experiment
        return self._main if is_main else self._spare

    def _end_of(self, lane: int, runner: Runner):
        """Where the lane's history is, if it isn't the runner's own."""
        if self._book.active is None or self._book.active.number != lane:
            return self._book.lanes[lane].end
        return None if runner is self._main else self._main.snapshot()

    def _run(self) -> int:
        return -1 if self._main is None else self._main.run

    # Called in the analyst's and the observer's threads, in which signals may be emitted

    def _answer(self, analysis: Analysis) -> None:
        self.analysis_ready.emit(dataclasses.replace(analysis, run=self._run()))

    def _send(self, frame: Frame | None, spec: RunSpec, is_near: bool, token: int) -> None:
        if frame is not None:
            self.moment_ready.emit(frame, spec, is_near, token)

    def _send_ghost(self, frame: Frame | None, token: int) -> None:
        if frame is not None:
            self.ghost_ready.emit(dataclasses.replace(frame, lane=GHOST), token)
