"""The landscape experiment's knobs, and the descents that they ask for."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from typing import Annotated

from engine.experiments.settings import RunSettings, Speed, raced, rate
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


def _of_a_race(settings: "LandscapeSettings") -> str:
    """Each optimizer of a race has a tuned rate; the slider scales them all."""
    if not settings.optimizers:
        return ""
    try:
        usual = landscape_of(settings).rate
    except ValueError:  # a formula that is none
        return ""
    return f"Scales every tuned rate, now × {settings.learning_rate / usual:.3g}."


class LandscapeSettings(RunSettings, frozen=True, kw_only=True):
    """Gradient descent on a cost over one or two parameters, by one runner or several in lockstep."""

    learning_rate: Annotated[float, rate(remark=_of_a_race)] = 0.002
    optimizer: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Optimizer",
            "The rule that turns gradients into steps.",
            options=optimizer_labels,
            shown=lambda settings: not settings.optimizers,  # a race has its own
            group="Training",
        ),
    ] = "sgd"
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
            "How far off the second point of the secant starts. It closes up in 24 steps, in which the secant becomes "
            "the tangent; then the descent sets out. 0 draws no secant.",
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


def landscape_of(settings: LandscapeSettings) -> Landscape:
    """The landscape that the settings name.

    Raises:
        FormulaError: the formula is none.
    """
    if settings.landscape == FORMULA:
        return typed_landscape(settings.formula, settings.reach)
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
