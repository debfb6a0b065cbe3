"""RunBuilder: runs that are built and compiled in another thread, beside the one that is shown. Serves the host."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

from PyQt5.QtCore import QObject, Qt, pyqtSignal, pyqtSlot

from app.sessions.runner_cache import RunnerCache
from engine.experiment import BuildError
from engine.run.runner import Runner
from engine.run.spec import RunSpec

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Order:
    """A run that is to be shown next.

    ``inherits``: it goes on from what the one before has learnt, if it can. ``lane``: it is one of the page's lanes, at
    its end, or another one that leaves it at step ``fork``.
    """

    spec: RunSpec
    run: int
    play: bool = False
    inherits: bool = False
    lane: int | None = None
    fork: int | None = None


class RunBuilder(QObject):
    """Lives in the host's thread, in which its signals come; a newer order overtakes an older one."""

    built = pyqtSignal(object, object)  # Order, Runner: the one that is wanted
    refused = pyqtSignal(object, str)  # Order that can't be built, and why
    overtaken = pyqtSignal(object)  # Order that nobody wants any more
    compiled = pyqtSignal(int, str)  # run, and why it could not be compiled, or nothing
    _was_built = pyqtSignal(object, object)  # the builder's thread -> this one: Order, Future
    _was_compiled = pyqtSignal(int, object)  # run, Future

    def __init__(self, builder: Executor, cache: RunnerCache, parent: QObject) -> None:
        super().__init__(parent)
        self._builder, self._cache = builder, cache
        self.wanted = -1  # the newest run asked for
        self._stopping = False
        self._was_built.connect(self._take, Qt.QueuedConnection)
        self._was_compiled.connect(self._take_compiled, Qt.QueuedConnection)

    def ask_to_stop(self) -> None:
        """Callable from any thread: nothing new is begun from here on."""
        self._stopping = True

    def order(self, order: Order) -> None:
        """Have a run built, unless one is compiled for it already and there at once."""
        self.wanted = order.run
        if self._stopping:
            return
        spare = self._cache.take(order.spec)
        if spare is not None:
            spare.reuse(order.spec, order.run)
            self.built.emit(order, spare)
            return
        self._in_background(
            lambda: Runner(order.spec, order.run, compiled=False) if order.run == self.wanted else None,
            lambda done: self._was_built.emit(order, done),
        )

    def compile(self, runner: Runner) -> None:
        """Have a run compiled that is shown already."""
        self._in_background(
            lambda: runner.compile() if runner.run == self.wanted else None,
            lambda done: self._was_compiled.emit(runner.run, done),
        )

    def _in_background(self, work: Callable[[], Any], done: Callable[[Future[Any]], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the window closes: nothing new is begun
            self._builder.submit(work).add_done_callback(lambda future: None if self._stopping else done(future))

    @pyqtSlot(object, object)
    def _take(self, order: Order, future: Future[Runner | None]) -> None:
        error = future.exception()
        if error is not None:
            sentence = first_line(error)
            if isinstance(error, BuildError):  # the person's own input, and no fault of the program
                log.info("run %d is refused: %s", order.run, sentence)
            else:
                log.error("run %d can't be built", order.run, exc_info=error)
                sentence = f"This run can't be built: {sentence}"
            if order.run == self.wanted:
                self.refused.emit(order, sentence)
                return
        runner = future.result() if error is None else None
        if runner is None or order.run != self.wanted or self._stopping:
            if runner is not None:
                runner.close(waits=False)
            self.overtaken.emit(order)
            return
        self.built.emit(order, runner)

    @pyqtSlot(int, object)
    def _take_compiled(self, run: int, future: Future[None]) -> None:
        error = future.exception()
        if error is not None:
            log.error("run %d can't be compiled", run, exc_info=error)
        self.compiled.emit(run, "" if error is None else f"This run can't be compiled: {first_line(error)}")


def first_line(error: BaseException) -> str:
    """What an exception says, as a sentence of at most a line or two."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line[:200].rstrip(".") + "."
