"""A map of whole trainings: every pixel is one, with numbers of its own, coloured by what came of it.

The pixels go in interlaced parts, so that a first picture is there after a small share of the work, and each later part
only fills in between. The border between what trains and what doesn't is a fractal for a network (Sohl-Dickstein 2024,
"The boundary of neural network trainability is fractal"); on a quadratic of curvature λ it is η λ = 2 (1 + μ). Serves
the frame: it is asked for as an analysis.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from engine.backend import ownership
from engine.backend.priority import lower_priority
from engine.experiment import AnalysisError
from engine.frames import Finding, read_only
from engine.training.many_trainings import ManyTrainings
from engine.training.optimizers import NETWORK_OPTIMIZERS, OPTIMIZERS

SIDE, STRIDE = 128, 16
DETAILS = (16, 8, 4, 2, 1)  # every 16th pixel of an axis, every 8th, ...
KEPT_PARTS = 1 << 14  # of all windows that were looked into; a part is a kilobyte


def _levels() -> dict[tuple[int, int], int]:
    """Each part's first pixel (row, column), and for how many pixels of an axis it stands; coarse to fine."""
    found: dict[tuple[int, int], int] = {}
    for stride in DETAILS:
        for row in range(0, STRIDE, stride):
            for column in range(0, STRIDE, stride):
                found.setdefault((row, column), stride)
    return found


LEVELS = _levels()
ORDER = tuple(LEVELS)


@dataclass(frozen=True)
class Axis:
    """A knob's values along an edge of the map; ``logarithmic``: evenly by their logarithm."""

    knob: str
    label: str
    low: float
    high: float
    logarithmic: bool = False

    def values(self, count: int) -> np.ndarray:
        """The pixels' middles, (count,)."""
        shares = (np.arange(count) + 0.5) / count
        if self.logarithmic:
            return self.low * (self.high / self.low) ** shares
        return self.low + (self.high - self.low) * shares


SECOND = {
    "momentum": Axis("momentum", "momentum", 0.0, 0.99),
    "beta_1": Axis("beta_1", "beta 1", 0.0, 0.99),
    "rho": Axis("rho", "rho", 0.0, 0.999),
}


@dataclass(frozen=True, eq=False)
class TrainingMap:
    """``cost`` (SIDE, SIDE), rows along y from below: after ``steps`` steps, nan of a pixel whose training left at step
    ``left`` (SIDE, SIDE) int, 0 of the others. ``stride`` (SIDE, SIDE) int of DETAILS: for how many pixels of an axis
    each still stands; ``done`` is the share (0..1) that is worked out.
    """

    x: Axis
    y: Axis
    cost: np.ndarray
    left: np.ndarray
    stride: np.ndarray
    done: float
    steps: int
    words: str  # what is trained, for how long
    border: str  # what those left that left
    of: Hashable

    def numbers(self, row: int, column: int) -> tuple[float, float]:
        """The values of x and y that a pixel was trained with; one that stands for others lies in their corner."""
        stride = int(self.stride[row, column])
        places = (self.x, column - column % stride), (self.y, row - row % stride)
        return tuple(float(axis.values(SIDE)[place]) for axis, place in places)

    def finding(self) -> Finding:
        """How much of the map trains, and where the cost comes down farthest."""
        left = f"{self.share_left:.0%} of these trainings left the {self.border}" if self.share_left else "All arrived"
        if np.isnan(self.cost).all():
            return Finding("The map", f"{left}: there are smaller learning rates.")
        row, column = np.unravel_index(np.nanargmin(self.cost), self.cost.shape)
        rate, second = self.numbers(int(row), int(column))
        return Finding(
            "The map",
            f"{left}; the lowest cost, {float(self.cost[row, column]):.3g}, is at {self.x.label} {rate:.2g} and "
            f"{self.y.label} {second:.2g}. Between what arrives and what leaves lies no line but ever finer detail.",
        )

    @property
    def share_left(self) -> float:
        """The share of the pixels that left the number range or the landscape."""
        return float((self.left > 0).mean())


@dataclass(frozen=True)
class Plane:
    """Which knobs a map goes over, whose other ``numbers`` stay, for how many steps."""

    x: Axis
    y: Axis
    numbers: tuple[tuple[str, float], ...]
    steps: int
    words: str
    border: str
    of: Hashable  # all that the outcome depends on besides


def rule_and_second(optimizer: str) -> tuple[str, Axis]:
    """The rule that a map of this optimizer is made with, and the number that it has beside its learning rate.

    Raises:
        AnalysisError: it has none.
    """
    if optimizer not in OPTIMIZERS:
        raise AnalysisError(f"There is no map for {NETWORK_OPTIMIZERS[optimizer].label}: choose another optimizer.")
    if optimizer == "sgd":  # which is momentum's at 0
        return "momentum", SECOND["momentum"]
    knobs = OPTIMIZERS[optimizer].knobs
    if not knobs:
        raise AnalysisError(f"{OPTIMIZERS[optimizer].label} has no number beside its rate: choose another optimizer.")
    return optimizer, SECOND[knobs[0]]


def within(x: Axis, y: Axis, window: Sequence[float] | None) -> tuple[Axis, Axis]:
    """Both axes over a window (x low, x high, y low, y high), where there is one."""
    if window is None:
        return x, y
    x_low, x_high, y_low, y_high = window
    return replace(x, low=x_low, high=x_high), replace(y, low=y_low, high=y_high)


Initial = Callable[[Mapping[str, np.ndarray]], np.ndarray]


@ownership.owned
class MapMaker:
    """Maps for one model and one rule.

    Args:
        make: gives ``count`` trainings, which go together.
        initial: numbers by knob name, (count,) each -> parameters (parameters, count) before the first step.
    """

    def __init__(self, make: Callable[[int], ManyTrainings], initial: Initial) -> None:
        self._make, self._initial = make, initial
        self._trainings: list[ManyTrainings] = []
        self._parts: dict[Hashable, tuple[np.ndarray, np.ndarray]] = {}

    def at(self, plane: Plane, seconds: float = math.inf) -> TrainingMap:
        """The map as far as it gets in about so many seconds more, coarse to fine. Compiles when called first."""
        if len(self._parts) > KEPT_PARTS:
            self._parts.clear()
        if not self._trainings:
            self._trainings = [self._make((SIDE // STRIDE) ** 2) for _ in range(2)]
        missing = iter([part for part in ORDER if (plane, part) not in self._parts])
        end, lock = time.monotonic() + seconds, threading.Lock()

        def train(trainings: ManyTrainings) -> None:
            while True:
                with lock:
                    part = next(missing, None)
                if part is None:
                    return
                self._parts[plane, part] = self._trained(trainings, plane, part)
                if time.monotonic() > end:
                    return

        if (plane, ORDER[0]) not in self._parts:
            train_first = next(missing)
            self._parts[plane, train_first] = self._trained(self._trainings[0], plane, train_first)
        if time.monotonic() < end:
            with ThreadPoolExecutor(2, initializer=lower_priority) as both:  # Python's lock is let go meanwhile
                list(both.map(train, self._trainings))
        return self._map(plane)

    def _numbers(self, plane: Plane, part: tuple[int, int]) -> dict[str, np.ndarray]:
        rows, columns = plane.y.values(SIDE)[part[0] :: STRIDE], plane.x.values(SIDE)[part[1] :: STRIDE]
        x, y = (grid.ravel() for grid in np.meshgrid(columns, rows))
        held = {knob: np.full(len(x), value) for knob, value in plane.numbers}
        return held | {plane.x.knob: x, plane.y.knob: y}

    def _trained(self, trainings: ManyTrainings, plane: Plane, part: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        numbers = self._numbers(plane, part)
        cost, left = trainings.run(self._initial(numbers), numbers, plane.steps)
        shape = (SIDE // STRIDE,) * 2
        return cost.reshape(shape), left.reshape(shape)

    def _map(self, plane: Plane) -> TrainingMap:
        cost, left = np.empty((SIDE, SIDE)), np.empty((SIDE, SIDE), np.int32)
        stride = np.empty((SIDE, SIDE), np.int32)
        done = 0
        for part in ORDER:  # the coarser ones first, each of which stands for its neighbours until those come
            known = self._parts.get((plane, part))
            if known is None:
                continue
            done += 1
            size = LEVELS[part]
            for row in range(size):
                for column in range(size):
                    place = np.s_[part[0] + row :: STRIDE, part[1] + column :: STRIDE]
                    cost[place], left[place] = known
                    stride[place] = size
        arrays = (read_only(array) for array in (cost, left, stride))
        return TrainingMap(
            plane.x, plane.y, *arrays, done / len(ORDER), plane.steps, plane.words, plane.border, plane.of
        )
