"""Prediction: first a guess, drawn into the plots; then the run; then both, and what lies between them.

A strip under the picture, which says what can be drawn. Serves both ends of the loop: it holds back Play until
something was drawn, and is told of the moments.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape

import numpy as np
from PyQt5 import sip
from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from engine.frames import Frame
from engine.run.states import State
from widgets.page.cost_plot import CostPlot
from widgets.page.picture_view import PictureView
from widgets.plotting.guess_layer import GuessLayer, Kind
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme

WHAT_TO_DRAW = {
    Kind.ALONG: "where the ball will end",
    Kind.PLACE: "where the ball will end",
    Kind.CURVE: "the fit that will become of it",
    Kind.HEIGHT: "how low the cost will come",
}
FIRST = "First your guess: drag in a plot, then press Play."
ENDS = (State.FINISHED, State.DIVERGED)


class Prediction(QFrame):
    """``begin`` opens it; the page tells it of every state and frame, and asks ``lets_play`` before it plays."""

    why_written = pyqtSignal(str)  # what a person writes of why guess and run differ
    answered = pyqtSignal()  # the run has shown it: what was written there before may be shown
    asking_changed = pyqtSignal()

    def __init__(self, view: PictureView, cost_plot: CostPlot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prediction")
        self.gate: Callable[[], bool] | None = None  # of somebody else who wants a guess before the run
        self._view = view
        self._layers: tuple[GuessLayer, ...] = ()
        self._theme = DARK
        self._frame: Frame | None = None
        self._is_asking = self._is_running = False
        self._cost_plot = cost_plot
        self.words = QLabel()
        self.words.setObjectName("prediction_words")
        self.words.setWordWrap(True)
        self.why = QLineEdit()
        self.why.setObjectName("prediction_why")
        self.why.setAccessibleName("Why do they differ?")
        self.why.setPlaceholderText("Why do they differ? (a line for yourself)")
        self.why.returnPressed.connect(self._keep_why)
        self.again = QPushButton("Guess again")
        self.again.setObjectName("prediction_again")
        self.close_button = QToolButton()
        self.close_button.setObjectName("prediction_close")
        self.close_button.setProperty("role", "tab")
        self.close_button.setText("Close")
        self.close_button.setToolTip("Take the guess out of the picture (Escape).")
        self.close_button.clicked.connect(self.end)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 4, 2)
        layout.setSpacing(10)
        layout.addWidget(self.words, 3)
        layout.addWidget(self.why, 2)
        layout.addWidget(self.again)
        layout.addWidget(self.close_button)
        self.hide()

    @property
    def layers(self) -> tuple[GuessLayer, ...]:
        """Where a hand can draw, or has drawn: the cost's axis first, then the picture's plots."""
        return tuple(layer for layer in self._layers if not sip.isdeleted(layer))  # some go with their plots

    def set_theme(self, theme: Theme) -> None:
        """Every part takes the theme."""
        self._theme = theme
        for layer in self.layers:
            layer.set_theme(theme)

    @property
    def is_asking(self) -> bool:
        """Whether a guess is waited for: other runs of the same would give it away."""
        return self._is_asking

    def begin(self) -> None:
        """Ask for a guess: what was drawn before is gone."""
        self._is_asking, self._is_running = True, False
        self.draw_in(*Kind)
        for layer in self._layers:
            layer.drawn.connect(self._on_drawn)
        self.asking_changed.emit()
        self.why.hide()
        self.again.hide()
        self._ask()
        self.show()

    def draw_in(self, *kinds: Kind) -> tuple[GuessLayer, ...]:
        """Let a hand draw in those plots that take one of these; what was drawn before is gone."""
        self._remove()
        cost = GuessLayer(self._cost_plot.plot, Kind.HEIGHT, self._cost, self._height) if Kind.HEIGHT in kinds else None
        plots = [GuessLayer(plot, kind) for plot, kind in self._view.guess_plots() if kind in kinds]
        self._layers = (*((cost,) if cost is not None else ()), *plots)
        for layer in self._layers:
            layer.set_theme(self._theme)
            layer.open()
        self._cost_plot.keep_room(cost is not None)
        return self._layers

    def end(self) -> None:
        """Nothing of it is left on the page."""
        self._is_asking = self._is_running = False
        self._remove()
        self._cost_plot.keep_room(False)
        self.hide()
        self.asking_changed.emit()

    def _remove(self) -> None:
        for layer in self.layers:
            layer.remove()
        self._layers = ()

    def lets_play(self) -> bool:
        """Whether the run may start; says what is wanted where it may not."""
        if self.gate is not None and not self.gate():
            return False
        if self._is_asking:
            if not any(layer.value is not None for layer in self.layers):
                self._say(f"<b>{FIRST}</b>")
                return False
            self._is_asking, self._is_running = False, True
            for layer in self.layers:
                layer.close()
            self.asking_changed.emit()
            self._say("The run is on its way; what you drew stays in the picture.")
        return True

    def show_frame(self, frame: Frame) -> None:
        """The moment that is shown."""
        is_other = self._frame is not None and frame.run != self._frame.run
        self._frame = frame
        if is_other and self._is_running:
            self._is_running = False  # what was guessed was about another run
        if self._is_asking:
            self._ask()

    def show_state(self, state: State) -> None:
        """How the run goes."""
        if self._is_running and state in ENDS and self._frame is not None:
            self._is_running = False
            self._say(self._gap(self._frame, state))
            self.why.clear()
            self.why.show()
            self.again.show()
            self.answered.emit()

    def _cost(self, height: float) -> float:
        return 10.0**height if self._cost_plot.is_logarithmic() else height

    def _height(self, cost: float) -> float:
        return math.log10(max(cost, 1e-300)) if self._cost_plot.is_logarithmic() else cost

    def _ask(self) -> None:
        if any(layer.value is not None for layer in self.layers):
            return
        kinds = [layer.kind for layer in self.layers if layer.plot.isVisibleTo(self.window())]
        parts = list(dict.fromkeys(WHAT_TO_DRAW[kind] for kind in reversed(kinds)))
        self._say(f"<b>Predict:</b> drag into the plots {' and '.join(parts)}. Then press Play.")

    def _on_drawn(self) -> None:
        said = []
        for layer in self.layers:
            if layer.value is not None:
                said.append("the curve you drew" if layer.kind is Kind.CURVE else _place(layer.value, layer.kind))
        self._say(f"<b>Your guess:</b> {', '.join(said)}. Press Play to see.")

    def _gap(self, frame: Frame, state: State) -> str:
        """What lies between guess and run, in numbers."""
        if state is State.DIVERGED:
            return "<b>The run has left the picture.</b> Did you expect that?"
        guessed, came, sentences = [], [], []
        for layer in self.layers:
            if layer.value is None:
                continue
            found = frame.cost if layer.kind is Kind.HEIGHT else self._view.what_came(layer.kind)
            if found is None:
                continue
            if layer.kind is Kind.CURVE:
                sentences += _apart(layer.value, *found)
            else:
                guessed.append(_place(layer.value, layer.kind))
                came.append(_place(np.atleast_1d(found), layer.kind))
        if guessed:
            sentences.insert(0, f"<b>You guessed</b> {', '.join(guessed)}. <b>The run:</b> {', '.join(came)}.")
        return " ".join(sentences)

    def _keep_why(self) -> None:
        if self.why.text().strip():
            self.why_written.emit(self.why.text().strip())
            self._say(f"{self.words.text()} <i>{escape(self.why.text().strip())}</i>")
            self.why.hide()

    def _say(self, words: str) -> None:
        self.words.setTextFormat(Qt.RichText)
        self.words.setText(words)


def _place(values: np.ndarray, kind: Kind) -> str:
    texts = [short(float(value)) for value in values]
    if kind is Kind.HEIGHT:
        return f"cost {texts[0]}"
    return f"x = {texts[0]}" if len(texts) == 1 else f"({', '.join(texts)})"


def _apart(guess: np.ndarray, x: np.ndarray, y: np.ndarray) -> list[str]:
    """How far a curve (n, 2) that was drawn lies from the fit, where it was drawn."""
    inside = (x >= guess[0, 0]) & (x <= guess[-1, 0])
    off = np.abs(np.interp(x[inside], *guess.T) - y[inside])
    return [f"Your curve lies {short(float(off.mean()))} from the fit on average."] if len(off) else []
