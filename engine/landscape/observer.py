"""LandscapeObserver: what is shown of the descents at one moment. Serves the frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.analysis.stability import edge_of, takes_all_alike
from engine.analysis.terrain import Terrain
from engine.backend import ownership
from engine.experiment import Observation, Observer, Table
from engine.frames import Curve, Role, read_only
from engine.landscape import findings
from engine.landscape.analyses import LandscapeAnalyses, basins_of, numbers_of
from engine.landscape.bends import largest_bend
from engine.landscape.functions.landscape import Landscape
from engine.landscape.picture import Basins, LandscapePicture, Standing, Trail
from engine.landscape.saddle import saddle_of
from engine.landscape.standing import Standings


@ownership.owned
class LandscapeObserver(Observer):
    """See engine.experiment.Observer; a ``moment`` is a Moment of engine.landscape.experiment."""

    def __init__(self, landscape: Landscape, terrain: Terrain) -> None:
        self.landscape = self._landscape = landscape  # never changed: any thread may read it
        self._terrain = terrain
        self._standings = Standings(landscape, terrain.span)
        self._saddle = saddle_of(landscape)
        self._labels: tuple[tuple[str, int], ...] = ()  # and the sign of each

    def view_of(self, snapshot: Any) -> str:
        return snapshot.settings.view

    def observe(self, snapshot: Any) -> Observation:
        settings, first = snapshot.settings, snapshot.descents[0]
        self._labels = tuple((descent.label, descent.sign) for descent in snapshot.descents)
        trails = self.trails(snapshot)
        noise = settings.gradient_noise and settings.gradient == "automatic"
        picture = LandscapePicture(
            terrain=self._terrain,
            trails=trails,
            panels=self._panels(settings, len(trails)),
            secant=snapshot.secant,
            step=snapshot.step,
            basins_of=basins_of(settings, first) if settings.basins else None,
            noise_of=(*numbers_of(settings, first), settings.gradient_noise, first.start, settings.seed)
            if noise
            else None,
            note=self._landscape.note if settings.optimizers else "",
            by_descent=settings.trail_colours == "runner"
            or (
                settings.trail_colours == "auto" and (len(trails) > 1 or settings.basins or bool(settings.point_signs))
            ),
        )
        metrics = {"best_cost": float(np.fmin.reduce(snapshot.best))}
        said = findings.findings(self._landscape, settings, trails, self._saddle, snapshot.secant)
        said = (*(said or ()), *snapshot.told) if snapshot.told else said
        return Observation(float(np.fmin.reduce(snapshot.costs[-1])), metrics, picture, said, self.view_of(snapshot))

    def curves(self, steps: Table, epochs: Table) -> Sequence[Curve]:
        x, y = steps
        return tuple(Curve(label, Role.DESCENT, x, y[:, k], sign) for k, (label, sign) in enumerate(self._labels))

    @ownership.any_thread
    def trails(self, moment: Any) -> tuple[Trail, ...]:
        """Each descent's own part of a moment; it reads nothing that changes."""
        return tuple(self._trail(number, moment) for number in range(len(moment.descents)))

    def _trail(self, number: int, moment: Any) -> Trail:
        descent, size = moment.descents[number], self._landscape.dimensions
        indexed = moment.settings.gradient == "difference"
        path = moment.paths[:, number * size : (number + 1) * size]
        moving = bool(moment.moving[number])
        reached, standing = self._standings.of(path, moment.path_steps, moving)
        if moment.went_over_the_edge[number] and not len(self._landscape.minima):
            standing = Standing.OVER
        return Trail(
            label=descent.label,
            optimizer=descent.optimizer,
            learning_rate=descent.learning_rate,
            positions=read_only(path),
            costs=read_only(moment.costs[:, number]),
            gradient=read_only(moment.gradients[number]),
            moving=moving,
            index=float(moment.raw[number, 0]) if indexed and size == 1 else None,
            message=moment.messages[number],
            update=moment.updates[number],
            unit=moment.unit,
            point=descent.point,
            sign=descent.sign,
            best_cost=float(moment.best[number]),
            reached=reached,
            standing=standing,
            left_to=None if moving or indexed else read_only(moment.left_to[number]),
            edge=_edge(descent, moment),
        )

    def _panels(self, settings: Any, count: int) -> tuple[tuple[int, ...], ...]:
        everyone = range(count)
        if settings.learning_rates and self._landscape.dimensions == 1:
            return tuple((number,) for number in everyone)  # the lecture's three plots side by side
        return (tuple(everyone),)


def _edge(descent: Any, moment: Any) -> float | None:
    """How much the cost may bend for this descent's steps to be stable, on the landscape's own axes."""
    if not takes_all_alike(descent.optimizer):
        return None
    numbers = moment.settings.numbers() | {"learning_rate": descent.learning_rate}
    return edge_of(descent.optimizer, numbers) / float(np.mean(moment.unit)) ** 2


def outcome_of(observer: LandscapeObserver, asked: LandscapeAnalyses, moment: Any) -> Mapping[str, Any]:
    """What the command line's JSON says of a moment's descents, and of its basins or its noise where it has them."""
    settings, best = moment.settings, float(moment.best.min())
    outcome: dict[str, Any] = {
        "runners": [
            _descent_outcome(trail, moment, number) | _bends(observer.landscape, trail)
            for number, trail in enumerate(observer.trails(moment))
        ]
    }
    if settings.basins:
        outcome["metrics"] = {"best_cost": best} | _shares(asked.basins(settings), asked.minima)
    elif settings.gradient_noise and settings.gradient == "automatic" and len(asked.minima):
        outcome["metrics"] = {"best_cost": best, "noisy_runs_in_lowest": asked.noise(settings).found}
    return outcome


def _bends(landscape: Landscape, trail: Trail) -> dict[str, float]:
    """How much the cost bends where a descent began and where it is, and how much its steps bear."""
    first, now = (float(largest_bend(landscape, *trail.positions[row])) for row in (0, -1))
    found = {"first_sharpness": first, "sharpness": now}
    return found if trail.edge is None else found | {"two_over_rate": trail.edge}


def _shares(basins: Basins, minima: np.ndarray) -> dict[str, float]:
    """The share of starts by minimum, as metrics."""
    shares = {f"share({x:.2f}, {y:.2f})": float(basins.share[k]) for k, (x, y) in enumerate(minima)}
    return shares | {"share_on_its_way": float(basins.share[-2]), "share_lost": float(basins.share[-1])}


def _descent_outcome(trail: Trail, moment: Any, number: int) -> dict[str, Any]:
    size = trail.positions.shape[1]

    def point(position: np.ndarray) -> Any:
        return float(position[0]) if size == 1 else [float(value) for value in position]

    outcome = {
        "optimizer": trail.optimizer,
        "learning_rate": trail.learning_rate,
        "start": point(trail.positions[0]),
        "end": point(trail.positions[-1]),
        "cost": float(trail.costs[-1]),
        "best_cost": trail.best_cost,
        "steps": int(moment.steps_moved[number]),
        "state": "finished" if trail.moving else "diverged",
        "reached": trail.reached,
        "standing": str(trail.standing),
    }
    if moment.settings.gradient == "difference":
        index = [int(value) for value in moment.raw[number]]
        outcome["index"] = index[0] if size == 1 else index
    if trail.message:
        outcome["message"] = trail.message
    return outcome
