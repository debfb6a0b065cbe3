"""Instruments: what measures and renders one painting network, made once; any thread may use it.

Nothing here changes after construction but for what is compiled, which gives the same answers sooner.
Serves the painting's observer and its analyses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.backend import backend
from engine.frames import read_only
from engine.painting import images
from engine.painting.canvas import Canvas, coordinates, window_positions
from engine.painting.evaluation import LazilyCompiled, displacement, evaluation, insides, painted
from engine.painting.neurons import OffNeurons, layer_picture
from engine.painting.picture import LayerPicture, Montage
from engine.painting.pixel_networks import PixelNetwork
from engine.painting.rendering import Renderer
from engine.painting.variants import is_swapped

INSIDE_EDGE = 64  # pixels of the longer edge of a neuron's picture


class Instruments:
    """Made for the structural knobs of ``settings``; whatever may move comes with each call.

    ``features`` are all the inputs of the canvas as the network is told them, a tensor.
    """

    def __init__(
        self,
        settings: Any,
        network: PixelNetwork,
        rival: tuple[PixelNetwork, int] | None,
        canvas: Canvas,
        features: Any,
    ) -> None:
        self.network, self.rival, self.canvas = network, rival, canvas
        self._is_swapped = is_swapped(settings)
        answers, cost = backend.tensorflow().constant(canvas.answers), settings.cost
        if self._is_swapped:
            self._own = LazilyCompiled(displacement(network, features, answers, cost))
        else:
            self._own = LazilyCompiled(evaluation(network, canvas, features, answers, cost))
        if rival is not None:
            self._rival = LazilyCompiled(evaluation(rival[0], canvas, features, answers, cost))
        self.renderer = Renderer(network, canvas)
        # traced and compiled when a view first asks for them
        self._inside = _inside(canvas.shape)
        self._look = insides(network, canvas, self._inside[0] * self._inside[1]) if settings.depth else None
        self._paint = painted(network, canvas, canvas.pixels)

    def compile(self, flat: np.ndarray) -> None:
        """Compile the evaluation, for parameters (p,) such as these."""
        cut = self.network.layers.parameters
        self._own.compile(vector(flat[:cut]), *self._begin_at(0))
        if self.rival is not None:
            self._rival.compile(vector(flat[cut:]), *self._begin_at(0))

    def evaluate(self, flat: np.ndarray, start: int = 0, rival: bool = False) -> list[np.ndarray]:
        """See engine.painting.evaluation; ``flat`` (p,) is one network's."""
        function = self._rival if rival else self._own
        return [part.numpy() for part in function(vector(flat), *self._begin_at(start))]

    def cost(self, flat: np.ndarray) -> float:
        """The cost over all pixels with these parameters (p,) of the one network."""
        return float(self.evaluate(flat)[0])

    def picture_at(self, flat: np.ndarray, index: float) -> np.ndarray:
        """What the network paints as picture ``index``, or between two: uint8 (rows, columns, 3)."""
        canvas = self.canvas
        raw = canvas.with_picture(coordinates(*canvas.shape), index)
        return self._paint(vector(flat), vector(raw)).numpy().reshape(*canvas.shape, 3)

    def layer(self, settings: Any, own: np.ndarray, index: float, off: OffNeurons) -> LayerPicture:
        """The hidden layer that the settings name, as pictures."""
        canvas, (rows, columns) = self.canvas, self._inside
        if self._is_swapped:
            step = canvas.shape[0] // rows
            chosen = np.arange(canvas.pixels).reshape(canvas.shape)[: rows * step : step, : columns * step : step]
            raw, answers = canvas.raw[chosen.ravel()], canvas.targets[0].reshape(-1, 3)[chosen.ravel()]
        else:
            raw = canvas.with_picture(window_positions(canvas.shape, (0.0, 0.0, 1.0, 1.0), rows, columns), index)
            picture = canvas.targets[round(index)]
            answers = picture if self._inside == canvas.shape else images.scaled(picture, rows, columns)
            answers = answers.reshape(-1, 3)
        neurons = self._look(vector(off.applied(own)), vector(raw)).numpy()
        return layer_picture(self.network.layers, own, neurons, answers, settings.layer, off, self._inside)

    def montage(self, flat: np.ndarray, walk: float) -> Montage:
        """All pictures of the canvas beside what is painted of them."""
        canvas = self.canvas
        painting = self.renderer.all_pictures(vector(flat))
        columns = int(np.ceil(np.sqrt(canvas.count)))
        return Montage(
            tiled(canvas.targets, columns), tiled(painting, columns), canvas.count, columns, canvas.shape[0],
            canvas.index_of(walk),
        )  # fmt: skip

    def _begin_at(self, start: int) -> Sequence[Any]:
        return () if self._is_swapped else (backend.tensorflow().constant(start, "int32"),)


def _inside(shape: tuple[int, int]) -> tuple[int, int]:
    """(rows, columns) of a neuron's picture, for a picture of this shape."""
    share = min(1.0, INSIDE_EDGE / max(shape))
    return max(1, round(shape[0] * share)), max(1, round(shape[1] * share))


def tiled(pictures: np.ndarray, columns: int) -> np.ndarray:
    """Pictures (n, side, side, 3) in rows of ``columns``, black where none is left; uint8 (rows, columns, 3)."""
    count, side = pictures.shape[:2]
    rows = -(-count // columns)
    padded = np.zeros((rows * columns, side, side, 3), np.uint8)
    padded[:count] = pictures
    grid = padded.reshape(rows, columns, side, side, 3).swapaxes(1, 2)
    return read_only(np.ascontiguousarray(grid.reshape(rows * side, columns * side, 3)))


def vector(values: np.ndarray) -> Any:
    """Numbers as a float32 tensor."""
    return backend.tensorflow().constant(values, "float32")
