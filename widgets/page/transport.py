"""Transport: reset, step, play, speed, and the step counter. Serves the intents that go to the session.

Its layout is the same in every state of a run: the play button is as wide as its widest word.
"""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.knobs import Knob
from engine.run.states import State
from widgets.knobs.choice_box import ChoiceBox
from widgets.knobs.wording import tool_tip
from widgets.plotting.throttle import Throttle
from widgets.style import icons
from widgets.style.theme import DARK, Theme

_AGAIN = ("Again", "again")
_PLAY, _RESET = ("Play", "play"), ("Reset", "reset")
_STARTS = ("Starting …", "pause")
_PLAY_WORDS = {
    State.RUNNING: ("Pause", "pause"),
    State.FINISHED: ("Go on", "play"),
    State.DIVERGED: _AGAIN,
    State.FAILED: _AGAIN,
}
_RESET_WORDS = {State.FINISHED: _AGAIN}
FOLLOWED = 120  # steps a second up to which every step that is drawn is counted on the screen too


class Transport(QFrame):
    """The signals are what the person wants; whether it happens is the run's to say, by ``show_state``."""

    play_requested = pyqtSignal()
    pause_requested = pyqtSignal()
    step_requested = pyqtSignal()
    epoch_requested = pyqtSignal()
    reset_requested = pyqtSignal()
    step_back_requested = pyqtSignal(bool)  # whether by an epoch
    knob_changed = pyqtSignal(str, object)

    def __init__(self, speed: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self._state = State.LOADING
        self._theme = DARK
        self._starts = False
        self._is_followed = self._is_compact = False
        self._of: int | None = None  # the last step of the run whose past is shown
        self._at = (0, 0)  # step and epoch
        self._reset = self._button("reset", "Reset", "Back to step 0 with the same seed (R); at its end: once more.")
        self._reset.clicked.connect(self.start_over)
        self._back = self._button("step_back", "Back", "One step back (Left); with Shift held, one epoch (Shift+Left).")
        self._back.setText("")  # its icon says it, beside Step's
        self._back.clicked.connect(self._step_back)
        self._step = self._button("step", "Step", "One step (Right); with Shift held, one epoch (Shift+Right).")
        self._step.clicked.connect(self._step_or_epoch)
        self._play = self._button("play", "Play", "Play or pause (Space).")
        self._play.setProperty("role", "accent")
        self._play.clicked.connect(self.toggle_play)
        self._speed = ChoiceBox(speed.choices)
        self._speed.setObjectName(speed.name)
        self._speed.setAccessibleName(speed.label)
        self._speed.setToolTip(tool_tip(speed))
        self._speed.valueChanged.connect(lambda value: self.knob_changed.emit(speed.name, value))
        self._counter = QLabel()
        self._counter.setObjectName("counter")
        self._counter.setProperty("role", "number")
        self._throttle = Throttle(self._counter.setText, self)
        self._word = QLabel("Speed")
        self._word.setProperty("role", "quiet")
        self._word.setBuddy(self._speed)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        for button in (self._reset, self._back, self._step, self._play):
            layout.addWidget(button)
        layout.addSpacing(12)
        layout.addWidget(self._word)
        layout.addWidget(self._speed)
        layout.addSpacing(12)
        layout.addWidget(self._counter)
        layout.addStretch(1)
        self.show_progress(0, 0)

    def show_state(self, state: State) -> None:
        """The play button says what a press would do; before TensorFlow is loaded nothing can be pressed."""
        if state is State.LOADING or self._state is State.LOADING or self._state is not state:
            self._state = state
            self._reset.setEnabled(state is not State.LOADING)
            self._back.setEnabled(state is not State.LOADING)
            self._step.setEnabled(state in (State.READY, State.PAUSED, State.RUNNING, State.FINISHED))
            self._show_words()
            self._throttle.flush()  # what stands still is counted as it stands

    def show_promise(self, starts: bool) -> None:
        """Whether the run, which can't be trained yet, starts by itself as soon as it can."""
        if starts != self._starts:
            self._starts = starts
            self._show_words()

    def show_past(self, of: int | None) -> None:
        """A moment of the past is shown, of a run that has got so far; None for the present.

        Play then plays what is recorded, and the step says of how many it is: where they grow, the training goes on.
        """
        if of != self._of:
            turns = (of is None) != (self._of is None)
            self._of = of
            if turns:
                self._show_words()
            self.show_progress(*self._at)

    def show_progress(self, step: int, epoch: int) -> None:
        """Step and epoch, refreshed as seldom as all numbers in text."""
        self._at = step, epoch
        text = f"step {step:,}" if self._of is None else f"step {step:,} of {self._of:,}"
        if epoch and not (self._is_compact and self._of is not None):  # no wider in the past where there is no room
            text = f"{text}  ·  epoch {epoch:,}"
        if self._is_followed:  # the label says the step that the curve shows
            self._throttle.show_now(text)
        else:
            self._throttle.show(text)

    def show_speed(self, speed: str) -> None:
        """Show the speed, silently."""
        self._is_followed = speed != "max" and float(speed) <= FOLLOWED
        with QSignalBlocker(self._speed):
            self._speed.setValue(speed)

    def toggle_play(self) -> None:
        """What a press on the play button means in this state."""
        if self._state is State.RUNNING or self._starts:
            self.pause_requested.emit()
        else:
            self.play_requested.emit()

    def start_over(self) -> None:
        """What a press on the reset button means in this state: from the end of a run it plays once more."""
        is_at_its_end = self._state is State.FINISHED
        self.reset_requested.emit()
        if is_at_its_end:
            self.play_requested.emit()

    def set_compact(self, is_compact: bool) -> None:
        """Little room above and below the buttons, where the picture needs it."""
        self._is_compact = is_compact
        edge, side = (4, 10) if is_compact else (8, 16)
        self.layout().setContentsMargins(side, edge, side, edge)
        self._word.setVisible(not is_compact)  # the box beside it says steps a second

    def set_theme(self, theme: Theme) -> None:
        """Recolour the icons and give the buttons that change their words the width of the widest."""
        self._theme = theme
        self._draw(self._step, "step", theme.text)
        self._draw(self._back, "step_back", theme.text)
        self._show_words()
        for button, words in ((self._play, (_PLAY, _STARTS, *_PLAY_WORDS.values())), (self._reset, (_RESET, _AGAIN))):
            widths = []
            for word, _ in words:
                button.setText(word)
                widths.append(button.sizeHint().width())
            button.setFixedWidth(max(widths))
        self._show_words()

    def _show_words(self) -> None:
        play = _STARTS if self._starts else _PLAY_WORDS.get(self._state, _PLAY)
        if self._of is not None and self._state is not State.RUNNING:
            play = _PLAY
        reset = _RESET_WORDS.get(self._state, _RESET)
        self._play.setEnabled(self._starts or self._state is not State.LOADING)
        for button, (word, drawing) in ((self._play, play), (self._reset, reset)):
            button.setText(word)
            button.setAccessibleName(word.removesuffix(" …"))
            self._draw(button, drawing, self._play_colour() if button is self._play else self._theme.text)

    def _button(self, name: str, word: str, tip: str) -> QPushButton:
        button = QPushButton(word, self)
        button.setObjectName(name)
        button.setAccessibleName(word)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.TabFocus)  # a click leaves the focus, and so the keys, where they were
        return button

    def _draw(self, button: QPushButton, drawing: str, colour: str) -> None:
        size = self._theme.px(16)
        button.setIcon(icons.icon(drawing, colour, size))
        button.setIconSize(QSize(size, size))

    def _play_colour(self) -> str:
        return self._theme.on_accent if self._play.isEnabled() else self._theme.quiet

    def _step_back(self, *_: Any) -> None:
        self.step_back_requested.emit(bool(QApplication.keyboardModifiers() & Qt.ShiftModifier))

    def _step_or_epoch(self, *_: Any) -> None:
        if QApplication.keyboardModifiers() & Qt.ShiftModifier:
            self.epoch_requested.emit()
        else:
            self.step_requested.emit()
