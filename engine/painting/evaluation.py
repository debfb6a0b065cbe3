"""A network measured over all pixels, and looked into: compiled once a network, in tiles that bound the memory.

Serves the frame: what observe() of a painting shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.backend import backend
from engine.painting.canvas import Canvas
from engine.painting.pixel_networks import PixelNetwork
from engine.training import costs

TILE = 16_384  # pixels that are in memory at once with all their neurons
NUMBERS = 1 << 19  # of a layer in one tile: more of them leave the cache, at half the speed or a sixth


def in_tiles(function: Callable[[Any], Any], x: Any, tile: int) -> Any:
    """function(x) for x (n, inputs) -> (n, outputs), a tile at a time where n is large; in the graph."""
    tf = backend.tensorflow()
    n = x.shape[0]
    if n <= tile:
        return function(x)
    tiles = -(-n // tile)
    padded = tf.pad(x, [[0, tiles * tile - n], [0, 0]])
    out = tf.map_fn(
        function, tf.reshape(padded, (tiles, tile, x.shape[1])), fn_output_signature=backend.tensorflow().float32
    )
    return tf.reshape(out, (tiles * tile, -1))[:n]


def _tile_for(network: PixelNetwork) -> int:
    """How many pixels at a time keep the widest layer in the cache, the features that go in among them."""
    widest = max(max(tensor.shape) for tensor in network.layers.tensors)
    return max(64, min(TILE, NUMBERS // widest))


def evaluation(network: PixelNetwork, canvas: Canvas, features: Any, answers: Any, cost: str) -> Any:
    """``evaluate(flat, start) -> (cost, mean square, mean error, pixels, error)`` over all pixels, to be compiled.

    The last two are uint8 of the picture that begins at row ``start`` of the data: (rows, columns, 3) and
    (rows, columns).
    """
    tf = backend.tensorflow()
    palette, n = network.palette, canvas.pixels

    def evaluate(flat: Any, start: Any) -> Any:
        parts = network.layers.parts(flat)

        def trained_and_shown(x: Any) -> Any:
            x = x if network.keeps_features else network.encode(x)
            if palette is None:
                return network.paint(parts, x)
            return tf.concat([network.paint(parts, x), network.show(parts, x)], axis=1)

        predicted = in_tiles(trained_and_shown, features, _tile_for(network))
        outputs = answers.shape[1]
        trained, shown = predicted[:, :outputs], predicted[:, -outputs:]
        pixels = tf.clip_by_value(canvas.to_pixels(shown), 0.0, 255.0)
        off = tf.abs(pixels - canvas.to_pixels(answers))
        picture = tf.slice(pixels, [start, 0], [n, outputs])
        wrong = tf.slice(off, [start, 0], [n, outputs])
        return (
            costs.cost(cost, trained - answers),
            tf.reduce_mean(tf.square(off)),
            tf.reduce_mean(tf.abs(shown - answers)) * canvas.unit,
            tf.reshape(tf.cast(picture + 0.5, tf.uint8), (*canvas.shape, outputs)),
            tf.reshape(tf.cast(tf.reduce_mean(wrong, axis=1) + 0.5, tf.uint8), canvas.shape),
        )

    return evaluate


def displacement(network: PixelNetwork, features: Any, answers: Any, cost: str) -> Any:
    """``evaluate(flat) -> (cost, mean error, positions)`` of swapped roles, to be compiled; positions are (n, 2)."""
    tf = backend.tensorflow()

    def evaluate(flat: Any) -> Any:
        parts = network.layers.parts(flat)

        def of(x: Any) -> Any:
            return network.paint(parts, x if network.keeps_features else network.encode(x))

        predicted = in_tiles(of, features, _tile_for(network))
        error = predicted - answers
        return costs.cost(cost, error), tf.reduce_mean(tf.abs(error)), predicted

    return evaluate


class LazilyCompiled:
    """A function of tensors that runs as it stands until compile() was called: at once, but slower."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)

    def compile(self, *arguments: Any) -> None:
        """Compile for arguments shaped as these."""
        compiled = backend.tensorflow().function(self._function, jit_compile=True, autograph=False)
        compiled(*arguments)
        self._function = compiled


def painted(network: PixelNetwork, canvas: Canvas, points: int) -> Any:
    """``paint(flat, raw) -> uint8 (points, 3)`` for any raw inputs (points, inputs), compiled."""
    tf = backend.tensorflow()

    @tf.function(jit_compile=True, autograph=False, input_signature=_signature(network, canvas, points))
    def paint(flat: Any, raw: Any) -> Any:
        parts = network.layers.parts(flat)
        answers = in_tiles(lambda x: network.show(parts, network.encode(x)), raw, _tile_for(network))
        return tf.cast(tf.clip_by_value(canvas.to_pixels(answers), 0.0, 255.0) + 0.5, tf.uint8)

    return paint


def insides(network: PixelNetwork, canvas: Canvas, points: int) -> Any:
    """``look(flat, raw) -> (depth, points, width)``: every hidden layer's neurons at raw inputs, compiled."""
    tf = backend.tensorflow()

    @tf.function(jit_compile=True, autograph=False, input_signature=_signature(network, canvas, points))
    def look(flat: Any, raw: Any) -> Any:
        layers = network.layers.hidden(network.layers.parts(flat), network.encode(raw))
        return tf.stack([outputs for _, outputs in layers])

    return look


def _signature(network: PixelNetwork, canvas: Canvas, points: int) -> list[Any]:
    tf = backend.tensorflow()
    return [
        tf.TensorSpec([network.layers.parameters], tf.float32),
        tf.TensorSpec([points, canvas.raw.shape[1]], tf.float32),
    ]


def moved(colours: np.ndarray, positions: np.ndarray, side: int) -> np.ndarray:
    """Every pixel where its colour is expected: uint8 (side, side, 3), the mean where several land, black where none.

    ``colours`` uint8 (n, 3); ``positions`` (n, 2), (row, column) in -1..1.
    """
    # positions are normalised to +-1 within half a pixel; those beyond the frame land on its edge
    place = np.clip(((positions + 1) / 2 * side).astype(int), 0, side - 1)
    flat = place[:, 0] * side + place[:, 1]
    count = np.bincount(flat, minlength=side * side)
    sums = [np.bincount(flat, weights=colours[:, k], minlength=side * side) for k in range(3)]
    mean = np.stack(sums, axis=1) / np.maximum(count, 1)[:, None]
    return (mean + 0.5).astype(np.uint8).reshape(side, side, 3)
