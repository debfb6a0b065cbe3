"""Session: owns a page's spec; the one place with connect() calls between the rooms.

knob moved -> Session makes the next RunSpec -> EngineHost tells the Runner; frames come back the same way.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from typing import Any

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QUndoStack

from app.sessions.deeds import Deeds, named, shown_value
from app.sessions.frame_clock import FrameClock
from app.sessions.host import EngineHost
from app.sessions.lane_desk import Offer
from app.sessions.other_runs import OtherRuns
from app.sessions.rewinding import Rewinding
from app.sessions.wiring import connect_page
from engine.frames import Analysis, Frame
from engine.knobs import KnobError, differing
from engine.run.spec import RunSpec
from engine.run.states import State
from engine.scenes import heading, scenes
from widgets.page.experiment_page import ExperimentPage

OFFER_SECONDS = 20.0  # for which a lost run is offered beside one that plays
DEBOUNCE_MILLISECONDS = 40  # of structural knobs: a slider on its way asks for one network, not ten

_runs = itertools.count(1)


class Session(QObject):
    """One page's experiment: what is wanted (the spec), what is running (the host), what is shown (the page)."""

    prepare_requested = pyqtSignal(object, int, bool, bool)
    live_changed = pyqtSignal(object)
    step_requested = pyqtSignal(int)
    play_requested = pyqtSignal()
    rest_requested = pyqtSignal()
    reset_requested = pyqtSignal()
    action_requested = pyqtSignal(str, object)
    analysis_requested = pyqtSignal(str, object)
    past_analysis_requested = pyqtSignal(str, object)
    lane_restored = pyqtSignal(int)
    report_requested = pyqtSignal(int)  # a token, with which host.lanes.reported answers

    def __init__(self, page: ExperimentPage, host: EngineHost, spec: RunSpec, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.page, self.host, self.spec = page, host, spec
        self.state = State.LOADING
        self._prepared = spec  # the spec of the newest run asked for
        self._shown = spec  # the spec of the run that is shown, with every live knob that has been moved since
        self._run = -1  # whose frames are shown
        self.answers: dict[str, Analysis] = {}  # by analysis: the newest that this run's page was told
        self._asked = 0  # the newest run asked for
        self._adopted = 0  # the run whose settings are taken over when it is shown
        self._notice = ""  # of the run that is shown
        self._started = False
        self._offered = 0.0  # when a run that was lost was offered
        self._is_compiled = True
        self._rests = False  # the person has paused, stepped or reset: what is prepared then waits for them
        self._clock = FrameClock(self)
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(DEBOUNCE_MILLISECONDS)
        self._debounce.timeout.connect(self._prepare)
        self.others = OtherRuns(self, host)
        self.deeds = Deeds(QUndoStack(self), self.others.go_to)
        self.rewinding = Rewinding(page, host, self)
        self._home = spec  # the scene as it was opened
        page.set_home(spec)
        page.show_spec(spec)
        page.show_title(spec)
        page.show_state(self.state, "")
        self._connect()

    def _connect(self) -> None:
        connect_page(self)
        host, clock = self.host, self._clock
        self.lane_restored.connect(host.lanes.restore)
        self.report_requested.connect(host.lanes.report)
        self.analysis_requested.connect(host.analyse)
        self.past_analysis_requested.connect(host.past.analyse)
        self.action_requested.connect(host.act)
        self.reset_requested.connect(host.reset)
        self.play_requested.connect(host.play)
        self.step_requested.connect(host.step)
        self.prepare_requested.connect(host.prepare)
        self.rest_requested.connect(host.pause)
        self.live_changed.connect(host.set_live)
        host.run_started.connect(self._on_run_started)
        host.notice_known.connect(self._on_notice)
        host.compiling.connect(self._on_compiling)
        host.state_changed.connect(self._on_state)
        host.frame_ready.connect(self._on_frame)
        host.refused.connect(self._on_refused)
        host.lanes.offered.connect(self._on_offered)
        host.lanes.deleted.connect(self._on_deleted)
        host.analysis_ready.connect(self._on_analysis)
        host.past.analysis_ready.connect(self._on_analysis)
        host.failed.connect(self._on_failed)
        clock.due.connect(self.rewinding.show_live)
        clock.shown.connect(host.frame_was_shown)

    @property
    def is_up_to_date(self) -> bool:
        """Whether the run that is shown is the one that was asked for last."""
        return self._run == self._asked and not self._debounce.isActive()

    @property
    def shown(self) -> RunSpec:
        """The spec of the moment that is shown."""
        return self.rewinding.spec if self.rewinding.is_past and self.rewinding.spec is not None else self._shown

    def start(self) -> None:
        """Begin with the current spec, once; the page runs from here without a click."""
        if not self._started:
            self._started = True
            self._rest(False)
            self._prepare(play=True, inherits=False)

    def open_scene(self, name: str) -> None:
        """Show and run a shipped scene, or the one that was opened from a file, as it was."""
        before, after = self.spec, scenes().get(name, self._home)
        self.open_spec(after)
        self.deeds.push(
            f"scene {after.title}", lambda: self.open_spec(before), lambda: self.open_spec(after), ends_run=True
        )

    def open_spec(self, spec: RunSpec, plays: bool = True) -> None:
        """Show a spec, and run it unless it is to wait for the person."""
        self.rewinding.present()
        self.spec = self._home = spec
        self.page.set_home(spec)
        self._show_other(spec)
        self._started = True
        self.page.show_note(f"Preparing {spec.title} …")
        self._rest(not plays)
        self._prepare(play=plays, inherits=False)

    def _show_other(self, spec: RunSpec) -> None:
        self.page.show_spec(spec)
        self.page.forget_errors()
        self.page.forget_problem()
        self.page.forget_offer()  # what is lost by this is offered next

    def change_knob(self, name: str, value: Any) -> None:
        """A person moved a knob: a live one acts on the next step, a structural one on the next network."""
        self.change_knobs({name: value})

    def change_knobs(self, values: Mapping[str, Any]) -> None:
        """The same of several that go together; what is wrong is said of the first."""
        if self.rewinding.is_past:
            self.rewinding.change_knobs(values)
            return
        before = self.spec
        self.apply(values)
        moved = differing(before.settings, self.spec.settings)
        if moved and self._started:
            old = {knob.name: getattr(before.settings, knob.name) for knob in moved}
            new = {knob.name: getattr(self.spec.settings, knob.name) for knob in moved}
            self.deeds.push(
                named(before, self.spec),
                lambda: self.change_knobs(old),
                lambda: self.change_knobs(new),
                kind=" ".join(old),
                ends_run=any(knob.restarts or not knob.live for knob in moved),
            )

    def try_out(self, values: Mapping[str, Any]) -> None:
        """A run from the start with these knobs, which plays."""
        self.rewinding.present()
        self._rest(False)
        self.change_knobs(values)
        if not self._debounce.isActive():  # else a new network is prepared, and plays
            self.reset_requested.emit()
        self.play_requested.emit()

    def apply(self, values: Mapping[str, Any]) -> None:
        """Move knobs of the present, which is not a deed by itself."""
        name = next(iter(values))
        try:
            spec = self.spec.with_knobs(values)
        except KnobError as error:
            self.page.show_error(name, str(error))
            return
        moved = differing(self.spec.settings, spec.settings)
        self.spec = spec
        if not self.rewinding.is_past:
            self.page.show_spec(spec)
        self.page.forget_errors()  # a refused text is over once the person has gone on with another knob
        self.page.forget_problem()
        if not moved or not self._started:
            return
        structural = [knob for knob in differing(self._prepared.settings, spec.settings) if not knob.live]
        if structural and all(knob.live for knob in moved):
            return  # it goes along with the network that is asked for already
        if structural:
            self.page.show_note(f"Preparing {structural[0].label.lower()} {shown_value(spec, structural[0])} …")
            self._debounce.start(0 if self.host.is_cached(spec) else DEBOUNCE_MILLISECONDS)
        else:
            if self._debounce.isActive():  # moved there and back again: nothing to prepare
                self._debounce.stop()
                self.page.show_note("")
            if self._run == self._asked:
                self._shown = spec
                if not self.rewinding.is_past:
                    self.page.show_title(spec)  # a live knob may change what is being seen
            self.live_changed.emit(spec)

    def leave_for(self, spec: RunSpec, rests: bool, adopts: bool = False) -> int:
        """Another lane's settings are shown, and its moments as soon as they come; the number of its run.

        ``adopts``: whether the settings that it then has are what is wanted, whatever these are.
        """
        self._debounce.stop()
        self.spec = self._prepared = spec
        self._take_home(spec)
        self._asked, self._started = next(_runs), True
        if adopts:
            self._adopted = self._asked
        self.rewinding.present()
        self._show_other(spec)
        self._rest(rests)
        return self._asked

    def _take_home(self, spec: RunSpec) -> None:
        if spec.scene != self._home.scene:
            self._home = scenes().get(spec.scene, spec)
            self.page.set_home(self._home)

    def reset(self) -> None:
        """Back to the start, with the same seed: a new run; the old one stays."""
        self._rest(True)
        self.rewinding.present()
        self.reset_requested.emit()
        if self._started and self.rewinding.now:
            self.deeds.push("reset", lambda: None, self.reset, ends_run=True)

    def play(self) -> None:
        """The run goes on, or what is recorded of it is played."""
        if self.rewinding.is_past:
            self.rewinding.play()
        else:
            self._rest(False)
            self.play_requested.emit()

    def pause(self) -> None:
        """Whatever moves stands still."""
        if self.rewinding.is_playing:
            self.rewinding.pause(self.state)
        else:
            self._rest(True)
            self.rest_requested.emit()

    def step(self, steps: int) -> None:
        """So many steps, 0 for the rest of the epoch; in the past the recorded ones, up to now."""
        if self.rewinding.is_past and not self.rewinding.is_at_end():
            self.rewinding.step(steps)
            return
        if self.rewinding.is_past:
            lane = self.rewinding.lane(self.rewinding.where[0])
            if lane is not None and not lane.is_active:
                self.others.go_to(lane.number)
            self.rewinding.present()
        self._rest(True)
        self.step_requested.emit(steps)

    def step_back(self, is_epoch: bool) -> None:
        """A step back, or an epoch; a run that goes on pauses first."""
        if not self.rewinding.is_past and self.state is State.RUNNING:
            self._rest(True)
            self.rest_requested.emit()
        self.rewinding.step(-2 if is_epoch else -1)

    def analyse(self, name: str, arguments: Mapping[str, Any]) -> None:
        """A question about the moment that is shown."""
        (self.past_analysis_requested if self.rewinding.is_past else self.analysis_requested).emit(name, arguments)

    def known_answer(self, name: str, arguments: Mapping[str, Any]) -> Analysis | None:
        """What this run's page was told to just this question, if anything."""
        found = self.answers.get(name)
        return found if found is not None and dict(found.arguments) == dict(arguments) else None

    def act(self, name: str, payload: object) -> None:
        """A hand in the training; in the past it makes another run."""
        if self.rewinding.is_past and self.rewinding.spec is not None:
            self.others.branch(self.rewinding.spec)
        self.action_requested.emit(name, payload)

    def show_present(self) -> None:
        """The page shows the run that trains."""
        self.page.show_spec(self.spec)
        self.page.show_title(self._shown)
        self.page.show_state(self.state)

    def _on_deleted(self, lane: int, name: str) -> None:
        self.deeds.push(
            f"delete {name}",
            lambda: self.lane_restored.emit(lane),
            lambda: self.page.lane_deleted.emit(lane),
        )

    def _rest(self, rests: bool) -> None:
        self._rests = rests
        self._show_promise()

    def _show_promise(self) -> None:
        waits = self.state is State.LOADING or (not self._is_compiled and self.state is not State.FAILED)
        self.page.transport.show_promise(not self._rests and waits)

    def _prepare(self, play: bool | None = None, inherits: bool = True) -> None:
        self._debounce.stop()
        self._prepared = self.spec
        if play is None:
            play = not self._rests
        self._asked = next(_runs)
        self.prepare_requested.emit(self.spec, self._asked, play, inherits)

    def _on_run_started(self, run: int, spec: RunSpec) -> None:
        self._run, self._shown = run, spec
        self.answers.clear()
        if run == self._adopted:
            self._adopted, self.spec, self._prepared = 0, spec, spec
            self._take_home(spec)
            self.page.show_spec(spec)
        self._is_compiled = True  # until the host says otherwise
        if self._rests and run == self._asked:  # since it was asked for
            self.rest_requested.emit()
        self._clock.clear()
        is_wanted = not [knob for knob in differing(spec.settings, self.spec.settings) if not knob.live]
        if not self.rewinding.is_past:
            self.page.show_title(self.spec if is_wanted else spec)
        if not self._debounce.isActive():
            self.page.show_note("")
        if spec != self.spec and is_wanted:
            self._shown = self.spec
            self.live_changed.emit(self.spec)  # live knobs moved while this run was being prepared

    def _on_notice(self, run: int, sentence: str) -> None:
        if run == self._run and sentence != self._notice:  # said once, not again for each depth
            self._notice = sentence
            if sentence:
                self.page.show_notice(sentence)

    def _on_offered(self, offer: Offer | None, is_lost_now: bool) -> None:
        self.others.offer = offer
        if offer is None or not is_lost_now:
            return
        self._offered = time.monotonic()
        self.page.show_offer(f"{heading(offer.spec)} at step {offer.step:,} is kept.")
        self.deeds.ended(offer.lane)

    def _on_compiling(self, run: int, goes_on: bool) -> None:
        self._is_compiled = not goes_on
        self._show_promise()
        if run == self._run and self.is_up_to_date:  # else the note tells of what is being prepared
            self.page.show_note("Compiling the training step …" if goes_on else "")

    def _on_frame(self, frame: Frame) -> None:
        if frame.run == self._run and self.rewinding.note(frame):
            self._clock.offer(frame)
            if frame.step and time.monotonic() - self._offered > OFFER_SECONDS:
                self.page.forget_offer()  # the menu has it still
        else:
            self._clock.shown.emit()

    def _on_state(self, state: State, message: str) -> None:
        self.state = state
        if message:
            self.page.show_note("")
        if not self.rewinding.is_playing:
            self.page.show_state(state, message)
        self._show_promise()

    def _on_refused(self, run: int, sentence: str) -> None:
        """What was asked for can't be built: back to what is shown, which has gone on."""
        if run != self._asked or self._run < 0:
            return
        self._asked = self._run
        self.spec = self._prepared = self._shown
        self.page.show_spec(self.spec)
        self.page.show_note("")
        self.page.show_problem(sentence)

    def _on_analysis(self, analysis: Analysis) -> None:
        if analysis.run == self._run:
            self.answers[analysis.name] = analysis
            self.page.show_analysis(analysis)

    def _on_failed(self, sentence: str) -> None:
        self.state = State.FAILED
        self.page.show_note("")
        self.page.show_state(State.FAILED, sentence)
