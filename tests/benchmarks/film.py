"""A film of a 500-epoch painting from the window: how long against a second training, and the window's beat beside it.

The training is the same run without a window. The beat is that of an 8 ms QTimer in the GUI thread, the run at rest,
with and without the film being made, in turn.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

import numpy as np

from app.sharing.look import Look
from app.window.share_dialog import Choice
from engine.run.runner import Runner
from engine.run.states import Event, State
from engine.scenes import scenes
from tests.benchmarks.beat import Beat, row, spin, until
from tests.benchmarks.window import opened

ROUNDS = 3
PATIENCE = 600.0
LENGTHS = 5.0, 10.0  # seconds


def main() -> int:
    spec = scenes()["painting/astronaut"]
    runner = Runner(spec)
    runner.handle(Event.PLAY)
    began = time.perf_counter()
    while runner.state is State.RUNNING:
        runner.advance(seconds=0.1)
    training = time.perf_counter() - began
    runner.close()
    print(f"the training without a window    {training:.1f} s", flush=True)
    application = opened(spec)
    session, sharer, beat = application.sessions["painting"], application.sharer, Beat()
    until(lambda: session.state is State.FINISHED, PATIENCE)
    with tempfile.TemporaryDirectory() as folder:
        for length in LENGTHS:
            idle, busy, seconds = [], [], []
            for number in range(ROUNDS):
                beat.start()
                spin(4.0)
                beat.stop()
                idle.append(beat.p99())
                path = Path(folder) / f"{length}-{number}.mp4"
                began = time.perf_counter()
                beat.start()
                sharer.save(str(path), Choice("mp4", Look(1280, 720), length, True))
                until(path.exists, PATIENCE)
                beat.stop()
                seconds.append(time.perf_counter() - began)
                busy.append(beat.p99())
            share = np.median(seconds) / training
            print(f"a film of {length:g} s                   {row(seconds, '.1f')} s   {share:.2f} of the training")
            print(f"beat p99, idle                   {row(idle, '.1f')} ms")
            ratio = np.median(busy) / np.median(idle)
            print(f"beat p99, beside the film        {row(busy, '.1f')} ms   ratio {ratio:.2f}", flush=True)
    application.window.close()
    application.stop()
    return 0
