"""The river valley, and noise at a held rate: decay falls to the river; the excess cost is the formula's."""

import numpy as np
import pytest

from engine.run.states import Event, State
from engine.training.schedules import Schedule

pytestmark = pytest.mark.engine


def carried_out(opened, scene: str, **knobs):
    runner = opened(scene, **knobs)
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    while runner.state is State.RUNNING:
        runner.advance(1000)
    return runner


def test_decay_ends_lower_than_a_held_rate_with_as_many_steps_nearly_always(opened):
    """One of some twenty seeds ends where the noise has carried the held rate, by chance, to the ground as well."""
    lower = 0
    for seed in range(10):
        decayed = carried_out(opened, "landscape/river", seed=seed).frame()
        held = carried_out(opened, "landscape/river", seed=seed, schedule="constant").frame()
        lower += decayed.cost < held.cost
    assert lower >= 8


def test_a_small_rate_has_come_less_far_along_the_river(opened):
    large = carried_out(opened, "landscape/river").frame().picture.trails[0].positions[-1, 0]
    small = carried_out(opened, "landscape/river", learning_rate=0.002).frame().picture.trails[0].positions[-1, 0]
    assert small < large - 1


def test_noise_at_a_held_rate_costs_what_the_formula_says(opened):
    """On a y^2 / 2 with gradient noise of variance s^2 the mean excess cost is eta s^2 / (2 (2 - eta a))."""
    curvature, rate, spread, steps = 2.0, 0.3, 0.5, 10_000  # the parabola x^2
    runner = carried_out(
        opened, "landscape/parabola", learning_rate=rate, gradient_noise=spread, steps=steps, secant_distance=0
    )
    costs = runner.frame().curves[0].y[200:]
    assert costs.mean() == pytest.approx(rate * spread**2 / (2 * (2 - rate * curvature)), rel=0.1)


def test_the_rate_warms_up_is_held_and_decays():
    shares = Schedule("wsd").shares(0, 1000, 1000)
    assert shares[0] == pytest.approx(1 / 50)
    assert (np.diff(shares[:50]) > 0).all()
    assert (shares[50:800] == 1).all()
    assert (np.diff(shares[800:]) < 0).all()
    assert shares[-1] == pytest.approx(1 / 200)
    assert (Schedule("wsd").shares(1000, 5, 1000) == 0).all()
    assert np.isfinite(Schedule("wsd").shares(0, 1, 1)).all()


def test_the_next_step_that_is_shown_is_the_one_that_is_taken(opened):
    runner = opened("landscape/river", gradient_noise=0.0)
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    for _ in range(3):
        trail = runner.frame().picture.trails[0]
        runner.advance(1)
        after = runner.frame().picture.trails[0].positions[-1]
        np.testing.assert_allclose(trail.positions[-1] + trail.update.step, after, rtol=1e-6)


def test_why_says_what_the_decay_has_done(opened):
    runner = opened("landscape/river")
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    runner.advance(100)
    said = {finding.title: finding.sentence for finding in runner.frame().findings}
    assert "held until step 320" in said["The schedule"]
    runner = carried_out(opened, "landscape/river")
    said = {finding.title: finding.sentence for finding in runner.frame().findings}
    assert "falls to the ground" in said["Decay"]
    plain = carried_out(opened, "landscape/river", schedule="constant")
    assert not {"Decay", "The schedule"} & {finding.title for finding in plain.frame().findings}
