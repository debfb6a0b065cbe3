"""Sharpness: the largest eigenvalue of a cost's Hessian, or of the preconditioned one, measured beside the training.

Lanczos iteration on Hessian-vector products (Golub and Van Loan 2013, "Matrix Computations", section 10.1), all of it
in one compiled call, begun with the eigenvector that was found the time before, until the residual is small. A residual
r bounds the error by r, and by r squared over the distance to the next eigenvalue (Parlett 1998, section 11.7).
Serves the frames of a trained model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.sample import evenly
from engine.backend import backend
from engine.frames import read_only
from engine.training import costs
from engine.training.networks import Model

KRYLOV = 6  # products of one call
TOLERANCE = 0.01  # of the eigenvalue: the residual's length
MOST_CALLS = 25  # for a first start, which may be far off; one or two do for what has moved a little
STIRRED = 0.05  # of the start is always the same noise, so that a direction that comes up is found
PRODUCTS = 2e7  # numbers multiplied for one Hessian-vector product at most: a millisecond or so


@dataclass(frozen=True, eq=False)
class Eigenpair:
    """``value`` and ``vector`` (parameters,) of length 1; ``is_exact``: whether its residual is within TOLERANCE.

    ``calls`` of the compiled iteration it took.
    """

    value: float
    vector: np.ndarray
    is_exact: bool
    calls: int


@dataclass(frozen=True, eq=False)
class SharpnessRecord:
    """What has been measured so far: ``epochs``, ``steps``, ``sharpness`` and the ``edge`` at each, (n,), read-only.

    ``edge`` is nan where the rule has none; ``points`` of the data are what it was measured on.
    """

    epochs: np.ndarray
    steps: np.ndarray
    sharpness: np.ndarray
    edge: np.ndarray
    points: int = 0

    def until(self, epoch: float) -> SharpnessRecord:
        """The part up to an epoch."""
        rows = int(np.searchsorted(self.epochs, epoch, side="right"))
        columns = (self.epochs, self.steps, self.sharpness, self.edge)
        return SharpnessRecord(*(column[:rows] for column in columns), self.points)

    def pairs(self, most: int) -> list[list[float]]:
        """At most so many [step, sharpness], evenly chosen, first and last included."""
        rows = evenly(len(self.steps), most)
        return [[int(self.steps[row]), float(self.sharpness[row])] for row in rows]


NOTHING = SharpnessRecord(*(read_only(np.empty(0)) for _ in range(4)))


class HessianSpectrum:
    """The upper end of one model's Hessian; may be asked from any thread. Compiled at the first question."""

    def __init__(self, model: Model) -> None:
        self._parameters = model.parameters
        self._noise = np.random.default_rng(0).normal(size=model.parameters)
        self._noise /= np.linalg.norm(self._noise)
        self._weighed = np.concatenate([np.full(t.size, float(len(t.shape) == 2), np.float32) for t in model.tensors])
        self._program = _lanczos(model)

    def most_points(self) -> int:
        """How many points it can be measured on in passing."""
        return max(16, int(PRODUCTS / (12 * self._parameters)))

    def compile(self, points: int, inputs: int = 1, outputs: int = 1) -> None:
        """Compile now, for data with so many points, and not at the first question."""
        size = min(points, self.most_points())
        shapes = [(self._parameters,)] * 4 + [(size, inputs), (size, outputs), (size,)]
        self._program(*(backend.tensorflow().zeros(shape) for shape in shapes), costs.number("squared"))

    def largest(
        self, parameters: np.ndarray, data: tuple[Any, Any, Any, Any], l2: float, stretch: np.ndarray | None = None,
        start: np.ndarray | None = None,
    ) -> Eigenpair | None:  # fmt: skip
        """The largest eigenvalue of the cost's Hessian, with its L2 penalty.

        ``data``: x (n, inputs), y (n, outputs), each point's weight (n,), and the cost's number, as tensors.
        ``stretch`` (parameters,) makes it that of the Hessian H preconditioned by it, D^-1 H.
        None where it is no number.
        """
        tf = backend.tensorflow()
        scale = np.ones(self._parameters) if stretch is None else 1 / np.sqrt(stretch)
        fixed = [tf.constant(np.asarray(part, np.float32)) for part in (parameters, scale, 2 * l2 * self._weighed)]
        vector = self._noise if start is None else start + STIRRED * self._noise
        found = None
        for calls in range(1, MOST_CALLS + 1):
            vector = vector / np.linalg.norm(vector)
            basis, diagonal, beside = (
                part.numpy().astype(float)
                for part in self._program(*fixed, tf.constant(vector.astype(np.float32)), *data)
            )
            if not (np.isfinite(diagonal).all() and np.isfinite(beside).all() and np.isfinite(basis).all()):
                return None
            values, shares = np.linalg.eigh(np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1))
            vector = shares[:, -1] @ basis
            residual = abs(beside[-1] * shares[-1, -1])
            found = Eigenpair(float(values[-1]), vector, residual <= TOLERANCE * abs(values[-1]) + 1e-9, calls)
            if found.is_exact:
                break
        return found


def _lanczos(model: Model) -> Any:
    """``program(flat, scale, ridge, start, x, y, weights, kind)``: basis (k, p), diagonal (k,), off-diagonal (k,).

    Of the operator v -> s (H + ridge) (s v), every vector made orthogonal to all before it twice, which single
    precision needs.
    """
    tf = backend.tensorflow()

    @tf.function(jit_compile=True, autograph=False, reduce_retracing=True)
    def program(flat: Any, scale: Any, ridge: Any, start: Any, x: Any, y: Any, weights: Any, kind: Any) -> Any:
        def product(vector: Any) -> Any:
            along = scale * vector
            with tf.GradientTape() as outer:
                outer.watch(flat)
                with tf.GradientTape() as inner:
                    inner.watch(flat)
                    each = costs.each_by_number(kind, model.predict(model.parts(flat), x) - y)
                    cost = tf.reduce_sum(weights * tf.reduce_sum(each, axis=1))
                slope = inner.gradient(cost, flat, unconnected_gradients=tf.UnconnectedGradients.ZERO)
            image = outer.gradient(
                slope, flat, output_gradients=along, unconnected_gradients=tf.UnconnectedGradients.ZERO
            )
            return scale * (image + ridge * along)

        def one(i: Any, vector: Any, basis: Any, diagonal: Any, beside: Any) -> Any:
            basis = tf.tensor_scatter_nd_update(basis, [[i]], [vector])
            image = product(vector)
            diagonal = tf.tensor_scatter_nd_update(diagonal, [[i]], [tf.reduce_sum(image * vector)])
            for _ in range(2):
                image -= tf.linalg.matvec(basis, tf.linalg.matvec(basis, image), transpose_a=True)
            length = tf.norm(image)
            beside = tf.tensor_scatter_nd_update(beside, [[i]], [length])
            return i + 1, tf.math.divide_no_nan(image, length), basis, diagonal, beside

        begun = [tf.constant(0), start, tf.zeros([KRYLOV, model.parameters]), tf.zeros([KRYLOV]), tf.zeros([KRYLOV])]
        _, _, basis, diagonal, beside = tf.while_loop(lambda i, *_: i < KRYLOV, one, begun)
        return basis, diagonal, beside

    return program
