"""QuestionBox: a question that is guessed at before the run answers it, and the gap afterwards. Serves the lecture."""

from __future__ import annotations

from contextlib import suppress

from PyQt5.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSlider, QVBoxLayout, QWidget

from engine import numbers
from engine.lecture import Question
from widgets.page.gap_bar import GapBar
from widgets.style.number_text import short
from widgets.style.theme import Theme

NOTCHES = 400
RIGHT, NEAR = "Right", "Nearly"
NEARLY = 3.0  # times the tolerance


class QuestionBox(QFrame):
    """``guessed`` carries the number that a person has committed to."""

    guessed = pyqtSignal(float)
    changed = pyqtSignal(float)  # what is in the field now, before it is committed to

    def __init__(self, name: str, heading: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._question: Question | None = None
        self._guess: float | None = None
        self.heading, self.ask = QLabel(heading), QLabel()
        self.heading.setProperty("role", "group")
        self.ask.setWordWrap(True)
        self.slider = QSlider(Qt.Horizontal)
        self.slider.setObjectName(f"{name}_slider")
        self.slider.setAccessibleName("Your guess")
        self.slider.setRange(0, NOTCHES)
        self.slider.valueChanged.connect(self._follow_slider)
        self.field = QLineEdit()
        self.field.setObjectName(f"{name}_field")
        self.field.setAccessibleName("Your guess as a number")
        self.field.setPlaceholderText("your guess")
        self.field.returnPressed.connect(self._commit)
        self.field.textChanged.connect(self._on_text)
        self.button = QPushButton(button)
        self.button.setObjectName(f"{name}_guess")
        self.button.setProperty("role", "accent")
        self.button.clicked.connect(self._commit)
        self.problem = QLabel()
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.gap = GapBar()
        self.verdict = QLabel()
        self.verdict.setObjectName(f"{name}_verdict")
        self.verdict.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(6)
        layout.addWidget(self.heading)
        layout.addWidget(self.ask)
        layout.addWidget(self.slider)
        layout.addLayout(row)
        for part in (self.problem, self.gap, self.verdict):
            layout.addWidget(part)

    def set_theme(self, theme: Theme) -> None:
        """Sizes and colours; the style sheet does the rest."""
        self.gap.set_theme(theme)

    def show_question(self, question: Question, guess: float | None, truth: float | None) -> None:
        """Ask this, with what was guessed and what the run has said before, where that is known."""
        self._question, self._guess = question, guess
        self.ask.setText(question.ask)
        self.slider.setVisible(question.low is not None and question.high is not None)
        with QSignalBlocker(self.slider):
            self.slider.setValue(NOTCHES // 2)
        if guess is not None:
            self._follow_field(guess)
        self.field.setText("" if guess is None else short(guess, 5))
        self.problem.hide()
        self.show_truth(truth)

    def show_truth(self, truth: float | None) -> None:
        """The run has said it; None while it hasn't."""
        question, guess = self._question, self._guess
        is_known = truth is not None and guess is not None and question is not None
        self.gap.setVisible(is_known)
        self.verdict.setVisible(is_known or guess is not None)
        if not is_known:
            self.verdict.setText("" if guess is None else "The run is on its way; the gap shows when it has ended.")
            return
        self.gap.show_gap(guess, truth, question.low, question.high)
        off = abs(guess - truth)
        if question.accepts(guess, truth):
            words = f"{RIGHT}: the run says {short(truth)}."
        elif off <= NEARLY * question.tolerance:
            words = f"{NEAR}: the run says {short(truth)}, {short(off)} from your guess."
        else:
            words = f"The run says {short(truth)}, {short(off)} from your guess. Why do they differ?"
        self.verdict.setText(words)

    def take(self, guess: float) -> None:
        """What a hand has drawn elsewhere, to the last place that the eye can tell."""
        self._follow_field(guess)
        self.field.setText(short(guess, 3))

    def commit(self) -> bool:
        """Take the field's number as the guess; whether it is one. Says what is wanted where it isn't."""
        self._commit()
        return self.problem.isHidden()

    def _on_text(self, text: str) -> None:
        self.problem.hide()
        with suppress(numbers.NumberError):
            self.changed.emit(numbers.parse(text))

    def _follow_slider(self, notch: int) -> None:
        question = self._question
        if question is not None and question.low is not None and question.high is not None:
            value = question.low + (question.high - question.low) * notch / NOTCHES
            self.field.setText(short(value, 3))

    def _follow_field(self, guess: float) -> None:
        question = self._question
        if question is not None and question.low is not None and question.high is not None:
            share = (guess - question.low) / (question.high - question.low)
            with QSignalBlocker(self.slider):
                self.slider.setValue(round(min(max(share, 0.0), 1.0) * NOTCHES))

    def _commit(self) -> None:
        try:
            guess = numbers.parse(self.field.text())
        except numbers.NumberError:
            self.problem.setText("First your guess: drag, or type a number like 0.5.")
            self.problem.show()
            return
        self._guess = guess
        self._follow_field(guess)
        self.show_truth(None)
        self.guessed.emit(guess)
