"""LaneDesk: a page's LaneBook for the window: who trains on which lane, what a person does with lanes, what they see.

Lives in the engine's thread, beside the host. A run that took work is never lost: its lane stays, and can be gone on.
"""

from __future__ import annotations

import math
from collections import deque
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from PyQt5.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from app.files.outputs import result
from app.sessions.run_builder import Order
from app.sessions.runner_cache import key_of
from app.sessions.seed_runs import SeedRuns
from engine.frames import Frame
from engine.history.lane_book import LaneBook
from engine.history.lane_log import LaneLog
from engine.history.recording_file import Book
from engine.lanes import Lane
from engine.run.history import RunState
from engine.run.recorder import Recorder
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State

INTERVAL_MILLISECONDS = 200  # between two looks of the window at the lanes of a run that goes on


@dataclass(frozen=True, eq=False)
class Offer:
    """A lane that was left, which can be gone back to."""

    lane: int
    spec: RunSpec
    step: int


class LaneDesk(QObject):
    """``lanes_changed`` comes at most a few times a second."""

    lanes_changed = pyqtSignal(object)  # tuple[Lane, ...]
    offered = pyqtSignal(object, bool)  # Offer, or None; whether that lane was left just now by a deed
    dumped = pyqtSignal(object, int)  # Book, and the token with which it was asked for
    reported = pyqtSignal(object, int)  # what the run that trains has come to (see app.files.outputs.result); token
    seed_ready = pyqtSignal(object)  # the last Frame of a run from another seed
    adopted = pyqtSignal(int, int)  # the lane that was in front of a recording; the run that shows it
    deleted = pyqtSignal(int, str)  # a lane that restore() brings back, and its name

    def __init__(self, builder: Executor, parent: QObject) -> None:
        super().__init__(parent)
        self.book = LaneBook()
        self.book.when_left = self._on_left
        self._offers: deque[int] = deque()
        self._is_going_back = False
        self._runner: Runner | None = None  # the one that trains
        self._shown: tuple[Lane, ...] = ()
        self.seeds = SeedRuns(builder, self)
        self.seeds.ready.connect(self._take_seed)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(INTERVAL_MILLISECONDS)
        self._soon.timeout.connect(self._tell)

    def change(self) -> None:
        """Something is otherwise: the window is told soon."""
        if not self._soon.isActive():
            self._soon.start()

    def stop(self) -> None:
        """The window closes."""
        self._soon.stop()
        self.seeds.stop()

    def leave(self, runner: Runner, needed: int | None = None) -> None:
        """The run that trains is left, for a moment of another lane that the person has chosen."""
        self._is_going_back = True
        self.book.leave(runner, needed)
        self._is_going_back = False

    def hand_over(self, order: Order, older: Runner | None, runner: Runner) -> None:
        """A run takes the place of the older one, on the lane that the order says; the runner is compiled."""
        if older is not None:
            self._is_going_back = order.lane is not None
            self.book.leave(older, needed=order.lane)
            self._is_going_back = False
            older.recorder = Recorder()
        self._runner, runner.run, book = runner, order.run, self.book
        if order.lane not in book.lanes:
            if order.lane is not None:  # it was too young to be kept when another took its place: it begins anew
                runner.recorder = Recorder()
                runner.handle(Event.RESET)
                if key_of(order.spec) == key_of(runner.spec):
                    runner.set_spec(order.spec)
            runner.recorder = book
            book.begins(runner)
        elif order.fork is None:
            runner.recorder = Recorder()
            runner.restore(book.lanes[order.lane].end)
            runner.handle(Event.PAUSE)
            book.resume(order.lane, runner)
            self._forget_offer(order.lane)
        else:
            runner.recorder = Recorder()
            book.bring(runner, order.lane, order.fork)
            if key_of(order.spec) == key_of(runner.spec):  # else it's for the network that is built next
                runner.set_spec(order.spec)
            book.branch(order.lane, order.fork, runner)
        runner.recorder = book
        self.change()

    def end_of(self, lane: int) -> RunState | None:
        """The last moment of a lane that doesn't train; None where there is no such lane."""
        return self.book.lanes[lane].end if lane in self.book.lanes else None

    def note(self, cost: float) -> None:
        """The cost that was measured last."""
        self.book.note(cost)
        self.change()

    def newest(self) -> Offer | None:
        """What is offered now, or nothing."""
        while self._offers:
            lane = self.book.lanes.get(self._offers[0])
            if lane is not None and lane.end is not None:
                return Offer(lane.number, lane.end.spec, lane.end.step)
            self._offers.popleft()
        return None

    @pyqtSlot(int, str)
    def rename(self, lane: int, name: str) -> None:
        """What a person calls it."""
        self.book.rename(lane, name)
        self._tell()

    @pyqtSlot(int, bool)
    def show(self, lane: int, is_shown: bool) -> None:
        """Whether it is drawn with the others."""
        self.book.show(lane, is_shown)
        self._tell()

    @pyqtSlot(int)
    def delete(self, lane: int) -> None:
        """Take a lane away; said by ``deleted``, which doesn't come where it can't be."""
        name = self.book.lanes[lane].name if lane in self.book.lanes else ""
        if self.book.delete(lane):
            self.deleted.emit(lane, name)
        self._tell()

    @pyqtSlot(int)
    def restore(self, lane: int) -> None:
        """Bring back a deleted lane."""
        self.book.restore(lane)
        self._tell()

    @pyqtSlot(int, int)
    def dump(self, most_bytes: int, token: int) -> None:
        """Say by ``dumped`` what the lanes are now."""
        runner = self._runner
        self.dumped.emit(Book(()) if runner is None else self.book.dump(runner, most_bytes), token)

    @pyqtSlot(int)
    def report(self, token: int) -> None:
        """Say by ``reported`` what the run that trains has come to; its first cost is not known any more."""
        if self._runner is not None:
            self.reported.emit(result(self._runner, math.nan), token)

    @pyqtSlot(object, int)
    def adopt(self, book: Book, run: int) -> None:
        """Take over the lanes of a recording; ``adopted`` says which one was in front."""
        front = self.book.adopt(book)
        self.change()
        if front is not None:
            self.adopted.emit(front, run)

    @pyqtSlot(int)
    def run_seeds(self, count: int) -> None:
        """Have the setting that trains carried out from other seeds, for as many steps as it has got to."""
        if self._runner is not None:
            self.seeds.begin(self._runner.spec, count, self._runner.step or self._runner.total)

    @pyqtSlot(object, object)
    def _take_seed(self, book: Book, frame: Frame) -> None:
        front = self.book.adopt(replace(book, active=book.lanes[0][0].number))
        self.seed_ready.emit(replace(frame, lane=front))
        self._tell()

    def _on_left(self, lane: LaneLog) -> None:
        if lane.end.state in (State.DIVERGED, State.FAILED):  # nothing in it to go on with; the list has it
            return
        if self._is_going_back:  # so that one call after the other comes to them all, and in the end back
            self._offers.append(lane.number)
        else:
            self._offers.appendleft(lane.number)
        self.offered.emit(self.newest(), not self._is_going_back)

    def _forget_offer(self, lane: int) -> None:
        self._offers = deque(number for number in self._offers if number != lane)
        self.offered.emit(self.newest(), False)

    @pyqtSlot()
    def _tell(self) -> None:
        self._soon.stop()
        lanes = self.book.summary()
        if lanes != self._shown:
            self._shown = lanes
            self.lanes_changed.emit(lanes)
