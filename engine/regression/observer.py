"""RegressionObserver: a fit measured over its data, and what each view shows of it. Serves the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine import views
from engine.analysis.curvature import Curvature
from engine.analysis.diagnosis import Measured, findings, gravest_first
from engine.analysis.edge_findings import of_the_edge
from engine.analysis.inside import Inside
from engine.analysis.sharpness import HessianSpectrum, SharpnessRecord
from engine.analysis.stability import takes_all_alike
from engine.analysis.trajectory import ParameterTrajectory
from engine.backend import backend, ownership
from engine.experiment import Observation, Observer, Table
from engine.frames import Curve, Finding, Role, read_only
from engine.regression.best_fit import BestFit, best_fit_of, degree_of, of_the_best
from engine.regression.fitting import everything, training_sample
from engine.regression.parts import PictureParts
from engine.regression.picture import RegressionPicture
from engine.regression.points import Part, Points
from engine.regression.views import VIEWS
from engine.run.recording import Series
from engine.run.sharpness_watch import Look, SharpnessWatch
from engine.training import costs
from engine.training.networks import Model

KEEP_EVERY = 10  # epochs between the older fits, as in the lecture
MOST_OLDER = 48


@dataclass(frozen=True, eq=False)
class Instruments:
    """What measures one model, made once and never changed: any thread may use it.

    ``grid`` float32 (g,) is where the fit is drawn, and ``own_grid`` the same in the data's own unit; ``evaluate`` is
    traced_evaluation() of the model.
    """

    model: Model
    grid: np.ndarray
    own_grid: np.ndarray
    evaluate: Any
    inside: Inside
    spectrum: HessianSpectrum

    def cost_of(self, moment: Any) -> float:
        """The cost over the training points of a FitMoment."""
        measured, *_ = self._evaluated(moment.parameters, moment.data)
        return float(measured[Part.TRAINING])

    def fit(self, parameters: np.ndarray, data: Any) -> list[np.ndarray]:
        """The cost of each part (3,), the training points' mean square and absolute error, the fit (g,)."""
        return [part.numpy() for part in self._evaluated(parameters, data)]

    def layers(self, moment: Any) -> Any:
        """Each layer of a FitMoment from within, on some of its training points."""
        return self.inside.layers(moment.parameters, training_sample(moment.data, self.inside.affordable()))

    def _evaluated(self, parameters: np.ndarray, data: Any) -> Any:
        return self.evaluate(parameters, self.grid[:, None], data.x, data.y, data.weights, data.kind)


def traced_evaluation(model: Model) -> Any:
    """``evaluate(flat, grid, x, y, weights, kind)``: costs (3,), mean square and absolute error, prediction (g,)."""
    tf = backend.tensorflow()

    # not by XLA: a call takes as long as then, and the seconds that compiling took are a few hundredths
    @tf.function(autograph=False, reduce_retracing=True)
    def evaluate(flat: Any, grid: Any, x: Any, y: Any, weights: Any, kind: Any) -> Any:
        parts = model.parts(flat)
        error = model.predict(parts, x) - y
        measured = tf.linalg.matvec(weights, costs.each_by_number(kind, error)[:, 0])
        mean_square, mean_absolute = (
            tf.reduce_sum(weights[0] * values[:, 0]) for values in (tf.square(error), tf.abs(error))
        )
        return measured, mean_square, mean_absolute, model.predict(parts, grid)[:, 0]

    return evaluate


@ownership.owned
class RegressionObserver(Observer):
    """See engine.experiment.Observer; a ``snapshot`` is a FitMoment."""

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        self._parts = PictureParts(instruments.model, instruments.inside)
        self._sharpness = SharpnessWatch(instruments.model, instruments.spectrum)
        self._history = Series(3)  # the costs of all three parts, by epoch
        self._edge: tuple[tuple[Any, ...], Finding | None] | None = None  # and the measurement that it is of
        self._best: tuple[Points, str, BestFit] | None = None
        self.clear()

    def clear(self) -> None:
        self.trajectory = ParameterTrajectory.of(self._instruments.model.parameters)  # frozen: others may read it
        self._older: tuple[np.ndarray, ...] = ()
        self._older_epochs: tuple[int, ...] = ()
        self._interval = KEEP_EVERY
        self._layers: Any = ()
        self._sizes, self._label = np.zeros(len(Part), int), ""
        self._has_batches = False
        self._history.clear()
        self._sharpness.clear()
        self._edge = None
        self._parts.clear()

    def view_of(self, snapshot: Any) -> str:
        return views.chosen(VIEWS, snapshot.settings)

    def observe(self, snapshot: Any) -> Observation:
        instruments, grid, data = self._instruments, self._instruments.grid, snapshot.data
        points = data.points
        measured_data = everything(data) if snapshot.is_last else data
        found, mean_square, mean_absolute, prediction = instruments.fit(snapshot.parameters, measured_data)
        sizes = np.bincount(data.points.part, minlength=3)
        of_parts = tuple(float(cost) if size else float("nan") for cost, size in zip(found, sizes, strict=True))
        epoch, is_end = divmod(snapshot.step, snapshot.steps_per_epoch)
        is_end = not is_end
        cost, is_blank = of_parts[0], not sizes[Part.TRAINING]
        ending = ""
        if is_end and np.isfinite(cost):
            ending = self._remember(snapshot, epoch, of_parts)
            self._sharpness.look(_look_at(snapshot, epoch), snapshot.settings)
        self._name(snapshot, sizes)
        view = self.view_of(snapshot)
        before = int(np.searchsorted(self._older_epochs, epoch + (not is_end)))  # a moment seen again is no older one
        picture = RegressionPicture(
            data_x=points.own_x,
            data_y=points.own_y,
            names=points.names,
            table=points.table,
            x_unit=points.x_unit,
            y_unit=points.y_unit,
            part=points.part,
            batch=read_only(snapshot.batch),
            costs=of_parts,
            learning_rate=snapshot.settings.learning_rate,
            x=instruments.own_grid,
            prediction=read_only(points.y_unit.own(prediction)),
            older=read_only(points.y_unit.own(np.array(self._older[:before], np.float32).reshape(-1, len(grid)))),
            older_epochs=read_only(np.array(self._older_epochs[:before], int)),
            **self._parts.of_view(view, snapshot, grid, self.trajectory, cost),
        )
        if is_end and not epoch % self._interval:
            self._keep(epoch, prediction)
            self._layers = instruments.layers(snapshot) if epoch else ()
        unit = points.y_unit.scale
        metrics = {} if is_blank else {"rmse": unit * float(np.sqrt(mean_square)), "mae": unit * float(mean_absolute)}
        metrics |= {
            name: value
            for name, value in zip(("validation_cost", "test_cost"), of_parts[1:], strict=True)
            if np.isfinite(value)
        }
        metrics |= self._sharpness.metrics(snapshot.step / snapshot.steps_per_epoch, snapshot.settings)
        return Observation(cost, metrics, picture, self._findings(snapshot, cost), view, is_blank, ending)

    def curves(self, steps: Table, epochs: Table) -> Sequence[Curve]:
        found = [Curve(self._label, Role.EXACT, epochs[0], epochs[1][:, 0])]
        if self._has_batches:
            found.insert(0, Curve("each batch", Role.RAW, steps[0], steps[1][:, 0]))
        x, y = self._history.view()
        until = int(np.searchsorted(x, epochs[0][-1], side="right")) if len(epochs[0]) else 0
        for part, name in ((1, "validation"), (2, "test")):
            if self._sizes[part] and until:
                found.append(Curve(name, Role(name), x[:until], y[:until, part]))
        return (*found, *self._sharpness.curves(epochs))

    def completed(self, observation: Observation, snapshot: Any) -> Observation:
        known = self._sharpness.metrics(snapshot.step / snapshot.steps_per_epoch, snapshot.settings)
        return replace(observation, metrics={**observation.metrics, **known})

    @property
    @ownership.any_thread
    def sharpness(self) -> SharpnessRecord:
        """What has been measured so far, frozen."""
        return self._sharpness.record

    def state(self) -> Any:
        kept = self.trajectory, self._older, self._older_epochs, self._interval, self._layers, self._history.state()
        return *kept, self._sharpness.state()

    def restore(self, state: Any) -> None:
        self._parts.clear()
        self.trajectory, self._older, self._older_epochs, self._interval, self._layers, history, sharp = state
        self._history.restore(history)
        self._sharpness.restore(sharp)
        self._edge = None

    def _name(self, snapshot: Any, sizes: np.ndarray) -> None:
        """What the curves are called."""
        points, measured = snapshot.data.points, len(snapshot.data.x)
        self._sizes, self._has_batches = sizes, snapshot.steps_per_epoch > 1
        self._label = "all data" if sizes[0] == len(points.x) else "training"
        if measured < len(points.x):
            self._label = f"{measured:,} of {len(points.x):,} points"

    def _remember(self, snapshot: Any, epoch: int, of_parts: tuple[float, ...]) -> str:
        """Keep the end of an epoch; why the run is finished there, or ""."""
        self.trajectory = self.trajectory.added(epoch, snapshot.parameters, of_parts[0])
        x, y = self._history.view()
        if not epoch or (len(x) and epoch <= x[-1]):
            return ""
        self._history.append(np.array([epoch]), np.array([of_parts]))
        settings = snapshot.settings
        if settings.min_change and len(y) and abs(of_parts[0] - y[-1, 0]) < settings.min_change:
            return f"Stopped after epoch {epoch:,}: the cost changed by less than {settings.min_change:g}."
        return self._out_of_patience(snapshot)

    def _out_of_patience(self, snapshot: Any) -> str:
        patience = snapshot.settings.patience
        if not patience or not snapshot.settings.validation:
            return ""
        x, y = self._history.view()
        judged = x > snapshot.judged_from  # costs over other data are no measure
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

    def _keep(self, epoch: int, prediction: np.ndarray) -> None:
        if self._older_epochs and epoch <= self._older_epochs[-1]:
            return
        self._older, self._older_epochs = (*self._older, prediction), (*self._older_epochs, epoch)
        if len(self._older) > MOST_OLDER:
            self._older, self._older_epochs = self._older[::2], self._older_epochs[::2]
            self._interval *= 2

    def _findings(self, snapshot: Any, cost: float) -> tuple[Finding, ...] | None:
        said, settings = self._diagnosed(snapshot), snapshot.settings
        if said is None and degree_of(settings) is None and not snapshot.told:
            return None
        limit = of_the_best(settings, self._best_fit(snapshot), cost)
        found = (*(said or ()), *snapshot.told)
        return found if limit is None else gravest_first((limit, *found))

    def _best_fit(self, snapshot: Any) -> BestFit:
        """Of these data, worked out once."""
        points, settings = snapshot.data.points, snapshot.settings
        if self._best is None or self._best[0] is not points or self._best[1] != settings.cost:
            self._best = points, settings.cost, best_fit_of(settings, points)
        return self._best[2]

    def _diagnosed(self, snapshot: Any) -> tuple[Finding, ...] | None:
        epochs, of_parts = self._history.view()
        settings, divergence = snapshot.settings, snapshot.divergence
        sharpness = self._sharpness.shown_at(snapshot.step / snapshot.steps_per_epoch, settings)
        return findings(
            Measured(
                cost=settings.cost,
                is_linear=settings.model != "network",
                optimizer=settings.optimizer,
                learning_rate=settings.learning_rate,
                momentum=settings.momentum,
                curvature=_newest(snapshot.curvature, sharpness, settings.optimizer),
                ratio=snapshot.ratio,
                condition=snapshot.condition,
                layers=divergence.layers if divergence else self._layers,
                epochs=epochs,
                costs=of_parts[:, 0],
                validation=of_parts[:, 1] if len(of_parts) and np.isfinite(of_parts[-1, 1]) else np.empty(0),
                divergence=divergence,
                edge=self._of_the_edge(sharpness, settings.optimizer, epochs, of_parts[:, 0]),
            )
        )

    def _of_the_edge(
        self, record: SharpnessRecord | None, optimizer: str, epochs: np.ndarray, costs: np.ndarray
    ) -> Finding | None:
        """Worked out once for each measurement: it looks at the whole history."""
        if record is None or not len(record.steps):
            return None
        key = record.steps[-1], record.sharpness[-1], record.edge[-1], optimizer
        if self._edge is None or self._edge[0] != key:
            self._edge = key, of_the_edge(record, optimizer, epochs, costs)
        return self._edge[1]


def _newest(curvature: Curvature | None, record: SharpnessRecord | None, optimizer: str) -> Curvature | None:
    """The curvature that was asked for, or the sharpness, whichever is newer."""
    if record is None or not len(record.steps) or not takes_all_alike(optimizer):
        return curvature
    step = int(record.steps[-1])
    if curvature is not None and curvature.step >= step:
        return curvature
    return Curvature(float(record.sharpness[-1]), step, record.points)


def _look_at(moment: Any, epoch: int) -> Look:
    """What the sharpness of a FitMoment at an epoch's end is measured of."""
    data = moment.data

    def of_the_training() -> tuple[Any, Any, Any, Any]:
        return data.x, data.y, data.weights[Part.TRAINING], data.kind

    return Look(
        moment.step, epoch, moment.steps_per_epoch, moment.parameters, moment.divisor, data, of_the_training
    )  # fmt: skip
