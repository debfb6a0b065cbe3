"""A trained model as a Keras file, which any program with Keras opens and goes on with.

It takes what the model was trained on (see ``--code``) and gives its answers: x (n, 1) to y (n, 1), or a pixel's
place, and which picture, to its colour.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from app.files.outputs import OutputError
from engine.backend import backend
from engine.painting.canvas import canvas_of
from engine.painting.encodings import (
    EDGE,
    NOISE_KEYS,
    EncodingNumbers,
    fourier_waves,
    frequencies_for,
    octave_waves,
    wave_turns,
)
from engine.painting.settings import PaintingSettings
from engine.painting.variants import is_siren, is_swapped
from engine.regression.points import points_of, reach_of
from engine.regression.settings import RegressionSettings
from engine.run.runner import Runner

NO_NETWORK = "A landscape has no network for a Keras file; NPZ and CSV hold its descents."


def keras_file(runner: Runner) -> bytes:
    """The run's model with its parameters as they are now, in Keras's own format (.keras).

    Raises:
        OutputError: there is no network.
    """
    settings = runner.spec.settings
    learnt = {name: np.asarray(array) for name, array in runner.experiment.learnt().items()}
    if isinstance(settings, RegressionSettings):
        model = _of_regression(settings, learnt)
    elif isinstance(settings, PaintingSettings):
        model = _of_painting(settings, learnt)
    else:
        raise OutputError(NO_NETWORK)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()


def _of_regression(settings: RegressionSettings, learnt: Mapping[str, np.ndarray]) -> Any:
    keras = backend.keras()
    x = keras.Input((1,), name="x")
    arrays = list(learnt.values())
    match settings.model:
        case "line":
            y = _dense(arrays[0], arrays[1], "linear", "line", x)
        case "sum":
            y = keras.ops.sum(_dense(arrays[0], arrays[1], "linear", "layer_1", x), axis=1, keepdims=True)
        case "polynomial" | "scaled_polynomial":
            base = x / reach_of(settings, points_of(settings)) if settings.model == "scaled_polynomial" else x
            columns = [x * 0.0 + 1.0]
            for _ in range(settings.degree):
                columns.append(columns[-1] * base)
            y = _dense(arrays[1], arrays[0], "linear", "polynomial", keras.ops.concatenate(columns, axis=1))
        case _:
            y = _layers(learnt, settings.activation, x, has_output=not settings.summed)
            if settings.summed:
                y = keras.ops.sum(y, axis=1, keepdims=True)
    return keras.Model(x, y)


def _of_painting(settings: PaintingSettings, learnt: Mapping[str, np.ndarray]) -> Any:
    keras = backend.keras()
    canvas = canvas_of(settings)
    inputs = canvas.raw.shape[1]
    x = keras.Input((inputs,), name="colour" if is_swapped(settings) else "place")
    features = [_encoded(settings, inputs, x)]
    if not is_swapped(settings):
        features += [EXTRAS[extra](x, inputs) for extra in settings.extra_inputs]
    told = features[0] if len(features) == 1 else keras.ops.concatenate(features, axis=1)
    own = {name: array for name, array in learnt.items() if not name.startswith("wide/")}
    if is_siren(settings):
        told = told / EDGE
        *hidden, (last, last_bias) = zip(list(own.values())[::2], list(own.values())[1::2], strict=True)
        for number, (weights, bias) in enumerate(hidden, start=1):
            told = _dense(weights, bias, "linear", f"layer_{number}", told)
            told = keras.ops.sin(settings.siren_frequency * told)
        y = _dense(last, last_bias, "linear", "output", told)
    else:
        y = _layers(own, settings.activation, told)
    if canvas.palette is not None:
        y = _matrix(canvas.palette, "palette", keras.ops.softmax(y))
    elif settings.output != "linear":
        y = getattr(keras.ops, settings.output)(y)
    return keras.Model(x, y)


def _encoded(settings: PaintingSettings, inputs: int, x: Any) -> Any:
    ops = backend.keras().ops
    count = frequencies_for(settings.encoding, settings.frequencies, settings.side)
    numbers = EncodingNumbers(count, settings.fourier_scale, settings.seed)
    match settings.encoding:
        case "fourier":
            angle = _matrix(fourier_waves(inputs, numbers), "waves", x)
            return ops.concatenate([ops.cos(angle), ops.sin(angle)], axis=1)
        case "positional":
            angle = _matrix(octave_waves(inputs, numbers), "waves", x)
            return ops.concatenate([x, ops.sin(angle), ops.cos(angle)], axis=1)
    return x


def _noise(x: Any, inputs: int) -> Any:
    hashed = backend.keras().ops.sin(_matrix(NOISE_KEYS[:inputs], "noise_keys", x)) * 43758.5453
    return 2 * (hashed - backend.keras().ops.floor(hashed)) - 1


def _waves(x: Any, inputs: int) -> Any:
    return backend.keras().ops.sin(_matrix(wave_turns(inputs), "wave_turns", x))


def _polar(x: Any, inputs: int) -> Any:
    ops = backend.keras().ops
    radius = ops.sqrt(ops.sum(ops.square(x[:, :2]), axis=1, keepdims=True) + 1e-6)
    return ops.concatenate([radius, x[:, :2] / radius], axis=1)


EXTRAS = {"noise": _noise, "waves": _waves, "polar": _polar}


def _layers(learnt: Mapping[str, np.ndarray], activation: str, x: Any, has_output: bool = True) -> Any:
    """Dense layers one after the other; the last one is linear where there is one."""
    names = list(dict.fromkeys(name.partition("/")[0] for name in learnt))
    for name in names:
        is_last = has_output and name == names[-1]
        x = _dense(learnt[f"{name}/W"], learnt[f"{name}/b"], "linear" if is_last else activation, name, x)
    return x


def _dense(weights: np.ndarray, bias: np.ndarray, activation: str, name: str, x: Any) -> Any:
    layer = backend.keras().layers.Dense(weights.shape[1], activation=activation, name=name)
    y = layer(x)
    layer.set_weights([weights, bias])
    return y


def _matrix(values: np.ndarray, name: str, x: Any) -> Any:
    """x times a matrix that isn't trained."""
    layer = backend.keras().layers.Dense(values.shape[1], use_bias=False, trainable=False, name=name)
    y = layer(x)
    layer.set_weights([values])
    return y
