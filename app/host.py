"""EngineHost: a QObject living in the engine's thread, which drives one page's Runner and emits signals.

A zero-interval timer advances the runner for about a display frame, then lets queued signals in: that is how pause,
step and a moved slider get through without locks. Networks for moved structural knobs are built in another thread,
while the current one goes on.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from typing import Any

from PyQt5.QtCore import QObject, Qt, QTimer, pyqtSignal, pyqtSlot

from app.spares import Spares
from engine import backend
from engine.diagnosis import FOR_FINDINGS
from engine.experiments.experiment import BuildError
from engine.frames import Frame, Study
from engine.knobs import differing
from engine.runner import Runner
from engine.spec import RunSpec
from engine.states import Event, State

BUDGET_SECONDS = 0.015  # of one advance: about a display frame
LONG_BUDGET_SECONDS = 0.036  # where epochs are short: their ends are shown, two an advance, and calls are dear
FRAMES_AN_ADVANCE = 2
MOST_ON_THE_WAY = 4  # frames that are being measured, sent or drawn
TIDY_MILLISECONDS = 300  # after a run was swapped in, the one before gives up what it has gathered
SLOW = 120.0  # steps a second up to which each advance is shown exactly where it stopped

log = logging.getLogger(__name__)


class EngineHost(QObject):
    """Drives the run of one page.

    Every signal carries the run's number where frames of an older run could be mistaken for it.
    """

    engine_ready = pyqtSignal()
    state_changed = pyqtSignal(object, str)  # State, message
    run_started = pyqtSignal(int, object)  # run, RunSpec
    news_known = pyqtSignal(int, str)  # run, and what has to be said of what it is made from, or ""
    frame_ready = pyqtSignal(object)  # Frame
    compiling = pyqtSignal(int, bool)  # run; true while it is shown already and can't be trained yet
    run_finished = pyqtSignal(int)
    refused = pyqtSignal(int, str)  # a run that can't be built, and why; the one before goes on
    study_ready = pyqtSignal(object)  # Study
    failed = pyqtSignal(str)
    _found = pyqtSignal(int)  # run, of which something was measured for the findings
    _compiled = pyqtSignal(int, object)  # run, Future
    _built = pyqtSignal(object, object)  # the builder's thread -> this one: (run, play, inherits), Future

    def __init__(self, builder: Executor) -> None:
        super().__init__()
        self._builder = builder
        self._spares = Spares()
        self._plays_then = False  # when the run that is shown has been compiled
        self._steps_then: int | None = None  # the same of a step by hand
        self._runner: Runner | None = None
        self._wanted = -1
        self._stopping = False
        self._on_the_way = 0  # frames sent that the display has not drawn yet
        self._pace_from = (0.0, 0)  # when and at which step the paced run (re)started
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._soon = QTimer(self)  # shows the moment after all moves of a hand that are on their way
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._show_now)
        self._tidying = QTimer(self)  # until what was swapped in is seen, every millisecond counts
        self._tidying.setSingleShot(True)
        self._tidying.setInterval(TIDY_MILLISECONDS)
        self._tidying.timeout.connect(self._tidy)
        self._built.connect(self._swap_in, Qt.QueuedConnection)
        self._found.connect(self._show_findings, Qt.QueuedConnection)
        self._compiled.connect(self._begin, Qt.QueuedConnection)

    @pyqtSlot()
    def load(self) -> None:
        """Import TensorFlow, in this thread; the window is on the screen by now."""
        try:
            backend.load()
        except Exception as error:
            log.exception("TensorFlow can't be imported")
            self.failed.emit(f"TensorFlow can't be loaded: {_first_line(error)} Install it again with pip.")
            return
        if not self._stopping:
            self.engine_ready.emit()

    @pyqtSlot(object, int, bool, bool)
    def prepare(self, spec: RunSpec, run: int, play: bool, inherits: bool) -> None:
        """Build and compile a run in the background, then swap it in; a newer call overtakes an older one.

        ``inherits``: it goes on from what the one before has learnt, if it can.
        """
        self._wanted = run
        if self._stopping:
            return
        spare = self._spares.take(spec)
        if spare is not None:  # compiled before: it is there at once
            spare.reuse(spec, run)
            self._swap(spare, play, inherits)
            return

        def build() -> Runner | None:
            return Runner(spec, run, compiled=False) if run == self._wanted else None

        self._in_background(
            build, lambda done: None if self._stopping else self._built.emit((run, play, inherits), done)
        )

    @pyqtSlot(object)
    def set_live(self, spec: RunSpec) -> None:
        """Take over moved live knobs; they act on the next step. A diverged run starts over with them."""
        if self._runner is None:
            return
        moved = differing(self._runner.spec.settings, spec.settings)
        if any(not knob.live for knob in moved):
            return  # meant for the run that is being prepared, which takes it over when it starts
        old_speed = self._runner.spec.settings.speed
        before = self._runner.state
        self._runner.set_spec(spec)
        is_steered = any(knob.steers for knob in moved)  # else somebody only looks at what has gone wrong
        if self._runner.state is State.DIVERGED and is_steered and self._runner.handle(Event.RESET):
            self._runner.handle(Event.PLAY)
        has_gone_on = before is State.FINISHED and self._runner.state is State.RUNNING
        if has_gone_on or (self._runner.state is State.RUNNING and self._runner.step == 0):  # or started over
            self._run_timer()
            self._soon.start()
        elif spec.settings.speed != old_speed and self._runner.state is State.RUNNING:
            self._run_timer()
        if self._runner.state is not before:
            self._announce()
        if self._runner.state is not State.RUNNING:
            self._soon.start()  # a live knob may change what is shown even while nothing moves

    @pyqtSlot()
    def play(self) -> None:
        if self._runner is None:
            return
        if not self._runner.is_compiled:
            self._wait_for(play=True)
            return
        if self._runner.state in (State.FINISHED, State.DIVERGED, State.FAILED):
            self._runner.handle(Event.RESET)
        if self._runner.handle(Event.PLAY):
            self._run_timer()
            self._announce()

    @pyqtSlot()
    def pause(self) -> None:
        self._wait_for()
        if self._runner is not None and self._runner.handle(Event.PAUSE):
            self._timer.stop()
            self._announce()
            self._show_now()

    @pyqtSlot(int)
    def step(self, steps: int) -> None:
        """Take steps by hand; 0 takes the rest of the epoch. Pressed while running, it pauses first."""
        if self._runner is not None and not self._runner.is_compiled:
            self._wait_for(steps=steps)
            return
        if self._runner is None or not self._runner.handle(Event.STEP):
            return
        self._timer.stop()
        per_epoch = self._runner.experiment.steps_per_epoch
        self._guarded(lambda: self._runner.advance(steps or per_epoch - self._runner.step % per_epoch))
        self._announce()
        self._show_now()

    @pyqtSlot()
    def reset(self) -> None:
        self._wait_for()
        if self._runner is not None and self._runner.handle(Event.RESET):
            self._timer.stop()
            self._announce()
            self._show_now()

    @pyqtSlot(str, object)
    def study(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Answer a question about this moment in the background; the answer comes by study_ready."""
        if self._runner is not None and not self._stopping:
            self._runner.request_study(name, arguments, self._answer)

    def _answer(self, study: Study) -> None:
        """Send an answer on; called in the thread that found it."""
        self.study_ready.emit(study)
        if study.name in FOR_FINDINGS:
            self._found.emit(study.run)

    @pyqtSlot(int)
    def _show_findings(self, run: int) -> None:
        """What was measured for the findings is seen with the next frame, which a run that stands still has not."""
        runner = self._runner
        if runner is not None and runner.run == run and runner.state in (State.READY, State.PAUSED, State.FINISHED):
            runner.look_again()
            self._show_now()

    @pyqtSlot(str, object)
    def touch(self, name: str, payload: object) -> None:
        """Let a person's hand into the training, and show what it did."""
        if self._runner is not None:
            before = self._runner.state
            self._guarded(lambda: self._runner.touch(name, payload))
            if self._runner.state is not before and self._runner.state is State.RUNNING:
                self._run_timer()
                self._announce()
            if self._runner.state is not State.RUNNING:
                self._soon.start()

    @pyqtSlot()
    def frame_was_shown(self) -> None:
        """The display has drawn a frame, or dropped it for a newer one, and takes more."""
        self._on_the_way = max(0, self._on_the_way - 1)

    @pyqtSlot()
    def stop(self) -> None:
        """End everything that this host has going; the thread's event loop can quit afterwards."""
        self.ask_to_stop()
        for timer in (self._timer, self._soon, self._tidying):
            timer.stop()
        if self._runner is not None:
            self._runner.close()
            self._runner = None
        self._spares.close()

    def has_spare(self, spec: RunSpec) -> bool:
        """Whether a run of these structural knobs is compiled and kept; callable from any thread."""
        return self._spares.has(spec)

    def ask_to_stop(self) -> None:
        """Callable from any thread: nothing new is begun from here on."""
        self._stopping = True

    @pyqtSlot(object, object)
    def _swap_in(self, order: tuple[int, bool, bool], future: Future[Runner | None]) -> None:
        run, play, inherits = order
        error = future.exception()
        if error is not None:
            sentence = _first_line(error)
            if isinstance(error, BuildError):  # the person's own input, and no fault of the program
                log.info("run %d is refused: %s", run, sentence)
            else:
                log.error("run %d can't be built", run, exc_info=error)
                sentence = f"This run can't be built: {sentence}"
            if run == self._wanted:
                self.refused.emit(run, sentence)
                if self._runner is None:
                    self.failed.emit(sentence)
            return
        runner = future.result()
        if runner is None or run != self._wanted or self._stopping:
            if runner is not None:
                runner.close()
            return
        self._swap(runner, play, inherits)

    def _swap(self, runner: Runner, play: bool, inherits: bool) -> None:
        older, self._runner = self._runner, runner
        self._timer.stop()
        if older is not None and inherits:
            self._guarded(lambda: runner.take_over(older))
        runner.watch = self._emit
        self._on_the_way = 0
        self._wait_for(play)
        self.run_started.emit(runner.run, runner.spec)
        self.news_known.emit(runner.run, getattr(runner.experiment, "news", ""))
        self._announce()
        self._show_now()
        if older is not None:
            self._spares.put(older)
            self._tidying.start()
        if runner.is_compiled:
            self._carry_on()
            return
        self.compiling.emit(runner.run, True)
        self._in_background(
            lambda: runner.compile() if runner.run == self._wanted else None,
            lambda done: None if self._stopping else self._compiled.emit(runner.run, done),
        )

    @pyqtSlot()
    def _tidy(self) -> None:
        self._spares.tidy()

    def _in_background(self, work: Callable[[], Any], done: Callable[[Future[Any]], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the window closes: nothing new is begun
            self._builder.submit(work).add_done_callback(done)

    @pyqtSlot(int, object)
    def _begin(self, run: int, future: Future[None]) -> None:
        """The run that is shown is compiled: it can go."""
        if self._runner is None or self._runner.run != run or self._stopping:
            return
        self.compiling.emit(run, False)
        error = future.exception()
        if error is not None:
            log.error("run %d can't be compiled", run, exc_info=error)
            self.failed.emit(f"This run can't be compiled: {_first_line(error)}")
        elif self._runner.is_compiled:
            self._carry_on()

    def _carry_on(self) -> None:
        """The run can train: do what the person waits for."""
        plays, steps = self._plays_then, self._steps_then
        self._wait_for()
        if plays:
            self.play()
        elif steps is not None:
            self.step(steps)

    def _wait_for(self, play: bool = False, steps: int | None = None) -> None:
        """What the person wants of a run that is still compiled: what they asked for last, or nothing."""
        self._plays_then, self._steps_then = play, steps

    def _run_timer(self) -> None:
        speed = self._speed()
        self._pace_from = (time.perf_counter(), self._runner.step)
        self._timer.start(0 if speed is None else max(int(1000 / speed), 8))

    def _speed(self) -> float | None:
        speed = self._runner.spec.settings.speed
        return None if speed == "max" else float(speed)

    @pyqtSlot()  # without it PyQt would deliver the timer to the thread in which it was connected: the window's
    def _tick(self) -> None:
        runner, speed = self._runner, self._speed()
        if speed is None:
            self._guarded(lambda: runner.advance(seconds=self._budget()))
            self._offer_frames()
        else:
            began, first = self._pace_from
            due = int((time.perf_counter() - began) * speed) - (runner.step - first)
            if due > speed:  # more than a second behind: the pace can't be held, so don't try to catch up
                self._pace_from = (time.perf_counter(), runner.step)
                due = 1
            if due > 0:
                self._guarded(lambda: runner.advance(due, seconds=BUDGET_SECONDS))
            if speed > SLOW:
                self._offer_frames()
            elif due > 0:
                self._show_now()
        if self._runner is not None and self._runner.state is not State.RUNNING:
            self._timer.stop()
            self._announce()
            self._show_now()
            if self._runner.state is State.FINISHED:
                self.run_finished.emit(self._runner.run)

    def _budget(self) -> float:
        runner = self._runner
        is_short = runner.steps_per_second * LONG_BUDGET_SECONDS > runner.experiment.steps_per_epoch > 1
        return LONG_BUDGET_SECONDS if is_short else BUDGET_SECONDS

    def _offer_frames(self) -> None:
        # measured in the observer's thread beside the next advance, and sent from there
        if self._on_the_way < MOST_ON_THE_WAY and self._runner.state is State.RUNNING:
            self._guarded(lambda: self._runner.request_frames(FRAMES_AN_ADVANCE))

    @pyqtSlot()
    def _show_now(self) -> None:
        if self._runner is not None:
            frame = self._guarded(self._runner.frame)
            if frame is not None:
                self._emit(frame)

    def _emit(self, frame: Frame) -> None:
        """Send a frame to the display; also called from the observer's thread, in which signals may be emitted."""
        self._on_the_way += 1
        self.frame_ready.emit(frame)

    def _announce(self) -> None:
        if self._runner is not None:
            self.state_changed.emit(self._runner.state, self._runner.message)

    def _guarded(self, work):
        """The engine reports with failed(str): an exception in a slot would end the process."""
        try:
            return work()
        except Exception as error:
            log.exception("the engine failed")
            self._timer.stop()
            sentence = f"The engine stopped: {_first_line(error)} Press R to start again."
            if self._runner is not None:
                self._runner.handle(Event.FAIL, sentence)
            self.failed.emit(sentence)
            return None


def _first_line(error: BaseException) -> str:
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line[:200].rstrip(".") + "."
