"""The largest curvature of a cost, and the learning rate that it allows: see stability. Serves the regression's why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.analysis.stability import edge_of, takes_all_alike

ITERATIONS = 60
TOLERANCE = 1e-4

Product = Callable[[np.ndarray], np.ndarray]  # the Hessian times a vector, both (parameters,)


@dataclass(frozen=True)
class Curvature:
    """``largest``: the largest eigenvalue of the Hessian after ``step`` steps, from ``points`` of the data."""

    largest: float
    step: int
    points: int


def largest_eigenvalue(product: Product, size: int, seed: int = 0) -> float:
    """The largest (not the most negative) eigenvalue of a symmetric matrix of which only products are known.

    Power iteration; where the eigenvalue of largest size is negative, once more on the matrix shifted by it.
    """
    found = _power_iteration(product, size, seed)
    if found >= 0:
        return found
    shift = -found
    return _power_iteration(lambda vector: product(vector) + shift * vector, size, seed) - shift


def bound(curvature: float, optimizer: str, momentum: float) -> float | None:
    """The learning rate from which on steps grow; None where the rule has no such bound, or nothing is curved."""
    if curvature <= 0 or not takes_all_alike(optimizer):
        return None
    return edge_of(optimizer, {"learning_rate": 1.0, "momentum": momentum}) / curvature


def _power_iteration(product: Product, size: int, seed: int) -> float:
    vector = np.random.default_rng(seed).normal(size=size)
    vector /= np.linalg.norm(vector)
    eigenvalue = 0.0
    for _ in range(ITERATIONS):
        image = np.asarray(product(vector), float)
        length = float(np.linalg.norm(image))
        if not np.isfinite(length) or length < 1e-12:
            return 0.0
        previous, eigenvalue = eigenvalue, float(vector @ image)
        vector = image / length
        if abs(eigenvalue - previous) <= TOLERANCE * abs(eigenvalue):
            break
    return eigenvalue
