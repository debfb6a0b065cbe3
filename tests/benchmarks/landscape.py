"""The landscape page at its busiest: eight descents with trails of 2,000 steps, contours and surface both visible.

Prints the frames drawn a second, and the beat of the GUI thread (see tests.benchmarks.live) while the descents run and
while the same window stands idle, on whatever screen there is. Without OpenGL the surface is not there, and it says so.
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

import numpy as np
from PyQt5.QtWidgets import QApplication

from engine.landscape.basins import BasinsMap
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.settings import LandscapeSettings
from engine.run.states import State
from engine.scenes import scenes
from tests.benchmarks.beat import Beat, row, spin, until
from tests.benchmarks.window import opened

SECONDS = 6.0
ROUNDS = 3
TRAIL = 2000
RUNNERS = "sgd, momentum, nesterov, rmsprop, adagrad, adam, nadam, lion"


def main() -> int:
    spec = scenes()["landscape/optimizer-race"].with_knobs(
        # noise keeps all eight moving and their trails long; the bowl keeps them on the landscape
        {"landscape": "himmelblau", "optimizers": RUNNERS, "gradient_noise": 20, "steps": 1_000_000, "speed": "max"}
    )
    application = opened(spec)
    session = application.sessions["landscape"]
    view = session.page.view
    frames: list[int] = []
    session._clock.due.connect(lambda frame: frames.append(frame.step))
    until(lambda: bool(frames) and frames[-1] >= TRAIL)
    session.change_knob("speed", "250")
    beat = Beat()
    drawn, idle, busy, moving = [], [], [], []
    for _ in range(ROUNDS):  # interleaved, so that a slow moment of the machine meets everyone
        session.page.pause_requested.emit()
        until(lambda: session.state is State.PAUSED)
        spin(0.5)
        beat.start()
        spin(SECONDS)
        beat.stop()
        idle.append(beat.p99())
        session.page.play_requested.emit()
        until(lambda: session.state is State.RUNNING)
        spin(0.5)
        frames.clear()
        began = time.perf_counter()
        beat.start()
        spin(SECONDS)
        beat.stop()
        drawn.append(len(frames) / (time.perf_counter() - began))
        busy.append(beat.p99())
        moving.append(sum(trail.moving for trail in view._picture.trails))
    length = len(view._picture.trails[0].positions)
    surface = "visible" if view.two.surface.isVisible() else f"not there: {view.two.surface.problem}"
    application.window.close()
    application.stop()

    ratio = [a / b for a, b in zip(busy, idle, strict=True)]
    print(f"platform                     {QApplication.platformName()}")
    print(f"surface                      {surface}")
    print(f"descents still moving        {row(moving, '.0f')}, trails of {length:,} points")
    print(f"frames drawn a second        {row(drawn, '.0f')}")
    print(f"beat p99, idle               {row(idle, '.1f')} ms")
    print(f"beat p99, eight descents     {row(busy, '.1f')} ms   ratio {np.median(ratio):.2f}")
    _basins()
    return 0


def _basins() -> None:
    """40,000 starts x 500 steps, once compiled, at another rate each time."""
    basins = BasinsMap(LANDSCAPES["wave-surface"], "sgd")
    numbers = LandscapeSettings().numbers()
    basins.at(numbers, 500)
    whole, coarse = [], []
    for number in range(1, 6):
        began = time.perf_counter()
        basins.at(numbers | {"learning_rate": 0.002 + 1e-5 * number}, 500)
        whole.append(time.perf_counter() - began)
        began = time.perf_counter()
        basins.at(numbers | {"learning_rate": 0.003 + 1e-5 * number}, 500, 4)
        coarse.append(time.perf_counter() - began)
    print(f"basins, 40,000 x 500 steps   {row([1000 * t for t in whole], '.0f')} ms")
    print(f"their first, coarse map      {row([1000 * t for t in coarse], '.0f')} ms")
