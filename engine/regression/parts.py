"""The parts of the regression's picture that only one view needs, computed when that view is shown.

Serves the frame.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis.histograms import Histograms
from engine.analysis.inside import Inside
from engine.analysis.trajectory import ParameterTrajectory, TrajectoryProjection
from engine.backend import backend, ownership
from engine.frames import read_only
from engine.regression.fitting import DataNow, training_sample
from engine.regression.model_knobs import hidden_widths
from engine.regression.picture import (
    Activations,
    InitialDraws,
    LayerPicture,
    Neurons,
)
from engine.regression.units import Unit
from engine.training import networks
from engine.training.networks import Model

MOST_TERMS = 40  # shown one by one; the others are added up
MOST_OUTPUTS = 64
SEEDS = 8
REACH = 6.0  # of the activations' plot


@ownership.owned
class PictureParts:
    """Gives what the chosen view shows of a moment, as keyword arguments of a RegressionPicture."""

    def __init__(self, model: Model, inside: Inside) -> None:
        self._model, self._inside = model, inside
        self._draws: InitialDraws | None = None
        self._projection = TrajectoryProjection()
        self._activations: Activations | None = None
        cuts = np.cumsum([0, *(tensor.size for tensor in model.tensors)])
        self._histograms = {
            name: Histograms(slice(cuts[numbers[0]], cuts[numbers[-1] + 1])) for name, numbers in model.layers().items()
        }

    def clear(self) -> None:
        """Another run begins."""
        for histograms in self._histograms.values():
            histograms.clear()
        self._draws = None

    def of_view(
        self, view: str, moment: Any, grid: np.ndarray, trajectory: ParameterTrajectory, cost: float
    ) -> dict[str, Any]:
        """The parts of a FitMoment for this view; the tensors are always there, since they cost nothing."""
        settings, parameters, data = moment.settings, moment.parameters, moment.data
        parts: dict[str, Any] = {"tensors": self._tensors(parameters)}
        match view:
            case "neurons":
                parts["neurons"] = self._neurons(settings, parameters, grid, data.points.y_unit)
            case "parameters":
                parts["layers"] = self._layer_pictures(parameters, data, trajectory)
            case "landscape":
                if moment.surface is not None:
                    parts["position"] = self._projection.position(parameters, trajectory, moment.surface, cost)
            case "initial-values":
                parts["draws"] = self._initial_draws(settings, grid, data.points.y_unit)
            case "activations":
                parts["activations"] = self._activation_curves(settings)
        return parts

    def _tensors(self, parameters: np.ndarray) -> tuple[tuple[str, np.ndarray], ...]:
        arrays = self._model.arrays(read_only(parameters))
        return tuple((tensor.name, array) for tensor, array in zip(self._model.tensors, arrays, strict=True))

    def _neurons(self, settings: Any, parameters: np.ndarray, grid: np.ndarray, y_unit: Unit) -> Neurons:
        terms = self._inside.terms(parameters, grid)
        order = np.argsort(-np.abs(terms).mean(axis=1), kind="stable")
        shown, others = order[:MOST_TERMS], order[MOST_TERMS:]
        outputs, layer, of = np.empty((0, len(grid)), np.float32), 0, 0
        if self._model.hidden is not None:
            layer = min(settings.layer, len(hidden_widths(settings)))
            outputs = self._inside.neurons(parameters, grid, layer - 1)
            of = len(outputs)
            outputs = outputs[:MOST_OUTPUTS]
        own, names = terms[shown], [self._model.term_names[number] for number in shown]
        if not y_unit.is_own:  # in the data's unit the sum begins at the mean that was taken off
            own = np.concatenate([y_unit.scale * own, np.full((1, len(grid)), y_unit.offset)])
            names.append("the data's mean")
        return Neurons(
            terms=read_only(own),
            term_names=tuple(names),
            rest=read_only(y_unit.scale * terms[others].sum(axis=0)),
            rest_count=len(others),
            outputs=read_only(outputs),
            output_names=tuple(f"neuron {number + 1}" for number in range(len(outputs))),
            layer=layer,
            of=of,
        )

    def _layer_pictures(
        self, parameters: np.ndarray, data: DataNow, trajectory: ParameterTrajectory
    ) -> tuple[LayerPicture, ...]:
        epochs, kept, _ = trajectory.view()
        made = []
        for state in self._inside.layers(parameters, training_sample(data, self._inside.affordable())):
            histograms = self._histograms[state.name]
            at, counts = histograms.update(epochs, kept)
            made.append(
                LayerPicture(
                    state.name, state.gradient, state.parameters, state.units, state.inactive,
                    histograms.edges, read_only(counts), read_only(at), state.word,
                )
            )  # fmt: skip
        return tuple(made)

    def _initial_draws(self, settings: Any, grid: np.ndarray, y_unit: Unit) -> InitialDraws:
        if self._draws is None:
            spreads = (1.0, 0.1)
            values, predictions = [], []
            for spread in spreads:
                generator = np.random.default_rng([settings.seed, 3])
                values.append(read_only(generator.normal(0.0, spread, 1000)))
                widths = hidden_widths(settings)
                model = networks.dense(1, 1, len(widths), widths, settings.activation, "normal", spread, True)
                first = [settings.seed + number for number in range(SEEDS)]
                curves = [model.predict(model.parts(model.initial(seed)), grid[:, None]) for seed in first]
                predictions.append(read_only(y_unit.own(np.array(curves, np.float32)[:, :, 0])))
            self._draws = InitialDraws(("N(0, 1)", "N(0, 0.1)"), tuple(values), tuple(predictions))
        return self._draws

    def _activation_curves(self, settings: Any) -> Activations:
        if self._activations is None:
            tf = backend.tensorflow()
            x = tf.constant(np.linspace(-REACH, REACH, 241, dtype=np.float32))
            curves, slopes = [], []
            for name in networks.ACTIVATIONS:
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    y = networks.activation_of(name)(x)
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
