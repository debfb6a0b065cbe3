"""Keys on the window itself: whose they are, and where the focus goes. No engine is needed: the intents are heard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QKeyEvent, QKeySequence, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QAbstractSlider,
    QAction,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QToolButton,
    QWidget,
)

from app.window.actions import ACTIONS
from app.window.window import MainWindow
from engine.run.states import State
from engine.scenes import scenes
from tests.app.sessions.windows import no_timer_runs
from tests.widgets.hand_made import one_parameter
from widgets.style.application import apply_theme
from widgets.style.theme import DARK

SCENE = "landscape/one-parameter"
# what the platform without a screen says of a list that opens
NO_KEYBOARD = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(scope="module")
def window_of_all(qapp, no_window_is_left_behind_by_the_module) -> Iterator[MainWindow]:
    """To make one takes a second or two, and no key leaves anything in it that ``window`` doesn't put back."""
    apply_theme(qapp, DARK)
    window = MainWindow(DARK)
    interval = qapp.keyboardInputInterval()
    qapp.setKeyboardInputInterval(0)  # else a letter goes on with the word that the test before has begun in a list
    yield window
    qapp.setKeyboardInputInterval(interval)
    window.close()
    window.deleteLater()


@pytest.fixture
def window(qtbot, window_of_all) -> Iterator[MainWindow]:
    window = window_of_all
    window.showNormal()
    window.show_page("landscape")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    page = window.page
    page.show_spec(scenes()[SCENE])
    page.show_frame(one_parameter())
    page.show_state(State.PAUSED)
    page.setFocus()
    yield window
    qtbot.waitUntil(lambda: no_timer_runs(window), timeout=60_000)


@pytest.fixture
def heard(window) -> list[tuple]:
    """What the page in front asks for, as it is asked."""
    told: list[tuple] = []
    page = window.page
    for word in ("play", "pause", "step", "epoch", "reset"):
        getattr(page, f"{word}_requested").connect(lambda word=word: told.append((word,)))
    page.knob_changed.connect(lambda *knob: told.append(knob))
    page.scene_requested.connect(lambda name: told.append(("scene", name)))
    return told


def control(window, name: str, kind: type = QWidget):
    found = window.page.findChild(kind, name)
    assert found is not None, name
    return found


def value_field(window, knob: str) -> QLineEdit:
    return control(window, knob).findChild(QLineEdit)


def press(key: int, modifiers=Qt.NoModifier) -> None:
    """A key as the window system sends it: to what has the focus, which is asked before the shortcuts are."""
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def hold(key: int, times: int = 20, is_told: bool = True) -> None:
    """A key that is held down, which QTest doesn't do.

    A repetition is a release and a press at the same time; ``is_told``: Qt calls it one. On X it often doesn't.
    """
    for number in range(times):
        pressed = QKeyEvent(
            QEvent.KeyPress, key, Qt.NoModifier, " " if key == Qt.Key_Space else "", is_told and number > 0
        )
        pressed.setTimestamp(1000 + 40 * number)
        if not _is_taken_by_a_shortcut(QApplication.focusWidget(), pressed):
            QApplication.sendEvent(QApplication.focusWidget(), pressed)
        released = QKeyEvent(QEvent.KeyRelease, key, Qt.NoModifier, pressed.text(), is_told and number < times - 1)
        released.setTimestamp(1000 + 40 * (number + 1))
        QApplication.sendEvent(QApplication.focusWidget(), released)


def _is_taken_by_a_shortcut(widget: QWidget, event: QKeyEvent) -> bool:
    """As Qt goes about it: the control is asked first; an action that doesn't repeat swallows repetitions."""
    asked = QKeyEvent(QEvent.ShortcutOverride, event.key(), event.modifiers(), event.text(), event.isAutoRepeat())
    asked.setTimestamp(event.timestamp())
    asked.ignore()
    QApplication.sendEvent(widget, asked)
    if asked.isAccepted():
        return False
    for action in widget.window().findChildren(QAction):
        if QKeySequence(event.key()) in action.shortcuts():
            if action.autoRepeat() or not event.isAutoRepeat():
                action.trigger()
            return True
    return False


class TestSpaceAndReturn:
    def test_space_plays_where_no_control_has_the_focus(self, window, heard):
        press(Qt.Key_Space)
        assert heard == [("play",)]

    @pytest.mark.parametrize("key", [Qt.Key_Space, Qt.Key_Return, Qt.Key_Enter])
    def test_a_button_with_the_focus_is_pressed(self, window, heard, key):
        control(window, "step", QPushButton).setFocus(Qt.TabFocusReason)
        press(key)
        assert heard == [("step",)]

    @pytest.mark.parametrize("key", [Qt.Key_Space, Qt.Key_Return])
    def test_a_switch_with_the_focus_is_switched_and_nothing_plays(self, window, heard, key):
        window.page.show_spec(scenes()["landscape/two-parameters"])
        switch = control(window, "basins")
        section = window.page.findChild(QToolButton, "section_compare")
        section.setChecked(True)
        switch.setFocus(Qt.TabFocusReason)
        press(key)
        assert heard == [("basins", True)]

    @NO_KEYBOARD
    @pytest.mark.parametrize("key", [Qt.Key_Space, Qt.Key_Return])
    def test_a_drop_down_with_the_focus_opens(self, window, heard, key):
        box = control(window, "scene", QComboBox)
        box.setFocus(Qt.TabFocusReason)
        press(key)
        assert box.view().isVisible()
        assert heard == []
        box.hidePopup()

    def test_a_space_in_a_field_is_typed(self, window, heard):
        field = value_field(window, "start")
        field.setFocus()
        QTest.keyClicks(field, "0.5 R[")
        assert field.text() == "0.5 R["
        assert heard == []

    def test_a_click_on_a_button_leaves_the_keys_to_the_picture(self, window, heard):
        QTest.mouseClick(control(window, "step"), Qt.LeftButton)
        press(Qt.Key_Space)
        assert heard == [("step",), ("play",)]

    def test_a_click_on_a_button_enters_what_was_typed(self, window, heard):
        field = value_field(window, "learning_rate")
        QTest.mouseClick(field, Qt.LeftButton)
        field.selectAll()
        QTest.keyClicks(field, "0.01")
        QTest.mouseClick(control(window, "step"), Qt.LeftButton)
        assert heard == [("learning_rate", 0.01), ("step",)]

    def test_a_switch_clicked_with_the_mouse_leaves_space_to_the_picture(self, window, heard):
        window.page.show_spec(scenes()["landscape/two-parameters"])
        window.page.findChild(QToolButton, "section_compare").setChecked(True)
        QTest.mouseClick(control(window, "basins"), Qt.LeftButton)
        press(Qt.Key_Space)
        assert heard == [("basins", True), ("play",)]


class TestWhereTheFocusGoes:
    def test_a_value_that_is_entered_gives_the_focus_back_to_the_picture(self, window, heard):
        field = value_field(window, "learning_rate")
        QTest.mouseClick(field, Qt.LeftButton)
        field.selectAll()
        QTest.keyClicks(field, "0.01")
        press(Qt.Key_Return)
        assert QApplication.focusWidget() is window.page
        press(Qt.Key_Space)
        assert heard == [("learning_rate", 0.01), ("play",)]

    def test_a_text_that_is_refused_keeps_the_focus_to_be_mended(self, window, heard):
        window.page.show_spec(scenes()["landscape/formula"])
        field = value_field(window, "formula")
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "sin(")
        press(Qt.Key_Return)
        assert QApplication.focusWidget() is field
        assert field.text() == "sin("
        assert heard == []

    @NO_KEYBOARD
    def test_a_choice_from_a_drop_down_gives_the_focus_back(self, window, heard):
        box = control(window, "speed", QComboBox)
        box.setFocus(Qt.TabFocusReason)
        press(Qt.Key_Space)
        press(Qt.Key_Down)
        press(Qt.Key_Return)
        assert not box.view().isVisible()
        assert QApplication.focusWidget() is window.page
        assert [name for name, *_ in heard] == ["speed"]

    def test_tab_goes_on_behind_the_control_that_was_left(self, window, heard):
        field = value_field(window, "learning_rate")
        field.setFocus(Qt.TabFocusReason)
        press(Qt.Key_Tab)
        following = QApplication.focusWidget()
        field.setFocus(Qt.TabFocusReason)
        QTest.keyClicks(field, "0.02")
        press(Qt.Key_Return)
        press(Qt.Key_Tab)
        assert QApplication.focusWidget() is following
        press(Qt.Key_Escape)
        press(Qt.Key_Backtab)
        assert QApplication.focusWidget() is field
        assert heard == [("learning_rate", 0.02)]

    def test_escape_puts_the_old_value_back_and_leaves_the_field(self, window, heard):
        field = value_field(window, "learning_rate")
        before = field.text()
        QTest.mouseClick(field, Qt.LeftButton)
        QTest.keyClicks(field, "77")
        press(Qt.Key_Escape)
        assert field.text() == before
        assert QApplication.focusWidget() is window.page
        assert heard == []

    def test_escape_puts_back_what_was_typed_over_a_points_start(self, window, heard):
        window.page.side_tabs.open("Points")
        field = control(window, "point_1_start", QLineEdit)
        before = field.text()
        field.setFocus()
        QTest.keyClicks(field, "0.7")
        press(Qt.Key_Escape)
        assert field.text() == before
        assert QApplication.focusWidget() is window.page
        assert heard == []

    def test_a_points_start_that_is_wrong_stays_to_be_mended_and_one_that_is_right_is_left(self, window, heard):
        window.page.side_tabs.open("Points")
        field = control(window, "point_1_start", QLineEdit)
        field.setFocus()
        for text in ("0.7x", "0.7"):
            field.selectAll()
            QTest.keyClicks(field, text)
            press(Qt.Key_Return)
            assert (QApplication.focusWidget() is field) == (text == "0.7x")
        assert set(heard) == {("start", (0.7,))}

    def test_escape_leaves_a_control_first_and_full_screen_then(self, window, qtbot):
        window.setWindowState(window.windowState() | Qt.WindowFullScreen)
        qtbot.waitUntil(window.isFullScreen, timeout=60_000)
        control(window, "step").setFocus(Qt.TabFocusReason)
        press(Qt.Key_Escape)
        assert window.isFullScreen()
        assert QApplication.focusWidget() is window.page
        press(Qt.Key_Escape)
        assert not window.isFullScreen()

    @pytest.mark.parametrize("page", ["landscape", "regression", "painting"])
    def test_tab_goes_through_every_control_once_in_reading_order_and_out_again(self, window, page):
        window.show_page(page)
        window.page.show_state(State.PAUSED)
        visited = []
        while True:
            press(Qt.Key_Tab)
            visited.append(QApplication.focusWidget())
            if visited[-1] is window.page or len(visited) > 200:
                break
        assert visited[-1] is window.page, "the picture comes again"
        assert len(set(visited)) == len(visited), "every control once"
        wanted = {
            widget
            for widget in window.findChildren(QWidget)
            if widget.isVisible()
            and widget.isEnabled()
            and widget.focusPolicy() & Qt.TabFocus
            and widget.focusProxy() is None
        }
        assert set(visited) == wanted, {widget.objectName() for widget in set(visited) ^ wanted}

        def place(name: str) -> int:
            return next(number for number, widget in enumerate(visited) if widget.objectName() == name)

        assert place("scene") < place("tab_why") < place("reset") < place("step") < place("play") < place("speed")
        tops = [widget.mapTo(window, QPoint()).y() for widget in visited[place("scene") : place("tab_why")]]
        assert tops == sorted(tops)


class TestTyping:
    @pytest.mark.parametrize("letter", ["r", "[", "]", "-", "+", "b"])
    def test_a_letter_in_a_drop_down_is_no_shortcut(self, window, heard, letter):
        box = control(window, "optimizer", QComboBox)
        box.setFocus(Qt.TabFocusReason)
        QTest.keyClicks(box, letter)
        assert all(name == "optimizer" for name, *_ in heard)

    def test_a_letter_in_a_drop_down_chooses_in_it(self, window, heard):
        box = control(window, "optimizer", QComboBox)
        box.setFocus(Qt.TabFocusReason)
        QTest.keyClicks(box, "r")
        assert heard == [("optimizer", box.currentData())]
        assert box.currentText().lower().startswith("r")
        assert QApplication.focusWidget() is box, "it was not opened, so the next letter is for it too"

    def test_commands_work_wherever_the_focus_is(self, window):
        control(window, "optimizer").setFocus(Qt.TabFocusReason)
        press(Qt.Key_2, Qt.ControlModifier)
        assert window.experiment == "regression"


class TestHeldKeys:
    @pytest.mark.parametrize("is_told", [True, False])
    @pytest.mark.parametrize(("key", "word"), [(Qt.Key_Space, "play"), (Qt.Key_R, "reset")])
    def test_a_key_that_is_held_down_does_it_once(self, heard, key, word, is_told):
        hold(key, is_told=is_told)
        assert heard == [(word,)]

    @pytest.mark.parametrize("is_told", [True, False])
    def test_a_step_is_repeated_as_long_as_the_key_is_held(self, heard, is_told):
        hold(Qt.Key_Right, times=5, is_told=is_told)
        assert heard == [("step",)] * 5

    @pytest.mark.parametrize("is_told", [True, False])
    @pytest.mark.parametrize("key", [Qt.Key_Space, Qt.Key_Return])
    def test_a_held_key_presses_the_focused_button_once(self, window, heard, key, is_told):
        control(window, "step", QPushButton).setFocus(Qt.TabFocusReason)
        hold(key, is_told=is_told)
        assert heard == [("step",)]

    def test_pressed_again_as_fast_as_a_hand_can_it_does_it_again(self, heard):
        press(Qt.Key_Space)
        press(Qt.Key_Space)
        assert heard == [("play",)] * 2

    def test_escape_held_in_a_field_leaves_no_full_screen(self, window, qtbot):
        window.setWindowState(window.windowState() | Qt.WindowFullScreen)
        qtbot.waitUntil(window.isFullScreen, timeout=60_000)
        value_field(window, "learning_rate").setFocus()
        hold(Qt.Key_Escape, is_told=False)
        assert window.isFullScreen()

    def test_a_held_space_fills_a_field(self, window):
        field = value_field(window, "start")
        field.setFocus()
        field.clear()
        hold(Qt.Key_Space, times=4, is_told=False)
        assert field.text() == "    "

    def test_no_toggle_repeats(self):
        assert {row.name for row in ACTIONS if row.repeats} == {
            "one_step",
            "step_back",
            "rate_down",
            "rate_up",
            "depth_down",
            "depth_up",
        }


@pytest.mark.parametrize("page", ["landscape", "regression", "painting"])
def test_the_wheel_over_a_control_is_left_to_the_panel(window, page):
    window.show_page(page)
    controls = [
        control
        for control in window.page.knob_panel.findChildren(QAbstractSlider) + window.page.findChildren(QComboBox)
        if not isinstance(control, QScrollBar)
    ]
    assert len(controls) > 5
    for control in controls:
        assert control.focusPolicy() & Qt.WheelFocus != Qt.WheelFocus, "it doesn't take the focus"
        turned = QWheelEvent(
            QPointF(3, 3), QPointF(3, 3), QPoint(), QPoint(0, -120), Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False
        )
        QApplication.sendEvent(control, turned)
        assert not turned.isAccepted(), control.objectName()


def test_f1_tells_every_key_on_a_screen_of_any_height(qtbot, window):
    press(Qt.Key_F1)
    dialog = window.findChild(QDialog, "message")
    qtbot.waitUntil(dialog.isVisible, timeout=60_000)
    room = window.screen().availableGeometry()
    assert dialog.height() < room.height()
    assert dialog.width() <= room.width()
    close = dialog.findChild(QPushButton)
    assert dialog.rect().contains(close.mapTo(dialog, close.rect().bottomRight()))
    scroll = dialog.findChild(QScrollArea)
    words = scroll.widget()
    assert all(key in words.text() for row in ACTIONS for key in row.keys)
    assert scroll.verticalScrollBar().maximum() + scroll.viewport().height() >= words.height(), "all of it can be seen"
    QTest.keyClick(dialog, Qt.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(QDialog, "message") is None, timeout=60_000)
