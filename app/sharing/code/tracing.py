"""Tracing: the code of a formula, found by carrying it out on names instead of numbers.

So what is printed is what was computed, whether the formula is a shipped landscape's or one that a person typed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)  # how tightly an expression holds together
_OF_TENSORFLOW = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "arctan2": "atan2", "mod": "floormod", "power": "pow",
}  # fmt: skip
_SHORT = ("abs", "exp", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sign", "floor", "round", "maximum",
          "minimum", "pow", "asin", "acos", "atan", "sigmoid")  # fmt: skip


class Traced:
    """A name or an expression; what is done to it is written down."""

    __array_priority__ = 1000.0

    def __init__(self, text: str, level: int = _ATOM) -> None:
        self.text, self.level = text, level

    def inside(self, level: int) -> str:
        """The text as a part of something that holds together so tightly."""
        return self.text if self.level >= level else f"({self.text})"

    def __add__(self, other: Any) -> Traced:
        return _two(self, " + ", other, _SUM, _SUM)

    def __radd__(self, other: Any) -> Traced:
        return _two(other, " + ", self, _SUM, _SUM)

    def __sub__(self, other: Any) -> Traced:
        return _two(self, " - ", other, _SUM, _PRODUCT)

    def __rsub__(self, other: Any) -> Traced:
        return _two(other, " - ", self, _SUM, _PRODUCT)

    def __mul__(self, other: Any) -> Traced:
        return _as_power(self, _traced(other)) or _two(self, " * ", other, _PRODUCT, _SIGN)

    def __rmul__(self, other: Any) -> Traced:
        return _two(other, " * ", self, _PRODUCT, _SIGN)

    def __truediv__(self, other: Any) -> Traced:
        return _two(self, " / ", other, _PRODUCT, _SIGN)

    def __rtruediv__(self, other: Any) -> Traced:
        return _two(other, " / ", self, _PRODUCT, _SIGN)

    def __pow__(self, other: Any) -> Traced:
        return Traced(f"{self.inside(_ATOM)}**{_traced(other).inside(_POWER)}", _POWER)

    def __neg__(self) -> Traced:
        return Traced(f"-{self.inside(_SIGN)}", _SIGN)

    def __lt__(self, other: Any) -> Traced:
        return _two(self, " < ", other, _SUM, _SUM)

    def __gt__(self, other: Any) -> Traced:
        return _two(self, " > ", other, _SUM, _SUM)

    def __eq__(self, other: Any) -> Traced:  # type: ignore[override]
        return _two(self, " == ", other, _SUM, _SUM)

    __hash__ = None  # type: ignore[assignment]

    def __array_ufunc__(self, function: np.ufunc, method: str, *given: Any, **_: Any) -> Traced:
        operator = {"add": "__add__", "subtract": "__sub__", "multiply": "__mul__", "true_divide": "__truediv__",
                    "divide": "__truediv__"}.get(function.__name__)  # fmt: skip
        if operator:
            return getattr(_traced(given[0]), operator)(given[1])
        return _call(f"np.{function.__name__}", given)


class TensorFlowNames:
    """A namespace of TensorFlow's functions for double precision, as formulas call them."""

    def __getattr__(self, name: str) -> Any:
        known = _OF_TENSORFLOW.get(name, name)
        return lambda *given: _call(f"tf.{known}" if known in _SHORT else f"tf.math.{known}", given)

    def where(self, condition: Any, yes: Any, no: Any) -> Traced:
        return _call("tf.where", (condition, _constant(yes), _constant(no)))

    def cbrt(self, u: Any) -> Traced:
        return self.sign(u) * self.power(self.abs(u), 1 / 3)

    def hypot(self, u: Any, w: Any) -> Traced:
        return self.sqrt(_traced(u) ** 2 + _traced(w) ** 2)

    def log10(self, u: Any) -> Traced:
        return self.log(u) / Traced("np.log(10)")

    def log2(self, u: Any) -> Traced:
        return self.log(u) / Traced("np.log(2)")

    def maximum(self, u: Any, w: Any) -> Traced:
        return _call("tf.maximum", (_constant(u), _constant(w)))

    def minimum(self, u: Any, w: Any) -> Traced:
        return _call("tf.minimum", (_constant(u), _constant(w)))


class NumPyNames:
    """NumPy's functions, as formulas call them."""

    def __getattr__(self, name: str) -> Any:
        return lambda *given: _call(f"np.{name}", given)

    def sigmoid(self, u: Any) -> Traced:
        return 1 / (1 + self.exp(-_traced(u)))

    def softplus(self, u: Any) -> Traced:
        return self.logaddexp(0, u)


def number(value: float) -> str:
    """A number as a person writes it, which reads as exactly this one."""
    value = float(value)
    if not np.isfinite(value):
        return f"np.{value}".replace("np.-", "-np.")
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _traced(value: Any) -> Traced:
    if isinstance(value, Traced):
        return value
    return Traced(number(value), _SIGN if float(value) < 0 else _ATOM)


def _constant(value: Any) -> Traced:
    """A number where TensorFlow would take single precision for granted."""
    return value if isinstance(value, Traced) else Traced(f"tf.constant({number(value)}, tf.float64)")


def _two(left: Any, operator: str, right: Any, level: int, right_level: int) -> Traced:
    left, right = _traced(left), _traced(right)
    if operator == " + " and right.text.startswith("-") and right.level >= _PRODUCT:
        return Traced(f"{left.inside(level)} - {right.text[1:]}", level)
    return Traced(f"{left.inside(level)}{operator}{right.inside(right_level)}", level)


def _as_power(left: Traced, right: Traced) -> Traced | None:
    """u * u as u**2, and so on: how whole powers are multiplied out is of no interest to who reads them."""
    base, exponent = _base(left)
    other, more = _base(right)
    return Traced(f"{base}**{exponent + more}", _POWER) if base == other and not base[:1].isdigit() else None


def _base(one: Traced) -> tuple[str, int]:
    base, mark, exponent = one.text.rpartition("**")
    if one.level == _POWER and mark and exponent.isdigit():
        return base, int(exponent)
    return one.inside(_ATOM), 1


def _call(name: str, given: Any) -> Traced:
    return Traced(f"{name}({', '.join(_traced(one).text for one in given)})")
