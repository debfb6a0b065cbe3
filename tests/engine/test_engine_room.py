"""The rooms keep apart, and the source keeps its form: what the linters and a fresh interpreter say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=250)


def loaded_after(script: str) -> set[str]:
    """The top-level packages in memory after a script, in a fresh interpreter."""
    run = python("-c", f"{script}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))")
    assert run.returncode == 0, run.stderr
    return set(run.stdout.splitlines()[-1].split())


def test_the_whole_engine_with_a_run_loads_no_qt():
    loaded = loaded_after(
        """
import importlib, pkgutil
import engine
for module in pkgutil.walk_packages(engine.__path__, "engine."):
    importlib.import_module(module.name)
from engine.run.runner import Runner
from engine.scenes import resolve
from engine.run.states import Event
for scene in ("landscape/parabola", "regression/line"):
    runner = Runner(resolve(scene).with_knobs({"seed": 1}))
    runner.handle(Event.PLAY)
    assert runner.advance(steps=3) == 3
    runner.frame()
    runner.close()
"""
    )
    assert "tensorflow" in loaded
    assert not loaded & {"PyQt5", "PyQt6", "PySide2", "PySide6", "sip", "pyqtgraph", "app", "widgets"}


def test_what_the_window_needs_of_the_engine_loads_no_tensorflow():
    loaded = loaded_after(
        """
import engine.frames, engine.knobs, engine.metrics, engine.run.states
import engine.training.run_settings
from engine.scenes import scenes
assert len(scenes()) >= 20
"""
    )
    assert "engine" in loaded
    assert not loaded & {"tensorflow", "keras", "scipy", "skimage"}


def test_even_the_runner_is_imported_without_tensorflow():
    loaded = loaded_after(
        "import engine.run.runner, engine.backend.backend\nassert not engine.backend.backend.is_loaded()"
    )
    assert not loaded & {"tensorflow", "keras"}


def test_tensorflow_starts_without_a_word_on_standard_error():
    run = python("-c", "from engine.backend import backend; backend.load(); assert backend.is_loaded()")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_imports_run_one_way():
    run = python("-c", "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))")
    assert run.returncode == 0, run.stdout + run.stderr


def test_ruff_finds_nothing():
    run = python("-m", "ruff", "check", "--no-cache", ".")
    assert run.returncode == 0, run.stdout + run.stderr


def test_ruff_would_format_nothing_differently():
    run = python("-m", "ruff", "format", "--check", "--no-cache", ".")
    assert run.returncode == 0, run.stdout + run.stderr
