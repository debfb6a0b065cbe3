"""What measuring the sharpness costs the training, and how exact it is.

Prints steps a second with it and without it, in turn, by the default share; and, at ten moments of the edge of
stability, what was measured against NumPy's eigvalsh of the whole Hessian (701 x 701, by double backpropagation, a
column at a time).
"""

from __future__ import annotations

import sys
import time

import numpy as np

from engine.regression.fitting import training_sample
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import scenes

ROUNDS = 12
SECONDS = 1.5  # of a round: short, so that whatever else a machine does meets both alike
SETTLING = 0.5  # seconds before it: what is measured anew comes farther apart
MOMENTS = 10
APART = 211  # steps from one moment to the next
RUNS = {
    "edge of stability, 701 parameters, 20 points": ("edge-of-stability", {}),
    "the same with Adam": ("edge-of-stability", {"optimizer": "adam", "learning_rate": 0.001}),
    "deep, 2,209 parameters, 1,000 points, batches of 200": ("deep", {"cost": "squared", "sharpness": True}),
    "8 layers of 64, 1,000 points, batches of 200": (
        "deep",
        {"cost": "squared", "sharpness": True, "depth": 8, "width": 64, "learning_rate": 0.001},
    ),
}


def main() -> int:
    for name, (scene, knobs) in RUNS.items():
        spec = scenes()[f"regression/{scene}"].with_knobs(knobs | {"epochs": 1_000_000, "speed": "max"})
        runner = Runner(spec)
        runner.handle(Event.PLAY)
        runner.advance(seconds=2.0)
        speeds: dict[bool, list[float]] = {True: [], False: []}
        for number in range(ROUNDS):  # in turn, and each first in every second round
            for is_on in (True, False) if number % 2 else (False, True):
                runner.set_spec(runner.spec.with_knobs({"sharpness": is_on}))
                runner.advance(seconds=SETTLING)
                speeds[is_on].append(_speed(runner))
        on, off = (np.array(speeds[is_on]) for is_on in (True, False))
        print(name)
        low, middle, high = np.percentile(on / off, (25, 50, 75))
        print(f"  steps a second    without it {np.median(off):,.0f}, with it {np.median(on):,.0f}")
        print(f"  with over without, in turn   median {middle:.3f}, half of them {low:.3f} to {high:.3f}")
        runner.close()
    _exactness()
    return 0


def _speed(runner: Runner) -> float:
    began, first = time.perf_counter(), runner.step
    runner.advance(seconds=SECONDS)
    return (runner.step - first) / (time.perf_counter() - began)


def _exactness() -> None:
    runner = Runner(scenes()["regression/edge-of-stability"].with_knobs({"sharpness_share": 1.0}))
    runner.handle(Event.PLAY)
    worst = 0.0
    for _ in range(MOMENTS):
        runner.advance(steps=APART)
        runner.frame()
        while runner.experiment.snapshot().sharpness.steps[-1] != runner.step:
            runner.advance(steps=1)
            runner.frame()
        moment = runner.experiment.snapshot()
        experiment = runner.experiment
        sample = training_sample(moment.data, len(moment.data.points.x))
        product = experiment._instruments.inside.hessian_product(moment.parameters, sample, 0.0)
        whole = np.array([product(row) for row in np.eye(experiment.parameters)], float)
        exact = float(np.linalg.eigvalsh((whole + whole.T) / 2)[-1])
        measured = float(moment.sharpness.sharpness[-1])
        worst = max(worst, abs(measured / exact - 1))
        apart = measured / exact - 1
        print(f"  step {moment.step:5,}: measured {measured:.5g}, eigvalsh {exact:.5g}, apart {apart:+.2e}")
    print(f"  farthest apart at {MOMENTS} moments: {worst:.2e}")
    runner.close()


if __name__ == "__main__":
    sys.exit(main())
