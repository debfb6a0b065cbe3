"""Muon's update, before and after it is made orthogonal: the singular values of both.

The iteration X ← a X + (b X Xᵀ + c (X Xᵀ)²) X, a = 3.4445, b = -4.775, c = 2.0315, five times, brings every singular
value that isn't tiny to about 1 (Jordan et al. 2024). Serves the frame: it is asked for as an analysis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.experiment import AnalysisError
from engine.frames import read_only

A, B, C = 3.4445, -4.7750, 2.0315
ROUNDS = 5
TINY = 1e-7  # beside the length of a matrix of zeros


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The singular values of a matrix's update, largest first, (min(rows, columns),) each.

    ``before``: of what goes into the iteration, whose length is 1 there. ``after``: of what comes out.
    """

    name: str
    before: np.ndarray
    after: np.ndarray


def newton_schulz(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What goes into the iteration, of length 1, and what comes out of it; (rows, columns) both."""
    is_tall = matrix.shape[0] > matrix.shape[1]
    x = np.asarray(matrix.T if is_tall else matrix, float)
    x = first = x / (np.linalg.norm(x) + TINY)
    for _ in range(ROUNDS):
        square = x @ x.T
        x = A * x + (B * square + C * square @ square) @ x
    return (first.T, x.T) if is_tall else (first, x)


def spectra(raw_updates: Sequence[tuple[str, np.ndarray]]) -> tuple[Spectrum, ...]:
    """One for each matrix of a step of Muon's.

    Raises:
        AnalysisError: there was no such step.
    """
    found = []
    for name, matrix in raw_updates:
        if np.isfinite(matrix).all() and matrix.any():
            values = (np.linalg.svd(part, compute_uv=False) for part in newton_schulz(matrix))
            found.append(Spectrum(name, *(read_only(one) for one in values)))
    if not found:
        raise AnalysisError("Muon has taken no step yet.")
    return tuple(found)
