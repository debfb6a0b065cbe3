"""Landscape: one runner or several descend a cost over one or two parameters, in lockstep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from engine import landscape_findings
from engine.basins import DETAILS, BasinsMap
from engine.descent import Descents, DescentState
from engine.experiments.experiment import Advance, Observation, Question, StudyError
from engine.experiments.landscape_settings import LandscapeSettings, descents, landscape_of
from engine.frames import Curve, Role, read_only
from engine.landscape import Landscape
from engine.landscape_picture import Basins, Foresight, LandscapePicture, NoiseCount, Standing, Terrain, Trail
from engine.recording import Series
from engine.swarm import Swarm
from engine.update_terms import Update

NOISY_RUNS = 200
MOST_FORESEEN = 1000  # steps
NEAR = 0.02  # of the landscape: closer than this to a minimum is its neighbourhood
SAME_COST = 1e-3  # of the cost's range: minima closer than this are equally low
FOUND = 0.02  # of the cost's range: a run that came as low as this above the lowest minimum has found it
LOOK_BACK = 512  # rows of a path that are looked at together
SHRINKS_IN = 7  # steps in which the secant's distance halves


@dataclass(frozen=True, eq=False)
class Moment:
    """Where every runner is and has been after ``step`` steps. ``paths`` (n, runners * dimensions)."""

    step: int
    path_steps: np.ndarray
    paths: np.ndarray
    costs: np.ndarray
    best: np.ndarray
    gradients: np.ndarray
    raw: np.ndarray
    moving: np.ndarray
    left_to: np.ndarray
    messages: tuple[str, ...]
    updates: tuple[Update, ...]
    secant: float | None


class Experiment:
    """See engine.experiments.experiment.Experiment."""

    axis = "step"
    steps_per_epoch = 1

    def __init__(self, settings: LandscapeSettings) -> None:
        self.settings = settings
        self.landscape = landscape_of(settings)
        self.runners = descents(settings)
        self.columns = len(self.runners)
        self.parameters = self.landscape.dimensions
        self.studies: Mapping[str, Question] = {
            "basins": self._study_basins,
            "noise": self._study_noise,
            "foresight": self._study_foresight,
        }
        self.touches: Mapping[str, Callable[[Any], None]] = {"secant": self._pull_secant}
        self._terrain = terrain_of(self.landscape)
        self._descents = Descents(self.landscape, self.runners, settings)
        self._map = BasinsMap(self.landscape, self.runners[0].optimizer)
        self._noisy: Swarm | None = None
        self._ahead: Descents | None = None
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
        self._pulled: float | None = None
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
            best=self._best.copy(),
            gradients=live.gradients.copy(),
            raw=live.raw.copy(),
            moving=live.moving.copy(),
            left_to=live.left_to.copy(),
            messages=live.messages,
            updates=tuple(live.next_update(number) for number in range(self.columns)),
            secant=self._secant(),
        )

    def observe(self, snapshot: Moment) -> Observation:
        settings = self.settings
        trails = tuple(self._trail(number, snapshot) for number in range(self.columns))
        noise = settings.gradient_noise and settings.gradient == "automatic"
        picture = LandscapePicture(
            terrain=self._terrain,
            trails=trails,
            panels=self._panels(),
            secant=snapshot.secant,
            basins_of=self._numbers() if settings.basins else None,
            noise_of=(*self._numbers(), settings.gradient_noise, self.runners[0].start, settings.seed)
            if noise
            else None,
            note=self.landscape.note if settings.optimizers else "",
            by_runner=settings.trail_colours == "runner"
            or (settings.trail_colours == "auto" and (len(trails) > 1 or settings.basins)),
        )
        now = snapshot.costs[-1]
        metrics = {"best_cost": float(np.nanmin(snapshot.best))}
        findings = landscape_findings.findings(self.landscape, settings, trails)
        return Observation(float(np.nanmin(now)), metrics, picture, findings)

    def curves(self, steps: tuple[np.ndarray, np.ndarray], epochs: tuple[np.ndarray, np.ndarray]) -> Sequence[Curve]:
        x, y = steps
        return tuple(Curve(runner.label, Role.RUNNER, x, y[:, k]) for k, runner in enumerate(self.runners))

    def outcome(self) -> Mapping[str, Any]:
        moment = self.snapshot()
        outcome: dict[str, Any] = {"runners": [self._runner_outcome(number, moment) for number in range(self.columns)]}
        if self.settings.basins:
            outcome["metrics"] = {"best_cost": float(self._best.min())} | self._shares(self._study_basins(moment, {}))
        elif self.settings.gradient_noise and self.settings.gradient == "automatic":
            count = self._study_noise(moment, {})
            outcome["metrics"] = {"best_cost": float(self._best.min()), "noisy_runs_in_lowest": count.found}
        return outcome

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
        path = moment.paths[:, number * size : (number + 1) * size]
        moving = bool(moment.moving[number])
        reached, standing = self._standing(path, moment.path_steps, moving)
        return Trail(
            label=runner.label,
            optimizer=runner.optimizer,
            learning_rate=runner.learning_rate,
            positions=read_only(path),
            costs=read_only(moment.costs[:, number]),
            gradient=read_only(moment.gradients[number]),
            moving=moving,
            index=float(moment.raw[number, 0]) if indexed and size == 1 else None,
            message=moment.messages[number],
            update=moment.updates[number],
            unit=read_only(self._descents.unit()),
            point=runner.point,
            best_cost=float(moment.best[number]),
            reached=reached,
            standing=standing,
            left_to=None if moving or indexed else read_only(moment.left_to[number]),
        )

    def _standing(self, path: np.ndarray, steps: np.ndarray, moving: bool) -> tuple[int | None, Standing]:
        """The step since which a path has stayed near the minimum that it is in, and how it stands."""
        if not moving:
            return None, Standing.LEFT
        goals = self._terrain.minima
        if not len(goals):
            return None, Standing.MOVING
        nearest = int((np.abs(goals - path[-1]) / self.landscape.size).max(axis=1).argmin())
        reached = _near_since(path, goals[nearest], NEAR * self.landscape.size)
        if reached is None:
            return None, Standing.MOVING
        return int(steps[reached]), Standing.LOWEST if nearest < self._lowest_count else Standing.HIGHER

    @cached_property
    def _lowest_count(self) -> int:
        """How many minima are as low as the lowest; they come first."""
        costs = self.landscape.values(*self._terrain.minima.T)
        span = float(np.nanmax(self._terrain.z) - np.nanmin(self._terrain.z))
        return int((costs <= costs[:1] + SAME_COST * span).sum())

    def _panels(self) -> tuple[tuple[int, ...], ...]:
        everyone = range(self.columns)
        if self.settings.learning_rates and self.landscape.dimensions == 1:
            return tuple((number,) for number in everyone)  # the lecture's three plots side by side
        return (tuple(everyone),)

    def _secant(self) -> float | None:
        if not self.settings.secant_distance or self.landscape.dimensions != 1:
            return None
        live = self._descents
        distance = self.settings.secant_distance * 0.5 ** (live.step / SHRINKS_IN)
        return float(live.positions()[0, 0] + (distance if self._pulled is None else self._pulled))

    def _pull_secant(self, x: float) -> None:
        """A person has taken the secant's second point: it keeps that distance until the run starts over."""
        self._pulled = float(x) - float(self._descents.positions()[0, 0])

    def _numbers(self) -> tuple:
        """The numbers of the first runner's rule that matter to where its descents end, and how long they are."""
        numbers = self.settings.numbers() | {"learning_rate": self.runners[0].learning_rate}
        return (*sorted(numbers.items()), self.settings.steps)

    def _study_basins(self, moment: Moment, arguments: Mapping[str, Any]) -> Basins:
        """Where every start ends; ``stride`` in DETAILS says how fine."""
        *numbers, steps = self._numbers()
        return self._map.at(dict(numbers), steps, arguments.get("stride", DETAILS[-1]))

    def _study_noise(self, moment: Moment, arguments: Mapping[str, Any]) -> NoiseCount:
        """How many of NOISY_RUNS descents from the first runner's start come to the lowest minimum."""
        lowest = self._terrain.minima[:1]
        if not len(lowest):
            raise StudyError("This landscape has no minimum that noise could find.")
        if self._noisy is None:
            self._noisy = Swarm(self.landscape, self.runners[0].optimizer, NOISY_RUNS, noisy=True)
        *numbers, steps = self._numbers()
        starts = np.tile(np.array(self.runners[0].start), (NOISY_RUNS, 1))
        span = float(np.nanmax(self._terrain.z) - np.nanmin(self._terrain.z))
        enough = float(self.landscape.values(*lowest[0])) + FOUND * span
        found = []
        for spread in (self.settings.gradient_noise, 0.0):
            *_, best = self._noisy.run(starts, dict(numbers), steps, spread, self.settings.seed)
            found.append(int((best <= enough).sum()))
        return NoiseCount(found[0], NOISY_RUNS, found[1] > 0)

    def _study_foresight(self, moment: Moment, arguments: Mapping[str, Any]) -> Foresight:
        """Where every runner would go from ``start``, the knob's value; compiles when asked first."""
        settings = msgspec.structs.replace(self.settings, start=tuple(arguments["start"]))
        runners = descents(settings)
        if self._ahead is None:
            self._ahead = Descents(self.landscape, runners, settings)
        self._ahead.set_live(settings, runners)
        self._ahead.reset()
        parts = [(self._ahead.positions()[None], self._ahead.costs[None])]
        while self._ahead.step < min(settings.steps, MOST_FORESEEN) and self._ahead.moving.any():
            parts.append(self._ahead.advance(min(settings.steps, MOST_FORESEEN) - self._ahead.step))
        positions, costs = (np.concatenate(column) for column in zip(*parts, strict=True))
        everyone = range(len(runners))
        return Foresight(
            tuple(read_only(positions[:, k]) for k in everyone), tuple(read_only(costs[:, k]) for k in everyone)
        )

    def _shares(self, basins: Basins) -> dict[str, float]:
        """The share of starts by minimum, as metrics."""
        shares = {f"share({x:.2f}, {y:.2f})": float(basins.share[k]) for k, (x, y) in enumerate(self._terrain.minima)}
        return shares | {"share_on_its_way": float(basins.share[-2]), "share_lost": float(basins.share[-1])}

    def _runner_outcome(self, number: int, moment: Moment) -> dict[str, Any]:
        trail, size = self._trail(number, moment), self.landscape.dimensions

        def point(position: np.ndarray) -> Any:
            return float(position[0]) if size == 1 else [float(value) for value in position]

        outcome = {
            "optimizer": trail.optimizer,
            "learning_rate": trail.learning_rate,
            "start": point(trail.positions[0]),
            "end": point(trail.positions[-1]),
            "cost": float(trail.costs[-1]),
            "best_cost": trail.best_cost,
            "steps": int(self._descents.steps_moved[number]),
            "state": "finished" if trail.moving else "diverged",
            "reached": trail.reached,
            "standing": str(trail.standing),
        }
        if self.settings.gradient == "difference":
            index = [int(value) for value in moment.raw[number]]
            outcome["index"] = index[0] if size == 1 else index
        if trail.message:
            outcome["message"] = trail.message
        return outcome


def _near_since(path: np.ndarray, goal: np.ndarray, reach: np.ndarray) -> int | None:
    """The row since which a path, (n, d), has stayed within reach of a goal; None where it isn't there now.

    Looks from the end, since most paths are either away or have just come.
    """
    end, size = len(path), 1  # the last row alone first
    while end > 0:
        start = max(0, end - size)
        away = (np.abs(path[start:end] - goal) > reach).any(axis=1)
        if away.any():
            last = start + int(np.flatnonzero(away)[-1])
            return last + 1 if last + 1 < len(path) else None
        end, size = start, LOOK_BACK
    return 0


def terrain_of(landscape: Landscape) -> Terrain:
    """The landscape as it is drawn: where it grows beyond all bounds, it is cut off."""
    z = np.array(landscape.grid(), float)
    finite = z[np.isfinite(z)]
    low, high = np.percentile(finite, (0.5, 99.5)) if finite.size else (0.0, 1.0)
    span = float(high - low) or 1.0
    z = np.where(np.isnan(z), np.nan, np.clip(z, low - 10 * span, high + 10 * span))
    return Terrain(
        x=read_only(landscape.axis(0)),
        y=read_only(landscape.axis(1)) if landscape.dimensions == 2 else None,
        z=read_only(z),
        minima=read_only(landscape.minima),
        logarithmic=landscape.logarithmic,
    )
