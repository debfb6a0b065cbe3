"""Two thousand damaged inputs of each kind, read as the program reads them: faults, the slowest, the memory."""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

from tests import strangers

COUNT = 2000


def main() -> int:
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind in strangers.kinds():
            found = list(strangers.tried(kind, COUNT, seed, Path(folder)))
            wrong = [(content, fault) for content, fault, _ in found if fault]
            slowest = max(seconds for *_, seconds in found)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{kind.name:10} {len(wrong):4} faults, slowest {slowest:.2f} s, peak {peak:.0f} MB", flush=True)
            for content, fault in wrong[:5]:
                print(f"    {fault[:160]}    {content[:120]!r}")
            faults += len(wrong)
    return 1 if faults else 0
