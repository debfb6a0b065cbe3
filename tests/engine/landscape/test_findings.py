"""Why a descent goes as it goes: each scene's own question is answered with what was measured on it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.saddle import saddle_of
from engine.run.states import Event, State


def said(frame) -> dict[str, str]:
    return {finding.title: finding.sentence for finding in frame.findings}


def after(opened, steps: int, scene: str, **knobs):
    runner = opened(scene, **knobs)
    runner.handle(Event.PLAY)
    runner.advance(steps)
    return runner


class TestTheRate:
    def test_it_is_judged_for_a_place_that_the_title_names(self, opened):
        runner = after(opened, 3, "landscape/first-descent")
        x = runner.frame().picture.trails[0].positions[-1, 0]
        title = f"The rate suits x = {x:.3g}"
        assert title in said(runner.frame())
        bend = np.exp(-x) * (-99 * np.sin(10 * x) - 20 * np.cos(10 * x))
        assert f"a rate above {2 / bend:.3g} overshoots" in said(runner.frame())[title]

    def test_a_rate_that_overshoots_there_is_too_large_there(self, opened):
        runner = after(opened, 0, "landscape/first-descent", start="0.46", learning_rate=0.05)
        assert "Too large at x = 0.46" in said(runner.frame())

    def test_the_lectures_smallest_rate_says_how_little_a_step_is(self, finished):
        title, sentence = next(iter(said(finished("landscape/too-small").frame).items()))
        assert title == "Very small at x = 0.206"
        steps = int(re.search(r"would take ([\d,]+) steps", sentence)[1].replace(",", ""))
        axis = np.linspace(-1, 1, 200)
        slope = np.diff(np.sin(10 * axis) * np.exp(-axis))[120]
        assert steps == pytest.approx(0.01 * 2 / (0.01 * abs(slope) * 2 / 199), rel=0.01)

    def test_of_several_rates_each_is_judged(self, opened):
        titles = list(said(after(opened, 9, "landscape/learning-rates").frame()))
        assert any(title.endswith("for rate 0.01") for title in titles)
        assert any(title.endswith("for rate 500") for title in titles)

    def test_in_a_valley_it_is_the_steep_way_that_bounds_it_and_the_flat_one_that_takes_long(self, opened):
        runner = after(opened, 30, "landscape/narrow-valley", optimizers="", learning_rate=0.02)
        title, sentence = next(pair for pair in said(runner.frame()).items() if "rate" in pair[0])
        assert title.startswith("The rate suits (")
        assert "a rate above 0.04 overshoots" in sentence
        assert "bends 50 times less" in sentence


class TestTheRace:
    def test_it_names_who_was_first_and_when(self, finished):
        run = finished("landscape/narrow-valley")
        first = min(run.frame.picture.trails, key=lambda trail: trail.reached)
        sentence = said(run.frame)[f"{first.label} was first"]
        assert f"{first.label} has stayed by a minimum since step {first.reached}," in sentence
        plain = run.frame.picture.trails[0]
        way = np.linalg.norm(np.diff(plain.positions[: plain.reached + 1], axis=0), axis=1)
        assert f"in steps of {way.mean():.3g}." in sentence

    def test_before_anybody_arrives_nobody_is_named_first(self, opened):
        assert "Nobody has arrived yet" in said(after(opened, 1, "landscape/narrow-valley").frame())

    def test_on_a_saddle_it_is_who_got_away(self, finished):
        run = finished("landscape/saddle")
        first = min(run.outcome["runners"], key=lambda runner: runner["steps"])
        (title,) = [title for title in said(run.frame) if title.endswith("was first")]
        assert f"went over the edge at step {first['steps'] + 1}," in said(run.frame)[title]
        assert not any("Left" in title for title in said(run.frame))


class TestTheSaddle:
    def test_it_says_what_one_is(self, opened):
        sentence = said(after(opened, 5, "landscape/saddle").frame())["A saddle at (0, 0)"]
        assert "along (1, 0) the cost bends up, by 2, and along (0, 1) down, by −2" in sentence

    @pytest.mark.parametrize("name", [name for name in LANDSCAPES if name != "saddle"])
    def test_where_there_are_minima_none_is_looked_for(self, name):
        assert saddle_of(LANDSCAPES[name]) is None


def test_the_secant_is_compared_with_the_derivative(opened):
    runner = after(opened, 3, "landscape/parabola")
    other = runner.frame().picture.secant[0]
    assert f"the slope is {1 + other:.3g}. At x = 1 itself it is 2:" in said(runner.frame())["The secant's slope"]
    runner.advance(40)
    assert "The secant's slope" not in said(runner.frame())


def test_a_descent_that_only_comes_past_a_minimum_is_not_in_it(opened):
    runner = after(opened, 0, "landscape/too-large")
    for _ in range(60):
        runner.advance(1)
        assert not {"In a higher minimum", "In the lowest minimum"} & set(said(runner.frame()))


def test_a_slope_that_is_no_number_is_a_stop_and_no_rate_is_blamed(finished):
    run = finished("landscape/first-descent", landscape="formula", formula="sqrt(x)", domain_from=0, start="0")
    assert run.state is State.DIVERGED
    assert set(said(run.frame)) == {"Stopped"}
    assert "rate" not in said(run.frame)["Stopped"]
