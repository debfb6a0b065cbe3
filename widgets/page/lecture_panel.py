"""LecturePanel: one chapter at a time: what to look at, a guess, what happened, in short, and the same elsewhere.

Serves both ends of the loop: it asks for scenes, and is told what their runs have said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from PyQt5.QtCore import Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from engine.lecture import Chapter
from widgets.page.question_box import QuestionBox
from widgets.style.theme import DARK, Theme

WIDTH = 320  # px of the usual theme


@dataclass(frozen=True)
class Answers:
    """What a person has guessed in a chapter, and what the runs have said: of its question, and elsewhere."""

    guess: float | None = None
    truth: float | None = None
    elsewhere_guess: float | None = None
    elsewhere_truth: float | None = None


class LecturePanel(QFrame):
    """``guessed``: a number, and whether it is for the question elsewhere; ``knob_wanted``: a link was clicked."""

    guessed = pyqtSignal(float, bool)
    moved = pyqtSignal(int)  # so many chapters on
    knob_wanted = pyqtSignal(str)
    closed = pyqtSignal()
    cleared = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lecture_panel")
        self._theme = DARK
        self._chapter: Chapter | None = None
        self._following = ""
        self._answered: QuestionBox | None = None
        self._scrolling = QTimer(self)  # until what is shown now has its place
        self._scrolling.setSingleShot(True)
        self._scrolling.setInterval(0)
        self._scrolling.timeout.connect(self._scroll_there)
        self.count, self.title, self.formula = QLabel(), QLabel(), QLabel()
        self.count.setProperty("role", "group")
        self.title.setProperty("role", "title")
        self.title.setObjectName("lecture_title")
        self.formula.setProperty("role", "formula")
        self.look, self.happened, self.short, self.knobs = (QLabel() for _ in range(4))
        self.look.setObjectName("lecture_look")
        self.happened.setObjectName("lecture_happened")
        self.short.setObjectName("lecture_short")
        self.knobs.setObjectName("lecture_knobs")
        self.knobs.linkActivated.connect(self.knob_wanted)
        for label in (self.title, self.formula, self.look, self.happened, self.short, self.knobs):
            label.setWordWrap(True)
            label.setTextFormat(Qt.RichText)
        self.question = QuestionBox("lecture_question", "GUESS FIRST", "Guess, and run")
        self.elsewhere = QuestionBox("lecture_elsewhere", "ELSEWHERE", "Guess, and run")
        self.question.guessed.connect(lambda value: self.guessed.emit(value, False))
        self.elsewhere.guessed.connect(lambda value: self.guessed.emit(value, True))
        self._heads = [QLabel("WHAT HAPPENED"), QLabel("IN SHORT")]
        for head in self._heads:
            head.setProperty("role", "group")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 14, 8)
        column.setSpacing(8)
        for part in (
            self.count, self.title, self.formula, self.look, self.knobs, self.question, self._heads[0], self.happened,
            self._heads[1], self.short, self.elsewhere,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidget(inside)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.scroll.setFocusPolicy(Qt.NoFocus)
        self.previous, self.next = QPushButton("‹"), QPushButton("Next chapter ›")
        self.previous.setObjectName("lecture_previous")
        self.previous.setAccessibleName("Previous chapter")
        self.previous.setToolTip("The chapter before (PageUp).")
        self.next.setObjectName("lecture_next")
        self.next.setToolTip("The next chapter (PageDown).")
        self.previous.clicked.connect(lambda: self.moved.emit(-1))
        self.next.clicked.connect(lambda: self.moved.emit(1))
        self.clear = QToolButton()
        self.clear.setObjectName("lecture_clear")
        self.clear.setProperty("role", "tab")
        self.clear.setText("Clear my answers")
        self.clear.setToolTip("Forget all guesses; they are kept on this machine alone.")
        self.clear.clicked.connect(self.cleared)
        self.close_button = QToolButton()
        self.close_button.setObjectName("lecture_close")
        self.close_button.setProperty("role", "tab")
        self.close_button.setText("Close")
        self.close_button.setToolTip("Close the lecture; it is there again with L, where you left it.")
        self.close_button.clicked.connect(self.closed)
        buttons, small = QHBoxLayout(), QHBoxLayout()
        buttons.setContentsMargins(16, 0, 14, 0)
        buttons.addWidget(self.previous)
        buttons.addWidget(self.next, 1)
        small.setContentsMargins(10, 0, 10, 0)
        small.addWidget(self.clear)
        small.addStretch(1)
        small.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 6)
        layout.setSpacing(6)
        layout.addWidget(self.scroll, 1)
        layout.addLayout(buttons)
        layout.addLayout(small)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Sizes; the style sheet does the colours."""
        self._theme = theme
        self.setFixedWidth(theme.px(WIDTH))
        self.question.set_theme(theme)
        self.elsewhere.set_theme(theme)
        self._draw_knobs()

    def show_chapter(
        self, chapter: Chapter, of: int, answers: Answers, knobs: dict[str, str], following: str = ""
    ) -> None:
        """Show a chapter with what was answered in it before.

        ``knobs``: the labels of those that it is about; ``following``: the title of the next one.
        """
        is_another = self._chapter is None or self._chapter.number != chapter.number
        self._chapter, self._knobs = chapter, knobs
        self.count.setText(f"CHAPTER {chapter.number} OF {of}")
        self.title.setText(escape(chapter.title))
        self.formula.setText(escape(chapter.formula))
        self.look.setText(_rich(chapter.look))
        self.happened.setText(_rich(chapter.happened))
        self.short.setText(f"<b>{_rich(chapter.short)}</b>")
        self._draw_knobs()
        self.question.show_question(chapter.question, answers.guess, answers.truth)
        self.elsewhere.show_question(chapter.transfer, answers.elsewhere_guess, answers.elsewhere_truth)
        self._open(answers.truth is not None)
        self.previous.setVisible(chapter.number > 1)
        self.previous.setText("‹" if chapter.number < of else "‹ Previous chapter")
        self.next.setVisible(chapter.number < of)
        self._following = following
        self._name_next()
        if is_another:
            self.scroll.verticalScrollBar().setValue(0)

    def show_truth(self, truth: float, is_elsewhere: bool) -> None:
        """A run has said what was asked for."""
        (self.elsewhere if is_elsewhere else self.question).show_truth(truth)
        if not is_elsewhere:
            self._open(True)
        self._answered = self.elsewhere if is_elsewhere else self.question
        self._scrolling.start()

    def _scroll_there(self) -> None:
        if self._answered is not None:
            self.scroll.ensureWidgetVisible(self._answered.verdict, 0, self._theme.px(40))

    def _open(self, is_known: bool) -> None:
        for part in (*self._heads, self.happened, self.short, self.elsewhere):
            part.setVisible(is_known)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_next()

    def _name_next(self) -> None:
        """The next chapter's title, as far as there is room for it."""
        room = self.next.width() - self._theme.px(34)
        title = self.next.fontMetrics().elidedText(self._following, Qt.ElideRight, room - self._theme.px(50))
        self.next.setText(f"Next: {title} ›" if self._following else "Next chapter ›")
        self.next.setAccessibleName(f"Next chapter: {self._following}")

    def _draw_knobs(self) -> None:
        if self._chapter is None:
            return
        links = [
            f"<a href='{name}' style='color:{self._theme.accent}'>{escape(label)}</a>"
            for name, label in self._knobs.items()
        ]
        self.knobs.setText(f"To play with: {', '.join(links)}" if links else "")
        self.knobs.setVisible(bool(links))


def _rich(text: str) -> str:
    """A chapter's Markdown, which has paragraphs and *emphasis* alone."""
    marked = re.sub(r"\*([^*\n]+)\*", r"<i>\1</i>", escape(text).replace("\n\n", "<br><br>"))
    return marked.replace("\n", " ")
