"""A network with more or fewer hidden layers that paints what the old one did, as nearly as it can.

A new layer starts as the identity: exactly where the activation leaves positive numbers alone (relu and its kin, after
a shift where sums may be negative), by least squares elsewhere. A removed layer is folded into the last one by least
squares over the data, and so is the start from no hidden layer at all. Serves a moved depth slider.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.backend import backend
from engine.training.networks import Model

EXACT = 1e-5  # of the sums' spread: no better identity is looked for
MARGIN = 6.0  # beyond which smooth activations (gelu, silu, softplus, elu) have become straight
GENTLE = 0.25  # an activation that bends everywhere (tanh, sigmoid, a sine) is nearly straight on this much of it
MOST_TRIED = 256  # of the data, on which the ways to an identity are compared
RIDGE = 1e-6  # of the squared neurons' mean, so that neurons that say the same don't blow up the fit

Layers = list[np.ndarray]  # W, b, W, b, ...


def regrown(old: Model, flat: np.ndarray, new: Model, fresh: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Parameters for ``new``, float32 (parameters,), that answer as ``old`` does with ``flat``.

    Args:
        fresh: initial parameters of ``new``, for the layer that begins where there was none.
        features: (n, inputs) of some of the data, over which "as nearly as it can" is meant.

    Both models are of one family (dense or siren) with the same width, which differ in depth alone.
    """
    layers = old.arrays(flat)
    depth, wanted = _depth(old), _depth(new)
    if 0 < depth < wanted and _keeps_its_answers(new):
        width = len(layers[-2])
        layers[-2:-2] = [np.eye(width), np.zeros(width)] * (wanted - depth)
        return _joined(layers)
    neurons = [_numpy(features), *_hidden(old, layers, features)]
    if wanted < depth:
        layers = [*layers[: 2 * wanted], *_fit(neurons[wanted], neurons[-1] @ layers[-2] + layers[-1])]
    elif depth == 0 and wanted:
        layers = _first_layer(new, fresh, layers, features)
        neurons.append(_hidden(new, _padded(layers, new), features)[0])
    last = neurons[-1]
    for _ in range(wanted - len(neurons) + 1):
        layers, last = _with_identity(new, layers, last)
    return _joined(layers)


def _keeps_its_answers(model: Model) -> bool:
    """Whether the activation leaves every answer of its own alone, as relu does: the identity is exact then."""
    answers = _numpy(
        model.activation(backend.tensorflow().constant(np.float32([-1e3, -1.0, -1e-3, 0, 1e-3, 1.0, 1e3])))
    )
    return np.array_equal(_numpy(model.activation(backend.tensorflow().constant(answers))), answers)


def _with_identity(model: Model, layers: Layers, last: np.ndarray) -> tuple[Layers, np.ndarray]:
    """One more hidden layer before the output, which hands ``last`` (n, width), the neurons so far, on; and its own."""
    *before, weights, bias = layers
    width = last.shape[1]
    spread = float(np.abs(last).max()) or 1.0
    slope = abs(float(_numpy(model.activation(backend.tensorflow().constant(np.float32([-1e-3, 1e-3])))) @ [-500, 500]))
    some = last[:: -(-len(last) // MOST_TRIED)]
    best: tuple[float, float, np.ndarray] | None = None
    for scale, shift in (
        (1.0, np.zeros(width)),
        (1.0, np.maximum(0.0, -last.min(axis=0)) + 1e-3 * spread),
        (1.0, np.maximum(0.0, MARGIN - last.min(axis=0))),
        (GENTLE / (spread * max(1.0, slope)), np.zeros(width)),
    ):
        error = _handed_on(model, some, scale, shift)[0] / spread
        if best is None or error < best[0]:
            best = (error, scale, shift)
        if error <= EXACT:
            break
    _, scale, shift = best
    _, answer, back, offset = _handed_on(model, last, scale, shift)
    return [*before, np.eye(width) * scale, shift, back @ weights, offset @ weights + bias], answer


def _handed_on(
    model: Model, values: np.ndarray, scale: float, shift: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """What a layer of values (n, width) times scale plus shift (width,) answers, and W, b that make values of it again.

    Returns the largest error of that, the answers (n, width), W (width, width) and b (width,).
    """
    # sums as float32 sees them, so that what is judged is what will be
    sums = values.astype(np.float32) * np.float32(scale) + shift.astype(np.float32)
    answer = _numpy(model.activation(backend.tensorflow().constant(sums)))
    back, offset = np.eye(len(shift)) / scale, -shift / scale
    error = np.abs(answer / scale + offset - values).max()
    if error > EXACT * np.abs(values).max():
        back, offset = _fit(answer, values)
        error = np.abs(answer @ back + offset - values).max()
    return float(error), answer, back, offset


def _first_layer(model: Model, fresh: np.ndarray, layers: Layers, features: np.ndarray) -> Layers:
    weights, bias = layers
    inner, offset = model.arrays(fresh)[:2]
    inputs, width = inner.shape
    answer = _numpy(model.activation(backend.tensorflow().constant(np.float32([-2.0, 0.0, 2.0]))))
    if width >= 2 * inputs and np.array_equal(answer, [0, 0, 2]):  # relu(x) - relu(-x) = x
        inner, offset = np.zeros((inputs, width)), np.zeros(width)
        inner[:, :inputs], inner[:, inputs : 2 * inputs] = np.eye(inputs), -np.eye(inputs)
        outer = np.zeros((width, weights.shape[1]))
        outer[:inputs], outer[inputs : 2 * inputs] = weights, -weights
        return [inner, offset, outer, bias]
    neurons = _hidden(model, _padded([inner, offset, *layers], model), features)[0]
    return [inner, offset, *_fit(neurons, _numpy(features) @ weights + bias)]


def _fit(given: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """W, b of the least-squares fit given W + b = wanted, with a trace of ridge."""
    middle, centre = given.mean(axis=0), wanted.mean(axis=0)
    x, y = (given - middle).astype(np.float64), (wanted - centre).astype(np.float64)
    gram = x.T @ x
    gram[np.diag_indices_from(gram)] += RIDGE * max(float(np.trace(gram)) / len(gram), 1e-12)
    weights = np.linalg.solve(gram, x.T @ y)
    return weights, centre - middle @ weights


def _joined(layers: Layers) -> np.ndarray:
    return np.concatenate([part.ravel() for part in layers]).astype(np.float32)


def _depth(model: Model) -> int:
    return len(model.tensors) // 2 - 1


def _padded(layers: Layers, model: Model) -> Layers:
    """As many tensors as the model has, so that its hidden() can be asked for the layers that are there."""
    missing = model.arrays(np.zeros(model.parameters, np.float32))[len(layers) - 2 :]
    return [*layers[:-2], *missing]


def _hidden(model: Model, layers: Layers, features: np.ndarray) -> list[np.ndarray]:
    return [_numpy(outputs) for _, outputs in model.hidden(_tensors(layers), features)]


def _tensors(layers: Sequence[np.ndarray]) -> list[Any]:
    return [backend.tensorflow().constant(part, "float32") for part in layers]


def _numpy(value: Any) -> np.ndarray:
    return np.asarray(value, np.float32)
