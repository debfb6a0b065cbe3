"""Widgets never bring TensorFlow along."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import widgets

ROOT = Path(__file__).resolve().parents[2]


def test_importing_every_widget_leaves_tensorflow_out():
    names = [module.name for module in pkgutil.walk_packages(widgets.__path__, "widgets.")]
    assert "widgets.page.experiment_page" in names
    script = (
        "import sys, importlib\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "heavy = [name for name in ('tensorflow', 'keras', 'engine.run.runner') if name in sys.modules]\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
