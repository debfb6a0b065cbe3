"""Colours of numbers with a sign: blue below zero, the background at zero, orange above. Serves the pictures.

Okabe and Ito's blue and orange are told apart by colour-blind eyes; zero is the theme's own background, so that what
is nothing looks like nothing.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from PyQt5.QtGui import QColor

from widgets.style import colours
from widgets.style.theme import Theme

_ENDS = {True: ("#4FC3FF", "#FFB000"), False: ("#005A9C", "#C25E00")}  # on dark, on light: the largest stand out


@cache
def table(is_dark: bool, zero: str) -> np.ndarray:
    """uint8 (256, 3), from the most negative over ``zero`` at 127.5 to the most positive."""
    blue, orange = (_rgb(name) for name in _ENDS[is_dark])
    middle = _rgb(zero)
    share = np.linspace(-1, 1, 256)[:, None]
    strength = np.abs(share) ** 0.75  # small values are still to be seen
    ends = np.where(share < 0, blue, orange)
    return np.clip(middle + strength * (ends - middle), 0, 255).astype(np.uint8)


def pixels(values: np.ndarray, reach: float, theme: Theme, zero: str | None = None) -> np.ndarray:
    """Values (rows, columns) as uint8 (rows, columns, 3); ``reach`` is the size that has the full colour."""
    index = np.clip(values / max(reach, 1e-30) * 127.5 + 127.5, 0, 255).astype(np.uint8)
    return table(theme.is_dark, zero or theme.raised)[index]


def colour(value: float, reach: float, theme: Theme) -> QColor:
    """The colour of one value."""
    index = int(np.clip(value / max(reach, 1e-30) * 127.5 + 127.5, 0, 255))
    return colours.colour(table(theme.is_dark, theme.raised)[index])


def _rgb(name: str) -> np.ndarray:
    made = QColor(name)
    return np.array([made.red(), made.green(), made.blue()], float)
