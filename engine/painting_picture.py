"""What the painting page shows of one moment: target, painting, error. Frozen, like every frame.

Station of the loop: the frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class PaintingPicture:
    """The painting page's main picture: uint8, (rows, columns, 3) for target and painting, (rows, columns) for error.

    The error is the mean absolute difference of red, green and blue, in 0..255.
    """

    target: np.ndarray
    painting: np.ndarray
    error: np.ndarray
