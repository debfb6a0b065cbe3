"""SeedRuns: the same setting from several other seeds, in the background, each a lane of its own. Serves the host."""

from __future__ import annotations

import logging
from concurrent.futures import Executor, Future

from PyQt5.QtCore import QObject, Qt, pyqtSignal, pyqtSlot

from app.sessions.run_builder import first_line
from engine.frames import Frame
from engine.history.lane_book import LaneBook
from engine.history.recording_file import Book
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State

PORTION_SECONDS = 0.2  # between two looks at whether anybody still wants them
MOST_BYTES = 4_000_000  # of key states a run

log = logging.getLogger(__name__)


class SeedRuns(QObject):
    """Lives in the engine's thread; the runs are carried out in the builders', one after the other."""

    ready = pyqtSignal(object, object)  # Book of one run, and its last Frame
    ended = pyqtSignal(int, int, str)  # how many are there, of how many steps; what went wrong, or nothing
    _done = pyqtSignal(object)  # Future

    def __init__(self, builder: Executor, parent: QObject) -> None:
        super().__init__(parent)
        self._builder = builder
        self._wanted: list[RunSpec] = []
        self._steps, self._made, self._order = 0, 0, 0
        self._done.connect(self._take, Qt.QueuedConnection)

    def begin(self, spec: RunSpec, count: int, steps: int) -> None:
        """Carry out ``count`` runs of so many steps with the seeds that follow; those that were wanted before go."""
        seed = spec.settings.seed
        self._wanted = [spec.with_knobs({"seed": seed + number + 1}) for number in range(count)]
        self._steps, self._made = steps, 0
        self._order += 1
        self._next()

    def stop(self) -> None:
        """Nobody wants them any more."""
        self._wanted, self._order = [], self._order + 1

    def _next(self) -> None:
        if not self._wanted:
            self.ended.emit(self._made, self._steps, "")
            return
        spec, order = self._wanted.pop(0), self._order
        try:
            self._builder.submit(self._carried_out, spec, self._steps, order).add_done_callback(self._done.emit)
        except RuntimeError:  # the window closes
            self._wanted = []

    def _carried_out(self, spec: RunSpec, steps: int, order: int) -> tuple[int, Book, Frame] | None:
        runner, book = Runner(spec), LaneBook(least_work=0)
        try:
            runner.recorder = book
            runner.length = steps
            runner.handle(Event.RESET)
            runner.handle(Event.PLAY)
            while runner.state is State.RUNNING:  # a portion may be too short for a step: what is measured comes first
                runner.advance(seconds=PORTION_SECONDS)
                if order != self._order:
                    return None
            frame = runner.frame()
            book.note(frame.cost)
            made = book.dump(runner, MOST_BYTES)
            lane = made.lanes[0][0]
            lane.end.observed.result()
            lane.name, lane.is_named = f"seed {spec.settings.seed}", True
            return order, made, frame
        finally:
            runner.close()

    @pyqtSlot(object)
    def _take(self, future: Future[tuple[int, Book, Frame] | None]) -> None:
        error = future.exception()
        if error is not None:
            log.error("a run from another seed failed", exc_info=error)
            self._wanted = []
            self.ended.emit(self._made, self._steps, first_line(error))
            return
        found = future.result()
        if found is None or found[0] != self._order:
            return
        self._made += 1
        self.ready.emit(*found[1:])
        self._next()
