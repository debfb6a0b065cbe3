"""Every shipped scene's script against the scene: the same cost? ``python -m tests.benchmarks code [SCENE ...]``.

A script runs in a process of its own, which has TensorFlow, NumPy and scikit-image. Landscapes are compared to 1e-5;
networks to 5 %, and where batches are random by the median of three seeds.
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
CLOSE = {"landscape": 1e-5, "regression": 0.05, "painting": 0.05}


def compared(scene: str, seed: int, folder: Path) -> tuple[float, float, float, float]:
    """The cost of the run, that of its script, and the seconds that each took."""
    code = folder / "alone.py"  # code.py would stand before the standard library's
    began = time.perf_counter()
    command = [sys.executable, "main.py", "run", scene, "--seed", str(seed), "--json", "--code", str(code)]
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
        for name, spec in scenes().items():
            if wanted and name not in wanted:
                continue
            own = spec.settings.seed
            seeds = [own] if spec.experiment == "landscape" else range(own, own + SEEDS)
            found = [compared(name, seed, Path(folder)) for seed in seeds]
            costs, alone, seconds, its = (statistics.median(column) for column in zip(*found, strict=True))
            off = abs(alone - costs) / max(abs(costs), 1e-12)
            is_close = off <= CLOSE[spec.experiment] or abs(alone - costs) < 1e-9
            failed += [] if is_close else [name]
            words = "" if is_close else "  NOT CLOSE"
            print(
                f"{name:32} {costs:<12.6g} {alone:<12.6g} {off:8.1e}  {seconds:5.1f} s  {its:5.1f} s{words}", flush=True
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
