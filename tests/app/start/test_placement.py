"""The window stands on a screen that is there, all of it, whatever was remembered."""

import pytest
from PyQt5.QtCore import QPoint, QRect, QSize, Qt
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QMainWindow

from app.window.placement import FRAME_GUESS, Placement, first_size, inside


@pytest.mark.parametrize("screen", [(1024, 600), (1280, 720), (1366, 768), (1920, 1080), (960, 540), (3840, 2160)])
def test_the_first_size_leaves_room_for_the_frame_on_every_screen(screen):
    screen = QSize(*screen)
    size = first_size(screen) + FRAME_GUESS
    assert size.width() <= screen.width()
    assert size.height() <= screen.height()
    assert size.width() >= min(1280, screen.width())


@pytest.mark.parametrize(
    "frame",
    [(2000, 100, 1280, 720), (-900, -50, 1280, 720), (0, 27, 1280, 800), (0, 0, 5000, 4000), (100, 700, 400, 300)],
)
def test_a_frame_that_is_outside_comes_inside_and_is_no_larger_than_it_was(frame):
    frame, available = QRect(*frame), QRect(0, 27, 1366, 741)
    fitting = inside(frame, available)
    assert available.contains(fitting)
    assert fitting.width() == min(frame.width(), available.width())
    assert fitting.height() == min(frame.height(), available.height())


def test_a_frame_that_is_inside_stays_where_it_is():
    frame = QRect(20, 40, 800, 500)
    assert inside(frame, QRect(0, 27, 1366, 741)) == frame


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_a_place_on_a_screen_that_is_gone_comes_back_on_one_that_is_there(window, qtbot):
    window.resize(700, 500)
    window.move(QPoint(5000, 3000))
    window.show()
    remembered = window.saveGeometry()
    window.hide()

    again = QMainWindow()
    qtbot.addWidget(again)
    placement = Placement(again)
    placement.place(remembered)
    again.show()
    placement.shown()
    available = QGuiApplication.primaryScreen().availableGeometry()
    qtbot.waitUntil(lambda: available.contains(again.frameGeometry()), timeout=60_000)


def test_a_window_that_was_closed_in_full_screen_opens_in_a_frame(window, qtbot):
    window.resize(700, 500)
    window.showFullScreen()
    remembered = window.saveGeometry()
    again = QMainWindow()
    qtbot.addWidget(again)
    Placement(again).place(remembered)
    again.show()
    assert not again.isFullScreen()
    assert not again.windowState() & Qt.WindowFullScreen
