"""Landscape: one descent or several go down a cost over one or two parameters, in lockstep."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.backend import ownership
from engine.experiment import Advance, Experiment, Question, Snapshot
from engine.frames import Analysis, Finding, read_only
from engine.knobs import differing
from engine.landscape import endings
from engine.landscape.analyses import LandscapeAnalyses
from engine.landscape.descent import Descents, DescentState
from engine.landscape.descents import Descent, descents_of
from engine.landscape.functions.terrain import terrain_of
from engine.landscape.observer import LandscapeObserver, outcome_of
from engine.landscape.settings import LandscapeSettings, landscape_of
from engine.run.recording import Series
from engine.training.update_terms import Update

SHRINKS_IN = 3  # steps in which the secant's distance halves
CLOSES_IN = 24  # steps at the start point, before the descent sets out with the tangent


@dataclass(frozen=True, eq=False)
class Moment(Snapshot):
    """Where every descent is and has been after ``step`` steps.

    ``paths`` (n, descents * dimensions); ``costs`` (n, descents); ``unit`` (dimensions,) is how long one unit of
    ``raw`` is on the landscape.
    """

    descents: tuple[Descent, ...]
    path_steps: np.ndarray
    paths: np.ndarray
    costs: np.ndarray
    best: np.ndarray
    gradients: np.ndarray
    raw: np.ndarray
    moving: np.ndarray
    left_to: np.ndarray
    went_over_the_edge: np.ndarray
    steps_moved: np.ndarray
    messages: tuple[str, ...]
    updates: tuple[Update, ...]
    unit: np.ndarray
    secant: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class LandscapeState:
    """Everything that the next step depends on, and the path so far."""

    settings: LandscapeSettings
    descents: DescentState
    path: Any
    path_costs: Any
    best: np.ndarray
    closed: int
    pulled: float | None
    stops: bool


@ownership.owned
class LandscapeExperiment(Experiment):
    """See engine.experiment.Experiment."""

    counts_epochs = False
    shows_divergence = True

    def __init__(self, settings: LandscapeSettings) -> None:
        self.settings = settings
        self.landscape = landscape_of(settings)
        self.descents = descents_of(settings)
        self.columns = len(self.descents)
        terrain = terrain_of(self.landscape)
        self.observer = LandscapeObserver(self.landscape, terrain)
        self._lockstep = Descents(self.landscape, self.descents, settings)
        self._asked = LandscapeAnalyses(self.landscape, self.descents[0].optimizer, terrain.span)
        self._path = Series(self.columns * self.landscape.dimensions, capacity=1 << 14)
        self._path_costs = Series(self.columns, capacity=1 << 14)
        self.reset()

    @property
    def parameters(self) -> int:
        return self.landscape.dimensions

    @property
    def length(self) -> int:
        return self.settings.steps

    @property
    def analyses(self) -> Mapping[str, Question]:
        asked = self._asked
        return {
            "basins": lambda moment, arguments: asked.basins(moment.settings, arguments.get("stride", 1)),
            "noise": lambda moment, _: asked.noise(moment.settings),
            "map": lambda moment, wanted: asked.training_map(
                moment.settings, wanted["window"], wanted.get("seconds", math.inf)
            ),
            "foresight": lambda moment, arguments: asked.foresight(moment.settings, arguments["start"]),
        }

    @property
    def actions(self) -> Mapping[str, Callable[[Any], None]]:
        return {"secant": self._pull_secant}

    def learn(self, analysis: Analysis) -> None:
        if analysis.name == "map":
            self._told = (analysis.result.finding(),)

    def reset(self) -> None:
        self._told: tuple[Finding, ...] = ()
        self._lockstep.reset()
        self._path.clear()
        self._path_costs.clear()
        self._best = self._lockstep.costs.copy()
        self._pulled: float | None = None
        self._stops = True  # where nothing moves any more, until a person has gone on from there
        self._closed = 0  # steps for which everyone has stood still while the secant closes
        self._record(np.zeros(1), self._lockstep.positions()[None], self._lockstep.costs[None])

    def set_live(self, settings: LandscapeSettings) -> None:
        self.settings = settings
        self.descents = descents_of(settings)
        self._lockstep.set_live(settings, self.descents)

    def inherit(self, older: LandscapeExperiment) -> bool:
        """Go on with those of the older one's descents that are left, where the others have only been taken away."""
        structural = {knob.name for knob in differing(older.settings, self.settings) if not knob.live}
        known = {_identity(descent): column for column, descent in enumerate(older.descents)}
        columns = [known.get(_identity(descent)) for descent in self.descents]
        if not structural <= {"points", "point_optimizers"} or None in columns or self._has_secant():
            return False
        self.inherited = columns
        state, size = older.state(), self.landscape.dimensions
        places = [column * size + axis for column in columns for axis in range(size)]
        self.restore(
            replace(
                state,
                settings=self.settings,
                descents=state.descents.of(columns),
                path=state.path.columns(places),
                path_costs=state.path_costs.columns(columns),
                best=state.best[columns],
            )
        )
        return True

    def judge_anew(self) -> None:
        self._stops = False  # nothing else would be found where it rests

    def advance(self, steps: int) -> Advance:
        before = self._closed + self._lockstep.step
        if self._has_secant() and self._lockstep.step == 0 and self._closed < CLOSES_IN:
            count = min(steps, CLOSES_IN - self._closed)
            self._closed += count
            positions = np.repeat(self._lockstep.positions()[None], count, axis=0)
            costs = np.repeat(self._lockstep.costs[None], count, axis=0)
        else:
            positions, costs = self._lockstep.advance(steps)
        self._record(before + 1 + np.arange(len(costs)), positions, costs)
        self._best = np.minimum(self._best, costs.min(axis=0))
        message, ending = self._end()
        return Advance(costs, message=message, ending=ending)

    def snapshot(self) -> Moment:
        steps, paths = self._path.view()
        live = self._lockstep
        return Moment(
            step=self._closed + live.step,
            settings=self.settings,
            told=self._told,
            descents=self.descents,
            path_steps=steps,
            paths=paths,
            costs=self._path_costs.view()[1],
            best=read_only(self._best.copy()),
            gradients=read_only(live.gradients.copy()),
            raw=read_only(live.raw.copy()),
            moving=read_only(live.moving.copy()),
            left_to=read_only(live.left_to.copy()),
            went_over_the_edge=live.went_over_the_edge,
            steps_moved=read_only(live.steps_moved.copy()),
            messages=live.messages,
            updates=tuple(live.next_update(number) for number in range(self.columns)),
            unit=read_only(live.unit()),
            secant=self._secant(),
        )

    def initial_costs(self) -> np.ndarray:
        return self._path_costs.view()[1][-1]

    @ownership.any_thread
    def outcome(self, snapshot: Moment) -> Mapping[str, Any]:
        return outcome_of(self.observer, self._asked, snapshot)

    def learnt(self) -> Mapping[str, np.ndarray]:
        return {"positions": self._lockstep.positions().copy()}

    def state(self) -> LandscapeState:
        return LandscapeState(
            self.settings, self._lockstep.state(), self._path.state(), self._path_costs.state(), self._best.copy(),
            self._closed, self._pulled, self._stops,
        )  # fmt: skip

    def restore(self, state: LandscapeState) -> None:
        self.set_live(state.settings)
        self._lockstep.restore(state.descents)
        self._path.restore(state.path)
        self._path_costs.restore(state.path_costs)
        self._best, self._closed, self._pulled = state.best.copy(), state.closed, state.pulled
        self._stops = state.stops

    def _record(self, steps: np.ndarray, positions: np.ndarray, costs: np.ndarray) -> None:
        self._path.append(steps, positions.reshape(len(steps), -1))
        self._path_costs.append(steps, costs)

    def _end(self) -> tuple[str, str]:
        """Why there can be no next step, or why none is needed; "" where there is one."""
        live = self._lockstep
        going = np.flatnonzero(live.moving)
        if not len(going):
            if not len(self.landscape.minima) and live.went_over_the_edge.all():
                return "", endings.over_the_edge(self.descents, live.steps_moved)
            return endings.all_lost(self.descents, live.messages, int(live.steps_moved.max()) + 1), ""
        if not (self._stops and self.settings.stops_at_rest and live.resting[going].all()):
            return "", ""
        slopes = live.gradients[going] / live.unit()
        steep = slopes[:, 0] if self.landscape.dimensions == 1 else np.linalg.norm(slopes, axis=1)
        descents = [self.descents[number] for number in going]
        return "", endings.at_rest(descents, live.positions()[going], steep, self._closed + live.step)

    def _has_secant(self) -> bool:
        return self.settings.secant_distance > 0 and self.landscape.dimensions == 1

    def _secant(self) -> tuple[float, float] | None:
        """The second point's x and its cost, on the landscape: to the right of the first, or to the left of it."""
        if not self._has_secant():
            return None
        x, (low, high) = float(self._lockstep.positions()[0, 0]), self.landscape.domain[0]
        if self._pulled is not None:
            distance = self._pulled
        elif self._closed >= CLOSES_IN or self._lockstep.step:
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
        self._pulled = float(x) - float(self._lockstep.positions()[0, 0])


def _identity(descent: Descent) -> tuple[Any, ...]:
    """What makes a descent the same one in another run."""
    return descent.sign, descent.start, descent.optimizer
