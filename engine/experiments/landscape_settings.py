"""The landscape experiment's knobs, and the descents that they ask for."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from dataclasses import dataclass
from typing import Annotated

from engine.experiments.settings import LearningRate, RunSettings, Speed, raced
from engine.expressions import FormulaError
from engine.knobs import Kind, KnobError, declared
from engine.landscape import Landscape
from engine.landscapes import FORMULA, LANDSCAPES, labels
from engine.optimizers import OPTIMIZERS
from engine.optimizers import labels as optimizer_labels
from engine.typed_landscape import EXAMPLE, check_formula, typed_landscape

GRADIENTS = {"automatic": "automatic", "difference": "difference of neighbours"}
VIEWS = {"both": "both", "contours": "contours", "surface": "surface"}
TRAILS = {"auto": "automatic", "iteration": "by iteration", "runner": "by descent"}
MOST_RUNNERS = 8
SAME = "same"  # a point that follows the optimizer above
GOLDEN = 0.6180339887  # share of an axis between two points that nobody has placed


class LandscapeSettings(RunSettings, frozen=True, kw_only=True):
    """Gradient descent on a cost over one or two parameters, by one runner or several in lockstep."""

    learning_rate: LearningRate = 0.002
    landscape: Annotated[
        str,
        declared(Kind.CHOICE, "Landscape", "The cost that is descended.", options=labels, group="Landscape"),
    ] = "wave"
    formula: Annotated[
        str,
        declared(
            Kind.TEXT,
            "Formula",
            "The cost as a formula of x, or of x and y: + - * / **, brackets, sin cos tan exp log sqrt abs tanh, "
            "minimum(a, b), maximum(a, b), pi and e.",
            check=check_formula,
            hint=EXAMPLE,
            shown=lambda settings: settings.landscape == FORMULA,
            group="Landscape",
        ),
    ] = EXAMPLE
    reach: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Reach",
            "How far the formula's landscape goes from 0, in each direction.",
            low=0.01,
            high=100,
            logarithmic=True,
            shown=lambda settings: settings.landscape == FORMULA,
            group="Landscape",
        ),
    ] = 2.0
    start: Annotated[
        tuple[float, ...],
        declared(
            Kind.NUMBERS,
            "Start",
            "Where the descent begins: x, or x, y; for several points one after the other. Empty takes the "
            "landscape's own start. Drag the ball to change it.",
            low=-1e3,
            high=1e3,
            live=True,
            restarts=True,
            group="Landscape",
        ),
    ] = ()
    points: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Points",
            "How many points descend. Click into the picture to add one, right-click one to take it away.",
            low=1,
            high=MOST_RUNNERS,
            shown=lambda settings: not settings.optimizers and not settings.learning_rates,
            group="Landscape",
        ),
    ] = 1
    point_rates: Annotated[
        tuple[float, ...],
        declared(
            Kind.NUMBERS,
            "Points' own rates",
            "A learning rate for each point; 0, or none, follows the learning rate above.",
            low=0,
            high=1000,
            live=True,
            shown=lambda settings: False,
            group="Landscape",
        ),
    ] = ()
    point_optimizers: Annotated[
        tuple[str, ...],
        declared(
            Kind.CHOICES,
            "Points' own optimizers",
            "An optimizer for each point; same, or none, follows the optimizer above.",
            options=lambda: {SAME: "same as above"} | optimizer_labels(),
            shown=lambda settings: False,
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
            shown=lambda settings: landscape_of(settings).dimensions == 2,
            group="Compare",
        ),
    ] = False
    trail_colours: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Trail colours",
            "By iteration: from blue to red and stronger with each step, as in the lecture. By descent: each in its "
            "own colour. Automatic takes the first for one descent and the second for several.",
            options=lambda: TRAILS,
            live=True,
            group="Display",
        ),
    ] = "auto"
    view: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "View",
            "The landscape from above as contours, as a surface to turn, or both side by side.",
            options=lambda: VIEWS,
            offered=lambda settings: VIEWS if landscape_of(settings).dimensions == 2 and not settings.basins else (),
            live=True,
            group="View",
        ),
    ] = "both"
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
            shown=lambda settings: landscape_of(settings).dimensions == 1,
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
    """One runner: its rule, its rate and where it starts, in the landscape's own units.

    ``point`` says which of the given starts that is.
    """

    label: str
    optimizer: str
    learning_rate: float
    start: tuple[float, ...]
    point: int = 0


def landscape_of(settings: LandscapeSettings) -> Landscape:
    """The landscape that the settings name.

    Raises:
        FormulaError: the formula is none.
    """
    if settings.landscape == FORMULA:
        return typed_landscape(settings.formula or EXAMPLE, settings.reach)
    return LANDSCAPES[settings.landscape]


def check(settings: LandscapeSettings) -> None:
    """What single knobs can't say alone.

    Raises:
        KnobError: a start with the wrong number of coordinates or outside the domain; too many runners.
    """
    try:
        landscape = landscape_of(settings)
    except FormulaError as error:
        raise KnobError(f"formula: {error}") from None
    start, size = settings.start, landscape.dimensions
    if len(start) % size or len(start) > settings.points * size:
        needed = f"{size} number{'s' * (size > 1)}" + (" for each point" if settings.points > 1 else "")
        raise KnobError(f"start needs {needed} on {landscape.label}, not {len(start)}.")
    for number, value in enumerate(start):
        low, high = landscape.domain[number % size]
        if not low <= value <= high:
            raise KnobError(f"start must lie in {low:g} to {high:g} on {landscape.label}, not at {value:g}.")
    count = len(raced(settings)) * max(1, len(settings.learning_rates))
    if count * (1 if settings.optimizers or settings.learning_rates else settings.points) > MOST_RUNNERS:
        raise KnobError(f"At most {MOST_RUNNERS} descents fit in one run; choose fewer optimizers or rates.")
    if settings.basins and (size != 2 or settings.gradient == "difference"):
        raise KnobError("basins needs a landscape over two parameters and the automatic gradient.")


def follow(old: LandscapeSettings, new: LandscapeSettings) -> dict[str, object]:
    """The knobs that go along when others have moved: another landscape brings its own start and rate.

    Another optimizer brings the rate that is as much of its fair one as before; between the two gradients the rate
    keeps its meaning: one step by it goes as far as before.
    """
    try:
        landscape, before = landscape_of(new), landscape_of(old)
    except FormulaError:
        return {}
    spacing = float(landscape.axis(0)[1] - landscape.axis(0)[0])
    if landscape is not before:
        moved: dict[str, object] = {"learning_rate": landscape.rate, "gradient": "automatic", "secant_distance": 0.0}
        if landscape.dimensions != 2:
            moved["basins"] = False
        if landscape.domain != before.domain:
            moved["start"] = ()
        return moved
    if old.gradient != new.gradient:
        factor = spacing**-2 if new.gradient == "difference" else spacing**2
        rate = _within_knob(old.learning_rate * factor)
        return {"learning_rate": rate, "basins": new.basins and new.gradient == "automatic"}
    if old.optimizer != new.optimizer and not new.optimizers and new.gradient == "automatic":
        fair = {name: landscape.rate_for(name) if name != "sgd" else landscape.rate for name in OPTIMIZERS}
        return {"learning_rate": _within_knob(old.learning_rate * fair[new.optimizer] / fair[old.optimizer])}
    return {}


def _within_knob(rate: float) -> float:
    return min(max(float(f"{rate:.3g}"), 1e-6), 1000.0)


def starts(settings: LandscapeSettings) -> tuple[tuple[float, ...], ...]:
    """Where each of MOST_RUNNERS points starts: as given, then the landscape's own, then spread over it."""
    landscape = landscape_of(settings)
    size = landscape.dimensions
    given = [settings.start[number : number + size] for number in range(0, len(settings.start), size)]
    for number in range(len(given), MOST_RUNNERS):
        if number == 0:
            given.append(tuple(landscape.start))
            continue
        shares = [(0.5 + number * GOLDEN ** (1 + axis)) % 1 for axis in range(size)]
        place = [
            low + (0.08 + 0.84 * s) * (high - low) for s, (low, high) in zip(shares, landscape.domain, strict=True)
        ]
        given.append(tuple(float(f"{value:.3g}") for value in place))
    return tuple(given)


def descents(settings: LandscapeSettings) -> tuple[Descent, ...]:
    """The runners that the settings ask for, at most MOST_RUNNERS."""
    places = starts(settings)
    if settings.optimizers or settings.learning_rates:
        return _compared(settings, landscape_of(settings), places[0])
    runners = []
    for point in range(settings.points):
        own = settings.point_optimizers[point] if point < len(settings.point_optimizers) else SAME
        optimizer = settings.optimizer if own == SAME else own
        rate = settings.point_rates[point] if point < len(settings.point_rates) else 0.0
        rate = rate or settings.learning_rate
        label = OPTIMIZERS[optimizer].label
        if settings.points > 1:
            label = f"Point {point + 1}"
            if optimizer != settings.optimizer:
                label += f", {OPTIMIZERS[optimizer].label}"
            if rate != settings.learning_rate:
                label += f", rate {rate:g}"
        runners.append(Descent(label, optimizer, rate, places[point], point))
    return tuple(runners)


def _compared(settings: LandscapeSettings, landscape: Landscape, start: tuple[float, ...]) -> tuple[Descent, ...]:
    """Several optimizers, or rates, or both, from one start."""
    runners = []
    for name in raced(settings):
        base = settings.learning_rate
        if settings.optimizers:
            base *= landscape.rate_for(name) / landscape.rate
        for factor in settings.learning_rates or (1.0,):
            rate = base * factor
            label = f"rate {rate:g}" if settings.learning_rates else OPTIMIZERS[name].label
            if settings.learning_rates and len(raced(settings)) > 1:
                label = f"{OPTIMIZERS[name].label}, {label}"
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
    elif settings.optimizers or settings.learning_rates:
        what = "learning rates" if settings.learning_rates else "optimizers"
        parts.append(f"{len(runners)} {what} from one start")
    elif len(runners) > 1:
        parts.append(f"{len(runners)} points")
    else:
        label = OPTIMIZERS[runners[0].optimizer].label
        parts.append(label.lower() if label.startswith("Gradient") else label)
    if settings.gradient == "difference":
        parts.append("rate in samples")
    return "  ·  ".join(parts)
