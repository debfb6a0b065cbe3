"""The panel Code shows the script of what is set, and follows the knobs."""

import pytest
from PyQt5.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from app.sharing.code.script import script
from tests.app.sessions.windows import PATIENCE, session_of
from widgets.page.side_dock import Fold

pytestmark = pytest.mark.engine


def test_the_code_follows_the_knobs_and_is_copied_whole(qtbot, opened):
    application = opened("regression/tanh")
    session = session_of(application)
    page = session.page
    application.window.resize(1280, 720)
    qtbot.waitUntil(lambda: page.dock.fold is Fold.DOCKED, timeout=PATIENCE)
    page.side_tabs.open("Code")
    qtbot.waitUntil(lambda: page.code.code() == script(session.spec), timeout=PATIENCE)
    assert "θ ← θ - η g" in page.code._rule.text()
    session.change_knobs({"learning_rate": 0.0123, "optimizer": "momentum"})
    qtbot.waitUntil(lambda: "0.0123" in page.code.code(), timeout=PATIENCE)
    assert page.code.code() == script(session.spec)
    assert "v" in page.code._rule.text()
    lit = page.code.findChild(QPlainTextEdit, "code").extraSelections()
    assert any("0.0123" in one.cursor.block().text() for one in lit), "what is new flashes"
    qtbot.waitUntil(lambda: not page.code.findChild(QPlainTextEdit, "code").extraSelections(), timeout=PATIENCE)
    QApplication.clipboard().clear()
    page.code.findChild(QPushButton, "code_copy").click()
    qtbot.waitUntil(lambda: "import tensorflow" in QApplication.clipboard().text(), timeout=PATIENCE)
    page.side_tabs.open("")
