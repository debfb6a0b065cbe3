"""Answers belong to the run that was asked: one that was asked before a reset and comes after it changes nothing."""

from __future__ import annotations

import pytest

from engine.run.states import Event

ASKED = [
    ("regression/tanh", {"points": 60, "batch_size": 20, "cost": "squared", "view": "landscape"}, "curvature"),
    ("regression/tanh", {"points": 60, "batch_size": 20, "view": "landscape"}, "surface"),
    ("painting/astronaut", {"side": 16, "depth": 2, "width": 8, "batch_size": 64, "view": "landscape"}, "surface"),
    ("painting/astronaut", {"side": 16, "depth": 2, "width": 8, "batch_size": 64}, "inside"),
]


@pytest.mark.parametrize(("scene", "knobs", "name"), ASKED, ids=[f"{row[0]}-{row[2]}" for row in ASKED])
def test_an_answer_that_comes_after_a_reset_is_dropped(opened, scene, knobs, name):
    runner = opened(scene, **knobs)
    runner.handle(Event.PLAY)
    runner.advance(steps=30)
    came = []
    runner.request_analysis(name, {}, came.append)
    runner.handle(Event.RESET)
    fresh = runner.frame()
    runner._analyses.call(lambda: None)  # the answer is there by now
    assert came[0].result is not None
    assert not runner.accept(came[0])
    after = runner.frame()
    assert after.findings == fresh.findings
    assert after.picture.position is None


def test_the_same_answer_is_taken_over_where_nothing_was_reset(opened):
    runner = opened("regression/tanh", points=60, batch_size=20, view="landscape")
    runner.handle(Event.PLAY)
    runner.advance(steps=30)
    came = []
    runner.request_analysis("surface", {}, came.append)
    runner._analyses.call(lambda: None)
    assert runner.accept(came[0])
    assert runner.frame().picture.position.surface is came[0].result.surface


def test_a_question_that_an_experiment_does_not_know_is_answered_with_a_sentence(opened):
    answer = opened("landscape/one-parameter").analyse("weather", {})
    assert answer.problem == "weather can't be asked of this run."
