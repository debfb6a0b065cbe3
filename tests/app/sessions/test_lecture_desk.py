"""The lecture beside the pages: a guess opens its run, and what that has said stands beside the guess."""

import json

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAbstractButton, QLabel, QLineEdit, QSlider

from engine.lecture import chapters
from engine.run.states import State
from tests.app.commands.outcomes import outcome_of
from tests.app.sessions.windows import PATIENCE, session_of

pytestmark = pytest.mark.engine


@pytest.fixture
def lecture(opened, qtbot):
    """The application with its lecture open at the first chapter, as for somebody who never had it open."""
    application = opened("landscape/first-descent")
    desk = application.lecture
    desk._settings.remove("lecture")
    desk._number = 0
    application.window.lecture_requested.emit()
    yield application, desk
    desk.close()
    desk._settings.remove("lecture")


def part(application, name: str, kind=QLabel):
    return application.window.lecture_panel.findChild(kind, name)


def guess(qtbot, application, text: str, box: str = "lecture_question") -> None:
    field = part(application, f"{box}_field", QLineEdit)
    field.setText(text)
    qtbot.keyClick(field, Qt.Key_Return)


def go_to(qtbot, application, number: int) -> None:
    while application.lecture.chapter.number != number:
        application.window.next_chapter_requested.emit()


def test_a_chapter_opens_its_scene_waiting_and_points_at_its_knobs(qtbot, lecture):
    application, _ = lecture
    session = session_of(application)
    assert part(application, "lecture_title").text() == chapters()[0].title
    assert session.spec.scene == chapters()[0].scene
    qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.READY, timeout=PATIENCE)
    rows = session.page.knob_panel._rows
    assert {name for name, row in rows.items() if row.property("glows")} == set(chapters()[0].knobs)
    assert part(application, "lecture_happened").isHidden(), "what happened is told after the guess"
    application.window.lecture_requested.emit()
    assert not application.window.lecture_panel.isVisible()
    assert not any(row.property("glows") for row in rows.values())


@pytest.mark.parametrize("number", [1, 9])
def test_a_guess_is_compared_with_what_its_run_says(qtbot, lecture, number):
    application, desk = lecture
    go_to(qtbot, application, number)
    chapter = desk.chapter
    truth = chapter.question.truth(outcome_of(chapter.question, chapter.scene))
    guess(qtbot, application, str(round(truth + 2 * chapter.question.tolerance, 6)))
    verdict = part(application, "lecture_question_verdict")
    qtbot.waitUntil(lambda: verdict.text().startswith("Nearly: the run says"), timeout=PATIENCE)
    assert not part(application, "lecture_happened").isHidden()
    kept = json.loads(desk._settings.value("lecture/answers"))[chapter.name]
    assert kept["truth"] == pytest.approx(truth, rel=0.01)


def test_a_question_elsewhere_opens_another_place(qtbot, lecture):
    application, desk = lecture
    guess(qtbot, application, "0.7")
    verdict = part(application, "lecture_question_verdict")
    qtbot.waitUntil(lambda: verdict.text().startswith("Right"), timeout=PATIENCE)
    elsewhere = desk.chapter.transfer
    truth = elsewhere.truth(outcome_of(elsewhere, desk.chapter.scene))
    guess(qtbot, application, f"{truth:.4f}", "lecture_elsewhere")
    assert session_of(application).spec.settings.start == (-0.5,)
    verdict = part(application, "lecture_elsewhere_verdict")
    qtbot.waitUntil(lambda: verdict.text().startswith("Right"), timeout=PATIENCE)


def test_what_is_no_number_is_one_sentence_and_opens_nothing(qtbot, lecture):
    application, _ = lecture
    run = session_of(application)._asked
    guess(qtbot, application, "about half")
    panel = application.window.lecture_panel
    assert panel.question.problem.isVisible()
    assert "type a number" in panel.question.problem.text()
    assert session_of(application)._asked == run


def test_a_drag_is_a_guess_too_and_the_field_says_it(qtbot, lecture):
    application, _ = lecture
    part(application, "lecture_question_slider", QSlider).setValue(400)
    assert part(application, "lecture_question_field", QLineEdit).text() == "1.7"


def test_answers_are_there_again_and_one_click_clears_them(qtbot, lecture):
    application, desk = lecture
    guess(qtbot, application, "0.7")
    verdict = part(application, "lecture_question_verdict")
    qtbot.waitUntil(lambda: verdict.text().startswith("Right"), timeout=PATIENCE)
    application.window.next_chapter_requested.emit()
    assert part(application, "lecture_happened").isHidden()
    application.window.previous_chapter_requested.emit()
    assert verdict.text().startswith("Right")
    desk.close()
    application.window.lecture_requested.emit()
    assert desk.chapter.number == 1, "left where one was"
    part(application, "lecture_clear", QAbstractButton).click()
    assert part(application, "lecture_question_field", QLineEdit).text() == ""
    assert part(application, "lecture_happened").isHidden()


def test_settings_that_somebody_has_spoilt_are_none(lecture):
    _, desk = lecture
    for answers, chapter in (("[1]", "x"), ('{"cost": 3}', -5), ("nonsense", 99)):
        desk._settings.setValue("lecture/answers", answers)
        desk._settings.setValue("lecture/chapter", chapter)
        assert 1 <= desk._kept_number() <= len(chapters())
        assert desk._answers(chapters()[0]).guess is None


def test_play_waits_for_the_chapters_guess_which_a_hand_can_draw_in_the_picture(qtbot, lecture):
    application, desk = lecture
    go_to(qtbot, application, 3)
    session = session_of(application)
    qtbot.waitUntil(lambda: bool(desk._drawn), timeout=PATIENCE)
    application.window.page.toggle_play()
    assert session.state is State.READY
    assert "First your guess" in application.window.page.header.message()
    (layer,) = desk._drawn
    layer.show_value([0.25])
    layer.drawn.emit()
    assert part(application, "lecture_question_field", QLineEdit).text() == "0.25"
    part(application, "lecture_question_slider", QSlider).setValue(300)
    assert layer.value[0] == pytest.approx(float(part(application, "lecture_question_field", QLineEdit).text()))
    application.window.page.toggle_play()
    qtbot.waitUntil(lambda: session.state is State.FINISHED, timeout=PATIENCE)
    qtbot.waitUntil(lambda: part(application, "lecture_happened").isVisible(), timeout=PATIENCE)
