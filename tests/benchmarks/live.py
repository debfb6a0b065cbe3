"""What the window costs the training, and the training the window.

Prints the painting's steps a second in the running window against the same run without one, the frames drawn a
second, and the beat: intervals of an 8 ms QTimer in the GUI thread, training against nothing training while the same
frames are drawn.
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

import numpy as np
from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QApplication

from app.start.bootstrap import Application
from engine.frames import Frame
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State
from engine.scenes import scenes
from tests.benchmarks.beat import Beat, row, spin, until
from tests.benchmarks.window import opened

SECONDS = 6.0
ROUNDS = 3
FRAMES_A_SECOND = 60


def main() -> int:
    spec = scenes()["painting/astronaut"].with_knobs({"epochs": 1_000_000})
    application = opened(spec)
    session = application.sessions["painting"]
    spin(2.0)

    frames: list[Frame] = []
    session._clock.due.connect(frames.append)
    beat = Beat()
    runner = _headless(spec)
    alone, live, drawn, busy, idle = [], [], [], [], []
    for _ in range(ROUNDS):  # interleaved, so that a slow moment of the machine meets everyone
        session.page.pause_requested.emit()
        until(lambda: session.state is State.PAUSED)
        alone.append(_headless_speed(runner))
        shown = frames[-200:]
        idle.append(_beat_of_drawing(application, shown, beat))
        session.page.play_requested.emit()
        until(lambda: session.state is State.RUNNING)
        spin(1.0)
        frames.clear()
        spin(0.2)
        first, began, before = frames[-1].step, time.perf_counter(), len(frames)
        beat.start()
        spin(SECONDS)
        beat.stop()
        elapsed = time.perf_counter() - began
        live.append((frames[-1].step - first) / elapsed)
        drawn.append((len(frames) - before) / elapsed)
        busy.append(beat.p99())
    runner.close()
    application.window.close()
    application.stop()

    share = [a / b for a, b in zip(live, alone, strict=True)]
    ratio = [a / b for a, b in zip(busy, idle, strict=True)]
    print(f"platform                     {QApplication.platformName()}")
    print(f"without a window, steps/s    {row(alone, ',.0f')}")
    print(f"in the window, steps/s       {row(live, ',.0f')}")
    print(f"share kept                   {row(share, '.0%')}   median {np.median(share):.0%}")
    print(f"frames drawn a second        {row(drawn, '.0f')}")
    print(f"beat p99, nothing training   {row(idle, '.1f')} ms")
    print(f"beat p99, training           {row(busy, '.1f')} ms   ratio {np.median(ratio):.2f}")
    return 0


def _headless(spec: RunSpec) -> Runner:
    runner = Runner(spec)
    runner.handle(Event.PLAY)
    return runner


def _headless_speed(runner: Runner) -> float:
    began, first = time.perf_counter(), runner.step
    runner.advance(seconds=SECONDS / 2)
    return (runner.step - first) / (time.perf_counter() - began)


def _beat_of_drawing(application: Application, frames: list[Frame], beat: Beat) -> float:
    """The beat while the window draws these frames at the display's pace, with nothing training."""
    page = application.sessions["painting"].page
    position = iter(range(10**9))
    timer = QTimer()
    timer.setTimerType(Qt.PreciseTimer)
    timer.timeout.connect(lambda: page.show_frame(frames[next(position) % len(frames)]))
    timer.start(1000 // FRAMES_A_SECOND)
    spin(0.5)
    beat.start()
    spin(SECONDS)
    beat.stop()
    timer.stop()
    return beat.p99()
