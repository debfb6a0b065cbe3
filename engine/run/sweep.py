"""Sweeps: one run for every combination of some knobs' values and some seeds, in portions that go together.

A portion shares what is compiled, so only structural knobs cost a graph of their own. The numbers are those of single
runs, whichever process a portion is carried out in. Station of the loop: the runner.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import numbers
from engine.knobs import Kind, Knob, KnobError, knobs_of
from engine.run.ending import last_and_lowest
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State

MOST_RUNS = 1_000_000
PORTION = 16  # runs at most that one call carries out, so that a lost worker loses little
LOOK_SECONDS = 0.2  # between two looks at whether to stop


@dataclass(frozen=True)
class Vary:
    """A knob and the values that it takes, in their order."""

    knob: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Point:
    """One run of a sweep: its place among all, and its knobs, the seed included."""

    number: int
    knobs: tuple[tuple[str, Any], ...]


def vary_of(text: str, settings: type) -> Vary:
    """What ``KNOB=LOW:HIGH:COUNT``, ``KNOB=LOW:HIGH:log:COUNT`` or ``KNOB=a,b,c`` means.

    Raises:
        KnobError: one sentence: no such knob, no such values.
    """
    name, equals, given = text.partition("=")
    name = name.strip()
    knob = next((knob for knob in knobs_of(settings) if knob.name == name), None)
    if not equals or not given.strip():
        raise KnobError(f"--vary takes KNOB=LOW:HIGH:log:COUNT or KNOB=a,b,c, not {text!r}.")
    if knob is None:
        raise KnobError(f"There is no knob {name!r} to vary; see the command knobs.")
    values = _spanned(knob, given) if ":" in given else [part.strip() for part in given.split(",")]
    parsed = tuple(dict.fromkeys(knob.parse(value) for value in values))
    return Vary(name, parsed)


def _spanned(knob: Knob, given: str) -> list[Any]:
    parts = [part.strip() for part in given.split(":")]
    is_log = len(parts) == 4 and parts[2] == "log"
    if knob.kind not in (Kind.NUMBER, Kind.WHOLE) or not (len(parts) == 3 or is_log):
        raise KnobError(f"{knob.name} takes LOW:HIGH:COUNT, LOW:HIGH:log:COUNT or a,b,c, not {given!r}.")
    try:
        low, high, count = (numbers.parse(part) for part in (parts[0], parts[1], parts[-1]))
    except numbers.NumberError as error:
        raise KnobError(f"{knob.name}: {error}") from None
    if count != int(count) or not 1 <= count <= MOST_RUNS:
        raise KnobError(f"{knob.name}: the count is a whole number of 1 or more, not {parts[-1]!r}.")
    if is_log and min(low, high) <= 0:
        raise KnobError(f"{knob.name}: a logarithmic span lies above 0, not from {low:g} to {high:g}.")
    spaced = np.geomspace if is_log else np.linspace
    values = spaced(low, high, int(count))
    return [round(value) if knob.kind is Kind.WHOLE else float(f"{value:.12g}") for value in values]


def points_of(spec: RunSpec, varies: Sequence[Vary], seeds: int) -> list[Point]:
    """Every run of a sweep: ``seeds`` ones after the scene's own, for each combination of values.

    Raises:
        KnobError: values that don't go together, or more runs than anybody waits for.
    """
    names, first = [vary.knob for vary in varies], spec.settings.seed
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise KnobError(f"{twice} is varied twice; one --vary has all its values.")
    axes = [vary.values for vary in varies]
    if "seed" not in names:
        names, axes = [*names, "seed"], [*axes, range(first, first + seeds)]
    elif seeds > 1:
        raise KnobError("The seeds are given twice: --vary seed=... names them, --seeds N counts from the scene's own.")
    count = math.prod(len(axis) for axis in axes)
    if count > MOST_RUNS:
        raise KnobError(f"A sweep has {MOST_RUNS:,} runs at most; this has {count:,}.")
    grid = itertools.product(*axes)
    points = [Point(number, tuple(zip(names, values, strict=True))) for number, values in enumerate(grid)]
    for point in points[:: max(1, seeds)]:
        spec.with_knobs(dict(point.knobs))
    return points


def portions(spec: RunSpec, points: Sequence[Point]) -> list[tuple[Point, ...]]:
    """The points in portions that share what is compiled, none larger than PORTION."""
    live = {knob.name for knob in knobs_of(type(spec.settings)) if knob.live}
    groups: dict[tuple, list[Point]] = {}
    for point in points:
        key = tuple(value for name, value in point.knobs if name not in live)
        groups.setdefault(key, []).append(point)
    return [tuple(group[at : at + PORTION]) for group in groups.values() for at in range(0, len(group), PORTION)]


def carry_out(
    spec: RunSpec, points: Sequence[Point], steps: int | None, stops: Callable[[], bool] = lambda: False
) -> list[dict[str, Any]]:
    """Each point's run to its end, or for ``steps`` steps: its knobs, cost, best cost, steps and state.

    Points that differ in live knobs alone share a graph. A cost that is no finite number is None. Where ``stops()``
    says so between two looks, the runs that are not at their end are left out.
    """
    return list(carried_out(spec, points, steps, stops))


def carried_out(
    spec: RunSpec, points: Sequence[Point], steps: int | None, stops: Callable[[], bool]
) -> Iterator[dict[str, Any]]:
    """As carry_out(), one after the other."""
    runner: Runner | None = None
    live = {knob.name for knob in knobs_of(type(spec.settings)) if knob.live}
    built: dict[str, Any] = {}
    try:
        for point in points:
            own, knobs = spec.with_knobs(dict(point.knobs)), dict(point.knobs)
            structural = {name: value for name, value in knobs.items() if name not in live}
            if runner is None or structural != built:
                if runner is not None:
                    runner.close()
                runner, built = Runner(own), structural
            else:
                runner.reuse(own, point.number)
            runner.length = steps
            runner.handle(Event.PLAY)
            while runner.state is State.RUNNING and not stops():
                runner.advance(seconds=LOOK_SECONDS)
            if runner.state is State.RUNNING:
                return
            yield {"number": point.number, **knobs, **_outcome(runner)}
    finally:
        if runner is not None:
            runner.close()


def _outcome(runner: Runner) -> Mapping[str, Any]:
    cost, best = last_and_lowest(runner)
    if runner.state is State.DIVERGED:
        cost = math.nan
    known = {name: value if math.isfinite(value) else None for name, value in (("cost", cost), ("best_cost", best))}
    return {**known, "steps": runner.step, "state": str(runner.state)}
