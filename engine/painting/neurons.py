"""Neurons looked at one by one: what each answers where, what a linear layer could make of them, and some turned off.

Serves the frame of the layers' view, and the hand that switches neurons off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.frames import read_only
from engine.painting.picture import LayerPicture
from engine.training.networks import Model


@dataclass(frozen=True)
class OffNeurons:
    """Which neurons a person switched off: their outgoing weights count as zero in what is shown.

    ``shapes`` are those of the model's tensors; ``off`` holds (layer from 1, neuron from 0) each.
    """

    shapes: tuple[tuple[int, ...], ...]
    off: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(cls, model: Model) -> OffNeurons:
        """All on."""
        return cls(tuple(tensor.shape for tensor in model.tensors))

    @property
    def count(self) -> int:
        """How many are off."""
        return len(self.off)

    def switched(self, layer: int, neuron: int, on: bool) -> OffNeurons:
        """With a neuron (from 0) of a hidden layer (from 1) on or off; one that isn't there is passed over."""
        if not (1 <= layer < len(self.shapes) // 2 and 0 <= neuron < self.shapes[2 * layer][0]):
            return self
        one = frozenset([(layer, neuron)])
        return OffNeurons(self.shapes, self.off - one if on else self.off | one)

    def of_layer(self, layer: int, width: int) -> np.ndarray:
        """True for each neuron of a layer that is off, (width,)."""
        off = np.zeros(width, bool)
        off[[neuron for number, neuron in self.off if number == layer]] = True
        return off

    def applied(self, flat: np.ndarray) -> np.ndarray:
        """The parameters (parameters,) with the off neurons' outgoing weights at zero."""
        if not self.off:
            return flat
        flat = flat.copy()
        ends = np.cumsum([int(np.prod(shape)) for shape in self.shapes])
        for layer, neuron in self.off:
            outputs = self.shapes[2 * layer][1]
            begin = ends[2 * layer - 1] + neuron * outputs
            flat[begin : begin + outputs] = 0.0
        return flat


def layer_picture(
    model: Model,
    flat: np.ndarray,
    neurons: np.ndarray,
    colours: np.ndarray,
    wanted: int,
    off: OffNeurons,
    shape: tuple[int, int],
) -> LayerPicture:
    """One hidden layer as pictures.

    Args:
        flat: the parameters (parameters,). neurons: every hidden layer's answers, (depth, pixels, width).
        colours: the target's (pixels, 3) in 0..255. wanted: the layer, counted from 1.
        shape: the pictures' (rows, columns).
    """
    depth, _, width = neurons.shape
    layer = min(wanted, depth)
    answers = neurons[layer - 1]
    low, high = answers.min(axis=0), answers.max(axis=0)
    span = np.where(high > low, high - low, 1)
    shades = ((answers - low) / span * 255 + 0.5).astype(np.uint8)
    parts = model.arrays(flat)
    return LayerPicture(
        layer=layer,
        depth=depth,
        neurons=read_only(shades.T.reshape(width, *shape).copy()),
        low=read_only(low),
        high=read_only(high),
        incoming=read_only(parts[2 * layer - 2]),
        bias=read_only(parts[2 * layer - 1]),
        outgoing=read_only(parts[2 * layer]),
        off=read_only(off.of_layer(layer, width)),
        readouts=read_only(np.stack([_readout(answers, colours, shape) for answers in neurons])),
    )


def _readout(answers: np.ndarray, colours: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The painting nearest to the colours that a linear layer makes of these answers (pixels, width)."""
    given = np.concatenate([answers, np.ones((len(answers), 1), np.float32)], axis=1)
    scale = float(np.abs(given).max()) or 1.0
    given = given / scale if np.isfinite(scale) else np.zeros_like(given)
    gram = (given.T @ given).astype(np.float64)
    gram[np.diag_indices_from(gram)] += 1e-5 * max(np.trace(gram) / len(gram), 1e-12)
    weights = np.linalg.solve(gram, given.T @ colours.astype(np.float32))
    pixels = np.clip(given @ weights.astype(np.float32) + 0.5, 0, 255)
    return pixels.astype(np.uint8).reshape(*shape, 3)
