"""The training loop: many steps inside one XLA-compiled TensorFlow graph, so Python and its GIL are out of the way.

Both kinds of descent, of a network's parameters and of a point on a landscape, run in this one loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.backend import backend


def many_steps(
    step: Callable[[Any, Any], tuple[Any, Sequence[Any]]],
    summary: Callable[[], Sequence[Any]],
    records: Sequence[Any],
    chunk: int,
    segment: Any = None,
    checkpoint: tuple[Callable[[], Any], Any] | None = None,
    segments: int | None = None,
) -> Any:
    """Compile ``program(count, first, feed) -> (done, records, checkpoints, summary)``: up to ``chunk`` steps a call.

    Args:
        step: ``step(i, feed) -> (go_on, values)`` updates the variables; ``go_on`` is a scalar bool tensor.
        summary: tensors to return after the last step (the parameters, say).
        records: a tf.TensorSpec for each of step's values; each is recorded for every step, as (chunk, *shape).
        chunk: the most steps of one call; fixed, since XLA's shapes are.
        segment: the steps go in segments of this length (an epoch's), the first one of ``first`` steps; None is one.
            An int32 tf.Variable where the length may change; then ``segments`` says how many there are at most.
        checkpoint: what to keep at the end of each segment, and its tf.TensorSpec; returned as (segments, *shape).

    ``count`` and ``first`` are int32 tensors and ``feed`` tensors of fixed shape: other values are no retrace.
    A call costs about a millisecond besides its steps, so a call should take many.
    """
    tf = backend.tensorflow()
    segment = chunk if segment is None else segment
    segments = -(-chunk // segment) + 1 if segments is None else segments

    @tf.function(jit_compile=True, autograph=False)
    def program(count: Any, first: Any, feed: Any) -> Any:
        def one_step(i: Any, end: Any, _: Any, *tables: Any) -> Any:
            go_on, values = step(i, feed)
            return i + 1, end, go_on, *(_with_row(table, i, row) for table, row in zip(tables, values, strict=True))

        def one_segment(i: Any, number: Any, go_on: Any, checkpoints: Any, *tables: Any) -> Any:
            end = tf.minimum(count, first + number * segment)
            i, _, go_on, *tables = tf.while_loop(
                lambda i, end, go_on, *_: tf.logical_and(i < end, go_on), one_step, [i, end, go_on, *tables]
            )
            if checkpoint is not None:
                checkpoints = _with_row(checkpoints, number, checkpoint[0]())
            return i, number + 1, go_on, checkpoints, *tables

        empty = [tf.zeros([chunk, *spec.shape], spec.dtype) for spec in records]
        checkpoints = (
            tf.zeros([segments, *checkpoint[1].shape], checkpoint[1].dtype) if checkpoint is not None else tf.zeros([0])
        )
        done, _, _, checkpoints, *tables = tf.while_loop(
            lambda i, number, go_on, *_: tf.logical_and(i < count, go_on),
            one_segment,
            [tf.constant(0), tf.constant(0), tf.constant(True), checkpoints, *empty],
        )
        return done, tables, checkpoints, list(summary())

    return program


def _with_row(table: Any, number: Any, row: Any) -> Any:
    return backend.tensorflow().tensor_scatter_nd_update(table, [[number]], [row])
