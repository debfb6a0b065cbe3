"""Which of many are looked at: evenly chosen, so that a measurement takes no longer than it may."""

from __future__ import annotations

import numpy as np


def evenly(count: int, most: int) -> np.ndarray:
    """The indices of at most ``most`` among ``count``, evenly chosen, first and last included."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(int)
