"""How the regression page steers a network of 8 layers of 256 on 10,000 points.

Prints the beat (p99 of an 8 ms timer in the GUI thread) while it trains, in each view, against the same window idle;
the time from a moved learning-rate slider to the first frame drawn whose steps were taken with it; and how long a
slice of the cost takes.
"""

from __future__ import annotations

import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

import numpy as np
from PyQt5.QtWidgets import QApplication, QWidget

from app.start.bootstrap import Application
from engine.frames import Analysis, Frame
from engine.run.states import State
from engine.scenes import scenes
from tests.benchmarks.beat import Beat, row, spin, until
from tests.benchmarks.window import opened

LARGE = {"points": 10_000, "depth": 8, "width": 256, "epochs": 1_000_000, "learning_rate": 1e-4, "speed": "max"}
SECONDS = 6.0
ROUNDS = 3
MOVES = 20
VIEWS = ("fit", "neurons", "parameters", "network", "landscape")


def main() -> int:
    application = opened(scenes()["regression/deep"].with_knobs(LARGE))
    session = application.sessions["regression"]
    frames: list[Frame] = []
    session._clock.due.connect(frames.append)
    until(lambda: bool(frames))
    spin(3.0)

    beat = Beat()
    idle, busy, latencies = [], [], []
    for _ in range(ROUNDS):  # interleaved, so that a slow moment of the machine meets both
        session.page.pause_requested.emit()
        until(lambda: session.state is State.PAUSED)
        idle.append(_beat(beat))
        session.page.play_requested.emit()
        until(lambda: session.state is State.RUNNING)
        spin(1.0)
        busy.append(_beat(beat))
        latencies += _latencies(application, frames)
    by_view = {}
    for view in VIEWS:
        session.change_knob("view", view)
        spin(2.0)
        by_view[view] = _beat(beat)
    slices = _slices(session)
    first, began = frames[-1].step, time.perf_counter()
    before = len(frames)
    spin(3.0)
    elapsed = time.perf_counter() - began
    print(f"platform                         {QApplication.platformName()}")
    print(f"parameters                       {frames[-1].parameters:,}")
    print(f"steps a second                   {(frames[-1].step - first) / elapsed:.1f}")
    print(f"frames drawn a second            {(len(frames) - before) / elapsed:.1f}")
    print(f"beat p99, idle                   {row(idle, '.1f')} ms")
    print(f"beat p99, training               {row(busy, '.1f')} ms   ratio {np.median(np.divide(busy, idle)):.2f}")
    for view, value in by_view.items():
        print(f"beat p99, view {view:17} {value:.1f} ms   ratio {value / np.median(idle):.2f}")
    low, middle, high = (float(np.percentile(latencies, share)) * 1000 for share in (0, 50, 95))
    print(f"slider to first affected frame   median {middle:.0f} ms, fastest {low:.0f}, 95 of 100 within {high:.0f}")
    print(f"a slice of 41 x 41               first {slices[0]:.2f} s, then {row(slices[1:], '.2f')} s")
    application.window.close()
    application.stop()
    return 0


def _beat(beat: Beat) -> float:
    spin(0.3)
    beat.start()
    spin(SECONDS)
    beat.stop()
    return beat.p99()


def _latencies(application: Application, frames: list[Frame]) -> list[float]:
    """From a moved slider to the first frame whose last step was taken after the move and which has been drawn."""
    session = application.sessions["regression"]
    slider = session.page.findChild(QWidget, "learning_rate")
    found = []
    for move in range(MOVES // ROUNDS):
        spin(0.25)
        rate = 1e-4 * (1.0 + 0.01 * (move + 1))
        began, first = time.perf_counter(), len(frames)
        slider.setValue(rate)
        session.change_knob("learning_rate", rate)
        until(lambda first=first, rate=rate: any(_rate(frame) == rate for frame in frames[first:]))
        found.append(time.perf_counter() - began)
    return found


def _rate(frame: Frame) -> float:
    return frame.picture.learning_rate


def _slices(session) -> list[float]:
    """Seconds from the question to the answer, in the background while it trains."""
    answers: list[Analysis] = []
    session.host.analysis_ready.connect(answers.append)
    times = []
    for directions in ("random", "random", "main", "random"):
        wanted = sum(answer.name == "surface" for answer in answers) + 1
        began = time.perf_counter()
        session.page.analysis_requested.emit("surface", {"directions": directions})
        until(lambda wanted=wanted: sum(answer.name == "surface" for answer in answers) >= wanted)
        times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    sys.exit(main())
