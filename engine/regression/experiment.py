"""Regression: a function of one variable, found in points."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from engine.analysis.cost_surface import CostSurface
from engine.analysis.curvature import Curvature, bound
from engine.analysis.diagnosis import FORMULAS, Divergence, condition_number, moment_of
from engine.analysis.inside import Inside
from engine.analysis.orthogonal import spectra
from engine.analysis.sharpness import HessianSpectrum, SharpnessRecord
from engine.analysis.trajectory import ParameterTrajectory
from engine.backend import ownership
from engine.experiment import AnalysisError, BuildError, Question
from engine.frames import Analysis, read_only
from engine.knobs import Knob
from engine.regression import operations
from engine.regression.analyses import RegressionAnalyses
from engine.regression.double_descent import double_descent
from engine.regression.fitting import Data, DataNow, Fitting
from engine.regression.models import model_of
from engine.regression.observer import Instruments, RegressionObserver, traced_evaluation
from engine.regression.picture import BEYOND
from engine.regression.points import Part, Points, points_of, reach_of
from engine.regression.settings import RegressionSettings
from engine.regression.units import line_of, polynomial_of, trained_line
from engine.run.sharpness_watch import is_smooth
from engine.run.trained_experiment import Moment, TrainedExperiment

GRID = 401
COARSE_GRID = 201  # of a model that is expensive to measure: a point every few px
EXPLODED = 10.0  # times the run's first cost: whatever is measured there says how it went wrong, and no more why
EXPENSIVE_MEASUREMENT = 2e8  # numbers multiplied to measure one moment: some 10 ms, in which a moved slider has to show
LEAST_MEASURED = 400
LIGHT = 50_000  # parameters up to which a compiled model is kept for later
FIXED = ("source", "points", "span", "file", "columns", "standardise")  # what the data depend on, besides the moving
MOVING = ("curve", "formula", "noise", "drawn", "validation", "test", "seed")
KEEP_THE_END = ("epochs", "shuffle")  # live knobs that change when or how a run ends, but not where
MOST_PAIRS = 1000  # of the sharpness, in what a run leaves behind
NO_POINTS = "drawn: there is no point to train on; it takes x, y, x, y, ..."


@dataclass(frozen=True, eq=False)
class FitMoment(Moment):
    """A Moment with the data that it belongs to, what the last step did, and what is known of the run.

    ``judged_from``: the epoch after which validation costs can be compared. ``is_last``: the run's length is reached,
    and it is measured on all the data. ``condition``: of a polynomial's columns. ``divisor``: at an epoch's end, what
    the rule divides each parameter's step by, if it does. ``sharpness``: what has been measured so far.
    """

    data: DataNow
    steps_per_epoch: int
    batch: np.ndarray
    ratio: float
    judged_from: int
    is_last: bool
    condition: float | None
    trajectory: ParameterTrajectory
    curvature: Curvature | None
    surface: CostSurface | None
    divisor: np.ndarray | None
    sharpness: SharpnessRecord


@ownership.owned
class RegressionExperiment(TrainedExperiment):
    """See engine.experiment.Experiment."""

    observer: RegressionObserver

    def __init__(self, settings: RegressionSettings) -> None:
        self._built_for = settings
        points = _points_of(settings)
        reach = reach_of(settings, points)
        self._model = model = model_of(settings, reach)
        self._unit = reach
        most = int(max(LEAST_MEASURED, min(points.room, EXPENSIVE_MEASUREMENT / (2 * model.parameters))))
        self.data = Data(points, settings.cost, most)
        super().__init__(Fitting(model, self.data, settings, compiled=False), settings)
        self.notice = " ".join(points.remarks)
        grid = _grid(points, reach, settings.source == "file", GRID if model.parameters <= LIGHT else COARSE_GRID)
        own_grid = _frozen(points.x_unit.own(grid))
        self._instruments = Instruments(
            model, grid, own_grid, traced_evaluation(model), Inside(model), HessianSpectrum(model)
        )
        self.observer = RegressionObserver(self._instruments)
        self._asked = RegressionAnalyses(model, self._instruments.inside)
        self._forget()
        without = msgspec.structs.replace(settings, sharpness=False)  # which is compiled with the training
        self.observer.observe(replace(self.snapshot(), settings=without))  # traced, so that a new model is seen at once
        self.observer.clear()
        ownership.release(self.observer)

    @ownership.any_thread
    def compile(self) -> None:
        super().compile()
        if self._built_for.sharpness and is_smooth(self._built_for):
            self._instruments.spectrum.compile(len(self.data.now.x))

    @property
    def analyses(self) -> Mapping[str, Question]:
        asked, model = self._asked, self._model
        return {
            "surface": lambda moment, wanted: asked.surface(
                moment, wanted.get("directions", moment.settings.directions)
            ),
            "curvature": lambda moment, _: asked.curvature(moment),
            "double_descent": lambda moment, _: double_descent(moment.settings),
            "map": lambda moment, wanted: asked.training_map(moment, wanted["window"], wanted.get("seconds", math.inf)),
            "update": lambda moment, _: spectra(moment.raw_updates),
            "valley": lambda moment, wanted: asked.valley(moment, wanted.get("other", ()), wanted.get("name", "")),
            "operations": lambda moment, _: operations.of_model(model, len(moment.data.points.x)),
        }

    @property
    def actions(self) -> Mapping[str, Callable[[Any], None]]:
        return {"parameters": self._put_parameters, "place": self._put_at_place}

    @property
    def is_cacheable(self) -> bool:
        return self.parameters <= LIGHT

    @property
    def looks_after_each_epoch(self) -> bool:
        return bool(self.settings.min_change or (self.settings.patience and self.settings.validation))

    @property
    def waiting(self) -> str:
        return "" if (self.data.points.part == Part.TRAINING).any() else NO_POINTS

    def reset(self) -> None:
        super().reset()
        self._forget()

    def set_live(self, settings: RegressionSettings) -> None:
        old = self.settings
        super().set_live(settings)
        if any(getattr(old, name) != getattr(settings, name) for name in MOVING) and all(
            getattr(self._built_for, name) == getattr(settings, name) for name in FIXED
        ):  # with other fixed ones this is a run on its way out, whose data stay as they are
            if settings.seed != old.seed:
                self.training.reseed(settings.seed)
            points = _points_of(settings)
            self.data.show(points)
            self.training.data_changed()
            self.judge_anew()
            self._condition = self._condition_number()

    def goes_on_after(self, moved: Sequence[Knob]) -> bool:
        return any(knob.live and knob.steers and knob.name not in KEEP_THE_END for knob in moved)

    def judge_anew(self) -> None:
        self._judged_from = self.training.step // self.steps_per_epoch

    def advance(self, steps: int) -> Any:
        self._before = self.snapshot()
        return super().advance(steps)

    @ownership.any_thread
    def outcome(self, snapshot: FitMoment) -> Mapping[str, Any]:
        points, settings = snapshot.data.points, snapshot.settings
        parts = [np.asarray(part, float) for part in self._model.arrays(snapshot.parameters)]
        x, y = points.x_unit, points.y_unit
        found: dict[str, Any] = {"names": list(points.names)}
        if snapshot.averaged is not None:
            found["averaged_cost"] = self._instruments.cost_of(replace(snapshot, parameters=snapshot.averaged))
        if settings.sharpness:
            found["sharpness_history"] = snapshot.sharpness.pairs(MOST_PAIRS)
        if settings.view == "two-solutions" and snapshot.step:
            found["barriers"] = self._asked.valley(snapshot).barriers()
        match settings.model:
            case "line" | "sum":
                slope, offset = line_of(x, y, float(parts[0].sum()), float(parts[1].sum()))
                found["line"] = {"W": slope, "B": offset}
            case "polynomial" | "scaled_polynomial":
                unit = self._unit if settings.model == "scaled_polynomial" else 1.0
                own = parts[1].ravel() / unit ** np.arange(settings.degree + 1)
                own[0] += float(parts[0].item())
                found["coefficients"] = polynomial_of(x, y, own)
        return found

    def learn(self, analysis: Analysis) -> None:
        if analysis.name == "curvature":
            self._curvature = analysis.result
        elif analysis.name == "surface":
            self._surface = analysis.result.surface
        elif analysis.name in ("map", "double_descent", "valley"):
            self._told = self._told | {analysis.name: analysis.result.finding()}

    def state(self) -> Any:
        training = self.training
        known = (
            self._judged_from, training.ratio, training.batch_rows, self._curvature, self._surface, self._divergence,
        )  # fmt: skip
        return super().state(), known

    def restore(self, state: Any) -> None:
        trained, (judged_from, ratio, batch_rows, self._curvature, self._surface, divergence) = state
        super().restore(trained)
        self._judged_from, self._divergence = judged_from, divergence
        self.training.ratio, self.training.batch_rows = ratio, batch_rows
        self._before = self.snapshot()

    def _moment(self, step: int, parameters: np.ndarray) -> FitMoment:
        training = self.training
        return FitMoment(
            step=step,
            settings=self.settings,
            parameters=parameters,
            divergence=self._divergence,
            data=self.data.now,
            steps_per_epoch=self.steps_per_epoch,
            batch=training.batch_rows,
            ratio=training.ratio,
            judged_from=self._judged_from,
            is_last=step == self.length and len(self.data.now.x) < self.data.room,
            condition=self._condition,
            trajectory=self.observer.trajectory,
            curvature=self._curvature,
            surface=self._surface,
            divisor=training.divisors.get(step),
            sharpness=self.observer.sharpness,
        )

    def _is_measured(self, step: int) -> bool:
        return True  # measuring looks at no more points than it can afford

    def _forget(self) -> None:
        self._judged_from = -1
        self._condition = self._condition_number()
        self._divergence: Divergence | None = None
        self._curvature: Curvature | None = None  # they would be those of another place
        self._surface: CostSurface | None = None
        self._before = self.snapshot()

    def _condition_number(self) -> float | None:
        settings = self.settings
        is_polynomial = settings.model in ("polynomial", "scaled_polynomial") and settings.degree >= 1
        if not is_polynomial or not len(self.data.points.x):
            return None
        x = self.data.points.x.astype(float) / (self._unit if settings.model == "scaled_polynomial" else 1.0)
        return condition_number(np.stack([x**power for power in range(settings.degree + 1)], axis=1))

    def _why_it_diverged(self, ends: Sequence[tuple[int, np.ndarray]]) -> str:
        start, training = self._moment(0, self.training.initial), self.training
        newest_first = (*(self._moment(*end) for end in reversed(ends)), self._before)
        cost_of = self._instruments.cost_of
        last = next((moment for moment in newest_first if np.isfinite(cost_of(moment))), start)
        curvature = self._too_curved((last, self._before, start))
        self._divergence = Divergence(training.step, curvature, self._instruments.layers(last))
        if curvature is None:
            return self._too_large()
        settings = self.settings
        most = bound(curvature.largest, settings.optimizer, settings.momentum)
        return (
            f"The cost left the number range at step {training.step:,}: the learning rate {settings.learning_rate:g} "
            f"is too large here, above {most:.3g}, all that the cost's curvature {moment_of(curvature)} bears. "
            "Press R, or lower it."
        )

    def _too_curved(self, moments: Sequence[FitMoment]) -> Curvature | None:
        """The curvature that the learning rate is too large for, at the first of these moments that has one.

        The last of them is the run's start. Where the cost has exploded, a curvature is one of its own making.
        """
        settings, cost_of = self.settings, self._instruments.cost_of
        if settings.cost == "absolute" or settings.optimizer not in FORMULAS:  # of which no curvature gives a bound
            return None
        most_cost = EXPLODED * cost_of(moments[-1])
        for moment in moments:
            if cost_of(moment) <= most_cost:
                try:
                    curvature = self._asked.curvature(moment)
                except AnalysisError:
                    continue
                most = bound(curvature.largest, settings.optimizer, settings.momentum)
                if most is not None and settings.learning_rate > most:
                    return curvature
        return None

    def _put_parameters(self, payload: Sequence[float]) -> None:
        """A line as (W, B) in the data's own units; of another model its parameters."""
        points = self.data.points
        if self.settings.model == "line" and len(payload) == 2:
            payload = trained_line(points.x_unit, points.y_unit, *payload)
        self._put_trained(payload)

    def _put_trained(self, payload: Sequence[float]) -> None:
        given = np.asarray(payload, np.float32)
        if given.shape == self.training.parameters.shape:  # else it was meant for the model before
            self.judge_anew()
            self.training.set_parameters(given)

    def _put_at_place(self, payload: Sequence[float]) -> None:
        if self._surface is not None:
            self._put_trained(self._surface.parameters(np.asarray(payload, float)))


def _points_of(settings: RegressionSettings) -> Points:
    try:
        points = points_of(settings)
    except ValueError as error:
        raise BuildError(str(error)) from None
    for array in (points.x, points.y, points.part, points.own_x, points.own_y):
        array.setflags(write=False)
    return points


def _grid(points: Points, reach: float, is_file: bool, count: int) -> np.ndarray:
    """Where the fit is drawn, as it is trained on: about 0, or about the middle of a file's data, wherever they lie."""
    middle, half = 0.0, reach
    if is_file:
        low, high = float(points.x.min()), float(points.x.max())
        middle, half = (low + high) / 2, (high - low) / 2
    return read_only(np.linspace(middle - BEYOND * half, middle + BEYOND * half, count, dtype=np.float32))


def _frozen(values: np.ndarray) -> np.ndarray:
    return values if not values.flags.writeable else read_only(values)
