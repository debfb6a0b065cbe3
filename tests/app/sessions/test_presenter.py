"""F5 before an audience: one screen is filled, of two theirs has the picture; a clicker's keys do the rest."""

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QApplication

from engine.lecture import chapters
from engine.run.states import State
from tests.app.sessions.windows import PATIENCE, session_of

pytestmark = pytest.mark.engine


@pytest.fixture
def lecture(qtbot, opened):
    """The application with its lecture at the first chapter."""
    application = opened("landscape/first-descent")
    desk, window = application.lecture, application.window
    desk._settings.remove("lecture")
    desk._number = 0
    desk._told.clear()
    window.lecture_requested.emit()
    yield application
    application.presenter.leave()
    desk.close()
    desk._settings.remove("lecture")


def colours(widget) -> set[int]:
    image = widget.grab().toImage()
    return {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}


def test_with_one_screen_the_picture_fills_it_and_escape_leaves(qtbot, lecture):
    window = lecture.window
    qtbot.keyClick(window, Qt.Key_F5)
    assert window.isFullScreen()
    assert not window.menuBar().isVisible()
    assert not window.lecture_panel.isVisible(), "the notes are the lecturer's"
    qtbot.waitUntil(lambda: chapters()[0].question.ask in window.page.header.message(), timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key_B)
    assert colours(lecture.presenter.cover) == {QColor(Qt.black).rgb()}
    qtbot.keyClick(window, Qt.Key_Escape)
    assert not lecture.presenter.cover.isVisible()
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key_Escape)
    assert not window.isFullScreen()
    assert window.menuBar().isVisible()
    assert window.lecture_panel.isVisible()


def test_a_clicker_takes_the_hall_through_a_chapters_stages(qtbot, lecture):
    window, session = lecture.window, session_of(lecture)
    qtbot.keyClick(window, Qt.Key_F5)
    qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.READY, timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key_PageDown)
    qtbot.waitUntil(lambda: chapters()[0].short in window.page.header.message(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.page.frame.step > 0, timeout=PATIENCE)
    assert lecture.lecture.chapter.number == 1
    qtbot.keyClick(window, Qt.Key_PageDown)
    assert lecture.lecture.chapter.number == 2
    assert "guess" not in lecture.lecture._settings.value("lecture/answers", ""), "nobody has guessed"


def test_another_screen_has_the_picture_the_costs_and_the_question(qtbot, lecture):
    window, presenter, session = lecture.window, lecture.presenter, session_of(lecture)
    presenter._is_on = True
    presenter._show_on(QApplication.primaryScreen())
    presenter._drawing.start()
    audience = presenter.audience
    qtbot.waitUntil(lambda: chapters()[0].question.ask in audience.words.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.READY, timeout=PATIENCE)
    session.step(20)
    qtbot.waitUntil(lambda: session.page.frame.step == 20, timeout=PATIENCE)
    qtbot.waitUntil(lambda: presenter._frame is session.page.frame, timeout=PATIENCE)
    assert window.lecture_panel.isVisible(), "the notes stay on the lecturer's screen"
    assert len(colours(audience)) > 10
    window.freeze_requested.emit()
    before = np.array(sorted(colours(audience.cover)))
    session.step(3)
    qtbot.waitUntil(lambda: presenter._frame is session.page.frame, timeout=PATIENCE)
    np.testing.assert_array_equal(np.array(sorted(colours(audience.cover))), before)
    window.show_page("regression")
    qtbot.waitUntil(
        lambda: presenter._frame is not None and presenter._frame.experiment == "regression", timeout=PATIENCE
    )
    presenter.leave()
    assert presenter.audience is None
    assert window.page.frame is not None
