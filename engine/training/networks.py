"""Models as plain functions of a flat parameter vector, with the layout that gives every number its name.

All parameters of a model live in one vector: an optimizer's update is then one fused loop, a snapshot one copy, and
rewinding one assignment. A layout cuts the vector into named tensors (layer_1/W, layer_1/b, ...).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from engine.backend import backend
from engine.backend.own_gradient import with_own_gradient
from engine.backend.sines import sine

ACTIVATIONS: dict[str, str] = {
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "relu": "relu",
    "leaky_relu": "leaky relu",
    "elu": "elu",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu (swish)",
    "softplus": "softplus",
    "softsign": "softsign",
    "linear": "none (linear)",
}

# name -> label; the Keras initializer of each is made in _initializer
INITIALIZERS: dict[str, str] = {
    "normal": "normal",
    "glorot_uniform": "Glorot uniform",
    "glorot_normal": "Glorot normal",
    "he_uniform": "He uniform",
    "he_normal": "He normal",
    "lecun_normal": "LeCun normal",
    "orthogonal": "orthogonal",
}


STREAM = 1  # of the run's seed; each use of it draws from a stream of its own, numbered one after the other

NARROW = 4  # outputs, up to which a layer's inputs get their gradient sooner as sums than as a product
TALL = 2  # times as many inputs as outputs, from which the outputs are the cheaper ones to transpose


@dataclass(frozen=True)
class Tensor:
    """One named part of the parameter vector; ``initializer`` is an entry of INITIALIZERS, or a constant."""

    name: str
    shape: tuple[int, ...]
    initializer: str | float = 0.0
    scale: float = 0.1

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))


@dataclass(frozen=True)
class Model:
    """``predict(parts, x)`` maps parts shaped as ``tensors`` and x (n, inputs) to (n, outputs), in the graph.

    What can be looked at inside, where there is something: ``terms(parts, x)`` gives (n, terms), which add up to the
    one output, and ``term_names`` says what each is; ``hidden(parts, x)`` gives each hidden layer's sums before the
    activation and its outputs after it, two (n, width) a layer.
    """

    tensors: tuple[Tensor, ...]
    predict: Callable[[Sequence[Any], Any], Any]
    terms: Callable[[Sequence[Any], Any], Any] | None = None
    term_names: tuple[str, ...] = ()
    hidden: Callable[[Sequence[Any], Any], list[tuple[Any, Any]]] | None = None
    activation: Callable[[Any], Any] | None = None  # the hidden layers'

    @property
    def parameters(self) -> int:
        """How many numbers the model has."""
        return sum(tensor.size for tensor in self.tensors)

    def parts(self, flat: Any) -> list[Any]:
        """The flat vector (parameters,) cut into its tensors, in the graph."""
        tf = backend.tensorflow()
        pieces = tf.split(flat, [tensor.size for tensor in self.tensors])
        return [tf.reshape(piece, tensor.shape) for piece, tensor in zip(pieces, self.tensors, strict=True)]

    def arrays(self, flat: np.ndarray) -> list[np.ndarray]:
        """The flat vector (parameters,) cut into its tensors, as views of it; outside the graph."""
        pieces = np.split(flat, np.cumsum([tensor.size for tensor in self.tensors])[:-1])
        return [piece.reshape(tensor.shape) for piece, tensor in zip(pieces, self.tensors, strict=True)]

    def layers(self) -> dict[str, list[int]]:
        """The layers' names, each with the numbers of its tensors."""
        found: dict[str, list[int]] = {}
        for number, tensor in enumerate(self.tensors):
            found.setdefault(tensor.name.partition("/")[0], []).append(number)
        return found

    def join(self, parts: Sequence[Any]) -> Any:
        """The inverse of parts(), in the graph."""
        tf = backend.tensorflow()
        return tf.concat([tf.reshape(part, [-1]) for part in parts], 0)

    def initial(self, seed: int) -> np.ndarray:
        """Fresh parameters, float32 (parameters,); the same seed gives the same ones."""
        drawn = []
        seeds = np.random.SeedSequence([seed, STREAM]).generate_state(len(self.tensors))
        for tensor, own_seed in zip(self.tensors, seeds, strict=True):
            if isinstance(tensor.initializer, float):
                drawn.append(np.full(tensor.size, tensor.initializer))
            else:
                initializer = _initializer(tensor, int(own_seed))
                drawn.append(np.asarray(initializer(tensor.shape)).ravel())
        return np.concatenate(drawn).astype(np.float32)


def _initializer(tensor: Tensor, seed: int) -> Any:
    initializers = backend.keras().initializers
    match tensor.initializer:
        case "normal":
            return initializers.RandomNormal(0.0, tensor.scale, seed=seed)
        case "uniform":
            return initializers.RandomUniform(-tensor.scale, tensor.scale, seed=seed)
        case "orthogonal":
            return initializers.Orthogonal(seed=seed)
        case name:
            scale, mode, spread = {
                "glorot_uniform": (1.0, "fan_avg", "uniform"),
                "glorot_normal": (1.0, "fan_avg", "truncated_normal"),
                "he_uniform": (2.0, "fan_in", "uniform"),
                "he_normal": (2.0, "fan_in", "truncated_normal"),
                "lecun_normal": (1.0, "fan_in", "truncated_normal"),
            }[name]
            return initializers.VarianceScaling(scale, mode, spread, seed=seed)


def activation_of(name: str) -> Callable[[Any], Any]:
    """The function of an entry of ACTIVATIONS, in the graph."""
    return _silu if name == "silu" else backend.keras().activations.get(name)


def _silu(x: Any) -> Any:
    # TensorFlow's own is a tf.custom_gradient, of which each use is kept for good (see engine.backend.own_gradient)
    return x * backend.tensorflow().sigmoid(x)


def dense(
    inputs: int,
    outputs: int,
    depth: int,
    width: int | Sequence[int],
    activation: str,
    initializer: str,
    scale: float,
    summed: bool = False,
) -> Model:
    """Fully connected layers: h = activation(h W + b), and a linear layer at the end.

    ``width`` is every hidden layer's, or one number for each of them.

    With ``summed`` the last hidden layer's neurons are added up instead (outputs must be 1), as the lecture does.
    """
    hidden_widths = [width] * depth if isinstance(width, int) else list(width)
    widths = [inputs, *hidden_widths, *([] if summed else [outputs])]
    tensors = []
    for number, (fan_in, fan_out) in enumerate(pairwise(widths), start=1):
        name = "output" if not summed and number == len(widths) - 1 else f"layer_{number}"
        tensors.append(Tensor(f"{name}/W", (fan_in, fan_out), initializer, scale))
        tensors.append(Tensor(f"{name}/b", (fan_out,)))

    activate = activation_of(activation)

    def hidden(parts: Sequence[Any], x: Any) -> list[tuple[Any, Any]]:
        tf = backend.tensorflow()
        layers = []
        for number in range(depth):
            with tf.name_scope(f"layer_{number + 1}"):
                before = affine(x, parts[2 * number], parts[2 * number + 1])
                x = activate(before)
            layers.append((before, x))
        return layers

    def predict(parts: Sequence[Any], x: Any) -> Any:
        tf = backend.tensorflow()
        last = hidden(parts, x)[-1][1] if depth else x
        with tf.name_scope("output"):
            if summed:
                return tf.reduce_sum(last, axis=1, keepdims=True)
            return affine(last, parts[-2], parts[-1])

    def terms(parts: Sequence[Any], x: Any) -> Any:
        tf = backend.tensorflow()
        last = hidden(parts, x)[-1][1] if depth else x
        if summed:
            return last
        return tf.concat([last * parts[-2][:, 0], tf.broadcast_to(parts[-1], (x.shape[0], 1))], axis=1)

    neurons = tuple(f"neuron {number + 1}" for number in range(widths[depth]))
    names = neurons if summed else (*neurons, "bias")
    return Model(tuple(tensors), predict, terms if outputs == 1 else None, names, hidden, activate)


def siren(inputs: int, outputs: int, depth: int, width: int, frequency: float) -> Model:
    """Layers h = sin(frequency (h W + b)), and a linear one at the end; x is expected in -sqrt(3)..sqrt(3).

    Initial values after Sitzmann et al. 2020, "Implicit Neural Representations with Periodic Activation Functions":
    first layer U(-1/n, 1/n), the others U(-sqrt(6/n)/frequency, +), so that every layer's sums are spread alike.
    """
    widths = [inputs] + [width] * depth + [outputs]
    tensors = []
    for number, (fan_in, fan_out) in enumerate(pairwise(widths), start=1):
        name = "output" if number == len(widths) - 1 else f"layer_{number}"
        limit = 1 / fan_in if number == 1 and depth else (6 / fan_in) ** 0.5 / frequency
        tensors.append(Tensor(f"{name}/W", (fan_in, fan_out), "uniform", limit))
        tensors.append(Tensor(f"{name}/b", (fan_out,), "uniform", fan_in**-0.5))

    def activation(sums: Any) -> Any:
        return sine(frequency * sums)

    def hidden(parts: Sequence[Any], x: Any) -> list[tuple[Any, Any]]:
        layers, x = [], x / 3**0.5
        for number in range(depth):
            before = affine(x, parts[2 * number], parts[2 * number + 1])
            x = activation(before)
            layers.append((before, x))
        return layers

    def predict(parts: Sequence[Any], x: Any) -> Any:
        last = hidden(parts, x)[-1][1] if depth else x
        return affine(last, parts[-2], parts[-1])

    return Model(tuple(tensors), predict, hidden=hidden, activation=activation)


def affine(x: Any, weights: Any, bias: Any) -> Any:
    """x (n, inputs) times weights (inputs, outputs) plus bias (outputs,); its gradient is made for XLA."""
    return with_own_gradient(x @ weights + bias, [x, weights, bias], affine_gradients)


def affine_gradients(x: Any, weights: Any, bias: Any, upstream: Any) -> tuple[Any, Any, Any]:
    """The gradients of affine()'s inputs, each in its shape, for what comes from above (n, outputs).

    The weights' gradient is the transpose of x times what comes from above. XLA's fast product takes rows that lie in
    memory one after the other, and leaves a transposed factor to a slower one; so the smaller of the two factors is
    transposed first. A row more keeps XLA from turning that back: with ones in it, it adds up the bias's gradient on
    the way. That makes 7 % more steps a second of layers of 64 by 64, 11 % of narrower ones, and 3 % of 256 by 256.
    """
    tf = backend.tensorflow()
    inputs, outputs = weights.shape
    if inputs < TALL * outputs:
        both = tf.pad(tf.transpose(x), [[0, 1], [0, 0]], constant_values=1.0) @ upstream
        of_weights, of_bias = both[:-1], both[-1]
    else:
        turned = tf.pad(tf.transpose(upstream), [[0, 1], [0, 0]]) @ x
        of_weights, of_bias = tf.transpose(turned[:-1]), tf.reduce_sum(upstream, axis=0)
    if outputs <= NARROW:
        of_x = tf.add_n([upstream[:, k : k + 1] * weights[:, k] for k in range(outputs)])
    else:
        of_x = tf.matmul(upstream, weights, transpose_b=True)
    return of_x, of_weights, of_bias


def line(scale: float) -> Model:
    """y = W x + B, with W ~ N(0, scale) and B = 1 as in the lecture."""
    tensors = (Tensor("line/W", (1, 1), "normal", scale), Tensor("line/B", (1,), 1.0))

    def terms(parts: Sequence[Any], x: Any) -> Any:
        tf = backend.tensorflow()
        return tf.concat([x @ parts[0], tf.broadcast_to(parts[1], (x.shape[0], 1))], axis=1)

    return Model(tensors, lambda parts, x: x @ parts[0] + parts[1], terms, ("W x", "B"))


def linear_sum(width: int, scale: float) -> Model:
    """y = sum over ``width`` neurons of (w x + b): many numbers, and still only a line."""
    tensors = (Tensor("layer_1/W", (1, width), "normal", scale), Tensor("layer_1/b", (width,)))

    def terms(parts: Sequence[Any], x: Any) -> Any:
        return x @ parts[0] + parts[1]

    def predict(parts: Sequence[Any], x: Any) -> Any:
        return backend.tensorflow().reduce_sum(terms(parts, x), axis=1, keepdims=True)

    return Model(tensors, predict, terms, tuple(f"neuron {number + 1}" for number in range(width)))


def polynomial(degree: int, scale: float, unit: float = 1.0) -> Model:
    """y = b0 + sum of w_i (x / unit)^i, i = 0..degree; b0 ~ N(0, 1), w ~ N(0, scale); ``unit`` scales the columns."""
    tensors = (Tensor("polynomial/b", (1,), "normal", 1.0), Tensor("polynomial/w", (degree + 1, 1), "normal", scale))

    def powers(x: Any) -> Any:
        tf = backend.tensorflow()
        columns = [tf.ones_like(x)]
        for _ in range(degree):
            columns.append(columns[-1] * (x / unit))
        return tf.concat(columns, axis=1)

    def terms(parts: Sequence[Any], x: Any) -> Any:
        tf = backend.tensorflow()
        return tf.concat([tf.broadcast_to(parts[0], (x.shape[0], 1)), powers(x) * parts[1][:, 0]], axis=1)

    names = ("b", *(f"w{_lowered(i)} x{_raised(i)}" for i in range(degree + 1)))
    return Model(tensors, lambda parts, x: powers(x) @ parts[1] + parts[0], terms, names)


def _lowered(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _raised(number: int) -> str:
    return "" if number == 1 else str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
