"""Every shipped scene's script against the scene: the same cost? ``python -m tests.benchmarks code [SCENE ...]``.

A script runs in a process of its own, which has TensorFlow, NumPy and scikit-image. Landscapes are compared to 1e-5;
networks to 5 %, and where batches are random by the median of three seeds. A star marks a branch of what is written
that no shipped scene takes.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine.scenes import scenes

SEEDS = 3
BRANCHES = (  # knobs that no shipped scene moves, and what they write
    ("landscape/noise", {"steps": "30", "seed": "3"}),
    ("landscape/basins", {"gradient": "difference", "learning_rate": "0.5", "steps": "10"}),
    ("landscape/river", {"steps": "60", "schedule": "cosine"}),
    ("regression/tanh", {"epochs": "6", "curve": "two-sines"}),
    ("regression/order", {"epochs": "2"}),
    ("regression/drawn", {"epochs": "20", "min_change": "0.001"}),
    ("painting/siren", {"epochs": "2", "side": "16"}),
    ("painting/homework", {"epochs": "2", "side": "16", "schedule": "wsd"}),
    ("painting/homework", {"epochs": "1", "side": "16", "role": "position"}),
    ("painting/wide-against-deep", {"epochs": "1", "side": "16", "schedule": "cosine", "palette": "own-4"}),
)
CLOSE = {"landscape": 1e-5, "regression": 0.05, "painting": 0.05}


def compared(scene: str, knobs: dict[str, str], seed: int, folder: Path) -> tuple[float, float, float, float]:
    """The cost of the run, that of its script, and the seconds that each took."""
    code = folder / "alone.py"  # code.py would stand before the standard library's
    began = time.perf_counter()
    moved = [word for name, value in knobs.items() for word in ("--set", f"{name}={value}")]
    command = [sys.executable, "main.py", "run", scene, *moved, "--seed", str(seed), "--json", "--code", str(code)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    middle = time.perf_counter()
    alone = subprocess.run([sys.executable, str(code)], cwd=folder, capture_output=True, text=True)
    if alone.returncode:
        raise RuntimeError(alone.stderr[-2000:])
    end = time.perf_counter()
    word, cost = alone.stdout.splitlines()[-1].split()
    assert word == "cost"
    return json.loads(run.stdout.splitlines()[-1])["cost"], float(cost), middle - began, end - middle


def main() -> int:
    wanted = sys.argv[2:]
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name, knobs in (*((name, {}) for name in scenes()), *BRANCHES):
            if wanted and name not in wanted:
                continue
            spec = scenes()[name].with_knobs(knobs)
            own = spec.settings.seed
            seeds = [own] if spec.experiment == "landscape" else range(own, own + SEEDS)
            found = [compared(name, knobs, seed, Path(folder)) for seed in seeds]
            costs, alone, seconds, its = (statistics.median(column) for column in zip(*found, strict=True))
            off = abs(alone - costs) / max(abs(costs), 1e-12)
            is_close = off <= CLOSE[spec.experiment] or abs(alone - costs) < 1e-9
            failed += [] if is_close else [name]
            words = "" if is_close else "  NOT CLOSE"
            title = f"{name} *" if knobs else name
            print(
                f"{title:32} {costs:<12.6g} {alone:<12.6g} {off:8.1e}  {seconds:5.1f} s  {its:5.1f} s{words}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
