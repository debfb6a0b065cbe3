"""``sweep``: a plane, or more, of whole runs, in this process, in several, or on a cluster; the same numbers always."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from app.commands.run_command import INTERRUPTED, CtrlC
from app.files.outputs import OutputError, check_writable, write_whole
from app.sharing.asked import PROGRESS
from engine.run import sweep
from engine.run.spec import RunSpec
from engine.run.sweep import Point, Vary

CONNECT_SECONDS = 5  # until an address counts as wrong
LOST_PORTION = 3  # times that a portion's worker may be lost before it is given up
WAIT_SECONDS = 0.2  # between two looks at Ctrl-C
NO_DASK = "Several processes need Dask: pip install fall-line[cluster]."

Outcome = dict[str, Any]


def sweep_scene(spec: RunSpec, options: argparse.Namespace) -> int:
    """Carry a sweep out, print and write; returns the exit code.

    Raises:
        KnobError: a knob or values that can't be varied.
        OutputError: a file that can't be written, a scheduler that can't be reached, or no Dask.
    """
    varies = [sweep.vary_of(text, type(spec.settings)) for text in options.vary]
    points = sweep.points_of(spec, varies, options.seeds)
    for path in filter(None, (options.to_csv, options.to_png)):
        check_writable(path)
    found: list[Outcome] = []
    with CtrlC() as ctrl_c:
        bar = _Bar(len(points), options.progress)
        for outcomes in _carried_out(spec, points, options, ctrl_c):
            found += outcomes
            bar.show(len(found))
        bar.close()
    found.sort(key=lambda outcome: outcome["number"])
    _write(spec, varies, found, options)
    return INTERRUPTED if ctrl_c.pressed else 0


def _carried_out(
    spec: RunSpec, points: Sequence[Point], options: argparse.Namespace, ctrl_c: CtrlC
) -> Iterator[list[Outcome]]:
    if not options.workers and not options.scheduler:
        for portion in sweep.portions(spec, points):
            for outcome in sweep.carried_out(spec, portion, options.steps, lambda: ctrl_c.pressed):
                yield [outcome]
            if ctrl_c.pressed:
                return
        return
    with _client(options) as client:
        from distributed import wait

        futures = [
            client.submit(sweep.carry_out, spec, portion, options.steps, pure=False, retries=LOST_PORTION)
            for portion in sweep.portions(spec, points)
        ]
        waiting = set(futures)
        while waiting and not ctrl_c.pressed:
            with suppress(TimeoutError):
                wait(waiting, timeout=WAIT_SECONDS, return_when="FIRST_COMPLETED")
            done = {future for future in waiting if future.done()}
            waiting -= done
            for future in done:
                try:
                    yield future.result()
                except Exception as error:
                    raise OutputError(f"A worker could not carry out its runs: {_first_line(error)}") from None
        if waiting:
            client.cancel(list(waiting))


@contextmanager
def _client(options: argparse.Namespace) -> Iterator[Any]:
    """Dask's client: of processes of its own here, or of the scheduler at an address."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise OutputError(NO_DASK) from None
    import logging

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # a lost worker is no news: its runs are done again
    if options.scheduler:
        try:
            client, cluster = Client(options.scheduler, timeout=CONNECT_SECONDS), None
        except (OSError, ValueError, TimeoutError):
            raise OutputError(
                f"No scheduler answers at {options.scheduler}; it takes an address like tcp://192.168.1.5:8786."
            ) from None
    else:
        cluster = LocalCluster(
            n_workers=options.workers, threads_per_worker=1, processes=True, dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )  # fmt: skip
        client = Client(cluster)
    try:
        yield client
    finally:
        client.close()
        if cluster is not None:
            cluster.close()


def _write(spec: RunSpec, varies: Sequence[Vary], found: Sequence[Outcome], options: argparse.Namespace) -> None:
    runs = [{name: value for name, value in outcome.items() if name != "number"} for outcome in found]
    arrived = [run for run in runs if run["cost"] is not None]
    best = min(arrived, key=lambda run: run["cost"], default=None)
    if options.to_csv:
        text = io.StringIO()
        columns = dict.fromkeys([*(vary.knob for vary in varies), "seed", "cost", "best_cost", "steps", "state"])
        table = csv.DictWriter(text, list(columns))
        table.writeheader()
        table.writerows(runs)
        write_whole(options.to_csv, text.getvalue().encode())
    if options.to_png:
        from app.sharing.sweep_figure import figure  # which imports Qt

        write_whole(options.to_png, figure(spec, varies, runs))
    if options.json:
        whole = {
            "scene": spec.scene,
            "experiment": spec.experiment,
            "vary": {vary.knob: list(vary.values) for vary in varies},
            "seeds": options.seeds,
            "runs": runs,
            "best": best,
        }
        print(json.dumps(whole, allow_nan=False), flush=True)
        return
    diverged = len(runs) - len(arrived)
    words = f"{spec.scene}: {len(runs):,} runs"
    words += f", {diverged:,} diverged" if diverged else ""
    if best is not None:
        numbers = ", ".join(f"{vary.knob} {_shown(best[vary.knob])}" for vary in varies)
        words += f"; lowest cost {best['cost']:.4g} with {numbers} (seed {best['seed']})"
    print(f"{words}.", flush=True)


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _first_line(error: Exception) -> str:
    text = str(error).strip().partition("\n")[0] or type(error).__name__
    return text if text.endswith(".") else f"{text}."


class _Bar:
    """How many runs are done, on standard error when that is a terminal."""

    WIDTH = 30

    def __init__(self, count: int, says_share: bool) -> None:
        self._says_share = says_share
        self._count, self._began = count, time.monotonic()
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def show(self, done: int) -> None:
        if self._says_share:
            print(f"{PROGRESS}{done / self._count:.4f}", file=sys.stderr, flush=True)
        if self._is_terminal:
            filled = self.WIDTH * done // self._count
            left = (time.monotonic() - self._began) / max(done, 1) * (self._count - done)
            bar = "#" * filled + "-" * (self.WIDTH - filled)
            print(f"\r[{bar}] {done:,} of {self._count:,} runs, {left:,.0f} s left   ", end="", file=sys.stderr)

    def close(self) -> None:
        if self._is_terminal:
            print(f"\r{' ' * 79}\r", end="", file=sys.stderr, flush=True)
