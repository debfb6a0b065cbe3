"""Moments: which moment of a run is measured and shown next, and whether that was asked for already.

Serves the runner, between its advances and the observer's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.backend import ownership
from engine.backend.priority import cores
from engine.experiment import EpochEnd, Experiment, Snapshot
from engine.frames import Frame
from engine.run.history import History
from engine.run.observations import LONG_MEASURE, Heading, Observations, Watch, Work

SLOW_MEASURE = 0.006  # seconds; a moment that takes longer waits for nobody before it, so that a moved knob shows soon
CROWDED = 2  # cores on which training, measuring and the window are one too many


@dataclass(frozen=True)
class About:
    """What a frame says of its run beside the moment itself: its heading, and the pace as a person sees it."""

    heading: Heading
    pace: float


@ownership.owned
class Moments:
    """``generation`` counts how often the run was started over: what was asked before is told apart."""

    def __init__(self, experiment: Experiment, observations: Observations, history: History) -> None:
        self._experiment, self._observations, self._history = experiment, observations, history
        self._cores = cores()
        self.generation = 0
        self._is_asked = False  # whether this very moment was handed over to be measured
        self._ends: Sequence[EpochEnd] = ()  # the epochs' ends of the last call of the graph
        self._is_end = False  # whether the last of them is this very moment
        self._at = 0  # the step that this is

    def forget(self) -> None:
        """The run is started over, or put elsewhere."""
        self.generation += 1
        self._observations.clear()
        self.change(0)
        self._ends = ()

    def change(self, step: int) -> None:
        """This very moment is another one than before, though at this step still: it has to be measured anew."""
        self._at, self._is_asked, self._is_end = step, False, False

    def advance(self, step: int, ends: Sequence[EpochEnd]) -> None:
        """Another call of the graph came to this step, by these epochs' ends."""
        self.change(step)
        self._ends, self._is_end = ends, bool(ends) and ends[-1].step == step

    def measure(self, is_over: bool = False) -> None:
        """Have this very moment measured, unless that was asked for already; ``is_over``: the run has diverged."""
        work = self._work(is_over)
        if work is not None:
            self._observations.measure(work)

    def frame(self, about: About, is_over: bool) -> Frame:
        """This very moment; waits for it and for what is still being measured."""
        self.measure(is_over)
        steps = self._history.steps()
        frame = self._observations.call(lambda worker: worker.frame(about.heading, steps, about.pace))
        assert frame is not None, "a run has a moment from its start on"
        return frame

    def show(self, watch: Watch, about: About, is_over: bool) -> None:
        """Have this very moment given to ``watch``; it takes the place of an older one that was not begun."""
        self._show(self._work(is_over), watch, about, only_newest=True)

    def show_last(self, most: int, watch: Watch, about: About) -> int:
        """Have up to ``most`` moments of the last call of the graph given to ``watch``, this very one among them.

        Returns for how many ``watch`` will be called: none while measuring is behind. Only where a moment is expensive,
        and there are no more cores than the training and the window need, the training waits for it, for a frame at
        most: else it's the window that would have to.
        """
        is_slow = self._observations.seconds > SLOW_MEASURE
        if self._observations.waiting() > (0 if is_slow else 1):
            return 0
        moments = [end.snapshot for end in self._ends if not end.measured]
        if not moments or self._ends[-1].step != self._at:
            # where every step ends an epoch, all are measured for the history already, which nobody watches
            moments.append(self._experiment.snapshot())
        count = min(1 if is_slow else most, len(moments))
        for number in range(count):
            self._show(_observing(moments[len(moments) * (number + 1) // count - 1]), watch, about)
        if is_slow and self._observations.seconds < LONG_MEASURE and self._cores <= CROWDED:
            self._observations.finish(LONG_MEASURE)
        return count

    def _work(self, is_over: bool) -> Work | None:
        if self._is_asked:
            return None
        self._is_asked = True
        if is_over and not self._experiment.shows_divergence:
            # the last moment that can be shown, as somebody wants to see it now, with why it was the last
            renewal = self._experiment.renewal()
            return lambda worker: worker.look_again(renewal)
        return _observing(self._ends[-1].snapshot if self._is_end else self._experiment.snapshot())

    def _show(self, work: Work | None, watch: Watch, about: About, only_newest: bool = False) -> None:
        generation = self.generation

        def give(frame: Frame | None) -> None:
            watch(frame if generation == self.generation else None)  # of a run that was started over meanwhile: none

        self._observations.show(work, give, about.heading, self._history.steps(), about.pace, only_newest)


def _observing(snapshot: Snapshot) -> Work:
    return lambda worker: worker.observe(snapshot)
