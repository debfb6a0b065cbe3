"""What another project has set for TensorFlow and Keras changes nothing here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from engine.backend.environment import set_aside

ROOT = Path(__file__).resolve().parents[3]
RUN = """
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import resolve
runner = Runner(resolve("regression/tanh"))
runner.handle(Event.PLAY)
runner.advance(steps=5)
print(repr(runner.frame().cost), runner.experiment.training.parameters.dtype)
runner.close()
"""


def test_others_settings_are_put_aside_and_named():
    environment = {"KERAS_BACKEND": "jax", "XLA_FLAGS": "--nonsense", "TF_XLA_FLAGS": "--more", "PATH": "/bin"}
    assert set_aside(environment) == ("KERAS_BACKEND", "TF_XLA_FLAGS", "XLA_FLAGS")
    assert environment["KERAS_BACKEND"] == "tensorflow"
    assert "TF_XLA_FLAGS" not in environment
    assert environment["PATH"] == "/bin"
    assert set_aside(environment) == ()


def test_a_run_is_the_same_whatever_another_project_has_set(tmp_path):
    (tmp_path / ".keras").mkdir()
    theirs = {"floatx": "float64", "epsilon": 1e-3, "backend": "jax", "image_data_format": "channels_first"}
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(theirs))
    others = {
        "HOME": str(tmp_path),
        "KERAS_HOME": str(tmp_path / ".keras"),
        "KERAS_BACKEND": "jax",
        "XLA_FLAGS": "--xla_nonsense=1",
        "TF_XLA_FLAGS": "--tf_xla_auto_jit=2",
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "0",
    }
    plain = {name: value for name, value in os.environ.items() if name not in others or name == "HOME"}
    outputs = []
    for environment in (plain, plain | others):
        run = subprocess.run(
            [sys.executable, "-c", RUN], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=250
        )
        assert (run.returncode, run.stderr) == (0, "")
        outputs.append(run.stdout)
    assert outputs[0] == outputs[1]
    assert "float32" in outputs[0]
