"""The lowest cost that a model can have which is linear in its parameters, and what to say of it. Serves the findings.

Found by least squares that are weighted anew each time, for whichever cost. Source: Holland and Welsch 1977, Robust
regression using iteratively reweighted least-squares. A linear program takes a hundred times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.sample import evenly
from engine.frames import Finding, Severity
from engine.regression.datasets import values
from engine.regression.points import Part, Points
from engine.training import costs

MOST = 2000  # points that decide on the best parameters, which takes some milliseconds
ROUNDS, SMALLEST = 60, 1e-6  # of the weighting, and the error below which one weighs no more
LINEAR = ("line", "sum", "polynomial", "scaled_polynomial")
AS_GOOD = 1e-3  # of the best cost: no farther above it is as good
FAR_FROM = 1.1  # times the best cost


@dataclass(frozen=True)
class BestFit:
    """What data allow at best.

    ``cost``: the lowest that any parameters have, None for a model that isn't linear in them; ``noise``: that of the
    curve itself, which made the points, None where none did.
    """

    cost: float | None
    noise: float | None = None


def degree_of(settings: Any) -> int | None:
    """The highest power of x that the settings' model has; None for one that isn't linear in its parameters."""
    if settings.model not in LINEAR:
        return None
    return settings.degree if "polynomial" in settings.model else 1


def best_fit_of(settings: Any, points: Points) -> BestFit:
    """What the training points of these settings allow at best."""
    degree = degree_of(settings)
    trained = points.part == Part.TRAINING
    x, y = points.x[trained].astype(float), points.y[trained].astype(float)
    noise = None
    if settings.source == "curve" and len(x):
        noise = float(costs.each(settings.cost, y - values(settings.curve, settings.formula, x)).mean())
    return BestFit(None if degree is None else least_cost(x, y, degree, settings.cost), noise)


def least_cost(x: np.ndarray, y: np.ndarray, degree: int, cost: str) -> float:
    """The lowest cost over points x, y (n,) of any polynomial of this degree; nan where there are none."""
    if not len(x):
        return float("nan")
    x, y = np.asarray(x, float), np.asarray(y, float)
    reach = float(np.abs(x).max()) or 1.0
    columns = np.stack([(x / reach) ** power for power in range(degree + 1)], axis=1)  # scaled: the fits are the same
    rows = evenly(len(x), MOST)
    parameters = _best_parameters(columns[rows], y[rows], cost)
    return float(costs.each(cost, columns @ parameters - y).mean())


def _best_parameters(columns: np.ndarray, y: np.ndarray, cost: str) -> np.ndarray:
    parameters = np.linalg.lstsq(columns, y, rcond=None)[0]
    if cost in costs.QUADRATIC:
        return parameters
    best, lowest = parameters, np.inf
    for _ in range(ROUNDS):
        error = np.abs(columns @ parameters - y)
        now = float(costs.each(cost, error).mean())
        if now < lowest:
            best, lowest = parameters, now
        root = 1 / np.sqrt(np.maximum(error, SMALLEST if cost == "absolute" else 1.0))
        parameters = np.linalg.lstsq(columns * root[:, None], y * root, rcond=None)[0]
    return best


def of_the_best(settings: Any, best: BestFit, cost: float) -> Finding | None:
    """What no parameters can better, beside the cost that the run has now."""
    if not np.isfinite(cost):
        return None
    if best.cost is None:
        return None if best.noise is None else _of_the_noise(best.noise, cost)
    if not np.isfinite(best.cost):
        return None
    degree = degree_of(settings)
    what = "line" if degree <= 1 else f"polynomial of degree {degree}"
    sentence = f"The best {what} there is costs {best.cost:.3g}, whatever its parameters; this one's cost is {cost:.3g}"
    sentence += ", so that it is there." if cost <= best.cost * (1 + AS_GOOD) else "."
    if best.noise is not None and best.noise < best.cost:
        sentence += f" The noise alone costs {best.noise:.3g}: what is above that is the bend that a {what} has not."
    if settings.model != "sum" or settings.width == 1:
        return Finding("No weight bends a line" if degree <= 1 else f"The best of degree {degree}", sentence)
    if settings.optimizer == "sgd":
        sentence += (
            f" All {settings.width} get the same gradient, so that their sum moves {settings.width} times as far as "
            f"one of them: by a rate of {settings.width * settings.learning_rate:.3g}."
        )
    severity = Severity.WARNING if cost > FAR_FROM * best.cost else Severity.INFO
    return Finding(f"{settings.width} lines are one line", sentence, severity)


def _of_the_noise(noise: float, cost: float) -> Finding:
    """How much of a network's cost is none of its own."""
    said = f"The noise alone costs {noise:.3g}, and this fit {cost:.3g}"
    if cost < noise:
        return Finding("Below the noise", f"{said}: it follows some of the noise, too.")
    if cost <= FAR_FROM * noise:
        return Finding("Down to the noise", f"{said}: there is hardly more to learn.")
    return Finding("Above the noise", f"{said}: it doesn't follow the whole curve yet.")
