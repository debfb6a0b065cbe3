"""The arithmetic of a number slider: a linear or logarithmic range, float or whole, and steps by key.

Kept apart from the widget so that it can be read and tested as the plain function that it is. Serves the knob.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

POSITIONS = 1000  # how many places the handle has


@dataclass(frozen=True)
class SliderScale:
    """Maps positions 0..POSITIONS to values low..high and back."""

    low: float
    high: float
    logarithmic: bool = False
    whole: bool = False

    def value(self, position: int) -> float:
        """The value at a handle position, with the three digits that its text shows."""
        share = min(max(position / POSITIONS, 0.0), 1.0)
        if self.logarithmic:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + (self.high - self.low) * share
        return self._tidy(value)

    def position(self, value: float) -> int:
        """The handle position nearest to a value; values beyond the range stop at its ends."""
        value = min(max(value, self.low), self.high)
        if self.logarithmic:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(share * POSITIONS)

    def stepped(self, value: float, steps: int) -> float:
        """One key press: a tenth of an octave or so on a logarithmic scale, a hundredth of a linear range, or 1."""
        if self.logarithmic:
            moved = value * 10 ** (0.05 * steps)
            if self.whole and abs(moved - value) < 1:
                moved = value + steps
        else:
            moved = value + steps * (1 if self.whole else (self.high - self.low) / 100)
        return self._tidy(moved)

    def leapt(self, value: float, direction: int) -> float:
        """A page key: the next of 1, 2, 5, 10, 20, ... on a logarithmic scale, a tenth of a linear range."""
        if not self.logarithmic:
            leap = (self.high - self.low) / 10
            return self._tidy(value + direction * (max(1, round(leap)) if self.whole else leap))
        power = math.floor(math.log10(value))
        rungs = [mantissa * 10.0**exponent for exponent in range(power - 1, power + 3) for mantissa in (1, 2, 5)]
        if direction > 0:
            return self._tidy(next(rung for rung in rungs if rung > value * 1.0001))
        return self._tidy(next(rung for rung in reversed(rungs) if rung < value * 0.9999))

    def _tidy(self, value: float) -> float:
        value = min(max(value, self.low), self.high)
        if self.whole:
            value = round(value) if value < 1000 or not self.logarithmic else float(f"{value:.3g}")
            return int(min(max(value, math.ceil(self.low)), math.floor(self.high)))
        if self.logarithmic:
            return min(max(float(f"{value:.3g}"), self.low), self.high)
        decimals = max(0, 3 - math.floor(math.log10(self.high - self.low)))
        return min(max(round(value, decimals), self.low), self.high)
