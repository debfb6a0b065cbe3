"""ExperimentPage: one experiment, filling the window: title, picture, cost, knobs, transport and status.

It passes intents up and draws what comes down, and decides nothing. Serves both ends of the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from engine.frames import Frame, Study
from engine.knobs import knobs_of
from engine.spec import RunSpec
from engine.states import State
from widgets.cost_plot import CostPlot
from widgets.knob_panel import KnobPanel
from widgets.landscape_view import LandscapeView
from widgets.page_header import PageHeader
from widgets.painting_view import PaintingView
from widgets.picture_view import PictureView
from widgets.regression_view import RegressionView
from widgets.side_tabs import SideTabs
from widgets.status_line import StatusLine
from widgets.theme import DARK, Theme
from widgets.transport import Transport
from widgets.view_bar import ViewBar
from widgets.why_panel import WhyPanel

VIEWS: dict[str, Callable[[], PictureView]] = {
    "landscape": LandscapeView,
    "regression": RegressionView,
    "painting": PaintingView,
}
PICTURE_PERCENT = {"landscape": 71, "regression": 66, "painting": 58}  # of the height; the rest is the cost's


class ExperimentPage(QWidget):
    """``show_frame`` is the one entry for pictures, whether live, replayed or made by hand."""

    knob_changed = pyqtSignal(str, object)
    scene_requested = pyqtSignal(str)
    play_requested = pyqtSignal()
    pause_requested = pyqtSignal()
    step_requested = pyqtSignal()
    epoch_requested = pyqtSignal()
    reset_requested = pyqtSignal()
    study_requested = pyqtSignal(str, object)
    touched = pyqtSignal(str, object)

    def __init__(
        self, experiment: str, settings_type: type, scenes: Sequence[RunSpec], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"page_{experiment}")
        self._state = State.LOADING
        self._has_frame = False
        self._said = ""  # what stays in the message's place until the person goes on
        self._note = self._work = ""
        knobs = {knob.name: knob for knob in knobs_of(settings_type)}
        self.view_bar = ViewBar(knobs["view"]) if "view" in knobs else None
        self.header = PageHeader(self.view_bar)
        self.view = VIEWS[experiment]()
        self.cost_plot = CostPlot()
        self.why = WhyPanel()
        self.side_tabs = SideTabs((("Why", self.why), *self.view.side_tabs()))
        self.knob_panel = KnobPanel(settings_type, scenes, self.side_tabs)
        self.transport = Transport(knobs["speed"])
        self.status_line = StatusLine()
        self._build(PICTURE_PERCENT[experiment])
        self._pass_on()
        self.set_theme(DARK)

    def show_spec(self, spec: RunSpec) -> None:
        """What is wanted: the knobs of a run, set silently."""
        self.knob_panel.show_scene(spec.scene)
        self.knob_panel.show_settings(spec.settings)
        self.transport.show_speed(spec.settings.speed)
        if self.view_bar is not None:
            self.view_bar.show_settings(spec.settings)
            self.header.make_room()
        self.view.show_settings(spec.settings)
        self.status_line.show_seed(spec.settings.seed)

    def show_title(self, spec: RunSpec) -> None:
        """What is being seen; it changes with the picture, not with the knobs."""
        self.header.show_words(spec.heading(), spec.subtitle())

    def toggle_play(self) -> None:
        """What a press on the play button would do."""
        self.transport.toggle_play()

    def nudge(self, knob: str, direction: int) -> None:
        """Move a slider a notch up (+1) or down (-1); nothing happens where it isn't shown."""
        self.knob_panel.nudge(knob, direction)

    def show_frame(self, frame: Frame) -> None:
        """Draw this moment everywhere on the page."""
        if not self._has_frame:
            self._has_frame = True
            self._content.setCurrentWidget(self._pictures)
        self.view.show_frame(frame)
        self.cost_plot.show_legend(not self.view.lists_runners)
        self.cost_plot.show_frame(frame)
        self.transport.show_progress(frame.step, frame.epoch if frame.axis == "epoch" else 0)
        self.status_line.show_frame(frame)
        self.why.show_findings(frame.findings)

    def show_study(self, study: Study) -> None:
        """The answer to a question that the picture asked."""
        self.view.show_study(study)

    def show_state(self, state: State, message: str = "") -> None:
        """The run's state in the transport and the status line, and its message, if any, in the title."""
        self._state = state
        self.transport.show_state(state)
        self.status_line.show_state(state)
        is_fault = state in (State.DIVERGED, State.FAILED)
        if is_fault or not self._said:  # what was said of a person's deed stays until the person does something else
            self._said = ""
            self.header.show_message(message, is_calm=not is_fault)
        if not self._has_frame:
            self._waiting.setText("TensorFlow is loading …" if state is State.LOADING else "")

    def show_problem(self, sentence: str) -> None:
        """One sentence about something that could not be done, until the person does something else."""
        self._said = sentence
        self.header.show_message(sentence)

    def show_news(self, sentence: str) -> None:
        """One calm sentence about something that was done, until the person does something else."""
        self._said = sentence
        self.header.show_message(sentence, is_calm=True)

    def forget_problem(self) -> None:
        """The person goes on: what was said of what they did before is over."""
        if self._said:
            self._said = ""
            self.header.show_message("")

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
        for part in (
            self.header,
            self.view,
            self.cost_plot,
            self.knob_panel,
            self.transport,
            self.status_line,
        ):
            part.set_theme(theme)

    def _build(self, share: int) -> None:
        self._pictures = QWidget()
        pictures = QVBoxLayout(self._pictures)
        pictures.setContentsMargins(0, 0, 0, 0)
        pictures.setSpacing(8)
        for part, percent in ((self.view, share), (self.cost_plot, 100 - share)):
            part.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Ignored)
            pictures.addWidget(part, percent)
        self._waiting = QLabel("TensorFlow is loading …")
        self._waiting.setObjectName("waiting")
        self._waiting.setProperty("role", "calm")
        self._waiting.setAlignment(Qt.AlignCenter)
        self._content = QStackedWidget()
        self._content.addWidget(self._waiting)
        self._content.addWidget(self._pictures)

        left = QVBoxLayout()
        left.setContentsMargins(20, 10, 16, 6)
        left.setSpacing(8)
        left.addWidget(self.header)
        left.addWidget(self._content, 1)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addLayout(left, 1)
        upper.addWidget(self.knob_panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(upper, 1)
        layout.addWidget(self.transport)
        layout.addWidget(self.status_line)

    def _pass_on(self) -> None:
        for intent in (self.scene_requested, self.play_requested, self.step_requested, self.reset_requested):
            intent.connect(lambda *_: self.forget_problem())
        self.knob_changed.connect(lambda *_: self.forget_problem())
        self.knob_panel.knob_changed.connect(self.knob_changed)
        self.knob_panel.scene_requested.connect(self.scene_requested)
        self.transport.knob_changed.connect(self.knob_changed)
        self.view.knob_changed.connect(self.knob_changed)
        self.view.study_requested.connect(self.study_requested)
        self.view.touched.connect(self.touched)
        if self.view_bar is not None:
            self.view_bar.valueChanged.connect(lambda name: self.knob_changed.emit("view", name))
        self.transport.play_requested.connect(self.play_requested)
        self.transport.pause_requested.connect(self.pause_requested)
        self.transport.step_requested.connect(self.step_requested)
        self.transport.epoch_requested.connect(self.epoch_requested)
        self.transport.reset_requested.connect(self.reset_requested)
