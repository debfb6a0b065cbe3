"""Double descent: minimum-norm fits with more and more features, of fewer and of more than there are points.

With p Legendre polynomials of n noisy points the error on unseen places falls, peaks where p = n, and falls again: of
all fits through the points the one with the smallest weights is taken, and the more features, the smoother it is
(Belkin et al. 2019, "Reconciling modern machine-learning practice and the classical bias-variance trade-off"; Hastie et
al. 2022, "Surprises in high-dimensional ridgeless least squares interpolation"). Serves the regression's analyses.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.legendre import legvander

from engine.experiment import AnalysisError
from engine.frames import Finding, read_only
from engine.regression import datasets

MOST_POINTS = 60
SEEDS = 10
FURTHEST = 5  # times as many features as points
GRID = 301


@dataclass(frozen=True, eq=False)
class DoubleDescent:
    """``features`` (k,) counts of features; ``training`` and ``test`` (seeds, k) mean squared errors.

    Of the first seed: ``x``, ``y`` (n,) its points, ``fits`` (k, g) over ``grid`` (g,), where ``curve`` (g,) is what
    the points are noisy values of.
    """

    features: np.ndarray
    training: np.ndarray
    test: np.ndarray
    x: np.ndarray
    y: np.ndarray
    grid: np.ndarray
    curve: np.ndarray
    fits: np.ndarray
    of: Hashable

    def finding(self) -> Finding:
        """Where the error on unseen places peaks, and what it comes to."""
        median = np.median(self.test, axis=0)
        peak = int(median.argmax())
        return Finding(
            "Double descent",
            f"With as many features as points, {self.points}, one fit alone goes through all of them, and the error "
            f"on unseen places peaks: {median[peak]:.3g} at {self.features[peak]} features. With {self.features[-1]} "
            f"it is {median[-1]:.3g}: of the many fits through the points the one with the smallest weights is smooth.",
        )

    @property
    def points(self) -> int:
        return len(self.x)


def is_offered(settings: Any) -> bool:
    """Whether a settings' data can be fitted so: a curve with noise, at few enough points."""
    return settings.source == "curve" and settings.points <= MOST_POINTS


def depends_on(settings: Any) -> Hashable:
    """All that the fits depend on."""
    return settings.curve, settings.formula, settings.points, settings.span, settings.noise, settings.seed


def counts(points: int) -> np.ndarray:
    """Every count of features up to twice the points, then evenly some more."""
    fine = np.arange(1, 2 * points + 1)
    return np.unique(np.concatenate([fine, np.linspace(2 * points, FURTHEST * points, 3 * SEEDS + 1).astype(int)]))


def double_descent(settings: Any) -> DoubleDescent:
    """The fits to these settings' data, and the errors of SEEDS seeds from theirs on.

    Raises:
        AnalysisError: no curve with noise, or more points than can be fitted so.
    """
    if not is_offered(settings):
        raise AnalysisError(f"It takes a curve with noise at up to {MOST_POINTS} points; lower Points under Data.")
    features, span = counts(settings.points), settings.span
    grid = np.linspace(-span, span, GRID)
    curve = datasets.values(settings.curve, settings.formula, grid)
    training, test = np.empty((2, SEEDS, len(features)))
    fits = np.empty((len(features), GRID))
    first: tuple[np.ndarray, np.ndarray] | None = None
    for number in range(SEEDS):
        seed = settings.seed + number
        x, y = datasets.noisy(settings.curve, settings.points, span, settings.noise, seed, settings.formula)
        first = first or (x, y)
        at_points, on_grid = (legvander(np.asarray(place, float) / span, features[-1] - 1) for place in (x, grid))
        for place, count in enumerate(features):
            weights = np.linalg.lstsq(at_points[:, :count], y.astype(float), rcond=None)[0]
            fit = on_grid[:, :count] @ weights
            training[number, place] = np.mean((at_points[:, :count] @ weights - y) ** 2)
            test[number, place] = np.mean((fit - curve) ** 2)
            if number == 0:
                fits[place] = fit
    arrays = (read_only(array) for array in (features, training, test, *first, grid, curve, fits))
    return DoubleDescent(*arrays, depends_on(settings))
