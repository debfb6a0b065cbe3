"""Which view is shown: the one that is wanted, as soon as a moment has what it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.widgets.hand_made import regression, spec
from tests.widgets.regression.test_regression_view import neurons
from widgets.regression.regression_view import RegressionView
from widgets.style.theme import DARK


@pytest.fixture
def view(qtbot) -> RegressionView:
    view = RegressionView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.resize(860, 380)
    view.show()
    return view


def want(view: RegressionView, name: str) -> None:
    view.show_settings(spec("regression/tanh").with_knobs({"view": name}).settings)


def measured_for(name: str):
    frame = regression()
    return replace(frame, view=name, picture=replace(frame.picture, neurons=neurons()))


def test_a_view_that_needs_a_moment_of_its_own_waits_for_one(view):
    want(view, "fit")
    view.show_frame(measured_for("fit"))
    want(view, "neurons")
    view.show_frame(measured_for("fit"))
    assert view.current() == "fit"
    view.show_frame(measured_for("neurons"))
    assert view.current() == "neurons"


def test_a_view_that_shows_any_moment_is_there_before_another_frame_comes(view):
    want(view, "neurons")
    view.show_frame(measured_for("neurons"))
    want(view, "fit")
    assert view.current() == "fit"
    assert view.named("fit").isVisible()


def test_before_anything_is_wanted_the_moment_says_what_it_is_for(view):
    view.show_frame(measured_for("neurons"))
    assert view.current() == "neurons"


def test_a_view_that_is_not_offered_with_these_settings_is_not_waited_for(view):
    view.show_settings(spec("regression/line").with_knobs({"view": "activations"}).settings)
    view.show_frame(measured_for("fit"))
    assert view.current() == "fit"


def test_what_a_hand_does_in_any_view_is_heard(qtbot, view):
    with qtbot.waitSignals([view.knob_changed, view.action_requested, view.analysis_requested]):
        view.named("activations").knob_changed.emit("activation", "relu")
        view.named("landscape").action_requested.emit("place", (0.0, 0.0))
        view.named("landscape").analysis_requested.emit("surface", {})
