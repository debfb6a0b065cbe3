"""Landscape: one runner or several descend a cost over one or two parameters, in lockstep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import landscape_findings
from engine.descent import Descents, DescentState
from engine.experiments.experiment import Advance, Observation, Question
from engine.experiments.landscape_runners import descents
from engine.experiments.landscape_settings import LandscapeSettings, landscape_of
from engine.frames import Curve, Role, read_only
from engine.landscape import Landscape
from engine.landscape_picture import Basins, LandscapePicture, Terrain, Trail
from engine.landscape_standing import Standings, lowest_count
from engine.landscape_studies import LandscapeStudies, basins_of, numbers_of
from engine.recording import Series
from engine.update_terms import Update

SHRINKS_IN = 3  # steps in which the secant's distance halves
CLOSES_IN = 24  # steps at the start point, before the descent sets out with the tangent


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
    secant: tuple[float, float] | None


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
            "basins": lambda _, arguments: self._asked.basins(self.settings, arguments.get("stride", 1)),
            "noise": lambda _, arguments: self._asked.noise(self.settings),
            "foresight": lambda _, arguments: self._asked.foresight(self.settings, arguments["start"]),
        }
        self.touches: Mapping[str, Callable[[Any], None]] = {"secant": self._pull_secant}
        self._terrain = terrain_of(self.landscape)
        self._descents = Descents(self.landscape, self.runners, settings)
        span = float(np.nanmax(self._terrain.z) - np.nanmin(self._terrain.z))
        self._standings = Standings(self.landscape, span)
        self._asked = LandscapeStudies(self.landscape, self.runners[0].optimizer, span)
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
        self._closed = 0  # steps for which everyone has stood still while the secant closes
        self._record(np.zeros(1), self._descents.positions()[None], self._descents.costs[None])

    def set_live(self, settings: LandscapeSettings) -> None:
        self.settings = settings
        self.runners = descents(settings)
        self._descents.set_live(settings, self.runners)

    def advance(self, steps: int) -> Advance:
        before = self._closed + self._descents.step
        if self._has_secant() and self._descents.step == 0 and self._closed < CLOSES_IN:
            count = min(steps, CLOSES_IN - self._closed)
            self._closed += count
            positions = np.repeat(self._descents.positions()[None], count, axis=0)
            costs = np.repeat(self._descents.costs[None], count, axis=0)
        else:
            positions, costs = self._descents.advance(steps)
        self._record(before + 1 + np.arange(len(costs)), positions, costs)
        self._best = np.minimum(self._best, costs.min(axis=0))
        message = "" if self._descents.moving.any() else self._why_all_stopped()
        return Advance(costs, message=message)

    def snapshot(self) -> Moment:
        steps, paths = self._path.view()
        live = self._descents
        return Moment(
            step=self._closed + live.step,
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
        settings, first = self.settings, self.runners[0]
        numbers = numbers_of(settings, first)
        trails = tuple(self._trail(number, snapshot) for number in range(self.columns))
        noise = settings.gradient_noise and settings.gradient == "automatic"
        picture = LandscapePicture(
            terrain=self._terrain,
            trails=trails,
            panels=self._panels(),
            secant=snapshot.secant,
            step=snapshot.step,
            basins_of=basins_of(settings, first) if settings.basins else None,
            noise_of=(*numbers, settings.gradient_noise, first.start, settings.seed) if noise else None,
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
        best = float(self._best.min())
        if self.settings.basins:
            outcome["metrics"] = {"best_cost": float(self._best.min())} | self._shares(
                self._asked.basins(self.settings)
            )
        elif self.settings.gradient_noise and self.settings.gradient == "automatic":
            count = self._asked.noise(self.settings)
            outcome["metrics"] = {"best_cost": best, "noisy_runs_in_lowest": count.found}
        return outcome

    def state(self) -> tuple[DescentState, Any, Any, np.ndarray, int]:
        return self._descents.state(), self._path.state(), self._path_costs.state(), self._best.copy(), self._closed

    def restore(self, state: tuple[DescentState, Any, Any, np.ndarray, int]) -> None:
        descent, path, costs, best, self._closed = state
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
        reached, standing = self._standings.of(path, moment.path_steps, moving)
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

    def _panels(self) -> tuple[tuple[int, ...], ...]:
        everyone = range(self.columns)
        if self.settings.learning_rates and self.landscape.dimensions == 1:
            return tuple((number,) for number in everyone)  # the lecture's three plots side by side
        return (tuple(everyone),)

    def _why_all_stopped(self) -> str:
        """One sentence, however many have left."""
        messages = [message for message in self._descents.messages if message]
        if len(messages) < 2:
            return "".join(messages)
        last = int(self._descents.steps_moved.max()) + 1
        rates = sorted({runner.learning_rate for runner in self.runners})
        if not all(" too large here" in message for message in messages):
            return f"All {len(messages)} descents have left the landscape or stopped by step {last:,}. Press R."
        said = f"rate {rates[0]:g} is" if len(rates) == 1 else f"rates {rates[0]:g} to {rates[-1]:g} are"
        return f"All {len(messages)} left the landscape by step {last:,}: the learning {said} too large here. Press R."

    def _has_secant(self) -> bool:
        return self.settings.secant_distance > 0 and self.landscape.dimensions == 1

    def _secant(self) -> tuple[float, float] | None:
        """The second point's x and its cost, on the landscape: to the right of the first, or to the left of it."""
        if not self._has_secant():
            return None
        x, (low, high) = float(self._descents.positions()[0, 0]), self.landscape.domain[0]
        if self._pulled is not None:
            distance = self._pulled
        elif self._closed >= CLOSES_IN or self._descents.step:
            distance = 0.0  # it has become the tangent, and goes along with the descent
        else:
            whole = self.settings.secant_distance
            fits = x + whole <= high or high - x >= x - low
            distance = min(whole, high - x) if fits else -min(whole, x - low)
            distance *= 0.5 ** (self._closed / SHRINKS_IN)
        other = min(max(x + distance, low), high)
        return other, float(self.landscape.values(np.array([other]))[0])

    def _pull_secant(self, x: float) -> None:
        """A person has taken the secant's second point: it keeps that distance until the run starts over."""
        self._pulled = float(x) - float(self._descents.positions()[0, 0])

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
        lowest=lowest_count(landscape, float(np.nanmax(z) - np.nanmin(z))),
    )
