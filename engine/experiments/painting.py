"""Painting: a network from a pixel's position to its colour learns a picture, or many, or the other way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from engine import backend, images
from engine.canvas import canvas_of, coordinates, window_positions
from engine.cost_surface import Position
from engine.evaluation import Later, displacement, evaluation, insides, moved, painted
from engine.experiments.experiment import BuildError, Observation, Question, StudyError
from engine.experiments.painting_settings import PaintingSettings, is_swapped, views_of
from engine.experiments.trained import Moment, TrainedExperiment
from engine.frames import Curve, Finding, read_only
from engine.growing import regrown
from engine.knobs import differing
from engine.neurons import OffNeurons, layer_picture
from engine.painters import both, painter_of, rival_of
from engine.painting_findings import PaintingFindings
from engine.painting_picture import Montage, PaintingPicture, Render, Rival, Thumbnails
from engine.pictures_measured import psnr, ssim, worst
from engine.race import RaceHistory
from engine.rendering import Renderer
from engine.run_on_slice import RunOnSlice

__all__ = ["Experiment", "coordinates"]

INSIDE_EDGE = 64  # pixels of a neuron's picture
MOST_FITTED = 2048  # pixels over which a changed depth is fitted; with four times as many the cost changes as much
LIGHT = 128 * 128  # pixels up to which a compiled network is worth keeping for later, however they are encoded
LIGHT_NUMBERS = 1 << 18  # of what goes in, with which more pixels are as light: those of many small pictures
THUMBNAIL_EDGE = 96

Table = tuple[np.ndarray, np.ndarray]  # x (n,), y (n, columns)


class Experiment(TrainedExperiment):
    """See engine.experiments.experiment.Experiment."""

    def __init__(self, settings: PaintingSettings) -> None:
        try:
            self._canvas = canvas = canvas_of(settings)
        except images.PictureError as error:
            raise BuildError(str(error)) from None
        self._painter = painter = painter_of(settings, canvas)
        self._rival = rival_of(settings, canvas, painter)
        x = np.asarray(painter.encode(canvas.raw)) if painter.keeps_features else canvas.raw
        self._features = backend.tensorflow().constant(x)
        self._off = OffNeurons(painter.layers)
        self.news = _left_out_words(canvas.left_out)
        self._given = (Finding("Left out", self.news),) if self.news else ()
        self._found: tuple[Finding, ...] = ()
        self._race = RaceHistory(("deep", "wide"))
        model, answers = painter.trained, canvas.answers
        if self._rival is not None:
            model, answers = both(painter, self._rival[0]), np.tile(answers, (1, 2))
        super().__init__(model, x, answers, settings, compiled=False)
        self.training.length = self.length
        self._on_slice = RunOnSlice(model, x, answers, settings.cost)
        self._why = PaintingFindings(painter, canvas, settings.cost)
        self._make_evaluations()

    def compile(self) -> None:
        """Compile the training and the evaluation; until then observe() works, at a tenth of its speed."""
        self.training.compile()
        flat = _vector(self.training.parameters)
        own = flat[: self._painter.layers.parameters]
        self._evaluate_own.compile(own, *self._begin_at(0))
        if self._rival is not None:
            self._evaluate_rival.compile(flat[self._painter.layers.parameters :], *self._begin_at(0))

    @property
    def studies(self) -> Mapping[str, Question]:
        return {
            "thumbnails": self._thumbnails,
            "render": self._render,
            "walk": self._walk,
            "surface": self._slice,
            "inside": lambda snapshot, _: self._why.measure(
                self._own(snapshot), self.settings, *self._on_slice.costs()
            ),
        }

    @property
    def touches(self) -> Mapping[str, Callable[[Any], None]]:
        return {"switch_neuron": self._switch_neuron, "place": self._touch_place}

    @property
    def keeps(self) -> bool:
        """Whether this compiled network is small enough to be kept for when its settings come back."""
        return len(self._canvas.raw) <= LIGHT or self._features.shape.num_elements() <= LIGHT_NUMBERS

    def set_live(self, settings: PaintingSettings) -> None:
        super().set_live(settings)
        self.training.length = self.length

    def reset(self) -> None:
        super().reset()
        self._off.clear()
        self._found = ()
        self._why.clear()
        self._race.clear()
        self._on_slice.clear()

    def curves(self, steps: Table, epochs: Table) -> Sequence[Curve]:
        if self._rival is None:
            return super().curves(steps, epochs)
        return self._race.curves(epochs[0][-1] if len(epochs[0]) else 0)

    def state(self) -> Any:
        return super().state(), self._race.state(), self._on_slice.state()

    def restore(self, state: Any) -> None:
        super().restore(state[0])
        self._race.restore(state[1])
        self._on_slice.restore(state[2])

    def inherit(self, older: Experiment) -> bool:
        """Go on from what another experiment has painted, where only the depth differs; False where that can't be."""
        new, old = self.settings, older.settings
        structural = {knob.name for knob in differing(old, new) if not knob.live}
        if not new.grow or structural != {"depth"} or self._rival or older._rival or not older.training.is_finite():
            return False
        picked = np.random.default_rng(0).permutation(len(self._canvas.raw))[:MOST_FITTED]
        features = np.asarray(self._features)[np.sort(picked)]
        if not self._painter.keeps_features:
            features = np.asarray(self._painter.encode(features))
        flat = regrown(
            older._painter.layers, older.training.parameters, self._painter.layers, self.training.parameters, features
        )
        before, after = older._cost(older.training.parameters), self._cost(flat)
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

    def observe(self, snapshot: Moment) -> Observation:
        return self._observed(snapshot, self._view())

    def measure(self, snapshot: Moment) -> Observation:
        """The same, without what only the present view shows: for an epoch's end that nobody looks at."""
        return self._observed(snapshot, "painting")

    def _own(self, snapshot: Moment) -> np.ndarray:
        """The parameters (p,) of the one painter, or of the deep one in a race."""
        return snapshot.parameters[: self._painter.layers.parameters]

    def _view(self) -> str:
        return self.settings.view if self.settings.view in views_of(self.settings) else "painting"

    def _observed(self, snapshot: Moment, view: str) -> Observation:
        settings, canvas = self.settings, self._canvas
        flat = snapshot.parameters
        own = self._off.applied(self._own(snapshot))
        if is_swapped(settings):
            return self._observe_swapped(own, view, snapshot)
        index = canvas.index_of(settings.walk)
        nearest = round(index)
        n = canvas.side**2
        cost, square, absolute, painting, error = self._evaluate(own, nearest * n)
        cost = self._cost_of_run(snapshot, cost)
        if nearest != index:  # between two pictures: what the network makes of that
            painting = self._paint_at(own, index)
            error = np.abs(painting.astype(int) - canvas.targets[nearest]).mean(axis=2).astype(np.uint8)
        target = canvas.target(nearest)
        metrics = {
            "psnr_db": psnr(float(square)),
            "ssim": ssim(target, painting),
            "mae": float(absolute),
        }
        rival = None
        if self._rival is not None:
            second, width = self._rival
            other = flat[self._painter.layers.parameters :]
            its_cost, its_square, _, its_painting, _ = self._evaluate(other, 0, rival=True)
            if snapshot.step % self.steps_per_epoch == 0:
                self._race.note(snapshot.step // self.steps_per_epoch, (float(cost), float(its_cost)))
            its_psnr = psnr(float(its_square))
            metrics = {"rival_cost": float(its_cost), "rival_psnr_db": its_psnr, **metrics}  # what races comes first
            rival = Rival(
                read_only(its_painting),
                metrics["rival_psnr_db"],
                f"{settings.depth} × {settings.width}",
                f"1 × {width}",
                (self._painter.layers.parameters, second.layers.parameters),
            )
        picture = PaintingPicture(
            target,
            read_only(painting),
            read_only(error),
            worst(error),
            layers=self._layers(self._own(snapshot), index) if view == "layers" else None,
            montage=self._montage(own) if view == "many" else None,
            source=canvas.source,
            rival=rival,
            switched_off=self._off.count,
            position=self._position(snapshot, float(cost), view),
        )
        return Observation(float(cost), metrics, picture, self._findings())

    def _observe_swapped(self, flat: np.ndarray, view: str, snapshot: Moment) -> Observation:
        canvas = self._canvas
        cost, absolute, positions = self._evaluate(flat)
        cost = self._cost_of_run(snapshot, cost)
        target = canvas.target(0)
        if np.isfinite(positions).all():
            painting = moved(target.reshape(-1, 3), positions, canvas.side)
            away = np.sqrt(np.square(positions - canvas.answers).sum(axis=1)) / 2  # in widths of the picture
        else:
            painting, away = np.zeros_like(target), np.ones(len(positions))
        error = np.clip(away * 255 + 0.5, 0, 255).astype(np.uint8).reshape(canvas.side, canvas.side)
        picture = PaintingPicture(
            target,
            read_only(painting),
            read_only(error),
            worst(error),
            layers=self._layers(self._own(snapshot), 0) if view == "layers" else None,
            source=canvas.source,
            switched_off=self._off.count,
            position=self._position(snapshot, float(cost), view),
            moves=True,
        )
        metrics = {"ssim": ssim(target, painting), "mae": float(absolute)}
        return Observation(float(cost), metrics, picture, self._findings())

    def _findings(self) -> tuple[Finding, ...] | None:
        measured, said = self._why.said, self._given + self._found
        return said + (measured or ()) if said or measured is not None else None

    def _position(self, snapshot: Moment, cost: float, view: str) -> Position | None:
        """Where the run is on the newest slice, in that view; every epoch's end is kept for its way there."""
        if self._rival is None and snapshot.step % self.steps_per_epoch == 0 and np.isfinite(cost):
            self._on_slice.note(snapshot.step // self.steps_per_epoch, snapshot.parameters, cost)
        return self._on_slice.position(snapshot.parameters, cost) if view == "landscape" else None

    def _make_evaluations(self) -> None:
        canvas, cost = self._canvas, self.settings.cost
        answers = backend.tensorflow().constant(canvas.answers)
        if is_swapped(self.settings):
            self._evaluate_own = Later(displacement(self._painter, self._features, answers, cost))
        else:
            self._evaluate_own = Later(evaluation(self._painter, canvas, self._features, answers, cost))
        if self._rival is not None:
            self._evaluate_rival = Later(evaluation(self._rival[0], canvas, self._features, answers, cost))
        self._renderer = Renderer(self._painter, canvas)
        # compiled when a view first asks for them
        self._look: Any = None
        self._paint: Any = None

    def _evaluate(self, flat: np.ndarray, start: int = 0, rival: bool = False) -> list[np.ndarray]:
        function = self._evaluate_rival if rival else self._evaluate_own
        return [part.numpy() for part in function(_vector(flat), *self._begin_at(start))]

    def _begin_at(self, start: int) -> tuple[Any, ...]:
        return () if is_swapped(self.settings) else (backend.tensorflow().constant(start, "int32"),)

    def _cost_of_run(self, snapshot: Moment, shown: float) -> float:
        """The moment's cost, given that of what is shown: neurons switched off are missing in the picture alone."""
        return self._cost(self._own(snapshot)) if self._off.count else shown

    def _cost(self, flat: np.ndarray) -> float:
        return float(self._evaluate(flat)[0])

    def _paint_at(self, flat: np.ndarray, index: float) -> np.ndarray:
        canvas = self._canvas
        if self._paint is None:
            self._paint = painted(self._painter, canvas, canvas.side**2)
        raw = canvas.with_picture(coordinates(canvas.side), index)
        return self._paint(_vector(flat), _vector(raw)).numpy().reshape(canvas.side, canvas.side, 3)

    def _layers(self, own: np.ndarray, index: float) -> Any:
        canvas, settings = self._canvas, self.settings
        edge = min(canvas.side, INSIDE_EDGE)
        if is_swapped(settings):
            step = canvas.side // edge
            chosen = np.arange(canvas.side**2).reshape(canvas.side, -1)[: edge * step : step, : edge * step : step]
            raw, answers = canvas.raw[chosen.ravel()], canvas.targets[0].reshape(-1, 3)[chosen.ravel()]
        else:
            raw = canvas.with_picture(window_positions(canvas.side, (0.0, 0.0, 1.0, 1.0), edge, edge), index)
            picture = canvas.targets[round(index)]
            answers = picture if edge == canvas.side else images.cut(picture, edge)
            answers = answers.reshape(-1, 3)
        if self._look is None:
            self._look = insides(self._painter, canvas, edge * edge)
        neurons = self._look(_vector(self._off.applied(own)), _vector(raw)).numpy()
        return layer_picture(self._painter.layers, own, neurons, answers, settings.layer, self._off)

    def _montage(self, flat: np.ndarray) -> Montage:
        canvas = self._canvas
        painting = self._renderer.all_pictures(_vector(flat))
        columns = int(np.ceil(np.sqrt(canvas.count)))
        return Montage(
            tiled(canvas.targets, columns),
            tiled(painting, columns),
            canvas.count,
            columns,
            canvas.side,
            canvas.index_of(self.settings.walk),
        )

    def _switch_neuron(self, payload: Mapping[str, Any]) -> None:
        """Turn a neuron's answer to zero in all that is shown, or back: {"layer", "neuron", "on"}; training goes on."""
        if payload.get("all_on"):
            self._off.clear()
        else:
            self._off.switch(int(payload["layer"]), int(payload["neuron"]), bool(payload["on"]))

    def _slice(self, snapshot: Moment, arguments: Mapping[str, Any]) -> Position:
        if self._rival is not None:
            raise StudyError("Two networks that race have a landscape each; end the race to see one.")
        settings = self.settings
        return self._on_slice.measure(
            snapshot.parameters, arguments.get("directions", settings.directions), settings.seed
        )

    def _touch_place(self, payload: Sequence[float]) -> None:
        """Put the network where a hand has dragged the ball."""
        parameters = self._on_slice.parameters_at(payload)
        if parameters is not None:
            self.training.set_parameters(parameters)

    def _thumbnails(self, _snapshot: Moment, _arguments: Mapping[str, Any]) -> Thumbnails:
        small = {}
        for name in images.IMAGES:
            whole = images.gallery(name)
            top, left, edge = images.Crop().box(*whole.shape[:2])
            small[name] = images.preview(whole[top : top + edge, left : left + edge], THUMBNAIL_EDGE)
        return Thumbnails(small)

    def _render(self, snapshot: Moment, arguments: Mapping[str, Any]) -> Render:
        if is_swapped(self.settings):
            raise StudyError("A network that answers with positions has no colours between the pixels.")
        flat = self._off.applied(self._own(snapshot))
        index = self._canvas.index_of(self.settings.walk)
        return self._renderer.render(
            _vector(flat), index, tuple(arguments["window"]), *arguments["size"], arguments.get("beside", ())
        )

    def _walk(self, snapshot: Moment, arguments: Mapping[str, Any]) -> np.ndarray:
        """Pictures along the walk from the first to the last: uint8 (frames, side, side, 3).

        With ``part`` only these of the ``frames``: from one number to another.
        """
        canvas = self._canvas
        flat = self._off.applied(self._own(snapshot))
        indices = np.linspace(0, canvas.count - 1, arguments["frames"])[slice(*arguments.get("part", (None,)))]
        return read_only(np.stack([self._paint_at(flat, index) for index in indices]))


def _left_out_words(names: Sequence[str]) -> str:
    """Which files of a folder aren't painted, in a sentence; "" where there are none."""
    if not names:
        return ""
    if len(names) == 1:
        return f"1 file of that folder is no picture that can be painted: {names[0]}."
    listed = " and ".join(names) if len(names) == 2 else f"{names[0]}, {names[1]} and {len(names) - 2} more"
    return f"{len(names)} files of that folder are no pictures that can be painted: {listed}."


def tiled(pictures: np.ndarray, columns: int) -> np.ndarray:
    """Pictures (n, side, side, 3) in rows of ``columns``, black where none is left; uint8 (rows, columns, 3)."""
    count, side = pictures.shape[:2]
    rows = -(-count // columns)
    padded = np.zeros((rows * columns, side, side, 3), np.uint8)
    padded[:count] = pictures
    grid = padded.reshape(rows, columns, side, side, 3).swapaxes(1, 2)
    return read_only(np.ascontiguousarray(grid.reshape(rows * side, columns * side, 3)))


def _vector(values: np.ndarray) -> Any:
    return backend.tensorflow().constant(values, "float32")
