"""The networks that paint: an encoding, dense or sine layers, a last bend or a palette; and two of them in a race.

Serves the data of a painting and the runner's advance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine import backend, networks
from engine.canvas import Canvas
from engine.encodings import EncodingNumbers, encoder, frequencies_for
from engine.experiments.painting_settings import PaintingSettings, is_race, is_siren, is_swapped
from engine.networks import Model, Tensor

# Seed 0 is what everybody sees first: from this start the astronaut is painted as the lecture says, at all epochs.
FIRST_SEED = 6612
MOST_ENCODED = 8_000_000  # numbers; a larger picture's features are worked out for each batch, not kept


@dataclass(frozen=True)
class Painter:
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
    bend: Any

    def paint(self, parts: Sequence[Any], features: Any) -> Any:
        """Answers (n, outputs), as they are trained; in the graph."""
        sums = self.layers.predict(parts, features)
        if self.palette is None:
            return self.bend(sums)
        return backend.tensorflow().nn.softmax(sums) @ self.palette

    def show(self, parts: Sequence[Any], features: Any) -> Any:
        """Answers (n, outputs), as they are shown: with a palette, its strongest colour alone; in the graph."""
        if self.palette is None:
            return self.paint(parts, features)
        tf = backend.tensorflow()
        return tf.gather(self.palette, tf.argmax(self.layers.predict(parts, features), axis=1, output_type=tf.int32))


def painter_of(settings: PaintingSettings, canvas: Canvas) -> Painter:
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
    bend = _bend(settings.output)
    painter = Painter(layers, encode, keeps, layers, palette, bend)

    def predict(parts: Sequence[Any], x: Any) -> Any:
        return painter.paint(parts, x if keeps else encode(x))

    return replace(painter, trained=replace(layers, predict=predict))


def _layers(settings: PaintingSettings, inputs: int, outputs: int, depth: int, width: int) -> Model:
    if is_siren(settings):
        model = networks.siren(inputs, outputs, depth, width, settings.siren_frequency)
    else:
        model = networks.dense(
            inputs, outputs, depth, width, settings.activation, settings.initializer, settings.init_scale
        )
    return replace(model, first_seed=FIRST_SEED)


def _bend(output: str) -> Any:
    tf = backend.tensorflow()
    return {"linear": lambda x: x, "tanh": tf.tanh, "sigmoid": tf.sigmoid}[output]


def rival_of(settings: PaintingSettings, canvas: Canvas, painter: Painter) -> tuple[Painter, int] | None:
    """The wide network of a race, with one hidden layer and as nearly as many parameters as it can; and its width."""
    if not is_race(settings):
        return None
    features, outputs = painter.layers.tensors[0].shape[0], painter.layers.tensors[-1].size
    width = max(1, round((painter.layers.parameters - outputs) / (features + outputs + 1)))
    layers = _layers(settings, features, outputs, 1, width)
    tensors = tuple(replace(tensor, name=f"wide/{tensor.name}") for tensor in layers.tensors)
    return replace(painter, layers=replace(layers, tensors=tensors)), width


def both(first: Painter, second: Painter) -> Model:
    """Two painters as one model: their answers side by side. The sum of their costs trains each as if it were alone."""
    cut = len(first.layers.tensors)
    tensors: tuple[Tensor, ...] = (*first.layers.tensors, *second.layers.tensors)

    def predict(parts: Sequence[Any], x: Any) -> Any:
        x = x if first.keeps_features else first.encode(x)
        answers = [first.paint(parts[:cut], x), second.paint(parts[cut:], x)]
        return backend.tensorflow().concat(answers, axis=1)

    return Model(tensors, predict, first_seed=FIRST_SEED)
