"""LectureDesk: the lecture beside the pages: which chapter is open, what was guessed, and what the runs say to it.

A guess opens its run, which plays; when it has ended, the engine's thread is asked what came of it. Answers stay on
this machine, in the settings.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Any

from PyQt5 import sip
from PyQt5.QtCore import QObject, QSettings, QTimer

from app.sessions.session import Session
from app.window.window import MainWindow
from engine.knobs import KnobError, knobs_of
from engine.lecture import Asked, Chapter, LectureError, chapters
from engine.run.spec import RunSpec
from engine.run.states import State
from engine.scenes import scenes
from engine.training.run_settings import SPEEDS
from widgets.page.lecture_panel import Answers
from widgets.plotting.guess_layer import GuessLayer, Kind

LOOK_MILLISECONDS = 100  # between two looks at whether the run has come so far
MOST_SECONDS = 15.0  # that a descent of a chapter may take; a faster speed is chosen for a longer one
KNOWN_AT_ONCE = ("first_cost", "parameters")  # and where a descent starts: known before the first step
ANSWERS, CHAPTER = "lecture/answers", "lecture/chapter"


@dataclass(frozen=True)
class _Trial:
    """A guess whose run is on its way."""

    chapter: Chapter
    asked: Asked
    is_elsewhere: bool
    session: Session


class LectureDesk(QObject):
    """Fills the window's lecture panel and carries out what it asks for."""

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session], settings: QSettings | None = None) -> None:
        super().__init__(window)
        self._window, self._sessions = window, sessions
        self._panel = window.lecture_panel
        self._settings = settings or QSettings()
        self._number = 0  # of the chapter that is open; 0 before one was
        self._trial: _Trial | None = None
        self._plays = self._is_asked = self._is_open = False
        self._told: set[str] = set()  # chapters whose run was carried out before an audience, without a guess
        self.is_presented: Callable[[], bool] = lambda: False
        self.has_notes: Callable[[], bool] = lambda: True  # whether the lecturer has a screen for them
        self._first_cost = float("nan")
        self._tokens = itertools.count(1)
        self._token = 0
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MILLISECONDS)
        self._looking.timeout.connect(self._look)
        self._waiting = QTimer(self)  # for the chapter's scene to be shown
        self._waiting.setInterval(LOOK_MILLISECONDS)
        self._waiting.timeout.connect(self._offer_to_draw)
        for session in sessions.values():
            session.host.lanes.reported.connect(self._take)
        window.lecture_requested.connect(self.toggle)
        window.chapter_requested.connect(self._open)
        window.next_chapter_requested.connect(lambda: self.move(1))
        window.previous_chapter_requested.connect(lambda: self.move(-1))
        window.closing.connect(self._looking.stop)
        window.closing.connect(self._waiting.stop)
        self._panel.moved.connect(self.move)
        self._panel.closed.connect(self.close)
        self._panel.guessed.connect(self._guess)
        self._panel.cleared.connect(self._clear)
        self._panel.knob_wanted.connect(self._point_at)
        self._panel.question.changed.connect(self._draw_guess)
        self._drawn: tuple[GuessLayer, ...] = ()  # where a hand can draw the guess

    @property
    def chapter(self) -> Chapter | None:
        """The chapter that is open, or was last."""
        return chapters()[self._number - 1] if self._number else None

    def toggle(self) -> None:
        """Open the lecture where it was left, or close it."""
        if self._is_open:
            self.close()
        else:
            self._open(self._number or self._kept_number())

    def words_for_the_hall(self) -> str:
        """What an audience reads of the chapter that is open: its question, and once that is answered, it in short."""
        if self.chapter is None or not self._is_open:
            return ""
        answers = self._answers(self.chapter)
        chapter = self.chapter
        words = chapter.question.ask if not self._is_told(answers) else chapter.short
        return f"<b>{escape(chapter.title)}.</b> {escape(words)}".replace("*", "")

    def move(self, by: int) -> None:
        """So many chapters on; opens the lecture where it was left. Before an audience a run comes in between."""
        if not self._is_open:
            self.toggle()
        elif by > 0 and self.is_presented() and not self._is_told(self._answers(self.chapter)):
            if self._trial is None:
                self._carry_out()
        elif 1 <= self._number + by <= len(chapters()):
            self._open(self._number + by)

    def close(self) -> None:
        """The page has the room again; the run goes on as it is."""
        self._is_open = False
        self._window.show_lecture(False)
        self._glow(())
        self._let_go()

    def _open(self, number: int) -> None:
        self._is_open = True
        self._window.show_lecture(self.has_notes())
        is_another, self._number = number != self._number, number
        self._settings.setValue(CHAPTER, number)
        self._show()
        if is_another:
            self._trial = None
            self._looking.stop()
            self._let_go()
            session = self._begin(scenes()[self.chapter.scene], plays=False)
            self._waiting.start()
            session.page.prediction.gate = self._lets_play
        self._glow(self.chapter.knobs)

    def _let_go(self) -> None:
        """No page waits for a guess, and none is drawn."""
        self._waiting.stop()
        for session in self._sessions.values():
            if session.page.prediction.gate is not None:
                session.page.prediction.gate = None
                session.page.prediction.end()
        self._drawn = ()

    def _lets_play(self) -> bool:
        """Play waits for the chapter's guess, and then carries out the guess's run."""
        if self.chapter is None or self._answers(self.chapter).guess is not None or self.is_presented():
            return True
        if not self._panel.question.commit():
            self._window.page.show_notice("First your guess, beside the picture or in it; then press Play.")
        return False

    def _offer_to_draw(self) -> None:
        """Once the chapter's scene is shown, a hand can draw the guess where the question is about a place in it."""
        session, kind = self._session, drawn_as(self.chapter.question)
        if kind is None or self._answers(self.chapter).guess is not None:
            self._waiting.stop()
            return
        if session.is_up_to_date and session.state in (State.READY, State.PAUSED) and session.page.frame is not None:
            self._waiting.stop()
            self._drawn = session.page.prediction.draw_in(kind)
            for layer in self._drawn:
                layer.drawn.connect(lambda layer=layer: self._panel.question.take(float(layer.value[0])))

    def _draw_guess(self, value: float) -> None:
        for layer in self._drawn:
            if not sip.isdeleted(layer) and layer.is_open and not layer.is_held:
                layer.show_value([value])

    @property
    def _session(self) -> Session:
        return self._sessions[scenes()[self.chapter.scene].experiment]

    def _show(self) -> None:
        chapter = self.chapter
        labels = {knob.name: knob.label for knob in knobs_of(type(scenes()[chapter.scene].settings))}
        named = {name: labels[name] for name in chapter.knobs}
        following = next((one.title for one in chapters() if one.number == chapter.number + 1), "")
        self._panel.show_chapter(chapter, len(chapters()), self._answers(chapter), named, following)

    def _begin(self, spec: RunSpec, plays: bool) -> Session:
        session = self._sessions[spec.experiment]
        self._window.show_page(spec.experiment)
        session.open_spec(spec, plays)
        return session

    def _glow(self, knobs: tuple[str, ...]) -> None:
        for session in self._sessions.values():
            session.page.knob_panel.glow(knobs if session.page is self._window.page else ())

    def _point_at(self, knob: str) -> None:
        self._window.show_panels()
        self._window.page.knob_panel.open_at(knob)
        self._glow(self.chapter.knobs if self.chapter is not None else ())

    def _is_told(self, answers: Answers) -> bool:
        return answers.truth is not None or self.chapter.name in self._told

    def _carry_out(self) -> None:
        """The chapter's run without a guess: the hall has made its guesses aloud."""
        self._told.add(self.chapter.name)
        self._try(self.chapter.question, is_elsewhere=False)

    def _guess(self, value: float, is_elsewhere: bool) -> None:
        chapter = self.chapter
        asked = chapter.transfer if is_elsewhere else chapter.question
        answers = self._answers(chapter)
        kept = {"elsewhere_guess": value, "elsewhere_truth": None} if is_elsewhere else {"guess": value, "truth": None}
        self._keep(chapter, replace(answers, **kept))
        self._try(asked, is_elsewhere)

    def _try(self, asked: Asked, is_elsewhere: bool) -> None:
        chapter = self.chapter
        session = self._begin(_long_enough(asked, asked.spec(chapter.scene)), plays=False)
        self._trial = _Trial(chapter, asked, is_elsewhere, session)
        for layer in self._drawn:
            if not sip.isdeleted(layer):
                layer.close()
        self._plays = self._is_asked = False
        self._looking.start()

    def _look(self) -> None:
        trial = self._trial
        if trial is None:
            self._looking.stop()
            return
        session, frame = trial.session, trial.session.page.frame
        if not session.is_up_to_date or session.state is State.LOADING or frame is None or self._is_asked:
            return
        if not self._plays:
            if frame.step == 0 and session.state in (State.READY, State.PAUSED):
                self._first_cost, self._plays = frame.cost, True
                session.play()
            return
        is_known = trial.asked.of in KNOWN_AT_ONCE or trial.asked.of.endswith(".start")
        if trial.asked.value is not None:
            self._tell(trial, trial.asked.value)
        elif is_known or session.state in (State.FINISHED, State.DIVERGED):
            self._is_asked, self._token = True, next(self._tokens)
            session.report_requested.emit(self._token)

    def _take(self, outcome: Mapping[str, Any], token: int) -> None:
        trial = self._trial
        if trial is None or token != self._token or not self._is_asked:
            return
        try:
            truth = trial.asked.truth({**outcome, "first_cost": self._first_cost})
        except (LectureError, TypeError):  # a cost that is no number
            trial.session.page.show_problem("This run has left the number range; press R, or try another guess.")
            self._trial = None
            return
        self._tell(trial, truth)

    def _tell(self, trial: _Trial, truth: float) -> None:
        self._trial = None
        self._looking.stop()
        kept = {"elsewhere_truth": truth} if trial.is_elsewhere else {"truth": truth}
        answers = self._answers(trial.chapter)
        if trial.is_elsewhere or answers.guess is not None:
            self._keep(trial.chapter, replace(answers, **kept))
        if self.chapter is trial.chapter:
            self._panel.show_truth(truth, trial.is_elsewhere)

    def _clear(self) -> None:
        self._settings.remove(ANSWERS)
        if self.chapter is not None:
            self._show()

    def _kept_number(self) -> int:
        try:
            return min(len(chapters()), max(1, int(self._settings.value(CHAPTER, 1))))
        except (TypeError, ValueError):
            return 1

    def _kept(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._settings.value(ANSWERS, "{}"))
        except (TypeError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _answers(self, chapter: Chapter) -> Answers:
        kept = self._kept().get(chapter.name, {})
        known = kept if isinstance(kept, dict) else {}
        return Answers(**{name: _number_or_none(known.get(name)) for name in asdict(Answers())})

    def _keep(self, chapter: Chapter, answers: Answers) -> None:
        self._settings.setValue(ANSWERS, json.dumps(self._kept() | {chapter.name: asdict(answers)}))


def drawn_as(asked: Asked) -> Kind | None:
    """What a hand can draw in the scene's own picture in answer to this, if it is asked of that scene as it is."""
    if asked.scene or asked.set or asked.value is not None or asked.times != 1.0:
        return None
    if re.fullmatch(r"runners\.\d+\.end", asked.of):
        return Kind.ALONG
    return Kind.HEIGHT if re.fullmatch(r"cost|runners\.\d+\.cost", asked.of) else None


def _number_or_none(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _steps_of(settings: Any) -> int:
    """How many steps a run has, as nearly as its knobs say it."""
    if hasattr(settings, "steps"):
        return settings.steps
    points = getattr(settings, "points", 1)
    return settings.epochs * max(1, points // min(settings.batch_size, points))


def _long_enough(asked: Asked, spec: RunSpec) -> RunSpec:
    """The run, as long as is asked for, and so fast that nobody waits for long."""
    moved: dict[str, Any] = {}
    if asked.steps:
        moved["steps"] = asked.steps
    if asked.epochs:
        moved["epochs"] = asked.epochs
    try:
        spec = spec.with_knobs(moved)
    except KnobError:
        return spec
    steps, speed = _steps_of(spec.settings), spec.settings.speed
    if speed != "max" and steps > MOST_SECONDS * float(speed):
        faster = next((name for name in SPEEDS if name != "max" and steps <= MOST_SECONDS * float(name)), "max")
        spec = spec.with_knobs({"speed": faster})
    return spec
