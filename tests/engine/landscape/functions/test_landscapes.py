"""The landscapes: their minima are the lecture's, and picture, gradient and descent see one and the same cost."""

import numpy as np
import pytest
from scipy.ndimage import minimum_filter

from engine.backend import backend
from engine.landscape.functions.landscapes import LANDSCAPES, minima

EVERY = pytest.mark.parametrize("name", LANDSCAPES)


def random_points(name: str, count: int = 200) -> np.ndarray:
    """(count, dimensions), somewhere inside the domain."""
    low, high = np.array(LANDSCAPES[name].domain).T
    return np.random.default_rng(11).uniform(low, high, (count, len(low)))


def test_the_lecture_curve_has_its_three_minima_with_the_global_one_first():
    found = minima("wave")
    assert found[:, 0] == pytest.approx([-0.799, -0.166, 0.457], abs=0.01)
    assert LANDSCAPES["wave"].values(found[:, 0]) == pytest.approx([-2.203, -1.176, -0.627], abs=0.01)


def test_the_lecture_surface_has_21_inner_minima_on_its_grid_the_lowest_where_the_lecture_has_it():
    surface = LANDSCAPES["wave-surface"]
    grid = surface.grid()
    lowest_nearby = minimum_filter(grid, size=3)[1:-1, 1:-1]
    rows, columns = np.nonzero(grid[1:-1, 1:-1] == lowest_nearby)
    costs = grid[rows + 1, columns + 1]
    assert len(costs) == 21
    assert costs.min() == pytest.approx(-4.147, abs=0.001)
    best = costs.argmin()
    assert surface.axis(0)[columns[best] + 1] == pytest.approx(-0.80)
    assert surface.axis(1)[rows[best] + 1] == pytest.approx(-0.64)


def test_the_lecture_surface_marks_21_minima_too_and_that_one_is_among_the_lowest():
    found = minima("wave-surface")
    costs = LANDSCAPES["wave-surface"].values(*found.T)
    there = np.abs(found - [-0.80, -0.64]).max(axis=1) < 0.01
    assert len(found) == 21
    assert there.sum() == 1
    assert costs[there] == pytest.approx(-4.147, abs=0.01)
    assert costs[there] == pytest.approx(costs.min(), abs=1e-6)


def test_the_lecture_surface_is_drawn_on_100_by_100_points_of_spacing_0_02_without_the_right_end():
    surface = LANDSCAPES["wave-surface"]
    assert surface.grid().shape == (100, 100)
    assert surface.axis(0)[[0, -1]] == pytest.approx([-1.0, 0.98])
    assert np.diff(surface.axis(0)) == pytest.approx(0.02)


def test_a_grid_has_rows_along_y_and_columns_along_x():
    valley = LANDSCAPES["narrow-valley"]
    assert valley.grid()[3, 40] == pytest.approx(valley.values(valley.axis(0)[40], valley.axis(1)[3]))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("parabola", [(0,)]),
        ("rosenbrock", [(1, 1)]),
        ("himmelblau", [(-3.7793, -3.2832), (-2.8051, 3.1313), (3, 2), (3.5844, -1.8481)]),
        ("beale", [(3, 0.5)]),
        ("narrow-valley", [(0, 0)]),
        ("plateau", [(0, 0)]),
        ("saddle", []),
    ],
)
def test_the_textbook_landscapes_have_the_minima_of_the_textbook(name, expected):
    found = sorted(map(tuple, minima(name)))
    assert len(found) == len(expected)
    for point, textbook in zip(found, expected, strict=True):
        assert point == pytest.approx(textbook, abs=2e-3)


@pytest.mark.parametrize("name", ["rastrigin", "ackley"])
def test_the_lowest_of_many_minima_is_the_origin_at_cost_zero(name):
    found = minima(name)
    assert len(found) > 40
    assert found[0] == pytest.approx([0, 0], abs=2e-3)
    assert LANDSCAPES[name].values(*found[0]) == pytest.approx(0, abs=1e-4)


@EVERY
def test_every_minimum_is_lower_than_its_surroundings_and_inside(name):
    landscape = LANDSCAPES[name]
    low, high = np.array(landscape.domain).T
    around = np.random.default_rng(3).uniform(-0.01, 0.01, (50, landscape.dimensions))
    for point in minima(name):
        assert (low <= point).all()
        assert (point <= high).all()
        assert (landscape.values(*(point + around).T) >= landscape.values(*point) - 1e-9).all()


@EVERY
def test_every_landscape_starts_inside_away_from_its_minima(name):
    landscape = LANDSCAPES[name]
    start = np.array(landscape.start)
    assert len(start) == landscape.dimensions
    for value, (low, high) in zip(start, landscape.domain, strict=True):
        assert low < value < high
    for point in minima(name):
        assert np.abs(start - point).max() > 0.01


@EVERY
def test_numpy_and_tensorflow_see_the_same_cost(name):
    tf = backend.tensorflow()
    points = random_points(name).T
    in_graph = LANDSCAPES[name].formula(tf.math, *(tf.constant(axis) for axis in points)).numpy()
    np.testing.assert_allclose(in_graph, LANDSCAPES[name].values(*points), rtol=1e-12, atol=1e-12)


@EVERY
def test_the_automatic_gradient_agrees_with_central_differences(name):
    tf = backend.tensorflow()
    landscape, points, h = LANDSCAPES[name], random_points(name).T, 1e-6
    inputs = [tf.constant(axis) for axis in points]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        cost = landscape.formula(tf.math, *inputs)
    for axis, automatic in enumerate(tape.gradient(cost, inputs)):
        off = np.zeros((landscape.dimensions, 1))
        off[axis] = h
        central = (landscape.values(*(points + off)) - landscape.values(*(points - off))) / (2 * h)
        scale = np.abs(central).max()
        np.testing.assert_allclose(automatic.numpy(), central, rtol=1e-5, atol=1e-7 * scale)
