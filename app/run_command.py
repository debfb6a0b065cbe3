"""``run``: carry out a spec without a window and write what was asked for. Qt is imported only to draw a plot."""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
import time
from typing import Any

from app.animation import Animation, animated, files_of, targets
from app.animation import write as write_animation
from app.outputs import OutputError, check_writable, result, table, write_whole
from engine.experiments.experiment import BuildError
from engine.frames import Frame
from engine.runner import Runner
from engine.spec import RunSpec
from engine.states import Event, State

__all__ = ["OutputError", "carry_out"]

SLICE_SECONDS = 0.1  # between two looks at Ctrl-C and the progress bar
INTERRUPTED = 130


def carry_out(spec: RunSpec, options: argparse.Namespace) -> int:
    """Run to the end, print and write; returns the exit code.

    Raises:
        OutputError: a file that was asked for can't be written.
    """
    for path in filter(None, (options.png, options.csv)):
        check_writable(path)
    gif = targets(options.gif, spec) if options.gif else None
    with _CtrlC() as ctrl_c:
        runner = Runner(animated(spec) if gif else spec)
        drawn = _Drawn(runner)
        try:
            if runner.waiting:
                raise BuildError(runner.waiting)
            news = getattr(runner.experiment, "news", "")
            if news:
                print(f"fallline: {news}", file=sys.stderr, flush=True)
            animation = Animation(runner, drawn) if gif else None
            _advance(runner, options, ctrl_c, animation)
            if gif:
                write_animation(files_of(animation, *gif))
            _write(runner, options, drawn)
        finally:
            drawn.close()
            runner.close()
    return INTERRUPTED if ctrl_c.pressed else 0


class _Drawn:
    """Draws a run's frames; nothing of Qt is there before the first."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._drawing: Any = None

    def __call__(self, frame: Frame) -> bytes:
        if self._drawing is None:
            from app.plot import Drawing

            self._drawing = Drawing(self._runner.spec, self._runner.study)
        return self._drawing.png(frame)

    def close(self) -> None:
        if self._drawing is not None:
            self._drawing.close()


def _advance(runner: Runner, options: argparse.Namespace, ctrl_c: _CtrlC, animation: Animation | None) -> None:
    per_epoch = runner.experiment.steps_per_epoch
    if options.steps:
        runner.length = options.steps
    elif options.epochs:
        runner.length = options.epochs * per_epoch
    elif options.seconds:
        runner.length = sys.maxsize
    bar = _Progress(runner, options.seconds)
    runner.handle(Event.PLAY)
    while runner.state is State.RUNNING and not ctrl_c.pressed:
        budget = SLICE_SECONDS
        if options.seconds:
            budget = min(budget, options.seconds - runner.seconds)
            if budget <= 0:
                runner.handle(Event.FINISH, "")
                break
        steps = None
        if animation is not None:
            share = _share_done(runner, options.seconds)
            if animation.due(share):
                animation.capture(share)
            if not options.seconds:  # at the very steps, so that the same run gives the same animation
                total = runner.length if runner.length is not None else runner.experiment.length
                steps = max(1, math.ceil(animation.next_share() * total) - runner.step)
        runner.advance(steps, seconds=budget)
        bar.show()
    bar.close()
    if animation is not None:
        animation.capture(1.0)
    if runner.state is State.RUNNING:
        runner.handle(Event.PAUSE, "Stopped by Ctrl-C.")


def _share_done(runner: Runner, seconds: float | None) -> float:
    if seconds:
        return min(1.0, runner.seconds / seconds)
    return min(1.0, runner.step / (runner.length if runner.length is not None else runner.experiment.length))


def _write(runner: Runner, options: argparse.Namespace, drawn: _Drawn) -> None:
    if options.csv:
        write_whole(options.csv, table(runner))
    if options.png:
        write_whole(options.png, drawn(runner.frame()))
    outcome = result(runner)
    if options.json:
        print(json.dumps(outcome, allow_nan=False), flush=True)
    else:
        print(_in_words(outcome), flush=True)


def _in_words(outcome: dict[str, Any]) -> str:
    cost = "no finite cost" if outcome["cost"] is None else f"cost {outcome['cost']:.4g}"
    words = f"{outcome['scene']}: {outcome['state']} after {outcome['steps']:,} steps, {cost}"
    for name, value in outcome["metrics"].items():
        words += f", {name} {value:.4g}" if value is not None else ""
    words += f", {outcome['steps_per_second']:,.0f} steps/s"
    return f"{words}. {outcome['message']}".rstrip()


class _CtrlC:
    """Turns Ctrl-C into a flag, so that the current step is finished and the files are still written."""

    pressed = False

    def __enter__(self) -> _CtrlC:
        self._before = signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, *exc: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _press(self, *_: object) -> None:
        if self.pressed:  # pressed twice: the person means it
            raise KeyboardInterrupt
        self.pressed = True


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
        share = _share_done(runner, self._seconds)
        filled = int(self.WIDTH * min(1.0, share))
        bar = "#" * filled + "-" * (self.WIDTH - filled)
        speed = f"{runner.steps_per_second:,.0f} steps/s"
        print(f"\r[{bar}] {share:4.0%}  step {runner.step:,}  {speed}   ", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave a clean line behind."""
        if self._terminal:
            print(f"\r{' ' * 79}\r", end="", file=sys.stderr, flush=True)
