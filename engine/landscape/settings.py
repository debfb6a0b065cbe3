"""The landscape experiment's knobs, and the descents that they ask for."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from collections.abc import Mapping
from typing import Annotated, Any

from engine import views
from engine.experiment import Experiment
from engine.expressions import FormulaError, remarks_on, short_help
from engine.knobs import Kind, KnobError, declared, knobs_of
from engine.landscape.functions.landscape import Landscape
from engine.landscape.functions.landscapes import FORMULA, LANDSCAPES, labels
from engine.landscape.functions.typed_landscape import EXAMPLE, check_formula, typed_landscape
from engine.landscape.views import OF_ONE, OF_TWO, VIEWS
from engine.training.optimizers import OPTIMIZERS
from engine.training.optimizers import labels as optimizer_labels
from engine.training.run_settings import LEAST_RATE, MOST_RATE, RunSettings, Speed, raced, rate
from engine.training.schedules import BY_STEP, SCHEDULES

GRADIENTS = {"automatic": "automatic", "difference": "difference of neighbours"}
TRAILS = {"auto": "automatic", "iteration": "by iteration", "runner": "by descent"}
MOST_DESCENTS = 8
FARTHEST, TRACK = 1e6, (-10.0, 10.0)  # of a formula's domain: what can be typed, and what the sliders span
NARROWEST = 1e-6  # of a domain's size from 0: how wide it is at least
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
    """Gradient descent on a cost over one or two parameters, by one descent or several in lockstep."""

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
            f"The cost. {short_help(('x', 'y'))}",
            check=check_formula,
            remark=lambda settings: remarks_on(settings.formula),
            hint=EXAMPLE,
            shown=lambda settings: settings.landscape == FORMULA,
            group="Landscape",
        ),
    ] = EXAMPLE
    domain_from: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "From",
            "Where the formula's landscape begins, on each axis.",
            low=-FARTHEST,
            high=FARTHEST,
            track=TRACK,
            shown=lambda settings: settings.landscape == FORMULA,
            group="Landscape",
        ),
    ] = -2.0
    domain_to: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "To",
            "Where the formula's landscape ends, on each axis.",
            low=-FARTHEST,
            high=FARTHEST,
            track=TRACK,
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
            high=MOST_DESCENTS,
            shown=lambda settings: not settings.optimizers and not settings.learning_rates,
            group="Landscape",
        ),
    ] = 1
    point_signs: Annotated[
        tuple[float, ...],
        declared(
            Kind.NUMBERS,
            "Points' own signs",
            "Which colour and symbol each point has, 0 the first; none gives them out in order. So the others keep "
            "theirs when one is taken away.",
            low=0,
            high=MOST_DESCENTS - 1,
            live=True,
            shown=lambda settings: False,
            group="Landscape",
        ),
    ] = ()
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
            "The landscape from above as contours, as a surface to turn, or both side by side; over one parameter as a "
            "curve. The map shows what comes of other rates, each pixel a descent of its own.",
            options=lambda: views.labels(VIEWS),
            offered=lambda settings: offered_views(settings),
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
    schedule: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Schedule",
            "How the learning rate goes on: constant; down to 0 along a cosine over all steps; or up in the first "
            "twentieth of them, held, and down to 0 in the last fifth.",
            options=lambda: {name: SCHEDULES[name] for name in BY_STEP},
            live=True,
            group="Run",
        ),
    ] = "constant"
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
    stops_at_rest: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Stop at rest",
            "The run is finished as soon as every descent rests: where three steps in a row were shorter than a "
            "two-thousandth of the landscape, and the slope is below a fiftieth of the steepest on the way.",
            live=True,
            group="Run",
        ),
    ] = False
    speed: Speed = "20"

    def check(self) -> None:
        """What single knobs can't say alone.

        Raises:
            KnobError: a start with the wrong number of coordinates or outside the domain; too many descents.
        """
        widest = max(abs(self.domain_from), abs(self.domain_to))
        if not self.domain_to - self.domain_from > NARROWEST * widest:
            raise KnobError(f"domain_to must lie above domain_from, {self.domain_from:g}, not at {self.domain_to:g}.")
        try:
            landscape = landscape_of(self)
        except FormulaError as error:
            raise KnobError(f"formula: {error}") from None
        start, size = self.start, landscape.dimensions
        if len(start) % size or len(start) > self.points * size:
            needed = f"{size} number{'s' * (size > 1)}" + (" for each point" if self.points > 1 else "")
            raise KnobError(f"start needs {needed} on {landscape.label}, not {len(start)}.")
        for number, value in enumerate(start):
            low, high = landscape.domain[number % size]
            if not low <= value <= high:
                raise KnobError(f"start must lie in {low:g} to {high:g} on {landscape.label}, not at {value:g}.")
        count = len(raced(self)) * max(1, len(self.learning_rates))
        if count * (1 if self.optimizers or self.learning_rates else self.points) > MOST_DESCENTS:
            raise KnobError(f"At most {MOST_DESCENTS} descents fit in one run; choose fewer optimizers or rates.")
        if self.basins and (size != 2 or self.gradient == "difference"):
            raise KnobError("basins needs a landscape over two parameters and the automatic gradient.")

    @classmethod
    def implied(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """``reach``, which older scene files have, as the domain from -reach to reach."""
        if "reach" not in values:
            return values
        reach = {knob.name: knob for knob in knobs_of(cls)}["domain_to"].parse(values["reach"])
        rest = {name: value for name, value in values.items() if name != "reach"}
        return {"domain_from": -reach, "domain_to": reach} | rest

    def following(self, old: "LandscapeSettings") -> dict[str, object]:
        """The knobs that go along when others have moved: another landscape brings its own start and rate.

        Another optimizer brings the rate that is as much of its fair one as before; between the two gradients the rate
        keeps its meaning: one step by it goes as far as before.
        """
        try:
            landscape, before = landscape_of(self), landscape_of(old)
        except FormulaError:
            return {}
        spacing = float(landscape.axis(0)[1] - landscape.axis(0)[0])
        if landscape is not before:
            moved: dict[str, object] = {
                "learning_rate": landscape.rate,
                "gradient": "automatic",
                "secant_distance": 0.0,
            }
            if landscape.dimensions != 2:
                moved["basins"] = False
            if landscape.domain != before.domain:
                moved["start"] = ()
            return moved
        if old.gradient != self.gradient:
            factor = spacing**-2 if self.gradient == "difference" else spacing**2
            rate = _within_knob(old.learning_rate * factor)
            return {"learning_rate": rate, "basins": self.basins and self.gradient == "automatic"}
        if old.optimizer != self.optimizer and not self.optimizers and self.gradient == "automatic":
            fair = {name: landscape.rate_for(name) if name != "sgd" else landscape.rate for name in OPTIMIZERS}
            return {"learning_rate": _within_knob(old.learning_rate * fair[self.optimizer] / fair[old.optimizer])}
        return {}

    def describe(self) -> str:
        from engine.landscape.descents import description_of

        return description_of(self)

    def open(self) -> Experiment:
        from engine.landscape.experiment import LandscapeExperiment

        return LandscapeExperiment(self)


def offered_views(settings: LandscapeSettings) -> tuple[str, ...]:
    """The names of the views that mean something with these settings, the usual one first."""
    if settings.basins:
        return ()
    return OF_TWO if landscape_of(settings).dimensions == 2 else OF_ONE


def landscape_of(settings: LandscapeSettings) -> Landscape:
    """The landscape that the settings name.

    Raises:
        FormulaError: the formula is none.
    """
    if settings.landscape == FORMULA:
        return typed_landscape(settings.formula, settings.domain_from, settings.domain_to)
    return LANDSCAPES[settings.landscape]


def _within_knob(rate: float) -> float:
    return min(max(float(f"{rate:.3g}"), LEAST_RATE), MOST_RATE)
