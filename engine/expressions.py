"""Formulas that a person types: checked, never executed; NumPy evaluates them for pictures, TensorFlow for descents.

``parse`` lets only numbers, the named variables, arithmetic and the functions of FUNCTIONS through, folds what is
constant (so that 9**9**9**9 is told apart from a number before anything is computed), and limits length and nesting.
What it lets through is evaluated by simpleeval. Serves the knob: a formula is a setting like any other.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

FUNCTIONS = ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "minimum", "maximum")
CONSTANTS = {"pi": np.pi, "e": np.e}
LONGEST = 300  # characters
DEEPEST = 40  # brackets within brackets
MOST_PARTS = 120  # numbers, names, signs and calls
LARGEST_WHOLE_POWER = 16  # up to here a power is multiplied out, which is faster and exact for negative bases

_TWO_ARGUMENTS = ("minimum", "maximum")
# What people type or paste for the same thing.
_SPELLINGS = {"−": "-", "–": "-", "·": "*", "×": "*", "÷": "/", "^": "**", "²": "**2", "³": "**3", "π": "pi"}
_ALLOWED = re.compile(r"[A-Za-z0-9_+\-*/().,\s]*")


class FormulaError(ValueError):
    """A text that is no formula; the message is one sentence that says what would be right."""


@dataclass(frozen=True)
class Expression:
    """A checked formula: ``text`` as it was typed, ``variables`` those that it uses, in the order they were offered."""

    text: str
    variables: tuple[str, ...]
    _tree: ast.expr = field(repr=False, compare=False)

    def numpy(self, **values: np.ndarray) -> np.ndarray:
        """The value in float64, without warnings; where it has none, nan or inf. The arrays broadcast."""
        arrays = {name: np.asarray(value, float) for name, value in values.items()}
        with np.errstate(all="ignore"):
            return np.broadcast_to(self.over(np, **arrays), np.broadcast_shapes(*(a.shape for a in arrays.values())))

    def tensorflow(self, **values: Any) -> Any:
        """The value as a tensor, in or out of a graph; tensors of one dtype and shape."""
        from engine import backend

        return self.over(backend.tensorflow().math, **values)

    def over(self, m: Any, **values: Any) -> Any:
        """The value with the functions of the namespace ``m`` (numpy, or tensorflow.math)."""
        from simpleeval import SimpleEval

        functions = {name: _called(m, name) for name in FUNCTIONS}
        operators = {**_ARITHMETIC, ast.Pow: lambda base, exponent: _power(m, base, exponent)}
        return SimpleEval(operators, functions, values).eval(self.text, previously_parsed=self._tree)


def parse(text: str, variables: Sequence[str] = ("x", "y")) -> Expression:
    """Check a formula of these variables and make it ready to be evaluated.

    Raises:
        FormulaError: one sentence, whatever was typed; nothing of it was carried out.
    """
    if not text.strip():
        raise FormulaError(f"Type a formula of {_listed(variables)}, such as {_example(variables)}.")
    if len(text) > LONGEST:
        raise FormulaError(f"A formula has at most {LONGEST} characters; this one has {len(text):,}.")
    for typed, meant in _SPELLINGS.items():
        text = text.replace(typed, meant)
    strange = _ALLOWED.sub("", text, count=1)
    if strange:
        raise FormulaError(
            f"{_quoted(strange[0])} has no meaning in a formula; use {_listed(variables)}, numbers, "
            "+ - * / ** and brackets."
        )
    text = " ".join(text.split())
    _check_words(text, variables)
    _check_brackets(text)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise FormulaError(_syntax(text, getattr(error, "offset", None))) from None
    if sum(1 for _ in ast.walk(tree)) > 3 * MOST_PARTS:
        raise FormulaError(f"This formula has too many parts; at most about {MOST_PARTS} fit.")
    checker = _Checker(variables)
    tree = checker.checked(tree, 0)
    used = tuple(name for name in variables if name in checker.used)
    if not used:
        raise FormulaError(f"A formula needs {_listed(variables, 'or')}, such as {_example(variables)}.")
    return Expression(text, used, tree)


class _Checker:
    """Goes through a syntax tree, lets only arithmetic through, and folds what is constant into plain numbers."""

    def __init__(self, variables: Collection[str]) -> None:
        self._variables = tuple(variables)
        self.used: set[str] = set()
        self._parts = 0

    def checked(self, node: ast.expr, depth: int) -> ast.expr:
        """The same tree with constants folded.

        Raises:
            FormulaError: something that is not arithmetic, too much of it, or a constant that is no number.
        """
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise FormulaError(f"This formula has too many parts; at most {MOST_PARTS} fit.")
        if depth > DEEPEST:
            raise FormulaError(f"This formula is nested too deeply; at most {DEEPEST} levels fit.")
        match node:
            case ast.Constant(value=bool() | complex() | str() | bytes() | None):
                raise FormulaError(f"{_quoted(str(node.value))} is not a number that a formula can use.")
            case ast.Constant(value=int() | float()):
                return _number(node.value)
            case ast.Name(id=name) if name in self._variables:
                self.used.add(name)
                return node
            case ast.Name(id=name) if name in CONSTANTS:
                return _number(CONSTANTS[name])
            case ast.UnaryOp(op=ast.UAdd() | ast.USub()):
                return _folded(ast.UnaryOp(node.op, self.checked(node.operand, depth + 1)))
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow()):
                left, right = self.checked(node.left, depth + 1), self.checked(node.right, depth + 1)
                return _folded(ast.BinOp(left, node.op, right))
            case ast.BinOp():
                raise FormulaError("Only + - * / and ** join the parts of a formula.")
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                return self._call(node, name, depth)
            case ast.Call(func=ast.Name(id=name)) if name in self._variables or name in CONSTANTS:
                raise FormulaError(f"Write the * sign: {name}*(...), not {name}(...).")
            case ast.Call(func=ast.Constant()):
                raise FormulaError("Write the * sign between a number and a bracket: 2*(x + 1).")
            case ast.Tuple():
                raise FormulaError("A formula is one expression; write a decimal point, not a comma.")
            case _:
                raise FormulaError(
                    f"A formula holds only numbers, {_listed(self._variables)}, + - * / **, brackets and functions."
                )

    def _call(self, node: ast.Call, name: str, depth: int) -> ast.expr:
        wanted = 2 if name in _TWO_ARGUMENTS else 1
        if node.keywords or len(node.args) != wanted or any(isinstance(part, ast.Starred) for part in node.args):
            count = "two values" if wanted == 2 else "one value"
            raise FormulaError(f"{name} takes {count}, as in {_call_example(name)}.")
        return _folded(ast.Call(node.func, [self.checked(part, depth + 1) for part in node.args], []))


def _number(value: float) -> ast.Constant:
    try:
        value = float(value)
    except OverflowError:
        value = np.inf
    if not np.isfinite(value):
        raise FormulaError("A number in this formula is too large, or has no value.")
    return ast.Constant(value)


def _folded(node: ast.expr) -> ast.expr:
    """The number that the node is, where its parts are numbers: floats overflow at once, Python's integers never."""
    match node:
        case ast.UnaryOp(operand=ast.Constant(value=value)):
            return _number(-value if isinstance(node.op, ast.USub) else value)
        case ast.BinOp(left=ast.Constant(value=left), right=ast.Constant(value=right)):
            with np.errstate(all="ignore"):
                operation = np.power if isinstance(node.op, ast.Pow) else _ARITHMETIC[type(node.op)]
                return _number(operation(np.float64(left), np.float64(right)))
        case ast.Call(func=ast.Name(id=name), args=arguments) if all(isinstance(a, ast.Constant) for a in arguments):
            with np.errstate(all="ignore"):
                return _number(getattr(np, name)(*(np.float64(argument.value) for argument in arguments)))
    return node


_ARITHMETIC: Mapping[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


def _power(m: Any, base: Any, exponent: Any) -> Any:
    if isinstance(exponent, float) and exponent.is_integer() and 0 < abs(exponent) <= LARGEST_WHOLE_POWER:
        whole = _multiplied(base, int(abs(exponent)))
        return whole if exponent > 0 else 1.0 / whole
    if exponent == 0.5 if isinstance(exponent, float) else False:
        return m.sqrt(base)
    if isinstance(base, float):  # a number to the power of x: TensorFlow would guess the number's type
        return m.exp(exponent * float(np.log(base))) if base > 0 else m.pow(exponent * 0.0 + base, exponent)
    return base**exponent


def _multiplied(base: Any, power: int) -> Any:
    if power == 1:
        return base
    half = _multiplied(base, power // 2)
    return half * half * base if power % 2 else half * half


def _called(m: Any, name: str) -> Callable[..., Any]:
    function = getattr(m, name)
    if name in _TWO_ARGUMENTS:  # the tensor first: TensorFlow takes the type from the first of the two
        return lambda a, b: function(b, a) if isinstance(a, float) else function(a, b)
    return function


def _call_example(name: str) -> str:
    return f"{name}(x, 1)" if name in _TWO_ARGUMENTS else f"{name}(x)"


def _check_words(text: str, variables: Sequence[str]) -> None:
    known = (*variables, *CONSTANTS, *FUNCTIONS)
    for word in re.finditer(r"(?<![\w.])[A-Za-z_]\w*", text):
        if word.group() not in known:
            raise FormulaError(f"{_quoted(word.group())} is not known here; there are {', '.join(known)}.")
        if word.group() in FUNCTIONS and not text[word.end() :].lstrip().startswith("("):
            raise FormulaError(f"{word.group()} needs its brackets, as in {_call_example(word.group())}.")


def _check_brackets(text: str) -> None:
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            raise FormulaError("There is a closing bracket without its opening one.")
        if depth > DEEPEST:
            raise FormulaError(f"This formula is nested too deeply; at most {DEEPEST} levels fit.")
    if depth:
        raise FormulaError(f"{'A bracket is' if depth == 1 else f'{depth} brackets are'} still open.")


def _syntax(text: str, offset: int | None) -> str:
    product = re.search(r"\d\s*[A-Za-z_(]|\)\s*[A-Za-z0-9_(]|[A-Za-z0-9_]\s+[A-Za-z0-9_(]", text)
    if product and not re.match(r"\d[eE][-+]?\d", product.group() + text[product.end() :]):
        return f"Something is missing in {_quoted(product.group())}; products need their * sign, as in 10*x."
    if re.search(r"[-+*/(,]\s*$", text):
        return "The formula breaks off at its end; something has to follow."
    place = text[max(0, (offset or 1) - 1) :][:12].strip()
    return f"The formula can't be read at {_quoted(place)}." if place else "The formula can't be read at its end."


def _quoted(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:24])
    return f"“{shown}{'…' if len(text) > 24 else ''}”"


def _listed(names: Sequence[str], joined: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joined} {names[-1]}"


def _example(names: Sequence[str]) -> str:
    first = names[0]
    return f"sin(3*{first}) + {first}**2" if len(names) == 1 else f"{first}**2 + sin(3*{names[1]})"
