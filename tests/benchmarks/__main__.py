"""Measure what is claimed: ``python -m tests.benchmarks NAME``. Ratios within one run; machines are noisy."""

import sys
from importlib import import_module

BENCHMARKS = {
    "painting": "training speed against Keras fit, one call a step, and this machine's small matrix products",
    "large_painting": "the beat and the memory at 512 x 512, and a moved depth slider to its first frame",
    "landscape": "the landscape page with eight long descents on contours and surface, and the basins' map",
    "regression": "how a large network steers: the beat against idle, a slider to its first frame, slices",
    "rewind": "seeks in the past with training going on, and what keeping it costs",
    "exact": "replayed moments against fresh runs, bit for bit",
    "code": "every scene's script against the scene itself: the same cost?",
    "sharpness": "what measuring the sharpness costs the training, and how exact it is",
    "film": "a film from the history against a second training, and the beat of the window beside it",
    "training_map": "maps of whole trainings: how soon, and the beat of the window meanwhile",
    "strangers": "two thousand damaged files of each kind: a result or a sentence, how soon, and the memory",
    "live": "what the window costs the training, and the training the window",
}


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHMARKS:
        print("usage: python -m tests.benchmarks NAME", file=sys.stderr)
        for name, about in BENCHMARKS.items():
            print(f"  {name:14} {about}", file=sys.stderr)
        return 2
    return import_module(f"tests.benchmarks.{sys.argv[1]}").main()


if __name__ == "__main__":
    sys.exit(main())
