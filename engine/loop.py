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
    leg: Any = None,
    mark: tuple[Callable[[], Any], Any] | None = None,
    legs: int | None = None,
) -> Any:
    """Compile ``program(count, first, feed) -> (done, records, marks, summary)``: up to ``chunk`` steps a call.

    Args:
        step: ``step(i, feed) -> (go_on, values)`` updates the variables; ``go_on`` is a scalar bool tensor.
        summary: tensors to return after the last step (the parameters, say).
        records: a tf.TensorSpec for each of step's values; each is recorded for every step, as (chunk, *shape).
        chunk: the most steps of one call; fixed, since XLA's shapes are.
        leg: the steps go in legs of this length (an epoch's), the first one of ``first`` steps; None is one leg.
            An int32 tf.Variable where the length may change; then ``legs`` says how many there are at most.
        mark: what to keep at the end of each leg, and its tf.TensorSpec; returned as (legs, *shape).

    ``count`` and ``first`` are int32 tensors and ``feed`` tensors of fixed shape: other values are no retrace.
    A call costs about a millisecond besides its steps, so a call should take many.
    """
    tf = backend.tensorflow()
    leg = chunk if leg is None else leg
    legs = -(-chunk // leg) + 1 if legs is None else legs

    @tf.function(jit_compile=True, autograph=False)
    def program(count: Any, first: Any, feed: Any) -> Any:
        def one_step(i: Any, end: Any, _: Any, *tables: Any) -> Any:
            go_on, values = step(i, feed)
            return i + 1, end, go_on, *(_with_row(table, i, row) for table, row in zip(tables, values, strict=True))

        def one_leg(i: Any, number: Any, go_on: Any, marks: Any, *tables: Any) -> Any:
            end = tf.minimum(count, first + number * leg)
            i, _, go_on, *tables = tf.while_loop(
                lambda i, end, go_on, *_: tf.logical_and(i < end, go_on), one_step, [i, end, go_on, *tables]
            )
            if mark is not None:
                marks = _with_row(marks, number, mark[0]())
            return i, number + 1, go_on, marks, *tables

        empty = [tf.zeros([chunk, *spec.shape], spec.dtype) for spec in records]
        marks = tf.zeros([legs, *mark[1].shape], mark[1].dtype) if mark is not None else tf.zeros([0])
        done, _, _, marks, *tables = tf.while_loop(
            lambda i, number, go_on, *_: tf.logical_and(i < count, go_on),
            one_leg,
            [tf.constant(0), tf.constant(0), tf.constant(True), marks, *empty],
        )
        return done, tables, marks, list(summary())

    return program


def _with_row(table: Any, number: Any, row: Any) -> Any:
    return backend.tensorflow().tensor_scatter_nd_update(table, [[number]], [row])
