"""The palette finds every action, scene, knob and chapter by a few letters, and does what is chosen."""

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QLineEdit

from app.window.actions import ACTIONS
from app.window.findable import everything
from app.window.palette import Palette, ranked
from app.window.window import MainWindow
from engine.lecture import chapters
from engine.scenes import scenes
from widgets.style.application import apply_theme
from widgets.style.theme import DARK


@pytest.fixture
def window(qtbot, qapp):
    apply_theme(qapp, DARK)
    window = MainWindow(DARK)
    qtbot.addWidget(window)
    window.show()
    window.show_page("landscape")
    window.page.show_spec(scenes()["landscape/first-descent"])
    return window


def find(qtbot, window, typed: str) -> Palette:
    window._find()
    palette = window.findChild(Palette)
    qtbot.keyClicks(palette.findChild(QLineEdit, "palette_field"), typed)
    return palette


def test_it_holds_every_action_scene_and_chapter_and_the_knobs_that_are_shown(window):
    held = everything(window, window._actions)
    kinds = [entry.kind for entry in held]
    assert kinds.count("scene") == len(scenes())
    assert kinds.count("chapter") == len(chapters())
    assert kinds.count("action") == len(ACTIONS) - 1
    knobs = {entry.words for entry in held if entry.kind == "knob"}
    assert {"Learning rate", "Optimizer", "Gradient noise"} <= knobs
    assert "Depth" not in knobs


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("first desc", "The first descent"),
        ("larger rate", "Larger learning rate"),
        ("two sol", "Two solutions, one valley"),
        ("catap", "The catapult"),
        ("full screen", "Full screen; Escape leaves it"),
        ("Ctrl+E", "Share …"),
    ],
)
def test_a_few_letters_are_enough(window, typed, words):
    found = ranked(everything(window, window._actions), typed)
    assert words in [entry.words for entry in found[:3]]


def test_a_scene_a_chapter_and_an_action_are_done(qtbot, window):
    heard = []
    window.page_of("regression").scene_requested.connect(heard.append)
    window.chapter_requested.connect(heard.append)
    window.share_requested.connect(lambda: heard.append("share"))
    for typed in ("two solutions", "5. two par", "ctrl+e"):
        palette = find(qtbot, window, typed)
        qtbot.keyClick(palette.field, Qt.Key_Return)
        qtbot.waitUntil(lambda: window.findChild(Palette) is None)
    assert heard == ["regression/two-solutions", 5, "share"]
    assert window.experiment == "regression"


def test_a_knob_has_the_focus_and_escape_changes_nothing(qtbot, window):
    palette = find(qtbot, window, "gradient noise")
    qtbot.keyClick(palette.field, Qt.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key_Up)
    qtbot.keyClick(palette.field, Qt.Key_Return)
    row = window.page.knob_panel._rows["gradient_noise"]
    assert row.isAncestorOf(window.focusWidget())
    qtbot.waitUntil(lambda: window.findChild(Palette) is None)
    palette = find(qtbot, window, "no such thing at all")
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.field, Qt.Key_Return)
    qtbot.keyClick(palette.field, Qt.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(Palette) is None)
    assert QApplication.activeModalWidget() is None
