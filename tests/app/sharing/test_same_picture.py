"""A view's picture is the same one, pixel by pixel, from `run`, from `replay` of its recording, and from the window."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt5.QtCore import QObject

from app.cli import main
from app.sharing.look import Look
from app.window.share_dialog import Choice
from engine.experiments import EXPERIMENTS
from engine.knobs import knobs_of
from engine.run.spec import RunSpec
from engine.run.states import State
from engine.scenes import scenes
from tests.app.sessions.windows import PATIENCE, session_of
from tests.app.sharing.test_drawing import pixels
from widgets.page.background_answer import BackgroundAnswer

pytestmark = pytest.mark.engine
LOOK = Look(800, 600)
STEPS = 5
NETWORK = {"depth": 1, "width": 8, "points": 40, "batch_size": 20}
PAINTING = {"side": 16, "depth": 1, "width": 8, "batch_size": 64}
# each view of each page: a scene that shows it, and what makes it small
VIEWS = {
    ("landscape", "both"): ("landscape/two-parameters", {}),
    ("landscape", "contours"): ("landscape/saddle", {}),
    ("landscape", "surface"): ("landscape/optimizer-race", {}),
    ("landscape", "curve"): ("landscape/first-descent", {}),
    ("landscape", "map"): ("landscape/map", {"steps": 20}),
    ("regression", "fit"): ("regression/line", {"points": 60}),
    ("regression", "neurons"): ("regression/tanh", NETWORK),
    ("regression", "parameters"): ("regression/line", {"points": 60}),
    ("regression", "network"): ("regression/tanh", NETWORK),
    ("regression", "landscape"): ("regression/line", {"points": 60}),
    ("regression", "initial-values"): ("regression/tanh", NETWORK),
    ("regression", "activations"): ("regression/tanh", NETWORK),
    ("regression", "two-solutions"): ("regression/two-solutions", NETWORK),
    ("regression", "map"): ("regression/map", NETWORK | {"epochs": 5}),
    ("regression", "double-descent"): ("regression/double-descent", {}),
    ("painting", "painting"): ("painting/astronaut", PAINTING),
    ("painting", "divider"): ("painting/astronaut", PAINTING),
    ("painting", "layers"): ("painting/astronaut", PAINTING),
    ("painting", "function"): ("painting/astronaut", PAINTING),
    ("painting", "landscape"): ("painting/astronaut", PAINTING | {"directions": "random"}),
    ("painting", "many"): ("painting/many", PAINTING),
}


def _views(settings) -> list[str]:
    return list(next(knob for knob in knobs_of(settings) if knob.name == "view").choices)


# both draw by the same code: one view a page says so here, test_asked of every format
REPLAYED = (("landscape", "both"), ("regression", "landscape"), ("painting", "function"))


def at(session) -> int | None:
    return None if session.page.frame is None else session.page.frame.step


def stands_alone(session) -> bool:
    """Whether no run of another test is drawn beside this one; those that are, are asked to go."""
    beside = [lane for lane in session.rewinding.lanes if lane.is_shown and not lane.is_active]
    for lane in beside:
        session.page.lane_shown_changed.emit(lane.number, False)
    return not beside and not session.rewinding.overlays


def _is_answered(view: QObject) -> bool:
    asked = [one for one in view.findChildren(BackgroundAnswer) if one.parent().isVisible()]
    return all(one.is_settled(0.3) and one._wanted in (None, one._known) for one in asked)


def test_every_view_of_every_page_is_looked_at():
    offered = {(name, view) for name, one in EXPERIMENTS.items() for view in _views(one.settings)}
    assert set(VIEWS) == offered


def small(experiment: str, view: str) -> RunSpec:
    scene, knobs = VIEWS[experiment, view]
    return scenes()[scene].with_knobs(knobs | {"view": view})


@pytest.mark.parametrize(("experiment", "view"), VIEWS, ids=[f"{page}/{view}" for page, view in VIEWS])
def test_run_replay_and_window_give_one_picture(qtbot, opened, tmp_path, experiment, view):
    scene, knobs = VIEWS[experiment, view]
    ran, replayed, saved, kept = (tmp_path / name for name in ("run.png", "replay.png", "window.png", "a.fallline"))
    size = ["--size", f"{LOOK.width}x{LOOK.height}"]
    moved = [word for name, value in (knobs | {"view": view}).items() for word in ("--set", f"{name}={value}")]
    assert main(["run", scene, *moved, "--steps", str(STEPS), "--png", str(ran), *size, "--record", str(kept)]) == 0
    if (experiment, view) in REPLAYED:
        assert main(["replay", str(kept), "--png", str(replayed), *size]) == 0
        assert ran.read_bytes() == replayed.read_bytes()

    application = opened(small(experiment, view), plays=False)
    session = session_of(application)
    qtbot.waitUntil(lambda: at(session) == 0, timeout=PATIENCE)
    session.step(STEPS)
    qtbot.waitUntil(lambda: session.state is State.PAUSED and at(session) == STEPS, timeout=PATIENCE)
    qtbot.waitUntil(lambda: stands_alone(session), timeout=PATIENCE)
    qtbot.waitUntil(lambda: _is_answered(session.page.view), timeout=PATIENCE)  # a map is coarse at first
    application.sharer.save(str(saved), Choice("png", LOOK, 5.0, True))
    qtbot.waitUntil(saved.exists, timeout=PATIENCE)
    apart = np.abs(pixels(ran.read_bytes()).astype(int) - pixels(saved.read_bytes())).max(axis=-1)
    assert (apart > 2).mean() == 0, f"{(apart > 0).mean():.4%} differ, by {apart.max()} at most"
