"""Curves to learn: one entry each. The data of a regression are points of such a curve with uniform noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine import expressions

FORMULA = "formula"  # the curve that the person types
LARGEST = 1e6  # a value beyond this is far outside of what a fit can be seen to follow


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
    """Curve name -> what a person reads; the typed formula last."""
    return {name: entry.label for name, entry in CURVES.items()} | {FORMULA: "your own formula"}


def label_of(curve: str, formula: str) -> str:
    """What a person reads for a curve; ``formula`` is set as a book would set it where the curve is FORMULA."""
    return expressions.parse(formula, ("x",)).typeset if curve == FORMULA else CURVES[curve].label


def check_formula(text: str) -> None:
    """Whether a text is a formula of x.

    Raises:
        ValueError: one sentence that says what would be right.
    """
    expressions.parse(text, ("x",))


def values(curve: str, formula: str, x: np.ndarray) -> np.ndarray:
    """The curve at x (n,), float64 (n,); ``formula`` is used where the curve is FORMULA.

    Raises:
        ValueError: the formula can't be read, has no value somewhere on x, or grows too large there.
    """
    if curve != FORMULA:
        return CURVES[curve].function(x)
    parsed = expressions.parse(formula, ("x",))
    y, shown = parsed.numpy(x=x), parsed.typeset
    if not np.isfinite(y).all():
        raise ValueError(f"y = {shown} has no value at x = {x[~np.isfinite(y)][0]:.3g}; each x needs one.")
    if np.abs(y).max() > LARGEST:
        raise ValueError(f"y = {shown} grows beyond a million at x = {x[np.abs(y).argmax()]:.3g}; that is too large.")
    return y


def noisy(
    curve: str, points: int, span: float, noise: float, seed: int, formula: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """``points`` even x on [-span, span] and curve(x) + uniform noise in [-noise, noise]; two (points,) float32."""
    x = np.linspace(-span, span, points)
    jitter = np.random.default_rng(seed).uniform(-noise, noise, points)
    return x.astype(np.float32), (values(curve, formula, x) + jitter).astype(np.float32)
