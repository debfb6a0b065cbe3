"""How a model's parameters are held while it trains: every large matrix by itself, all small tensors in one vector.

A step reads each weight matrix several times. Cut out of one long vector it would be copied first, every step; held as
a variable of its own it is multiplied where it lies. The many small tensors stay together, so that their update is one
fused loop and not one a tensor. Station of the loop: the runner's advance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.backend import backend
from engine.training.networks import Model

LARGE = 1024  # numbers; a smaller tensor is sooner copied than updated by itself


class Groups:
    """Cuts a model's flat vector into groups, and puts groups, tensors and the vector into one another.

    Order of the groups: each large tensor in its own shape, then the small ones as one vector, if there are any.
    ``by_tensor``: none are mixed, for a rule that looks at a tensor as a whole.
    """

    def __init__(self, model: Model, by_tensor: bool = False) -> None:
        self._model = model
        sizes = [tensor.size for tensor in model.tensors]
        self._large = [number for number, size in enumerate(sizes) if by_tensor or size >= LARGE]
        self._small = [number for number in range(len(sizes)) if number not in self._large]
        self._small_sizes = [sizes[number] for number in self._small]

    def of_vector(self, flat: np.ndarray) -> list[np.ndarray]:
        """The groups' values in a parameter vector, float32 (parameters,); outside the graph."""
        arrays = self._model.arrays(flat)
        groups = [arrays[number] for number in self._large]
        if self._small:
            groups.append(np.concatenate([arrays[number].ravel() for number in self._small]))
        return groups

    def parts(self, groups: Sequence[Any]) -> list[Any]:
        """The model's tensors, in the order of Model.tensors; in the graph."""
        tf, tensors = backend.tensorflow(), self._model.tensors
        parts: list[Any] = [None] * len(tensors)
        for number, value in zip(self._large, groups, strict=False):
            parts[number] = value
        if self._small:
            for number, piece in zip(self._small, tf.split(groups[-1], self._small_sizes), strict=True):
                parts[number] = tf.reshape(piece, tensors[number].shape)
        return parts

    def of_gradients(self, parts: Sequence[Any]) -> list[Any]:
        """The inverse of parts(), for gradients by tensor; in the graph.

        The first tensor's gradient is the last that backpropagation finds. A zero made of it is added to every large
        one: so no weight is updated before all have been read, and XLA writes them in place instead of copying them.
        """
        tf = backend.tensorflow()
        zero = 0.0 * tf.reshape(parts[0], [-1])[0] if self._large else 0.0
        groups = [parts[number] + zero for number in self._large]
        if self._small:
            groups.append(tf.concat([tf.reshape(parts[number], [-1]) for number in self._small], 0))
        return groups

    def vector(self, groups: Sequence[Any]) -> Any:
        """The parameter vector, float32 (parameters,); in the graph."""
        return self._model.join(self.parts(groups))
