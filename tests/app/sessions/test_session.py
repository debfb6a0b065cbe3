"""The whole loop with the real engine: what a person does at the window, and what comes of it."""

import threading

import numpy as np
import pytest
from PyQt5.QtCore import Qt

from app.start.bootstrap import FIRST_SCENE
from engine.experiments import EXPERIMENTS
from engine.regression.observer import RegressionObserver
from engine.run.states import State
from engine.scenes import scenes
from tests.app.sessions.windows import PATIENCE, frames_of, session_of, wait_for

pytestmark = pytest.mark.engine


def test_the_first_scene_runs_without_a_click_and_says_where_it_rests(qtbot, opened_alone):
    application = opened_alone(FIRST_SCENE)
    session = session_of(application)
    assert session.spec.scene == EXPERIMENTS["landscape"].first_scene == "landscape/first-descent"
    frames = frames_of(session)
    wait_for(qtbot, session, State.FINISHED)
    qtbot.waitUntil(lambda: frames and frames[-1].step == 16, timeout=PATIENCE)
    header = application.window.page.header
    assert header.message().startswith("It rests at x = 0.461 after 16 steps")
    assert header._message.property("role") == "notice", "an end is no fault"


def test_the_lectures_scene_runs_without_a_click_and_finishes_where_the_lecture_does(qtbot, opened_alone):
    application = opened_alone("landscape/one-parameter")
    session = session_of(application)
    frames = frames_of(session)
    session.change_knob("speed", "max")
    wait_for(qtbot, session, State.FINISHED)
    qtbot.waitUntil(lambda: frames and frames[-1].step == 500, timeout=PATIENCE)
    assert int(frames[-1].picture.trails[0].index) == 143


def test_space_pauses_and_right_steps_once(qtbot, opened):
    application = opened("regression/tanh")
    session, window = session_of(application), application.window
    frames = frames_of(session)
    wait_for(qtbot, session, State.RUNNING)
    qtbot.waitUntil(lambda: bool(frames), timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key_Space)
    wait_for(qtbot, session, State.PAUSED)

    def settled() -> bool:
        return frames[-1].step == session.host._runner.step

    qtbot.waitUntil(settled, timeout=PATIENCE)
    before = frames[-1].step
    qtbot.keyClick(window, Qt.Key_Right)
    qtbot.waitUntil(lambda: frames[-1].step == before + 1, timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key_Right, Qt.ShiftModifier)
    qtbot.waitUntil(lambda: frames[-1].step > before + 1 and frames[-1].step % 5 == 0, timeout=PATIENCE)
    assert frames[-1].step <= before + 6
    qtbot.keyClick(window, Qt.Key_R)
    wait_for(qtbot, session, State.READY)
    qtbot.waitUntil(lambda: frames[-1].step == 0, timeout=PATIENCE)


def test_a_moved_learning_rate_acts_on_the_running_run(qtbot, opened):
    application = opened("landscape/too-small")
    session = session_of(application)
    wait_for(qtbot, session, State.RUNNING)
    frames = frames_of(session)
    session.change_knob("steps", 100_000)
    session.change_knob("learning_rate", 1.0)
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].picture.trails[0].positions[-1, 0] > 0.4, timeout=PATIENCE)
    assert len({frame.run for frame in frames}) == 1, "a live knob must not start another run"


def test_a_new_depth_keeps_the_picture_until_the_new_network_paints(qtbot, opened):
    application = opened("painting/astronaut")
    session = session_of(application)
    wait_for(qtbot, session, State.RUNNING)
    frames = frames_of(session)
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].step > 0, timeout=PATIENCE)
    old = frames[-1].run
    for depth in (5, 4, 3):
        session.change_knob("depth", depth)
    at_the_change = len(frames)
    qtbot.waitUntil(lambda: frames[-1].run != old, timeout=PATIENCE)
    runs = [frame.run for frame in frames]
    assert sorted(runs) == runs, "a frame of the older run was drawn after one of the newer"
    assert at_the_change < len([run for run in runs if run == old]), "the old network stopped being shown"
    assert len(set(runs)) == 2, "only the last of the three depths is worth building"
    qtbot.waitUntil(lambda: frames[-1].step > 0, timeout=PATIENCE)
    assert frames[-1].parameters == 2 * 64 + 64 + 2 * (64 * 64 + 64) + 64 * 3 + 3


def test_a_diverged_run_says_so_and_goes_on_with_a_smaller_rate(qtbot, opened):
    knobs = {"cost": "squared", "optimizer": "sgd", "learning_rate": 1000.0}
    application = opened(scenes()["regression/deep"].with_knobs(knobs))
    session = session_of(application)
    frames = frames_of(session)
    wait_for(qtbot, session, State.DIVERGED)
    session.change_knob("learning_rate", 0.001)
    wait_for(qtbot, session, State.RUNNING)
    qtbot.waitUntil(lambda: frames[-1].step > 0, timeout=PATIENCE)
    assert np.isfinite(frames[-1].picture.prediction).all()


def test_each_page_keeps_its_run_while_another_is_in_front(qtbot, opened_alone):
    application = opened_alone("regression/line")
    line = session_of(application)
    wait_for(qtbot, line, State.RUNNING)
    application.window.page.pause_requested.emit()
    wait_for(qtbot, line, State.PAUSED)
    application.window.show_page("landscape")
    wait_for(qtbot, application.sessions["landscape"], State.RUNNING)
    application.window.show_page("regression")
    assert line.state is State.PAUSED
    assert application.sessions["landscape"].state in (State.RUNNING, State.FINISHED)


def test_a_wrong_value_leaves_the_run_and_the_spec_as_they_are(qtbot, opened):
    application = opened("landscape/one-parameter")
    session = session_of(application)
    wait_for(qtbot, session, State.RUNNING, State.FINISHED)
    before = session.spec
    session.change_knob("learning_rate", "banana")
    session.change_knob("start", "7")
    assert session.spec == before
    assert session.state in (State.RUNNING, State.FINISHED)


def test_a_dragged_start_starts_the_same_run_over_and_points_make_another(qtbot, opened):
    application = opened("landscape/two-parameters")
    session = session_of(application)
    frames = frames_of(session)
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].step > 0, timeout=PATIENCE)
    run = frames[-1].run
    for place in ((0.1, 0.2), (0.2, 0.25), (0.3, 0.3)):
        session.page.view.knob_changed.emit("start", place)
    qtbot.waitUntil(lambda: tuple(frames[-1].picture.trails[0].positions[0]) == (0.3, 0.3), timeout=PATIENCE)
    assert frames[-1].run == run, "no other graph is needed"
    qtbot.waitUntil(lambda: frames[-1].step > 0, timeout=PATIENCE)
    session.page.view.knob_changed.emit("points", 2)
    session.page.view.knob_changed.emit("start", (0.3, 0.3, -0.5, 0.5))
    qtbot.waitUntil(lambda: len(frames[-1].picture.trails) == 2, timeout=PATIENCE)
    assert tuple(frames[-1].picture.trails[1].positions[0]) == (-0.5, 0.5)


def test_the_map_of_basins_comes_coarse_and_becomes_fine(qtbot, opened):
    application = opened("landscape/basins")
    session = session_of(application)
    strides = []
    session.host.analysis_ready.connect(lambda analysis: strides.append(analysis.result.stride))
    qtbot.waitUntil(lambda: strides[-1:] == [1], timeout=PATIENCE)
    assert strides[0] == 4
    labels = session.page.view.two.legend_labels
    qtbot.waitUntil(lambda: any("(−0.80, −0.64) lowest" in label for label in labels()), timeout=PATIENCE)
    strides.clear()
    session.change_knob("learning_rate", 0.004)
    qtbot.waitUntil(lambda: strides[-1:] == [1], timeout=PATIENCE)


def test_a_formula_that_is_none_leaves_the_landscape_that_is_there(qtbot, opened):
    application = opened("landscape/formula")
    session = session_of(application)
    frames = frames_of(session)
    qtbot.waitUntil(lambda: bool(frames), timeout=PATIENCE)
    before = session.spec
    for text in ("__import__('os')", "9**9**9**9", "log(-x**2-1)", "x +"):
        session.change_knob("formula", text)
        assert session.spec == before
        assert session.page.knob_panel._rows["formula"].error().endswith(".")
    session.change_knob("formula", "x**2 + 2*y**2")
    qtbot.waitUntil(lambda: frames[-1].picture.terrain.minima.shape == (1, 2), timeout=PATIENCE)
    assert session.state is not State.FAILED


def test_a_knob_moved_while_a_scene_is_being_prepared_leaves_it_running(qtbot, opened_alone):
    application = opened_alone("painting/astronaut")
    session = session_of(application)
    session.change_knob("epochs", 1_000_000)
    qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.READY, timeout=PATIENCE)
    session.change_knob("depth", 2)  # while the first network is still being compiled
    qtbot.waitUntil(lambda: session.is_up_to_date, timeout=PATIENCE)
    wait_for(qtbot, session, State.RUNNING)


def test_deeper_and_shallower_in_turn_goes_on_painting(qtbot, opened):
    application = opened("painting/astronaut")
    session = session_of(application)
    session.change_knob("epochs", 1_000_000)
    wait_for(qtbot, session, State.RUNNING)
    frames = frames_of(session)
    for depth in (8, 3):
        session.change_knob("depth", depth)
        qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.RUNNING, timeout=PATIENCE)
        qtbot.waitUntil(lambda: bool(frames) and frames[-1].run == session._run, timeout=PATIENCE)
    assert np.isfinite(frames[-1].cost)


def test_what_is_shown_and_still_compiled_says_so_until_it_trains(qtbot, opened):
    application = opened("regression/deep")
    session = session_of(application)
    qtbot.waitUntil(lambda: "Compiling" in session.page.header.note(), timeout=PATIENCE)
    assert session.state is State.READY
    wait_for(qtbot, session, State.RUNNING)
    qtbot.waitUntil(lambda: not session.page.header.note(), timeout=PATIENCE)


def test_a_refused_file_leaves_the_knobs_that_have_been_moved(qtbot, opened, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("1,2\n2,three\n")
    application = opened("regression/deep")
    session = session_of(application)
    wait_for(qtbot, session, State.RUNNING)
    session.change_knob("learning_rate", 0.003)
    session.change_knob("view", "neurons")
    session.change_knob("file", str(bad))
    qtbot.waitUntil(lambda: "bad.csv" in session.page.header.message(), timeout=PATIENCE)
    kept = session.spec.settings
    assert (kept.learning_rate, kept.view, kept.file, kept.source) == (0.003, "neurons", "", "curve")


def test_looking_into_a_diverged_run_leaves_it_diverged_and_a_smaller_rate_starts_it_over(qtbot, opened):
    knobs = {"optimizer": "sgd", "cost": "squared", "activation": "relu"}
    knobs |= {"learning_rate": 1.0, "speed": "max", "epochs": 100_000}
    application = opened(scenes()["regression/deep"].with_knobs(knobs))
    session = session_of(application)
    wait_for(qtbot, session, State.DIVERGED)
    states = []
    session.host.state_changed.connect(lambda state, _: states.append(state))
    session.change_knob("view", "parameters")
    qtbot.waitUntil(lambda: session.page.view.current() == "parameters", timeout=PATIENCE)
    assert not states
    session.change_knob("learning_rate", 0.001)
    wait_for(qtbot, session, State.RUNNING)


def test_a_measurement_that_takes_long_on_one_page_stops_no_other(qtbot, opened_alone, monkeypatch):
    """The engine's thread never waits for a measurement, as it did where a large network was not compiled yet."""
    application = opened_alone("regression/tanh")
    slow = session_of(application)
    wait_for(qtbot, slow, State.RUNNING)
    observe, let_go = RegressionObserver.observe, threading.Event()

    def observe_at_last(self, snapshot):
        let_go.wait(PATIENCE / 1000)
        return observe(self, snapshot)

    monkeypatch.setattr(RegressionObserver, "observe", observe_at_last)
    try:
        slow.page.reset_requested.emit()
        slow.page.step_requested.emit()
        application.window.show_page("landscape")
        quick = session_of(application)
        frames = frames_of(quick)
        wait_for(qtbot, quick, State.RUNNING)
        quick.page.pause_requested.emit()
        wait_for(qtbot, quick, State.PAUSED)
        quick.page.reset_requested.emit()
        wait_for(qtbot, quick, State.READY)
        qtbot.waitUntil(lambda: bool(frames) and frames[-1].step == 0, timeout=PATIENCE)
    finally:
        let_go.set()
