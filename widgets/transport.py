"""Transport: reset, step, play, speed, and the step counter. Serves the intents that go to the session.

Its layout is the same in every state of a run: the play button is as wide as its widest word.
"""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.knobs import Knob
from engine.states import State
from widgets import icons
from widgets.choice_box import ChoiceBox
from widgets.theme import DARK, Theme
from widgets.throttle import Throttle
from widgets.wording import tool_tip

_AGAIN = ("Again", "again")
_PLAY_WORDS = {
    State.RUNNING: ("Pause", "pause"),
    State.FINISHED: _AGAIN,
    State.DIVERGED: _AGAIN,
    State.FAILED: _AGAIN,
}


class Transport(QFrame):
    """The signals are what the person wants; whether it happens is the run's to say, by ``show_state``."""

    play_requested = pyqtSignal()
    pause_requested = pyqtSignal()
    step_requested = pyqtSignal()
    epoch_requested = pyqtSignal()
    reset_requested = pyqtSignal()
    knob_changed = pyqtSignal(str, object)

    def __init__(self, speed: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self._state = State.LOADING
        self._theme = DARK
        self._reset = self._button("reset", "Reset", "Back to step 0 with the same seed (R).")
        self._reset.clicked.connect(self.reset_requested)
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
        label = QLabel("Speed")
        label.setProperty("role", "quiet")
        label.setBuddy(self._speed)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        for button in (self._reset, self._step, self._play):
            layout.addWidget(button)
        layout.addSpacing(12)
        layout.addWidget(label)
        layout.addWidget(self._speed)
        layout.addSpacing(12)
        layout.addWidget(self._counter)
        layout.addStretch(1)
        self.show_progress(0, 0)

    def show_state(self, state: State) -> None:
        """The play button says what a press would do; before TensorFlow is loaded nothing can be pressed."""
        if state is State.LOADING or self._state is State.LOADING or self._state is not state:
            self._state = state
            for button in (self._reset, self._step, self._play):
                button.setEnabled(state is not State.LOADING)
            self._step.setEnabled(state in (State.READY, State.PAUSED, State.RUNNING))
            word, drawing = _PLAY_WORDS.get(state, ("Play", "play"))
            self._play.setText(word)
            self._play.setAccessibleName(word)
            self._draw(self._play, drawing, self._play_colour())

    def show_progress(self, step: int, epoch: int) -> None:
        """Step and epoch, refreshed as seldom as all numbers in text."""
        text = f"step {step:,}"
        self._throttle.show(f"{text}  ·  epoch {epoch:,}" if epoch else text)

    def show_speed(self, speed: str) -> None:
        """Show the speed, silently."""
        blocked = self._speed.blockSignals(True)
        self._speed.setValue(speed)
        self._speed.blockSignals(blocked)

    def toggle_play(self) -> None:
        """What a press on the play button means in this state."""
        if self._state is State.RUNNING:
            self.pause_requested.emit()
        else:
            self.play_requested.emit()

    def set_theme(self, theme: Theme) -> None:
        """Recolour the icons and give the play button the width of its widest word."""
        self._theme = theme
        self._draw(self._reset, "reset", theme.text)
        self._draw(self._step, "step", theme.text)
        self._draw(self._play, _PLAY_WORDS.get(self._state, ("", "play"))[1], self._play_colour())
        self._play.setFixedWidth(theme.px(104))

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

    def _step_or_epoch(self, *_: Any) -> None:
        if QApplication.keyboardModifiers() & Qt.ShiftModifier:
            self.epoch_requested.emit()
        else:
            self.step_requested.emit()
