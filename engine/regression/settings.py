"""The regression experiment's knobs."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from engine import views
from engine.experiment import Experiment
from engine.expressions import remarks_on, short_help
from engine.knobs import Kind, KnobError, declared
from engine.regression import datasets, points
from engine.regression.model_knobs import MODELS, MOST_LAYERS, Activation, Depth, Width, Widths, hidden_widths, is_model
from engine.regression.views import VIEWS
from engine.training.optimizers import NETWORK_OPTIMIZERS
from engine.training.run_settings import (
    COSTS,
    BatchSize,
    Epochs,
    LearningRate,
    RunSettings,
    Sharpness,
    SharpnessShare,
    Shuffle,
    Speed,
    WeightDecay,
    initial_spread,
    initial_weights,
    network_optimizer,
    slice_directions,
)

MOST_HELD_BACK = 0.45  # for validation, and again for the test


def _from(*sources: str) -> Any:
    return lambda settings: settings.source in sources


def _seen_in(view: str, *models: str) -> Any:
    return lambda settings: settings.view == view and (not models or settings.model in models)


def _sources(settings: Any) -> tuple[str, ...]:
    """A file is a source once there is one: opening it chooses it."""
    return tuple(name for name in points.SOURCE_LABELS if name != "file" or settings.file)


def _penalty(label: str, help: str) -> msgspec.Meta:
    """What keeps the weights small."""
    return declared(Kind.NUMBER, label, help, low=0, high=0.1, live=True, group="Regularise")


def _with_matrices(settings: "RegressionSettings") -> tuple[str, ...]:
    """Muon makes matrices of weights orthogonal, which a line and a polynomial don't have."""
    return tuple(name for name in NETWORK_OPTIMIZERS if name != "muon" or settings.model == "network")


class RegressionSettings(RunSettings, frozen=True, kw_only=True):
    """A function of one variable, found in noisy points."""

    learning_rate: LearningRate = 0.02
    optimizer: Annotated[str, network_optimizer(_with_matrices)] = "sgd"
    weight_decay: WeightDecay = 0.004
    model: Annotated[
        str, declared(Kind.CHOICE, "Model", "What may be fitted to the data.", options=lambda: MODELS, group="Network")
    ] = "network"
    depth: Depth = 1
    width: Width = 10
    widths: Widths = ()
    activation: Activation = "tanh"
    degree: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Degree",
            "The highest power of x.",
            low=0,
            high=9,
            shown=is_model("polynomial", "scaled_polynomial"),
            group="Network",
        ),
    ] = 3
    summed: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Plain sum",
            "The last hidden layer's neurons are simply added, as in the lecture; off gives each a weight of its own.",
            shown=is_model("network"),
            group="Network",
        ),
    ] = False
    initializer: Annotated[str, initial_weights("Network", is_model("network"))] = "glorot_uniform"
    init_scale: Annotated[
        float,
        initial_spread("Network", lambda settings: settings.model != "network" or settings.initializer == "normal"),
    ] = 0.1
    cost: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Cost",
            "How wrong a prediction counts: absolute |e|, squared e², half of that, or Huber (½ e² up to 1, then |e|), "
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
            "Where the points come from: a curve with noise, your own hand, or a file.",
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
            f"Your own curve. {short_help(('x',))}",
            check=datasets.check_formula,
            remark=lambda settings: remarks_on(settings.formula, ("x",)),
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
            "File",
            "A table with two columns of numbers: text of any kind (CSV, tabs, blanks) or a spreadsheet.",
            files="Tables (*.csv *.tsv *.txt *.dat *.tab *.prn *.xlsx *.xls *.xlsm *.xlsb *.ods *.gz)",
            hint="choose or drop one",
            group="Data",
        ),
    ] = ""
    columns: Annotated[
        str,
        declared(
            Kind.TEXT,
            "Columns",
            "Which two columns of the file are x and y, by name or number, as in speed,dist; empty takes the first.",
            shown=lambda settings: bool(settings.file) and settings.source == "file",
            hint="the first two",
            group="Data",
        ),
    ] = ""
    standardise: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Standardise",
            "Train on both columns at mean 0 and spread 1, and show them in their own units; off, rates must be tiny.",
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
            options=lambda: views.labels(VIEWS),
            offered=lambda settings: views.offered(VIEWS, settings),
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
            shown=lambda settings: (
                settings.view == "neurons" and settings.model == "network" and len(hidden_widths(settings)) > 1
            ),
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
    sharpness: Sharpness = False
    sharpness_share: SharpnessShare = 0.1
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

    def check(self) -> None:
        """What single knobs can't say alone.

        Raises:
            KnobError: drawn points without their y, too many of them, a formula without a value, an unnamed file.
        """
        if len(self.drawn) % 2:
            raise KnobError("drawn needs a y for every x: an even count of numbers.")
        if len(self.drawn) > 2 * points.MOST_DRAWN:
            raise KnobError(f"drawn takes at most {points.MOST_DRAWN} points.")
        if len(self.widths) > MOST_LAYERS or any(width % 1 for width in self.widths):
            raise KnobError(f"widths takes up to {MOST_LAYERS} whole numbers, one a hidden layer, as in 30, 20.")
        if self.source == "file" and not self.file:
            raise KnobError("file: choose a file first.")
        if self.source == "curve" and self.curve == datasets.FORMULA:
            try:
                datasets.noisy(self.curve, self.points, self.span, 0.0, 0, self.formula)
            except ValueError as error:
                raise KnobError(f"formula: {error}") from None

    @classmethod
    def implied(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same knobs with those that they bring along: who opens a file or draws points wants to see them."""
        if "source" in values:
            return values
        for source in ("file", "drawn"):
            if values.get(source):
                return {**values, "source": source}
        return values

    def describe(self) -> str:
        from engine.regression.description import description_of

        return description_of(self)

    def open(self) -> Experiment:
        from engine.regression.experiment import RegressionExperiment

        return RegressionExperiment(self)
