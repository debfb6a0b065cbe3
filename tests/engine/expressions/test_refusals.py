"""What is no formula gives one sentence with its place, at once, and runs nothing."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from engine.expressions import FormulaError, parse

RAN: list[str] = []  # nothing may ever get in here

HOSTILE = [
    "", "   ", "\n\t\n", "\u200b", ";", "=", "y =", "import os", "__import__('os').system('touch ran')",
    "from os import path", "RAN.append('ran')", "exec(RAN)", "eval(x)", "print(x)", "open(x)", "globals()",
    "breakpoint()", "exit(x)", "x.__class__", "x.__class__.__base__.__subclasses__()", "sin.__globals__",
    "sin.__call__(x)", "(lambda: RAN.append(1))()", "[RAN.append(1) for i in x]", "[x, y]", "{x: y}", "x[0]", "(x, y)",
    "x, y", "x if x else y", "x and y", "not x", "x < y", "x == y", "x := 3", "x = 3", "x; y", "yield x", "await x",
    "f'{x}'", "'x'", '"x" * 10**9', "True * x", "None", "...", "3j * x", "x // 2", "x % 2", "x @ y", "~x", "x << 99",
    "9**9**9**9", "x * 9**9**9**9", "x^9^9^9^9^9", "9" * 290 + "**9 * x", "1e999 * x", "1e-999999999 ** -1 * x",
    "0/0 + x", "log(-1) * x", "(" * 140 + "x" + ")" * 140, "sin(" * 60 + "x" + ")" * 60, "-" * 250 + "x",
    "+".join(["x"] * 150), "x" * 100_000, "x + " * 25_000 + "x", "(" * 100_000, "|" * 100, "|x" * 50, "x²" * 250,
    "х + 1", "ß", "x\x00", "(x", "x)", ")x(", "(x]", "x +", "* x", "1.2.3 * x", "1,000x", "max(1,2,3)*x", "2 3 x",
    "sin", "sin()", "sin(x, y)", "minimum(x)", "sin(*x)", "sin(x=1)", "foo(x)", "z + 1", "5", "pi", "x^", "x^2 +* 3",
    "x!", "x²⁺", "sin x(x+1)", "max(x,,y)", "y = x + y", "x^2 + y^2 = 1", "f(x)(y) = x", "f(sin) = x", "inf x", "nan",
    "√", "|x", "x|", "||", "⌊x", "x⌋", "½½x", "x.5", "..", "x..2", "f(x, y, z) = x", "e = e", "x3", "n!", "∞ x",
    "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_no_formula_gives_one_sentence_at_once_and_runs_nothing(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parse("x")  # what is made once is made
    tracemalloc.start()
    began = time.process_time()  # which other processes don't lengthen
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert time.process_time() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 100e6
    tracemalloc.stop()
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200
    assert sentence.isprintable()
    assert caught.value.start is None or 0 <= caught.value.start < caught.value.end <= len(text)
    assert not RAN
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("x + sine(x)", 4, 8),
        ("\ufeffx + sine(x)", 5, 9),
        ("x^2 +* 3", 5, 6),
        ("2*(x + 1", 2, 3),
        ("x + 1)", 5, 6),
        ("(x + 1]", 6, 7),
        ("x² + #", 5, 6),
        ("x + 1.2.3", 4, 9),
        ("x + sin()", 8, 9),
        ("max(x) + 1", 0, 3),
        ("x² + |x", 5, 6),
        ("x + ", 2, 3),
    ],
)
def test_a_slip_is_pointed_at_in_what_was_typed(text, start, end):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert (caught.value.start, caught.value.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("sine(x)", "sin"),
        ("cosine(x)", "cos"),
        ("sqr(x)", "sqrt"),
        ("squrt(x)", "sqrt"),
        ("arctang(x)", "arctan"),
        ("maxi(x, 1)", "max"),
        ("sigmod(x)", "sigmoid"),
        ("absolut(x)", "abs"),
        ("expo(x)", "exp"),
        ("x3 + 1", "x^3"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest_known_one(text, near):
    with pytest.raises(FormulaError, match="is not known here") as caught:
        parse(text)
    assert near in str(caught.value)


def test_a_formula_of_x_alone_takes_no_y():
    with pytest.raises(FormulaError, match="y"):
        parse("x + y", ("x",))
    with pytest.raises(FormulaError, match="x2"):
        parse("x2", ("x",))
    assert parse("y = x^2", ("x",)).variables == ("x",)


def test_anything_at_all_is_a_formula_whose_typeset_form_is_the_same_or_a_sentence():
    operands = [
        "x",
        "y",
        "2",
        "0,5",
        "½",
        "|x|",
        "(x+1)",
        "sin(x)",
        "√y",
        "x²",
        "e⁻ˣ",
        "max(x, 2)",
        "[y-1]",
        "sin 2x",
        "π",
    ]
    joints = ["", " ", "+", "-", "*", "/", "^", "·", "−", "|", "²", ")", "(", ",", "^-"]
    draw = np.random.default_rng(0)
    at = {"x": np.linspace(-2, 2, 9), "y": np.linspace(0.5, 3, 9)}
    formulas = sentences = 0
    for _ in range(1500):
        count = draw.integers(1, 7)
        text = "".join(a + b for a, b in zip(draw.choice(operands, count), draw.choice(joints, count), strict=True))
        text += draw.choice(operands)
        try:
            formula = parse(text)
        except FormulaError as error:
            sentences += str(error).endswith(".")
            continue
        formulas += 1
        values = formula.numpy(**{name: at[name] for name in formula.variables})
        again = parse(formula.typeset)
        shown = np.broadcast_to(again.numpy(**{name: at[name] for name in again.variables}), 9)
        np.testing.assert_allclose(shown, values, rtol=1e-9, err_msg=f"{text!r} {formula.typeset!r}")
    assert formulas > 300
    assert formulas + sentences == 1500


@pytest.mark.parametrize(
    "text", ["x^x" + "^x" * 90, "+".join(["x"] * 100), "(" * 40 + "x" + ")" * 40, "|" * 20 + "x" + "|" * 20]
)
def test_the_largest_formulas_are_evaluated_at_once(text):
    x = np.linspace(-2, 2, 401)
    tracemalloc.start()
    began = time.process_time()  # which other processes don't lengthen
    formula = parse(text)
    formula.numpy(x=np.broadcast_to(x, (401, 401)))
    assert formula.typeset
    assert formula.latex
    formula.at(x=0.5)
    assert time.process_time() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 100e6
    tracemalloc.stop()
