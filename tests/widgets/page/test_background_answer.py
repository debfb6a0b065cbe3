"""What is computed beside the training is asked for once, waited for, and asked for again when it is stale."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt5.QtWidgets import QWidget

from engine.frames import Analysis
from tests.widgets.hand_made import one_parameter
from widgets.page.background_answer import BackgroundAnswer, Pace

FRAME = one_parameter(steps=10)


def at(step: int, run: int = 1):
    return replace(FRAME, run=run, step=step)


class Asking(QWidget):
    """A BackgroundAnswer, with the questions that it asked and the answers that it showed."""

    def __init__(self, **options) -> None:
        super().__init__()
        self.asked: list[dict] = []
        self.shown: list[object] = []
        self.subject = "here"
        self.answer = BackgroundAnswer(
            "slice", lambda analysis: self.shown.append(analysis.result), self, self._arguments, **options
        )
        self.answer.asked.connect(lambda _, arguments: self.asked.append(arguments))

    def _arguments(self) -> dict:
        return {"of": self.subject}

    def see(self, step: int, run: int = 1, **subject) -> None:
        self.answer.follow(at(step, run))
        self.answer.want(**subject)

    def reply(self, result: object, run: int = 1, name: str = "slice", **arguments) -> bool:
        return self.answer.take(Analysis(run, 0, name, arguments or {"of": self.subject}, result))


@pytest.fixture
def made(qapp):
    made: list[Asking] = []

    def make(**options) -> Asking:
        made.append(Asking(**options))
        return made[-1]

    yield make
    for asking in made:
        asking.close()
        asking.deleteLater()


def test_one_question_is_open_at_a_time_and_the_newest_subject_is_asked_about_next(made):
    asking = made()
    for key in (1, 2, 3):
        asking.subject = key
        asking.see(0, key=key)
    assert asking.asked == [{"of": 1}]
    assert asking.reply("of 1", of=1)
    assert asking.shown == ["of 1"]
    assert asking.asked == [{"of": 1}, {"of": 3}]
    asking.reply("of 3", of=3)
    asking.see(1, key=3)
    assert len(asking.asked) == 2, "it is known"


def test_a_newer_moment_is_asked_about_when_its_time_has_come(qtbot, made):
    asking = made(pace=Pace(between=0.1))
    asking.see(0, moment=0)
    asking.reply("first")
    asking.see(1, moment=1)
    assert len(asking.asked) == 1
    qtbot.waitUntil(lambda: len(asking.asked) == 2)


def test_another_key_is_not_kept_waiting_by_the_pace(made):
    asking = made(pace=Pace(between=60))
    asking.see(0, key="old", moment=0)
    asking.reply("first")
    asking.see(1, key="new", moment=1)
    assert len(asking.asked) == 2


def test_an_answer_of_another_run_or_another_question_is_not_shown(made):
    asking = made()
    asking.see(5)
    assert not asking.reply("of the run before", run=0)
    assert not asking.reply("other", name="curvature")
    assert not asking.reply("for a file", of="here", save_to="a.png")
    assert asking.shown == []
    assert asking.reply("this")
    assert not asking.reply("this again"), "nobody has asked"


def test_a_run_that_starts_over_asks_anew_and_so_does_another_run(made):
    asking = made()
    asking.see(50)
    asking.see(0)
    assert len(asking.asked) == 2
    asking.reply("of the new start")
    asking.see(0, run=2)
    assert len(asking.asked) == 3
    assert not asking.reply("of run 1")
    assert asking.shown == ["of the new start"]


def test_what_outlives_its_run_is_asked_for_again_only_where_the_answer_was_lost(made):
    asking = made(outlives_runs=True)
    asking.see(9, run=1)
    asking.see(0, run=2)
    assert len(asking.asked) == 2, "the run before has taken the question with it"
    asking.reply("the gallery", run=2)
    asking.see(0, run=3)
    assert len(asking.asked) == 2


def test_nothing_is_asked_while_nobody_would_see_the_answer(made):
    asking = made(only_seen=True)
    asking.see(0)
    assert asking.asked == []
    asking.show()
    assert len(asking.asked) == 1
    asking.reply("seen")
    asking.hide()
    asking.see(1, key="another")
    assert len(asking.asked) == 1


def test_nothing_is_asked_before_its_time_nor_where_nothing_is_wanted(qtbot, made):
    asking = made(wait=0.1)
    asking.see(0, key=None)
    asking.see(1)
    assert asking.asked == []
    qtbot.waitUntil(lambda: len(asking.asked) == 1)


def test_a_question_without_an_answer_is_given_up_in_the_end(qtbot, made, monkeypatch):
    monkeypatch.setattr("widgets.page.background_answer.LOST_SECONDS", 0.1)
    asking = made()
    asking.see(0)
    qtbot.waitUntil(lambda: len(asking.asked) == 2)
