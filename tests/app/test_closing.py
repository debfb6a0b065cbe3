"""Closing the window ends the process, whatever the engine is doing at that moment."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITHIN_SECONDS = 2.0


@pytest.mark.engine
@pytest.mark.parametrize("moment", ["importing", "compiling", "training"])
def test_closing_the_window_ends_the_process_quietly_and_soon(moment, tmp_path):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.closing_driver", moment],
        cwd=ROOT,
        env=environment | {"XDG_STATE_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        process.wait(timeout=30)
        ended = time.monotonic()
        errors = process.stderr.read()
    finally:
        process.kill()
        process.communicate()
    assert line.startswith("closing "), errors
    assert ended - float(line.split()[1]) < WITHIN_SECONDS
    assert process.returncode == 0
    assert errors == ""
