"""LowestMark: a ring at the lowest validation cost of all, which a smoothed line passes over. Serves the cost plot."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from PyQt5.QtCore import QRectF

from engine.frames import Curve, Role
from widgets.plotting.fast_items import Signs
from widgets.style import symbols
from widgets.style.theme import Theme, pen


class LowestMark(Signs):
    """``mark`` is told of the curves, of how an axis has costs (k,), and of the seconds in a unit of x, or 1."""

    def mark(
        self,
        curves: Iterable[Curve],
        height: Callable[[np.ndarray], np.ndarray],
        each: float,
        theme: Theme,
        within: QRectF,
    ) -> None:
        """Draw the rings."""
        signs = []
        for curve in curves:
            if curve.role is Role.VALIDATION and len(curve.y) and np.isfinite(curve.y).any():
                at = int(np.nanargmin(curve.y))
                ring = pen(theme.text, theme.width(2))
                place = float(curve.x[at]) * each, float(height(curve.y[at : at + 1])[0])
                signs.append((symbols.shape(0, theme.px(10)), ring, None, *place))
        self.set_bounds(within.normalized())
        self.show_signs(signs)
