"""Fitting: the training of a regression, in which almost everything can be moved while it runs.

The data, their split, the cost and its penalties are variables of the graph, so a point that is dragged or a share
that is moved is no new network. Where fewer points are left than a batch has places, the rest weighs nothing.
Station of the loop: the runner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.analysis.sample import evenly
from engine.backend import backend, ownership
from engine.regression.points import Part, Points
from engine.training import costs
from engine.training.networks import Model
from engine.training.training import MOST_CHECKPOINTS, MOST_INDICES, MOST_STEPS, Training, TrainingState

LEAST_TRAINED = 0.1  # of the points: as few as the two shares can leave to train on
MOST_SEGMENTS = 64  # epochs of one call, where drawn points may make an epoch as short as a step
EXPENSIVE_CALL = 2e9  # numbers multiplied in one call: what 30 ms take, after which a moved slider has to act


@dataclass(frozen=True, eq=False)
class DataNow:
    """The data of one moment as tensors, for whoever measures it while training goes on with newer ones.

    ``x``, ``y`` (m, 1); ``weights`` (3, m): a row a Part, one over its size or nothing; ``kind`` the cost's number.
    """

    points: Points
    x: Any
    y: Any
    weights: Any
    kind: Any


class Data:
    """The points as variables of the graph, with one more that weighs nothing, for the empty places of a batch.

    ``now`` are the same data as tensors, at most ``most`` of them, evenly chosen, for measurements.
    """

    def __init__(self, points: Points, cost: str, most: int) -> None:
        tf = backend.tensorflow()
        self.room, self._most = points.room, most
        self.x = tf.Variable(tf.zeros((self.room + 1, 1)))
        self.y = tf.Variable(tf.zeros((self.room + 1, 1)))
        self.kind = tf.Variable(costs.KINDS.index(cost), dtype=tf.int32)
        self.show(points)

    def show(self, points: Points) -> None:
        """Take other points, at most as many as there is room for."""
        self.points = points
        x, y = (self._filled(values) for values in (points.x, points.y))
        self.x.assign(x)
        self.y.assign(y)
        self.now = data_now(points, min(self._most, self.room), int(self.kind.numpy()))

    def set_cost(self, name: str) -> None:
        """Which of costs.KINDS is minimised from now on."""
        self.kind.assign(costs.KINDS.index(name))
        self.now = replace(self.now, kind=costs.number(name))

    def _filled(self, values: np.ndarray) -> np.ndarray:
        filled = np.zeros((self.room + 1, 1), np.float32)
        filled[: len(values), 0] = values
        return filled


def data_now(points: Points, size: int, kind: int) -> DataNow:
    """``size`` places for these points, evenly chosen where there are more; ``kind`` is the cost's number."""
    tf = backend.tensorflow()
    count = len(points.x)
    rows = evenly(count, size)
    x, y = np.zeros((size, 1), np.float32), np.zeros((size, 1), np.float32)
    x[: len(rows), 0], y[: len(rows), 0] = points.x[rows], points.y[rows]
    weights = np.zeros((len(Part), size), np.float32)
    for part in Part:
        chosen = np.flatnonzero(points.part[rows] == part)
        weights[part, chosen] = 1 / max(1, len(chosen))
    return DataNow(points, *(tf.constant(values) for values in (x, y, weights)), tf.constant(kind))


def everything(data: DataNow) -> DataNow:
    """The same with all the points, however many there are."""
    return data_now(data.points, data.points.room, int(data.kind.numpy()))


def training_sample(data: DataNow, most: int) -> tuple[np.ndarray, np.ndarray, Any] | None:
    """At most so many training points, evenly chosen: x and y (n, 1), and the cost's kind; None where there is none."""
    rows = np.flatnonzero(data.weights.numpy()[Part.TRAINING])
    if not len(rows):
        return None
    rows = rows[evenly(len(rows), most)]
    return data.x.numpy()[rows], data.y.numpy()[rows], data.kind


@ownership.owned
class Fitting(Training):
    """A Training on Data.

    After every advance: ``ratio``, the last step's change of the parameters relative to their size (both Euclidean
    norms), and ``batch_rows``, the points that it looked at.
    """

    def __init__(self, model: Model, data: Data, settings: Any, compiled: bool = True) -> None:
        tf = backend.tensorflow()
        self.model, self.data, self.settings = model, data, settings
        self.ratio, self.batch_rows = 0.0, np.empty(0, np.int32)
        self.points = data.room
        self.batch = min(settings.batch_size, data.room)
        fewest = 1 if settings.source == "drawn" else max(1, int(LEAST_TRAINED * data.room))
        shortest = max(1, fewest // self.batch)
        self._segment = tf.Variable(1, dtype=tf.int32)
        self._l1, self._l2 = l1, l2 = tf.Variable(0.0), tf.Variable(0.0)
        self._take_data()
        epochs = min(MOST_SEGMENTS, max(1, MOST_CHECKPOINTS // model.parameters))
        affordable = int(EXPENSIVE_CALL / (6.0 * model.parameters * self.batch)) + 1
        self.chunk = max(1, min(epochs * shortest, MOST_STEPS, MOST_INDICES // self.batch, affordable))
        for knob in ("cost", "l1", "l2"):
            self.set_live(knob, getattr(settings, knob))
        weighed = [number for number, tensor in enumerate(model.tensors) if len(tensor.shape) == 2]

        def cost(parts: Any, rows: Any) -> Any:
            error = model.predict(parts, tf.gather(data.x, rows)) - tf.gather(data.y, rows)
            present = tf.cast(rows < data.room, tf.float32)[:, None]
            each = costs.each_by_number(data.kind, error)
            return tf.math.divide_no_nan(tf.reduce_sum(present * each), tf.reduce_sum(present))

        def penalty(parts: Any) -> Any:
            absolute = tf.add_n([tf.reduce_sum(tf.abs(parts[number])) for number in weighed])
            square = tf.add_n([tf.reduce_sum(tf.square(parts[number])) for number in weighed])
            return l1 * absolute + l2 * square

        def relative_step(before: Any, after: Any) -> Any:
            return tf.norm(after - before) / tf.maximum(tf.norm(before), 1e-12)

        self._build(settings, cost, self._segment, -(-self.chunk // shortest) + 2, penalty, relative_step, compiled)

    def reset(self) -> None:
        """Back to the initial parameters and the seed's first batch; epochs are as long as the data make them."""
        self._take_data()
        super().reset()
        self._order = np.empty(0, np.int32)
        self.ratio, self.batch_rows = 0.0, np.empty(0, np.int32)

    def set_live(self, knob: str, value: Any) -> None:
        match knob:
            case "cost":
                self.data.set_cost(value)
            case "l1":
                self._l1.assign(value)
            case "l2":
                self._l2.assign(value)
            case _:
                super().set_live(knob, value)

    def restore(self, state: TrainingState) -> None:
        super().restore(state)
        self._segment.assign(self.steps_per_epoch)
        self._trained = self.data.points.rows(Part.TRAINING)

    def data_changed(self) -> None:
        """The data have other points now: the rest of this epoch is drawn from them."""
        self._trained = self.data.points.rows(Part.TRAINING)
        self._draw_order()

    def advance(self, steps: int) -> tuple[np.ndarray, list[tuple[int, np.ndarray]]]:
        costs, ends = super().advance(steps)
        if len(costs):
            self.ratio = float(self.watched[0][-1])
            rows = self._rows[len(costs) - 1]
            self.batch_rows = rows[rows < self.data.room].copy()
        return costs, ends

    def _take_data(self) -> None:
        self._trained = self.data.points.rows(Part.TRAINING)
        self.steps_per_epoch = max(1, len(self._trained) // self.batch)
        self._segment.assign(self.steps_per_epoch)

    def _draw_order(self) -> None:
        """The epoch's batches one after the other, each filled up with places that weigh nothing."""
        rows, places = self._trained, self.steps_per_epoch * self.batch
        if self.shuffle:
            rows = self._generator.permutation(rows).astype(np.int32)
        each = min(self.batch, len(rows))
        order = np.full((self.steps_per_epoch, self.batch), self.data.room, np.int32)
        # points may have been taken away since the epochs' length was fixed: then some come twice in an epoch
        order[:, :each] = np.resize(rows, (self.steps_per_epoch, each))
        self._order = order.reshape(places)
