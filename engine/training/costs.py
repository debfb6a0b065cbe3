"""The cost functions, once: what the training minimises, what is measured, and what slices and maps show.

Each error e counts as |e| (absolute), e² (squared), e²/2 (half_squared, whose gradient is the error itself), or after
Huber 1964 with delta 1: e²/2 up to |e| = 1, and |e| - 1/2 beyond.
Station of the loop: the runner.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from engine.backend import backend

COSTS = {
    "absolute": "absolute error",
    "squared": "squared error",
    "huber": "Huber",
    "half_squared": "half the squared error",
}
QUADRATIC = ("squared", "half_squared")  # of a model that is linear in its parameters
KINDS = tuple(COSTS)  # the number of a cost is its place here


def each(name: str, error: Any, m: ModuleType | Any = np) -> Any:
    """The cost of each error, in the error's shape; ``m`` is numpy, or tensorflow.math within a graph."""
    size = m.abs(error)
    if name == "absolute":
        return size
    if name == "squared":
        return m.square(error)
    if name == "half_squared":
        return 0.5 * m.square(error)
    where = np.where if m is np else backend.tensorflow().where
    return where(size <= 1, 0.5 * m.square(error), size - 0.5)


def each_by_number(kind: Any, error: Any) -> Any:
    """The same in the graph, where the cost is a scalar tensor with its place in KINDS and may move between steps."""
    tf = backend.tensorflow()
    first, *others = (each(name, error, tf.math) for name in KINDS)
    for place, counted in enumerate(others, start=1):
        first = tf.where(kind == place, counted, first)
    return first


def cost(name: str, error: Any) -> Any:
    """The cost of errors (n, outputs), in the graph: summed over the outputs, averaged over n."""
    tf = backend.tensorflow()
    return tf.reduce_mean(tf.reduce_sum(each(name, error, tf.math), axis=1))


def number(name: str) -> Any:
    """The cost's place in KINDS as a tensor, for each_by_number()."""
    return backend.tensorflow().constant(KINDS.index(name))
