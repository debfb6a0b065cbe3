"""P in the real window: back to the start, a guess, the run, the gap, and a line that is there the next time."""

import pytest
from PyQt5.QtCore import Qt

from engine.run.states import State
from tests.app.sessions.windows import PATIENCE, session_of
from widgets.plotting.guess_layer import Kind

pytestmark = pytest.mark.engine


def test_a_prediction_is_held_against_the_run_and_its_line_is_kept(qtbot, opened):
    application = opened("landscape/first-descent")
    session, window = session_of(application), application.window
    prediction = session.page.prediction
    qtbot.waitUntil(lambda: session.state is State.FINISHED, timeout=PATIENCE)
    for time in range(2):
        qtbot.keyClick(window, Qt.Key_P)
        qtbot.waitUntil(lambda: session.state is State.READY and session.page.frame.step == 0, timeout=PATIENCE)
        assert prediction.isVisible()
        next(layer for layer in prediction.layers if layer.kind is Kind.ALONG).show_value([-0.25])
        qtbot.keyClick(window, Qt.Key_Space)
        qtbot.waitUntil(lambda: session.state is State.FINISHED, timeout=PATIENCE)
        qtbot.waitUntil(lambda: prediction.why.isVisible(), timeout=PATIENCE)
        assert "x = −0.25" in prediction.words.text()
        assert f"x = {session.page.frame.picture.trails[0].positions[-1, 0]:.3f}" in prediction.words.text()
        assert prediction.why.text() == ("" if time == 0 else "the slope sends it right")
        prediction.why.setText("the slope sends it right")
        qtbot.keyClick(prediction.why, Qt.Key_Return)
    qtbot.keyClick(window, Qt.Key_Escape)
    qtbot.keyClick(window, Qt.Key_Escape)
    assert not prediction.isVisible()
    assert not prediction.layers
