"""Where does every start end? A map of 200 x 200 starts, each descended by the run's own rule, coarse to fine.

The starts go in sixteen interlaced parts of 50 x 50, so that a first map is there after a sixteenth of the work, and
each later part only fills in between. Serves the frame: it is asked for as an analysis.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from engine.backend import ownership
from engine.backend.priority import lower_priority
from engine.frames import read_only
from engine.landscape.batched_descents import BatchedDescents
from engine.landscape.functions.landscape import Landscape
from engine.landscape.picture import Basins

SIDE = 200
STRIDE = 4
DETAILS = (STRIDE, 2, 1)  # every 4th start of an axis, every 2nd, every one
NEAR = 0.05  # of the domain: closer than this to a minimum is in its basin's bottom
ON_ITS_WAY, LOST = -2, -1


@ownership.owned
class BasinsMap:
    """The map for one landscape and rule; keeps the parts that it has until a number of the rule changes."""

    def __init__(self, landscape: Landscape, optimizer: str) -> None:
        self._landscape, self._optimizer = landscape, optimizer
        self._axes = [np.linspace(low, high, SIDE) for low, high in landscape.domain]
        self._swarms: list[BatchedDescents] = []
        self._key: tuple | None = None
        self._parts: dict[tuple[int, int], np.ndarray] = {}

    def at(self, numbers: Mapping[str, float], steps: int, stride: int = 1) -> Basins:
        """The map of every ``stride``-th start (one of DETAILS) for these numbers of the rule.

        Compiles when called first; afterwards 40,000 starts take 500 steps in a fraction of a second.
        """
        key = (tuple(sorted(numbers.items())), steps)
        if key != self._key:
            self._key, self._parts = key, {}
        if not self._swarms:
            count = (SIDE // STRIDE) ** 2
            self._swarms = [BatchedDescents(self._landscape, self._optimizer, count) for _ in range(2)]
        wanted = [(row, column) for row in range(0, STRIDE, stride) for column in range(0, STRIDE, stride)]
        missing = [part for part in wanted if part not in self._parts]

        def descend(swarm: BatchedDescents, parts: list[tuple[int, int]]) -> list[np.ndarray]:
            return [self._descended(swarm, part, numbers, steps) for part in parts]

        halves = [missing[0::2], missing[1::2]]
        if halves[1]:
            with ThreadPoolExecutor(
                2, initializer=lower_priority
            ) as both:  # TensorFlow lets Python's lock go meanwhile
                done = list(both.map(descend, self._swarms, halves))
        else:
            done = [descend(self._swarms[0], halves[0])]
        for parts, owners in zip(halves, done, strict=False):
            self._parts.update(zip(parts, owners, strict=True))
        return self._basins(stride)

    def _descended(
        self, swarm: BatchedDescents, part: tuple[int, int], numbers: Mapping[str, float], steps: int
    ) -> np.ndarray:
        x, y = self._axes[0][part[1] :: STRIDE], self._axes[1][part[0] :: STRIDE]
        starts = np.stack([axis.ravel() for axis in np.meshgrid(x, y)], axis=1)
        ends, moving, _ = swarm.run(starts, numbers, steps)
        return self._owners(ends, moving).reshape(len(y), len(x))

    def _owners(self, ends: np.ndarray, moving: np.ndarray) -> np.ndarray:
        owner = np.full(len(ends), ON_ITS_WAY, np.int16)
        goals = self._landscape.minima
        if len(goals):
            apart = np.abs((ends[:, None] - goals[None]) / self._landscape.size).max(axis=2)
            nearest = apart.argmin(axis=1)
            owner = np.where(apart[np.arange(len(ends)), nearest] <= NEAR, nearest, ON_ITS_WAY).astype(np.int16)
        return np.where(moving, owner, LOST).astype(np.int16)

    def _basins(self, stride: int) -> Basins:
        owner = np.empty((SIDE // stride, SIDE // stride), np.int16)
        every = STRIDE // stride
        for row in range(every):
            for column in range(every):
                owner[row::every, column::every] = self._parts[row * stride, column * stride]
        count = len(self._landscape.minima)
        place = np.where(owner == ON_ITS_WAY, count, np.where(owner == LOST, count + 1, owner))
        share = np.bincount(place.ravel(), minlength=count + 2) / owner.size
        axes = [read_only(axis[::stride]) for axis in self._axes]
        return Basins(*axes, read_only(owner), read_only(share), stride)
