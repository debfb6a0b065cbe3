"""What the landscape page shows of one moment: terrain, descents, basins. Frozen, like every frame.

Station of the loop: the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.analysis.terrain import Terrain
from engine.frames import Picture
from engine.training.update_terms import Update


class Standing(StrEnum):
    """How a descent stands."""

    MOVING = "on its way"
    LOWEST = "in the lowest minimum"
    HIGHER = "in a higher minimum"
    LEFT = "left the landscape"
    OVER = "over the edge"  # of a landscape without a minimum: the end that there is, and no failure


@dataclass(frozen=True, eq=False)
class Trail:
    """One descent so far.

    ``positions`` has shape (n, dimensions), start first; ``costs`` (n,); ``gradient`` (dimensions,) at the last
    position, as the update rule sees it: with the difference gradient, between neighbouring samples.
    ``sign`` is the number of its colour and symbol; None where that is its place among the trails.
    ``update`` is the step to come, in the unit of the rule (samples, with the difference gradient). ``unit``
    (dimensions,) is how long that unit is on the landscape. ``point`` says which of the given starts it began at.
    ``reached`` is the step since which it has stayed near the minimum that it is in. ``left_to`` (dimensions,) is
    where the step that left it would have led. ``edge``: how much the cost may bend for steps of this rule and rate to
    be stable, None of a rule without such a line.
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
    update: Update | None = None
    unit: np.ndarray | None = None
    point: int = 0
    sign: int | None = None
    best_cost: float = float("nan")
    reached: int | None = None
    standing: Standing = Standing.MOVING
    left_to: np.ndarray | None = None
    edge: float | None = None

    @property
    def is_lost(self) -> bool:
        """Whether it has stopped where it should not have."""
        return not self.moving and self.standing is not Standing.OVER


def sign_of(trails: Sequence[Trail], number: int) -> int:
    """By which colour and symbol this one of the trails is known."""
    sign = trails[number].sign
    return number if sign is None else sign


@dataclass(frozen=True, eq=False)
class Basins:
    """Where every start ends.

    ``owner`` has shape (ny, nx): the number of the minimum in whose neighbourhood that start's descent ends, -1 where
    it left or diverged, -2 where it is still on its way. ``share`` has shape (m + 2,): the share of starts by
    minimum, those on their way, and the lost ones last. ``stride`` is 1 for the finest map. ``of`` is the picture's
    ``basins_of`` of the numbers with which the starts descended.
    """

    x: np.ndarray
    y: np.ndarray
    owner: np.ndarray
    share: np.ndarray
    stride: int = 1
    of: tuple = ()


@dataclass(frozen=True)
class NoiseCount:
    """How many of ``runs`` noisy descents from one start ended in a lowest minimum, and whether the exact one does."""

    found: int
    runs: int
    exact_finds: bool


@dataclass(frozen=True, eq=False)
class Foresight:
    """Where every descent would go from given starts: for each descent positions (n, dimensions) and costs (n,)."""

    positions: tuple[np.ndarray, ...]
    costs: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class LandscapePicture(Picture):
    """The landscape page's main picture: the terrain and every descent on it.

    ``panels`` groups the trails by number: one tuple a plot, side by side with shared axes. ``secant`` is the
    second point's x and cost for the parabola scene, whose secant becomes the tangent. ``basins_of`` and ``noise_of``
    are what a map of the basins, or a count of noisy runs, would depend on, None where none is wanted: another value
    asks for another one. ``note`` says what was tuned for a race.
    """

    terrain: Terrain
    trails: tuple[Trail, ...]
    panels: tuple[tuple[int, ...], ...]
    secant: tuple[float, float] | None = None
    basins: Basins | None = None
    basins_of: tuple | None = None
    noise_of: tuple | None = None
    note: str = ""
    step: int | None = None  # after which this is
    by_descent: bool = False  # trails in the descents' colours, not by iteration
