"""The tree of a parsed formula: frozen nodes, which every later stage only reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Operator(StrEnum):
    """What joins two parts."""

    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    OVER = "/"
    POWER = "^"


@dataclass(frozen=True)
class Number:
    """A finite number; ``exact`` is it as a fraction where that is small enough, ``typed`` as it was typed."""

    value: float
    exact: Fraction | None = None
    typed: str = field(default="", compare=False)


@dataclass(frozen=True)
class Constant:
    """pi, e or tau, by name."""

    name: str


@dataclass(frozen=True)
class Variable:
    """A parameter, by the caller's name."""

    name: str


@dataclass(frozen=True)
class Negative:
    """-operand."""

    operand: Node


@dataclass(frozen=True)
class Binary:
    """Two parts and what joins them."""

    operator: Operator
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    """A function of FUNCTIONS, by name, and its values."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Constant | Variable | Negative | Binary | Call

CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045, "tau": 6.283185307179586}


def parts_of(node: Node) -> tuple[Node, ...]:
    """What a node is joined from, in its order."""
    match node:
        case Negative(operand):
            return (operand,)
        case Binary(_, left, right):
            return left, right
        case Call(_, arguments):
            return arguments
    return ()


def rebuilt(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same kind of node with other parts."""
    match node:
        case Negative():
            return Negative(*parts)
        case Binary(operator):
            return Binary(operator, *parts)
        case Call(function):
            return Call(function, parts)
    return node


def in_order(node: Node) -> Iterator[Node]:
    """Every node, parts before what they are parts of; without recursion."""
    stack = [(node, False)]
    while stack:
        current, is_seen = stack.pop()
        if is_seen:
            yield current
            continue
        stack.append((current, True))
        stack.extend((part, False) for part in reversed(parts_of(current)))
