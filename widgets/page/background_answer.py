"""BackgroundAnswer: something that is computed beside the training, asked for, waited for, and asked for again.

Serves both ends of the loop: the question goes out with ``asked``, its answer comes back through ``take``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from PyQt5.QtCore import QEvent, QObject, QTimer, pyqtSignal

from engine.frames import Analysis, Frame

LOST_SECONDS = 60.0  # without an answer, after which the question counts as lost


@dataclass(frozen=True)
class Pace:
    """How soon a newer moment may be asked about.

    ``between``: seconds from one question to the next. ``after``: seconds from an answer to the next question, and
    ``times`` as long as the answer took, so that what takes long doesn't take the training's time. A run's first answer
    isn't counted in that: it had to be compiled.
    """

    between: float = 0.0
    after: float = 0.0
    times: float = 0.0


AT_ONCE = Pace()
NOW_AND_THEN = Pace(between=3.0, times=25.0)  # for the findings: a twenty-fifth of the time at most


@dataclass(frozen=True)
class _Subject:
    """What a question is about: what its answer depends on, and the moment."""

    key: Hashable
    moment: Hashable


class BackgroundAnswer(QObject):
    """Asks one question at a time, and again when what is known is stale.

    ``follow`` is told of every frame, ``want`` what an answer would be about now: another ``key`` is asked about at
    once, another ``moment`` at the ``pace``. An answer to a question of another run, or of before the run was started
    over, is dropped.

    Args:
        name: the analysis.
        shown: takes the answer, or the problem why there is none.
        arguments: gives the question's arguments when it is asked.
        wait: seconds after a run's first moment in which nothing is asked.
        outlives_runs: an answer holds for later runs too, as long as the key is the same.
        only_seen: nothing is asked while the parent, a widget, is not to be seen.
    """

    asked = pyqtSignal(str, object)

    def __init__(
        self,
        name: str,
        shown: Callable[[Analysis], None],
        parent: QObject,
        arguments: Callable[[], Mapping[str, Any]] = dict,
        pace: Pace = AT_ONCE,
        wait: float = 0.0,
        outlives_runs: bool = False,
        only_seen: bool = False,
    ) -> None:
        super().__init__(parent)
        self.pace = pace
        self._name, self._shown, self._arguments = name, shown, arguments
        self._wait, self._outlives_runs = wait, outlives_runs
        self._is_active = not only_seen
        if only_seen:
            parent.installEventFilter(self)
        self._run, self._generation, self._step = -1, -1, -1
        self._wanted: _Subject | None = None
        self._open: _Subject | None = None  # asked about, and not answered yet
        self._open_arguments: Mapping[str, Any] = {}
        self._known: _Subject | None = None
        self._is_first = True
        self._asked_at = self._answered_at = self._begin_at = -math.inf
        self._took = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def follow(self, frame: Frame) -> None:
        """A moment is shown: of this run, further on; or of another one, or of one that was started over."""
        is_another = frame.run != self._run
        if is_another or frame.generation != self._generation or frame.step < self._step:
            self._open = None
            if not self._outlives_runs:
                self._known, self._is_first, self._took = None, True, 0.0
        if is_another:
            self._begin_at = time.monotonic() + self._wait
        self._run, self._generation, self._step = frame.run, frame.generation, frame.step

    def want(self, key: Hashable | None = (), moment: Hashable = None) -> None:
        """What an answer would be about now; with None as the key nothing is wanted, and what is known is forgotten."""
        self._wanted = None if key is None else _Subject(key, moment)
        if key is None:
            self._known = None
        self._look()

    def take(self, analysis: Analysis) -> bool:
        """Show an analysis if it answers the open question; whether it did."""
        is_answer = self._open is not None and (analysis.name, analysis.run) == (self._name, self._run)
        if not is_answer or dict(analysis.arguments) != self._open_arguments:
            return False
        self._answered_at = time.monotonic()
        self._took = 0.0 if self._is_first else self._answered_at - self._asked_at
        self._is_first = False
        self._known, self._open = self._open, None
        self._timer.stop()
        self._shown(analysis)
        self._look()
        return True

    def ask_again(self) -> None:
        """What is known holds no longer, for a reason that no key says."""
        self._known = None
        self._look()

    def is_settled(self, seconds: float) -> bool:
        """Whether no question is open, and the last one was answered longer ago than this."""
        return self._open is None and time.monotonic() - self._answered_at > seconds

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Show, QEvent.Hide):
            self._is_active = event.type() == QEvent.Show
            self._timer.stop()  # nobody waits behind another view
            self._look()
        return False

    def _look(self) -> None:
        """Ask, if there is something to ask and it is time; else look again when it is."""
        is_known = self._open is None and self._wanted == self._known
        if self._wanted is None or not self._is_active or is_known:
            return
        now, due = time.monotonic(), self._due()
        if due > now:
            self._timer.start(math.ceil(1000 * (due - now)))
            return
        self._open, self._asked_at = self._wanted, now
        self._open_arguments = dict(self._arguments())
        self._timer.start(math.ceil(1000 * LOST_SECONDS))
        self.asked.emit(self._name, self._open_arguments)

    def _due(self) -> float:
        """From when on what is wanted may be asked about."""
        if self._open is not None:
            return self._asked_at + LOST_SECONDS
        if self._known is None or self._known.key != self._wanted.key:
            return self._begin_at
        rested = self._answered_at + self.pace.after + self.pace.times * self._took
        return max(self._begin_at, self._asked_at + self.pace.between, rested)
