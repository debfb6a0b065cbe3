"""What the regression page shows of one moment: data, fit, older fits, lessons. Frozen, like every frame.

Station of the loop: the frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class RegressionPicture:
    """The regression page's main picture.

    ``data_x``, ``data_y`` (n,); ``x`` and ``prediction`` (g,); ``older`` (k, g) earlier fits on the same x, oldest
    first, with their epochs in ``older_epochs`` (k,).
    """

    data_x: np.ndarray
    data_y: np.ndarray
    x: np.ndarray
    prediction: np.ndarray
    older: np.ndarray
    older_epochs: np.ndarray
    draws: InitialDraws | None = None


@dataclass(frozen=True, eq=False)
class InitialDraws:
    """The lesson of initial values.

    ``values``: for each label, draws of one distribution, shape (n,). ``predictions``: for each label, the first
    predictions of several seeds on ``RegressionPicture.x``, shape (seeds, g).
    """

    labels: tuple[str, ...]
    values: tuple[np.ndarray, ...]
    predictions: tuple[np.ndarray, ...]
