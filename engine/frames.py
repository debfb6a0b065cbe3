"""Frame and the other frozen messages: what is shown of one moment of a run.

Everything here crosses from the engine's thread to the window's, so it is frozen and its arrays are read-only.
Station of the loop: the frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np


def read_only(array: np.ndarray) -> np.ndarray:
    """The same array, as a view that nobody can write through."""
    view = array.view()
    view.setflags(write=False)
    return view


class Role(StrEnum):
    """What a curve of the cost plot stands for, and so how it is drawn."""

    RAW = "raw"  # one value a step: the mini-batch's own cost
    EXACT = "exact"  # the cost over all data, after an epoch
    RUNNER = "runner"  # one descent among several


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve of the cost plot. ``x`` and ``y`` have shape (n,); x is in the unit of ``Frame.axis``."""

    label: str
    role: Role
    x: np.ndarray
    y: np.ndarray


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


@dataclass(frozen=True, eq=False)
class PaintingPicture:
    """The painting page's main picture: uint8, (rows, columns, 3) for target and painting, (rows, columns) for error.

    The error is the mean absolute difference of red, green and blue, in 0..255.
    """

    target: np.ndarray
    painting: np.ndarray
    error: np.ndarray


Picture = LandscapePicture | RegressionPicture | PaintingPicture


@dataclass(frozen=True, eq=False)
class Frame:
    """What is shown of one moment of a run; it stands on its own, so a dropped one loses nothing.

    ``curves`` hold the whole history up to this moment, ``axis`` says what their x counts ("step" or "epoch").
    ``metrics`` are named as in engine.metrics; ``headline`` is the one line that says what is being seen.
    """

    run: int
    experiment: str
    step: int
    epoch: int
    cost: float
    metrics: Mapping[str, float]
    axis: str
    curves: tuple[Curve, ...]
    picture: Picture
    parameters: int
    steps_per_second: float
