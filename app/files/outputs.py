"""What a run leaves behind: the JSON object and the table of costs; and files that are whole or not there at all."""

from __future__ import annotations

import csv
import io
import math
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine.frames import Role
from engine.history.packing import PackingError, state_sha256
from engine.history.recording_file import Recording, encoded
from engine.run.ending import last_and_lowest
from engine.run.runner import Runner
from engine.run.states import State


class OutputError(ValueError):
    """A file that can't be written; the message names it and says why."""


def check_writable(path: str) -> None:
    """Say before the run, not after it, that a file can't be written.

    Raises:
        OutputError: its folder is not there or can't be written to, or the name is a folder's.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"{path} is a folder; give a file's name.")
    folder = target.resolve().parent
    if not folder.is_dir():
        raise OutputError(f"{path} can't be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK) or (target.exists() and not os.access(target, os.W_OK)):
        raise OutputError(f"{path} can't be written: no permission.")


def write_whole(path: str, content: bytes) -> None:
    """Write to a temporary name beside the file and rename it, so that nobody ever sees half a file.

    Raises:
        OutputError: the disk or the folder refuses.
    """
    target = Path(path).resolve()
    temporary = None
    if target.exists() and not target.is_file():
        raise OutputError(f"{path} can't be written: it is there, and no file.")
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o666 & ~_umask())  # mkstemp makes private files; this one is like any other
        os.replace(temporary, target)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise OutputError(f"{path} can't be written: {error.strerror}.") from None


def write_recording(path: str, recording: Recording) -> None:
    """Write runs as a .fallline file.

    Raises:
        OutputError: the disk or the folder refuses, or something in the runs can't be kept.
    """
    try:
        write_whole(path, encoded(recording))
    except PackingError as error:
        raise OutputError(f"{path} can't be written: {error}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def result(runner: Runner, first_cost: float) -> dict[str, Any]:
    """The JSON object of a run; ``first_cost`` is the cost before its first step. What is no finite number is None."""
    frame = runner.frame()
    history = runner.cost_history()
    cost, best = last_and_lowest(runner)
    spec, diverged = runner.spec, runner.state is State.DIVERGED
    settings = msgspec.to_builtins(spec.settings)
    outcome = {
        "scene": spec.scene,
        "experiment": spec.experiment,
        "seed": spec.settings.seed,
        "settings": settings,
        "steps": runner.step,
        "epochs": runner.epoch,
        "parameters": runner.experiment.parameters,
        "cost": cost,
        "first_cost": first_cost,
        "best_cost": best,
        "cost_history": history,
        "metrics": dict(frame.metrics),
        "state": str(runner.state),
        "message": runner.message or ("The run diverged." if diverged else ""),
        "seconds": round(runner.seconds, 4),
        "compile_seconds": round(runner.compile_seconds, 3),
        "steps_per_second": round(runner.step / runner.seconds, 1) if runner.seconds else 0.0,
        "state_sha256": state_sha256(runner.snapshot()),
    }
    return finite(outcome | dict(runner.outcome()))


def finite(value: Any) -> Any:
    """The same with None in the place of every number that JSON has no word for, however deep inside."""
    if isinstance(value, dict):
        return {name: finite(inside) for name, inside in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inside) for inside in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value


def arrays(runner: Runner) -> bytes:
    """What was learnt, and every recorded cost, as NumPy's NPZ.

    A network's tensors by their names (``layer_1/W`` (fan-in, fan-out), ...), a landscape's ``positions`` (descents,
    dimensions), a line's ``line/W`` and ``line/B`` in the data's own units as ``W`` and ``B``; ``step``; ``x`` (n,) and
    ``costs`` (n, columns) of the steps, ``epochs`` (e,) and ``epoch_costs`` (e, columns) over all data where there are
    any.
    """
    steps, epochs = runner.recorded()
    held = {name: np.asarray(array) for name, array in runner.experiment.learnt().items()}
    held |= {name: np.float64(value) for name, value in runner.outcome().get("line", {}).items() if value is not None}
    held |= {"step": np.int64(runner.step), "x": steps[0], "costs": steps[1]}
    if runner.experiment.counts_epochs:
        held |= {"epochs": epochs[0], "epoch_costs": epochs[1]}
    content = io.BytesIO()
    np.savez_compressed(content, **held)
    return content.getvalue()


def table(runner: Runner) -> bytes:
    """Every recorded cost as CSV: a row a step, the cost over all data where an epoch ended."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    frame = runner.frame()
    if not runner.experiment.counts_epochs:
        writer.writerow(["step", *(f"cost {curve.label}" for curve in frame.curves)])
        for row in zip(frame.curves[0].x, *(curve.y for curve in frame.curves), strict=True):
            writer.writerow([int(row[0]), *(f"{value:.9g}" for value in row[1:])])
        return text.getvalue().encode()
    per_epoch = runner.experiment.steps_per_epoch
    steps, epochs = runner.recorded()
    exact = dict(zip(np.rint(epochs[0] * per_epoch).astype(int), epochs[1][:, 0], strict=True))
    held_back = [curve for curve in frame.curves if curve.role in (Role.VALIDATION, Role.TEST)]
    columns = [exact] + [
        dict(zip(np.rint(curve.x * per_epoch).astype(int), curve.y, strict=True)) for curve in held_back
    ]
    writer.writerow(["step", "epoch", "batch_cost", "cost", *(f"{curve.label}_cost" for curve in held_back)])
    for x, (batch,) in zip(*steps, strict=True):
        step = round(x * per_epoch)
        ends = [f"{column[step]:.9g}" if step in column else "" for column in columns]
        writer.writerow([step, f"{x:.9g}", f"{batch:.9g}", *ends])
    return text.getvalue().encode()
