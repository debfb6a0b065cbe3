"""The painting experiment's knobs."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from typing import Annotated

from engine import images, networks
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
from engine.knobs import Kind, declared

TARGET_RANGES = {"255": "0 to 255", "1": "0 to 1"}


class PaintingSettings(RunSettings, frozen=True, kw_only=True):
    """A network from a pixel's position to its colour."""

    learning_rate: LearningRate = 0.001
    optimizer: Optimizer = "adam"
    depth: Annotated[
        int,
        declared(Kind.WHOLE, "Depth", "How many hidden layers the network has.", low=0, high=12, group="Network"),
    ] = 6
    width: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Width",
            "How many neurons a hidden layer has.",
            low=4,
            high=256,
            logarithmic=True,
            group="Network",
        ),
    ] = 64
    activation: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Activation",
            "The bend that each hidden neuron puts into its sum. Without one, the painting is a plain slope of colour.",
            options=lambda: networks.ACTIVATIONS,
            group="Network",
        ),
    ] = "relu"
    initializer: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Initial weights",
            "What the weights are drawn from before the first step.",
            options=lambda: networks.INITIALIZERS,
            group="Network",
        ),
    ] = "normal"
    init_scale: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Initial spread",
            "The standard deviation of normally drawn initial weights.",
            low=1e-4,
            high=10,
            logarithmic=True,
            shown=lambda settings: settings.initializer == "normal",
            group="Network",
        ),
    ] = 0.1
    cost: Cost = "absolute"
    batch_size: BatchSize = 50
    shuffle: Shuffle = True
    epochs: Epochs = 500
    image: Annotated[
        str, declared(Kind.CHOICE, "Picture", "What is to be painted.", options=lambda: images.IMAGES, group="Data")
    ] = "astronaut"
    side: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Side",
            "The picture's height and width, in pixels.",
            low=16,
            high=512,
            logarithmic=True,
            group="Data",
        ),
    ] = 64
    target_range: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Colour range",
            "The numbers that stand for dark and bright: the lecture trains on 0 to 255, its homework on 0 to 1.",
            options=lambda: TARGET_RANGES,
            group="Data",
        ),
    ] = "255"
    speed: Speed = "max"


def check(settings: PaintingSettings) -> None:
    """Every combination of the knobs can be painted."""


def describe(settings: PaintingSettings) -> str:
    """One line that says what is being seen."""
    layers = f"{settings.depth} × {settings.width} {settings.activation} → " if settings.depth else ""
    return f"(row, column) → {layers}(red, green, blue)  ·  {COSTS[settings.cost]}"
