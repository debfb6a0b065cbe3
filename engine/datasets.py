"""Curves to learn: one entry each. The data of a regression are points of such a curve with uniform noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CurveEntry:
    label: str
    function: Callable[[np.ndarray], np.ndarray]


CURVES: dict[str, CurveEntry] = {
    "sine": CurveEntry("sin x", np.sin),
    "two-sines": CurveEntry("sin x + ½ sin 3x", lambda x: np.sin(x) + 0.5 * np.sin(3 * x)),
    "step": CurveEntry("step", np.sign),
    "absolute": CurveEntry("|x| - 1", lambda x: np.abs(x) - 1),
    "sawtooth": CurveEntry("sawtooth", lambda x: 2 * (x / 2 - np.floor(x / 2 + 0.5))),
    "x-sine": CurveEntry("½ x sin x", lambda x: 0.5 * x * np.sin(x)),
}


def labels() -> dict[str, str]:
    """Curve name -> what a person reads."""
    return {name: entry.label for name, entry in CURVES.items()}


def noisy(curve: str, points: int, span: float, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """``points`` even x on [-span, span] and curve(x) + uniform noise in [-noise, noise]; two (points,) float32."""
    x = np.linspace(-span, span, points)
    jitter = np.random.default_rng(seed).uniform(-noise, noise, points)
    return x.astype(np.float32), (CURVES[curve].function(x) + jitter).astype(np.float32)
