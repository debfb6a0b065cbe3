"""The operations of a model's TensorFlow graph, layer by layer: what prediction, cost and gradient are made of.

Serves the regression's network view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.backend import backend
from engine.training.networks import Model

# constants, what changes nothing, and the ones and zeros that gradients begin with
UNSEEN = ("Const", "NoOp", "Placeholder", "Identity", "IdentityN", "Fill", "ZerosLike")
ELSEWHERE = "other"  # what belongs to no layer: the input, the cost, the joining of gradients


@dataclass(frozen=True)
class Operation:
    """One operation: its layer, whether it serves the gradient, its kind, name, and its first output's shape."""

    layer: str
    is_gradient: bool
    kind: str
    name: str
    shape: str


def of_model(model: Model, points: int) -> tuple[Operation, ...]:
    """Every operation of a step on ``points`` points, layer by layer, but for UNSEEN.

    Traced anew, without XLA, which would melt them into one.
    """
    tf = backend.tensorflow()

    def step(flat: Any, x: Any, y: Any) -> Any:
        parts = model.parts(flat)
        with tf.name_scope("forward"):
            prediction = model.predict(parts, x)
        with tf.name_scope("cost"):
            cost = tf.reduce_mean(tf.abs(prediction - y))
        return model.join(tf.gradients(cost, parts, unconnected_gradients=tf.UnconnectedGradients.ZERO))

    traced = tf.function(step, autograph=False).get_concrete_function(
        tf.TensorSpec([model.parameters]), tf.TensorSpec([points, 1]), tf.TensorSpec([points, 1])
    )
    layers = {tensor.name.partition("/")[0] for tensor in model.tensors} | {"output", "cost"}
    found = [
        Operation(
            next((part for part in operation.name.split("/") if part in layers), ELSEWHERE),
            operation.name.startswith("gradients/") or "Grad" in operation.type,
            operation.type,
            operation.name.rpartition("/")[2],
            _shape(operation),
        )
        for operation in traced.graph.get_operations()
        if operation.type not in UNSEEN
    ]
    order = [*dict.fromkeys(tensor.name.partition("/")[0] for tensor in model.tensors), "output", "cost", ELSEWHERE]
    return tuple(sorted(found, key=lambda operation: (order.index(operation.layer), operation.is_gradient)))


def _shape(operation: Any) -> str:
    if not operation.outputs:
        return ""
    dimensions = operation.outputs[0].shape
    if dimensions.rank is None:
        return "?"
    return "×".join("?" if size is None else str(size) for size in dimensions) or "scalar"
