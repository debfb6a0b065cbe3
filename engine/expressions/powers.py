"""Powers: u^c for a number c, by the rule that suits it, and its slope.

Whole powers are multiplied out, which is faster and exact for negative u; an odd root of a negative number is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.expressions.simplify import odd_root
from engine.expressions.tree import Number

LARGEST_MULTIPLIED = 16


@dataclass(frozen=True)
class Power:
    """The exponent ``c``; ``whole`` where it is multiplied out; ``is_odd`` whether u^c changes its sign with u.

    ``is_odd`` is None where a negative u has no such power.
    """

    c: float
    whole: int | None
    is_odd: bool | None

    def value(self, m: Any, u: Any) -> Any:
        return self._raised(m, u, self.c, self.is_odd, self.whole)

    def slope(self, m: Any, u: Any) -> Any:
        """d(u^c)/du = c u^(c-1); that is even where u^c is odd."""
        flipped = None if self.is_odd is None else not self.is_odd
        return self.c * self._raised(m, u, self.c - 1.0, flipped, None if self.whole is None else self.whole - 1)

    def _raised(self, m: Any, u: Any, c: float, is_odd: bool | None, whole: int | None) -> Any:
        if whole is not None:
            if whole == 0:
                return 1.0
            product = _multiplied(u, abs(whole))
            return product if whole > 0 else 1.0 / product
        if is_odd is None:
            return m.sqrt(u) if c == 0.5 else 1.0 / m.sqrt(u) if c == -0.5 else m.power(u, c)
        if is_odd and c == 1 / 3:
            return m.cbrt(u)
        size = m.power(m.abs(u), c)
        return m.where(u < 0, -size, size) if is_odd else size


def power_of(exponent: Number) -> Power:
    """The rule for this exponent."""
    exact = odd_root(exponent)
    if exact is None:
        return Power(exponent.value, None, None)
    is_odd = exact.numerator % 2 == 1
    if exact.denominator == 1 and abs(exact.numerator) <= LARGEST_MULTIPLIED:
        return Power(exponent.value, int(exact), is_odd)
    return Power(exponent.value, None, is_odd)


def _multiplied(base: Any, power: int) -> Any:
    if power == 1:
        return base
    half = _multiplied(base, power // 2)
    return half * half * base if power % 2 else half * half
