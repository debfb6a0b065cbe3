"""The model that a regression's settings name. Serves the runner."""

from __future__ import annotations

from engine.regression.model_knobs import hidden_widths
from engine.regression.settings import RegressionSettings
from engine.training import networks
from engine.training.networks import Model


def model_of(settings: RegressionSettings, unit: float | None = None) -> Model:
    """The model that the settings name; ``unit`` is what x is divided by in scaled columns, the span if not given."""
    match settings.model:
        case "line":
            return networks.line(settings.init_scale)
        case "sum":
            return networks.linear_sum(settings.width, settings.init_scale)
        case "polynomial":
            return networks.polynomial(settings.degree, settings.init_scale)
        case "scaled_polynomial":
            return networks.polynomial(settings.degree, settings.init_scale, unit or settings.span)
    widths = hidden_widths(settings)
    return networks.dense(
        1,
        1,
        len(widths),
        widths,
        settings.activation,
        settings.initializer,
        settings.init_scale,
        settings.summed,
    )
