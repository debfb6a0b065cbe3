"""EasedRange: an axis range that grows at once and shrinks gently, so that the picture does not jump.

Serves the cost plot.
"""

from __future__ import annotations

import math

PADDING = 0.06
EASE = 0.08  # the share of the way back that a frame takes
SLACK = 0.35  # how much of the range may stay empty before it shrinks

NOTCHES = 256  # of the axis, in which it grows: three px or so, for the axis is expensive to draw anew


class EasedRange:
    """Keeps low and high; ``towards`` takes the data's and gives the axis's."""

    def __init__(self) -> None:
        self._low = self._high = 0.0
        self._is_set = False

    def towards(self, low: float, high: float, at_once: bool = False) -> tuple[float, float]:
        """The range for data from ``low`` to ``high``; ``at_once`` for another run."""
        span = high - low
        if span <= 0:
            span = abs(high) * 0.2 or 1.0
            low, high = low - span / 2, high + span / 2
        low, high = low - PADDING * span, high + PADDING * span
        if at_once or not self._is_set:
            self._low, self._high, self._is_set = low, high, True
            return low, high
        self._low = min(self._low, low)
        self._high = max(self._high, high)
        if (high - low) < (1 - SLACK) * (self._high - self._low):
            self._low += EASE * (low - self._low)
            self._high += EASE * (high - self._high)
        return self._low, self._high


def in_notches(last: float) -> float:
    """``last`` or a little more: the axis grows in notches."""
    notch = 2.0 ** math.floor(math.log2(last)) / NOTCHES
    return math.ceil(last / notch) * notch
