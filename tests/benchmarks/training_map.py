"""Maps of whole trainings of `regression/tanh`'s network: how soon, and the window's beat while one is made.

32 x 32 pixels are a sixteenth of the map's 128 x 128. The beat is that of an 8 ms QTimer in the GUI thread, the run at
rest, with and without a map being made.
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

from engine.run.runner import Runner
from engine.run.states import State
from engine.scenes import scenes
from tests.benchmarks.beat import Beat, row, spin, until
from tests.benchmarks.window import opened

ROUNDS = 3


def main() -> int:
    spec = scenes()["regression/tanh"]
    runner = Runner(spec)
    began = time.perf_counter()
    coarse = None
    while True:
        found = runner.analyse("map", {"window": None, "seconds": 0.2}).result
        now = time.perf_counter() - began
        if coarse is None and found.done >= 1 / 16:
            coarse = now
        if found.done == 1:
            break
    runner.close()
    print(f"{found.words}: 32 x 32 after {coarse:.1f} s, 128 x 128 after {now:.1f} s, compiling included", flush=True)
    application = opened(spec)
    session, beat, idle, busy = application.sessions["regression"], Beat(), [], []
    until(lambda: session.state is State.FINISHED)
    view = session.page.view.named("map")
    for number in range(ROUNDS):
        session.change_knob("view", "fit")
        spin(1.0)
        beat.start()
        spin(4.0)
        beat.stop()
        idle.append(beat.p99())
        session.change_knob("view", "map")
        view._look_at((1e-3 * (1 + number), 5.0, 0.1, 0.9))
        spin(2.0)
        beat.start()
        spin(6.0)
        beat.stop()
        busy.append(beat.p99())
    ratio = sorted(busy)[1] / sorted(idle)[1]
    print(f"beat p99, idle        {row(idle, '.1f')} ms")
    print(f"beat p99, a map       {row(busy, '.1f')} ms   ratio {ratio:.2f}")
    application.window.close()
    application.stop()
    return 0
