"""How a figure that depends on the seed is tested: over seeds as a whole, so that none can be chosen to meet it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

SEEDS = range(5)


def assert_over_seeds(values: Iterable[float], low: float, high: float) -> None:
    """The median of SEEDS's values lies in low..high (both positive), and the widest within a tenth beyond."""
    values = np.array([*values])
    assert len(values) == len(SEEDS)
    assert low <= np.median(values) <= high, f"the median of {values}"
    assert 0.9 * low <= values.min(), f"the least of {values}"
    assert values.max() <= 1.1 * high, f"the largest of {values}"
