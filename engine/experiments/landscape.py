"""Landscape: one runner or several descend a cost over one or two parameters, in lockstep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from engine import landscapes
from engine.descent import Descents, DescentState
from engine.experiments.experiment import Advance, Observation, Question
from engine.experiments.landscape_settings import LandscapeSettings, descents, landscape_of
from engine.frames import Curve, Role, read_only
from engine.landscape_picture import Basins, LandscapePicture, Terrain, Trail
from engine.recording import Series

BASIN_SIDE = 200


@dataclass(frozen=True, eq=False)
class Moment:
    """Where every runner is and has been after ``step`` steps. ``paths`` (n, runners * dimensions)."""

    step: int
    path_steps: np.ndarray
    paths: np.ndarray
    costs: np.ndarray
    gradients: np.ndarray
    raw: np.ndarray
    moving: np.ndarray
    messages: tuple[str, ...]
    swarm: np.ndarray | None
    swarm_moving: np.ndarray | None


class Experiment:
    """See engine.experiments.experiment.Experiment."""

    axis = "step"
    steps_per_epoch = 1
    studies: ClassVar[Mapping[str, Question]] = {}
    touches: ClassVar[Mapping[str, Callable[[Any], None]]] = {}

    def __init__(self, settings: LandscapeSettings) -> None:
        self.settings = settings
        self.landscape = landscape_of(settings)
        self.runners = descents(settings)
        self.columns = len(self.runners)
        self.parameters = self.landscape.dimensions
        self._terrain = _terrain(settings.landscape)
        self._swarm = _grid_of_starts(self.landscape) if settings.basins else None
        self._descents = Descents(self.landscape, self.runners, settings, self._swarm)
        self._path = Series(self.columns * self.landscape.dimensions, capacity=1 << 14)
        self._path_costs = Series(self.columns, capacity=1 << 14)
        self.reset()

    @property
    def length(self) -> int:
        return self.settings.steps

    def reset(self) -> None:
        self._descents.reset()
        self._path.clear()
        self._path_costs.clear()
        self._best = self._descents.costs.copy()
        self._record(np.zeros(1), self._descents.positions()[None], self._descents.costs[None])

    def set_live(self, settings: LandscapeSettings) -> None:
        self.settings = settings
        self.runners = descents(settings)
        self._descents.set_live(settings, self.runners)

    def advance(self, steps: int) -> Advance:
        before = self._descents.step
        positions, costs = self._descents.advance(steps)
        self._record(before + 1 + np.arange(len(costs)), positions, costs)
        self._best = np.minimum(self._best, costs.min(axis=0))
        message = "" if self._descents.moving.any() else " ".join(dict.fromkeys(filter(None, self._descents.messages)))
        return Advance(costs, message=message)

    def snapshot(self) -> Moment:
        steps, paths = self._path.view()
        live = self._descents
        return Moment(
            step=live.step,
            path_steps=steps,
            paths=paths,
            costs=self._path_costs.view()[1],
            gradients=live.gradients.copy(),
            raw=live.raw.copy(),
            moving=live.moving.copy(),
            messages=live.messages,
            swarm=live.swarm(),
            swarm_moving=live.swarm_moving(),
        )

    def observe(self, snapshot: Moment) -> Observation:
        picture = LandscapePicture(
            terrain=self._terrain,
            trails=tuple(self._trail(number, snapshot) for number in range(self.columns)),
            panels=self._panels(),
            secant=self._secant(snapshot),
            basins=self._basins(snapshot),
        )
        now = snapshot.costs[-1]
        metrics = {"best_cost": float(np.nanmin(snapshot.costs))}
        if picture.basins is not None:
            metrics["lost"] = float(picture.basins.share[-1])
        return Observation(float(np.nanmin(now)), metrics, picture)

    def curves(self, steps: tuple[np.ndarray, np.ndarray], epochs: tuple[np.ndarray, np.ndarray]) -> Sequence[Curve]:
        x, y = steps
        return tuple(Curve(runner.label, Role.RUNNER, x, y[:, k]) for k, runner in enumerate(self.runners))

    def outcome(self) -> Mapping[str, Any]:
        moment = self.snapshot()
        return {"runners": [self._runner_outcome(number, moment) for number in range(self.columns)]}

    def state(self) -> tuple[DescentState, Any, Any, np.ndarray]:
        return self._descents.state(), self._path.state(), self._path_costs.state(), self._best.copy()

    def restore(self, state: tuple[DescentState, Any, Any, np.ndarray]) -> None:
        descent, path, costs, best = state
        self._descents.restore(descent)
        self._path.restore(path)
        self._path_costs.restore(costs)
        self._best = best.copy()

    def _record(self, steps: np.ndarray, positions: np.ndarray, costs: np.ndarray) -> None:
        self._path.append(steps, positions.reshape(len(steps), -1))
        self._path_costs.append(steps, costs)

    def _trail(self, number: int, moment: Moment) -> Trail:
        runner, size = self.runners[number], self.landscape.dimensions
        indexed = self.settings.gradient == "difference"
        return Trail(
            label=runner.label,
            optimizer=runner.optimizer,
            learning_rate=runner.learning_rate,
            positions=read_only(moment.paths[:, number * size : (number + 1) * size]),
            costs=read_only(moment.costs[:, number]),
            gradient=read_only(moment.gradients[number]),
            moving=bool(moment.moving[number]),
            index=float(moment.raw[number, 0]) if indexed and size == 1 else None,
            message=moment.messages[number],
        )

    def _panels(self) -> tuple[tuple[int, ...], ...]:
        everyone = range(self.columns)
        if self.settings.learning_rates and self.landscape.dimensions == 1:
            return tuple((number,) for number in everyone)  # the lecture's three plots side by side
        return (tuple(everyone),)

    def _secant(self, moment: Moment) -> float | None:
        if not self.settings.secant_distance or self.landscape.dimensions != 1:
            return None
        return float(moment.paths[-1, 0] + self.settings.secant_distance * 0.5 ** (moment.step / 7))

    def _basins(self, moment: Moment) -> Basins | None:
        if moment.swarm is None:
            return None
        goals = self._terrain.minima
        distance = np.stack([np.square(moment.swarm - goal).sum(axis=1) for goal in goals])
        owner = np.where(moment.swarm_moving, distance.argmin(axis=0), -1).astype(np.int16)
        share = np.bincount(np.where(owner < 0, len(goals), owner), minlength=len(goals) + 1) / len(owner)
        axes = [read_only(np.linspace(low, high, BASIN_SIDE)) for low, high in self.landscape.domain]
        return Basins(*axes, read_only(owner.reshape(BASIN_SIDE, BASIN_SIDE)), read_only(share))

    def _runner_outcome(self, number: int, moment: Moment) -> dict[str, Any]:
        runner, size = self.runners[number], self.landscape.dimensions
        path = moment.paths[:, number * size : (number + 1) * size]

        def point(position: np.ndarray) -> Any:
            return float(position[0]) if size == 1 else [float(value) for value in position]

        outcome = {
            "optimizer": runner.optimizer,
            "learning_rate": runner.learning_rate,
            "start": point(path[0]),
            "end": point(path[-1]),
            "cost": float(moment.costs[-1, number]),
            "best_cost": float(self._best[number]),
            "steps": int(self._descents.steps_moved[number]),
            "state": "finished" if moment.moving[number] else "diverged",
        }
        if self.settings.gradient == "difference":
            index = [int(value) for value in moment.raw[number]]
            outcome["index"] = index[0] if size == 1 else index
        if moment.messages[number]:
            outcome["message"] = moment.messages[number]
        return outcome


def _terrain(name: str) -> Terrain:
    landscape = landscapes.LANDSCAPES[name]
    return Terrain(
        x=read_only(landscape.axis(0)),
        y=read_only(landscape.axis(1)) if landscape.dimensions == 2 else None,
        z=read_only(landscape.grid()),
        minima=read_only(landscapes.minima(name)),
        logarithmic=landscape.logarithmic,
    )


def _grid_of_starts(landscape: landscapes.Landscape) -> np.ndarray:
    """Every start of the basins' map, float64 (BASIN_SIDE^2, 2), row by row (x runs fastest)."""
    x, y = (np.linspace(low, high, BASIN_SIDE) for low, high in landscape.domain)
    mesh = np.meshgrid(x, y)
    return np.stack([axis.ravel() for axis in mesh], axis=1)
