"""PaintingObserver: a painting measured over all its pixels, and what each view shows of it. Serves the frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine import views
from engine.analysis.cost_surface import Position
from engine.analysis.diagnosis import diverged
from engine.analysis.trajectory import ParameterTrajectory, TrajectoryProjection
from engine.backend import ownership
from engine.experiment import Observation, Observer, Table
from engine.frames import Curve, Finding, Role, read_only
from engine.painting.evaluation import moved
from engine.painting.instruments import Instruments
from engine.painting.picture import PaintingPicture, Rival
from engine.painting.pictures_measured import psnr, ssim, worst
from engine.painting.race import RaceHistory
from engine.painting.variants import is_swapped
from engine.painting.views import VIEWS


@ownership.owned
class PaintingObserver(Observer):
    """See engine.experiment.Observer; a ``snapshot`` is a PaintingMoment. ``parameters``: how many are trained."""

    def __init__(self, instruments: Instruments, parameters: int) -> None:
        self._instruments, self._parameters = instruments, parameters
        self._cut = instruments.network.layers.parameters
        self._race = RaceHistory(("deep", "wide"))
        self._projection = TrajectoryProjection()
        self._has_batches = True
        self.trajectory = ParameterTrajectory.of(parameters)  # frozen: others may read it

    def clear(self) -> None:
        self._race.clear()
        self.trajectory = ParameterTrajectory.of(self._parameters)

    def view_of(self, snapshot: Any) -> str:
        return views.chosen(VIEWS, snapshot.settings)

    def observe(self, snapshot: Any) -> Observation:
        return self._observed(snapshot, self.view_of(snapshot))

    def measure(self, snapshot: Any) -> Observation:
        return self._observed(snapshot, VIEWS[0].name)

    def curves(self, steps: Table, epochs: Table) -> Sequence[Curve]:
        if self._instruments.rival is not None:
            return self._race.curves(epochs[0][-1] if len(epochs[0]) else 0)
        exact = Curve("all data", Role.EXACT, epochs[0], epochs[1][:, 0])
        raw = Curve("each batch", Role.RAW, steps[0], steps[1][:, 0])
        return (raw, exact) if self._has_batches else (exact,)

    def state(self) -> Any:
        return self.trajectory, self._race.state()

    def restore(self, state: Any) -> None:
        self.trajectory, race = state
        self._race.restore(race)

    def _observed(self, snapshot: Any, view: str) -> Observation:
        self._has_batches = snapshot.steps_per_epoch > 1
        if is_swapped(snapshot.settings):
            return self._observe_swapped(snapshot, view)
        settings, canvas, instruments = snapshot.settings, self._instruments.canvas, self._instruments
        own = snapshot.off.applied(snapshot.parameters[: self._cut])
        index = canvas.index_of(settings.walk)
        nearest = round(index)
        n = canvas.pixels
        cost, square, absolute, painting, error = instruments.evaluate(own, nearest * n)
        cost = self._cost_of_run(snapshot, float(cost))
        if nearest != index:  # between two pictures: what the network makes of that
            painting = instruments.picture_at(own, index)
            error = np.abs(painting.astype(int) - canvas.targets[nearest]).mean(axis=2).astype(np.uint8)
        target = canvas.target(nearest)
        metrics = {"psnr_db": psnr(float(square)), "ssim": ssim(target, painting), "mae": float(absolute)}
        rival = None
        if instruments.rival is not None:
            rival, its_cost = self._observe_rival(snapshot, cost)
            # what races comes first
            metrics = {"rival_cost": its_cost, "rival_psnr_db": rival.psnr_db, **metrics}
        picture = PaintingPicture(
            target,
            read_only(painting),
            read_only(error),
            worst(error),
            layers=self._layer(snapshot, index) if view == "layers" else None,
            montage=instruments.montage(own, settings.walk) if view == "many" else None,
            source=canvas.source,
            rival=rival,
            switched_off=snapshot.off.count,
            position=self._position(snapshot, cost, view),
        )
        return Observation(cost, metrics, picture, self._findings(snapshot), view)

    def _observe_rival(self, snapshot: Any, cost: float) -> tuple[Rival, float]:
        """The wide network of a race, and its cost, which is noted beside the deep one's."""
        settings, instruments = snapshot.settings, self._instruments
        second, width = instruments.rival
        its_cost, its_square, _, its_painting, _ = instruments.evaluate(snapshot.parameters[self._cut :], 0, rival=True)
        epoch, beyond = divmod(snapshot.step, snapshot.steps_per_epoch)
        if not beyond:
            self._race.note(epoch, (cost, float(its_cost)))
        rival = Rival(
            read_only(its_painting),
            psnr(float(its_square)),
            f"{settings.depth} × {settings.width}",
            f"1 × {width}",
            (self._cut, second.layers.parameters),
        )
        return rival, float(its_cost)

    def _observe_swapped(self, snapshot: Any, view: str) -> Observation:
        canvas = self._instruments.canvas
        own = snapshot.off.applied(snapshot.parameters[: self._cut])
        cost, absolute, positions = self._instruments.evaluate(own)
        cost = self._cost_of_run(snapshot, float(cost))
        target = canvas.target(0)
        if np.isfinite(positions).all():
            painting = moved(target.reshape(-1, 3), positions, canvas.shape[0])
            away = np.sqrt(np.square(positions - canvas.answers).sum(axis=1)) / 2  # in widths of the picture
        else:
            painting, away = np.zeros_like(target), np.ones(len(positions))
        error = np.clip(away * 255 + 0.5, 0, 255).astype(np.uint8).reshape(canvas.shape)
        picture = PaintingPicture(
            target,
            read_only(painting),
            read_only(error),
            worst(error),
            layers=self._layer(snapshot, 0) if view == "layers" else None,
            source=canvas.source,
            switched_off=snapshot.off.count,
            position=self._position(snapshot, cost, view),
            moves=True,
        )
        metrics = {"ssim": ssim(target, painting), "mae": float(absolute)}
        return Observation(cost, metrics, picture, self._findings(snapshot), view)

    def _layer(self, snapshot: Any, index: float) -> Any:
        return self._instruments.layer(snapshot.settings, snapshot.parameters[: self._cut], index, snapshot.off)

    def _cost_of_run(self, snapshot: Any, shown: float) -> float:
        """The moment's cost, given that of what is shown: neurons switched off are missing in the picture alone."""
        return self._instruments.cost(snapshot.parameters[: self._cut]) if snapshot.off.count else shown

    def _findings(self, snapshot: Any) -> tuple[Finding, ...] | None:
        said, measured = snapshot.said, snapshot.measured
        if snapshot.divergence is not None:
            first = diverged(snapshot.divergence.step, snapshot.settings.learning_rate)
            return (first, *(finding for finding in said + (measured or ()) if finding != first))
        return said + (measured or ()) if said or measured is not None else None

    def _position(self, snapshot: Any, cost: float, view: str) -> Position | None:
        """Where the run is on the newest slice, in that view; every epoch's end is kept for its way there."""
        epoch, beyond = divmod(snapshot.step, snapshot.steps_per_epoch)
        if self._instruments.rival is None and not beyond and np.isfinite(cost):
            self.trajectory = self.trajectory.added(epoch, snapshot.parameters, cost)
        if view != "landscape" or snapshot.surface is None:
            return None
        return self._projection.position(snapshot.parameters, self.trajectory, snapshot.surface, cost)
