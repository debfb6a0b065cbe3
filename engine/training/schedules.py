"""Learning-rate schedules: the share of the learning rate that is used at each step. One entry each.

A share depends on the step and on the costs before it alone, never on the clock, so that a run stays the same however
it is cut into calls. Station of the loop: the runner's advance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SCHEDULES: dict[str, str] = {
    "constant": "constant",
    "cosine": "cosine to 0",
    "plateau": "halve on plateau",
    "wsd": "warm up, hold, decay",
}
BY_STEP = ("constant", "cosine", "wsd")  # those that the step alone decides
WARM_UP, DECAY = (
    0.05,
    0.2,
)  # of the run's length (Hu et al. 2024, "MiniCPM", section 4: WSD with a tenth or more of decay)

PATIENCE = 3  # epochs without a better one, after which the rate is halved
BETTER = 0.995  # an epoch counts as better below this share of the best one's cost
LEAST = 2.0**-8  # the rate is not halved below this share


@dataclass(frozen=True)
class PlateauState:
    """Where "halved on a plateau" stands: its share, the best epoch, epochs since, and the running epoch's costs."""

    share: float = 1.0
    best: float = float("inf")
    stale: int = 0
    total: float = 0.0
    steps: int = 0


def warm_hold_decay(done: np.ndarray, one: float) -> np.ndarray:
    """The shares of "warm up, hold, decay" where ``done`` (n,) of the run is over, a step being ``one`` of it."""
    up, down = (done + one) / max(WARM_UP, one), (1 - done) / DECAY
    return np.clip(np.minimum(up, down), 0.0, 1.0).astype(np.float32)


class Schedule:
    """Gives the shares for the next steps of a run, and learns the costs of those that were taken."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = PlateauState()

    @property
    def needs_every_epoch(self) -> bool:
        """Whether a call may not go beyond an epoch's end, because what comes there decides the next share."""
        return self.name == "plateau"

    def shares(self, step: int, count: int, length: int) -> np.ndarray:
        """The share of the learning rate at each of ``count`` steps after ``step``; float32 (count,)."""
        match self.name:
            case "cosine":
                done = np.minimum((step + np.arange(count)) / max(1, length), 1.0)
                return (0.5 + 0.5 * np.cos(np.pi * done)).astype(np.float32)
            case "wsd":
                return warm_hold_decay((step + np.arange(count)) / max(1, length), 1 / max(1, length))
            case "plateau":
                return np.full(count, self.state.share, np.float32)
        return np.ones(count, np.float32)

    def took(self, costs: np.ndarray, epoch_ended: bool) -> None:
        """Learn the mini-batch costs of the steps that were taken, (done,), all of one epoch."""
        if self.name != "plateau":
            return
        now = self.state
        total, steps = now.total + float(costs.sum(dtype=np.float64)), now.steps + len(costs)
        if not epoch_ended:
            self.state = PlateauState(now.share, now.best, now.stale, total, steps)
            return
        mean = total / max(1, steps)
        if mean < now.best * BETTER:
            self.state = PlateauState(now.share, mean, 0)
        elif now.stale + 1 < PATIENCE:
            self.state = PlateauState(now.share, now.best, now.stale + 1)
        else:
            self.state = PlateauState(max(now.share / 2, LEAST), now.best, 0)
