"""Where a step is stable on a landscape, and what becomes of a descent that begins where none is."""

from __future__ import annotations

import numpy as np
import pytest

from engine.backend import backend
from engine.frames import Severity
from engine.landscape.bends import largest_bend
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.functions.terrain import terrain_of
from engine.run.states import Event

TITLE = "Came to where it is flatter"


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_bends_are_the_largest_eigenvalues_of_tensorflows_second_derivatives(name):
    tf = backend.tensorflow()
    landscape = LANDSCAPES[name]
    low, high = np.array(landscape.domain).T
    points = np.random.default_rng(5).uniform(low, high, (40, len(low)))
    axes = [tf.constant(axis) for axis in points.T]
    with tf.GradientTape(persistent=True) as outer:
        outer.watch(axes)
        with tf.GradientTape() as inner:
            inner.watch(axes)
            cost = landscape.formula(tf.math, *axes)
        slopes = inner.gradient(cost, axes)
    zero = tf.UnconnectedGradients.ZERO
    whole = np.array([[outer.gradient(slope, axis, unconnected_gradients=zero) for axis in axes] for slope in slopes])
    exact = np.linalg.eigvalsh(np.moveaxis(whole, -1, 0))[:, -1]
    scale = np.abs(exact).max()
    np.testing.assert_allclose(largest_bend(landscape, *points.T), exact, rtol=2e-3, atol=2e-3 * scale)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_every_terrain_has_them_at_its_samples(name):
    landscape = LANDSCAPES[name]
    terrain = terrain_of(landscape)
    assert terrain.bends.shape == terrain.z.shape
    assert not terrain.bends.flags.writeable
    if landscape.dimensions == 2:
        assert terrain.bends[7, 31] == pytest.approx(float(largest_bend(landscape, terrain.x[31], terrain.y[7])))


def test_on_the_flat_valley_a_step_of_rate_0_3_is_stable_beyond_x_0_816():
    landscape = LANDSCAPES["flat-valley"]
    x = np.linspace(0.3, 1.3, 2001)
    along = largest_bend(landscape, x, np.sqrt(1 - x**2 / 2))  # on the ellipse of minima
    np.testing.assert_allclose(along, 8 - 2 * x**2, atol=1e-3)
    assert x[np.flatnonzero(along <= 2 / 0.3)[0]] == pytest.approx(0.816, abs=0.01)


def finished(opened, scene: str, **knobs):
    runner = opened(scene, **knobs)
    runner.handle(Event.PLAY)
    runner.advance()
    return runner


@pytest.mark.parametrize("start", [(0.2, 0.95), (0.4, 1.05), (0.1, 0.8), (-0.3, -0.6)])
def test_a_descent_from_the_sharp_part_of_the_valley_ends_in_its_flat_part(opened, start):
    runner = finished(opened, "landscape/flat-valley", start=start)
    (end,) = runner.outcome()["runners"]
    x, y = end["end"]
    assert end["cost"] < 1e-6
    assert abs(x) > 0.816
    assert x**2 / 2 + y**2 == pytest.approx(1, abs=1e-3)
    assert end["first_sharpness"] != end["sharpness"] <= end["two_over_rate"] == pytest.approx(2 / 0.3)


@pytest.mark.parametrize(
    ("start", "rate"), [((2.9, 0.02), 0.3), ((2.8, 0.1), 0.28), ((2.7, 0.2), 0.3), ((1.5, 1), 0.2)]
)
def test_the_catapult_follows_its_exact_recursion(opened, start, rate):
    runner = finished(opened, "landscape/catapult", start=start, learning_rate=rate)
    (trail,) = runner.frame().picture.trails
    assert len(trail.positions) == 101
    f, size = start[0] * start[1], start[0] ** 2 + start[1] ** 2
    for x, y in trail.positions:
        assert x * y == pytest.approx(f, abs=1e-5)
        assert x**2 + y**2 == pytest.approx(size, abs=1e-5)
        f, size = f * (1 - rate * size + rate**2 * f**2), size + rate * f**2 * (rate * size - 4)


def test_the_catapults_cost_rises_first_and_then_falls_where_it_is_flatter(opened):
    runner = finished(opened, "landscape/catapult")
    (trail,) = runner.frame().picture.trails
    assert 2 / 0.3 < (trail.positions[0] ** 2).sum() < 4 / 0.3
    assert trail.costs.max() > 100 * trail.costs[0]
    assert trail.costs[-1] < 1e-9
    assert (trail.positions[-1] ** 2).sum() < 2 / 0.3


def said(runner) -> dict[str, str]:
    return {finding.title: finding.sentence for finding in runner.frame().findings if finding.severity is Severity.INFO}


def test_why_says_that_it_began_where_no_step_is_stable_and_came_to_where_it_is_flatter(opened):
    catapult = said(finished(opened, "landscape/catapult"))[TITLE]
    assert "2/η = 6.67" in catapult
    assert "The cost rose from 0.00168 to 1.05" in catapult
    assert "2/η = 6.67" in said(finished(opened, "landscape/flat-valley"))[TITLE]


@pytest.mark.parametrize(
    ("scene", "knobs"),
    [
        ("landscape/flat-valley", {"learning_rate": 0.1}),
        ("landscape/catapult", {"learning_rate": 0.1}),
        ("landscape/beale", {}),
        ("landscape/first-descent", {}),
        ("landscape/two-parameters", {}),
        ("landscape/too-large", {}),
    ],
)
def test_it_says_nothing_of_the_kind_where_a_descent_had_room_or_never_came_to_rest(opened, scene, knobs):
    assert TITLE not in said(finished(opened, scene, **knobs))


def test_each_descent_has_the_line_of_its_own_rule_and_rate(opened):
    runner = opened(
        "landscape/two-parameters", points=3, point_rates=(0.0, 0.01, 0.0),
        point_optimizers=("same", "same", "momentum"), momentum=0.5, learning_rate=0.002,
    )  # fmt: skip
    edges = [trail.edge for trail in runner.frame().picture.trails]
    assert edges == pytest.approx([1000, 200, 1500])
    adam = opened("landscape/two-parameters", optimizer="adam")
    assert adam.frame().picture.trails[0].edge is None


def test_a_rate_in_samples_has_its_line_in_the_landscapes_own_unit(opened):
    runner = opened("landscape/too-large")
    (trail,) = runner.frame().picture.trails
    spacing = 2 / 199
    assert trail.edge == pytest.approx(2 / (500 * spacing**2))
