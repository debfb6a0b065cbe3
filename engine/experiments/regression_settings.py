"""The regression experiment's knobs."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Any

import msgspec

from engine import datasets, networks, points
from engine.experiments.settings import (
    COSTS,
    BatchSize,
    Epochs,
    LearningRate,
    Optimizer,
    RunSettings,
    Shuffle,
    Speed,
    initial_spread,
    initial_weights,
    slice_directions,
)
from engine.knobs import Kind, KnobError, declared

MODELS = {
    "line": "line",
    "sum": "sum of linear neurons",
    "polynomial": "polynomial",
    "scaled_polynomial": "polynomial, scaled",
    "network": "network",
}
VIEWS = {
    "fit": "Fit",
    "neurons": "Neurons",
    "parameters": "Parameters",
    "network": "Network",
    "landscape": "Landscape",
    "initial-values": "Initial values",
    "activations": "Activations",
}
LESSONS = ("initial-values", "activations")  # of networks only
MOST_HELD_BACK = 0.45  # for validation, and again for the test


def _is(*models: str) -> Any:
    return lambda settings: settings.model in models


def _from(*sources: str) -> Any:
    return lambda settings: settings.source in sources


def _seen_in(view: str, *models: str) -> Any:
    return lambda settings: settings.view == view and (not models or settings.model in models)


def _views(settings: Any) -> tuple[str, ...]:
    return tuple(view for view in VIEWS if settings.model == "network" or view not in LESSONS)


def _sources(settings: Any) -> tuple[str, ...]:
    """A file is a source once there is one: opening it chooses it."""
    return tuple(name for name in points.SOURCE_LABELS if name != "file" or settings.file)


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


def _penalty(label: str, help: str) -> msgspec.Meta:
    """What keeps the weights small."""
    return declared(Kind.NUMBER, label, help, low=0, high=0.1, live=True, group="Regularise")


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
    initializer: Annotated[str, initial_weights("Network", _is("network"))] = "glorot_uniform"
    init_scale: Annotated[
        float,
        initial_spread("Network", lambda settings: settings.model != "network" or settings.initializer == "normal"),
    ] = 0.1
    cost: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Cost",
            "How wrong a prediction counts: absolute |e|, squared e², or Huber (squared up to 1, absolute beyond), "
            "averaged over the data.",
            options=lambda: COSTS,
            live=True,
            group="Training",
        ),
    ] = "absolute"
    l1: Annotated[
        float,
        _penalty(
            "L1 penalty",
            "What the weights' summed sizes cost, times this: it drives the weights that help little to nothing.",
        ),
    ] = 0.0
    l2: Annotated[
        float, _penalty("L2 penalty", "What the weights' summed squares cost, times this: it keeps all weights small.")
    ] = 0.0
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
    patience: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Patience",
            "The run is finished when the validation cost has had no new low for so many epochs; 0 never stops it.",
            low=0,
            high=1000,
            live=True,
            shown=lambda settings: settings.validation > 0,
            group="Regularise",
        ),
    ] = 0
    source: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Data",
            "Where the points come from: a curve with noise, your own hand, or a CSV file.",
            options=lambda: points.SOURCE_LABELS,
            offered=_sources,
            group="Data",
        ),
    ] = "curve"
    curve: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Curve",
            "What the data are points of.",
            options=datasets.labels,
            live=True,
            shown=_from("curve"),
            group="Data",
        ),
    ] = "sine"
    formula: Annotated[
        str,
        declared(
            Kind.TEXT,
            "y =",
            "Your own curve, a formula of x with sin, cos, exp, log, sqrt, abs, tanh and + - * / **.",
            check=datasets.check_formula,
            live=True,
            shown=lambda settings: settings.source == "curve" and settings.curve == datasets.FORMULA,
            hint="sin(2*x) + x/3",
            group="Data",
        ),
    ] = "sin(2*x) + x/3"
    points: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Points",
            "How many data points there are.",
            low=2,
            high=100_000,
            logarithmic=True,
            shown=_from("curve"),
            group="Data",
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
            live=True,
            shown=_from("curve"),
            group="Data",
        ),
    ] = 0.5
    span: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Span",
            "The data lie evenly on -span to span.",
            low=0.1,
            high=20,
            shown=_from("curve"),
            group="Data",
        ),
    ] = 3.0
    drawn: Annotated[
        tuple[float, ...],
        declared(
            Kind.NUMBERS,
            "Drawn points",
            "The points drawn by hand: x, y, x, y, ...",
            low=-1000,
            high=1000,
            live=True,
            shown=lambda settings: False,
            group="Data",
        ),
    ] = ()
    file: Annotated[
        str,
        declared(
            Kind.FILE,
            "CSV file",
            "Two columns of numbers, x and y, with or without a heading, parted by comma, semicolon or tab.",
            files="Tables (*.csv *.tsv *.txt)",
            hint="choose or drop one",
            group="Data",
        ),
    ] = ""
    standardise: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Standardise",
            "Shift and scale both columns to mean 0 and spread 1; without it, large numbers need tiny rates.",
            shown=_from("file"),
            group="Data",
        ),
    ] = True
    validation: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Validation share",
            "This share of the points is not trained on, only measured, to see when the model begins to learn noise.",
            low=0,
            high=MOST_HELD_BACK,
            live=True,
            restarts=True,
            group="Data",
        ),
    ] = 0.0
    test: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Test share",
            "This share of the points is kept for the very end: neither training nor early stopping ever looks at it.",
            low=0,
            high=MOST_HELD_BACK,
            live=True,
            restarts=True,
            group="Data",
        ),
    ] = 0.0
    view: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Show",
            "The fit as it is found, what adds up to it, its parameters, its network, the cost over them; or a lesson.",
            options=lambda: VIEWS,
            offered=_views,
            live=True,
            group="View",
        ),
    ] = "fit"
    layer: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Layer shown",
            "Whose neurons' curves are shown; 1 is the first hidden layer.",
            low=1,
            high=8,
            live=True,
            shown=lambda settings: settings.view == "neurons" and settings.model == "network" and settings.depth > 1,
            group="Display",
        ),
    ] = 1
    stacked: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Stack by size",
            "Add the neurons up one by one, the largest first, instead of showing each on its own.",
            live=True,
            shown=_seen_in("neurons"),
            group="Display",
        ),
    ] = False
    directions: Annotated[
        str, slice_directions(_seen_in("landscape", *(model for model in MODELS if model != "line")))
    ] = "main"
    seed: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Seed",
            "Where all random numbers of the run come from: noise, split, initial weights, the order of batches.",
            low=0,
            high=2**31 - 1,
            live=True,
            restarts=True,
            group="Run",
        ),
    ] = 0
    speed: Speed = "250"


def check(settings: RegressionSettings) -> None:
    """What single knobs can't say alone.

    Raises:
        KnobError: drawn points without their y, too many of them, a formula without a value, a file that isn't named.
    """
    if len(settings.drawn) % 2:
        raise KnobError("drawn needs a y for every x: an even count of numbers.")
    if len(settings.drawn) > 2 * points.MOST_DRAWN:
        raise KnobError(f"drawn takes at most {points.MOST_DRAWN} points.")
    if settings.source == "file" and not settings.file:
        raise KnobError("file: choose a CSV file first.")
    if settings.source == "curve" and settings.curve == datasets.FORMULA:
        try:
            datasets.noisy(settings.curve, settings.points, settings.span, 0.0, 0, settings.formula)
        except ValueError as error:
            raise KnobError(f"formula: {error}") from None


def implied(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same knobs with those that they bring along: who opens a file or draws points wants to see them."""
    if "source" in values:
        return values
    for source in ("file", "drawn"):
        if values.get(source):
            return {**values, "source": source}
    return values


def describe(settings: RegressionSettings) -> str:
    """One line that says what is being seen."""
    match settings.source:
        case "drawn":
            count = len(settings.drawn) // 2
            data = f"{count:,} {'point' if count == 1 else 'points'} drawn by hand"
        case "file":
            data = f"{PurePath(settings.file).name}"
        case _:
            curve = settings.formula if settings.curve == datasets.FORMULA else datasets.CURVES[settings.curve].label
            data = f"{settings.points:,} noisy points of {curve}"
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
    if settings.summed and settings.depth == 1:
        return f"y = Σ {settings.activation}(W x + b), {settings.width} neurons"
    layers = f"{settings.depth} × {settings.width} {settings.activation}"
    return f"x → {layers} → {'sum' if settings.summed else 'y'}"
