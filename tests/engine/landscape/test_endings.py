"""A descent's end is said in words: at rest, over the edge of a landscape without a minimum, or by a wrong rate."""

from __future__ import annotations

import numpy as np
import pytest

from engine.landscape.picture import Standing
from engine.run.states import Event, State
from engine.scenes import scenes


class TestTheFirstScene:
    @pytest.fixture
    def run(self, finished):
        return finished("landscape/first-descent")

    def test_it_arrives_in_about_fifteen_steps_that_are_all_to_be_seen_but_the_last_few(self, run):
        x = run.frame.picture.trails[0].positions[:, 0]
        assert run.state is State.FINISHED
        assert 12 <= run.steps <= 20
        assert np.all(np.diff(x) > 0), "downhill all the way, without a jump over the minimum"
        assert np.count_nonzero(np.diff(x) > 0.002) >= 10  # of an axis of 2: a pixel or more

    def test_it_says_in_a_sentence_where_and_why_it_stopped(self, run):
        x = run.frame.picture.trails[0].positions[-1, 0]
        assert f"It rests at x = {x:.3g} after {run.steps} steps: the slope there is" in run.message
        assert run.message.endswith(".")

    def test_position_and_rate_are_in_x(self, run):
        trail = run.frame.picture.trails[0]
        assert trail.index is None
        assert trail.unit == pytest.approx([1.0])
        before, after = trail.positions[:2, 0]
        slope = np.exp(-before) * (10 * np.cos(10 * before) - np.sin(10 * before))
        assert after == pytest.approx(before - 0.006 * slope, rel=1e-6)

    def test_it_ends_in_the_nearest_minimum_which_is_not_the_lowest(self, run):
        assert run.frame.picture.trails[0].standing is Standing.HIGHER

    def test_it_is_the_first_that_is_offered(self):
        assert next(iter(scenes())) == "landscape/first-descent"


class TestRest:
    def test_only_a_scene_that_asks_for_it_stops_there(self, finished):
        assert finished("landscape/first-descent", stops_at_rest=False).steps == 100
        asking = [name for name, spec in scenes().items() if getattr(spec.settings, "stops_at_rest", False)]
        assert asking == ["landscape/first-descent"]

    def test_a_rate_too_small_to_get_anywhere_is_no_rest(self, finished):
        run = finished("landscape/first-descent", learning_rate=1e-6)
        assert run.steps == 100
        assert run.message == ""

    def test_a_rate_that_jumps_about_is_no_rest(self, finished):
        assert finished("landscape/first-descent", learning_rate=0.035).steps == 100

    def test_of_several_all_have_to_rest(self, finished):
        run = finished("landscape/first-descent", points=2, start="0.206, -0.4")
        alone = finished("landscape/first-descent")
        assert run.steps >= alone.steps
        assert run.message.startswith(f"All 2 rest after {run.steps} steps: no slope is steeper than")

    def test_in_portions_it_stops_at_the_same_step(self, opened, finished):
        runner = opened("landscape/first-descent")
        runner.handle(Event.PLAY)
        while runner.state is State.RUNNING:
            runner.advance(steps=1)
        assert runner.step == finished("landscape/first-descent").steps

    def test_it_goes_to_the_same_step_from_a_moment_that_was_kept(self, opened, finished):
        runner = opened("landscape/first-descent")
        runner.handle(Event.PLAY)
        runner.advance(steps=15)
        kept = runner.snapshot()
        runner.advance()
        runner.restore(kept)
        runner.advance()
        assert runner.step == finished("landscape/first-descent").steps


class TestNoMinimum:
    def test_all_over_the_edge_of_a_saddle_is_an_end_and_no_failure(self, finished):
        run = finished("landscape/saddle")
        assert run.state is State.FINISHED
        last = max(runner["steps"] for runner in run.outcome["runners"])
        first = min(run.outcome["runners"], key=lambda runner: runner["steps"])
        assert run.steps == last + 1
        assert f"first, at step {first['steps'] + 1}." in run.message
        assert "There is no minimum here" in run.message
        assert {trail.standing for trail in run.frame.picture.trails} == {Standing.OVER}
        assert not any(trail.is_lost for trail in run.frame.picture.trails)

    def test_a_step_out_of_it_that_was_too_long_is_one_still(self, finished):
        run = finished("landscape/saddle", learning_rate=50)
        assert run.state is State.DIVERGED
        assert "too large here" in run.message

    def test_walking_over_the_edge_of_a_landscape_with_minima_is_one_still(self, finished):
        run = finished("landscape/first-descent", start="0.98")
        assert run.state is State.DIVERGED
        assert "over its edge" in run.message


def test_a_run_at_rest_goes_on_if_a_person_wants_it_to(opened):
    runner = opened("landscape/first-descent")
    runner.handle(Event.PLAY)
    runner.advance()
    rest = runner.step
    assert runner.state is State.FINISHED
    runner.go_on()
    assert (runner.state, runner.message) == (State.RUNNING, "")
    runner.advance()
    assert (runner.step, runner.state) == (runner.total, State.FINISHED)
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    runner.advance()
    assert runner.step == rest, "the next one is judged again"
