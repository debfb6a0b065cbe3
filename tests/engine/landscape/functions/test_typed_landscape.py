"""A landscape from a formula: it is measured for what it needs, and a bad one leaves the good one alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.expressions import FormulaError
from engine.knobs import KnobError
from engine.landscape.functions.typed_landscape import typed_landscape
from engine.landscape.standing import near_since
from engine.run.states import Event, State
from engine.scenes import scenes
from engine.training.run_settings import LEAST_RATE, MOST_RATE

SPEC = scenes()["landscape/two-parameters"].with_knobs({"landscape": "formula"})


@pytest.mark.parametrize(
    ("text", "dimensions"),
    [("x**2", 1), ("x**2 + y**2", 2), ("x*y", 2), ("log(x) + 1/y", 2), ("exp(30*x)", 1), ("abs(x - 1.9)", 1)],
)
def test_any_formula_gets_a_start_inside_with_a_slope_and_a_rate_that_a_knob_takes(text, dimensions):
    landscape = typed_landscape(text, -2.0, 2.0)
    assert landscape.dimensions == dimensions
    assert len(landscape.start) == dimensions
    assert np.isfinite(landscape.values(*np.array(landscape.start)))
    assert all(-2 < value < 2 for value in landscape.start)
    assert LEAST_RATE <= landscape.rate <= MOST_RATE
    assert np.isfinite(landscape.minima).all()


@pytest.mark.parametrize("text", ["log(-x**2 - 1)", "sqrt(-1 - x*x) + y", "x*0/0 + y", "0*x", "x - x + y*0 + 3"])
def test_a_formula_without_a_value_or_a_slope_anywhere_is_refused_in_one_sentence(text):
    with pytest.raises(FormulaError) as caught:
        typed_landscape(text, -2.0, 2.0)
    assert str(caught.value).endswith(".")
    with pytest.raises(KnobError, match="formula"):
        SPEC.with_knobs({"formula": text})


def test_a_typed_bowl_is_descended_into_its_minimum(finished):
    run = finished("landscape/two-parameters", landscape="formula", formula="(x - 0.5)**2 + 3*(y + 1)^2", steps=200)
    end = run.outcome["runners"][0]
    assert run.state is State.FINISHED
    assert end["end"] == pytest.approx([0.5, -1], abs=1e-3)
    assert end["standing"] == "in the lowest minimum"
    assert run.frame.picture.terrain.minima == pytest.approx(np.array([[0.5, -1]]), abs=1e-4)


def test_a_formula_of_x_alone_is_a_curve(finished):
    run = finished("landscape/one-parameter", landscape="formula", formula="x**4 - x**2", steps=200)
    assert run.frame.picture.terrain.y is None
    assert abs(run.outcome["runners"][0]["end"]) == pytest.approx(0.7071, abs=1e-3)


def test_a_step_to_where_a_formula_has_no_value_is_a_state_with_a_sentence(opened):
    runner = opened("landscape/one-parameter", landscape="formula", formula="sqrt(x) + x", start="1", learning_rate=5)
    runner.handle(Event.PLAY)
    runner.advance()
    trail = runner.frame().picture.trails[0]
    assert runner.state is State.DIVERGED
    assert "no cost" in runner.message or "left the landscape" in runner.message
    assert np.isfinite(trail.positions).all()


@pytest.mark.parametrize(
    ("text", "knobs", "said"),
    [
        ("sqrt(x)", {"domain_from": 0, "start": "0"}, "the slope is infinite there, as at the tip of a root"),
        ("x^x", {"domain_from": 0, "start": "0"}, "the slope has no value there"),
    ],
)
def test_a_slope_that_is_no_number_is_not_blamed_on_the_learning_rate(opened, text, knobs, said):
    runner = opened("landscape/one-parameter", landscape="formula", formula=text, **knobs)
    runner.handle(Event.PLAY)
    runner.advance()
    assert runner.state is State.DIVERGED
    assert said in runner.message
    assert "rate" not in runner.message


def test_where_the_difference_quotient_stands_in_the_descent_goes_on_and_that_is_said(opened):
    runner = opened("landscape/one-parameter", landscape="formula", formula="sqrt(x^2 + y^2)", start="0, 0", points=1)
    runner.handle(Event.PLAY)
    runner.advance()
    assert runner.state is not State.DIVERGED
    assert any("difference quotient" in finding.sentence for finding in runner.frame().findings)


def test_a_formula_whose_parts_overflow_is_descended_from_where_they_do(finished):
    text = "0.01*x^2 + 1/(1+exp(-20*x))"
    knobs = {"formula": text, "domain_from": -60, "domain_to": 60, "start": "-60", "learning_rate": 5}
    end = finished("landscape/one-parameter", landscape="formula", steps=300, **knobs).outcome["runners"][0]
    assert end["cost"] < 0.01
    assert end["standing"] == "in the lowest minimum"


def test_a_domain_has_two_ends_and_the_start_lies_between_them():
    landscape = typed_landscape("ln(x)", 0.5, 10.0)
    assert landscape.domain == ((0.5, 10.0),)
    assert 0.5 < landscape.start[0] < 10
    settings = SPEC.with_knobs({"formula": "ln(x)", "domain_from": "0.5", "domain_to": "10"}).settings
    assert (settings.domain_from, settings.domain_to) == (0.5, 10)
    with pytest.raises(KnobError, match="domain_to must lie above domain_from"):
        SPEC.with_knobs({"domain_from": 3, "domain_to": 3})


def test_older_scene_files_name_the_domain_by_its_reach():
    settings = SPEC.with_knobs({"reach": "3"}).settings
    assert (settings.domain_from, settings.domain_to) == (-3, 3)


@pytest.mark.parametrize("factor", [1e-13, 1e8])
def test_a_constant_in_front_changes_the_costs_and_not_the_curve(factor):
    one, other = typed_landscape("x^4 - x", -2.0, 2.0), typed_landscape(f"{factor} (x^4 - x)", -2.0, 2.0)
    np.testing.assert_allclose(other.minima, one.minima, rtol=1e-6)
    assert other.start == one.start


def test_another_landscape_brings_its_own_rate_and_start_unless_they_are_given():
    spec = scenes()["landscape/one-parameter"].with_knobs({"start": "0.5"})
    moved = spec.with_knobs({"landscape": "rosenbrock"}).settings
    assert (moved.learning_rate, moved.start, moved.gradient) == (0.001, (), "automatic")
    assert spec.with_knobs({"landscape": "rosenbrock", "learning_rate": 0.0002}).settings.learning_rate == 0.0002


def test_the_rate_keeps_its_meaning_between_the_two_gradients():
    spec = scenes()["landscape/one-parameter"]
    automatic = spec.with_knobs({"gradient": "automatic"})
    assert automatic.settings.learning_rate == pytest.approx(1.01e-4, rel=0.01)
    assert automatic.with_knobs({"gradient": "difference"}).settings.learning_rate == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize("length", [1, 2, 511, 513, 1500])
def test_the_step_since_which_a_path_is_near_is_found_from_its_end(length):
    path = np.random.default_rng(length).normal(0, 1, (length, 2))
    for settled in (0, 1, length // 2, length):
        path[length - settled :] = 0.001
        away = (np.abs(path) > 0.01).any(axis=1)
        expected = None if away[-1] else int(np.flatnonzero(away)[-1]) + 1 if away.any() else 0
        assert near_since(path, np.zeros(2), np.full(2, 0.01)) == expected
