"""The view of two solutions: which other network it asks about, and what it says of the ways to it."""

from dataclasses import replace

import numpy as np
import pytest

from engine.analysis.valley import PLACES, Valley
from engine.lanes import Lane, Overlay
from tests.widgets.asking import answer, shown
from tests.widgets.hand_made import regression
from widgets.regression.two_solutions_view import TwoSolutionsView

SHARES = np.linspace(0, 1, PLACES)
HILL = 0.2 + SHARES * (1 - SHARES)
FOUND = Valley(SHARES, HILL, 0.2 + 0.2 * SHARES * (1 - SHARES), np.full(PLACES, 0.2), "seed 1", 512)


@pytest.fixture
def view(qtbot):
    return shown(qtbot, TwoSolutionsView())


def test_it_says_how_far_the_cost_climbs_on_each_way(view):
    frame = regression()
    view.show_frame(frame)
    assert view.asked == [("valley", {})]
    answer(view, frame, FOUND)
    assert view.words.text() == (
        "To the network of seed 1 the cost climbs by 0.25 straight on, by 0.05 with its neurons in this one's order, "
        "and not at all along the curve: both lie in one valley."
    )
    np.testing.assert_allclose(view._lines["straight"].getData()[1], np.log10(HILL))


def test_a_run_beside_is_the_other_network(view):
    frame = regression()
    tensors = (("layer_1/W", np.array([[0.5, -1.0]])), ("layer_1/b", np.array([0.25, 0.0])))
    frame = replace(frame, picture=replace(frame.picture, tensors=tensors))
    view.show_frame(frame)
    answer(view, frame, FOUND)
    beside = Overlay(Lane(3, "learning rate 0.1", "title"), replace(frame, lane=3, step=5))
    view.show_overlays((beside,))
    name, arguments = view.asked[-1]
    assert name == "valley"
    assert arguments["name"] == "the run “learning rate 0.1”"
    assert arguments["other"] == (0.5, -1.0, 0.25, 0.0)


def test_before_the_first_step_nothing_is_asked_and_it_says_what_it_takes(view):
    view.show_frame(replace(regression(), step=0))
    assert view.asked == []
    assert view.words.text() == "Two trained networks are compared: press play."
    view.show_frame(regression())
    assert view.asked == [("valley", {})]
    assert view.words.text().startswith("Training a second network")


def test_why_there_is_no_answer_stands_in_its_place(view):
    frame = regression()
    view.show_frame(frame)
    answer(view, frame, FOUND)
    view.show_frame(replace(frame, run=frame.run + 1))
    answer(view, replace(frame, run=frame.run + 1), None, "It takes up to 20,000 parameters; this has 30,000.")
    assert view.words.text() == "It takes up to 20,000 parameters; this has 30,000."
    assert view._lines["straight"].getData()[0] is None or not len(view._lines["straight"].getData()[0])
