"""From the window: the picture is copied and saved at once, a film is made beside it, and what goes wrong is said."""

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication

from app.cli import main
from app.files.opening import spec_of
from app.sharing.look import Look
from app.window.share_dialog import Choice
from engine.run.states import State
from tests.app.sessions.windows import PATIENCE, session_of, wait_for
from tests.app.sharing.test_drawing import pixels
from tests.app.sharing.test_film import frames_of as film_frames

pytestmark = pytest.mark.engine
LOOK = Look(800, 600)


@pytest.fixture
def paused(qtbot, opened):
    application = opened("regression/tanh")
    session = session_of(application)
    session.step(5)
    wait_for(qtbot, session, State.PAUSED)
    qtbot.waitUntil(lambda: session.page.frame.step == session.rewinding.now > 0, timeout=PATIENCE)
    yield application, session
    if application.sharer.dialog is not None:
        application.sharer.dialog.close()
        qtbot.waitUntil(lambda: application.sharer.dialog is None, timeout=PATIENCE)


def said(application) -> str:
    return application.window.page.header.message()


def test_the_picture_is_copied_with_twice_the_dots(qtbot, paused):
    application, _ = paused
    qtbot.keyClick(application.window, Qt.Key_C, Qt.ControlModifier)
    image = QApplication.clipboard().image()
    assert (image.width(), image.height()) == (2560, 1440)
    assert "copied" in said(application)


def test_a_saved_picture_is_the_command_lines(qtbot, opened, tmp_path):
    application = opened("landscape/two-parameters")
    session = session_of(application)
    session.step(5)
    wait_for(qtbot, session, State.PAUSED)
    qtbot.waitUntil(lambda: session.page.frame.step == session.rewinding.now > 0, timeout=PATIENCE)
    mine, theirs, kept = tmp_path / "mine.png", tmp_path / "theirs.png", tmp_path / "kept.fallline"
    application.sharer.save(str(mine), Choice("png", LOOK, 5.0, True))
    qtbot.waitUntil(lambda: "mine.png is saved" in said(application), timeout=PATIENCE)
    with qtbot.waitSignal(application.keeper.saved, timeout=PATIENCE):
        application.window.save_requested.emit(str(kept))
    step = str(session.page.frame.step)
    assert main(["replay", str(kept), "--at", step, "--png", str(theirs), "--size", "800x600"]) == 0
    apart = np.abs(pixels(mine.read_bytes()).astype(int) - pixels(theirs.read_bytes()))
    assert apart.max() <= 16, "the surface's camera is found by halving, which rounds"
    assert (apart > 0).mean() < 0.01


def test_a_film_is_made_from_the_history_up_to_the_moment_that_is_shown(qtbot, paused, tmp_path):
    application, session = paused
    path = tmp_path / "way.mp4"
    application.sharer.open()
    application.sharer.save(str(path), Choice("mp4", LOOK, 0.5, True))
    assert application.sharer.dialog.is_at_work
    qtbot.waitUntil(lambda: not application.sharer.dialog.is_at_work, timeout=4 * PATIENCE)
    assert path.exists(), application.sharer.dialog._words.text()
    frames = film_frames(str(path))
    assert frames.shape == (15, 600, 800, 3)
    assert np.abs(frames[0].astype(float) - frames[-1]).mean() > 0.3
    assert session.state is State.PAUSED


def test_a_film_that_is_stopped_leaves_nothing(qtbot, paused, tmp_path):
    application, _ = paused
    application.sharer.open()
    application.sharer.save(str(tmp_path / "way.mp4"), Choice("mp4", LOOK, 20.0, True))
    qtbot.waitUntil(lambda: application.sharer._press._process is not None, timeout=PATIENCE)
    folder = application.sharer._press._folder
    application.sharer.dialog.save_button.click()  # it says Stop now
    assert not application.sharer.dialog.is_at_work
    assert not folder.exists()
    assert [path for path in tmp_path.iterdir() if "way" in path.name] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere/a.png", "there is no folder"), ("a.jpeg", "must end in .png"), ("folder.png", "is a folder")],
)
def test_what_cannot_be_saved_is_one_sentence(qtbot, paused, tmp_path, name, words):
    application, _ = paused
    (tmp_path / "folder.png").mkdir()
    application.sharer.save(str(tmp_path / name), Choice("png", LOOK, 5.0, True))
    assert words in said(application)


def test_a_name_without_an_ending_gets_one(qtbot, paused, tmp_path):
    application, _ = paused
    application.sharer.save(str(tmp_path / "mine"), Choice("svg", LOOK, 5.0, True))
    qtbot.waitUntil((tmp_path / "mine.svg").exists, timeout=PATIENCE)


def test_the_dialog_remembers_what_was_chosen_and_shows_only_what_a_format_has(qtbot, paused):
    application, _ = paused
    application.sharer.open()
    dialog = application.sharer.dialog
    row = [dialog._formats.item(at).text() for at in range(dialog._formats.count())].index("MP4")
    dialog._formats.setCurrentRow(row)
    dialog._boxes["theme"].setValue("dark")
    assert not dialog._boxes["scale"].isVisible()
    assert dialog._boxes["length"].isVisible()
    assert not dialog.copy_button.isVisible()
    dialog.close()
    qtbot.waitUntil(lambda: application.sharer.dialog is None, timeout=PATIENCE)
    application.sharer.open()
    choice = application.sharer.dialog.choice()
    assert (choice.option, choice.look.theme, choice.seconds) == ("mp4", "dark", 10.0)


def test_the_setting_is_copied_as_a_line_that_opens_the_same_run_when_it_is_pasted(qtbot, paused):
    application, session = paused
    session.change_knob("learning_rate", 0.0123)
    qtbot.keyClick(application.window, Qt.Key_C, Qt.ControlModifier | Qt.ShiftModifier)
    line = QApplication.clipboard().text()
    assert line.startswith("fallline:")
    session.open_scene("regression/line")
    qtbot.waitUntil(lambda: session.spec.scene == "regression/line", timeout=PATIENCE)
    QApplication.clipboard().setText(line)
    qtbot.keyClick(application.window, Qt.Key_V, Qt.ControlModifier)
    qtbot.waitUntil(lambda: session.spec.scene == "regression/tanh", timeout=PATIENCE)
    assert session.spec.settings.learning_rate == 0.0123


@pytest.mark.parametrize(("option", "name"), [("share", "a.txt"), ("scene", "a.toml")])
def test_a_saved_setting_opens_to_what_is_shown(qtbot, paused, tmp_path, option, name):
    application, session = paused
    path = tmp_path / name
    application.sharer.save(str(path), Choice(option, LOOK, 5.0, True))
    qtbot.waitUntil(path.exists, timeout=PATIENCE)
    text = path.read_text().strip() if option == "share" else str(path)
    assert spec_of(text).settings == session.shown.settings
