"""Builder: makes the tree while lark reads the tokens, one method a rule of grammar.lark."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import reduce
from typing import Any

from lark import Transformer, v_args

from engine.expressions.errors import FormulaError, counted
from engine.expressions.functions import FUNCTIONS, INVERSES
from engine.expressions.parser.words import example
from engine.expressions.tree import Binary, Call, Constant, Negative, Node, Number, Operator, Variable

LONGEST_EXACT = 40  # characters of a number that is kept as a fraction, too
MOST_EXPONENT = 60  # powers of ten of such a number: 1e-400000000 as a fraction would fill the memory


@v_args(inline=True)
class Builder(Transformer):
    """Stateless: one serves every formula. Tokens bring their places as they were typed."""

    def number(self, token: Any) -> Node:
        return number_of(token)

    def negative_number(self, sign: Any, token: Any) -> Node:
        return Negative(number_of(token))

    def variable(self, token: Any) -> Node:
        return Variable(str(token))

    def constant(self, token: Any) -> Node:
        return Constant(str(token))

    def bracket(self, _: Any, node: Node, __: Any) -> Node:
        return node

    def plus(self, left: Node, _: Any, right: Node) -> Node:
        return Binary(Operator.PLUS, left, right)

    def minus(self, left: Node, _: Any, right: Node) -> Node:
        return Binary(Operator.MINUS, left, right)

    def times(self, left: Node, _: Any, right: Node) -> Node:
        return Binary(Operator.TIMES, left, right)

    def over(self, left: Node, _: Any, right: Node) -> Node:
        return Binary(Operator.OVER, left, right)

    def raised_to(self, base: Node, _: Any, exponent: Node) -> Node:
        return Binary(Operator.POWER, base, exponent)

    def superscript(self, base: Node, _: Any, exponent: Node, __: Any) -> Node:
        return Binary(Operator.POWER, base, exponent)

    def negative(self, _: Any, node: Node) -> Node:
        return Negative(node)

    def positive(self, _: Any, node: Node) -> Node:
        return node

    def absolute(self, _: Any, node: Node, __: Any) -> Node:
        return Call("abs", (node,))

    def floor(self, _: Any, node: Node, __: Any) -> Node:
        return Call("floor", (node,))

    def ceiling(self, _: Any, node: Node, __: Any) -> Node:
        return Call("ceil", (node,))

    def single(self, node: Node) -> tuple[Node, ...]:
        return (node,)

    def single_negative(self, _: Any, node: Node) -> tuple[Node, ...]:
        return (Negative(node),)

    def several(self, *pieces: Any) -> tuple[Node, ...]:
        return tuple(pieces[1:-1:2])

    def call(self, function: Any, arguments: tuple[Node, ...]) -> Node:
        return _called(function, arguments)

    def powered_call(self, function: Any, _: Any, exponent: Node, arguments: tuple[Node, ...]) -> Node:
        return _powered(function, exponent, arguments)

    def superscript_call(self, function: Any, _: Any, exponent: Node, __: Any, arguments: tuple[Node, ...]) -> Node:
        return _powered(function, exponent, arguments)


def number_of(token: Any) -> Number:
    """The number that a token writes, also as a fraction such as 1/2.

    Raises:
        FormulaError: it is too large for a float.
    """
    text = str(token).replace("_", "")
    above, _, under = text.partition("/")
    value = float(above) / float(under or 1)
    if not math.isfinite(value):
        raise FormulaError("A number in this formula is too large.", token.start_pos, token.end_pos)
    exponent = above.lower().partition("e")[2] or "0"
    is_short = len(text) <= LONGEST_EXACT and abs(int(exponent)) <= MOST_EXPONENT
    return Number(value, Fraction(above) / Fraction(under or 1) if is_short else None, text)


def _called(function: Any, arguments: tuple[Node, ...]) -> Node:
    name = str(function)
    least, most = FUNCTIONS[name].counts
    if not least <= len(arguments) <= most:
        count = counted(least) + (
            " value" if most == 1 else " values" if most == least else f" to {counted(most)} values"
        )
        raise FormulaError(
            f"{name} takes {count}, as in {example(name)}, not {counted(len(arguments))}.",
            function.start_pos,
            function.end_pos,
        )
    match name:
        case "min" | "max":
            return reduce(lambda left, right: Call(name, (left, right)), arguments)
        case "pow":
            return Binary(Operator.POWER, *arguments)
        case "square":
            return Binary(Operator.POWER, arguments[0], Number(2.0, Fraction(2), "2"))
    return Call(name, arguments)


def _powered(function: Any, exponent: Node, arguments: tuple[Node, ...]) -> Node:
    match exponent:
        case Negative(Number(value=1.0)) if str(function) in INVERSES:
            return Call(INVERSES[str(function)], arguments)
    return Binary(Operator.POWER, _called(function, arguments), exponent)
