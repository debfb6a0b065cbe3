"""The regression page with the real engine: files, drawn points, the line in the hand, and every view while it runs."""

import numpy as np
import pytest

from engine.run.states import State
from engine.scenes import scenes
from tests.app.sessions.windows import PATIENCE, frames_of, session_of

pytestmark = pytest.mark.engine


@pytest.fixture
def session(qtbot, opened):
    """A running session on mini-batches of a line, shown at 20 steps a second."""
    spec = scenes()["regression/mini-batches"].with_knobs({"epochs": 100_000, "speed": "60"})
    session = session_of(opened(spec))
    session.frames = frames_of(session)
    qtbot.waitUntil(lambda: session.state is State.RUNNING and bool(session.frames), timeout=PATIENCE)
    return session


def test_a_csv_file_becomes_the_data_and_a_bad_one_leaves_them_as_they_are(qtbot, session, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    x = np.linspace(0, 10, 50)
    good.write_text("time;value\n" + "".join(f"{a};{np.sin(a)}\n" for a in x))
    bad.write_text("1,2\n2,three\n")
    session.change_knob("file", str(good))
    qtbot.waitUntil(lambda: len(session.frames[-1].picture.data_x) == 50, timeout=PATIENCE)
    run = session._run
    session.change_knob("file", str(bad))
    said = session.page.header.message
    qtbot.waitUntil(
        lambda: said() == "bad.csv has one point only in its 2 rows; a fit needs two or more.", timeout=PATIENCE
    )
    assert session.spec.settings.file == str(good)
    step = session.frames[-1].step
    qtbot.waitUntil(lambda: session.frames[-1].step > step + 10, timeout=PATIENCE)
    assert session._run == run
    assert len(session.frames[-1].picture.data_x) == 50


def test_a_point_that_is_drawn_is_learnt_by_the_run_that_is_there(qtbot, session):
    session.change_knob("drawn", (0.0, 0.0, 1.0, 1.0, 2.0, 2.0))
    qtbot.waitUntil(lambda: len(session.frames[-1].picture.data_x) == 3, timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.frames[-1].step > 3, timeout=PATIENCE)
    run, step = session._run, session.frames[-1].step
    session.change_knob("drawn", (0.0, 0.0, 1.0, 1.0, 2.0, 2.0, -1.0, -1.0))
    qtbot.waitUntil(lambda: len(session.frames[-1].picture.data_x) == 4, timeout=PATIENCE)
    assert session._run == run
    assert session.frames[-1].step >= step


def test_the_line_is_where_the_hand_puts_it_and_training_goes_on_from_there(qtbot, session):
    def slope() -> float:
        return float(session.frames[-1].picture.tensors[0][1].item())

    session.page.view.action_requested.emit("parameters", (-2.0, 0.5))
    qtbot.waitUntil(lambda: slope() < -1.5, timeout=PATIENCE)
    qtbot.waitUntil(lambda: slope() > -1.0, timeout=PATIENCE)
    assert session.state is State.RUNNING


def test_every_view_is_shown_while_it_runs(qtbot, session):
    session.open_spec(scenes()["regression/deep"].with_knobs({"epochs": 100_000, "width": 8}))
    qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.RUNNING, timeout=PATIENCE)
    view = session.page.view
    for name in ("neurons", "parameters", "network", "landscape", "initial-values", "activations", "fit"):
        session.change_knob("view", name)
        qtbot.waitUntil(lambda name=name: view.current() == name and session.is_up_to_date, timeout=PATIENCE)
        if name == "landscape":
            qtbot.waitUntil(lambda: view.named("landscape").surface.surface() is not None, timeout=PATIENCE)
    assert session.state is State.RUNNING
