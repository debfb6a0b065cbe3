"""Typeset: a formula in one line of Unicode, as the window's headings show it: 2 x² + sin²(3 x) − √(x + 1)/2.

What it gives is a formula again, of the same value.
"""

from __future__ import annotations

from enum import IntEnum

from engine.expressions.functions import FUNCTIONS
from engine.expressions.parser.characters import FRACTIONS, SUPERSCRIPTS, plain_fraction
from engine.expressions.tree import Binary, Call, Constant, Negative, Node, Number, Operator, Variable

_FRACTIONS = {plain_fraction(letter): letter for letter in FRACTIONS}
_RAISED = {plain: raised for raised, plain in SUPERSCRIPTS.items()} | {"−": "⁻"}
_NAMES = {"pi": "π", "tau": "τ", "e": "e"}
_RAISED_NAMES = {"sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "ln", "log10", "log2"}


class Level(IntEnum):
    """How strongly the parts of a piece hold together."""

    SUM = 1
    PRODUCT = 2
    SIGNED = 3
    POWER = 4
    ATOM = 5


def typeset(tree: Node) -> str:
    """The formula in one line."""
    return _set(tree)[0]


def _set(node: Node) -> tuple[str, Level]:
    match node:
        case Number(value, _, typed):
            return (_FRACTIONS[typed], Level.ATOM) if typed in _FRACTIONS else number_text(value)
        case Constant(name):
            return _NAMES[name], Level.ATOM
        case Variable(name):
            return name, Level.ATOM
        case Negative(operand):
            return f"−{_within(operand, Level.PRODUCT)}", Level.SIGNED
        case Binary(Operator.PLUS | Operator.MINUS as operator, left, right):
            sign = "+" if operator is Operator.PLUS else "−"
            return f"{_set(left)[0]} {sign} {_not_signed(right, Level.PRODUCT)}", Level.SUM
        case Binary(Operator.TIMES, left, right):
            first, second = _factor(left), _not_signed(right, Level.POWER)
            return f"{first}{_sign_between(first, second)}{second}", Level.PRODUCT
        case Binary(Operator.OVER, left, right):
            return f"{_within(left, Level.PRODUCT)}/{_not_signed(right, Level.POWER)}", Level.PRODUCT
        case Binary(Operator.POWER, base, exponent):
            return _power(base, exponent)
        case Call(name, arguments):
            return _call(name, arguments)
    raise TypeError(node)


def _within(node: Node, least: Level) -> str:
    text, level = _set(node)
    return text if level >= least else f"({text})"


def _not_signed(node: Node, least: Level) -> str:
    """The part after a sign, which doesn't begin with another one."""
    text, level = _set(node)
    return f"({text})" if level < least or text.startswith("−") else text


def _factor(node: Node) -> str:
    """The left part of a product; a quotient there is bracketed, since 1/2 x can be misread."""
    match node:
        case Binary(Operator.OVER):
            return f"({_set(node)[0]})"
    return _within(node, Level.PRODUCT)


def _sign_between(left: str, right: str) -> str:
    if right[0].isnumeric():
        return "·"
    return " "


def _power(base: Node, exponent: Node) -> tuple[str, Level]:
    raised, level = _set(exponent)
    text = raised.replace(" ", "")
    if all(letter in _RAISED for letter in text):
        top = "".join(_RAISED[letter] for letter in text)
        match base:
            case Call(name, arguments) if name in _RAISED_NAMES and text.isdigit():
                values = ", ".join(_set(part)[0] for part in arguments)
                return f"{FUNCTIONS[name].shown or name}{top}({values})", Level.ATOM
    else:
        top = f"^{raised}" if level is Level.ATOM and raised[0] != "|" else f"^({raised})"
    below = _within(base, Level.ATOM)
    if below.startswith(("√", "∛")):
        below = f"({below})"
    return f"{below}{top}", Level.POWER


def _call(name: str, arguments: tuple[Node, ...]) -> tuple[str, Level]:
    texts = [_set(part)[0] for part in arguments]
    match name:
        case "abs" if "|" not in texts[0]:
            return f"|{texts[0]}|", Level.ATOM
        case "floor":
            return f"⌊{texts[0]}⌋", Level.ATOM
        case "ceil":
            return f"⌈{texts[0]}⌉", Level.ATOM
        case "sqrt" | "cbrt":
            root = "√" if name == "sqrt" else "∛"
            is_short = isinstance(arguments[0], Variable | Constant) or texts[0].isdigit()
            return f"{root}{texts[0]}" if is_short else f"{root}({texts[0]})", Level.ATOM
    if name in ("min", "max"):  # a chain of two each is one of several
        texts = [_set(part)[0] for part in chain(name, arguments)]
    return f"{FUNCTIONS[name].shown or name}({', '.join(texts)})", Level.ATOM


def chain(name: str, arguments: tuple[Node, ...]) -> tuple[Node, ...]:
    """max(max(a, b), c) as the values a, b, c."""
    match arguments[0]:
        case Call(inner, parts) if inner == name:
            return (*chain(name, parts), *arguments[1:])
    return arguments


def number_text(value: float) -> tuple[str, Level]:
    """A number as it is read: 0.5, 12, 2.5·10⁻⁷; all its digits."""
    text = repr(value).removesuffix(".0")
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text, Level.ATOM
    power = "".join(_RAISED[digit] for digit in str(int(exponent)))
    return (f"10{power}", Level.POWER) if mantissa == "1" else (f"{mantissa}·10{power}", Level.PRODUCT)
