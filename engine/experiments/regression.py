"""Regression: a function of one variable, found in noisy points of a curve."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import backend, datasets, networks
from engine.experiments.experiment import Observation
from engine.experiments.regression_settings import RegressionSettings
from engine.experiments.trained import Moment, TrainedExperiment
from engine.frames import read_only
from engine.networks import Model
from engine.regression_picture import InitialDraws, RegressionPicture
from engine.training import TrainingState, cost_of

GRID = 401
BEYOND = 1.5  # the prediction is drawn to this many times the data's span, to see it fail there
KEEP_EVERY = 10  # epochs between the older fits, as in the lecture
MOST_OLDER = 48


def model_of(settings: RegressionSettings) -> Model:
    """The model that the settings name."""
    match settings.model:
        case "line":
            return networks.line(settings.init_scale)
        case "sum":
            return networks.linear_sum(settings.width, settings.init_scale)
        case "polynomial":
            return networks.polynomial(settings.degree, settings.init_scale)
        case "scaled_polynomial":
            return networks.polynomial(settings.degree, settings.init_scale, unit=settings.span)
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


class Experiment(TrainedExperiment):
    """See engine.experiments.experiment.Experiment."""

    def __init__(self, settings: RegressionSettings) -> None:
        x, y = datasets.noisy(settings.curve, settings.points, settings.span, settings.noise, settings.seed)
        self._x, self._y = read_only(x), read_only(y)
        reach = BEYOND * settings.span
        self._grid = read_only(np.linspace(-reach, reach, GRID, dtype=np.float32))
        self._model = model_of(settings)
        super().__init__(self._model, x[:, None], y[:, None], settings)
        self._evaluate = self._compiled_evaluation()
        self._draws: InitialDraws | None = None
        self._forget_older()
        self.observe(self.snapshot())

    def reset(self) -> None:
        super().reset()
        self._forget_older()

    def observe(self, snapshot: Moment) -> Observation:
        parameters = backend.tensorflow().constant(snapshot.parameters)
        cost, mean_square, mean_absolute, prediction = (part.numpy() for part in self._evaluate(parameters))
        epoch = snapshot.step // self.steps_per_epoch
        picture = RegressionPicture(
            data_x=self._x,
            data_y=self._y,
            x=self._grid,
            prediction=read_only(prediction),
            older=read_only(np.array(self._older, np.float32).reshape(-1, GRID)),
            older_epochs=read_only(np.array(self._older_epochs, int)),
            draws=self._initial_draws() if self.settings.view == "initial-values" else None,
        )
        if snapshot.step % (self._interval * self.steps_per_epoch) == 0:
            self._keep(epoch, prediction)
        metrics = {"rmse": float(np.sqrt(mean_square)), "mae": float(mean_absolute)}
        return Observation(float(cost), metrics, picture)

    def state(self) -> tuple[TrainingState, Any]:
        return super().state(), (list(self._older), list(self._older_epochs), self._interval)

    def restore(self, state: tuple[TrainingState, Any]) -> None:
        super().restore(state[0])
        older, epochs, self._interval = state[1]
        self._older, self._older_epochs = list(older), list(epochs)

    def _forget_older(self) -> None:
        self._older: list[np.ndarray] = []
        self._older_epochs: list[int] = []
        self._interval = KEEP_EVERY

    def _keep(self, epoch: int, prediction: np.ndarray) -> None:
        if self._older_epochs and epoch <= self._older_epochs[-1]:
            return
        self._older.append(prediction)
        self._older_epochs.append(epoch)
        if len(self._older) > MOST_OLDER:
            self._older, self._older_epochs = self._older[::2], self._older_epochs[::2]
            self._interval *= 2

    def _compiled_evaluation(self) -> Any:
        tf = backend.tensorflow()
        x, y, grid = tf.constant(self._x[:, None]), tf.constant(self._y[:, None]), tf.constant(self._grid[:, None])

        @tf.function(jit_compile=True, autograph=False)
        def evaluate(flat: Any) -> Any:
            parts = self._model.parts(flat)
            error = self._model.predict(parts, x) - y
            prediction = self._model.predict(parts, grid)[:, 0]
            mean_square, mean_absolute = tf.reduce_mean(tf.square(error)), tf.reduce_mean(tf.abs(error))
            return cost_of(self.settings.cost, error), mean_square, mean_absolute, prediction

        return evaluate

    def _initial_draws(self, seeds: int = 8) -> InitialDraws:
        if self._draws is None:
            spreads = (1.0, 0.1)
            values, predictions = [], []
            for spread in spreads:
                generator = np.random.default_rng([self.settings.seed, 3])
                values.append(read_only(generator.normal(0.0, spread, 1000)))
                model = networks.dense(
                    1, 1, self.settings.depth, self.settings.width, self.settings.activation, "normal", spread, True
                )
                first = [self.settings.seed + number for number in range(seeds)]
                curves = [model.predict(model.parts(model.initial(seed)), self._grid[:, None]) for seed in first]
                predictions.append(read_only(np.array(curves, np.float32)[:, :, 0]))
            self._draws = InitialDraws(("N(0, 1)", "N(0, 0.1)"), tuple(values), tuple(predictions))
        return self._draws
