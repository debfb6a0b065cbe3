"""A value with a gradient of its own, written once for all graphs.

Each call of tf.custom_gradient registers one more gradient with TensorFlow, for good, and with it the graph that it
was called in: megabytes for every network that is ever built. Here a gradient is registered once, under its name, and
knows its graph by the operation that it is asked for. Serves the layers of every network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from engine.backend import backend

Gradient = Callable[..., Sequence[Any]]  # (*inputs, upstream) -> a gradient for each input


def with_own_gradient(value: Any, inputs: Sequence[Any], gradient: Gradient) -> Any:
    """``value``, which was computed from ``inputs``, for which tf.gradients will call ``gradient(*inputs, upstream)``.

    ``gradient`` must be a function of a module, not made anew for each call. A GradientTape doesn't ask for it, and
    differentiates the value as it was computed: the gradient has to be the same but for its speed. Outside of a graph
    the value is returned as it is.
    """
    tf = backend.tensorflow()
    if tf.executing_eagerly():
        return value
    with tf.compat.v1.get_default_graph().gradient_override_map({"IdentityN": _registered(gradient)}):
        return tf.identity_n([value, *inputs])[0]


@cache
def _registered(gradient: Gradient) -> str:
    name = f"{gradient.__module__}.{gradient.__qualname__}"

    @backend.tensorflow().RegisterGradient(name)
    def of_operation(operation: Any, upstream: Any, *_: Any) -> list[Any]:
        return [None, *gradient(*operation.inputs[1:], upstream)]

    return name
