"""Nothing that took work is lost by one key: what a deed has ended is kept, and comes back as it was."""

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAbstractButton

from engine.run.states import State
from tests.app.sessions.windows import PATIENCE, frames_of, session_of, wait_for

pytestmark = pytest.mark.engine
SMALL = {"points": 60, "batch_size": 20}


@pytest.fixture
def everything_is_work(monkeypatch):
    """Tests don't wait until a run has taken somebody's time."""
    monkeypatch.setattr("engine.history.lane_book.WORK_SECONDS", 0.0)


@pytest.fixture
def paused(qtbot, opened_alone, everything_is_work):
    """``paused(scene)``: the application, its session and its frames, paused after some steps."""

    def open_paused(scene: str):
        application = opened_alone(scene)
        session = session_of(application)
        frames = frames_of(session)
        wait_for(qtbot, session, State.RUNNING)
        qtbot.waitUntil(lambda: bool(frames) and frames[-1].step > 10, timeout=PATIENCE)
        qtbot.keyClick(application.window, Qt.Key_Space)
        wait_for(qtbot, session, State.PAUSED)
        qtbot.waitUntil(lambda: frames[-1].step == session.host._runner.step, timeout=PATIENCE)
        return application, session, frames

    return open_paused


def same_moment(one, other) -> bool:
    """Whether two frames show the same: what is learnt, and all costs on the way."""
    return (
        one.step == other.step
        and one.cost == other.cost
        and all(
            np.array_equal(a.y, b.y) and np.array_equal(a.x, b.x) for a, b in zip(one.curves, other.curves, strict=True)
        )
    )


def button(session) -> QAbstractButton:
    return session.page.findChild(QAbstractButton, "bring_back")


def test_what_r_has_ended_is_offered_and_comes_back_exactly(qtbot, paused):
    application, session, frames = paused("regression/tanh")
    before = frames[-1]
    qtbot.keyClick(application.window, Qt.Key_R)
    wait_for(qtbot, session, State.READY)
    qtbot.waitUntil(lambda: frames[-1].step == 0, timeout=PATIENCE)
    qtbot.waitUntil(lambda: button(session).isVisible(), timeout=PATIENCE)
    assert f"step {before.step:,} is kept" in session.page.header.message()
    qtbot.mouseClick(button(session), Qt.LeftButton)
    qtbot.waitUntil(lambda: frames[-1].step == before.step, timeout=PATIENCE)
    assert same_moment(frames[-1], before)
    np.testing.assert_array_equal(frames[-1].picture.prediction, before.picture.prediction)
    assert session.state is State.PAUSED, "it waits for the person"
    assert not button(session).isVisible()
    qtbot.keyClick(application.window, Qt.Key_Space)
    qtbot.waitUntil(lambda: frames[-1].step > before.step, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("scene", "deeds"),
    [
        ("regression/tanh", [("scene", "regression/line"), ("width", 12), ("seed", 7)]),
        ("regression/drawn", [("drawn", ())]),
        ("landscape/two-parameters", [("start", (0.3, 0.3)), ("landscape", "saddle")]),
        ("painting/astronaut", [("width", 40)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_else_ends_a_run_it_comes_back_by_a_key(qtbot, paused, scene, deeds):
    application, session, frames = paused(scene)
    for deed in deeds:
        _end_it_and_bring_it_back(qtbot, application.window, session, frames, deed)


def _end_it_and_bring_it_back(qtbot, window, session, frames, deed) -> None:
    before, spec, run, offer = frames[-1], session.spec, session._run, session.others.offer
    if deed[0] == "scene":
        session.open_scene(deed[1])
    else:
        session.change_knob(*deed)
    if deed[0] != "drawn":  # that goes on, without points
        qtbot.waitUntil(lambda: session.others.offer is not offer, timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.is_up_to_date and frames[-1].run == session._run, timeout=PATIENCE)
    assert session._run == run or deed[0] not in ("drawn", "seed", "start"), "a live knob makes no other run"
    qtbot.keyClick(window, Qt.Key_Z, Qt.ControlModifier)
    assert session.spec == spec
    qtbot.waitUntil(lambda: session.is_up_to_date and (session._run != run or deed[0] == "drawn"), timeout=PATIENCE)
    qtbot.waitUntil(lambda: frames[-1].run == session._run and frames[-1].step == before.step, timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.host._runner.spec == spec, timeout=PATIENCE)
    qtbot.waitUntil(lambda: same_moment(frames[-1], before), timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key_Right)
    qtbot.waitUntil(lambda: frames[-1].step == before.step + 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.state is State.PAUSED, timeout=PATIENCE)


def test_with_nothing_lost_the_key_says_so(qtbot, paused):
    application, session, _ = paused("regression/tanh")
    qtbot.keyClick(application.window, Qt.Key_B, Qt.ControlModifier)
    assert session.page.header.message() == "There is no earlier run to bring back yet."


def test_a_finished_run_goes_on_by_play_and_again_by_reset(qtbot, opened_alone, everything_is_work):
    application = opened_alone("landscape/one-parameter")
    session, window = session_of(application), application.window
    frames = frames_of(session)
    session.change_knob("speed", "max")
    wait_for(qtbot, session, State.FINISHED)
    qtbot.waitUntil(lambda: frames[-1].step == 500, timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key_Space)
    qtbot.waitUntil(lambda: frames[-1].step == 1000 and session.state is State.FINISHED, timeout=PATIENCE)
    assert len(frames[-1].curves[0].y) == 1001, "its curve goes on, too"
    qtbot.keyClick(window, Qt.Key_Right)
    qtbot.waitUntil(lambda: frames[-1].step == 1001 and session.state is State.PAUSED, timeout=PATIENCE)
    session.change_knob("speed", "20")
    qtbot.keyClick(window, Qt.Key_Space)
    wait_for(qtbot, session, State.RUNNING)
    session.change_knob("speed", "max")
    wait_for(qtbot, session, State.FINISHED)
    session.change_knob("speed", "20")
    qtbot.keyClick(window, Qt.Key_R)
    wait_for(qtbot, session, State.RUNNING)
    qtbot.waitUntil(lambda: frames[-1].step < 100, timeout=PATIENCE)
    assert session.others.offer.step == 1500


def test_a_point_that_is_taken_away_leaves_the_others_as_they_are(qtbot, opened_alone):
    application = opened_alone("landscape/two-parameters")
    session = session_of(application)
    frames = frames_of(session)
    session.change_knobs({"points": 3, "start": (0.1, 0.2, -0.4, 0.5, 0.6, -0.3), "steps": 1_000_000})
    qtbot.waitUntil(lambda: bool(frames) and len(frames[-1].picture.trails) == 3, timeout=PATIENCE)
    qtbot.waitUntil(lambda: frames[-1].step > 10, timeout=PATIENCE)
    session.page.side_tabs.open("Points")
    before, kept = frames[-1], session.others.offer
    session.page.findChild(QAbstractButton, "point_2_remove").click()
    qtbot.waitUntil(lambda: len(frames[-1].picture.trails) == 2, timeout=PATIENCE)
    first = next(frame for frame in frames if len(frame.picture.trails) == 2)
    assert first.step >= before.step, "nothing starts over"
    assert [trail.label for trail in first.picture.trails] == ["Point 1", "Point 3"]
    assert [trail.sign for trail in first.picture.trails] == [0, 2]
    assert [curve.sign for curve in first.curves] == [0, 2]
    for old, new, curve in zip((0, 2), first.picture.trails, first.curves, strict=True):
        count = len(before.picture.trails[old].positions)
        np.testing.assert_array_equal(new.positions[:count], before.picture.trails[old].positions)
        np.testing.assert_array_equal(curve.y[:count], before.curves[old].y)
    qtbot.waitUntil(lambda: frames[-1].step > first.step, timeout=PATIENCE)
    assert session.others.offer is kept, "nothing was lost"
