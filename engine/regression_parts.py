"""The parts of the regression's picture that only one view needs, computed when that view is shown.

Serves the frame.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import backend, networks
from engine.cost_surface import CostSurface
from engine.fitting import DataNow
from engine.frames import read_only
from engine.histograms import Histograms
from engine.inside import Inside
from engine.networks import Model
from engine.regression_picture import (
    Activations,
    InitialDraws,
    LayerPicture,
    Neurons,
)
from engine.way import Places, Way

MOST_TERMS = 40  # shown one by one; the others are added up
MOST_OUTPUTS = 64
SEEDS = 8
REACH = 6.0  # of the activations' plot


class PictureParts:
    """Gives what the chosen view shows of a moment, as keyword arguments of a RegressionPicture."""

    def __init__(self, model: Model, inside: Inside) -> None:
        self._model, self._inside = model, inside
        self._draws: InitialDraws | None = None
        self.places = Places()
        self._activations: Activations | None = None
        self._layers: dict[str, list[int]] = {}
        for number, tensor in enumerate(model.tensors):
            self._layers.setdefault(tensor.name.partition("/")[0], []).append(number)
        self._cuts = np.cumsum([0, *(tensor.size for tensor in model.tensors)])
        self._histograms = {
            name: Histograms(slice(self._cuts[numbers[0]], self._cuts[numbers[-1] + 1]))
            for name, numbers in self._layers.items()
        }

    def clear(self) -> None:
        """Another run begins."""
        for histograms in self._histograms.values():
            histograms.clear()
        self._draws = None

    def of_view(
        self, moment: Any, grid: np.ndarray, way: Way, surface: CostSurface | None, cost: float
    ) -> dict[str, Any]:
        """The parts for the view of a FitMoment's settings; the tensors are always there, since they cost nothing."""
        settings, parameters, data = moment.settings, moment.parameters, moment.data
        parts: dict[str, Any] = {"tensors": self._tensors(parameters)}
        match settings.view:
            case "neurons":
                parts["neurons"] = self._neurons(settings, parameters, grid)
            case "parameters":
                parts["layers"] = self._layer_pictures(parameters, data, way)
            case "landscape":
                if surface is not None:
                    parts["position"] = self.places.position(parameters, way, surface, cost)
            case "initial-values":
                parts["draws"] = self._initial_draws(settings, grid)
            case "activations":
                parts["activations"] = self._activation_curves(settings)
        return parts

    def _tensors(self, parameters: np.ndarray) -> tuple[tuple[str, np.ndarray], ...]:
        pieces = np.split(read_only(parameters), self._cuts[1:-1])
        return tuple(
            (tensor.name, piece.reshape(tensor.shape))
            for tensor, piece in zip(self._model.tensors, pieces, strict=True)
        )

    def _neurons(self, settings: Any, parameters: np.ndarray, grid: np.ndarray) -> Neurons:
        terms = self._inside.terms(parameters, grid)
        order = np.argsort(-np.abs(terms).mean(axis=1), kind="stable")
        shown, others = order[:MOST_TERMS], order[MOST_TERMS:]
        outputs, layer, of = np.empty((0, len(grid)), np.float32), 0, 0
        if self._model.hidden is not None:
            layer = min(settings.layer, settings.depth)
            outputs = self._inside.neurons(parameters, grid, layer - 1)
            of = len(outputs)
            outputs = outputs[:MOST_OUTPUTS]
        return Neurons(
            terms=read_only(terms[shown]),
            term_names=tuple(self._model.term_names[number] for number in shown),
            rest=read_only(terms[others].sum(axis=0)),
            rest_count=len(others),
            outputs=read_only(outputs),
            output_names=tuple(f"neuron {number + 1}" for number in range(len(outputs))),
            layer=layer,
            of=of,
        )

    def _layer_pictures(self, parameters: np.ndarray, data: DataNow, way: Way) -> tuple[LayerPicture, ...]:
        epochs, kept, _ = way.view()
        made = []
        for state in self._inside.layers(parameters, data):
            histograms = self._histograms[state.name]
            at, counts = histograms.update(epochs, kept)
            made.append(
                LayerPicture(
                    state.name, state.gradient, state.parameters, state.units, state.asleep,
                    histograms.edges, read_only(counts), read_only(at), state.word,
                )
            )  # fmt: skip
        return tuple(made)

    def _initial_draws(self, settings: Any, grid: np.ndarray) -> InitialDraws:
        if self._draws is None:
            spreads = (1.0, 0.1)
            values, predictions = [], []
            for spread in spreads:
                generator = np.random.default_rng([settings.seed, 3])
                values.append(read_only(generator.normal(0.0, spread, 1000)))
                model = networks.dense(
                    1, 1, settings.depth, settings.width, settings.activation, "normal", spread, True
                )
                first = [settings.seed + number for number in range(SEEDS)]
                curves = [model.predict(model.parts(model.initial(seed)), grid[:, None]) for seed in first]
                predictions.append(read_only(np.array(curves, np.float32)[:, :, 0]))
            self._draws = InitialDraws(("N(0, 1)", "N(0, 0.1)"), tuple(values), tuple(predictions))
        return self._draws

    def _activation_curves(self, settings: Any) -> Activations:
        if self._activations is None:
            tf, keras = backend.tensorflow(), backend.keras()
            x = tf.constant(np.linspace(-REACH, REACH, 241, dtype=np.float32))
            curves, slopes = [], []
            for name in networks.ACTIVATIONS:
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    y = keras.activations.get(name)(x)
                curves.append(y.numpy())
                slopes.append(tape.gradient(y, x).numpy())
            self._activations = Activations(
                tuple(networks.ACTIVATIONS),
                tuple(networks.ACTIVATIONS.values()),
                read_only(x.numpy()),
                read_only(np.array(curves)),
                read_only(np.array(slopes)),
                settings.activation,
            )
        return self._activations
