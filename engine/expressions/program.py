"""Program: a formula's tree as a list of steps for a stack, which gives its value, and its slopes along with it.

Nothing recurses, and no more values are kept than the stack holds. The slopes are forward-mode derivatives: each step
gives its value and that value's derivative by every parameter, by the chain rule (Griewank and Walther 2008, Evaluating
Derivatives, chapter 3). Serves NumPy and TensorFlow alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.expressions.functions import FUNCTIONS, SELF_LOGARITHM
from engine.expressions.powers import power_of
from engine.expressions.simplify import simplified
from engine.expressions.tree import Binary, Call, Negative, Node, Number, Operator, Variable, in_order

Rule = Callable[..., Any]
_NEVER_SINGULAR = {"sin", "cos", "abs", "sign", "floor", "ceil", "round", "min", "max", "heaviside", "relu", "tanh",
                   "sigmoid", "softplus", "arctan", "arcsinh"}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """``count`` values are taken from the stack; ``value(m, *them)`` is put on it.

    ``slopes(m, v, *them)`` are the partial derivatives of that value v. A number or a variable takes nothing: ``name``
    is the variable's, ``number`` the number. ``edge`` is the test for a kink or a jump.
    """

    count: int = 0
    value: Rule | None = None
    slopes: Rule | None = None
    name: str = ""
    number: float = 0.0
    edge: Rule | None = None


@dataclass(frozen=True)
class Program:
    """``may_fail``: somewhere a slope may be no number though the value is one."""

    steps: tuple[Step, ...]
    may_fail: bool

    def value(self, m: Any, values: Mapping[str, Any]) -> Any:
        """The formula's value in the arithmetic ``m``."""
        stack: list[Any] = []
        for step in self.steps:
            if step.value is None:
                stack.append(values[step.name] if step.name else step.number)
                continue
            arguments = stack[-step.count :]
            del stack[-step.count :]
            stack.append(step.value(m, *arguments))
        return stack[0]

    def value_and_slopes(
        self, m: Any, values: Mapping[str, Any], by: Sequence[str], edges: list[bool] | None = None
    ) -> tuple[Any, list[Any]]:
        """The value and its derivative by each name in ``by``; ``edges`` is added to where a
        step has a kink or a jump exactly at a single place.
        """
        stack: list[tuple[Any, list[Any]]] = []
        for step in self.steps:
            if step.value is None:
                given = values[step.name] if step.name else step.number
                stack.append((given, [1.0 if name == step.name else None for name in by]))
                continue
            taken = stack[-step.count :]
            del stack[-step.count :]
            arguments = [value for value, _ in taken]
            value = step.value(m, *arguments)
            if any(slope is not None for _, slopes in taken for slope in slopes):
                partials = step.slopes(m, value, *arguments)
                stack.append((value, [_chained(partials, [s[k] for _, s in taken]) for k in range(len(by))]))
                if edges is not None and step.edge is not None and bool(step.edge(m, *arguments)):
                    edges.append(True)
            else:
                stack.append((value, [None] * len(by)))
        value, slopes = stack[0]
        return value, [0.0 if slope is None else slope for slope in slopes]


def program_of(tree: Node) -> Program:
    """The steps of a tree.

    Raises:
        FormulaError: a constant in it is too large, or has no value.
    """
    nodes = list(in_order(simplified(tree)))
    steps: list[Step] = []
    for node in nodes:
        match node:
            case Binary(Operator.POWER, _, Number() as exponent):
                steps.pop()  # the exponent, which is part of the rule
                steps.append(_power_step(exponent))
            case _:
                steps.append(_step(node))
    return Program(tuple(steps), any(_is_singular(node) for node in nodes))


def _chained(partials: Sequence[Any], inner: Sequence[Any]) -> Any:
    """The chain rule's sum; None is a slope of 0 by construction, which nothing is multiplied with."""
    total = None
    for partial, slope in zip(partials, inner, strict=True):
        if slope is None or (type(partial) is float and partial == 0):  # a rule's own 0, no NumPy number that came out
            continue
        is_one = type(slope) is float and slope == 1
        term = partial if is_one else slope if type(partial) is float and partial == 1 else partial * slope
        total = term if total is None else total + term
    return total


def _step(node: Node) -> Step:
    match node:
        case Number(value):
            return Step(number=value)
        case Variable(name):
            return Step(name=name)
        case Negative():
            return Step(1, lambda m, u: -u, lambda m, v, u: (-1.0,))
        case Binary(operator):
            return Step(2, *_BINARY[operator])
        case Call(name, arguments):
            function = FUNCTIONS.get(name, SELF_LOGARITHM)
            return Step(len(arguments), function.value, function.slopes, edge=function.edge)
    raise TypeError(node)


def _power_step(exponent: Number) -> Step:
    power = power_of(exponent)
    return Step(1, power.value, lambda m, v, u: (power.slope(m, u),))


_BINARY: dict[Operator, tuple[Rule, Rule]] = {
    Operator.PLUS: (lambda m, u, w: u + w, lambda m, v, u, w: (1.0, 1.0)),
    Operator.MINUS: (lambda m, u, w: u - w, lambda m, v, u, w: (1.0, -1.0)),
    Operator.TIMES: (lambda m, u, w: u * w, lambda m, v, u, w: (w, u)),
    Operator.OVER: (lambda m, u, w: u / w, lambda m, v, u, w: (_reciprocal(w), -v / w)),
    Operator.POWER: (
        lambda m, u, w: m.power(u, w),
        lambda m, v, u, w: (w * m.power(u, w - 1.0), v * m.log(u)),
    ),
}


def _reciprocal(value: Any) -> Any:
    """1 over it; of a constant 0, which Python itself would refuse, infinity as NumPy and TensorFlow have it."""
    return math.inf if type(value) is float and value == 0 else 1.0 / value


def _is_singular(node: Node) -> bool:
    """Whether a slope of this node may overflow, or be no number, where its value is a number."""
    match node:
        case Number() | Variable() | Negative():
            return False
        case Binary(Operator.OVER, _, Number()):
            return False
        case Binary(Operator.OVER):
            return True
        case Binary(Operator.POWER, _, Number() as exponent):
            whole = power_of(exponent).whole
            return whole is None or whole < 0
        case Binary(Operator.POWER):
            return True
        case Binary():
            return False
        case Call(name):
            return name not in _NEVER_SINGULAR
    return True
