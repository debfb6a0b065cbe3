"""EngineHost: a QObject living in the engine's thread, which drives one page's Runner and emits signals.

A zero-interval timer advances the runner for about a display frame, then lets queued signals in: so pause, step and a
moved slider get through without locks. Networks for moved structural knobs are built in another thread meanwhile.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from PyQt5.QtCore import QObject, Qt, QTimer, pyqtSignal, pyqtSlot

from app.sessions.lane_desk import LaneDesk
from app.sessions.look_back import LookBack
from app.sessions.run_builder import Order, RunBuilder, first_line
from app.sessions.runner_cache import RunnerCache, key_of
from app.sessions.steady_pace import SteadyPace
from engine.analysis.diagnosis import FOR_FINDINGS
from engine.backend import backend
from engine.frames import Analysis, Frame
from engine.knobs import differing
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State

BUDGET_SECONDS = 0.015  # of one advance: about a display frame
LONG_BUDGET_SECONDS = 0.036  # where epochs are short: their ends are shown, two an advance, and calls are expensive
SEEKING_SECONDS = 0.006  # while a moment of the past is being replayed, for which somebody waits
FRAMES_AN_ADVANCE = 2
MOST_ON_THE_WAY = 4  # frames that are being measured, sent or drawn
RELEASE_MILLISECONDS = 300  # after a run was swapped in, the one before gives up what it has gathered
SLOW = 120.0  # steps a second up to which each advance is shown exactly where it stopped

log = logging.getLogger(__name__)


class EngineHost(QObject):
    """Drives the run of one page.

    Every signal carries the run's number where frames of an older run could be mistaken for it.
    """

    engine_ready = pyqtSignal()
    state_changed = pyqtSignal(object, str)  # State, message
    run_started = pyqtSignal(int, object)  # run, RunSpec
    notice_known = pyqtSignal(int, str)  # run, and what has to be said of what it is made from, or ""
    frame_ready = pyqtSignal(object)  # Frame
    compiling = pyqtSignal(int, bool)  # run; true while it is shown already and can't be trained yet
    run_finished = pyqtSignal(int)
    refused = pyqtSignal(int, str)  # a run that can't be built, and why; the one before goes on
    analysis_ready = pyqtSignal(object)  # Analysis
    failed = pyqtSignal(str)
    _answered = pyqtSignal(object)  # Analysis; the analyst's thread -> this one
    _dropped = pyqtSignal()  # a frame that was asked for will not come; the observer's thread -> this one

    def __init__(self, builder: Executor) -> None:
        super().__init__()
        self._cache = RunnerCache()
        self._builds = RunBuilder(builder, self._cache, self)
        self.lanes = LaneDesk(builder, self)
        self.past = LookBack(self.lanes.book, builder, self._cache, self)
        self._plays_then = False  # when the run that is shown has been compiled
        self._steps_then: int | None = None  # the same of a step by hand
        self._runner: Runner | None = None
        self._stopping = False
        self.ending: threading.Thread | None = None  # waits, after stop(), for what the last run's threads are in
        self._on_the_way = 0  # frames asked for that the display has not drawn yet; counted in this thread alone
        self._pace = SteadyPace()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._soon = QTimer(self)  # shows the moment after all moves of a hand that are on their way
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._show_now)
        self._release_timer = QTimer(self)  # until what was swapped in is seen, every millisecond counts
        self._release_timer.setSingleShot(True)
        self._release_timer.setInterval(RELEASE_MILLISECONDS)
        self._release_timer.timeout.connect(self._release_histories)
        self._builds.built.connect(self._swap)
        self._builds.refused.connect(self._on_refused)
        self._builds.compiled.connect(self._begin)
        self._answered.connect(self._take_answer, Qt.QueuedConnection)
        self._dropped.connect(self.frame_was_shown, Qt.QueuedConnection)
        self.frame_ready.connect(self._note, Qt.QueuedConnection)

    @pyqtSlot()
    def load(self) -> None:
        """Import TensorFlow, in this thread; the window is on the screen by now."""
        try:
            backend.load()
        except Exception as error:
            log.exception("TensorFlow can't be imported")
            self.failed.emit(f"TensorFlow can't be loaded: {first_line(error)} Install it again with pip.")
            return
        if not self._stopping:
            self.engine_ready.emit()

    @pyqtSlot(object, int, bool, bool)
    def prepare(self, spec: RunSpec, run: int, play: bool, inherits: bool) -> None:
        """Build and compile a run in the background, then swap it in."""
        self._builds.order(Order(spec, run, play, inherits))

    @pyqtSlot(int, int)
    def go_to(self, lane: int, run: int) -> None:
        """Show a lane as it was at its end; it can be gone on."""
        if (end := self.lanes.end_of(lane)) is None:
            return
        order, self._builds.wanted = Order(end.spec, run, lane=lane), run
        if self._runner is not None and self._runner.is_compiled and key_of(self._runner.spec) == key_of(order.spec):
            self.lanes.leave(self._runner, needed=lane)
            self._swap(order, self._runner)
        else:
            self._builds.order(order)

    @pyqtSlot(int, int, object, int, bool)
    def branch(self, lane: int, step: int, spec: RunSpec, run: int, play: bool) -> None:
        """Go on from a moment of a lane with other settings, on a lane of its own."""
        self._builds.wanted = run

        def begin(runner: Runner) -> None:
            if run != self._builds.wanted or self._stopping:
                return
            grows = key_of(runner.spec) != key_of(spec)
            if runner is self._runner:
                self.lanes.leave(runner, needed=lane)
            self._swap(Order(spec, run, play and not grows, lane=lane, fork=step), runner)
            if grows:
                self._builds.order(Order(spec, run, play, inherits=True))

        self.past.with_runner(lane, step, begin)

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
        self.lanes.change()
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
        if self._runner.state in (State.DIVERGED, State.FAILED):
            self._runner.handle(Event.RESET)
        self._runner.go_on()  # from its end, if it is there
        if self._runner.handle(Event.PLAY) or self._runner.state is State.RUNNING:
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
        if self._runner is None:
            return
        self._runner.go_on(plays=False)  # from its end, if it is there
        if not self._runner.handle(Event.STEP):
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
            self.lanes.change()
            self._timer.stop()
            self._announce()
            self._show_now()

    @pyqtSlot(str, object)
    def analyse(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Answer a question about this moment in the background; the answer comes by analysis_ready."""
        if self._runner is not None and not self._stopping:
            self._runner.request_analysis(name, arguments, self._answered.emit)

    @pyqtSlot(object)
    def _take_answer(self, analysis: Analysis) -> None:
        """An answer has come: the run learns it, and it goes to whoever asked; one of an older run goes no further.

        What was to be saved is told in any case. What was measured for the findings, and where on a surface the moment
        is that stands there by now, is seen with the next frame, which a run that stands still has not.
        """
        runner = self._runner
        is_news = runner is not None and runner.accept(analysis)
        if is_news or "save_to" in analysis.arguments:
            self.analysis_ready.emit(analysis)
        stands = runner is not None and runner.state in (State.READY, State.PAUSED, State.FINISHED)
        if is_news and stands and analysis.name in (*FOR_FINDINGS, "surface"):
            self._show_now()

    @pyqtSlot(str, object)
    def act(self, name: str, payload: object) -> None:
        """Let a person's hand into the training, and show what it did."""
        if self._runner is not None:
            before = self._runner.state
            self._guarded(lambda: self._runner.act(name, payload))
            if self._runner.state is not before and self._runner.state is State.RUNNING:
                self._run_timer()
                self._announce()
            if self._runner.state is not State.RUNNING:
                self._soon.start()

    @pyqtSlot()
    def frame_was_shown(self) -> None:
        """The display has drawn a frame, or dropped it for a newer one, and takes more."""
        self._on_the_way -= 1

    @pyqtSlot()
    def stop(self) -> None:
        """End everything that this host has going; the thread's event loop can quit afterwards."""
        self.ask_to_stop()
        for part in (self._timer, self._soon, self._release_timer, self.lanes, self.past):
            part.stop()
        if self._runner is not None:
            self._runner.close(waits=False)
            self.ending = threading.Thread(target=self._runner.join, daemon=True)
            self.ending.start()
            self._runner = None
        self._cache.close()

    def is_cached(self, spec: RunSpec) -> bool:
        """Whether a run of these structural knobs is compiled and kept; callable from any thread."""
        return self._cache.has(spec)

    def ask_to_stop(self) -> None:
        """Callable from any thread: nothing new is begun from here on."""
        self._stopping = True
        self._builds.ask_to_stop()

    @pyqtSlot(object, str)
    def _on_refused(self, order: Order, sentence: str) -> None:
        self.refused.emit(order.run, sentence)
        if self._runner is None:
            self.failed.emit(sentence)

    @pyqtSlot(object, object)
    def _swap(self, order: Order, runner: Runner) -> None:
        older, self._runner = self._runner if self._runner is not runner else None, runner
        self._timer.stop()
        if older is not None and order.inherits:
            self._guarded(lambda: runner.take_over(older))
        if (
            runner.recorder is not self.lanes.book or order.lane is not None
        ):  # else it goes on where the older one stood
            self._guarded(lambda: self.lanes.hand_over(order, older, runner))
        runner.watch = self._emit
        self._wait_for(order.play and runner.state is not State.FINISHED)
        self.run_started.emit(runner.run, runner.spec)
        self.notice_known.emit(runner.run, runner.experiment.notice)
        self._announce()
        self._show_now()
        self.past.use(runner)
        if older is not None:
            self._cache.put(older)
            self._release_timer.start()
        if runner.is_compiled:
            self._carry_on()
            return
        self.compiling.emit(runner.run, True)
        self._builds.compile(runner)

    @pyqtSlot()
    def _release_histories(self) -> None:
        self._cache.release_histories()

    @pyqtSlot(int, str)
    def _begin(self, run: int, problem: str) -> None:
        """The run that is shown is compiled: it can go."""
        if self._runner is None or self._runner.run != run or self._stopping:
            return
        self.compiling.emit(run, False)
        if problem:
            self.failed.emit(problem)
        elif self._runner.is_compiled:
            if self._runner.step:  # brought back: measured by the compiled program it is the same to the last bit
                self._runner.look_again()
                self._show_now()
            self.past.use(self._runner)
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
        self._timer.start(self._pace.begin(self._runner.step, self._runner.spec.settings.speed))

    @pyqtSlot()  # without it PyQt would deliver the timer to the thread in which it was connected: the window's
    def _tick(self) -> None:
        runner, speed = self._runner, self._pace.speed
        if speed is None:
            self._guarded(lambda: runner.advance(seconds=self._budget()))
            self._offer_frames()
        else:
            due = self._pace.due(runner.step)
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
        if self.past.is_seeking:
            return SEEKING_SECONDS
        runner = self._runner
        is_short = runner.steps_per_second * LONG_BUDGET_SECONDS > runner.experiment.steps_per_epoch > 1
        return LONG_BUDGET_SECONDS if is_short else BUDGET_SECONDS

    def _offer_frames(self) -> None:  # measured in the observer's thread beside the next advance, and sent from there
        if self._on_the_way < MOST_ON_THE_WAY and self._runner.state is State.RUNNING:
            self._on_the_way += self._guarded(lambda: self._runner.request_frames(FRAMES_AN_ADVANCE)) or 0

    @pyqtSlot()
    def _show_now(self) -> None:
        if self._runner is not None:
            self._on_the_way += 1
            self._guarded(self._runner.request_frame)

    def _emit(self, frame: Frame | None) -> None:
        """Send a frame to the display; called in the observer's thread, in which signals may be emitted."""
        self._dropped.emit() if frame is None else self.frame_ready.emit(frame)

    @pyqtSlot(object)
    def _note(self, frame: Frame) -> None:
        if self._runner is not None and frame.run == self._runner.run:
            self.lanes.note(frame.cost)

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
            sentence = f"The engine stopped: {first_line(error)} Press R to start again."
            if self._runner is not None:
                self._runner.handle(Event.FAIL, sentence)
            self.failed.emit(sentence)
            return None
