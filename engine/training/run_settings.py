"""The settings that all experiments share: the same knob means the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Self

import msgspec

from engine.experiment import Experiment
from engine.knobs import Kind, declared
from engine.training import networks, optimizers
from engine.training.costs import COSTS

LEAST_RATE, MOST_RATE = 1e-12, 1000.0  # data in their own units, such as seconds since 1970, need rates so small
SPEEDS = {
    "1": "1 step/s",
    "5": "5 steps/s",
    "20": "20 steps/s",
    "60": "60 steps/s",
    "250": "250 steps/s",
    "1000": "1,000 steps/s",
    "max": "as fast as it goes",
}


def raced(settings: Any) -> tuple[str, ...]:
    """The optimizers in use: those of a race, or the one that is chosen."""
    return getattr(settings, "optimizers", ()) or (settings.optimizer,)


def used(knob: str) -> Any:
    """A test of settings: does an optimizer in use have this knob?"""
    return lambda settings: optimizers.uses((*raced(settings), *_own_to_points(settings)), knob)


def _own_to_points(settings: Any) -> tuple[str, ...]:
    return tuple(name for name in getattr(settings, "point_optimizers", ()) if name in optimizers.OPTIMIZERS)


def rate(remark: Callable[[Any], str] | None = None) -> msgspec.Meta:
    """How far one step goes; ``remark`` says so where it isn't the rate of what is seen."""
    return declared(
        Kind.NUMBER,
        "Learning rate",
        "How far one step goes along the gradient. Too small never arrives, too large jumps over the minimum.",
        low=LEAST_RATE,
        high=MOST_RATE,
        track=(1e-6, MOST_RATE),
        logarithmic=True,
        live=True,
        remark=remark,
    )


LearningRate = Annotated[float, rate()]
Optimizer = Annotated[
    str,
    declared(
        Kind.CHOICE,
        "Optimizer",
        "The rule that turns gradients into steps.",
        options=optimizers.labels,
        group="Training",
    ),
]


def network_optimizer(offered: Callable[[Any], Collection[str]] | None = None) -> msgspec.Meta:
    """The same for what has a network, and so more rules; ``offered``: which of them mean something here."""
    return declared(
        Kind.CHOICE,
        "Optimizer",
        "The rule that turns gradients into steps.",
        options=optimizers.network_labels,
        offered=offered,
        group="Training",
    )


WeightDecay = Annotated[
    float,
    declared(
        Kind.NUMBER,
        "Weight decay",
        "Each step also takes this share, times the learning rate, off every weight (Muon: of every matrix).",
        low=0,
        high=10,
        live=True,
        shown=used("weight_decay"),
    ),
]


def _memory(label: str, help: str, knob: str, high: float = 0.999) -> msgspec.Meta:
    """A share that the update rule keeps of what was, shown where an optimizer in use has it."""
    return declared(Kind.NUMBER, label, help, low=0, high=high, live=True, shown=used(knob))


Momentum = Annotated[float, _memory("Momentum", "The share of the last step that is kept in the next one.", "momentum")]
Beta1 = Annotated[float, _memory("Beta 1", "The memory of the gradient's running mean.", "beta_1")]
Beta2 = Annotated[
    float,
    _memory(
        "Beta 2", "The memory of the squared gradient's running mean (for Lion: of the gradient's).", "beta_2", 0.9999
    ),
]
Rho = Annotated[float, _memory("Rho", "The memory of the squared gradient's running mean.", "rho")]
Seed = Annotated[
    int,
    declared(
        Kind.WHOLE,
        "Seed",
        "Where all random numbers of the run come from; the same seed gives the same run again.",
        low=0,
        high=2**31 - 1,
        group="Run",
    ),
]
Speed = Annotated[
    str,
    declared(
        Kind.CHOICE,
        "Speed",
        "How many steps a second the window shows; a run without a window is always as fast as it goes.",
        options=lambda: SPEEDS,
        live=True,
        group="Transport",
    ),
]
Epochs = Annotated[
    int,
    declared(
        Kind.WHOLE,
        "Epochs",
        "How many passes over the data the run makes before it is finished.",
        low=1,
        high=1_000_000,
        logarithmic=True,
        live=True,
        group="Run",
    ),
]
Cost = Annotated[
    str,
    declared(
        Kind.CHOICE,
        "Cost",
        "How wrong a prediction counts: absolute |e|, squared e², half of that, or Huber (½ e² up to 1, then |e|). "
        "Summed over the outputs, averaged over the data.",
        options=lambda: COSTS,
        group="Training",
    ),
]
BatchSize = Annotated[
    int,
    declared(
        Kind.WHOLE,
        "Batch",
        "How many data points one step looks at. As many as there are data makes every step exact; "
        "more than there are counts as all.",
        low=1,
        high=1_000_000,
        logarithmic=True,
        group="Training",
    ),
]
Shuffle = Annotated[
    bool,
    declared(
        Kind.SWITCH,
        "Shuffle",
        "Draw the batches in a new order every epoch. Off takes them in the data's order, which biases every step.",
        live=True,
        group="Run",
    ),
]


def initial_weights(group: str, shown: Callable[[Any], bool]) -> msgspec.Meta:
    """What a network's weights are drawn from."""
    return declared(
        Kind.CHOICE,
        "Initial weights",
        "What the weights are drawn from before the first step.",
        options=lambda: networks.INITIALIZERS,
        shown=shown,
        group=group,
    )


def initial_spread(group: str, shown: Callable[[Any], bool]) -> msgspec.Meta:
    """How far normally drawn weights scatter."""
    return declared(
        Kind.NUMBER,
        "Initial spread",
        "The standard deviation of normally drawn initial weights.",
        low=1e-4,
        high=10,
        logarithmic=True,
        shown=shown,
        group=group,
    )


def _of_the_sharpness(settings: Any) -> str:
    """Why there is nothing to measure."""
    if settings.sharpness and settings.cost == "absolute":
        return "The absolute error bends nowhere: choose another cost."
    return ""


Sharpness = Annotated[
    bool,
    declared(
        Kind.SWITCH,
        "Sharpness",
        "Measure how much the cost bends along its sharpest direction while it trains, and draw it under the cost, "
        "with the line from which on steps of this rate grow.",
        live=True,
        remark=_of_the_sharpness,
        only_watches=True,
        group="Run",
    ),
]
SharpnessShare = Annotated[
    float,
    declared(
        Kind.NUMBER,
        "Share to measure",
        "How much of the training's time measuring the sharpness may take: more is measured more often.",
        low=0.01,
        high=1,
        logarithmic=True,
        live=True,
        shown=lambda settings: settings.sharpness,
        only_watches=True,
        group="Run",
    ),
]
DIRECTIONS = {"main": "the run's main directions", "random": "random"}


def slice_directions(shown: Callable[[Any], bool]) -> msgspec.Meta:
    """Along which directions a network's cost is cut."""
    return declared(
        Kind.CHOICE,
        "Slice along",
        "The two directions of the slice: where the run has gone, or two at random, as long as the weights are.",
        options=lambda: DIRECTIONS,
        live=True,
        shown=shown,
        group="Display",
    )


class RunSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What every run has: the optimizer's numbers, the seed and the speed at which it is shown."""

    learning_rate: LearningRate = 0.01
    optimizer: Optimizer = "sgd"
    momentum: Momentum = 0.9
    beta_1: Beta1 = 0.9
    beta_2: Beta2 = 0.999
    rho: Rho = 0.9
    seed: Seed = 0
    speed: Speed = "max"

    def check(self) -> None:
        """What single knobs can't say alone.

        Raises:
            KnobError: knobs that don't go together; one sentence that says what would be right.
        """

    def describe(self) -> str:
        """One line that says what is being seen."""
        raise NotImplementedError

    def following(self, old: Self) -> Mapping[str, Any]:
        """The knobs that go along with those that a person moved since ``old``, by name."""
        return {}

    @classmethod
    def implied(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The moved knobs with those that they bring along: an opened file is also chosen as the data."""
        return values

    def open(self) -> Experiment:
        """The experiment itself, built for these settings; imports what it needs of TensorFlow.

        Raises:
            BuildError: it can't be built from what was given.
        """
        raise NotImplementedError

    def numbers(self) -> dict[str, float]:
        """The live numbers of the update rule, by knob name."""
        names = ("learning_rate", "momentum", "beta_1", "beta_2", "rho", "weight_decay")
        return {name: getattr(self, name) for name in names if hasattr(self, name)}
