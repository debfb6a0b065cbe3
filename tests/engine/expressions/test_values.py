"""A formula in NumPy and in TensorFlow: the same value, and the same gradient, also where the rules give none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.backend import backend
from engine.expressions import functions_by_group, parse

MEANINGS = [
    ("x", lambda x, y: x),
    ("-x**2", lambda x, y: -(x**2)),
    ("x^2 + y²", lambda x, y: x**2 + y**2),
    ("sin(10*x)*exp(-x)", lambda x, y: np.sin(10 * x) * np.exp(-x)),
    ("(x + 2)**-3 − 2·π", lambda x, y: (x + 2) ** -3 - 2 * np.pi),
    ("minimum(1, x) + maximum(y, 0.5)", lambda x, y: np.minimum(1, x) + np.maximum(y, 0.5)),
    ("abs(tanh(x - y)) / sqrt(2)", lambda x, y: np.abs(np.tanh(x - y)) / np.sqrt(2)),
    ("log(x + 3) ** 1.5 + tan(y/2)", lambda x, y: np.log(x + 3) ** 1.5 + np.tan(y / 2)),
    ("2**x + e**y", lambda x, y: 2**x + np.e**y),
    ("x^(1/3) + y^(2/3)", lambda x, y: np.cbrt(x) + np.abs(y) ** (2 / 3)),
    ("1e8 x^2 + 1e-13 sin(y)", lambda x, y: 1e8 * x**2 + 1e-13 * np.sin(y)),
]


def gradient_by_tensorflow(text: str, compiled: bool = False, **at: float) -> tuple[float, ...]:
    tf, formula = backend.tensorflow(), parse(text)

    def gradient(*place):
        with tf.GradientTape() as tape:
            tape.watch(place)
            cost = formula.tensorflow(**dict(zip(formula.variables, place, strict=True)))
        return tape.gradient(cost, place)

    place = [tf.constant([at[name]], tf.float64) for name in formula.variables]
    found = tf.function(gradient, jit_compile=True)(*place) if compiled else gradient(*place)
    return tuple(float(part[0]) for part in found)


@pytest.mark.parametrize(("text", "meant"), MEANINGS)
def test_a_formula_means_the_same_to_the_picture_and_to_the_descent(text, meant):
    x, y = np.random.default_rng(1).uniform(-1, 1, (2, 30))
    formula = parse(text)
    used = {name: value for name, value in (("x", x), ("y", y)) if name in formula.variables}
    expected = np.broadcast_to(meant(x, y), x.shape)
    np.testing.assert_allclose(formula.numpy(**used), expected, rtol=1e-12)
    tf = backend.tensorflow()
    for precision, tolerance in ((tf.float64, 1e-12), (tf.float32, 1e-4)):
        tensors = {name: tf.constant(value, precision) for name, value in used.items()}
        compiled = tf.function(lambda tensors=tensors: formula.tensorflow(**tensors), jit_compile=True)
        np.testing.assert_allclose(compiled().numpy(), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", [name for names in functions_by_group().values() for name in names])
def test_every_function_has_its_slope_in_both(name):
    argument = {"arccosh": "(1.3 + x y)"}.get(name, "(x y)")
    text = f"{name}{argument}" if parse_takes_one(name) else f"{name}(x, 2y)"
    formula, at = parse(text), {"x": 0.6, "y": 0.7}
    place = formula.at(**at)
    for number, variable in enumerate(formula.variables):
        ends = [formula.at(**(at | {variable: at[variable] + step})).value for step in (1e-6, -1e-6)]
        assert place.gradient[number] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6, abs=1e-9)
    assert gradient_by_tensorflow(text, **at) == pytest.approx(place.gradient, rel=1e-9)


def parse_takes_one(name: str) -> bool:
    return name not in ("pow", "hypot", "min", "max", "mod", "arctan2")


def test_a_formula_says_which_variables_it_uses():
    assert parse("x*x").variables == ("x",)
    assert parse("y + 0*x").variables == ("x", "y")
    assert parse("sin(t)", ("t",)).variables == ("t",)


def test_where_a_formula_has_no_value_it_says_so_in_numbers_without_a_warning(recwarn):
    values = parse("log(x)").numpy(x=np.array([-1.0, 0.0, 1.0]))
    assert np.isnan(values[0])
    assert values[1] == -np.inf
    assert values[2] == 0
    assert parse("log(x)").at(x=-1).remark == "The formula has no value there."
    assert not recwarn.list


@pytest.mark.parametrize(
    ("text", "x", "gradient"),
    [
        ("0.01*x^2 + 1/(1+exp(-20*x))", -60, -1.2),
        ("ln(1+exp(x))", 800, 1.0),
        ("exp(x)/(1+exp(x))", 800, 0.0),
        ("1/(1+e^(-x))", -800, 0.0),
        ("1e8x^2", 1, 2e8),
        ("1e-13*sin(x)", 0, 1e-13),
        ("x^(2/3)", -8, -1 / 3),
        ("x^(1/3)", -8, 1 / 12),
        ("x ln x", 1, 1.0),
        ("3^x", 2, 9 * math.log(3)),
    ],
)
def test_a_gradient_that_overflows_on_its_way_is_computed_stably(text, x, gradient):
    place = parse(text).at(x=x)
    assert place.gradient == pytest.approx((gradient,), rel=1e-9)
    assert place.remark == ""
    assert gradient_by_tensorflow(text, compiled=True, x=x) == pytest.approx((gradient,), rel=1e-9)


@pytest.mark.parametrize(
    ("text", "x", "gradient"),
    [
        ("sqrt(x^2)", 0, 0.0),
        ("x^(2/3)", 0, 0.0),
        ("(x^3)^(1/3)", 0, 1.0),
        ("x + exp(-exp(-x))", -800, 1.0),
        ("x/(1+exp(x))", 800, 0.0),
        ("(x-2)^2 + atan(exp(400x))", 3, 2.0),
    ],
)
def test_where_the_rules_give_0_times_infinity_the_difference_quotient_stands_in_and_that_is_said(text, x, gradient):
    place = parse(text).at(x=x)
    assert place.gradient == pytest.approx((gradient,), abs=1e-6)
    assert "difference quotient" in place.remark
    assert gradient_by_tensorflow(text, compiled=True, x=x) == pytest.approx((gradient,), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "x", "said"),
    [
        ("sqrt(x)", 0, "infinite"),
        ("x^(1/3)", 0, "infinite"),
        ("x*log(x)", 0, "infinite"),
        ("asin(x)", 1, "infinite"),
        ("x^x", 0, "no value there, though"),
        ("|x|", 0, "kink"),
        ("max(x, -x)", 0, "kink"),
        ("sign(x)*x", 0, "kink"),
        ("floor(x)", 1, "jumps"),
        ("|x|^2", 0, ""),
        ("cos(|x|)", 0, ""),
        ("x^2", 0, ""),
    ],
)
def test_a_place_without_a_slope_is_named_for_what_it_is(text, x, said):
    place = parse(text).at(x=x)
    assert np.isfinite(place.value)
    assert said in place.remark
    assert bool(place.remark) == bool(said)


def test_both_slopes_of_a_distance_are_there_at_its_tip():
    place = parse("sqrt(x^2 + y^2)").at(x=0, y=0)
    assert place.gradient == pytest.approx((0, 0), abs=1e-9)
    assert "difference quotient" in place.remark


def test_the_gradient_of_a_typed_formula_is_the_automatic_one():
    tf = backend.tensorflow()
    x, y = tf.constant([-0.5, 0.7], tf.float64), tf.constant([0.2, -1.5], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        cost = parse("x**3 * sin(y) + minimum(x, y)").tensorflow(x=x, y=y)
    by_x, by_y = tape.gradient(cost, [x, y])
    np.testing.assert_allclose(by_x, 3 * x**2 * np.sin(y) + [1, 0], rtol=1e-12)
    np.testing.assert_allclose(by_y, x**3 * np.cos(y) + [0, 1], rtol=1e-12)


def test_the_gradient_of_broadcast_parameters_has_their_shape():
    tf = backend.tensorflow()
    x, y = tf.constant([[1.0, 2.0, 3.0]]), tf.constant([[1.0], [2.0]])
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        cost = parse("x^2 y").tensorflow(x=x, y=y)
    by_x, by_y = tape.gradient(cost, [x, y])
    np.testing.assert_allclose(by_x, [[6, 12, 18]])
    np.testing.assert_allclose(by_y, [[14], [14]])
