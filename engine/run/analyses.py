"""Analyses: questions about a moment of a run, answered beside the training in a thread of their own.

An answer carries the run and the generation that it was asked in, so that one to an older run is told apart.
Station of the loop: the runner, beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

from engine.backend import ownership
from engine.backend.priority import TRAINING, lower_priority
from engine.experiment import AnalysisError, Question, Snapshot
from engine.frames import Analysis

log = logging.getLogger(__name__)

Done = Callable[[Analysis], None]


@ownership.owned
class Analyses:
    """The training thread's end: it asks, and the answers come in the analyst's thread."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "analyst", initializer=lower_priority, initargs=(TRAINING,))
        self._asked: dict[str, Future[None]] = {}

    def request(self, blank: Analysis, question: Question | None, snapshot: Snapshot, done: Done) -> None:
        """Have a question answered; ``blank`` is the answer without its result, ``done`` gets it in that thread.

        A newer question of the same name takes the place of one that has not been begun, unless its answer is to be
        saved: that one is told, too, when the run is closed before it.
        """
        is_kept = "save_to" in blank.arguments  # on its way into a file: every one of them is wanted
        older = None if is_kept else self._asked.get(blank.name)
        if older is not None:
            older.cancel()

        def say_if_dropped(answering: Future[None]) -> None:
            if answering.cancelled():
                done(_answer(blank, None, "The network was gone before this was computed."))

        answering = self._executor.submit(lambda: done(_answered(blank, question, snapshot)))
        if is_kept:
            answering.add_done_callback(say_if_dropped)
        else:
            self._asked[blank.name] = answering

    def answer(self, blank: Analysis, question: Question | None, snapshot: Snapshot) -> Analysis:
        """The same at once: waits for it."""
        return self._executor.submit(_answered, blank, question, snapshot).result()

    def call(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What ``work`` gives, worked out in the analyst's thread; waits for it."""
        return self._executor.submit(work, *arguments).result()

    def close(self) -> None:
        """Nobody waits for an answer any more."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    @ownership.any_thread
    def join(self) -> None:
        """Wait until the closed thread has ended."""
        self._executor.shutdown(wait=True)


def blank(run: int, generation: int, step: int, name: str, arguments: Mapping[str, Any]) -> Analysis:
    """An answer that is still to be found."""
    return Analysis(run, step, name, MappingProxyType(dict(arguments)), generation=generation)


def _answered(asked: Analysis, question: Question | None, snapshot: Snapshot) -> Analysis:
    try:
        if question is None:
            raise AnalysisError(f"{asked.name} can't be asked of this run.")
        return _answer(asked, question(snapshot, asked.arguments), "")
    except AnalysisError as error:
        return _answer(asked, None, str(error))
    except Exception as error:  # whoever asked is waiting for an answer
        log.exception("the analysis %s failed", asked.name)
        return _answer(asked, None, f"This can't be computed: {type(error).__name__}.")


def _answer(asked: Analysis, result: Any, problem: str) -> Analysis:
    return Analysis(asked.run, asked.step, asked.name, asked.arguments, result, problem, asked.generation)
