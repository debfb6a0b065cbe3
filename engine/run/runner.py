"""Runner: carries out one RunSpec, by steps, epochs or a time budget. The only training loop there is.

The window, the command line, the tests and the benchmarks all use this one. It advances and keeps the state table; its
parts measure moments (observations), answer questions (analyses) and keep the scalars (recording).
Station of the loop: the runner.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.backend import backend, ownership
from engine.experiment import Snapshot, Table
from engine.frames import Analysis, Frame
from engine.knobs import differing
from engine.run.analyses import Analyses, blank
from engine.run.history import History, RunState, inherit
from engine.run.moments import About, Moments
from engine.run.observations import Heading, Observations, Past, Watch
from engine.run.pace import Pace
from engine.run.recorder import Recorder
from engine.run.spec import RunSpec
from engine.run.states import Event, State, after
from engine.run.verdict import Verdict

FIRST_CHUNK = 8  # steps of the first call, before the speed is known
MOST_SPENT = 0.7  # of a time budget: for less than the rest of it another call of the graph is not worth its cost


@ownership.owned
class Runner:
    """One run.

    Args:
        spec: what to carry out.
        run: the number that marks its frames, so that those of an older run can be told apart.
        compiled: whether to compile everything now; if not, frame() works, and compile() comes before advance().

    ``watch``, if set, is called with each frame that is asked for by request_frames() and request_frame(), in the
    observer's thread; with None where a frame that was asked for will not come.

    It may be built in one thread and used in another one, its owner from then on; only compile() may be called from a
    third. The owner never waits for a measurement but in frame() and the methods that say so.
    """

    def __init__(self, spec: RunSpec, run: int = 0, compiled: bool = True) -> None:
        backend.load()
        began_compiling = time.perf_counter()
        self.run = run
        self.spec = spec
        self.experiment = spec.settings.open()
        if compiled:
            self.compile()
        self.compile_seconds = time.perf_counter() - began_compiling
        self.length: int | None = None  # steps; None takes the settings' own
        self.state = State.READY
        self.watch: Watch | None = None
        self.recorder, self.lane = Recorder(), 0
        self._is_released = False
        self._verdict = Verdict()
        self._observations = Observations(self.experiment)
        self._analyses = Analyses()
        self._history = History(self.experiment, self._observations)
        self._moments = Moments(self.experiment, self._observations, self._history)
        self._start_over()
        ownership.release(self)

    @ownership.any_thread
    def compile(self) -> None:
        """Compile what an experiment that was built with ``compiled`` false may have left for later."""
        if not self.experiment.is_compiled:
            self.experiment.compile()
            backend.give_back()

    def close(self, waits: bool = True) -> None:
        """End the background threads; the runner can't be used afterwards. It may wait for the one that measures."""
        self._analyses.close()
        self._observations.close(waits)

    @ownership.any_thread
    def join(self) -> None:
        """Wait until the threads of a closed runner have ended; what they are in can't be stopped."""
        self._observations.join()
        self._analyses.join()

    @property
    def is_compiled(self) -> bool:
        """Whether it can train."""
        return self.experiment.is_compiled

    @property
    def epoch(self) -> int:
        """Whole passes over the data so far (steps, where there is no data)."""
        return self.step // self.experiment.steps_per_epoch

    @property
    def seconds(self) -> float:
        """Spent advancing."""
        return self.pace.seconds

    @property
    def steps_per_second(self) -> float:
        """The pace of about the last half second by the clock on the wall; 0 before the first step."""
        return self.pace.shown

    @property
    def heading(self) -> Heading:
        """What its frames say of it, beside the moment."""
        return Heading.of(self.experiment, self.run, self.spec.experiment, self._moments.generation, self.lane)

    @property
    def total(self) -> int:
        """Steps after which it is finished, but for what was granted since."""
        return self.experiment.length if self.length is None else self.length

    def handle(self, event: Event, message: str = "") -> bool:
        """Carry out an event of the state table; False, and nothing done, where the table refuses it."""
        following = after(self.state, event)
        if following is None:
            return False
        if event is Event.RESET:
            self.recorder.ends(self)
            self.experiment.reset()
            self._start_over()
        self.state, self.message = following, message
        if event is Event.RESET:
            self.recorder.begins(self)
        return True

    def set_spec(self, spec: RunSpec) -> None:
        """Take over a spec that differs in live knobs only; where one of them restarts, the run starts over."""
        before, moved = self.spec, differing(self.spec.settings, spec.settings)
        is_other_run = any(knob.restarts for knob in moved)
        if is_other_run:
            self.recorder.ends(self)
        self.spec = spec
        self.experiment.set_live(spec.settings)
        if is_other_run:
            plays = self.state in (State.RUNNING, State.FINISHED, State.DIVERGED)
            if self.handle(Event.RESET) and plays:
                self.handle(Event.PLAY)
            return
        self.recorder.moved(self, before)
        self.look_again()  # what is shown may depend on a live knob
        if self.state is State.FINISHED and self.experiment.goes_on_after(moved):
            self.go_on()
        elif self.state is State.FINISHED and self.step < self.total + self._granted and not self._converged:
            self.handle(Event.EXTEND)

    def advance(self, steps: int | None = None, seconds: float = float("inf")) -> int:
        """Take steps while RUNNING or PAUSED: up to ``steps``, the run's length, or for about ``seconds``.

        Returns how many were taken. The state changes to FINISHED or DIVERGED where the run ends.
        """
        began = time.perf_counter()
        taken = 0
        while self.state in (State.RUNNING, State.PAUSED):
            if self.experiment.waiting:  # nothing to train on: a time budget passes as if there were
                time.sleep(seconds if seconds < float("inf") else 0.0)
                break
            left_seconds = seconds - (time.perf_counter() - began)
            if not self._observations.catch_up(left_seconds) or not self._is_judged(left_seconds):
                break
            if self.state is State.FINISHED:
                break
            left = self.total + self._granted - self.step
            if left <= 0:
                self.handle(Event.FINISH)
                break
            left = left if steps is None else min(left, steps - taken)
            spent = time.perf_counter() - began
            if left <= 0 or spent >= MOST_SPENT * seconds:
                break
            if seconds < float("inf"):
                speed = self.pace.speed
                left = min(left, max(1, int((seconds - spent) * speed)) if speed else FIRST_CHUNK)
            taken += self._advance_once(left)
        if seconds == float("inf"):  # whoever gave no budget wants to know how it ended
            self._is_judged(seconds)
        self.pace.advanced(taken, began, time.perf_counter())
        return taken

    def frame(self) -> Frame:
        """This very moment, measured now; waits for it and for what is still being measured."""
        return self._moments.frame(self._about(), self.state is State.DIVERGED)

    def request_frame(self) -> None:
        """Have this very moment measured for ``watch``; a newer request takes the place of one not begun."""
        if self.watch is not None:
            self._moments.show(self.watch, self._about(), self.state is State.DIVERGED)

    def request_frames(self, most: int) -> int:
        """Have up to ``most`` moments of the last call of the graph measured for ``watch``, the last one among them.

        Returns for how many ``watch`` will be called: none while measuring is behind.
        """
        if self.watch is None or self.state is State.DIVERGED:
            return 0
        return self._moments.show_last(most, self.watch, self._about())

    def request_past(self, past: Past, watch: Watch, lane: int, run: int) -> None:
        """Have a moment of the past measured for ``watch``, in the observer's thread, as ``lane``'s and ``run``'s."""
        self._observations.show_past(past, watch, replace(self.heading, lane=lane, run=run), self._history.steps())

    def look_again(self) -> None:
        """Have the next frame measured anew, at the same step: more is known of it by now."""
        self._moments.change(self.step)

    def cost_history(self, most: int = 1000) -> list[list[float]]:
        """[[epoch, cost], ...] over all data (a landscape's [[step, lowest cost], ...]), both ends included; waits."""
        return self._history.pairs(most, self.step, self.frame)

    def recorded(self) -> tuple[Table, Table]:
        """The recorded scalars, read-only: (epoch, cost) of each step, and of each epoch over all data.

        x has shape (n,) and counts epochs (steps, for a landscape); y has shape (n, columns). Waits as frame() does.
        """
        return self._history.recorded()

    def outcome(self) -> Mapping[str, Any]:
        """What the experiment adds to the command line's JSON; waits for what it takes to find out."""
        return self._analyses.call(self.experiment.outcome, self.experiment.snapshot())

    def analyse(self, name: str, arguments: Mapping[str, Any]) -> Analysis:
        """Answer a question about this moment; waits for it."""
        self._observations.call(lambda worker: None)  # what was seen so far is part of a moment
        answer = self._analyses.answer(*self._question(name, arguments))
        self.accept(answer)
        return answer

    def request_analysis(
        self, name: str, arguments: Mapping[str, Any], done: Callable[[Analysis], None], moment: Snapshot | None = None
    ) -> None:
        """Have a question about this moment, or another one, answered in the background, where ``done`` is called.

        The owner then hands the answer to accept(). A newer question of the same name takes the place of one that has
        not been begun, unless its answer is to be saved.
        """
        self._analyses.request(*self._question(name, arguments, moment), done)

    def accept(self, analysis: Analysis) -> bool:
        """Take over an answer for the moments that follow; False where the run was started over since."""
        if (analysis.run, analysis.generation) != (self.run, self._moments.generation):
            return False
        if not analysis.problem:
            self.experiment.learn(analysis)
            self.look_again()
        return True

    def act(self, name: str, payload: Any) -> None:
        """A person's action in the training, at once: a run at its end goes on from there, but for a diverged one."""
        if self.state not in (State.READY, State.RUNNING, State.PAUSED, State.FINISHED):
            return
        self.experiment.actions[name](payload)
        self._moments.advance(self.step, ())
        self.go_on()
        self.recorder.acted(self, name, payload)

    def go_on(self, plays: bool = True) -> None:
        """Leave an end that has been found: at its length's end the run gets that length once more."""
        if self.state is not State.FINISHED:
            return
        self._grant_more()
        if self._converged:
            self._converged = False
            self.experiment.judge_anew()
        self.recorder.went_on(self)
        self.handle(Event.EXTEND)
        if plays:
            self.handle(Event.PLAY)

    def release_history(self) -> None:
        """Give up all that this run has gathered, tens of megabytes; what is compiled stays, for reuse()."""
        if self._is_released:
            return
        self.watch, self.recorder = None, Recorder()
        self.experiment.reset()
        self._forget()
        self._history.begin()
        self._is_released = True

    def reuse(self, spec: RunSpec, run: int) -> None:
        """Begin another run with what is compiled already: ``spec`` differs in live knobs only."""
        self.run, self.spec = run, spec
        self.length, self.watch, self.recorder = None, None, Recorder()
        self.experiment.set_live(spec.settings)
        if self._is_released:  # where it was reset already, which takes a while that somebody waits for here
            self._is_released = False
            self._start_over()
            self.state = State.READY
        else:
            self.handle(Event.RESET)

    def take_over(self, older: Runner) -> None:
        """Go on where another run stands, with its history, if this experiment can inherit what that one has learnt."""
        if older.spec.experiment != self.spec.experiment or older.state is State.DIVERGED:
            return
        older._observations.drop_moments()
        # In a thread of Python's own: in Qt's, an operator that TensorFlow carries out at once can end the process,
        # since pybind11 keeps the thread's state from one slot to the next, and PyQt makes a new one for each.
        ownership.release(self.experiment, older.experiment)
        inherited = self._analyses.call(inherit, self.experiment, older.experiment)
        if not inherited:
            return
        self.step = older.step
        self._history.inherit(older._history)
        self.look_again()
        self._granted = older._granted
        if older.state is State.FINISHED and self.experiment.inherited is not None:  # a part of it, at its end too
            self._converged, self.state, self.message = older._converged, older.state, older.message
        else:
            self._grant_more()  # the one before had come to its end perhaps, and this one has still to learn
        self.recorder, older.recorder = older.recorder, Recorder()
        self.recorder.grew(self, older)

    def snapshot(self) -> RunState:
        """The run's exact state, for restore(); what is still being measured comes into it by itself."""
        observed = self._observations.state()
        return RunState(
            self.spec, self.step, self.state, self.message, self._granted, self._converged,
            self.experiment.state(), self._history.state(), observed,
        )  # fmt: skip

    def restore(self, state: RunState) -> None:
        """Go back to a snapshot of this run: the steps from there are the same again, bit for bit."""
        self._forget()  # what was asked meanwhile was asked of a future that isn't any more
        self.spec, self.step, self.state, self.message = state.spec, state.step, state.state, state.message
        self._granted, self._converged = state.granted, state.converged
        self.experiment.restore(state.experiment)
        self._history.restore(state.history)
        self._observations.restore(state.observed)
        self.look_again()

    def _question(self, name: str, arguments: Mapping[str, Any], moment: Snapshot | None = None) -> tuple[Any, ...]:
        moment = moment or self.experiment.snapshot()
        asked = blank(self.run, self._moments.generation, moment.step, name, arguments)
        return asked, self.experiment.analyses.get(name), moment

    def _grant_more(self) -> None:
        """At its end a run gets its length once more."""
        if self.step >= self.total + self._granted:
            self._granted += self.experiment.length

    def _start_over(self) -> None:
        self.step = 0
        self._granted = 0  # steps beyond the run's length, for one that a hand has moved at its end
        self.message = ""
        self.pace = Pace()
        self._converged = False
        self._forget()
        self._history.begin()
        self._moments.measure()  # so that there is always a moment to show, even if the first step diverges

    def _forget(self) -> None:
        self._moments.forget()
        self._verdict.expect(None)

    def _advance_once(self, steps: int) -> int:
        began = time.perf_counter()
        per_epoch = self.experiment.steps_per_epoch
        is_judged = self.experiment.looks_after_each_epoch
        if is_judged:  # this may be the last epoch
            steps = min(steps, per_epoch - self.step % per_epoch)
        result = self.experiment.advance(steps)
        done = len(result.costs)
        self._history.add(self.step, result.costs)
        self.step += done
        self._moments.advance(self.step, result.epochs)
        for end in result.epochs:
            if end.measured:
                future = self._observations.end_epoch(end.snapshot, end.step // per_epoch)
                self._verdict.expect(future if is_judged else None)
        if result.message:
            self._verdict.expect(None)
            self.handle(Event.DIVERGE, result.message)
        elif result.ending:
            self._converged = True
            self.handle(Event.FINISH, result.ending)
        self.pace.took(done, time.perf_counter() - began)
        self.recorder.advanced(self)
        return done

    def _is_judged(self, seconds: float) -> bool:
        """Whether it is known if the last epoch's end was the run's; waits for so long at most."""
        if not self._verdict.is_known(seconds):
            return False
        if self._verdict.ending:
            ending = self._verdict.ending
            self._verdict.expect(None)
            self._converged = True
            self.handle(Event.FINISH, ending)
        return True

    def _about(self) -> About:
        return About(self.heading, self.pace.shown)
