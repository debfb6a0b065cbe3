"""ExperimentPage: one experiment, filling the window: title, picture, cost, knobs, transport and status.

It passes intents up and draws what comes down, and decides nothing. Serves both ends of the loop.
"""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from engine.frames import Analysis, Frame
from engine.knobs import knobs_of
from engine.lanes import Lane, Overlay
from engine.run.spec import RunSpec
from engine.run.states import State
from engine.scenes import heading, quiet_line
from widgets.knobs.knob_panel import KnobPanel
from widgets.lanes.overlay_curves import seconds_each
from widgets.lanes.runs_list import RunsList
from widgets.lanes.timeline import Timeline
from widgets.page.code_panel import CodePanel
from widgets.page.cost_plot import CostPlot
from widgets.page.page_entry import PageEntry
from widgets.page.page_header import Lines, PageHeader
from widgets.page.picture_and_cost import PictureAndCost
from widgets.page.prediction import Prediction
from widgets.page.room import Room
from widgets.page.side_dock import HANDLE, Fold, SideDock
from widgets.page.side_tabs import SideTabs
from widgets.page.status_line import StatusLine
from widgets.page.transport import Transport
from widgets.page.view_bar import ViewBar
from widgets.page.why_panel import WhyPanel
from widgets.style.theme import DARK, Theme

BRING_BACK = "Bring it back"


class ExperimentPage(QWidget):
    """``show_frame`` is the one entry for pictures, whether live, replayed or made by hand."""

    knob_changed = pyqtSignal(str, object)
    knobs_changed = pyqtSignal(object)  # {name: value} of several that go together
    scene_requested = pyqtSignal(str)
    play_requested, pause_requested, reset_requested = pyqtSignal(), pyqtSignal(), pyqtSignal()
    step_requested, epoch_requested = pyqtSignal(), pyqtSignal()
    moment_requested = pyqtSignal(int, int)  # lane and step
    first_moment_requested, present_requested = pyqtSignal(), pyqtSignal()
    step_back_requested = pyqtSignal(bool)  # whether by an epoch
    lane_chosen = pyqtSignal(int)
    lane_shown_changed = pyqtSignal(int, bool)
    lane_renamed = pyqtSignal(int, str)
    lane_deleted = pyqtSignal(int)
    seeds_requested = pyqtSignal(int)
    bring_back_requested = pyqtSignal()
    analysis_requested = pyqtSignal(str, object)
    action_requested = pyqtSignal(str, object)
    panels_wanted = pyqtSignal(bool)

    def __init__(
        self,
        experiment: str,
        settings_type: type,
        scenes: Sequence[RunSpec],
        entry: PageEntry,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"page_{experiment}")
        self.setFocusPolicy(Qt.StrongFocus)  # the picture's: a click beside any field leaves it
        self.setAccessibleName(f"{experiment.capitalize()}: the picture")
        self._entry, self._theme = entry, DARK
        self._wants_panels, self._is_overlay, self._is_presented = True, False, False
        self._state = State.LOADING
        self._frame: Frame | None = None  # the one that is shown
        self._lanes: tuple[Lane, ...] = ()
        self._beside: tuple[Overlay, ...] = ()
        self._by_seconds = False
        self._settling = QTimer(self)  # until the layout is carried out
        self._settling.setSingleShot(True)
        self._settling.setInterval(0)
        self._settling.timeout.connect(self._draw_again)
        self._offer = ""  # what can be brought back, until the person goes on from here
        self._message = ("", True)  # the run's own, and whether it is calm
        self._said = ""  # what stays in the message's place until the person goes on
        self._note = self._work = ""
        knobs = {knob.name: knob for knob in knobs_of(settings_type)}
        self.view_bar = ViewBar(knobs["view"]) if "view" in knobs else None
        self.header = PageHeader(self.view_bar)
        self.view = entry.view()
        self.cost_plot = CostPlot()
        self.prediction = Prediction(self.view, self.cost_plot)
        self.why, self.code = WhyPanel(), CodePanel()
        self.runs = RunsList()
        self.timeline = Timeline()
        self.side_tabs = SideTabs((("Why", self.why), *self.view.side_tabs(), ("Code", self.code), ("Runs", self.runs)))
        self.knob_panel = KnobPanel(settings_type, scenes, self.side_tabs)
        for name, part in self.view.knob_parts().items():
            self.knob_panel.add_below(name, part)
        self.transport = Transport(knobs["speed"])
        self.status_line = StatusLine()
        self._build()
        self._pass_on()
        self.set_theme(DARK)

    @property
    def frame(self) -> Frame | None:
        """The moment that is shown."""
        return self._frame

    def show_spec(self, spec: RunSpec) -> None:
        """What is wanted: the knobs of a run, set silently."""
        self.knob_panel.show_scene(spec.scene, spec.title)
        self.knob_panel.show_settings(spec.settings)
        self.transport.show_speed(spec.settings.speed)
        self.code.show_spec(spec)
        if self.view_bar is not None:
            self.view_bar.show_settings(spec.settings)
            self.header.make_room()
        self.view.show_settings(spec.settings)
        self.status_line.show_seed(spec.settings.seed)

    def set_home(self, spec: RunSpec) -> None:
        """The scene as it is, whatever is moved afterwards: a double-click on a slider goes back to its value."""
        self.knob_panel.set_home(spec.settings)

    def show_title(self, spec: RunSpec) -> None:
        """What to look for, and what is being seen; it changes with the picture, not with the knobs."""
        self.header.show_words(heading(spec), quiet_line(spec))

    def toggle_play(self) -> None:
        """What a press on the play button would do."""
        self.transport.toggle_play()

    def predict(self) -> None:
        """Back to the run's start, where a guess is drawn before it plays."""
        if self._frame is not None:
            self.reset_requested.emit()
            self.prediction.begin()

    def nudge(self, knob: str, direction: int) -> None:
        """Move a slider a notch up (+1) or down (-1); nothing happens where it isn't shown."""
        self.knob_panel.nudge(knob, direction)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment everywhere on the page."""
        if self._frame is None:
            self._content.setCurrentWidget(self._pictures)
        self._frame = frame
        self.view.show_frame(frame)
        self.cost_plot.show_legend(not self.view.lists_descents)
        self.cost_plot.show_frame(frame)
        self._pictures.fit()
        self.transport.show_progress(frame.step, frame.epoch if frame.axis == "epoch" else 0)
        self.status_line.show_frame(frame)
        self.why.show_findings(frame.findings)
        self.prediction.show_frame(frame)

    def show_lanes(self, lanes: tuple[Lane, ...]) -> None:
        """The runs of this sitting, on the timeline and in their list."""
        self.timeline.show_lanes(lanes)
        self.runs.show_lanes(lanes)
        self._lanes = lanes
        self._lay_by_seconds()

    def _lay_by_seconds(self, by_seconds: bool | None = None) -> None:
        self._by_seconds = self._by_seconds if by_seconds is None else by_seconds
        frame, each = self._frame, 0.0
        if self._by_seconds and frame is not None:
            each = next((seconds_each(lane, frame.axis) for lane in self._lanes if lane.number == frame.lane), 0.0)
        self.cost_plot.show_seconds(each)

    def show_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        """Other runs beside the one in front, wherever a picture has a place for them."""
        self._beside = overlays
        shown = () if self.prediction.is_asking else overlays
        self.view.show_overlays(self.runs.in_order(shown))
        self.cost_plot.show_overlays(shown)

    def show_now(self, step: int) -> None:
        """How far the run that trains has got."""
        self.timeline.show_now(step)

    def show_moment(self, lane: int, step: int, is_near: bool) -> None:
        """The page shows a moment of the past, or one near to it until that has come."""
        self.timeline.show_moment(lane, step, is_near)

    def show_present(self) -> None:
        """The page shows the present again."""
        self.timeline.show_present()

    def show_analysis(self, analysis: Analysis) -> None:
        """The answer to a question that the picture asked."""
        self.view.show_analysis(analysis)

    def show_state(self, state: State, message: str = "") -> None:
        """The run's state in the transport and the status line, and its message, if any, in the title."""
        self._state = state
        self.transport.show_state(state)
        self.status_line.show_state(state)
        self.prediction.show_state(state)
        is_fault = state in (State.DIVERGED, State.FAILED)
        self._message = (message, not is_fault)
        if is_fault:
            self._said = ""
        if message:
            self._offer = ""
        if not self._said:  # what was said of a person's deed stays until the person does something else
            self._show_message()
        if self._frame is None:
            self._waiting.setText("TensorFlow is loading …" if state is State.LOADING else "")

    def show_problem(self, sentence: str) -> None:
        """One sentence about something that could not be done, until the person does something else."""
        self._said = sentence
        self.header.show_message(sentence)

    def show_notice(self, sentence: str) -> None:
        """One calm sentence about something that was done, until the person does something else."""
        self._said = sentence
        self.header.show_message(sentence, is_calm=True)

    def forget_problem(self) -> None:
        """The person goes on: what was said of what they did before is over."""
        if self._said:
            self._said = ""
            self._message = ("", True)
            self._show_message()

    def show_offer(self, sentence: str) -> None:
        """A calm sentence about a run that was lost just now, and a button that brings it back."""
        self._offer = sentence
        if not self._said:
            self._show_message()

    def forget_offer(self) -> None:
        """The person goes on without what was offered; the menu has it still."""
        self.show_offer("")

    def start_over(self) -> None:
        """What a press on the reset button would do."""
        self.transport.start_over()

    def _show_message(self) -> None:
        if self._offer and not self._said and not self._message[0]:
            self.header.show_message(self._offer, is_calm=True, answer=BRING_BACK)
        elif not self._said:
            self.header.show_message(self._message[0], is_calm=self._message[1])

    def show_error(self, knob: str, sentence: str) -> None:
        """One sentence under a knob, in place; over the picture where the knob has no place in the panel."""
        if not self.knob_panel.show_error(knob, sentence) and sentence:
            self.show_problem(sentence)

    def forget_errors(self) -> None:
        """Another run is asked for: no knob's wrong text or sentence stays."""
        self.knob_panel.forget_errors()

    def show_note(self, text: str) -> None:
        """Something quiet in the title line, such as what is being prepared; empty takes it away."""
        self._note = text
        self.header.show_note(self._note or self._work)

    def show_work(self, text: str) -> None:
        """How far work beside the run has got, in the title line whenever no note is there; empty takes it away."""
        self._work = text
        self.header.show_note(self._note or self._work)

    def set_theme(self, theme: Theme) -> None:
        """Every part takes the theme; the style sheet is the application's."""
        self._theme = theme
        for part in (
            self.header, self.view, self.cost_plot, self.prediction, self.knob_panel, self.side_tabs, self.timeline,
            self.transport, self.status_line, self.dock,
        ):  # fmt: skip
            part.set_theme(theme)
        self._make_room()
        self._draw_again()  # what stands still, with the new pens
        self._settling.start()  # and where the theme's sizes have put it

    def _draw_again(self) -> None:
        if self._frame is not None:
            self.view.show_frame(self._frame)
            self.cost_plot.show_frame(self._frame)

    def present(self, is_presented: bool) -> None:
        """In full screen before an audience the panels are away until they are asked for."""
        self._is_presented, self._is_overlay = is_presented, False
        self._make_room()

    def toggle_panels(self) -> None:
        """Fold the panels away, or bring them back: beside the picture where there is room, else over its edge."""
        if self.dock.fold is Fold.DOCKED:
            self.panels_wanted.emit(False)
        elif self.dock.fold is Fold.FOLDED and self._has_room_beside():
            self.panels_wanted.emit(True)
        else:
            self._is_overlay = not self._is_overlay
            self._make_room()

    def want_panels(self, are_wanted: bool) -> None:
        """Whether the panels stand beside the picture where there is room."""
        self._wants_panels, self._is_overlay = are_wanted, False
        self._make_room()

    def width_with_panels(self, height: int) -> int:
        """px that picture and panels need side by side in a window so high."""
        margins = self._left.contentsMargins()
        needed = self._entry.least_width(height, self._theme.scale) + margins.left() + margins.right()
        return needed + HANDLE + self.knob_panel.maximumWidth()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _has_room_beside(self) -> bool:
        return not self._is_presented and self.width() >= self.width_with_panels(self.window().height())

    def _make_room(self) -> None:
        """Fold, and put into one row, what the picture's share leaves no room for."""
        has_room = self._has_room_beside()
        self._is_overlay = self._is_overlay and not has_room
        docked = has_room and self._wants_panels
        self.dock.set_fold(Fold.DOCKED if docked else Fold.OVERLAY if self._is_overlay else Fold.FOLDED)
        room = Room(self.window().height(), self._theme, self._is_presented)
        self.header.set_lines(Lines.ONE if room.is_tight else Lines.COMPACT if room.is_compact else Lines.ROOMY)
        self._left.setContentsMargins(12, *(2, 12, 2) if room.is_compact else (8, 12, 4))
        self._left.setSpacing(4 if room.is_compact else 6)
        self.transport.set_compact(room.is_compact)
        self._place_timeline(room.is_compact)
        self._bottom.setDirection(QBoxLayout.LeftToRight if room.is_compact else QBoxLayout.TopToBottom)
        self._pictures.show_room(room)

    def _place_timeline(self, is_compact: bool) -> None:
        """Under the picture; where that needs the room, between the buttons and the numbers."""
        self.timeline.set_compact(is_compact)
        here, there = (self._bottom, self._left) if is_compact else (self._left, self._bottom)
        if here.indexOf(self.timeline) < 0:
            there.removeWidget(self.timeline)
            here.insertWidget(1 if is_compact else -1, self.timeline, 2 if is_compact else 0)

    def _build(self) -> None:
        self._pictures = PictureAndCost(self.view, self.cost_plot, self._entry)
        self._waiting = QLabel("TensorFlow is loading …")
        self._waiting.setObjectName("waiting")
        self._waiting.setProperty("role", "calm")
        self._waiting.setAlignment(Qt.AlignCenter)
        self._content = QStackedWidget()
        self._content.addWidget(self._waiting)
        self._content.addWidget(self._pictures)

        body = QWidget()
        self._left = QVBoxLayout(body)
        self._left.setSpacing(6)
        for part, stretch in ((self.header, 0), (self._content, 1), (self.prediction, 0), (self.timeline, 0)):
            self._left.addWidget(part, stretch)
        self.dock = SideDock(body, self.knob_panel)
        self.dock.handle_pressed.connect(self.toggle_panels)
        self._bottom = QBoxLayout(QBoxLayout.TopToBottom)
        self._bottom.setSpacing(0)
        self._bottom.addWidget(self.transport)
        self._bottom.addWidget(self.status_line, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.dock, 1)
        layout.addLayout(self._bottom)

    def _pass_on(self) -> None:
        moved = self.knob_changed, self.knobs_changed
        for intent in (self.scene_requested, self.play_requested, self.step_requested, self.reset_requested, *moved):
            intent.connect(lambda *_: self.forget_problem())
        self.knob_panel.knob_changed.connect(self.knob_changed)
        self.header.answered.connect(self.bring_back_requested)
        self.knob_panel.scene_requested.connect(self.scene_requested)
        self.transport.knob_changed.connect(self.knob_changed)
        self.transport.play_requested.connect(lambda: self.prediction.lets_play() and self.play_requested.emit())
        for name in ("pause", "step", "epoch", "reset", "step_back"):
            getattr(self.transport, f"{name}_requested").connect(getattr(self, f"{name}_requested"))
        for name in ("knob_changed", "knobs_changed", "analysis_requested", "action_requested"):
            getattr(self.view, name).connect(getattr(self, name))
        self.view.knob_wanted.connect(self.knob_panel.open_at)
        if self.view_bar is not None:
            self.view_bar.valueChanged.connect(lambda name: self.knob_changed.emit("view", name))
        self.timeline.moment_requested.connect(self.moment_requested)
        self.timeline.present_requested.connect(self.present_requested)
        for part in (self.transport, self.status_line):
            self.timeline.past_shown.connect(part.show_past)
        self.prediction.again.clicked.connect(self.predict)
        self.prediction.asking_changed.connect(lambda: self.show_overlays(self._beside))
        runs = self.runs
        for said, means in (
            (runs.lane_chosen, self.lane_chosen), (runs.shown_changed, self.lane_shown_changed),
            (runs.renamed, self.lane_renamed), (runs.deleted, self.lane_deleted), (runs.refused, self.show_problem),
            (runs.reordered, self.view.show_overlays), (runs.seconds_wanted, self._lay_by_seconds),
            (runs.seeds_requested, self.seeds_requested),
        ):  # fmt: skip
            said.connect(means)
