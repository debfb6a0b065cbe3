"""What going back in time takes, with training going on, and what keeping the past costs.

Prints for random seeks how long the nearest moment and the exact one take, from the hand to the page; the training's
speed with the recording on against off, in turn; a frame after a million steps against one after ten; and the bytes of
the history after a million steps.
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

import numpy as np

from app.start.bootstrap import Application
from engine.history.lane_book import LaneBook
from engine.run.recorder import Recorder
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event
from engine.scenes import scenes
from tests.benchmarks.beat import row, spin, until
from tests.benchmarks.window import opened

SEEKS = 200
LONG = 40_500  # steps of the painting
ROUNDS = 4
SECONDS = 4.0
MILLION = 1_000_000


def main() -> int:
    painting = scenes()["painting/astronaut"].with_knobs({"epochs": 1_000_000, "speed": "max"})
    large = scenes()["regression/deep"].with_knobs({"depth": 8, "width": 256, "epochs": 1_000_000, "speed": "max"})
    for name, spec, steps in (("painting", painting, LONG), ("regression 8 x 256", large, 1000)):
        application = opened(spec)
        near, exact = _seeks(application, spec, steps)
        print(f"{name}: {SEEKS} seeks within {steps:,} steps, training going on")
        for word, values in (("nearest moment", near), ("exact moment", exact)):
            print(f"  {word:16} median {np.median(values):6.1f} ms   worst {max(values):6.1f} ms")
        application.window.close()
        application.stop()
    _recording_cost(painting)
    _long_run(scenes()["landscape/optimizer-race"].with_knobs({"steps": MILLION}))
    return 0


def _seeks(application: Application, spec: RunSpec, steps: int) -> tuple[list[float], list[float]]:
    session = application.sessions[spec.experiment]
    until(lambda: session.rewinding.now >= steps, seconds=600)
    generator = np.random.default_rng(0)
    came: list[tuple[float, bool]] = []
    page = session.page
    show = page.show_moment

    def show_moment(lane: int, step: int, is_near: bool) -> None:
        show(lane, step, is_near)
        if asked[0]:  # the first call only moves the handle
            came.append((time.perf_counter(), is_near))
        asked[0] = True

    asked = [False]
    page.show_moment = show_moment
    near, exact = [], []
    for step in generator.integers(1, steps, SEEKS):
        came.clear()
        asked[0] = False
        began = time.perf_counter()
        page.moment_requested.emit(session.rewinding.active.number, int(step))
        until(lambda: any(not is_near for _, is_near in came), seconds=60)
        near.append(1000 * (came[0][0] - began))
        exact.append(1000 * (next(when for when, is_near in came if not is_near) - began))
        spin(0.02)
    return near, exact


def _recording_cost(spec: RunSpec) -> None:
    runner = Runner(spec)
    on, off = [], []
    for _ in range(ROUNDS):
        for recorder, speeds in ((LaneBook(), on), (Recorder(), off)):
            runner.recorder = recorder
            runner.handle(Event.RESET)
            runner.handle(Event.PLAY)
            runner.advance(seconds=0.5)
            before, began = runner.step, time.perf_counter()
            while time.perf_counter() - began < SECONDS:
                runner.advance(seconds=0.015)
            speeds.append((runner.step - before) / (time.perf_counter() - began))
    runner.close()
    share = [1 - a / b for a, b in zip(on, off, strict=True)]
    print(f"recording on, steps/s    {row(on, ',.0f')}")
    print(f"recording off, steps/s   {row(off, ',.0f')}")
    print(f"recording costs          {row(share, '.1%')}   median {np.median(share):.1%}")


def _long_run(spec: RunSpec) -> None:
    runner, book = Runner(spec), LaneBook()
    runner.recorder = book
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    runner.advance(10)
    early = [_frame_seconds(runner) for _ in range(50)]
    while runner.step < MILLION and runner.advance(seconds=0.1):
        pass
    late = [_frame_seconds(runner) for _ in range(50)]
    ratio = np.median(late) / np.median(early)
    print(f"a frame after step 10: {1000 * np.median(early):.2f} ms", end=", ")
    print(f"after {runner.step:,}: {1000 * np.median(late):.2f} ms", end=", ")
    print(f"ratio {ratio:.2f}")
    print(f"key states after {runner.step:,} steps: {book.keys.bytes / 2**20:.1f} MB of {book.keys.budget / 2**20:.0f}")
    runner.close()


def _frame_seconds(runner: Runner) -> float:
    runner.look_again()
    began = time.perf_counter()
    runner.frame()
    return time.perf_counter() - began
