"""LaTeX: a formula for mathematics mode, with fractions, roots and brackets that grow."""

from __future__ import annotations

from engine.expressions.functions import FUNCTIONS
from engine.expressions.tree import Binary, Call, Constant, Negative, Node, Number, Operator, Variable
from engine.expressions.typeset import Level, chain

_NAMES = {"pi": r"\pi", "tau": r"\tau", "e": "e"}
_FENCES = {
    "abs": (r"\left|", r"\right|"),
    "floor": (r"\left\lfloor ", r"\right\rfloor"),
    "ceil": (r"\left\lceil ", r"\right\rceil"),
    "sqrt": (r"\sqrt{", "}"),
    "cbrt": (r"\sqrt[3]{", "}"),
}


def latex(tree: Node) -> str:
    """The formula, without the dollar signs."""
    return _set(tree)[0]


def _set(node: Node) -> tuple[str, Level]:
    match node:
        case Number(value, exact, typed):
            if exact is not None and "/" in typed:
                return rf"\frac{{{exact.numerator}}}{{{exact.denominator}}}", Level.POWER
            return _number(value)
        case Constant(name):
            return _NAMES[name], Level.ATOM
        case Variable(name):
            return name if len(name) == 1 else rf"\mathit{{{name}}}", Level.ATOM
        case Negative(operand):
            return f"-{_within(operand, Level.PRODUCT)}", Level.SIGNED
        case Binary(Operator.PLUS | Operator.MINUS as operator, left, right):
            return f"{_set(left)[0]} {operator} {_not_signed(right, Level.PRODUCT)}", Level.SUM
        case Binary(Operator.TIMES, left, right):
            first, second = _within(left, Level.PRODUCT), _not_signed(right, Level.POWER)
            sign = r" \cdot " if second[0].isdigit() else " " if isinstance(left, Number) else r" \, "
            return f"{first}{sign}{second}", Level.PRODUCT
        case Binary(Operator.OVER, left, right):
            return rf"\frac{{{_set(left)[0]}}}{{{_set(right)[0]}}}", Level.POWER
        case Binary(Operator.POWER, base, exponent):
            return _power(base, exponent)
        case Call(name, arguments):
            return _call(name, arguments)
    raise TypeError(node)


def _within(node: Node, least: Level) -> str:
    text, level = _set(node)
    return text if level >= least else _bracketed(text)


def _not_signed(node: Node, least: Level) -> str:
    text, level = _set(node)
    return _bracketed(text) if level < least or text.startswith("-") else text


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def _power(base: Node, exponent: Node) -> tuple[str, Level]:
    top = _set(exponent)[0]
    match base:
        case Call(name, arguments) if FUNCTIONS[name].latex and name not in ("exp", "min", "max") and top.isdigit():
            values = ", ".join(_set(part)[0] for part in arguments)
            return f"{FUNCTIONS[name].latex}^{{{top}}}{_bracketed(values)}", Level.POWER
    return f"{_within(base, Level.ATOM)}^{{{top}}}", Level.POWER


def _call(name: str, arguments: tuple[Node, ...]) -> tuple[str, Level]:
    parts = chain(name, arguments) if name in ("min", "max") else arguments
    values = ", ".join(_set(part)[0] for part in parts)
    if name in _FENCES:
        left, right = _FENCES[name]
        return f"{left}{values}{right}", Level.ATOM
    command = FUNCTIONS[name].latex or rf"\operatorname{{{name}}}"
    return f"{command}{_bracketed(values)}", Level.ATOM


def _number(value: float) -> tuple[str, Level]:
    mantissa, _, exponent = repr(value).removesuffix(".0").partition("e")
    if not exponent:
        return mantissa, Level.ATOM
    power = f"10^{{{int(exponent)}}}"
    return (power, Level.POWER) if mantissa == "1" else (rf"{mantissa} \cdot {power}", Level.PRODUCT)
