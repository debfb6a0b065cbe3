"""A run's curves as a TensorBoard log. Serves the exports."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from app.files.outputs import OutputError
from engine.backend import backend
from engine.run.runner import Runner

MOST_POINTS = 10_000  # of a curve; TensorBoard itself shows a thousand


def write_log(runner: Runner, path: str) -> None:
    """Write every curve by its step into a new folder, which is there whole or not at all.

    Raises:
        OutputError: the folder is there already, or can't be written.
    """
    target = Path(path).resolve()
    if target.exists():
        raise OutputError(f"{path} is there already; give a new folder's name for the TensorBoard log.")
    tf, frame = backend.tensorflow(), runner.frame()
    per_epoch = runner.experiment.steps_per_epoch if frame.axis == "epoch" else 1
    kind = tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": "scalars"})  # without TensorBoard's own package
    half = ""
    try:
        half = tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.")
        writer = tf.summary.create_file_writer(half)
        with writer.as_default():
            for curve in frame.curves:
                kept = np.unique(np.linspace(0, max(0, len(curve.x) - 1), min(len(curve.x), MOST_POINTS)).astype(int))
                for x, y in zip(curve.x[kept], curve.y[kept], strict=True):
                    value = tf.constant(float(y), tf.float32)
                    tf.summary.write(f"{curve.role}/{curve.label}", value, round(float(x) * per_epoch), kind)
        writer.close()
        os.chmod(half, 0o777 & ~_umask())
        os.replace(half, target)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        raise OutputError(f"{path} can't be written: {error.strerror}.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
