"""The cost of a model over two directions of its parameters: exact for a line, a slice for everything else.

Random directions are filter-normalised (Li, Xu, Taylor, Studer and Goldstein 2018, "Visualizing the Loss Landscape of
Neural Nets"): each neuron's weights get a direction as long as they are, so that slices of different networks can be
compared. The main directions are the first two principal components of the run's own path. Serves the
landscapes of regression and painting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.analysis.cost_surface import CostSurface
from engine.analysis.terrain import Terrain
from engine.backend import backend
from engine.frames import read_only
from engine.training.costs import KINDS, each, each_by_number
from engine.training.networks import Model, Tensor

SIDE = 41
FINE_SIDE = 81  # of the line's landscape, which is cheap
LEAST_POINTS, MOST_POINTS = 8, 512
PRODUCTS = 9e9  # numbers multiplied for a slice: some tenths of a second beside the training
MARGIN = 0.25  # about a run's trajectory, as a share of its length


Sample = tuple[np.ndarray, np.ndarray, Any]  # x (n, inputs), y (n, outputs), and the cost's number as a tensor


def of_a_line(sample: Sample, l1: float, l2: float, path: np.ndarray) -> CostSurface:
    """The exact cost of y = W x + B over all training points, around the best line and the run's path (n, 2)."""
    x, y = (part[:, 0].astype(float) for part in sample[:2])
    kind = KINDS[int(sample[2].numpy())]
    best = best_line(x, y)
    around = np.concatenate([path, best[None]])
    low, high = around.min(axis=0), around.max(axis=0)
    tall, wide = (max(float(values.std()), 0.1) for values in (y, x))
    half = np.maximum((high - low) * (0.5 + MARGIN), [1.2 * tall / wide, 1.2 * tall])
    middle = (low + high) / 2
    w, b = (np.linspace(middle[i] - half[i], middle[i] + half[i], FINE_SIDE) for i in range(2))
    cost = np.empty((FINE_SIDE, FINE_SIDE))
    for row, offset in enumerate(b):
        error = w[:, None] * x + offset - y
        cost[row] = each(kind, error).mean(axis=1)
    cost += l1 * np.abs(w) + l2 * np.square(w)
    minimum = np.unravel_index(cost.argmin(), cost.shape)
    terrain = _terrain(w, b, cost, np.array([[w[minimum[1]], b[minimum[0]]]]))
    return CostSurface(terrain, np.zeros(2), np.eye(2), ("W", "B"), "Exact cost of every line", True, 1.0, len(x))


def best_line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """W and B of the least-squares line, (2,): a good middle for the picture whatever the cost."""
    if len(x) < 2 or np.ptp(x) == 0:
        return np.array([0.0, float(y.mean())])
    return np.polyfit(x, y, 1)


class Slices:
    """Slices of one model's cost, traced once, when the first is asked for.

    A ``sample`` is what the cost is measured on; it need not have more points than affordable().
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._program: Any = None

    def about(
        self, parameters: np.ndarray, path: Sequence[np.ndarray], sample: Sample, directions: str, seed: int
    ) -> CostSurface:
        """The slice through these parameters along "main" or "random" directions.

        Random ones too where the run has not gone far enough to have main directions.
        """
        found = self.main(parameters, path, sample) if directions == "main" else None
        return self.random(parameters, sample, seed) if found is None else found

    def random(self, parameters: np.ndarray, sample: Sample, seed: int) -> CostSurface:
        """Two filter-normalised random directions about these parameters, to as far as the parameters are large."""
        generator = np.random.default_rng([seed, 7])
        directions = [filter_normalised(self._model.tensors, parameters, generator) for _ in range(2)]
        reach = np.linspace(-1, 1, SIDE)
        title = "Slice: random directions"
        return self._surface(parameters, np.array(directions), (reach, reach), sample, title, None, ("α", "β"))

    def main(self, parameters: np.ndarray, path: Sequence[np.ndarray], sample: Sample) -> CostSurface | None:
        """The two main directions of the run's path; None while it has none."""
        found = main_directions(path)
        if found is None:
            return None
        directions, share = found
        places = (np.array(path, float) - parameters) @ directions.T
        low, high = np.minimum(places.min(axis=0), 0), np.maximum(places.max(axis=0), 0)
        room = np.maximum((high - low) * MARGIN, 0.35 * (high - low).max())
        axes = tuple(np.linspace(low[i] - room[i], high[i] + room[i], SIDE) for i in range(2))
        title = "Slice: main directions"
        return self._surface(parameters, directions, axes, sample, title, share, ("1st direction", "2nd direction"))

    def affordable(self) -> int:
        """How many points a slice may look at, to be there within a second."""
        return int(np.clip(PRODUCTS / (2 * SIDE * SIDE * self._model.parameters), LEAST_POINTS, MOST_POINTS))

    def _surface(
        self,
        origin: np.ndarray,
        directions: np.ndarray,
        axes: tuple[np.ndarray, ...],
        sample: Sample,
        title: str,
        share: float | None,
        names: tuple[str, str],
    ) -> CostSurface:
        tf = backend.tensorflow()
        if self._program is None:
            self._program = self._traced()
        x, y, kind = sample
        wanted, given = self.affordable(), len(x)
        x, y = (np.resize(part, (wanted, part.shape[1])) for part in (x, y))  # one shape, so one trace
        weights = (np.arange(wanted) < given).astype(np.float32)[:, None]
        arguments = [np.asarray(value, np.float32) for value in (origin, directions, *axes, x, y, weights)]
        cost = self._program(*(tf.constant(value) for value in arguments), kind).numpy().astype(float)
        minimum = np.unravel_index(np.nanargmin(np.where(np.isfinite(cost), cost, np.inf)), cost.shape)
        lowest = np.array([[axes[0][minimum[1]], axes[1][minimum[0]]]])
        terrain = _terrain(axes[0], axes[1], cost, lowest)
        return CostSurface(
            terrain, np.asarray(origin, float), directions.astype(float), names, title, False, share, min(wanted, given)
        )

    def _traced(self) -> Any:
        tf = backend.tensorflow()
        model = self._model
        in_turn = {"parallel_iterations": 2}  # enough for two cores; more would only take memory

        # Not by XLA: the operations are few and large, so a call is no slower, and nobody waits for a compiler.
        @tf.function(autograph=False)
        def program(origin: Any, directions: Any, a: Any, b: Any, x: Any, y: Any, weights: Any, kind: Any) -> Any:
            along_a = model.parts(directions[0])

            def one_row(row: Any, costs: Any) -> Any:
                start = model.parts(origin + b[row] * directions[1])

                def one(column: Any, costs: Any) -> Any:
                    parts = tf.nest.map_structure(lambda part, along: part + a[column] * along, start, along_a)
                    error = model.predict(parts, x) - y
                    summed = tf.reduce_sum(each_by_number(kind, error), axis=1, keepdims=True)
                    cost = tf.reduce_sum(weights * summed) / tf.reduce_sum(weights)
                    return column + 1, costs.write(row * SIDE + column, cost)

                along = tf.while_loop(lambda column, _: column < SIDE, one, [tf.constant(0), costs], **in_turn)
                return row + 1, along[1]

            start = [tf.constant(0), tf.TensorArray(tf.float32, SIDE * SIDE)]
            _, costs = tf.while_loop(lambda row, _: row < SIDE, one_row, start, **in_turn)
            return tf.reshape(costs.stack(), (SIDE, SIDE))

        return program


def filter_normalised(tensors: Sequence[Tensor], parameters: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """A random direction, (p,): each neuron's part of it, weights and bias alike, is as long as that part is now."""
    direction, start = [], 0
    for tensor in tensors:
        values = parameters[start : start + tensor.size].reshape(-1, tensor.shape[-1])  # (fan in, neurons)
        start += tensor.size
        drawn = generator.normal(size=values.shape)
        length = np.linalg.norm(drawn, axis=0)
        direction.append((drawn * np.linalg.norm(values, axis=0) / np.where(length > 0, length, 1)).ravel())
    return np.concatenate(direction)


def main_directions(path: Sequence[np.ndarray]) -> tuple[np.ndarray, float] | None:
    """The path's first two principal components (2, p), of length one, and the share of its spread in them.

    None while the path has fewer than three different places.
    """
    if len(path) < 3:
        return None
    places = np.array(path, float)
    places -= places.mean(axis=0)
    # the components from the small (n, n) matrix of inner products: p may be half a million
    values, vectors = np.linalg.eigh(places @ places.T)
    total = float(values.clip(0).sum())
    if total < 1e-12 or values[-2] < 1e-9 * total:
        return None
    directions = (vectors[:, [-1, -2]] / np.sqrt(values[[-1, -2]])).T @ places
    return directions, float(values[-2:].sum() / total)


def _terrain(x: np.ndarray, y: np.ndarray, z: np.ndarray, lowest: np.ndarray) -> Terrain:
    finite = z[np.isfinite(z)]
    z = np.where(np.isfinite(z), z, finite.max() if len(finite) else 0.0)
    least, middle, most = float(z.min()), float(np.median(z)), float(z.max())
    is_steep = most - least > 6 * max(middle - least, 1e-12)  # else one high corner leaves the rest without colour
    return Terrain(read_only(x), read_only(y), read_only(z), read_only(lowest), logarithmic=is_steep)
