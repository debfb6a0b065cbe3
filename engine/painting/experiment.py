"""Painting: a network from a pixel's position to its colour learns a picture, or many, or the other way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.cost_surface import CostSurface, Position
from engine.analysis.orthogonal import spectra
from engine.analysis.run_on_slice import TrainedSlices
from engine.analysis.trajectory import ParameterTrajectory
from engine.backend import backend, ownership
from engine.experiment import AnalysisError, BuildError, Question
from engine.frames import Analysis, Finding, read_only
from engine.knobs import differing
from engine.painting import images
from engine.painting.canvas import canvas_of
from engine.painting.findings import PaintingFindings
from engine.painting.instruments import Instruments, vector
from engine.painting.neurons import OffNeurons
from engine.painting.observer import PaintingObserver
from engine.painting.picture import Render, Thumbnails
from engine.painting.pixel_networks import both, pixel_network_of, rival_of
from engine.painting.settings import PaintingSettings
from engine.painting.variants import is_swapped
from engine.run.trained_experiment import Moment, TrainedExperiment
from engine.training.growing import regrown
from engine.training.training import Training

MOST_FITTED = 2048  # pixels over which a changed depth is fitted; with four times as many the cost changes as much
LIGHT = 128 * 128  # pixels up to which a compiled network is worth keeping for later, however they are encoded
LIGHT_NUMBERS = 1 << 18  # of what goes in, with which more pixels are as light: those of many small pictures
THUMBNAIL_EDGE = 96


@dataclass(frozen=True, eq=False)
class PaintingMoment(Moment):
    """A Moment with the neurons that are switched off, what was found out, and where the run is seen on a slice."""

    steps_per_epoch: int
    off: OffNeurons
    said: tuple[Finding, ...]  # of what it is made from, and of what has changed
    measured: tuple[Finding, ...] | None  # by the newest look inside; None before there was one
    trajectory: ParameterTrajectory
    surface: CostSurface | None


@ownership.owned
class PaintingExperiment(TrainedExperiment):
    """See engine.experiment.Experiment."""

    observer: PaintingObserver

    def __init__(self, settings: PaintingSettings) -> None:
        try:
            canvas = canvas_of(settings)
        except images.PictureError as error:
            raise BuildError(str(error)) from None
        self._canvas = canvas
        self._network = network = pixel_network_of(settings, canvas)
        self._rival = rival_of(settings, canvas, network)
        x = np.asarray(network.encode(canvas.raw)) if network.keeps_features else canvas.raw
        self._features = backend.tensorflow().constant(x)
        model, answers = network.trained, canvas.answers
        if self._rival is not None:
            model, answers = both(network, self._rival[0]), np.tile(answers, (1, 2))
        super().__init__(Training(model, x, answers, settings, compiled=False), settings)
        self.training.length = self.length
        self.notice = " ".join(canvas.remarks)
        self._given = (Finding("The pictures", self.notice),) if self.notice else ()
        self._slices = TrainedSlices(model, x, answers, settings.cost)
        self._why = PaintingFindings(network, canvas, settings.cost)
        self._instruments = Instruments(settings, network, self._rival, canvas, self._features)
        self.observer = PaintingObserver(self._instruments, self.parameters)
        self._forget()

    @ownership.any_thread
    def compile(self) -> None:
        """Compile the training and the evaluation; until then observe() works, at a tenth of its speed."""
        self._instruments.compile(self.training.initial)
        super().compile()

    @property
    def analyses(self) -> Mapping[str, Question]:
        return {
            "thumbnails": _thumbnails,
            "render": self._render,
            "walk": self._walk,
            "surface": self._slice,
            "update": lambda moment, _: spectra(moment.raw_updates),
            "inside": lambda moment, _: self._why.measure(self._own(moment), moment.settings, moment.trajectory),
        }

    @ownership.any_thread
    def outcome(self, snapshot: PaintingMoment) -> Mapping[str, Any]:
        if snapshot.averaged is None or self._rival is not None:
            return {}
        return {"averaged_cost": self._instruments.cost(snapshot.averaged)}

    @property
    def actions(self) -> Mapping[str, Callable[[Any], None]]:
        return {"switch_neuron": self._switch_neuron, "place": self._put_at_place}

    @property
    def is_cacheable(self) -> bool:
        return len(self._canvas.raw) <= LIGHT or self._features.shape.num_elements() <= LIGHT_NUMBERS

    def set_live(self, settings: PaintingSettings) -> None:
        super().set_live(settings)
        self.training.length = self.length

    def reset(self) -> None:
        super().reset()
        self._forget()

    def learn(self, analysis: Analysis) -> None:
        if analysis.name == "surface":
            self._surface = analysis.result.surface
        elif analysis.name == "inside":
            self._measured = analysis.result.said

    def state(self) -> Any:
        return super().state(), (self._off, self._found, self._measured, self._surface, self._divergence)

    def restore(self, state: Any) -> None:
        trained, (self._off, self._found, self._measured, self._surface, self._divergence) = state
        super().restore(trained)

    def inherit(self, older: PaintingExperiment) -> bool:
        """Go on from what another experiment has painted, where only the depth differs; False where that can't be."""
        new, old = self.settings, older.settings
        structural = {knob.name for knob in differing(old, new) if not knob.live}
        if not new.grow or structural != {"depth"} or self._rival or older._rival or not older.training.is_finite():
            return False
        picked = np.random.default_rng(0).permutation(len(self._canvas.raw))[:MOST_FITTED]
        features = np.asarray(self._features)[np.sort(picked)]
        if not self._network.keeps_features:
            features = np.asarray(self._network.encode(features))
        flat = regrown(
            older._network.layers, older.training.parameters, self._network.layers, self.training.parameters, features
        )
        before, after = older._instruments.cost(older.training.parameters), self._instruments.cost(flat)
        self.training.go_on_from(older.training, flat)
        change = round((after - before) / max(before, 1e-12), 4) + 0.0  # "-0.00%" would be odd
        words = "The painting stays" if abs(change) < 1e-3 else "The painting changes"
        amount = f"{change:+.2%}" if change < 10 else f"{after / before:,.0f} times"
        self._found = (
            Finding(
                f"Depth {old.depth} → {new.depth}",
                f"{words}: the cost went from {before:.4g} to {after:.4g} ({amount}) as the layers changed.",
            ),
        )
        return True

    def _forget(self) -> None:
        self._off = OffNeurons.of(self._network.layers)
        self._found: tuple[Finding, ...] = ()
        self._measured: tuple[Finding, ...] | None = None
        self._surface: CostSurface | None = None

    def _moment(self, step: int, parameters: np.ndarray) -> PaintingMoment:
        return PaintingMoment(
            step, self.settings, parameters, self._divergence, self.steps_per_epoch, self._off,
            self._given + self._found, self._measured, self.observer.trajectory, self._surface,
        )  # fmt: skip

    def _own(self, moment: PaintingMoment) -> np.ndarray:
        """The parameters (p,) of the one network, or of the deep one in a race."""
        return moment.parameters[: self._network.layers.parameters]

    def _switch_neuron(self, payload: Mapping[str, Any]) -> None:
        """Turn a neuron's answer to zero in all that is shown, or back: {"layer", "neuron", "on"}; training goes on."""
        if payload.get("all_on"):
            self._off = OffNeurons.of(self._network.layers)
        else:
            self._off = self._off.switched(int(payload["layer"]), int(payload["neuron"]), bool(payload["on"]))

    def _put_at_place(self, payload: Sequence[float]) -> None:
        """Put the network where a hand has dragged the ball."""
        if self._surface is not None:
            place = np.asarray(payload, float)
            self.training.set_parameters(self._surface.parameters(place).astype(np.float32))

    def _slice(self, moment: PaintingMoment, arguments: Mapping[str, Any]) -> Position:
        if self._rival is not None:
            raise AnalysisError("Two networks that race have a landscape each; end the race to see one.")
        settings = moment.settings
        directions = arguments.get("directions", settings.directions)
        return self._slices.about(moment.parameters, moment.trajectory, directions, settings.seed)

    def _render(self, moment: PaintingMoment, arguments: Mapping[str, Any]) -> Render:
        if is_swapped(moment.settings):
            raise AnalysisError("A network that answers with positions has no colours between the pixels.")
        flat = moment.off.applied(self._own(moment))
        index = self._canvas.index_of(moment.settings.walk)
        return self._instruments.renderer.render(
            vector(flat), index, tuple(arguments["window"]), *arguments["size"], arguments.get("beside", ())
        )

    def _walk(self, moment: PaintingMoment, arguments: Mapping[str, Any]) -> np.ndarray:
        """Pictures along the walk from the first to the last: uint8 (frames, rows, columns, 3).

        With ``part`` only these of the ``frames``: from one number to another.
        """
        flat = moment.off.applied(self._own(moment))
        indices = np.linspace(0, self._canvas.count - 1, arguments["frames"])
        chosen = indices[slice(*arguments.get("part", (None,)))]
        return read_only(np.stack([self._instruments.picture_at(flat, index) for index in chosen]))


def _thumbnails(_moment: PaintingMoment, _arguments: Mapping[str, Any]) -> Thumbnails:
    small = {}
    for name in images.IMAGES:
        whole = images.gallery(name)
        top, left, height, width = images.Crop().box(*whole.shape[:2])
        small[name] = images.preview(whole[top : top + height, left : left + width], THUMBNAIL_EDGE)
    return Thumbnails(small)
