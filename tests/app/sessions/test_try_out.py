"""A pixel of the map of trainings that is clicked becomes the run: its knobs, from the start, playing."""

import pytest

from engine.run.states import State
from engine.scenes import scenes
from tests.app.sessions.windows import PATIENCE, session_of, wait_for

pytestmark = pytest.mark.engine


def test_a_trial_starts_over_and_plays_to_its_end(qtbot, opened):
    application = opened(scenes()["regression/map"].with_knobs({"epochs": 20, "view": "fit"}))
    session = session_of(application)
    wait_for(qtbot, session, State.FINISHED)
    first = session.page.frame
    session.page.view.trial_wanted.emit({"learning_rate": 0.01, "momentum": 0.3, "batch_size": 100})
    qtbot.waitUntil(lambda: session.page.frame.generation != first.generation, timeout=PATIENCE)
    wait_for(qtbot, session, State.FINISHED)
    qtbot.waitUntil(lambda: session.page.frame.step == 20, timeout=PATIENCE)
    assert (session.spec.settings.learning_rate, session.spec.settings.momentum) == (0.01, 0.3)
    assert session.page.frame.cost != first.cost


def test_a_trial_that_needs_another_rule_prepares_it_and_plays(qtbot, opened):
    application = opened(scenes()["regression/map"].with_knobs({"epochs": 20, "view": "fit", "optimizer": "sgd"}))
    session = session_of(application)
    wait_for(qtbot, session, State.FINISHED)
    run = session.page.frame.run
    session.page.view.trial_wanted.emit({"learning_rate": 0.01, "momentum": 0.3, "optimizer": "momentum"})
    qtbot.waitUntil(lambda: session.page.frame.run != run and session.is_up_to_date, timeout=PATIENCE)
    wait_for(qtbot, session, State.FINISHED)
    assert session.spec.settings.optimizer == "momentum"
