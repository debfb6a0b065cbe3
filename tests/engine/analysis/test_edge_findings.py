"""What *Why* says of a run's sharpness: each sentence where it is so, and none of a run that has room."""

from __future__ import annotations

import pytest

from engine.frames import Severity
from engine.run.states import Event

SCENE = "regression/edge-of-stability"
OF_THE_EDGE = {"It gets sharper", "It has met its line", "At the edge of stability", "Began beyond its line"}
CONTRADICTING = {"Learning rate too large", "Learning rate at the edge", "The cost does not settle"}


@pytest.fixture
def said(opened):
    """``said(steps, **knobs)``: the findings of the scene after so many steps, by their titles."""

    def after(steps: int, scene: str = SCENE, **knobs):
        runner = opened(scene, **knobs)
        runner.handle(Event.PLAY)
        runner.advance(steps=steps)
        return {finding.title: finding for finding in runner.frame().findings or ()}

    return after


def test_on_its_way_to_the_line_it_says_how_far_the_sharpness_has_risen(said):
    found = said(420)
    sentence = found["It gets sharper"].sentence
    assert "2/η = 10" in sentence
    assert "from 6.54 to" in sentence
    assert OF_THE_EDGE & found.keys() == {"It gets sharper"}


def test_just_beyond_the_line_it_says_that_and_not_that_the_rate_is_too_large(said):
    found = said(490)
    assert "The sharpness passed 2/η = 10 by step 4" in found["It has met its line"].sentence
    assert not CONTRADICTING & found.keys()


def test_at_the_edge_it_says_that_it_stays_there_and_that_the_cost_falls_all_the_same(said):
    found = said(1000)
    finding = found["At the edge of stability"]
    assert finding.severity is Severity.INFO
    assert "2/η = 10" in finding.sentence
    assert "fell from" in finding.sentence
    assert not CONTRADICTING & found.keys(), "overshooting is no fault of a run at the edge"


def test_a_start_beyond_its_line_that_came_down_is_told_as_that(said):
    found = said(60, learning_rate=0.4)
    sentence = found["Began beyond its line"].sentence
    assert "the sharpness is 6.54, above 2/η = 5:" in sentence
    assert not CONTRADICTING & found.keys()


@pytest.mark.parametrize("knobs", [{"learning_rate": 0.01}, {"optimizer": "momentum", "learning_rate": 0.005}])
def test_a_run_that_has_room_is_given_no_sentence_about_its_sharpness(said, knobs):
    assert not OF_THE_EDGE & said(300, **knobs).keys()


def test_a_line_with_the_squared_error_is_given_none(said):
    found = said(60, "regression/line", cost="squared", sharpness=True, points=60, batch_size=60, learning_rate=0.02)
    assert not OF_THE_EDGE & found.keys()
    assert "Learning rate" in found, "how far it is from the curvature's bound is said as ever"


def test_a_rate_far_beyond_what_the_sharpness_bears_is_still_called_too_large(said):
    found = said(40, "regression/line", cost="squared", sharpness=True, points=60, batch_size=60, learning_rate=0.4)
    assert "Learning rate too large" in found
    assert not OF_THE_EDGE & found.keys()
