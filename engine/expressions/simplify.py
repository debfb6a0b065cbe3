"""Simplify: the tree that is evaluated: constants as numbers, powers told apart, and forms that don't overflow.

Constants are folded as fractions while these are small, so that an exponent such as 1/3 is known for what it is, and as
floats otherwise, which overflow at once where Python's integers would grow for ever (9^9^9^9).
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from engine.expressions.arithmetic import NumPyArithmetic
from engine.expressions.errors import FormulaError
from engine.expressions.functions import FUNCTIONS, SELF_LOGARITHM
from engine.expressions.tree import (
    CONSTANTS,
    Binary,
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Operator,
    in_order,
    parts_of,
    rebuilt,
)

MOST_BITS = 1100  # of a fraction's parts: more than any float needs
LARGEST_WHOLE = 1e15  # up to here a float without a fraction is known for a whole number
_ONE = Number(1.0, Fraction(1))
_NUMPY = NumPyArithmetic()


def simplified(tree: Node) -> Node:
    """The tree to evaluate.

    Raises:
        FormulaError: a constant in it is too large, or has no value.
    """
    stack: list[Node] = []
    for node in in_order(tree):
        count = len(parts_of(node))
        parts = tuple(stack[len(stack) - count :])
        del stack[len(stack) - count :]
        stack.append(_rewritten(_folded(rebuilt(node, parts))))
    return stack[0]


def _folded(node: Node) -> Node:
    """The number that a node is, where all its parts are numbers."""
    match node:
        case Constant(name):
            return Number(CONSTANTS[name])
        case Negative(Number(value, exact)):
            return Number(-value, None if exact is None else -exact)
        case Binary(operator, Number() as left, Number() as right):
            exact = _exact(operator, left, right)
            if exact is not None:
                return _number(_as_float(exact), exact)
            return _number(_inexact(operator, left.value, right.value, right.exact))
        case Call(function, arguments) if all(isinstance(part, Number) for part in arguments):
            with np.errstate(all="ignore"):
                value = FUNCTIONS[function].value(_NUMPY, *(np.float64(part.value) for part in arguments))
            return _number(float(value))
    return node


def _number(value: float, exact: Fraction | None = None) -> Number:
    if not math.isfinite(value):
        raise FormulaError("A number in this formula is too large, or has no value.")
    if exact is None and value.is_integer() and abs(value) < LARGEST_WHOLE:
        exact = Fraction(int(value))
    return Number(value, exact)


def _as_float(exact: Fraction) -> float:
    try:
        return float(exact)
    except OverflowError:
        return math.inf


def _exact(operator: Operator, left: Number, right: Number) -> Fraction | None:
    a, b = left.exact, right.exact
    if a is None or b is None:
        return None
    match operator:
        case Operator.PLUS:
            found = a + b
        case Operator.MINUS:
            found = a - b
        case Operator.TIMES:
            found = a * b
        case Operator.OVER if b:
            found = a / b
        case Operator.POWER if _is_small_power(a, b):
            found = a ** int(b)
        case _:
            return None
    return found if max(found.numerator.bit_length(), found.denominator.bit_length()) <= MOST_BITS else None


def _is_small_power(a: Fraction, b: Fraction) -> bool:
    if b.denominator != 1 or (a == 0 and b < 0):
        return False
    return abs(b) * max(a.numerator.bit_length(), a.denominator.bit_length()) <= MOST_BITS


def _inexact(operator: Operator, a: float, b: float, exact_exponent: Fraction | None) -> float:
    with np.errstate(all="ignore"):
        left, right = np.float64(a), np.float64(b)
        match operator:
            case Operator.PLUS:
                return float(left + right)
            case Operator.MINUS:
                return float(left - right)
            case Operator.TIMES:
                return float(left * right)
            case Operator.OVER:
                return float(left / right)
        root = odd_root(Number(b, exact_exponent))
        if left < 0 and root is not None:
            size = float(np.power(-left, right))
            return -size if root.numerator % 2 else size
        return float(np.power(left, right))


def odd_root(exponent: Number) -> Fraction | None:
    """The exponent as a fraction whose denominator is odd: such a power of a negative number is real. Else None.

    A decimal that only stands for a fraction, such as 0.333333, is taken for that fraction.
    """
    exact = exponent.exact
    if exact is None:
        return None
    if exact.denominator >= 10**6:
        near = exact.limit_denominator(99)
        if near != exact and abs(near - exact) < Fraction(1, 10**6):
            exact = near
    return exact if exact.denominator % 2 else None


def _rewritten(node: Node) -> Node:
    """Forms of the same value that neither overflow nor lose digits: exp(u) for e^u, sigmoid, softplus."""
    match node:
        case Binary(Operator.POWER, Number(value), exponent) if value == math.e and not isinstance(exponent, Number):
            return Call("exp", (exponent,))
        case Binary(Operator.OVER, above, Binary(Operator.PLUS, left, right)):
            grown = right if left == _ONE else left if right == _ONE else None
            if isinstance(grown, Call) and grown.function == "exp":
                if above == grown:
                    return Call("sigmoid", grown.arguments)  # e^u / (1 + e^u)
                if isinstance(above, Number):
                    falling = Call("sigmoid", (_negated(grown.arguments[0]),))
                    return falling if above == _ONE else Binary(Operator.TIMES, above, falling)
        case Binary(Operator.TIMES, left, Call("ln", (inner,))) | Binary(Operator.TIMES, Call("ln", (inner,)), left):
            if left == inner:
                return Call(SELF_LOGARITHM.name, (inner,))
            if isinstance(left, Binary) and left.operator is Operator.TIMES and left.right == inner:
                return Binary(Operator.TIMES, left.left, Call(SELF_LOGARITHM.name, (inner,)))
        case Call("ln", (Binary(Operator.PLUS, left, right),)):
            grown = right if left == _ONE else left if right == _ONE else None
            if isinstance(grown, Call) and grown.function == "exp":
                return Call("softplus", grown.arguments)
    return node


def _negated(node: Node) -> Node:
    match node:
        case Negative(operand):
            return operand
        case Number(value, exact):
            return Number(-value, None if exact is None else -exact)
        case Binary(Operator.TIMES, Number() as factor, rest):
            return Binary(Operator.TIMES, _negated(factor), rest)
    return Negative(node)
