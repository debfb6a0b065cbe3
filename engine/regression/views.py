"""The views of a regression, one entry each; engine.regression.parts measures what each shows."""

from __future__ import annotations

from typing import Any

from engine.regression.double_descent import is_offered
from engine.views import View


def _is_network(settings: Any) -> bool:
    return settings.model == "network"


VIEWS = (
    View("fit", "Fit"),
    View("neurons", "Neurons"),
    View("parameters", "Parameters"),
    View("network", "Network"),
    View("landscape", "Landscape"),
    View("initial-values", "Initial values", _is_network),
    View("activations", "Activations", _is_network),
    View("two-solutions", "Valley", _is_network),
    View("map", "Map"),
    View("double-descent", "Double descent", is_offered),
)
