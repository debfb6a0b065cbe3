"""A picture of 512 x 512, 4,096 pixels a step: the beat while it trains against the idle window, and the memory.

Then the astronaut at 64 x 64: how long a moved depth slider takes, from letting go of it to the first frame of the new
depth, for depths that were never seen and for those that are compiled already.
"""

from __future__ import annotations

import os
import resource
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

import numpy as np
from PyQt5.QtWidgets import QApplication

from engine.run.states import State
from engine.scenes import scenes
from tests.benchmarks.beat import Beat, row, spin, until
from tests.benchmarks.window import opened

SECONDS = 6.0
ROUNDS = 3
DEPTHS = (3, 4, 5, 7, 8, 2)


def main() -> int:
    spec = scenes()["painting/astronaut"].with_knobs({"side": 512, "batch_size": 4096, "epochs": 1_000_000})
    application = opened(spec)
    session = application.sessions["painting"]
    frames = []
    session._clock.due.connect(frames.append)
    beat = Beat()
    idle, busy, drawn = [], [], []
    for _ in range(ROUNDS):  # interleaved, so that a slow moment of the machine meets everyone
        session.page.pause_requested.emit()
        until(lambda: session.state is State.PAUSED)
        spin(1.0)
        beat.start()
        spin(SECONDS)
        beat.stop()
        idle.append(beat.p99())
        session.page.play_requested.emit()
        until(lambda: session.state is State.RUNNING)
        spin(1.0)
        frames.clear()
        beat.start()
        spin(SECONDS)
        beat.stop()
        drawn.append(len(frames) / SECONDS)
        busy.append(beat.p99())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    session.open_scene("painting/astronaut")
    session.change_knob("epochs", 1_000_000)
    until(lambda: session.is_up_to_date and session.state is State.RUNNING)
    spin(1.0)
    unseen = [_seconds_to_first_frame(session, depth, frames) for depth in DEPTHS]
    seen = [_seconds_to_first_frame(session, depth, frames) for depth in DEPTHS[:-1]]
    application.window.close()
    application.stop()

    ratio = [a / b for a, b in zip(busy, idle, strict=True)]
    print(f"platform                          {QApplication.platformName()}")
    print(f"512 x 512, batch 4096, frames/s   {row(drawn, '.0f')}")
    print(f"beat p99, idle window             {row(idle, '.1f')} ms")
    print(f"beat p99, training and drawing    {row(busy, '.1f')} ms   ratio {np.median(ratio):.2f}")
    print(f"most memory of the process        {memory:,.0f} MB")
    print(f"a depth never seen, first frame   {row(unseen, '.2f')} s")
    print(f"one compiled already              {row(seen, '.3f')} s")
    return 0


def _seconds_to_first_frame(session, depth: int, frames: list) -> float:
    session.change_knob("depth", depth)
    began = time.perf_counter()
    shown = session._run
    until(lambda: session._run != shown)
    frames.clear()
    until(lambda: bool(frames))
    seconds = time.perf_counter() - began
    until(lambda: session.state is State.RUNNING)
    spin(0.5)
    return seconds
