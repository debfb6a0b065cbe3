"""A regression in one line: its data, its model and its cost. Serves the title of a page."""

from __future__ import annotations

from engine import files
from engine.regression import datasets
from engine.regression.model_knobs import hidden_widths
from engine.regression.settings import RegressionSettings
from engine.training.costs import COSTS


def description_of(settings: RegressionSettings) -> str:
    """One line that says what is being seen."""
    match settings.source:
        case "drawn":
            count = len(settings.drawn) // 2
            data = f"{count:,} {'point' if count == 1 else 'points'} drawn by hand"
        case "file":
            data = files.shown(settings.file)
        case _:
            noisy = "noisy " if settings.noise else ""
            data = f"{settings.points:,} {noisy}points of {datasets.label_of(settings.curve, settings.formula)}"
    return f"{data}  ·  {model_text(settings)}  ·  {COSTS[settings.cost]}"


def model_text(settings: RegressionSettings) -> str:
    """The model as a formula or in words."""
    match settings.model:
        case "line":
            return "y = W x + B"
        case "sum":
            return f"y = Σ (W x + b), {settings.width} neurons"
        case "polynomial":
            return f"y = b + Σ wᵢ xⁱ, i = 0..{settings.degree}"
        case "scaled_polynomial":
            return f"y = b + Σ wᵢ (x / max x)ⁱ, i = 0..{settings.degree}"
    widths = hidden_widths(settings)
    if settings.summed and len(widths) == 1:
        return f"y = Σ {settings.activation}(W x + b), {widths[0]} neurons"
    are_even = len(set(widths)) == 1
    layers = f"{len(widths)} × {widths[0]}" if are_even else " → ".join(map(str, widths))
    return f"x → {layers} {settings.activation} → {'sum' if settings.summed else 'y'}"
