"""What a run came to: the cost at its last moment, and the lowest on the way. Station of the loop: the runner."""

from __future__ import annotations

import math

from engine.run.runner import Runner


def last_and_lowest(runner: Runner) -> tuple[float, float]:
    """The cost over all data, or of a landscape's best descent, at this moment and at its lowest so far; waits."""
    frame, history = runner.frame(), runner.cost_history()
    cost = history[-1][1] if history else frame.cost
    lowest = min((known for _, known in history if math.isfinite(known)), default=frame.cost)
    return cost, frame.metrics.get("best_cost", lowest)
