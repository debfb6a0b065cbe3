"""The regression experiment's knobs."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from typing import Annotated, Any

from engine import datasets, networks
from engine.experiments.settings import (
    COSTS,
    BatchSize,
    Cost,
    Epochs,
    LearningRate,
    Optimizer,
    RunSettings,
    Shuffle,
    Speed,
)
from engine.knobs import Kind, KnobError, declared

MODELS = {
    "line": "line",
    "sum": "sum of linear neurons",
    "polynomial": "polynomial",
    "scaled_polynomial": "polynomial, scaled",
    "network": "network",
}
VIEWS = {"fit": "the fit", "initial-values": "initial values"}


def _is(*models: str) -> Any:
    return lambda settings: settings.model in models


Depth = Annotated[
    int,
    declared(
        Kind.WHOLE,
        "Depth",
        "How many hidden layers the network has.",
        low=1,
        high=8,
        shown=_is("network"),
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
        shown=_is("network", "sum"),
        group="Network",
    ),
]
Activation = Annotated[
    str,
    declared(
        Kind.CHOICE,
        "Activation",
        "The bend that each hidden neuron puts into its sum. Without one, layers of lines are one line.",
        options=lambda: networks.ACTIVATIONS,
        shown=_is("network"),
        group="Network",
    ),
]


class RegressionSettings(RunSettings, frozen=True, kw_only=True):
    """A function of one variable, found in noisy points."""

    learning_rate: LearningRate = 0.02
    optimizer: Optimizer = "sgd"
    model: Annotated[
        str, declared(Kind.CHOICE, "Model", "What may be fitted to the data.", options=lambda: MODELS, group="Network")
    ] = "network"
    depth: Depth = 1
    width: Width = 10
    activation: Activation = "tanh"
    degree: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Degree",
            "The highest power of x.",
            low=0,
            high=9,
            shown=_is("polynomial", "scaled_polynomial"),
            group="Network",
        ),
    ] = 3
    summed: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Plain sum",
            "The last hidden layer's neurons are simply added, as in the lecture; off gives each a weight of its own.",
            shown=_is("network"),
            group="Network",
        ),
    ] = False
    initializer: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Initial weights",
            "What the weights are drawn from before the first step.",
            options=lambda: networks.INITIALIZERS,
            shown=_is("network"),
            group="Network",
        ),
    ] = "glorot_uniform"
    init_scale: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Initial spread",
            "The standard deviation of normally drawn initial weights.",
            low=1e-4,
            high=10,
            logarithmic=True,
            shown=lambda settings: settings.model != "network" or settings.initializer == "normal",
            group="Network",
        ),
    ] = 0.1
    cost: Cost = "absolute"
    batch_size: BatchSize = 200
    shuffle: Shuffle = True
    epochs: Epochs = 100
    min_change: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Stop below change",
            "The run is finished when the cost changes by less than this from one epoch to the next; 0 never stops it.",
            low=0,
            high=1,
            live=True,
            group="Run",
        ),
    ] = 0.0
    curve: Annotated[
        str, declared(Kind.CHOICE, "Curve", "What the data are points of.", options=datasets.labels, group="Data")
    ] = "sine"
    points: Annotated[
        int,
        declared(
            Kind.WHOLE, "Points", "How many data points there are.", low=2, high=100_000, logarithmic=True, group="Data"
        ),
    ] = 1000
    noise: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Noise",
            "Every point is off the curve by a random amount of up to this, either way.",
            low=0,
            high=5,
            group="Data",
        ),
    ] = 0.5
    span: Annotated[
        float,
        declared(Kind.NUMBER, "Span", "The data lie evenly on -span to span.", low=0.1, high=20, group="Data"),
    ] = 3.0
    view: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Show",
            "The fit as it is found; or what the spread of the initial values does to the first prediction.",
            options=lambda: VIEWS,
            live=True,
            group="View",
        ),
    ] = "fit"
    speed: Speed = "250"


def check(settings: RegressionSettings) -> None:
    """What single knobs can't say alone.

    Raises:
        KnobError: more neurons than can be shown and trained beside a window.
    """
    if settings.model == "network" and settings.summed and settings.depth < 1:
        raise KnobError("summed needs at least one hidden layer.")


def describe(settings: RegressionSettings) -> str:
    """One line that says what is being seen."""
    curve = datasets.CURVES[settings.curve].label
    return f"{settings.points:,} noisy points of {curve}  ·  {model_text(settings)}  ·  {COSTS[settings.cost]}"


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
    if settings.summed and settings.depth == 1:
        return f"y = Σ {settings.activation}(W x + b), {settings.width} neurons"
    layers = f"{settings.depth} × {settings.width} {settings.activation}"
    return f"x → {layers} → {'sum' if settings.summed else 'y'}"
