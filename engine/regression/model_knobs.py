"""The models that a regression may fit, and the knobs of a network among them."""

# No `from __future__ import annotations` here: see engine.regression.settings.

from typing import Annotated, Any

from engine.knobs import Kind, declared
from engine.training import networks

MODELS = {
    "line": "line",
    "sum": "sum of linear neurons",
    "polynomial": "polynomial",
    "scaled_polynomial": "polynomial, scaled",
    "network": "network",
}


MOST_LAYERS = 8


def is_model(*models: str) -> Any:
    """A test of settings: is one of these models fitted?"""
    return lambda settings: settings.model in models


def _is_even_network(settings: Any) -> bool:
    return settings.model == "network" and not settings.widths


def hidden_widths(settings: Any) -> tuple[int, ...]:
    """The number of neurons of each hidden layer of the settings' network."""
    return tuple(int(width) for width in settings.widths) or (settings.width,) * settings.depth


Depth = Annotated[
    int,
    declared(
        Kind.WHOLE,
        "Depth",
        "How many hidden layers the network has.",
        low=1,
        high=MOST_LAYERS,
        shown=_is_even_network,
        group="Network",
    ),
]
Width = Annotated[
    int,
    declared(
        Kind.WHOLE,
        "Width",
        "How many neurons a layer has.",
        low=1,
        high=256,
        logarithmic=True,
        shown=lambda settings: settings.model == "sum" or _is_even_network(settings),
        group="Network",
    ),
]
Widths = Annotated[
    tuple[float, ...],
    declared(
        Kind.NUMBERS,
        "Own widths",
        "A width for each hidden layer, as in 30, 20; empty takes depth and width.",
        low=1,
        high=256,
        shown=lambda settings: settings.model == "network" and bool(settings.widths),
        hint="as depth and width say",
        group="Network",
    ),
]
Activation = Annotated[
    str,
    declared(
        Kind.CHOICE,
        "Activation",
        "The function that each hidden neuron applies to its sum. Without one, layers of lines are one line.",
        options=lambda: networks.ACTIVATIONS,
        shown=is_model("network"),
        group="Network",
    ),
]
