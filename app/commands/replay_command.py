"""``replay`` and ``runs``: any moment of a recording, what comes of it with other settings, and what its runs are."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.commands.run_command import INTERRUPTED, SLICE_SECONDS, CtrlC
from app.files.outputs import finite, result, write_recording
from app.sessions.runner_cache import key_of
from app.sharing.asked import Asked
from app.sharing.film import Cameras
from app.sharing.playing import played
from engine.history.lane_book import LaneBook
from engine.history.recording_file import Recording, RecordingError, load
from engine.knobs import differing, knobs_of
from engine.lanes import MOST_BESIDE, Lane, Overlay
from engine.run.recorder import Recorder
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State

Look = Callable[[Runner], None]


def replay(options: argparse.Namespace, values: Mapping[str, Any]) -> int:
    """Show a moment of a recording, and go on from it where knobs or steps are given; returns the exit code.

    Raises:
        RecordingError: the file can't be read, or has no such run or moment.
        OutputError: a file that was asked for can't be written.
    """
    books = _books(load(options.file))
    experiment, book, lane = _chosen(books, options)
    lanes = next(lanes for _, other, lanes in books if other is book)
    step = lane.end if options.at is None else options.at
    if not 0 <= step <= lane.end:
        raise RecordingError(f"--at takes a step from 0 to {lane.end:,}: {lane.name!r} ends there.")
    spec = book.structure_at(lane.number, step)
    asked = Asked(options, spec)
    with CtrlC() as ctrl_c:
        runner = Runner(asked.spec)
        try:
            values, look = _sorted_out(runner.spec, values)
            if asked.draws:
                asked.beside = _beside(book, [other for other in lanes if other.number != lane.number], lane)
            cameras = asked.cameras(runner)
            if cameras is not None:
                _film(runner, book, lane, step, cameras, look, ctrl_c)
            book.bring(runner, lane.number, 0 if _same_structure(book, lane, 0, spec) else step)
            first_cost = runner.frame().cost
            book.bring(runner, lane.number, step)
            look(runner)
            if values or options.steps:
                asked.beside += _beside(book, [lane], lane) if asked.draws else ()
                runner = _branched(runner, book, lane, step, values)
                runner.length = step + (options.steps or 0)
                for _ in played(runner, SLICE_SECONDS) if options.steps else ():
                    if ctrl_c.pressed:
                        break
                if runner.state is State.RUNNING:
                    runner.handle(Event.PAUSE, ctrl_c.words)
            asked.write(runner)
            _say(runner, options, lane, first_cost)
            if options.record:
                book.note(runner.frame().cost)
                kept = {name: other.dump(runner, 1 << 30) for name, other, _ in books}
                write_recording(options.record, Recording(kept, {"page": experiment}))
        finally:
            asked.close()
            runner.close()
    return INTERRUPTED if ctrl_c.pressed else 0


def runs(options: argparse.Namespace) -> int:
    """List a recording's runs and what differs; returns the exit code.

    Raises:
        RecordingError: the file can't be read.
    """
    found = [(name, lane, lanes) for name, _, lanes in _books(load(options.file)) for lane in lanes]
    rows = [
        {
            "name": lane.name,
            "scene": lane.title,
            "experiment": experiment,
            "from": next((other.name for other in lanes if other.number == lane.parent), None),
            "at": lane.fork if lane.parent is not None else 0,
            "steps": lane.end,
            "cost": lane.cost,
            "best_cost": lane.best,
            "seconds": round(lane.seconds, 3),
            "state": lane.state,
            "events": [{"step": mark.step, "kind": str(mark.kind), "text": mark.text} for mark in lane.marks],
        }
        for experiment, lane, lanes in found
    ]
    if options.json:
        print(json.dumps(finite(rows), allow_nan=False), flush=True)
        return 0
    for row in rows:
        left = f", left {row['from']!r} at step {row['at']:,}" if row["from"] else ""
        print(f"{row['name']}  ({row['scene']}{left}): {row['steps']:,} steps, cost {row['cost']:.4g}, {row['state']}")
        for event in row["events"]:
            print(f"    step {event['step']:,}: {event['text']}")
    return 0


def _books(recording: Recording) -> list[tuple[str, LaneBook, tuple[Lane, ...]]]:
    found = []
    for name, kept in recording.books.items():
        book = LaneBook()
        front = book.adopt(kept)
        lanes = tuple(lane if lane.number != front else replace(lane, is_active=True) for lane in book.summary())
        found.append((name, book, lanes))
    return found


def _chosen(
    found: Sequence[tuple[str, LaneBook, tuple[Lane, ...]]], options: argparse.Namespace
) -> tuple[str, LaneBook, Lane]:
    books = [(name, book, lane) for name, book, lanes in found for lane in lanes]
    if not books:
        raise RecordingError(f"{options.file} holds no run.")
    if options.lane is None:
        return next((found for found in books if found[2].is_active), books[-1])
    named = [found for found in books if found[2].name == options.lane]
    if not named:
        names = ", ".join(repr(lane.name) for _, _, lane in books[:12])
        raise RecordingError(f"There is no run {options.lane!r} in {options.file}; there is {names}.")
    return named[0]


def _beside(book: LaneBook, lanes: Sequence[Lane], lane: Lane) -> tuple[Overlay, ...]:
    """Those of these runs that the window shows beside this one, each at its end: of the same scene, and ticked."""
    found = []
    shown = [other for other in lanes if other.is_shown and other.title == lane.title]
    for other in shown[-MOST_BESIDE:]:
        runner = Runner(book.structure_at(other.number, other.end))
        try:
            book.bring(runner, other.number, other.end)
            found.append(Overlay(other, runner.frame()))
        finally:
            runner.close()
    return tuple(found)


def _same_structure(book: LaneBook, lane: Lane, step: int, spec: Any) -> bool:
    return key_of(book.structure_at(lane.number, step)) == key_of(spec)


def _film(runner: Runner, book: LaneBook, lane: Lane, step: int, cameras: Cameras, look: Look, ctrl_c: CtrlC) -> None:
    """Every planned moment as it was; of a network that grew, those since it had this structure."""
    share = 0.0
    while share <= 1.0 and not ctrl_c.pressed:
        at = math.ceil(share * step)  # as a run is filmed
        share = max(share, at / step) if step else 1.0
        if _same_structure(book, lane, at, runner.spec):
            book.bring(runner, lane.number, at)
            look(runner)
            cameras.capture(share)
        elif cameras.due(share):
            cameras.skip(share)
        if share == 1.0:
            break
        share = cameras.next_share()


def _sorted_out(spec: RunSpec, values: Mapping[str, Any]) -> tuple[Mapping[str, Any], Look]:
    """The knobs that make another run; and what sets those that only say how it is looked at."""
    knobs = {knob.name: knob for knob in knobs_of(type(spec.settings))}
    looks = {
        name: value
        for name, value in values.items()
        if name in knobs and knobs[name].live and not knobs[name].steers and not knobs[name].restarts
    }

    def look(runner: Runner) -> None:
        if looks:
            runner.set_spec(runner.spec.with_knobs(looks))

    return {name: value for name, value in values.items() if name not in looks}, look


def _branched(runner: Runner, book: LaneBook, lane: Lane, step: int, values: Mapping[str, Any]) -> Runner:
    spec = runner.spec.with_knobs(values)
    restarting = [knob.name for knob in differing(runner.spec.settings, spec.settings) if knob.restarts]
    if restarting:
        raise RecordingError(f"{restarting[0]} begins another run, and can't be set in the middle of one: use `run`.")
    runner.recorder = Recorder()
    if key_of(runner.spec) == key_of(spec):
        runner.set_spec(spec)
        book.branch(lane.number, step, runner)
        runner.recorder = book
        return runner
    book.branch(lane.number, step, runner)
    runner.recorder = book
    grown = Runner(spec)
    grown.take_over(runner)
    if grown.recorder is not book:
        grown.close()
        raise RecordingError("A run with these settings can't go on from what this one has learnt.")
    runner.close()
    return grown


def _say(runner: Runner, options: argparse.Namespace, lane: Lane, first_cost: float) -> None:
    outcome = result(runner, first_cost) | {"lane": lane.name, "step": runner.step}
    if options.json:
        print(json.dumps(outcome, allow_nan=False), flush=True)
    else:
        cost = "no finite cost" if outcome["cost"] is None else f"cost {outcome['cost']:.4g}"
        print(f"{lane.name}: step {runner.step:,}, {cost}, state {outcome['state_sha256'][:12]}", flush=True)
