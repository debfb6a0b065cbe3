"""What the landscape page shows of one moment: terrain, descents, basins. Frozen, like every frame.

Station of the loop: the frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Terrain:
    """The landscape itself, which does not change during a run.

    ``x`` has shape (nx,). On one parameter ``y`` is None and ``z`` has shape (nx,); on two, ``y`` has shape (ny,)
    and ``z`` (ny, nx). ``minima`` has shape (m, dimensions).
    """

    x: np.ndarray
    y: np.ndarray | None
    z: np.ndarray
    minima: np.ndarray
    logarithmic: bool = False  # contours and colours follow log(z - min): narrow valleys are invisible otherwise


@dataclass(frozen=True, eq=False)
class Trail:
    """One runner's descent so far.

    ``positions`` has shape (n, dimensions), start first; ``costs`` (n,); ``gradient`` (dimensions,) at the last
    position, as the update rule sees it: with the difference gradient, between neighbouring samples.
    """

    label: str
    optimizer: str
    learning_rate: float
    positions: np.ndarray
    costs: np.ndarray
    gradient: np.ndarray
    moving: bool
    index: float | None = None  # the lecture's position with the difference gradient: truncated wherever it is used
    message: str = ""


@dataclass(frozen=True, eq=False)
class Basins:
    """Where every start ends.

    ``owner`` has shape (ny, nx): the number of the minimum nearest to where that start's descent now is, -1 where
    it left or diverged. ``share`` has shape (m + 1,): the share of starts by minimum, the lost ones last.
    """

    x: np.ndarray
    y: np.ndarray
    owner: np.ndarray
    share: np.ndarray


@dataclass(frozen=True, eq=False)
class LandscapePicture:
    """The landscape page's main picture: the terrain and every descent on it.

    ``panels`` groups the trails by number: one tuple a plot, side by side with shared axes. ``secant`` is the
    second point's x for the parabola scene, whose secant becomes the tangent.
    """

    terrain: Terrain
    trails: tuple[Trail, ...]
    panels: tuple[tuple[int, ...], ...]
    secant: float | None = None
    basins: Basins | None = None
