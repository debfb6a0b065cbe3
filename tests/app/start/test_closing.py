"""Closing the window ends the process, whatever the engine is doing at that moment."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WITHIN_SECONDS = 2.0
ATTEMPTS = 3  # other processes make the end later, never sooner: the quickest is nearest to the program's own


@dataclass(frozen=True)
class Closed:
    """A window that was closed. ``slowed``: by how much its process was kept from running before, 1 if not at all."""

    seconds: float
    slowed: float

    @property
    def was_soon(self) -> bool:
        return self.seconds < WITHIN_SECONDS * self.slowed


def close_at(moment: str, folder: Path) -> Closed:
    """Open the window in a process of its own and close it at this moment; it has to end well, and quietly."""
    folder.mkdir()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(folder)}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.start.closing_driver", moment],
        cwd=ROOT,
        env=environment | {"XDG_DATA_HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        process.wait(timeout=120)
        ended = time.monotonic()
        errors = process.stderr.read()
    finally:
        process.kill()
        process.communicate()
    assert line.startswith("closing "), errors
    assert process.returncode == 0
    assert errors == ""
    closing, computed = map(float, line.split()[1:])
    return Closed(ended - closing, max(1.0, (closing - began) / computed))


@pytest.mark.engine
@pytest.mark.parametrize("moment", ["importing", "compiling", "training"])
def test_closing_the_window_ends_the_process_quietly_and_soon(moment, tmp_path):
    tried = []
    while not any(closed.was_soon for closed in tried):
        assert len(tried) < ATTEMPTS, tried
        # Each in a folder of its own: what the one before has kept would be brought back, and not go on by itself.
        tried.append(close_at(moment, tmp_path / str(len(tried))))
