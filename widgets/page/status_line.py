"""StatusLine: the state of the run in a word, its numbers, and the keys. Serves the panels."""

from __future__ import annotations

import math

from PyQt5.QtCore import QSize
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from engine.experiments import EXPERIMENTS
from engine.frames import Frame
from engine.metrics import texts
from engine.run.states import State
from widgets.plotting.throttle import Throttle
from widgets.style.number_text import MINUS, short
from widgets.style.theme import DARK, Theme

KEYS = "Space play/pause     → step     R reset"
GAP = "     "
SEED = "Seed: the number that all random numbers of the run come from; the same one gives the same run again."


class StatusLine(QFrame):
    """State and numbers left, key hints right; the numbers change at most five times a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_line")
        self._theme = DARK
        self._state = State.LOADING
        self._seed = 0
        self._is_past = False
        self._frame: Frame | None = None
        self._text_shown = ""
        self._word = QLabel()
        self._word.setObjectName("state")
        self._numbers = QLabel()
        self._numbers.setObjectName("numbers")
        self._numbers.setProperty("role", "quiet")
        self._numbers.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Preferred)
        self._keys = QLabel(KEYS)
        self._keys.setProperty("role", "quiet")
        self._keys.setMinimumWidth(1)  # it gives way, and never makes the window wider
        self._throttle = Throttle(self._show_numbers, self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 5)
        layout.setSpacing(24)
        layout.addWidget(self._word)
        layout.addWidget(self._numbers, 1)
        layout.addWidget(self._keys)

    def show_frame(self, frame: Frame) -> None:
        """The newest numbers, shown when the interval allows."""
        self._frame = frame
        self._throttle.show(self._text())
        self._numbers.setToolTip(self._meaning(frame))

    def show_state(self, state: State) -> None:
        """A coloured dot and the word beside it."""
        self._state = state
        self._show_word()
        if self._frame is not None:
            self._throttle.show(self._text())

    def show_past(self, of: int | None) -> None:
        """A moment of the past is shown, of so many steps, and the run's own state goes on behind; None for now."""
        is_past = of is not None
        if is_past != self._is_past:
            self._is_past = is_past
            self._show_word()
            if self._frame is not None:
                self._throttle.show(self._text())

    def show_seed(self, seed: int) -> None:
        """The seed that the run comes from."""
        self._seed = seed
        self._throttle.show(self._text())

    def set_theme(self, theme: Theme) -> None:
        """The dot's colour is the theme's; the state word has a fixed width, so that the numbers stand still."""
        self._theme = theme
        self._word.setFont(theme.font())
        self._word.setMinimumWidth(self._word.fontMetrics().horizontalAdvance("●  finished "))
        self._show_word()

    def minimumSizeHint(self) -> QSize:
        """Nothing across: what has no room is left out, and the window is never wider for it."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _show_numbers(self, text: str) -> None:
        self._text_shown = text
        self._make_room()

    def _make_room(self) -> None:
        # the numbers go before the keys, and the last of the numbers go before any is cut
        self._word.setVisible(self._word.sizeHint().width() + 32 <= self.width())
        parts = self._text_shown.split(GAP)
        room = self.width() - self._word.sizeHint().width() - 24 - 32
        while parts and self._numbers.fontMetrics().horizontalAdvance(GAP.join(parts)) > room:
            parts.pop()
        self._numbers.setText(GAP.join(parts))
        texts_width = sum(label.sizeHint().width() for label in (self._word, self._numbers, self._keys))
        self._keys.setVisible(texts_width + 2 * 24 + 32 <= self.width())

    def _show_word(self) -> None:
        colours = {
            State.RUNNING: self._theme.good,
            State.FINISHED: self._theme.accent,
            State.DIVERGED: self._theme.danger,
            State.FAILED: self._theme.danger,
        }
        colour, word = colours.get(self._state, self._theme.quiet), self._state.value
        if self._is_past:
            colour, word = self._theme.warning, "past"
        self._word.setText(f'<span style="color:{QColor(colour).name()}">●</span>&nbsp; {word}')

    def _meaning(self, frame: Frame) -> str:
        """What each number is, for who reads it the first time, one line each."""
        entry = EXPERIMENTS[frame.experiment]
        metrics = [entry.metrics[name].meaning for name in frame.metrics if name in entry.metrics]
        return "<br>".join(filter(None, (entry.cost, *metrics, SEED)))

    def _text(self) -> str:
        parts = []
        if self._frame is not None:
            parts.append(f"cost {short(self._frame.cost)}")
            finite = {name: value for name, value in self._frame.metrics.items() if math.isfinite(value)}
            parts += [text.replace("-", MINUS) for text in texts(EXPERIMENTS[self._frame.experiment].metrics, finite)]
            if self._state is State.RUNNING and self._frame.steps_per_second > 0:
                parts.append(f"{short(self._frame.steps_per_second)} steps/s")
        parts.append(f"seed {self._seed}")
        return GAP.join(parts)
