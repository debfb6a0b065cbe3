"""Any moment of any run is shown on the page, and gone on from, in the real window with the real engine."""

import numpy as np
import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractButton, QAbstractSlider, QAction, QWidget

from engine.lanes import GHOST
from engine.run.states import State
from tests.app.sessions.windows import PATIENCE, frames_of, session_of, wait_for

pytestmark = pytest.mark.engine


@pytest.fixture
def paused(qtbot, opened_alone, monkeypatch):
    """``paused(scene, step)``: the application and its session, paused after at least so many steps."""
    monkeypatch.setattr("engine.history.lane_book.WORK_SECONDS", 0.0)

    def open_paused(scene: str, step: int = 40):
        application = opened_alone(scene)
        session = session_of(application)
        frames = frames_of(session)
        wait_for(qtbot, session, State.RUNNING)
        qtbot.waitUntil(lambda: bool(frames) and frames[-1].step > step, timeout=PATIENCE)
        qtbot.keyClick(application.window, Qt.Key_Space)
        wait_for(qtbot, session, State.PAUSED)
        qtbot.waitUntil(lambda: session.page._frame.step == session.host._runner.step, timeout=PATIENCE)
        assert session.rewinding.now == session.page._frame.step
        qtbot.waitUntil(lambda: bool(session.rewinding.lanes), timeout=PATIENCE)
        return application, session

    return open_paused


def shown(session):
    return session.page._frame


def arrive(qtbot, session, step: int):
    """Wait for the exact moment."""
    qtbot.waitUntil(
        lambda: (
            session.rewinding.where is not None
            and shown(session).step == step
            and session.page.timeline._moment == (session.rewinding.where[0], step, False)
        ),
        timeout=PATIENCE,
    )
    return shown(session)


@pytest.mark.parametrize("scene", ["landscape/learning-rates", "regression/tanh", "painting/astronaut"])
def test_a_step_back_shows_the_very_moment_that_was_and_end_the_present(qtbot, paused, scene):
    application, session = paused(scene)
    frames = frames_of(session)
    qtbot.keyClick(application.window, Qt.Key_Right)
    at = session.rewinding.now + 1
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].step == at, timeout=PATIENCE)
    before = frames[-1]
    qtbot.keyClick(application.window, Qt.Key_Right)
    qtbot.waitUntil(lambda: session.rewinding.now == at + 1, timeout=PATIENCE)
    qtbot.keyClick(application.window, Qt.Key_Left)
    moment = arrive(qtbot, session, at)
    assert moment.cost == pytest.approx(before.cost, rel=1e-6)
    for name in ("prediction", "painting"):
        if hasattr(before.picture, name):
            np.testing.assert_array_equal(getattr(moment.picture, name), getattr(before.picture, name))
    for trail, old in zip(getattr(moment.picture, "trails", ()), getattr(before.picture, "trails", ()), strict=True):
        np.testing.assert_array_equal(trail.positions, old.positions)
    assert max(curve.x[-1] for curve in moment.curves if len(curve.x)) <= max(
        curve.x[-1] for curve in before.curves if len(curve.x)
    )
    assert "past" in session.page.status_line._word.text()
    qtbot.keyClick(application.window, Qt.Key_End)
    qtbot.waitUntil(lambda: session.rewinding.where is None and shown(session).step == at + 1, timeout=PATIENCE)
    assert "paused" in session.page.status_line._word.text()


def test_training_goes_on_behind_while_the_timeline_is_dragged(qtbot, opened_alone):
    application = opened_alone("regression/tanh")
    session = session_of(application)
    wait_for(qtbot, session, State.RUNNING)
    qtbot.waitUntil(lambda: session.rewinding.now > 60 and bool(session.rewinding.lanes), timeout=PATIENCE)
    timeline = session.page.timeline
    lane = session.rewinding.active.number
    place = timeline.place(lane, 20).toPoint()
    QTest.mousePress(timeline, Qt.LeftButton, Qt.NoModifier, place)
    qtbot.waitUntil(lambda: session.rewinding.where is not None, timeout=PATIENCE)
    now = session.rewinding.now
    QTest.mouseMove(timeline, place + QPoint(8, 0))
    QTest.mouseRelease(timeline, Qt.LeftButton, Qt.NoModifier, place + QPoint(8, 0))
    # Of the two, either may be first: the moment that was asked for, and twenty more steps of the run behind it.
    qtbot.waitUntil(lambda: session.rewinding.now > now + 20, timeout=PATIENCE)
    qtbot.waitUntil(lambda: shown(session).step < now, timeout=PATIENCE)
    qtbot.mouseClick(session.page.findChild(QAbstractButton, "now"), Qt.LeftButton)
    qtbot.waitUntil(lambda: shown(session).step > now, timeout=PATIENCE)


def test_a_knob_moved_in_the_past_makes_another_run_and_undo_leads_back(qtbot, paused):
    application, session = paused("regression/tanh")
    old, now = session.rewinding.active, session.rewinding.now
    session.page.moment_requested.emit(old.number, 20)
    arrive(qtbot, session, 20)
    session.change_knob("learning_rate", 0.002)
    qtbot.waitUntil(lambda: len(session.rewinding.lanes) == 2, timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: session.rewinding.now > 25 and session.rewinding.active.parent is not None, timeout=PATIENCE
    )
    new = session.rewinding.active
    assert (new.parent, new.fork) == (old.number, 20)
    assert new.name.startswith("learning rate")
    assert new.name.endswith("→ 0.002")
    assert session.host._runner.spec.settings.learning_rate == 0.002
    assert session.rewinding.lane(old.number).end == now
    undo = application.window.findChild(QAction, "undo")
    assert "another run from step 20" in undo.text()
    undo.trigger()
    qtbot.waitUntil(lambda: session.rewinding.active.number == old.number, timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.rewinding.now == now and shown(session).step == now, timeout=PATIENCE)
    assert session.spec == session.host._runner.spec
    assert session.spec.settings.learning_rate != 0.002


def test_a_depth_moved_in_the_past_grows_from_there(qtbot, paused):
    application, session = paused("painting/astronaut")
    old = session.rewinding.active
    depth = session.spec.settings.depth
    session.page.moment_requested.emit(old.number, 10)
    arrive(qtbot, session, 10)
    session.change_knob("depth", depth + 1)
    qtbot.waitUntil(
        lambda: session.host._runner.spec.settings.depth == depth + 1 and session.state is State.RUNNING,
        timeout=PATIENCE,
    )
    qtbot.waitUntil(lambda: session.rewinding.now > 12, timeout=PATIENCE)
    qtbot.keyClick(application.window, Qt.Key_Space)
    wait_for(qtbot, session, State.PAUSED)
    lane = session.rewinding.active
    assert lane.fork == 10
    session.page.moment_requested.emit(old.number, 5)  # before it grew: the network of then
    moment = arrive(qtbot, session, 5)
    assert session.rewinding.spec.settings.depth == depth
    assert moment.lane == old.number


def test_play_in_the_past_plays_what_is_recorded_and_then_trains_on(qtbot, paused):
    application, session = paused("landscape/two-parameters", 20)
    now = session.rewinding.now
    seen = []
    session.host.past.moment_ready.connect(lambda frame, *_: seen.append(frame.step))
    qtbot.keyClick(application.window, Qt.Key_Home)
    arrive(qtbot, session, 0)
    qtbot.keyClick(application.window, Qt.Key_Space)
    qtbot.waitUntil(lambda: session.rewinding.where is None, timeout=PATIENCE)
    assert len(set(seen) - {0, now}) > 2, "what lies between is shown, however few a busy machine has time for"
    assert max(seen) <= now
    qtbot.waitUntil(lambda: session.rewinding.now > now, timeout=PATIENCE)


@pytest.mark.parametrize(("knob", "value"), [("l2", 0.1), ("degree", 5)])
def test_a_run_that_has_only_begun_can_be_left_in_its_past_too(qtbot, opened_alone, knob, value):
    """Such a run isn't kept for its own sake; what leaves from it needs it."""
    session = session_of(opened_alone("regression/polynomial-3"))
    session.reset()
    qtbot.waitUntil(lambda: session.state is State.READY, timeout=PATIENCE)
    session.step(3)
    qtbot.waitUntil(lambda: session.rewinding.now == 3 and bool(session.rewinding.lanes), timeout=PATIENCE)
    session.page.moment_requested.emit(session.rewinding.active.number, 1)
    arrive(qtbot, session, 1)
    session.change_knob(knob, value)
    qtbot.waitUntil(lambda: session.is_up_to_date and getattr(session.spec.settings, knob) == value, timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.rewinding.where is None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.state in (State.PAUSED, State.RUNNING, State.FAILED), timeout=PATIENCE)
    assert session.state is not State.FAILED


def test_a_look_moved_in_the_past_makes_no_other_run(qtbot, paused):
    _, session = paused("regression/tanh")
    session.page.moment_requested.emit(session.rewinding.active.number, 20)
    arrive(qtbot, session, 20)
    session.change_knob("view", "neurons")
    qtbot.waitUntil(lambda: shown(session).view == "neurons" and shown(session).step == 20, timeout=PATIENCE)
    assert session.rewinding.where is not None
    assert len(session.rewinding.lanes) == 1


def test_a_deleted_run_comes_back_by_undo(qtbot, paused):
    application, session = paused("regression/tanh")
    old = session.rewinding.active.number
    qtbot.keyClick(application.window, Qt.Key_R)
    qtbot.waitUntil(lambda: len(session.rewinding.lanes) == 2, timeout=PATIENCE)
    session.page.lane_deleted.emit(old)
    qtbot.waitUntil(lambda: len(session.rewinding.lanes) == 1, timeout=PATIENCE)
    qtbot.keyClick(application.window, Qt.Key_Z, Qt.ControlModifier)
    qtbot.waitUntil(lambda: session.rewinding.lane(old) is not None, timeout=PATIENCE)


def test_eight_other_seeds_are_runs_of_the_list(qtbot, paused, monkeypatch):
    monkeypatch.setattr("app.sessions.seed_runs.PORTION_SECONDS", 2e-3)  # as on a machine that is busy otherwise
    _application, session = paused("regression/tanh")
    now = session.rewinding.now
    session.page.seeds_requested.emit(3)
    qtbot.waitUntil(lambda: len(session.rewinding.lanes) == 4, timeout=PATIENCE)
    seeds = [lane for lane in session.rewinding.lanes if lane.name.startswith("seed ")]
    assert [lane.name for lane in seeds] == ["seed 1", "seed 2", "seed 3"]
    assert [lane.end for lane in seeds] == [now] * 3
    assert len({lane.cost for lane in seeds}) == 3
    qtbot.waitUntil(lambda: "3 other seeds" in session.page.header.message(), timeout=PATIENCE)
    session.page.lane_chosen.emit(seeds[1].number)
    arrive(qtbot, session, now)
    assert session.rewinding.spec.settings.seed == 2


def test_a_knob_held_in_the_past_shows_its_ghost_and_let_go_becomes_a_run(qtbot, paused):
    _, session = paused("regression/tanh", 60)
    old = session.rewinding.active
    session.page.moment_requested.emit(old.number, 20)
    arrive(qtbot, session, 20)
    slider = session.page.knob_panel.findChild(QWidget, "learning_rate").findChild(QAbstractSlider)
    seen = []
    session.host.past.ghost_ready.connect(lambda frame, _: seen.append(frame))
    at = QPoint(slider.width() // 4, slider.height() // 2)
    QTest.mousePress(slider, Qt.LeftButton, Qt.NoModifier, at)
    QTest.mouseMove(slider, at + QPoint(20, 0))
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].step > 20, timeout=PATIENCE)
    assert len(session.rewinding.lanes) == 1, "nothing is begun while the hand is on it"
    assert seen[-1].lane == GHOST
    rate = session.rewinding._tried.settings.learning_rate
    QTest.mouseRelease(slider, Qt.LeftButton, Qt.NoModifier, at + QPoint(20, 0))
    qtbot.waitUntil(lambda: len(session.rewinding.lanes) == 2, timeout=PATIENCE)
    assert session.rewinding.active.fork == 20
    assert session.spec.settings.learning_rate == rate
    assert not session.page.header.message()
