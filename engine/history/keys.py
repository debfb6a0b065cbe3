"""KeyStates: moments of a page's lanes that can be gone back to at once, within a budget of bytes.

Serves the history: every other moment is replayed from the key state before it.
"""

from __future__ import annotations

import bisect
import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.backend import ownership
from engine.run.history import RunState

BUDGET = 300 * 1024 * 1024  # bytes a page
LEAST_SECONDS = 0.02  # of training between two key states: what replaying may take, about a frame
OVERHEAD = 4096  # bytes of a state beside its arrays


@dataclass(frozen=True, eq=False)
class KeyState:
    """``count``: how many events of its lane it has in it; ``seconds`` of training led to it.

    One that ``is_pinned`` stays, however full it gets: a lane's first, a branching point, what can't be replayed.
    """

    state: RunState
    count: int
    seconds: float
    is_pinned: bool = False

    @property
    def step(self) -> int:
        """After how many steps it was."""
        return self.state.step


@ownership.owned
class KeyStates:
    """Key states by lane and step. ``interval``: seconds of training that should lie between two of them.

    Whenever they are over the budget the interval doubles, and of those that lie closer together, every second goes.
    """

    def __init__(self, budget: int = BUDGET, interval: float = LEAST_SECONDS) -> None:
        self.budget, self.interval = budget, interval
        self._lanes: dict[int, list[KeyState]] = {}
        self._arrays: Counter[int] = Counter()  # by identity: what several states share counts once
        self.bytes = 0

    def add(self, lane: int, key: KeyState) -> None:
        """Keep one; it takes the place of one at the same step."""
        keys = self._lanes.setdefault(lane, [])
        at = bisect.bisect_left(keys, key.step, key=lambda other: other.step)
        if at < len(keys) and keys[at].step == key.step:
            if keys[at].is_pinned and not key.is_pinned:
                key = dataclasses.replace(key, is_pinned=True)
            self._count(keys[at], -1)
            keys[at] = key
        else:
            keys.insert(at, key)
        self._count(key, 1)
        while self.bytes > self.budget and self._thin():
            pass

    def before(self, lane: int, step: int) -> KeyState | None:
        """The last one at or before a step."""
        keys = self._lanes.get(lane, [])
        at = bisect.bisect_right(keys, step, key=lambda other: other.step)
        return keys[at - 1] if at else None

    def nearest(self, lane: int, step: int) -> KeyState | None:
        """The one whose step is nearest, to either side."""
        keys = self._lanes.get(lane, [])
        at = bisect.bisect_left(keys, step, key=lambda other: other.step)
        return min(keys[max(at - 1, 0) : at + 1], key=lambda key: abs(key.step - step), default=None)

    def of(self, lane: int) -> tuple[KeyState, ...]:
        """All of a lane, in order."""
        return tuple(self._lanes.get(lane, ()))

    def drop(self, lane: int) -> None:
        """Forget a lane's."""
        for key in self._lanes.pop(lane, ()):
            self._count(key, -1)

    def _thin(self) -> bool:
        """Double the interval; False where nothing can be given up any more."""
        before = sum(map(len, self._lanes.values()))
        self.interval *= 2
        for lane, keys in self._lanes.items():
            kept = keys[:1]
            for key, following in zip(keys[1:], [*keys[2:], None], strict=True):
                is_close = following is not None and following.seconds - kept[-1].seconds <= self.interval
                if key.is_pinned or following is None or not is_close:
                    kept.append(key)
                else:
                    self._count(key, -1)
            self._lanes[lane] = kept
        widest = max((keys[-1].seconds - keys[0].seconds for keys in self._lanes.values() if keys), default=0.0)
        return sum(map(len, self._lanes.values())) < before or self.interval < widest

    def _count(self, key: KeyState, sign: int) -> None:
        self.bytes += sign * OVERHEAD
        for array in _arrays(key.state.experiment):
            self._arrays[id(array)] += sign
            is_first_or_last = self._arrays[id(array)] == (1 if sign > 0 else 0)
            if is_first_or_last:
                self.bytes += sign * array.nbytes
                if sign < 0:
                    del self._arrays[id(array)]


def _arrays(value: Any) -> Iterator[np.ndarray]:
    """Every array in a state, but for views of what is shared."""
    if isinstance(value, np.ndarray):
        if value.base is None:
            yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _arrays(item)
    elif isinstance(value, dict):
        yield from _arrays(tuple(value.values()))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _arrays(tuple(getattr(value, field.name) for field in dataclasses.fields(value)))
