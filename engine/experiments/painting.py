"""Painting: a network from a pixel's position to its colour learns a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import backend, images, networks
from engine.experiments.experiment import Observation
from engine.experiments.painting_settings import PaintingSettings
from engine.experiments.trained import Moment, TrainedExperiment
from engine.frames import read_only
from engine.painting_picture import PaintingPicture
from engine.training import cost_of


def coordinates(side: int) -> np.ndarray:
    """(row, column) of every pixel, normalised by mean and standard deviation of all of them together.

    float32, shape (side * side, 2), in reading order.
    """
    rows, columns = np.mgrid[0:side, 0:side]
    positions = np.stack([rows.ravel(), columns.ravel()], axis=1).astype(np.float64)
    return ((positions - positions.mean()) / positions.std()).astype(np.float32)


class Experiment(TrainedExperiment):
    """See engine.experiments.experiment.Experiment."""

    def __init__(self, settings: PaintingSettings) -> None:
        self._side = settings.side
        target = images.square(settings.image, settings.side)
        self._target = read_only(np.clip(target + 0.5, 0, 255).astype(np.uint8))
        self._unit = 255.0 / float(settings.target_range)
        x = coordinates(settings.side)
        y = target.reshape(-1, 3) / np.float32(self._unit)
        self._model = networks.dense(
            2, 3, settings.depth, settings.width, settings.activation, settings.initializer, settings.init_scale
        )
        super().__init__(self._model, x, y, settings)
        self._evaluate = self._compiled_evaluation(x, y)
        self.observe(self.snapshot())

    def observe(self, snapshot: Moment) -> Observation:
        parameters = backend.tensorflow().constant(snapshot.parameters)
        cost, mean_square, mean_absolute, painting, error = self._evaluate(parameters)
        picture = PaintingPicture(self._target, read_only(painting.numpy()), read_only(error.numpy()))
        # A perfect painting has no finite PSNR; 99 dB is far above what 8 bits a colour can show.
        psnr = 10 * np.log10(255.0**2 / max(float(mean_square), 255.0**2 * 10**-9.9))
        return Observation(float(cost), {"psnr_db": float(psnr), "mae": float(mean_absolute)}, picture)

    def _compiled_evaluation(self, x: np.ndarray, y: np.ndarray) -> Any:
        tf = backend.tensorflow()
        inputs, targets = tf.constant(x), tf.constant(y)
        shape = (self._side, self._side)

        @tf.function(jit_compile=True, autograph=False)
        def evaluate(flat: Any) -> Any:
            prediction = self._model.predict(self._model.parts(flat), inputs)
            error = prediction - targets
            shown = tf.clip_by_value(prediction * self._unit, 0.0, 255.0)
            off = tf.abs(shown - targets * self._unit)
            return (
                cost_of(self.settings.cost, error),
                tf.reduce_mean(tf.square(off)),
                tf.reduce_mean(tf.abs(error)) * self._unit,
                tf.reshape(tf.cast(shown + 0.5, tf.uint8), (*shape, 3)),
                tf.reshape(tf.cast(tf.reduce_mean(off, axis=1) + 0.5, tf.uint8), shape),
            )

        return evaluate
