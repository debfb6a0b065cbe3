"""The landscape experiment's knobs, and the descents that they ask for."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from dataclasses import dataclass
from typing import Annotated

from engine.experiments.settings import LearningRate, RunSettings, Speed, raced
from engine.knobs import Kind, KnobError, declared
from engine.landscapes import LANDSCAPES, Landscape, labels
from engine.optimizers import OPTIMIZERS
from engine.optimizers import labels as optimizer_labels

GRADIENTS = {"automatic": "automatic", "difference": "difference of neighbours"}
MOST_RUNNERS = 8


class LandscapeSettings(RunSettings, frozen=True, kw_only=True):
    """Gradient descent on a cost over one or two parameters, by one runner or several in lockstep."""

    learning_rate: LearningRate = 0.002
    landscape: Annotated[
        str,
        declared(Kind.CHOICE, "Landscape", "The cost that is descended.", options=labels, group="Landscape"),
    ] = "wave"
    start: Annotated[
        tuple[float, ...],
        declared(
            Kind.NUMBERS,
            "Start",
            "Where the descent begins: x, or x, y. Empty takes the landscape's own start.",
            low=-1e3,
            high=1e3,
            group="Landscape",
        ),
    ] = ()
    gradient: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Gradient",
            "Automatic: TensorFlow's, of the formula. Difference of neighbours: the lecture's, on sampled points, "
            "with the position and the learning rate counted in samples.",
            options=lambda: GRADIENTS,
            group="Landscape",
        ),
    ] = "automatic"
    gradient_noise: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Gradient noise",
            "The spread of the random part that is added to every gradient, as in training on small batches.",
            low=0,
            high=100,
            live=True,
            group="Landscape",
        ),
    ] = 0.0
    learning_rates: Annotated[
        tuple[float, ...],
        declared(
            Kind.NUMBERS,
            "Compare rates",
            "Several learning rates side by side, each times the learning rate above; empty for one descent.",
            low=1e-6,
            high=1e6,
            group="Compare",
        ),
    ] = ()
    optimizers: Annotated[
        tuple[str, ...],
        declared(
            Kind.CHOICES,
            "Race optimizers",
            "Several optimizers from one start, in lockstep; none for one descent. Each has a rate that is fair on "
            "this landscape, which the learning rate scales.",
            options=optimizer_labels,
            group="Compare",
        ),
    ] = ()
    basins: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Basins",
            "Descend from every point of a 200 x 200 grid at once, and colour each start by the minimum it ends in.",
            shown=lambda settings: LANDSCAPES[settings.landscape].dimensions == 2,
            group="Compare",
        ),
    ] = False
    secant_distance: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Secant distance",
            "How far off the second point of the secant starts; it halves every 7 steps, and the secant becomes "
            "the tangent. 0 draws no secant.",
            low=0,
            high=2,
            live=True,
            shown=lambda settings: LANDSCAPES[settings.landscape].dimensions == 1,
            group="Landscape",
        ),
    ] = 0.0
    steps: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Steps",
            "How many steps the run makes before it is finished.",
            low=1,
            high=1_000_000,
            logarithmic=True,
            live=True,
            group="Run",
        ),
    ] = 500
    speed: Speed = "20"


@dataclass(frozen=True)
class Descent:
    """One runner: its rule, its rate and where it starts, in the landscape's own units."""

    label: str
    optimizer: str
    learning_rate: float
    start: tuple[float, ...]


def landscape_of(settings: LandscapeSettings) -> Landscape:
    """The landscape that the settings name."""
    return LANDSCAPES[settings.landscape]


def check(settings: LandscapeSettings) -> None:
    """What single knobs can't say alone.

    Raises:
        KnobError: a start with the wrong number of coordinates or outside the domain; too many runners.
    """
    landscape = landscape_of(settings)
    start = settings.start
    if start and len(start) != landscape.dimensions:
        raise KnobError(f"start needs {landscape.dimensions} number(s) on {landscape.label}, not {len(start)}.")
    for value, (low, high) in zip(start, landscape.domain, strict=False):
        if not low <= value <= high:
            raise KnobError(f"start must lie in {low:g} to {high:g} on {landscape.label}, not at {value:g}.")
    if len(raced(settings)) * max(1, len(settings.learning_rates)) > MOST_RUNNERS:
        raise KnobError(f"At most {MOST_RUNNERS} descents fit in one run; choose fewer optimizers or rates.")
    if settings.basins and (landscape.dimensions != 2 or settings.gradient == "difference"):
        raise KnobError("basins needs a landscape over two parameters and the automatic gradient.")


def descents(settings: LandscapeSettings) -> tuple[Descent, ...]:
    """The runners that the settings ask for, at most MOST_RUNNERS."""
    landscape = landscape_of(settings)
    start = settings.start or landscape.start
    runners = []
    for name in raced(settings):
        base = settings.learning_rate
        if settings.optimizers:
            base *= landscape.rate_for(name) / landscape.rate
        for factor in settings.learning_rates or (1.0,):
            rate = base * factor
            label = f"rate {rate:g}" if settings.learning_rates else OPTIMIZERS[name].label
            runners.append(Descent(label, name, rate, start))
    return tuple(runners)


def describe(settings: LandscapeSettings) -> str:
    """One line that says what is being seen."""
    landscape = landscape_of(settings)
    runners = descents(settings)
    axes = "cost(x)" if landscape.dimensions == 1 else "cost(x, y)"
    parts = [f"{axes} = {landscape.text}"]
    if settings.basins:
        parts.append("where does every start end?")
    elif len(runners) > 1:
        what = "learning rates" if settings.learning_rates else "optimizers"
        parts.append(f"{len(runners)} {what} from one start")
    else:
        parts.append(OPTIMIZERS[settings.optimizer].label.lower())
    if settings.gradient == "difference":
        parts.append("rate in samples")
    return "  ·  ".join(parts)
