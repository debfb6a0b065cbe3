"""The networks that paint: an encoding, dense or sine layers, a last activation or a palette; or two in a race.

Serves the data of a painting and the runner's advance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.backend import backend
from engine.painting.canvas import Canvas
from engine.painting.encodings import EncodingNumbers, encoder, frequencies_for
from engine.painting.settings import PaintingSettings
from engine.painting.variants import is_race, is_siren, is_swapped
from engine.training import networks
from engine.training.networks import Model, Tensor

MOST_ENCODED = 8_000_000  # numbers; a larger picture's features are worked out for each batch, not kept


@dataclass(frozen=True)
class PixelNetwork:
    """A network and what it is told.

    ``layers`` is the bare network from features to sums; ``paint(parts, features)`` gives answers (n, outputs) in the
    targets' unit, and ``scores`` the palette's sums where there is one. ``encode`` makes features (n, count) of raw
    inputs. ``trained`` is the model that training sees, on features where ``keeps_features``, else on raw inputs.
    """

    layers: Model
    encode: Any
    keeps_features: bool
    trained: Model
    palette: np.ndarray | None
    activation: Any

    def paint(self, parts: Sequence[Any], features: Any) -> Any:
        """Answers (n, outputs), as they are trained; in the graph."""
        sums = self.layers.predict(parts, features)
        if self.palette is None:
            return self.activation(sums)
        return backend.tensorflow().nn.softmax(sums) @ self.palette

    def show(self, parts: Sequence[Any], features: Any) -> Any:
        """Answers (n, outputs), as they are shown: with a palette, its strongest colour alone; in the graph."""
        if self.palette is None:
            return self.paint(parts, features)
        tf = backend.tensorflow()
        return tf.gather(self.palette, tf.argmax(self.layers.predict(parts, features), axis=1, output_type=tf.int32))


def pixel_network_of(settings: PaintingSettings, canvas: Canvas) -> PixelNetwork:
    """The network that the settings name, for a canvas."""
    inputs = canvas.raw.shape[1]
    frequencies = frequencies_for(settings.encoding, settings.frequencies, settings.side)
    numbers = EncodingNumbers(frequencies, settings.fourier_scale, settings.seed)
    extras = () if is_swapped(settings) else settings.extra_inputs
    encode, features = encoder(settings.encoding, extras, inputs, numbers)
    palette = canvas.palette
    outputs = canvas.answers.shape[1] if palette is None else len(palette)
    layers = _layers(settings, features, outputs, settings.depth, settings.width)
    keeps = features * len(canvas.raw) <= MOST_ENCODED
    activation = _last_activation(settings.output)
    network = PixelNetwork(layers, encode, keeps, layers, palette, activation)

    def predict(parts: Sequence[Any], x: Any) -> Any:
        return network.paint(parts, x if keeps else encode(x))

    return replace(network, trained=replace(layers, predict=predict))


def _layers(settings: PaintingSettings, inputs: int, outputs: int, depth: int, width: int) -> Model:
    if is_siren(settings):
        return networks.siren(inputs, outputs, depth, width, settings.siren_frequency)
    return networks.dense(inputs, outputs, depth, width, settings.activation, settings.initializer, settings.init_scale)


def _last_activation(output: str) -> Any:
    tf = backend.tensorflow()
    return {"linear": lambda x: x, "tanh": tf.tanh, "sigmoid": tf.sigmoid}[output]


def rival_of(settings: PaintingSettings, canvas: Canvas, network: PixelNetwork) -> tuple[PixelNetwork, int] | None:
    """The wide network of a race, with one hidden layer and as nearly as many parameters as it can; and its width."""
    if not is_race(settings):
        return None
    features, outputs = network.layers.tensors[0].shape[0], network.layers.tensors[-1].size
    width = rival_width(features, outputs, network.layers.parameters)
    layers = _layers(settings, features, outputs, 1, width)
    tensors = tuple(replace(tensor, name=f"wide/{tensor.name}") for tensor in layers.tensors)
    return replace(network, layers=replace(layers, tensors=tensors)), width


def rival_width(features: int, outputs: int, parameters: int) -> int:
    """How wide one hidden layer is with about so many parameters in all."""
    return max(1, round((parameters - outputs) / (features + outputs + 1)))


def both(first: PixelNetwork, second: PixelNetwork) -> Model:
    """Two networks as one model: their answers side by side. The sum of their costs trains each as if it were alone."""
    cut = len(first.layers.tensors)
    tensors: tuple[Tensor, ...] = (*first.layers.tensors, *second.layers.tensors)

    def predict(parts: Sequence[Any], x: Any) -> Any:
        x = x if first.keeps_features else first.encode(x)
        answers = [first.paint(parts[:cut], x), second.paint(parts[cut:], x)]
        return backend.tensorflow().concat(answers, axis=1)

    return Model(tensors, predict)
