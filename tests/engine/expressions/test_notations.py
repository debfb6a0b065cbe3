"""What people write for the same formula, and what it means: school notation, other programs' names, pasted text."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from engine.expressions import parse

CASES = json.loads(Path(__file__).with_name("formula_cases.json").read_text(encoding="utf-8"))
E, PI, SIN, COS = math.e, math.pi, math.sin, math.cos

# what is typed, where (x, or x and y), its value
NOTATIONS = [
    ("2x", (3,), 6),
    ("3(x-1)", (3,), 6),
    ("(x-1)(x+2)", (3,), 10),
    ("(x)2", (4,), 8),
    ("x(x+1)", (2,), 6),
    ("x(-1)", (2,), -2),
    ("x sin(x)", (2,), 2 * SIN(2)),
    ("sin(x)(x+1)", (1,), 2 * SIN(1)),
    ("sin(x)cos(x)", (1,), SIN(1) * COS(1)),
    ("2 pi x", (1,), 2 * PI),
    ("2πx", (1,), 2 * PI),
    ("τ x", (1,), 2 * PI),
    ("xy", (2, 3), 6),
    ("2xy", (2, 3), 12),
    ("xsinx", (2,), 2 * SIN(2)),
    ("2ex", (1,), 2 * E),
    ("x^2y", (2, 3), 12),
    ("2^x y", (2, 3), 12),
    # functions without brackets, and their powers
    ("sin x cos x", (1,), SIN(1) * COS(1)),
    ("sin 2x", (1,), SIN(2)),
    ("sin2x", (1,), SIN(2)),
    ("sin 2x + 1", (1,), SIN(2) + 1),
    ("sin 2(x+1)", (1,), SIN(4)),
    ("sin -x", (1,), -SIN(1)),
    ("sin cos x", (1,), SIN(COS(1))),
    ("sin|x|", (-1,), SIN(1)),
    ("ln x", (E,), 1),
    ("sin²(x)", (1,), SIN(1) ** 2),
    ("sin² x", (1,), SIN(1) ** 2),
    ("sin^2(x)", (1,), SIN(1) ** 2),
    ("sin^2 x", (1,), SIN(1) ** 2),
    ("sin^2 2x", (1,), SIN(2) ** 2),
    ("sin^2(x)cos(x)", (1,), SIN(1) ** 2 * COS(1)),
    ("sin^(1/2)(x)", (1,), SIN(1) ** 0.5),
    ("log10^2(x)", (100,), 4),
    ("sin(x)^2", (1,), SIN(1) ** 2),
    ("sin⁻¹(x)", (0.5,), math.asin(0.5)),
    ("sin^-1(x)", (0.5,), math.asin(0.5)),
    ("tan^(-1)(x)", (0.5,), math.atan(0.5)),
    ("sin^-2(x)", (0.5,), SIN(0.5) ** -2),
    # bars, roots, brackets
    ("|x|", (-2,), 2),
    ("||x|-1|", (-3,), 2),
    ("|x-|y||", (1, -4), 3),
    ("|2|x||", (-3,), 6),
    ("2|x|", (-3,), 6),
    ("|x||y|", (-3, -2), 6),
    ("|x|x", (-3,), -9),
    ("|x| |y| - |x|", (-3, -2), 3),
    ("-|x|^2", (-3,), -9),
    ("max(|x|, |y|)", (-3, -4), 4),
    ("√x", (9,), 3),
    ("√(x+7)", (9,), 4),
    ("√x²", (-3,), 3),
    ("√2x", (9,), math.sqrt(2) * 9),
    ("∛x", (-8,), -2),
    ("⌊x⌋ + ⌈x⌉", (1.5,), 3),
    ("{x+[1-(x)]}", (8,), 1),
    # powers
    ("-x^2", (3,), -9),
    ("(-x)^2", (3,), 9),
    ("2^-x", (1,), 0.5),
    ("x^2^3", (2,), 256),
    ("x**2**3", (2,), 256),
    ("x²^3", (2,), 64),
    ("x^y²", (2, 3), 512),
    ("x⁻²", (2,), 0.25),
    ("e⁻ˣ", (1,), 1 / E),
    ("e^-x", (1,), 1 / E),
    ("e^(2x)", (1,), E**2),
    ("e²ˣ", (1,), E**2),
    ("sin(10 x) e⁻ˣ", (1,), SIN(10) / E),
    ("x^-1", (4,), 0.25),
    # a quotient and what follows it, from the left
    ("1/2x", (4,), 2),
    ("1/(2x)", (4,), 0.125),
    ("e^2x", (3,), 3 * E**2),
    ("x^1/3", (8,), 8 / 3),
    ("x/2/2", (8,), 2),
    ("x-1-1", (8,), 6),
    ("2*-x", (2,), -4),
    ("--x", (2,), 2),
    ("x - +1", (2,), 1),
    # odd roots of negative numbers
    ("x^(1/3)", (-8,), -2),
    ("x^(2/3)", (-8,), 4),
    ("x^(5/3)", (-8,), -32),
    ("x^(-1/3)", (-8,), -0.5),
    ("x^-(1/3)", (-8,), -0.5),
    ("x^(1/(3))", (-8,), -2),
    ("x^(1/6+1/6)", (-8,), -2),
    ("x^(2(1/3))", (-8,), 4),
    ("x^((1/3)^2)", (-1,), -1),
    ("x^(2/6)", (-8,), -2),
    ("x^⅓", (-8,), -2),
    ("x^0.2", (-32,), -2),
    ("x^0.4", (-32,), 4),
    ("x^0.333333333", (-8,), -2),
    ("(x-9)^(1/3)", (1,), -2),
    ("pow(x, 1/3)", (-8,), -2),
    ("cbrt(x)", (-27,), -3),
    ("(x^3)^(1/3)", (-2,), -2),
    ("x^1.5", (4,), 8),
    ("x^21", (-1,), -1),
    # numbers
    ("½x", (3,), 1.5),
    ("2½x", (2,), 5),
    ("x^½", (4,), 2),
    (".5x", (2,), 1),
    ("5.x", (2,), 10),
    ("1_000x", (2,), 2000),
    ("5e-3x", (2,), 0.01),
    ("1E−3x", (2,), 0.002),
    ("0,5x", (2,), 1),
    ("1,5x + 0,25", (2,), 3.25),
    ("0,125x", (8,), 1),
    ("(0,5x)^2", (2,), 1),
    ("sin(0,5x)", (2,), SIN(1)),
    ("1,000.5x", (2,), 2001),
    ("1.000,5x", (2,), 2001),
    ("1\u00a0000,5x", (2,), 2001),
    ("1\u202f000x", (2,), 2000),
    ("1,000,000x", (2,), 2e6),
    ("1e-13*sin(x)", (1,), 1e-13 * SIN(1)),
    ("1e8*x^2", (2,), 4e8),
    # commas and semicolons between values
    ("max(x, 0)", (-1,), 0),
    ("max(x,0)", (-1,), 0),
    ("max(0,5)*x", (2,), 10),
    ("max(0,5x)", (2,), 10),
    ("max(x; 0,5)", (0,), 0.5),
    ("max(0,5; x)", (0,), 0.5),
    ("pow(x, 0,5)", (4,), 2),
    ("hypot(0,3, x)", (0.4,), 0.5),
    ("max(x, y, 1)", (0, 3), 3),
    ("min(x, max(0, 5), y)", (7, 8), 5),
    # names, headings, ends
    ("X^2 + Y", (3, 1), 10),
    ("SIN(X)", (1,), SIN(1)),
    ("x1^2 + x2", (1, 2), 3),
    ("x_1 x_2", (2, 5), 10),
    ("x₁ + x₂", (2, 5), 7),
    ("y = x^2", (3,), 9),
    ("z = x^2 + y^2", (1, 2), 5),
    ("f(x) = x^2", (3,), 9),
    ("f(x, y) = x y", (2, 3), 6),
    ("f(x1, x2) = x1 - x2", (2, 3), -1),
    ("f(t) = t^2", (3,), 9),
    ("J(a, b) = a + 2b", (1, 3), 7),
    ("= x^2", (3,), 9),
    ("x**2;", (3,), 9),
    ("x^2 ; ", (3,), 9),
    ("math.sqrt(x)", (4,), 2),
    ("tf.math.sin(x)", (1,), SIN(1)),
    ("tf.nn.relu(x)", (-1,), 0),
    ("numpy.maximum(x, 0)", (-1,), 0),
    ("np.pi * x", (1,), PI),
    ("Math.sin(x)", (1,), SIN(1)),
    # pasted text
    ("\ufeffx\u200b^2\u00a0", (3,), 9),
    ("s\u00adin(x)", (1,), SIN(1)),
    ("x\u2062y", (2, 3), 6),
    ("x – 1", (3,), 2),
    ("x − 1", (3,), 2),
    ("x·2 ⋅ 2 × 2 ÷ 4", (3,), 6),
    ("𝑥² + ｘ", (3,), 12),
    ("x\t+\n1", (3,), 4),
]  # fmt: skip

FUNCTIONS = [
    ("ln(x)", math.log), ("log(x)", math.log), ("log10(x)", math.log10), ("lg(x)", math.log10), ("log2(x)", math.log2),
    ("log₂(x)", math.log2), ("exp(x)", math.exp), ("sqrt(x)", math.sqrt), ("cbrt(x)", math.cbrt), ("abs(-x)", abs),
    ("sign(-x)", lambda x: -1), ("floor(x)", math.floor), ("ceil(x)", math.ceil), ("round(x)", round),
    ("sin(x)", SIN), ("cos(x)", COS), ("tan(x)", math.tan), ("sec(x)", lambda x: 1 / COS(x)),
    ("csc(x)", lambda x: 1 / SIN(x)), ("cot(x)", lambda x: 1 / math.tan(x)), ("asin(x)", math.asin),
    ("arcsin(x)", math.asin), ("acos(x)", math.acos), ("arccos(x)", math.acos), ("atan(x)", math.atan),
    ("arctan(x)", math.atan), ("sinh(x)", math.sinh), ("cosh(x)", math.cosh), ("tanh(x)", math.tanh),
    ("sech(x)", lambda x: 1 / math.cosh(x)), ("csch(x)", lambda x: 1 / math.sinh(x)),
    ("coth(x)", lambda x: 1 / math.tanh(x)), ("asinh(x)", math.asinh), ("arsinh(x)", math.asinh),
    ("arccosh(x + 1)", lambda x: math.acosh(x + 1)), ("arctanh(x)", math.atanh), ("min(x, 0.1)", lambda x: 0.1),
    ("minimum(x, 0.1)", lambda x: 0.1), ("max(x, 1)", lambda x: 1), ("maximum(1, x)", lambda x: 1),
    ("relu(x)", lambda x: x), ("sigmoid(x)", lambda x: 1 / (1 + math.exp(-x))),
    ("softplus(x)", lambda x: math.log(1 + math.exp(x))), ("heaviside(x)", lambda x: 1),
    ("heaviside(x, 0.5)", lambda x: 1), ("pow(x, 3)", lambda x: x**3), ("hypot(x, 1)", lambda x: math.hypot(x, 1)),
    ("mod(x, 0.3)", lambda x: x % 0.3), ("atan2(x, 2)", lambda x: math.atan2(x, 2)), ("log1p(x)", math.log1p),
    ("expm1(x)", math.expm1), ("square(x)", lambda x: x * x),
]  # fmt: skip


def value(text: str, place: tuple[float, ...]) -> float:
    formula = parse(text)
    at = dict(zip(("x", "y"), place, strict=False))
    return formula.at(**{name: at[name] for name in formula.variables}).value


@pytest.mark.parametrize("case", CASES, ids=[case["formula"] for case in CASES])
def test_every_collected_formula_has_its_value(case):
    formula = parse(case["formula"])
    place = formula.at(**{name: case["at"][name] for name in formula.variables})
    assert place.value == pytest.approx(case["value"], rel=1e-12)
    assert np.isfinite(place.gradient).all()


@pytest.mark.parametrize(("text", "place", "expected"), NOTATIONS, ids=[text for text, *_ in NOTATIONS])
def test_a_formula_is_read_as_people_mean_it(text, place, expected):
    assert value(text, place) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(("text", "function"), FUNCTIONS, ids=[text for text, _ in FUNCTIONS])
def test_every_function_goes_by_the_names_that_people_use(text, function):
    assert value(text, (0.7,)) == pytest.approx(function(0.7), rel=1e-12)


@pytest.mark.parametrize(("text", "place", "expected"), NOTATIONS, ids=[text for text, *_ in NOTATIONS])
def test_what_is_typeset_is_a_formula_of_the_same_value(text, place, expected):
    assert value(parse(text).typeset, place) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("log(x)", "natural logarithm"),
        ("1/2x", "from the left"),
        ("e^2x", "e^(2x)"),
        ("x^1/3", "^(1/3)"),
        ("sin 2x", "sin(2x)"),
        ("√2x", "√(2x)"),
        ("x 2", "x^2"),
        ("x2 + 1", "second parameter"),
        ("xy", "x y"),
        ("max(0,5x)", "point"),
        ("pow(x, 0,5)", "decimal comma"),
        ("sin⁻¹(x)", "arcsin"),
        ("f(t) = t^2", "t is called x"),
    ],
)
def test_what_was_guessed_is_said_in_one_sentence(text, said):
    remarks = parse(text).remarks
    assert any(said in remark for remark in remarks)
    assert all(remark.endswith(".") and len(remark) < 160 for remark in remarks)


@pytest.mark.parametrize("text", ["2x", "ln(x)", "x1 + x2", "max(x, 0)", "0,5x", "x^2/2", "1/2 x", "sin²(x)", "√(x)"])
def test_what_is_plain_needs_no_remark(text):
    assert parse(text).remarks == ()


@pytest.mark.parametrize(
    ("text", "typeset", "latex"),
    [
        ("x**2 + y**2 + sin(5*x)*cos(5*y)", "x² + y² + sin(5 x) cos(5 y)", None),
        ("sqrt(x^2+1)/2", "√(x² + 1)/2", r"\frac{\sqrt{x^{2} + 1}}{2}"),
        ("2.5e-7*exp(-x)", "2.5·10⁻⁷ exp(−x)", None),
        ("e^-x", "e⁻ˣ", "e^{-x}"),
        ("(1/2)*x", "(1/2) x", r"\frac{1}{2} \, x"),
        ("abs(x)*pi", "|x| π", r"\left|x\right| \, \pi"),
        ("log(x)", "ln(x)", r"\ln\left(x\right)"),
        ("-(x+1)^2", "−(x + 1)²", r"-\left(x + 1\right)^{2}"),
        ("max(x,y,1)", "max(x, y, 1)", r"\max\left(x, y, 1\right)"),
        ("3*x", "3 x", "3 x"),
    ],
)
def test_a_formula_is_shown_as_a_book_would_set_it(text, typeset, latex):
    formula = parse(text)
    assert formula.typeset == typeset
    assert latex is None or formula.latex == latex


def test_the_help_names_every_function_and_each_of_its_examples_is_a_formula():
    from engine.expressions import full_help, functions_by_group, short_help

    for names in functions_by_group().values():
        for name in names:
            assert name in full_help()
            assert name in short_help()
            parse(f"{name}(x)") if name not in ("pow", "hypot", "min", "max", "mod", "arctan2") else parse(
                f"{name}(x, 2)"
            )
