"""Session: owns a page's spec; the one place with connect() calls between the rooms.

knob moved -> Session makes the next RunSpec -> EngineHost tells the Runner; frames come back the same way.
"""

from __future__ import annotations

import itertools
from typing import Any

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from app.frameclock import FrameClock
from app.host import EngineHost
from engine.frames import Frame, Study
from engine.knobs import KnobError, differing
from engine.spec import RunSpec, scenes
from engine.states import State
from widgets.experiment_page import ExperimentPage

DEBOUNCE_MILLISECONDS = 40  # of structural knobs: a slider on its way asks for one network, not ten

_runs = itertools.count(1)


class Session(QObject):
    """One page's experiment: what is wanted (the spec), what is running (the host), what is shown (the page)."""

    prepare_requested = pyqtSignal(object, int, bool, bool)
    live_changed = pyqtSignal(object)
    step_requested = pyqtSignal(int)

    def __init__(self, page: ExperimentPage, host: EngineHost, spec: RunSpec, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.page, self.host, self.spec = page, host, spec
        self.state = State.LOADING
        self._prepared = spec  # the spec of the newest run asked for
        self._shown = spec  # the spec of the run that is shown, with every live knob that has been moved since
        self._run = -1  # whose frames are shown
        self._asked = 0  # the newest run asked for
        self._news = ""  # of the run that is shown
        self._started = False
        self._rests = False  # the person has paused, stepped or reset: what is prepared then waits for them
        self._clock = FrameClock(self)
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(DEBOUNCE_MILLISECONDS)
        self._debounce.timeout.connect(self._prepare)
        page.show_spec(spec)
        page.show_title(spec)
        page.show_state(self.state, "")
        self._connect()

    def _connect(self) -> None:
        page, host, clock = self.page, self.host, self._clock
        page.knob_changed.connect(self.change_knob)
        page.scene_requested.connect(self.open_scene)
        for rest in (page.pause_requested, page.step_requested, page.epoch_requested, page.reset_requested):
            rest.connect(lambda: self._rest(True))
        page.play_requested.connect(lambda: self._rest(False))
        page.play_requested.connect(host.play)
        page.pause_requested.connect(host.pause)
        page.reset_requested.connect(host.reset)
        page.step_requested.connect(lambda: self.step_requested.emit(1))
        page.epoch_requested.connect(lambda: self.step_requested.emit(0))
        page.study_requested.connect(host.study)
        page.touched.connect(host.touch)
        self.step_requested.connect(host.step)
        self.prepare_requested.connect(host.prepare)
        self.live_changed.connect(host.set_live)
        host.run_started.connect(self._on_run_started)
        host.news_known.connect(self._on_news)
        host.compiling.connect(self._on_compiling)
        host.state_changed.connect(self._on_state)
        host.frame_ready.connect(self._on_frame)
        host.refused.connect(self._on_refused)
        host.study_ready.connect(self._on_study)
        host.failed.connect(self._on_failed)
        clock.due.connect(page.show_frame)
        clock.shown.connect(host.frame_was_shown)

    @property
    def is_up_to_date(self) -> bool:
        """Whether the run that is shown is the one that was asked for last."""
        return self._run == self._asked and not self._debounce.isActive()

    def start(self) -> None:
        """Begin with the current spec, once; the page runs from here without a click."""
        if not self._started:
            self._started = True
            self._rest(False)
            self._prepare(play=True, inherits=False)

    def open_scene(self, name: str) -> None:
        """Show and run a shipped scene."""
        self.open_spec(scenes()[name])

    def open_spec(self, spec: RunSpec) -> None:
        """Show and run a spec."""
        self.spec = spec
        self.page.show_spec(spec)
        self.page.forget_errors()
        self.page.forget_problem()
        self._started = True
        self.page.show_note(f"Preparing {spec.title} …")
        self._rest(False)
        self._prepare(play=True, inherits=False)

    def change_knob(self, name: str, value: Any) -> None:
        """A person moved a knob: a live one acts on the next step, a structural one on the next network."""
        try:
            spec = self.spec.with_knobs({name: value})
        except KnobError as error:
            self.page.show_error(name, str(error))
            return
        moved = differing(self.spec.settings, spec.settings)
        self.spec = spec
        self.page.show_spec(spec)
        self.page.show_error(name, "")
        self.page.forget_problem()
        if not moved or not self._started:
            return
        structural = [knob for knob in differing(self._prepared.settings, spec.settings) if not knob.live]
        if structural and all(knob.live for knob in moved):
            return  # it goes along with the network that is asked for already
        if structural:
            self.page.show_note(f"Preparing {structural[0].label.lower()} {_shown(spec, structural[0])} …")
            self._debounce.start(0 if self.host.has_spare(spec) else DEBOUNCE_MILLISECONDS)
        else:
            if self._debounce.isActive():  # moved there and back again: nothing to prepare
                self._debounce.stop()
                self.page.show_note("")
            if self._run == self._asked:
                self._shown = spec
                self.page.show_title(spec)  # a live knob may change what is being seen
            self.live_changed.emit(spec)

    def _rest(self, rests: bool) -> None:
        self._rests = rests

    def _prepare(self, play: bool | None = None, inherits: bool = True) -> None:
        self._debounce.stop()
        self._prepared = self.spec
        if play is None:
            play = not self._rests
        self._asked = next(_runs)
        self.prepare_requested.emit(self.spec, self._asked, play, inherits)

    def _on_run_started(self, run: int, spec: RunSpec) -> None:
        self._run, self._shown = run, spec
        self._clock.clear()
        is_wanted = not [knob for knob in differing(spec.settings, self.spec.settings) if not knob.live]
        self.page.show_title(self.spec if is_wanted else spec)
        if not self._debounce.isActive():
            self.page.show_note("")
        if spec != self.spec and is_wanted:
            self._shown = self.spec
            self.live_changed.emit(self.spec)  # live knobs moved while this run was being prepared

    def _on_news(self, run: int, sentence: str) -> None:
        if run == self._run and sentence != self._news:  # said once, not again for each depth
            self._news = sentence
            if sentence:
                self.page.show_news(sentence)

    def _on_compiling(self, run: int, goes_on: bool) -> None:
        if run == self._run and self.is_up_to_date:  # else the note tells of what is being prepared
            self.page.show_note("Compiling the training step …" if goes_on else "")

    def _on_frame(self, frame: Frame) -> None:
        if frame.run == self._run:
            self._clock.offer(frame)
        else:
            self._clock.shown.emit()

    def _on_state(self, state: State, message: str) -> None:
        self.state = state
        if message:
            self.page.show_note("")
        self.page.show_state(state, message)

    def _on_refused(self, run: int, sentence: str) -> None:
        """What was asked for can't be built: back to what is shown, which has gone on."""
        if run != self._asked or self._run < 0:
            return
        self._asked = self._run
        self.spec = self._prepared = self._shown
        self.page.show_spec(self.spec)
        self.page.show_note("")
        self.page.show_problem(sentence)

    def _on_study(self, study: Study) -> None:
        if study.run == self._run:
            self.page.show_study(study)

    def _on_failed(self, sentence: str) -> None:
        self.state = State.FAILED
        self.page.show_note("")
        self.page.show_state(State.FAILED, sentence)


def _shown(spec: RunSpec, knob: Any) -> str:
    value = getattr(spec.settings, knob.name)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value) or "none"
    return str(knob.choices.get(value, value))
