"""Functions: every function that a formula can call, one entry each, with its spellings, its rule and its slope.

The grammar takes its names from here, and so do both arithmetics, the typeset forms and the help. ``m`` is an
arithmetic (see arithmetic.py), ``v`` the function's value, ``u`` and ``w`` its arguments.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Rule = Callable[..., Any]
MOST_VALUES = 8  # of a minimum or maximum


@dataclass(frozen=True)
class Function:
    """``value(m, *arguments)`` and ``slopes(m, v, *arguments)``, one partial derivative an argument.

    ``spellings`` are what people write for it, its own name first. ``counts`` are the least and the most values that it
    takes. ``edge(m, *arguments)`` is true where the function has a kink or a jump. ``latex`` is
    its command; without one its name is set upright. ``shown`` is its name in the typeset form.
    """

    spellings: tuple[str, ...]
    group: str
    value: Rule
    slopes: Rule
    counts: tuple[int, int] = (1, 1)
    edge: Rule | None = None
    latex: str = ""
    shown: str = ""

    @property
    def name(self) -> str:
        return self.spellings[0]


def _zero(m: Any, v: Any, *arguments: Any) -> tuple[float, ...]:
    return (0.0,) * len(arguments)


def _extreme(better: Callable[[Any, Any], Any]) -> Rule:
    """The slope goes to whichever counts; where both are equal, half to each, as for |x| at 0."""

    def slopes(m: Any, v: Any, u: Any, w: Any) -> tuple[Any, Any]:
        first = m.where(better(u, w), 1.0, m.where(better(w, u), 0.0, 0.5))
        return first, 1.0 - first

    return slopes


def _heaviside(m: Any, u: Any, middle: Any = 0.5) -> Any:
    return m.where(u > 0, 1.0, m.where(u < 0, 0.0, m.where(u == u, middle, math.nan)))


def _at_zero(m: Any, u: Any, *_: Any) -> Any:
    return u == 0


def _at_whole(m: Any, u: Any) -> Any:
    return u == m.floor(u)


def _entry(spellings: str, group: str, value: Rule, slopes: Rule, **details: Any) -> Function:
    return Function(tuple(spellings.split()), group, value, slopes, **details)


_POWERS, _ROUND, _TURNS, _ANGLES = "powers and logarithms", "sizes and steps", "trigonometry", "inverse trigonometry"
_HYPERBOLIC, _LEARNING = "hyperbolic", "activations"

_ENTRIES = (
    _entry("exp", _POWERS, lambda m, u: m.exp(u), lambda m, v, u: (v,), latex=r"\exp"),
    _entry("ln log loge", _POWERS, lambda m, u: m.log(u), lambda m, v, u: (1 / u,), latex=r"\ln"),
    _entry(
        "log10 lg", _POWERS, lambda m, u: m.log10(u), lambda m, v, u: (1 / (u * math.log(10)),),
        latex=r"\log_{10}", shown="log₁₀",
    ),
    _entry(
        "log2 lb ld", _POWERS, lambda m, u: m.log2(u), lambda m, v, u: (1 / (u * math.log(2)),),
        latex=r"\log_{2}", shown="log₂",
    ),
    _entry("log1p", _POWERS, lambda m, u: m.log1p(u), lambda m, v, u: (1 / (1 + u),)),
    _entry("expm1", _POWERS, lambda m, u: m.expm1(u), lambda m, v, u: (m.exp(u),)),
    _entry("sqrt root", _POWERS, lambda m, u: m.sqrt(u), lambda m, v, u: (0.5 / v,)),
    _entry("cbrt", _POWERS, lambda m, u: m.cbrt(u), lambda m, v, u: (1 / (3 * v * v),)),
    _entry("square", _POWERS, lambda m, u: u * u, lambda m, v, u: (2 * u,)),
    _entry(
        "pow power", _POWERS, lambda m, u, w: m.power(u, w),
        lambda m, v, u, w: (w * m.power(u, w - 1.0), v * m.log(u)), counts=(2, 2),
    ),
    _entry("hypot", _POWERS, lambda m, u, w: m.hypot(u, w), lambda m, v, u, w: (u / v, w / v), counts=(2, 2)),
    _entry(
        "abs fabs absolute", _ROUND, lambda m, u: m.abs(u), lambda m, v, u: (m.sign(u),), edge=_at_zero
    ),
    _entry("sign sgn signum", _ROUND, lambda m, u: m.sign(u), _zero, edge=_at_zero),
    _entry("floor", _ROUND, lambda m, u: m.floor(u), _zero, edge=_at_whole),
    _entry("ceil ceiling", _ROUND, lambda m, u: m.ceil(u), _zero, edge=_at_whole),
    _entry(
        "round rint", _ROUND, lambda m, u: m.round(u), _zero, edge=lambda m, u: _at_whole(m, u + 0.5)
    ),
    _entry(
        "min minimum", _ROUND, lambda m, u, w: m.minimum(u, w), _extreme(lambda a, b: a < b), counts=(2, MOST_VALUES),
        edge=lambda m, u, w: u == w, latex=r"\min",
    ),
    _entry(
        "max maximum", _ROUND, lambda m, u, w: m.maximum(u, w), _extreme(lambda a, b: a > b), counts=(2, MOST_VALUES),
        edge=lambda m, u, w: u == w, latex=r"\max",
    ),
    _entry(
        "mod fmod remainder", _ROUND, lambda m, u, w: m.mod(u, w), lambda m, v, u, w: (1.0, -m.floor(u / w)),
        counts=(2, 2), edge=lambda m, u, w: _at_whole(m, u / w),
    ),
    _entry("heaviside step", _ROUND, _heaviside, _zero, counts=(1, 2), edge=_at_zero),
    _entry("sin sen", _TURNS, lambda m, u: m.sin(u), lambda m, v, u: (m.cos(u),), latex=r"\sin"),
    _entry("cos", _TURNS, lambda m, u: m.cos(u), lambda m, v, u: (-m.sin(u),), latex=r"\cos"),
    _entry("tan tg", _TURNS, lambda m, u: m.tan(u), lambda m, v, u: (1 + v * v,), latex=r"\tan"),
    _entry("sec", _TURNS, lambda m, u: 1 / m.cos(u), lambda m, v, u: (v * m.tan(u),), latex=r"\sec"),
    _entry(
        "csc cosec", _TURNS, lambda m, u: 1 / m.sin(u), lambda m, v, u: (-v * v * m.cos(u),), latex=r"\csc"
    ),
    _entry(
        "cot cotan ctg cotg", _TURNS, lambda m, u: m.cos(u) / m.sin(u), lambda m, v, u: (-1 - v * v,), latex=r"\cot"
    ),
    _entry(
        "arcsin asin", _ANGLES, lambda m, u: m.arcsin(u), lambda m, v, u: (1 / m.sqrt(1 - u * u),), latex=r"\arcsin"
    ),
    _entry(
        "arccos acos", _ANGLES, lambda m, u: m.arccos(u), lambda m, v, u: (-1 / m.sqrt(1 - u * u),), latex=r"\arccos"
    ),
    _entry(
        "arctan atan arctg", _ANGLES, lambda m, u: m.arctan(u), lambda m, v, u: (1 / (1 + u * u),), latex=r"\arctan"
    ),
    _entry(
        "arctan2 atan2", _ANGLES, lambda m, u, w: m.arctan2(u, w),
        lambda m, v, u, w: (w / (u * u + w * w), -u / (u * u + w * w)), counts=(2, 2),
    ),
    _entry("sinh", _HYPERBOLIC, lambda m, u: m.sinh(u), lambda m, v, u: (m.cosh(u),), latex=r"\sinh"),
    _entry("cosh", _HYPERBOLIC, lambda m, u: m.cosh(u), lambda m, v, u: (m.sinh(u),), latex=r"\cosh"),
    _entry("tanh", _HYPERBOLIC, lambda m, u: m.tanh(u), lambda m, v, u: (1 - v * v,), latex=r"\tanh"),
    _entry("sech", _HYPERBOLIC, lambda m, u: 1 / m.cosh(u), lambda m, v, u: (-v * m.tanh(u),)),
    _entry("csch cosech", _HYPERBOLIC, lambda m, u: 1 / m.sinh(u), lambda m, v, u: (-v / m.tanh(u),)),
    _entry("coth", _HYPERBOLIC, lambda m, u: 1 / m.tanh(u), lambda m, v, u: (1 - v * v,), latex=r"\coth"),
    _entry(
        "arcsinh asinh arsinh", _HYPERBOLIC, lambda m, u: m.arcsinh(u), lambda m, v, u: (1 / m.sqrt(1 + u * u),)
    ),
    _entry(
        "arccosh acosh arcosh", _HYPERBOLIC, lambda m, u: m.arccosh(u), lambda m, v, u: (1 / m.sqrt(u * u - 1),)
    ),
    _entry("arctanh atanh artanh", _HYPERBOLIC, lambda m, u: m.arctanh(u), lambda m, v, u: (1 / (1 - u * u),)),
    _entry(
        "relu", _LEARNING, lambda m, u: m.maximum(u, 0.0), lambda m, v, u: (_heaviside(m, u),), edge=_at_zero,
    ),
    _entry("sigmoid logistic expit", _LEARNING, lambda m, u: m.sigmoid(u), lambda m, v, u: (v * m.sigmoid(-u),)),
    _entry("softplus", _LEARNING, lambda m, u: m.softplus(u), lambda m, v, u: (m.sigmoid(u),)),
)  # fmt: skip

# u ln u, which is 0 at 0: what a product is rewritten as, and nothing that is typed.
SELF_LOGARITHM = _entry(
    "u·ln·u", "", lambda m, u: m.where(u == 0, 0.0, u * m.log(u)), lambda m, v, u: (1.0 + m.log(u),)
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {entry.name: entry for entry in _ENTRIES}
SPELLINGS: dict[str, Function] = {spelling: entry for entry in _ENTRIES for spelling in entry.spellings}

# The inverse of a function whose superscript -1 is read as that, as on a calculator's keys.
INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan", "sinh": "arcsinh", "cosh": "arccosh", "tanh": "arctanh"}
