"""The runs of all pages are kept and come back: by the person's own file, and by themselves after any end."""

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFileDialog

from app.files.keeper import Keeper
from engine.history.recording_file import load
from engine.run.states import State
from tests.app.sessions.windows import PATIENCE, frames_of, session_of, wait_for

pytestmark = pytest.mark.engine


def pause(qtbot, application):
    session = session_of(application)
    frames = frames_of(session)
    wait_for(qtbot, session, State.RUNNING)
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].step > 30, timeout=PATIENCE)
    qtbot.keyClick(application.window, Qt.Key_Space)
    wait_for(qtbot, session, State.PAUSED)
    qtbot.waitUntil(lambda: session.page._frame.step == session.host._runner.step, timeout=PATIENCE)
    return application, session


@pytest.fixture
def paused(qtbot, opened_alone):
    return pause(qtbot, opened_alone("regression/tanh"))


@pytest.fixture
def paused_too(qtbot, opened):
    """Where nothing is kept, or opened: in the window that is there."""
    return pause(qtbot, opened("regression/tanh"))


def test_a_saved_file_opens_with_its_runs_as_they_were(qtbot, paused, tmp_path):
    application, session = paused
    file, step = tmp_path / "mine", session.rewinding.now
    with qtbot.waitSignal(application.keeper.saved, timeout=PATIENCE):
        application.window.save_requested.emit(str(file))
    saved = tmp_path / "mine.fallline"
    assert load(str(saved)).books["regression"].lanes[0][0].last_step == step
    assert application.window.recent_files[0] == str(saved)
    qtbot.keyClick(application.window, Qt.Key_R)
    qtbot.waitUntil(lambda: session.page._frame.step == 0, timeout=PATIENCE)
    application.opener.open(str(saved))
    qtbot.waitUntil(lambda: session.page._frame.step == step, timeout=PATIENCE)
    assert session.state is State.PAUSED
    qtbot.keyClick(application.window, Qt.Key_Right)
    qtbot.waitUntil(lambda: session.page._frame.step == step + 1, timeout=PATIENCE)


def test_what_is_kept_by_itself_is_opened_by_the_next_program_and_two_share_none(qtbot, paused, tmp_path):
    application, session = paused
    step = session.rewinding.now
    first = Keeper(application.window, application.sessions, tmp_path)
    first.begin(opens_last=True)
    first._is_changed = True
    first._autosave()
    own = first._own
    qtbot.waitUntil(own.exists, timeout=PATIENCE)
    second = Keeper(application.window, application.sessions, tmp_path)
    second.begin(opens_last=True)  # the first goes on: that is not this one's
    assert second._own != own
    assert second._last is None
    first.close()  # as after kill -9: nobody said goodbye
    third = Keeper(application.window, application.sessions, tmp_path)
    qtbot.keyClick(application.window, Qt.Key_R)
    qtbot.waitUntil(lambda: session.page._frame.step == 0, timeout=PATIENCE)
    third.begin(opens_last=True)
    qtbot.waitUntil(lambda: session.page._frame.step == step, timeout=PATIENCE)
    assert "ended without being closed" in session.page.header.message()
    for keeper in (second, third):
        keeper.close()


def test_saving_where_nobody_may_write_is_one_sentence(qtbot, paused_too):
    application, session = paused_too
    application.window.save_requested.emit("/proc/nowhere/a.fallline")
    assert "can't be written" in session.page.header.message()


def test_without_a_name_it_is_asked_for(qtbot, paused_too):
    application, _ = paused_too
    qtbot.keyClick(application.window, Qt.Key_S, Qt.ControlModifier)
    dialog = application.window.findChild(QFileDialog, "save_dialog")
    assert dialog is not None
    dialog.reject()


def test_a_damaged_file_leaves_what_is_open(qtbot, paused_too, tmp_path):
    application, session = paused_too
    step = session.rewinding.now
    file = tmp_path / "broken.fallline"
    file.write_bytes(b"PK\x03\x04 nothing")
    application.opener.open(str(file))
    qtbot.waitUntil(lambda: "can't be opened" in session.page.header.message(), timeout=PATIENCE)
    assert session.page._frame.step == step


def test_where_nothing_can_be_kept_it_is_said_once_and_everything_goes_on(qtbot, paused_too, tmp_path):
    application, session = paused_too
    (tmp_path / "file").write_text("no folder")
    keeper = Keeper(application.window, application.sessions, tmp_path / "file")
    keeper.begin(opens_last=True)
    assert session.page.header.message().startswith("Runs are not kept for the next start: ")
    session.page.forget_problem()
    keeper._say_unkept("no space left")
    assert not session.page.header.message().startswith("Runs")
    qtbot.keyClick(application.window, Qt.Key_Right)
    qtbot.waitUntil(lambda: session.page._frame.step == session.host._runner.step, timeout=PATIENCE)
    keeper.close()
