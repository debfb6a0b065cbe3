"""The training loop: many steps inside one XLA-compiled TensorFlow graph, so Python and its GIL are out of the way.

Both kinds of descent, of a network's parameters and of a point on a landscape, run in this one loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine import backend


def many_steps(
    step: Callable[[Any, Any], tuple[Any, Sequence[Any]]],
    summary: Callable[[], Sequence[Any]],
    records: Sequence[Any],
    chunk: int,
) -> Any:
    """Compile ``program(count, feed) -> (done, records, summary)``, which takes up to ``chunk`` steps a call.

    Args:
        step: ``step(i, feed) -> (go_on, values)`` updates the variables; ``go_on`` is a scalar bool tensor.
        summary: tensors to return after the last step (the parameters, say).
        records: a tf.TensorSpec for each of step's values; each is recorded for every step, as (chunk, *shape).
        chunk: the most steps of one call; fixed, since XLA's shapes are.

    ``count`` is an int32 tensor and ``feed`` tensors of fixed shape: another value of either is no retrace.
    """
    tf = backend.tensorflow()

    @tf.function(jit_compile=True, autograph=False)
    def program(count: Any, feed: Any) -> Any:
        def body(i: Any, _: Any, *tables: Any) -> Any:
            go_on, values = step(i, feed)
            rows = [
                tf.tensor_scatter_nd_update(table, [[i]], [value]) for table, value in zip(tables, values, strict=True)
            ]
            return i + 1, go_on, *rows

        empty = [tf.zeros([chunk, *spec.shape], spec.dtype) for spec in records]
        done, _, *tables = tf.while_loop(
            lambda i, go_on, *_: tf.logical_and(i < count, go_on), body, [tf.constant(0), tf.constant(True), *empty]
        )
        return done, tables, list(summary())

    return program
