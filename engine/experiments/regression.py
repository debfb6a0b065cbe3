"""Regression: a function of one variable, found in points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine import backend, networks, operations
from engine.curvature import Curvature, bound
from engine.diagnosis import FORMULAS, Divergence, Measured, condition_number, findings, moment_of
from engine.experiments.experiment import BuildError, Observation, Question, StudyError
from engine.experiments.regression_settings import RegressionSettings
from engine.experiments.trained import Moment, TrainedExperiment
from engine.fitting import Data, DataNow, Fitting, each_cost
from engine.frames import Curve, Finding, Role, read_only
from engine.inside import Inside
from engine.knobs import Knob
from engine.networks import Model
from engine.points import Part, Points, points_of
from engine.recording import Series
from engine.regression_parts import PictureParts
from engine.regression_picture import BEYOND, RegressionPicture
from engine.regression_studies import RegressionStudies
from engine.way import Way

GRID = 401
COARSE_GRID = 201  # of a model that is dear to measure: a point every few px
EXPLODED = 10.0  # times the run's first cost: whatever is measured there says how it went wrong, and no more why
KEEP_EVERY = 10  # epochs between the older fits, as in the lecture
MOST_OLDER = 48
DEAR_MEASURE = 2e8  # numbers multiplied to measure one moment: some 10 ms, in which a moved slider has to show
LEAST_MEASURED = 400
LIGHT = 50_000  # parameters up to which a compiled model is kept for later
FIXED = ("source", "points", "span", "file", "standardise")  # what the data depend on, besides the moving
MOVING = ("curve", "formula", "noise", "drawn", "validation", "test", "seed")
KEEP_THE_END = ("epochs", "shuffle")  # live knobs that change when or how a run ends, but not where
NO_POINTS = "drawn: there is no point to train on; it takes x, y, x, y, ..."
LEAST_DRAWN_REACH = 3.0  # of the x axis, so that there is room to draw in


def model_of(settings: RegressionSettings, unit: float | None = None) -> Model:
    """The model that the settings name; ``unit`` is what x is divided by in scaled columns, the span if not given."""
    match settings.model:
        case "line":
            return networks.line(settings.init_scale)
        case "sum":
            return networks.linear_sum(settings.width, settings.init_scale)
        case "polynomial":
            return networks.polynomial(settings.degree, settings.init_scale)
        case "scaled_polynomial":
            return networks.polynomial(settings.degree, settings.init_scale, unit or settings.span)
    return networks.dense(
        1,
        1,
        settings.depth,
        settings.width,
        settings.activation,
        settings.initializer,
        settings.init_scale,
        settings.summed,
    )


@dataclass(frozen=True, eq=False)
class FitMoment(Moment):
    """A Moment with the data and the settings that it belongs to, and what the last step did."""

    data: DataNow
    settings: RegressionSettings
    batch: np.ndarray
    ratio: float
    learning_rate: float


class Experiment(TrainedExperiment):
    """See engine.experiments.experiment.Experiment."""

    def __init__(self, settings: RegressionSettings) -> None:
        self._built_for = settings
        points = _points_of(settings)
        reach = {"curve": settings.span, "drawn": max(points.reach, LEAST_DRAWN_REACH)}.get(
            settings.source, points.reach
        )
        self._model = model_of(settings, reach)
        self._unit = reach
        self._grid = _grid(reach, GRID if self._model.parameters <= LIGHT else COARSE_GRID)
        most = int(max(LEAST_MEASURED, min(points.room, DEAR_MEASURE / (2 * self._model.parameters))))
        self.data = Data(points, settings.cost, most)
        self._begin(Fitting(self._model, self.data, settings, compiled=False), settings)
        self._evaluate = self._traced_evaluation()
        self._inside = Inside(self._model)
        self._parts = PictureParts(self._model, self._inside)
        self._way = Way(self.parameters)
        self._history = Series(3)  # of all three parts, by epoch
        self._studies = RegressionStudies(self._model, self._inside, self._parts, self._way)
        self._forget()
        self.observe(self.snapshot())

    def compile(self) -> None:
        """Compile the training; observe() needs nothing compiled, so that a new model is seen before it can train."""
        self.training.compile()

    @property
    def studies(self) -> Mapping[str, Question]:
        studies, model = self._studies, self._model
        return {
            "surface": lambda moment, wanted: studies.measure_surface(
                moment, wanted.get("directions", moment.settings.directions)
            ),
            "curvature": lambda moment, _: studies.measure_curvature(moment),
            "operations": lambda moment, _: operations.of_model(model, len(moment.data.points.x)),
        }

    @property
    def touches(self) -> Mapping[str, Callable[[Any], None]]:
        return {"parameters": self._touch_parameters, "place": self._touch_place}

    @property
    def keeps(self) -> bool:
        """Whether this compiled model is small enough to be kept for when its settings come back."""
        return self.parameters <= LIGHT

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
            self._judged_from = self.training.step // self.steps_per_epoch
            self._condition = self._condition_number()

    @property
    def waiting(self) -> str:
        """Why there is nothing to train on now; "" while there is."""
        return "" if (self.data.points.part == Part.TRAINING).any() else NO_POINTS

    def goes_on_after(self, moved: Sequence[Knob]) -> bool:
        """Whether a run that has found its end has another aim, or another way there, since these knobs moved."""
        return any(knob.live and knob.steers and knob.name not in KEEP_THE_END for knob in moved)

    def advance(self, steps: int) -> Any:
        self._before = self.snapshot()
        return super().advance(steps)

    def snapshot(self) -> FitMoment:
        return self._moment(self.training.step, self.training.parameters)

    def renewed(self, snapshot: FitMoment) -> FitMoment:
        """The same moment, to be seen as the settings are now."""
        return replace(snapshot, settings=self.settings)

    def observe(self, snapshot: FitMoment) -> Observation:
        grid, data = self._grid, snapshot.data
        is_last = snapshot.step == self.length and len(data.x) < self.data.room
        measured = self.data.everything() if is_last else data
        seen = measured.x, measured.y, measured.weights, data.kind
        evaluated = self._evaluate(snapshot.parameters, grid[:, None], *seen)
        costs, mean_square, mean_absolute, prediction = (part.numpy() for part in evaluated)
        sizes = np.bincount(data.points.part, minlength=3)
        costs = tuple(float(cost) if size else float("nan") for cost, size in zip(costs, sizes, strict=True))
        epoch = snapshot.step // self.steps_per_epoch
        cost, is_blank = costs[0], not sizes[Part.TRAINING]
        if snapshot.step % self.steps_per_epoch == 0 and np.isfinite(cost):
            self._remember(epoch, snapshot.parameters, costs)
        picture = RegressionPicture(
            data_x=data.points.x,
            data_y=data.points.y,
            part=data.points.part,
            batch=read_only(snapshot.batch),
            costs=costs,
            learning_rate=snapshot.learning_rate,
            x=grid,
            prediction=read_only(prediction),
            older=read_only(np.array(self._older, np.float32).reshape(-1, len(grid))),
            older_epochs=read_only(np.array(self._older_epochs, int)),
            **self._parts.of_view(snapshot, grid, self._way, self._studies.surface, cost),
        )
        if snapshot.step % (self._interval * self.steps_per_epoch) == 0:
            self._keep(epoch, prediction)
            self._layers = self._inside.layers(snapshot.parameters, data) if epoch else ()
        metrics = {} if is_blank else {"rmse": float(np.sqrt(mean_square)), "mae": float(mean_absolute)}
        metrics |= {
            name: value
            for name, value in zip(("validation_cost", "test_cost"), costs[1:], strict=True)
            if np.isfinite(value)
        }
        return Observation(cost, metrics, picture, self._findings(snapshot), is_blank)

    def explained(self, observation: Observation) -> Observation:
        """The same moment with what is known by now of why the run ended as it did."""
        divergence = self._divergence or Divergence(self.training.step)
        return replace(observation, findings=self._findings(self.snapshot(), divergence))

    def curves(self, steps: tuple[np.ndarray, np.ndarray], epochs: tuple[np.ndarray, np.ndarray]) -> Sequence[Curve]:
        points, measured = self.data.points, len(self.data.now.x)
        sizes = np.bincount(points.part, minlength=3)
        label = "all data" if sizes[0] == len(points.x) else "training"
        if measured < len(points.x):
            label = f"{measured:,} of {len(points.x):,} points"
        raw = Curve("each batch", Role.RAW, steps[0], steps[1][:, 0])
        found = [Curve(label, Role.EXACT, epochs[0], epochs[1][:, 0])]
        if self.steps_per_epoch > 1:
            found.insert(0, raw)
        x, y = self._history.view()
        until = int(np.searchsorted(x, epochs[0][-1], side="right")) if len(epochs[0]) else 0
        for part, name in ((1, "validation"), (2, "test")):
            if sizes[part] and until:
                found.append(Curve(name, Role(name), x[:until], y[:until, part]))
        return tuple(found)

    def state(self) -> Any:
        older = list(self._older), list(self._older_epochs), self._interval, self._judged_from
        return super().state(), (older, self._way.state(), self._history.state())

    def restore(self, state: Any) -> None:
        training, ((older, epochs, self._interval, self._judged_from), way, history) = state
        super().restore(training)
        self._older, self._older_epochs = list(older), list(epochs)
        self._way.restore(way)
        self._history.restore(history)

    def converged(self, epochs: np.ndarray, costs: np.ndarray) -> str:
        said = super().converged(epochs, costs)
        patience = self.settings.patience
        if said or not patience or not self.settings.validation:
            return said
        x, y = self._history.view()
        judged = x > self._judged_from  # costs over other data are no measure
        x, validation = x[judged], y[judged, 1]
        if not len(x) or not np.isfinite(validation).all():
            return ""
        least = int(validation.argmin())
        if x[-1] - x[least] < patience:
            return ""
        return (
            f"Stopped after epoch {int(x[-1]):,}: the validation cost has had no new low for {patience} epochs; "
            f"its lowest was {validation[least]:.3g} at epoch {int(x[least]):,}."
        )

    @property
    def looks_after_each_epoch(self) -> bool:
        return super().looks_after_each_epoch or bool(self.settings.patience and self.settings.validation)

    def _moment(self, step: int, parameters: np.ndarray) -> FitMoment:
        training = self.training
        return FitMoment(
            step, parameters, self.data.now, self.settings, training.batch_rows, training.ratio,
            self.settings.learning_rate,
        )  # fmt: skip

    def _is_measured(self, step: int) -> bool:
        return True  # measuring looks at no more points than it can afford

    def _forget(self) -> None:
        self._older: list[np.ndarray] = []
        self._older_epochs: list[int] = []
        self._interval = KEEP_EVERY
        self._way.clear()
        self._history.clear()
        self._judged_from = -1
        self._parts.clear()
        self._layers: Any = ()
        self._condition = self._condition_number()
        self._before = self.snapshot()
        self._divergence: Divergence | None = None
        self._studies.curvature = self._studies.surface = None  # they were those of another place

    def _remember(self, epoch: int, parameters: np.ndarray, costs: tuple[float, ...]) -> None:
        self._way.add(epoch, parameters, costs[0])
        last = self._history.view()[0][-1:]
        if epoch and (not len(last) or epoch > last[0]):
            self._history.append(np.array([epoch]), np.array([costs]))

    def _keep(self, epoch: int, prediction: np.ndarray) -> None:
        if self._older_epochs and epoch <= self._older_epochs[-1]:
            return
        self._older.append(prediction)
        self._older_epochs.append(epoch)
        if len(self._older) > MOST_OLDER:
            self._older, self._older_epochs = self._older[::2], self._older_epochs[::2]
            self._interval *= 2

    def _traced_evaluation(self) -> Any:
        tf, model = backend.tensorflow(), self._model

        # not by XLA: a call takes as long as then, and the seconds that compiling took are a few hundredths
        @tf.function(autograph=False, reduce_retracing=True)
        def evaluate(flat: Any, grid: Any, x: Any, y: Any, weights: Any, kind: Any) -> Any:
            parts = model.parts(flat)
            error = model.predict(parts, x) - y
            costs = tf.linalg.matvec(weights, each_cost(kind, error)[:, 0])
            mean_square, mean_absolute = (
                tf.reduce_sum(weights[0] * values[:, 0]) for values in (tf.square(error), tf.abs(error))
            )
            return costs, mean_square, mean_absolute, model.predict(parts, grid)[:, 0]

        return evaluate

    def _condition_number(self) -> float | None:
        settings = self.settings
        if settings.model not in ("polynomial", "scaled_polynomial") or settings.degree < 1:
            return None
        x = self.data.points.x.astype(float) / (self._unit if settings.model == "scaled_polynomial" else 1.0)
        return condition_number(np.stack([x**power for power in range(settings.degree + 1)], axis=1))

    def _findings(self, snapshot: FitMoment, divergence: Divergence | None = None) -> tuple[Finding, ...] | None:
        epochs, costs = self._history.view()
        settings = snapshot.settings
        return findings(
            Measured(
                cost=settings.cost,
                is_linear=settings.model != "network",
                optimizer=settings.optimizer,
                learning_rate=snapshot.learning_rate,
                momentum=settings.momentum,
                curvature=self._studies.curvature,
                ratio=snapshot.ratio,
                condition=self._condition,
                layers=divergence.layers if divergence else self._layers,
                epochs=epochs,
                costs=costs[:, 0],
                validation=costs[:, 1] if len(costs) and np.isfinite(costs[-1, 1]) else np.empty(0),
                divergence=divergence,
            )
        )

    def _why_it_diverged(self, ends: Sequence[tuple[int, np.ndarray]]) -> str:
        start, training = self._moment(0, self.training.initial), self.training
        newest_first = (*(self._moment(*end) for end in reversed(ends)), self._before)
        last = next((moment for moment in newest_first if np.isfinite(self._cost_of(moment))), start)
        curvature = self._too_curved((last, self._before, start))
        self._divergence = Divergence(training.step, curvature, self._inside.layers(last.parameters, last.data))
        if curvature is None:
            return super()._why_it_diverged(ends)
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
        settings = self.settings
        if settings.cost == "absolute" or settings.optimizer not in FORMULAS:  # of which no curvature gives a bound
            return None
        most_cost = EXPLODED * self._cost_of(moments[-1])
        for moment in moments:
            if self._cost_of(moment) <= most_cost:
                try:
                    curvature = self._studies.measure_curvature(moment)
                except StudyError:
                    continue
                most = bound(curvature.largest, settings.optimizer, settings.momentum)
                if most is not None and settings.learning_rate > most:
                    return curvature
        return None

    def _cost_of(self, moment: FitMoment) -> float:
        data = moment.data
        seen = data.x, data.y, data.weights, data.kind
        costs, *_ = self._evaluate(moment.parameters, self._grid[:, None], *seen)
        return float(costs[Part.TRAINING])

    def _touch_parameters(self, payload: Sequence[float]) -> None:
        given = np.asarray(payload, np.float32)
        if given.shape == self.training.parameters.shape:  # else it was meant for the model before
            self._judged_from = self.training.step // self.steps_per_epoch
            self.training.set_parameters(given)

    def _touch_place(self, payload: Sequence[float]) -> None:
        if self._studies.surface is not None:
            self._touch_parameters(self._studies.surface.parameters(np.asarray(payload, float)))


def _points_of(settings: RegressionSettings) -> Points:
    try:
        points = points_of(settings)
    except ValueError as error:
        raise BuildError(str(error)) from None
    for array in (points.x, points.y, points.part):
        array.setflags(write=False)
    return points


def _grid(reach: float, points: int) -> np.ndarray:
    return read_only(np.linspace(-BEYOND * reach, BEYOND * reach, points, dtype=np.float32))
