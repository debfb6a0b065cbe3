"""Arithmetic: the same operations in NumPy and in TensorFlow, so that a formula's rules are written once.

Numbers of a formula are Python floats, which take the precision of the tensors that they meet.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np


class NumPyArithmetic:
    """float64, without warnings when it is used under ``np.errstate(all="ignore")``."""

    epsilon = float(np.finfo(np.float64).eps)

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def sigmoid(self, u: Any) -> Any:
        return np.exp(-np.logaddexp(0, -u))

    def softplus(self, u: Any) -> Any:
        return np.logaddexp(0, u)

    def as_value(self, u: Any) -> Any:
        return np.asarray(u, np.float64)[()]


class TensorArithmetic:
    """TensorFlow's, in the precision of the formula's parameters; every operation has a kernel in XLA."""

    _names = {  # noqa: RUF012
        "arcsin": "asin",
        "arccos": "acos",
        "arctan": "atan",
        "arcsinh": "asinh",
        "arccosh": "acosh",
        "arctanh": "atanh",
    }

    def __init__(self, tensorflow: ModuleType, dtype: Any) -> None:
        self._tf, self._dtype = tensorflow, dtype
        self.epsilon = float(np.finfo(dtype.as_numpy_dtype).eps)

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self._tf.math, self._names.get(name, name))
        return lambda u: operation(self.as_value(u))

    def as_value(self, u: Any) -> Any:
        return self._tf.convert_to_tensor(u, self._dtype)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        return self._tf.where(condition, self.as_value(a), self.as_value(b))

    def stack(self, parts: Any) -> Any:
        return self._tf.stack(parts)

    def isfinite(self, u: Any) -> Any:
        return self._tf.math.is_finite(self.as_value(u))

    def maximum(self, a: Any, b: Any) -> Any:
        return self._tf.math.maximum(self.as_value(a), self.as_value(b))

    def minimum(self, a: Any, b: Any) -> Any:
        return self._tf.math.minimum(self.as_value(a), self.as_value(b))

    def power(self, a: Any, b: Any) -> Any:
        return self._tf.math.pow(self.as_value(a), self.as_value(b))

    def arctan2(self, a: Any, b: Any) -> Any:
        return self._tf.math.atan2(self.as_value(a), self.as_value(b))

    def mod(self, a: Any, b: Any) -> Any:
        return self._tf.math.floormod(self.as_value(a), self.as_value(b))

    def hypot(self, a: Any, b: Any) -> Any:
        tf, a, b = self._tf, self.as_value(a), self.as_value(b)
        size = tf.math.maximum(tf.abs(a), tf.abs(b))  # neither the square of a large nor of a small one is taken
        unit = tf.where(size > 0, size, tf.ones_like(size))
        return size * tf.sqrt(tf.square(a / unit) + tf.square(b / unit))

    def log2(self, u: Any) -> Any:
        return self._tf.math.log(u) / float(np.log(2))

    def log10(self, u: Any) -> Any:
        return self._tf.math.log(u) / float(np.log(10))

    def cbrt(self, u: Any) -> Any:
        return self._tf.sign(u) * self._tf.pow(self._tf.abs(u), self.as_value(1 / 3))
