"""Runner: carries out one RunSpec, by steps, epochs or a time budget. The only training loop there is.

The window, the command line, the tests and the benchmarks all use this one. Station of the loop: the runner.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

import numpy as np

from engine import backend
from engine.experiments import EXPERIMENTS
from engine.experiments.experiment import EpochEnd, Observation, StudyError
from engine.frames import Frame, Study
from engine.knobs import differing
from engine.priority import TRAINING, cores, stand_back
from engine.recording import Series, thinned
from engine.spec import RunSpec
from engine.states import Event, State, after

MOST_PENDING = 3
SLOW_MEASURE = 0.006  # seconds; a moment that takes longer waits for nobody before it, so that a moved knob shows soon
LONG_MEASURE = 0.03  # seconds; the training waits for no moment that takes longer
CROWDED = 2  # cores on which training, measuring and the window are one too many
FIRST_CHUNK = 8  # steps of the first call, before the speed is known
MOST_SPENT = 0.7  # of a time budget: for less than the rest of it another call of the graph is not worth its cost

log = logging.getLogger(__name__)

Table = tuple[np.ndarray, np.ndarray]  # x (n,), y (n, columns)


class Runner:
    """One run.

    Args:
        spec: what to carry out.
        run: the number that marks its frames, so that those of an older run can be told apart.
        compiled: whether to compile everything now; if not, frame() works, and compile() comes before advance().

    ``watch``, if set, is called with each frame that is asked for by request_frames(), in the observer's thread.

    Builds and compiles in the calling thread. Snapshots are measured and pictured in a second thread, so that
    the training thread only trains; they are taken in order, so a run's history doesn't depend on timing.
    """

    def __init__(self, spec: RunSpec, run: int = 0, compiled: bool = True) -> None:
        began = time.perf_counter()
        backend.load()
        began_compiling = time.perf_counter()
        self.run = run
        self.spec = spec
        self.experiment = EXPERIMENTS[spec.experiment].open(spec.settings)
        self.load_seconds = began_compiling - began
        self.is_compiled = getattr(self.experiment, "compile", None) is None  # opened ready to go
        if compiled:
            self.compile()
        self.compile_seconds = time.perf_counter() - began_compiling
        self.length: int | None = None  # steps; None takes the settings' own
        self.state = State.READY
        self.watch: Callable[[Frame], None] | None = None
        self._rests = False
        self._measuring = 0.0  # seconds that a moment takes
        self._cores = cores()
        self._observer = ThreadPoolExecutor(1, "observer", initializer=stand_back)
        self._student = ThreadPoolExecutor(1, "student", initializer=stand_back, initargs=(TRAINING,))
        self._studies: dict[str, Future[None]] = {}
        self._steps = Series(self.experiment.columns)
        self._epochs = Series(1)
        self._start_over()

    def compile(self) -> None:
        """Compile what an experiment that was built with ``compiled`` false may have left for later."""
        compile_rest = getattr(self.experiment, "compile", None)
        if compile_rest is not None:
            compile_rest()
            backend.give_back()
        self.is_compiled = True

    def close(self) -> None:
        """End the background threads; the runner can't be used afterwards."""
        self._student.shutdown(wait=False, cancel_futures=True)  # nobody waits for an answer any more
        self._observer.shutdown(wait=True, cancel_futures=True)

    @property
    def epoch(self) -> int:
        """Whole passes over the data so far (steps, where there is no data)."""
        return self.step // self.experiment.steps_per_epoch

    @property
    def steps_per_second(self) -> float:
        """The pace of about the last half second by the clock on the wall; 0 before the first step."""
        return self._pace

    @property
    def waiting(self) -> str:
        """Why there is nothing to train on now, in a sentence; "" while there is."""
        return getattr(self.experiment, "waiting", "")

    def handle(self, event: Event, message: str = "") -> bool:
        """Carry out an event of the state table; False, and nothing done, where the table refuses it."""
        following = after(self.state, event)
        if following is None:
            return False
        if event is Event.RESET:
            self._drain()
            self.experiment.reset()
            self._start_over()
        self.state, self.message = following, message
        return True

    def set_spec(self, spec: RunSpec) -> None:
        """Take over a spec that differs in live knobs only; where one of them restarts, the run starts over."""
        moved = differing(self.spec.settings, spec.settings)
        self.spec = spec
        self.experiment.set_live(spec.settings)
        if any(knob.restarts for knob in moved):
            plays = self.state in (State.RUNNING, State.FINISHED, State.DIVERGED)
            if self.handle(Event.RESET) and plays:
                self.handle(Event.PLAY)
            return
        self._newest_is_current = False  # what is shown may depend on a live knob
        goes_on_after = getattr(self.experiment, "goes_on_after", None)
        if self.state is State.FINISHED and goes_on_after is not None and goes_on_after(moved):
            self._go_on()
        elif self.state is State.FINISHED and self.step < self._limit() and not self._converged:
            self.handle(Event.EXTEND)

    def advance(self, steps: int | None = None, seconds: float = float("inf")) -> int:
        """Take steps while RUNNING or PAUSED: up to ``steps``, the run's length, or for about ``seconds``.

        Returns how many were taken. The state changes to FINISHED or DIVERGED where the run ends.
        """
        began = time.perf_counter()
        taken = 0
        while self.state in (State.RUNNING, State.PAUSED):
            if self.waiting:  # nothing to train on: a time budget passes as if there were
                time.sleep(seconds if seconds < float("inf") else 0.0)
                break
            left = self._limit() - self.step
            if left <= 0:
                self._finish("")
                break
            left = left if steps is None else min(left, steps - taken)
            spent = time.perf_counter() - began
            if left <= 0 or spent >= MOST_SPENT * seconds:
                break
            if seconds < float("inf"):
                left = min(left, max(1, int((seconds - spent) * self._speed)) if self._speed else FIRST_CHUNK)
            taken += self._advance_once(left)
        ended = time.perf_counter()
        self.seconds += ended - began
        self._pace_of(taken, ended)
        return taken

    def frame(self) -> Frame:
        """This very moment, measured now; waits for what is still being measured."""
        if self._newest_step != self.step or not self._newest_is_current:
            if self.state is not State.DIVERGED:
                self._submit()
            elif self._newest_snapshot is not None:
                # the last moment that can be shown, as somebody wants to see it now
                renewed = getattr(self.experiment, "renewed", None)
                self._submit(renewed(self._newest_snapshot) if renewed else self._newest_snapshot, self._newest_step)
            self._drain()
            if self.state is State.DIVERGED:
                self._explain()
        return self._frame_of(self._newest_step, self._newest, self._steps.view(), self._epochs.view(), self._pace)

    def look_again(self) -> None:
        """Have the next frame measured anew, at the same step: more is known of it by now."""
        self._newest_is_current = False

    def request_frames(self, most: int) -> None:
        """Have up to ``most`` moments of the last call of the graph measured for ``watch``, the last one among them.

        Does nothing while measuring is behind. Only where a moment is dear, and there are no more cores than the
        training and the window need, the training waits for it: else it's the window that would have to.
        """
        self._collect()
        is_slow = self._measuring > SLOW_MEASURE
        if self._waiting(epoch_ends=False) > (0 if is_slow else 1) or self.state is State.DIVERGED:
            return
        most = 1 if is_slow else most
        moments = [(end.step, end.snapshot) for end in self._ends if not end.measured]
        if not moments or self._ends[-1].step != self.step:
            # where every step ends an epoch, all are measured for the history already, which nobody watches
            moments.append((self.step, self.experiment.snapshot()))
        for number in range(min(most, len(moments))):
            step, snapshot = moments[len(moments) * (number + 1) // min(most, len(moments)) - 1]
            self._submit(snapshot, step, watched=True)
        if is_slow and self._measuring < LONG_MEASURE and self._cores <= CROWDED:
            self._drain()

    def cost_history(self, most: int = 1000) -> list[list[float]]:
        """[[epoch, cost], ...] over all data (for a landscape [[step, lowest cost], ...]), first and last included."""
        self._drain()
        if self.experiment.axis == "step":
            x, y = self._steps.view()
            return thinned(x, y.min(axis=1), most)
        x, y = self._epochs.view()
        pairs = thinned(x, y[:, 0], most)
        exact_end = self.step / self.experiment.steps_per_epoch
        if not pairs or pairs[-1][0] != exact_end:
            frame = self.frame()
            if frame.step == self.step:
                pairs = [*pairs[: most - 1], [exact_end, frame.cost]]
        return pairs

    def recorded(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """The recorded scalars, read-only: (epoch, cost) of each step, and of each epoch over all data.

        x has shape (n,) and counts epochs (steps, for a landscape); y has shape (n, columns).
        """
        self._drain()
        return self._steps.view(), self._epochs.view()

    def study(self, name: str, arguments: Mapping[str, Any]) -> Study:
        """Answer a question about this moment, in the calling thread."""
        return self._study_of(self.step, self.experiment.snapshot(), name, arguments)

    def request_study(self, name: str, arguments: Mapping[str, Any], done: Callable[[Study], None]) -> None:
        """Have a question about this moment answered in the background; ``done`` is called in that thread.

        A newer question of the same name takes the place of one that has not been begun, unless its answer is to be
        saved: that one is told, too, when the run is closed before it.
        """
        step, snapshot = self.step, self.experiment.snapshot()
        is_kept = "save_to" in arguments  # on its way into a file: every one of them is wanted
        older = None if is_kept else self._studies.get(name)
        if older is not None:
            older.cancel()

        def answer() -> None:
            done(self._study_of(step, snapshot, name, arguments))

        def say_if_dropped(answering: Future[None]) -> None:
            if answering.cancelled():
                problem = "The network was gone before this was computed."
                done(Study(self.run, step, name, MappingProxyType(dict(arguments)), None, problem))

        answering = self._student.submit(answer)
        if is_kept:
            answering.add_done_callback(say_if_dropped)
        else:
            self._studies[name] = answering

    def touch(self, name: str, payload: Any) -> None:
        """A person's hand in the training: acts at once, and is not part of the spec.

        A run that had found its end goes on from where it was put; one that diverged has to be reset first.
        """
        if self.state not in (State.READY, State.RUNNING, State.PAUSED, State.FINISHED):
            return
        self.experiment.touches[name](payload)
        self._newest_is_current = False
        self._ends = ()
        if self.state is State.FINISHED:
            self._go_on()

    def _go_on(self) -> None:
        """Leave an end that has been found, since there is a reason to."""
        self._grant_more()
        self._converged = False
        self.handle(Event.EXTEND)
        self.handle(Event.PLAY)

    def _grant_more(self) -> None:
        """At its end a run gets its length once more."""
        if self.step >= self._limit():
            self._granted += self.experiment.length

    def rest(self) -> None:
        """Give up all that this run has gathered, tens of megabytes; what is compiled stays, for reuse()."""
        if self._rests:
            return
        self.watch = None
        self._drain()
        self.experiment.reset()
        self._forget()
        self._rests = True

    def reuse(self, spec: RunSpec, run: int) -> None:
        """Begin another run with what is compiled already: ``spec`` differs in live knobs only."""
        self.run, self.spec = run, spec
        self.length, self.watch = None, None
        self.experiment.set_live(spec.settings)
        if self._rests:  # where it was reset already, which takes a while that somebody waits for here
            self._rests = False
            self._start_over()
            self.state = State.READY
        else:
            self.handle(Event.RESET)

    def take_over(self, older: Runner) -> None:
        """Go on where another run stands, with its history, if this experiment can inherit what that one has learnt."""
        inherit = getattr(self.experiment, "inherit", None)
        if inherit is None or older.spec.experiment != self.spec.experiment or older.state is State.DIVERGED:
            return
        older._drop_moments()
        # In a thread of Python's own: in Qt's, an operator that TensorFlow carries out at once can end the process,
        # since pybind11 keeps the thread's state from one slot to the next, and PyQt makes a new one for each.
        if not self._student.submit(inherit, older.experiment).result():
            return
        self._drain()
        self.step = older.step
        self._steps.restore(older._steps.state())
        self._epochs.restore(older._epochs.state())
        # epochs' ends that are being measured still
        self._pending.extend(pending for pending in older._pending if pending[1])
        self._newest_is_current = False
        self._granted = older._granted
        self._grant_more()  # the one before had come to its end perhaps, and this one has still to learn

    def snapshot(self) -> Any:
        """The run's exact state, for restore()."""
        self._drain()
        return self.step, self.state, self.experiment.state(), self._steps.state(), self._epochs.state()

    def restore(self, snapshot: Any) -> None:
        """Go back to a snapshot of this run: the steps from there are the same again, bit for bit."""
        self._drain()
        self.step, self.state, experiment, steps, epochs = snapshot
        self.experiment.restore(experiment)
        self._steps.restore(steps)
        self._epochs.restore(epochs)
        self._newest_is_current = False
        self._converged = False
        self.message = ""

    def _study_of(self, step: int, snapshot: Any, name: str, arguments: Mapping[str, Any]) -> Study:
        try:
            result, problem = self.experiment.studies[name](snapshot, arguments), ""
        except StudyError as error:
            result, problem = None, str(error)
        except Exception as error:  # whoever asked is waiting for an answer
            log.exception("the study %s failed", name)
            result, problem = None, f"This can't be computed: {type(error).__name__}."
        return Study(self.run, step, name, MappingProxyType(dict(arguments)), result, problem)

    def _start_over(self) -> None:
        self.step = 0
        self._granted = 0  # steps beyond the run's length, for one that a hand has moved at its end
        self.message = ""
        self.seconds = 0.0
        self._speed = 0.0  # of advancing alone: what a time budget is divided by
        self._pace = 0.0  # by the wall's clock: what a person sees
        self._paced_at: float | None = None
        self._converged = False
        self._pending: deque[tuple[int, bool, Future[Observation], Any]] = deque()
        self._forget()
        if self.experiment.axis == "step":
            # A landscape's cost at the start is as much part of its descent as any other.
            first = self.experiment.snapshot().costs[-1]
            self._steps.append(np.zeros(1), first[None])
        self._submit()  # so that there is always a moment to show, even if the first step diverges

    def _forget(self) -> None:
        self._steps.clear()
        self._epochs.clear()
        self._newest: Observation | None = None
        self._newest_snapshot: Any = None
        self._newest_step = -1
        self._newest_is_current = False
        self._ends: Sequence[EpochEnd] = ()

    def _limit(self) -> int:
        return (self.experiment.length if self.length is None else self.length) + self._granted

    def _advance_once(self, steps: int) -> int:
        began = time.perf_counter()
        if getattr(self.experiment, "looks_after_each_epoch", False):  # this may be the last epoch
            steps = min(steps, self.experiment.steps_per_epoch - self.step % self.experiment.steps_per_epoch)
        result = self.experiment.advance(steps)
        done = len(result.costs)
        x = self.step + 1 + np.arange(done)
        finite = np.isfinite(result.costs).all(axis=1)
        self._steps.append((x / self.experiment.steps_per_epoch)[finite], result.costs[finite])
        self.step += done
        self._newest_is_current = False
        self._ends = result.epochs
        for end in result.epochs:
            if end.measured:
                self._submit(end.snapshot, end.step, epoch_end=True)
        if result.message:
            if self.experiment.axis == "step":
                self._submit()  # the runners are all where they left; that is worth seeing
            self._drain()
            self._explain()
            self.handle(Event.DIVERGE, result.message)
        elif result.epochs:
            self._check_convergence()
        self._collect()
        elapsed = max(time.perf_counter() - began, 1e-6)
        most = MOST_PENDING if self._measuring < LONG_MEASURE else 1  # a view that is asked for waits for all of them
        while self._waiting(epoch_ends=True) > most + len(result.epochs):
            self._take(*self._pending.popleft())
        rate = done / elapsed
        self._speed = rate if not self._speed else self._speed + (rate - self._speed) * min(1.0, elapsed / 0.3)
        return done

    def _explain(self) -> None:
        """Have the newest moment say why the run ended as it did."""
        if self.experiment.axis == "epoch" and self._newest is not None:
            self._newest = self.experiment.explained(self._newest)

    def _pace_of(self, steps: int, now: float) -> None:
        since, self._paced_at = self._paced_at, now
        if since is None or now - since > 2.0:  # the run was paused in between
            return
        pace = steps / max(now - since, 1e-6)
        self._pace += (pace - self._pace) * (min(1.0, (now - since) / 0.5) if self._pace else 1.0)

    def _check_convergence(self) -> None:
        if not getattr(self.experiment, "looks_after_each_epoch", False):
            return
        self._drain()
        epochs, costs = self._epochs.view()
        said = self.experiment.converged(epochs, costs[:, 0])
        if said:
            self._converged = True
            self._finish(said)

    def _finish(self, message: str) -> None:
        self._drain()
        self.handle(Event.FINISH, message)

    def _submit(
        self, snapshot: Any = None, step: int | None = None, epoch_end: bool = False, watched: bool = False
    ) -> None:
        snapshot = self.experiment.snapshot() if snapshot is None else snapshot
        step = self.step if step is None else step
        steps, epochs, pace, watch = self._steps.view(), self._epochs.view(), self._pace, self.watch
        observe = self.experiment.observe
        if epoch_end:  # of which only the cost is kept
            observe = getattr(self.experiment, "measure", observe)

        def measure() -> Observation:
            began = time.perf_counter()
            observation = observe(snapshot)
            self._measuring += 0.2 * (time.perf_counter() - began - self._measuring)
            if watched and watch is not None and observation.can_be_shown:
                watch(self._frame_of(step, observation, steps, epochs, pace))
            return observation

        self._pending.append((step, epoch_end, self._observer.submit(measure), snapshot))

    def _waiting(self, epoch_ends: bool) -> int:
        """How many epochs' ends, or else other moments, are still to be measured."""
        return sum(epoch_end is epoch_ends for _, epoch_end, *_ in self._pending)

    def _collect(self) -> None:
        while self._pending and self._pending[0][2].done():
            self._take(*self._pending.popleft())

    def _drain(self) -> None:
        while self._pending:
            self._take(*self._pending.popleft())

    def _drop_moments(self) -> None:
        """Forget what waits to be measured for the display; an epoch's end is part of the history and stays."""
        self._pending = deque(pending for pending in self._pending if pending[1] or not pending[2].cancel())

    def _take(self, step: int, epoch_end: bool, future: Future[Observation], snapshot: Any) -> None:
        observation = future.result()
        if epoch_end and np.isfinite(observation.cost):
            self._epochs.append(np.array([step // self.experiment.steps_per_epoch]), np.array([observation.cost]))
        if observation.can_be_shown or self._newest is None:  # a diverged moment can't be shown
            self._newest, self._newest_step, self._newest_snapshot = observation, step, snapshot
            self._newest_is_current = step == self.step and not (epoch_end and hasattr(self.experiment, "measure"))

    def _frame_of(self, step: int, observation: Observation, steps: Table, epochs: Table, pace: float) -> Frame:
        until = step / self.experiment.steps_per_epoch
        return Frame(
            run=self.run,
            experiment=self.spec.experiment,
            step=step,
            epoch=step // self.experiment.steps_per_epoch,
            cost=observation.cost,
            metrics=MappingProxyType(dict(observation.metrics)),
            axis=self.experiment.axis,
            curves=tuple(self.experiment.curves(_up_to(until, steps), _up_to(until, epochs))),
            picture=observation.picture,
            parameters=self.experiment.parameters,
            steps_per_second=pace,
            findings=observation.findings,
        )


def _up_to(until: float, table: Table) -> Table:
    """The rows whose x is at most ``until``."""
    x, y = table
    rows = int(np.searchsorted(x, until, side="right"))
    return x[:rows], y[:rows]
