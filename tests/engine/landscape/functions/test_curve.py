"""The drawn curve: fine where it bends, broken where there is no line, and shown over what is usual."""

from __future__ import annotations

import numpy as np
import pytest

from engine.expressions import parse
from engine.landscape.functions.curve import DrawnCurve, drawn_curve
from engine.landscape.functions.terrain import terrain_of
from engine.landscape.functions.typed_landscape import typed_landscape

HEIGHT = 1000  # pixels of a picture


def drawn(text: str, low: float = -2.0, high: float = 2.0) -> DrawnCurve:
    formula = parse(text)
    return drawn_curve(lambda x: formula.numpy(x=x), low, high)


def gaps(curve: DrawnCurve) -> np.ndarray:
    """Where a stretch without a cost begins, with a cost on both of its sides."""
    x, is_gap = curve.x, np.isnan(curve.z)
    begins = np.flatnonzero(is_gap[1:] & ~is_gap[:-1]) + 1
    return x[[place for place in begins if not is_gap[place:].all()]]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("tan(x)", [-np.pi / 2, np.pi / 2]),
        ("1/x", [0]),
        ("1/(x-0.3)", [0.3]),
        ("1/(x^2-1)", [-1, 1]),
        ("floor(x)", [-1, 0, 1, 2]),
        ("heaviside(x-0.3)", [0.3]),
        ("x^2 + heaviside(x-0.3)", [0.3]),
        ("x^2 + heaviside(x)", [0]),
        ("x + sign(x - 1.2345)", [1.2345]),
        ("mod(x, 1)", [-1, 0, 1, 2]),
    ],
)
def test_a_curve_is_broken_at_its_poles_and_jumps_and_no_wall_is_drawn(text, places):
    curve = drawn(text)
    assert (np.diff(curve.x) >= 0).all()
    for place in places:
        assert np.abs(gaps(curve) - place).min() < 1e-9
    low, high = curve.shown
    rise = np.abs(np.diff(curve.z)) / (high - low)
    in_sight = (np.minimum(curve.z[1:], curve.z[:-1]) < high) & (np.maximum(curve.z[1:], curve.z[:-1]) > low)
    assert np.nanmax(np.where(in_sight, rise, 0)) < 0.05


@pytest.mark.parametrize(
    "text", ["x^2", "sin(50x)", "x^(1/3)", "tanh(1000x)", "|x|", "x^x + 3", "exp(5x)", "1e8x^2", "1e-13 sin(x)", "x^20"]
)
def test_a_curve_without_jumps_is_whole(text):
    low = 0.0 if "x^x" in text else -2.0
    assert not np.isnan(drawn(text, low).z).any()


@pytest.mark.parametrize(
    "text", ["x^4 - x^2", "sin(50x)", "sin(200x)", "exp(-1000x^2)", "tanh(1000x)", "x^(2/3)", "1/x"]
)
def test_a_straight_line_between_two_samples_is_nowhere_a_pixel_off(text):
    curve, formula = drawn(text), parse(text)
    low, high = curve.shown
    whole = np.isfinite(curve.z[1:]) & np.isfinite(curve.z[:-1])
    middle = (0.5 * (curve.x[1:] + curve.x[:-1]))[whole]
    line = (0.5 * (curve.z[1:] + curve.z[:-1]))[whole]
    exact = formula.numpy(x=middle)
    seen = (exact > low) & (exact < high)
    assert np.abs(exact - line)[seen].max() < (high - low) / HEIGHT


@pytest.mark.parametrize(
    ("text", "most"), [("1/x", 20), ("tan(x)", 30), ("1/x^2", 30), ("x^2 + 1/(x-0.3)", 30), ("x^-0.5", 10)]
)
def test_a_pole_does_not_flatten_the_rest(text, most):
    low, high = drawn(text).shown
    assert -most <= low < high <= most


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x^20", (0, 2.0**20)),
        ("exp(5x)", (np.exp(-10), np.exp(10))),
        ("-exp(-1000(x-0.5)^2)", (-1, 0)),
        ("1e8*x^2", (0, 4e8)),
        ("1e-13*sin(x)", (-1e-13, 1e-13)),
        ("1000 + x/1000", (999.998, 1000.002)),
    ],
)
def test_what_has_no_pole_is_shown_whole_however_large_or_small(text, shown):
    assert drawn(text).shown == pytest.approx(shown, rel=1e-3)


def test_an_edge_of_the_domain_is_reached():
    curve = drawn("sqrt(x - 0.12345)")
    first = np.flatnonzero(np.isfinite(curve.z))[0]
    assert curve.x[first] == pytest.approx(0.12345, abs=1e-12)
    assert curve.z[first] == pytest.approx(0, abs=1e-6)


def test_the_finest_wave_has_no_more_samples_than_can_be_drawn():
    assert len(drawn("sin(5000x)").x) < 20_000


def test_a_surface_with_a_pole_shows_the_rest():
    terrain = terrain_of(typed_landscape("x + 1/(x^2 + y^2)", -2.0, 2.0))
    assert np.nanmax(terrain.z) < 20
    assert terrain.shown == (np.nanmin(terrain.z), np.nanmax(terrain.z))
