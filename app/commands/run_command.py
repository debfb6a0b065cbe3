"""``run``: carry out a spec without a window and write what was asked for. Qt is imported only to draw a plot."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from typing import Any

from app.files.outputs import OutputError, result, write_recording
from app.sharing.asked import Asked
from app.sharing.film import Cameras
from app.sharing.playing import played, share_done
from engine.experiment import BuildError
from engine.history.lane_book import LaneBook
from engine.history.recording_file import Recording
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State

__all__ = ["OutputError", "carry_out"]

SLICE_SECONDS = 0.1  # between two looks at Ctrl-C and the progress bar
INTERRUPTED = 130


def carry_out(spec: RunSpec, options: argparse.Namespace) -> int:
    """Run to the end, print and write; returns the exit code.

    Raises:
        OutputError: a file that was asked for can't be written.
    """
    asked = Asked(options, spec)
    with CtrlC() as ctrl_c:
        runner = Runner(asked.spec)
        try:
            if runner.experiment.waiting:
                raise BuildError(runner.experiment.waiting)
            if runner.experiment.notice:
                print(f"fallline: {runner.experiment.notice}", file=sys.stderr, flush=True)
            first_cost = runner.frame().cost
            book = LaneBook() if options.record else None
            if book is not None:
                runner.recorder = book
                book.begins(runner)
            _advance(runner, options, ctrl_c, asked.cameras(runner))
            asked.write(runner)
            _say(runner, options, first_cost)
            if book is not None:
                book.note(runner.frame().cost)
                write_recording(options.record, Recording({spec.experiment: book.dump(runner, 1 << 30)}))
        finally:
            asked.close()
            runner.close()
    return INTERRUPTED if ctrl_c.pressed else 0


def _advance(runner: Runner, options: argparse.Namespace, ctrl_c: CtrlC, cameras: Cameras | None) -> None:
    per_epoch = runner.experiment.steps_per_epoch
    if options.steps:
        runner.length = options.steps
    elif options.epochs:
        runner.length = options.epochs * per_epoch
    elif options.seconds:
        runner.length = sys.maxsize
    bar = _Progress(runner, options.seconds)
    for _ in played(runner, SLICE_SECONDS, options.seconds, cameras):
        bar.show()
        if ctrl_c.pressed:
            break
    bar.close()
    if cameras is not None:
        cameras.capture(1.0)
    if runner.state is State.RUNNING:
        runner.handle(Event.PAUSE, ctrl_c.words)


def _say(runner: Runner, options: argparse.Namespace, first_cost: float) -> None:
    outcome = result(runner, first_cost)
    if options.json:
        print(json.dumps(outcome, allow_nan=False), flush=True)
    else:
        print(_in_words(outcome), flush=True)


def _in_words(outcome: dict[str, Any]) -> str:
    cost = "no finite cost" if outcome["cost"] is None else f"cost {outcome['cost']:.4g}"
    words = f"{outcome['scene']}: {outcome['state']} after {outcome['steps']:,} steps, {cost}"
    for name, value in outcome["metrics"].items():
        words += f", {name} {value:.4g}" if value is not None else ""
    for name, value in outcome.get("line", {}).items():
        words += f", {name} {value:.5g}" if value is not None else ""
    words += f", {outcome['steps_per_second']:,.0f} steps/s"
    return f"{words}. {outcome['message']}".rstrip()


class CtrlC:
    """Turns Ctrl-C, and the system's SIGTERM, into a flag: files are written after the current step."""

    pressed = False
    words = ""

    def __enter__(self) -> CtrlC:
        self._before = {number: signal.signal(number, self._press) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *exc: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _press(self, number: int, *_: object) -> None:
        if self.pressed:  # pressed twice: the person means it
            raise KeyboardInterrupt
        self.pressed = True
        self.words = "Stopped by Ctrl-C." if number == signal.SIGINT else "Stopped by the system (SIGTERM)."


class _Progress:
    """A bar on standard error, when that is a terminal."""

    WIDTH = 30

    def __init__(self, runner: Runner, seconds: float | None) -> None:
        self._runner, self._seconds = runner, seconds
        self._terminal = sys.stderr.isatty()
        self._shown = 0.0

    def show(self) -> None:
        """Redraw, at most ten times a second."""
        if not self._terminal or time.monotonic() - self._shown < 0.1:
            return
        self._shown = time.monotonic()
        runner = self._runner
        share = share_done(runner, self._seconds)
        filled = int(self.WIDTH * min(1.0, share))
        bar = "#" * filled + "-" * (self.WIDTH - filled)
        speed = f"{runner.steps_per_second:,.0f} steps/s"
        print(f"\r[{bar}] {share:4.0%}  step {runner.step:,}  {speed}   ", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave a clean line behind."""
        if self._terminal:
            print(f"\r{' ' * 79}\r", end="", file=sys.stderr, flush=True)
