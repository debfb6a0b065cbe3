"""A script of a run stands alone, and comes to the run's cost: one scene of each kind; all are in the benchmark."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest

from app.cli import main
from app.sharing.code.script import notebook, script
from app.sharing.code.tracing import NumPyNames, TensorFlowNames, Traced
from engine.backend import backend
from engine.expressions import parse
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.scenes import scenes

pytestmark = pytest.mark.engine
# one of each kind, on little data; every shipped scene, and the branches that none of these takes, are in the benchmark
KINDS = {
    "landscape/first-descent": {},
    "landscape/optimizer-race": {"steps": 8},
    "landscape/formula": {"formula": "max(x, y)^2 + |x - y| + cbrt(x)^2 + log10(x^2 + 2)", "steps": 5},
    "regression/line": {"epochs": 30, "l1": 0.01, "l2": 0.02},
    "regression/polynomial-4-scaled": {"epochs": 4},
    "regression/overfitting": {"epochs": 8, "patience": 3, "validation": 0.3},
    "regression/deep": {"epochs": 20, "optimizer": "schedule_free"},
    "regression/tanh": {"epochs": 20, "optimizer": "muon"},
    "regression/two-solutions": {"epochs": 20, "optimizer": "adafactor"},
    "painting/fourier": {"epochs": 2, "side": 16, "extra_inputs": ["noise", "waves", "polar"], "schedule": "wsd"},
    "painting/many": {"epochs": 1, "side": 16, "pictures": 3},
}


def run_alone(code: str, folder) -> str:
    """What a script prints in a process that knows nothing of this program."""
    path = folder / "alone.py"
    path.write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_script_prints_its_progress_and_comes_to_the_runs_cost_by_itself(tmp_path, capsys):
    code = tmp_path / "script.py"
    assert main(["run", "regression/tanh", "--set", "epochs=6", "--json", "--code", str(code)]) == 0
    cost = json.loads(capsys.readouterr().out.splitlines()[-1])["cost"]
    printed = run_alone(code.read_text(encoding="utf-8"), tmp_path).splitlines()
    assert len(printed) >= 2
    word, found = printed[-1].split()
    assert word == "cost"
    assert float(found) == pytest.approx(cost, rel=1e-3)


def test_a_script_of_every_kind_comes_to_the_runs_cost(tmp_path, capsys):
    """All in one process, which imports TensorFlow once, each with names of its own."""
    for scene, knobs in KINDS.items():
        given = [f"{name}={','.join(value) if isinstance(value, list) else value}" for name, value in knobs.items()]
        path = tmp_path / "script.py"
        asked = [word for one in given for word in ("--set", one)]
        assert main(["run", scene, *asked, "--json", "--code", str(path)]) == 0
        run = json.loads(capsys.readouterr().out.splitlines()[-1])
        source = path.read_text(encoding="utf-8")
        exec(compile(source, str(path), "exec"), {"__name__": "__main__"})
        cost = float(capsys.readouterr().out.splitlines()[-1].split()[1])
        assert cost == pytest.approx(run["cost"], rel=1e-5 if scene.startswith("landscape") else 0.02), scene


def test_a_formula_is_printed_as_it_is_computed():
    tf, places = backend.tensorflow(), np.array([0.3, -0.7, 1.9])
    for name, landscape in LANDSCAPES.items():
        given = [Traced("x"), Traced("y")][: landscape.dimensions]
        text = landscape.formula(TensorFlowNames(), *given).text
        x, y = tf.constant(places), tf.constant(places[::-1].copy())
        found = eval(text, {"tf": tf, "np": np, "x": x, "y": y})
        wanted = landscape.values(*[places, places[::-1]][: landscape.dimensions])
        assert found.numpy() == pytest.approx(wanted, rel=1e-12), name


@pytest.mark.parametrize(
    "text", ["heaviside(x)", "hypot(x, 2)", "x^(1/3)", "x^-2", "mod(x, 2)", "log2(x^2)", "arctan2(x, 3)", "sec(x)",
             "softplus(x) - sigmoid(x)", "2^x", "-(x - 1)^2 / 3", "x ln(x^2)", "relu(x - 1)", "1 - (2 - x)", "x^20"],
)  # fmt: skip
def test_a_typed_formula_is_printed_as_it_is_computed_in_both(text):
    parsed, places = parse(text), np.array([0.3, -0.7, 1.9])
    x = backend.tensorflow().constant(places)
    names = {"tf": backend.tensorflow(), "np": np}
    in_tensorflow = eval(parsed.program.value(TensorFlowNames(), {"x": Traced("x")}).text, {**names, "x": x})
    in_numpy = eval(parsed.program.value(NumPyNames(), {"x": Traced("x")}).text, {**names, "x": places})
    wanted = [parsed.at(x=place).value for place in places]
    assert np.array(in_tensorflow) == pytest.approx(wanted, rel=1e-12, nan_ok=True)
    assert np.array(in_numpy) == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def test_a_notebook_has_a_cell_for_each_part_and_the_same_code():
    spec = scenes()["regression/tanh"]
    whole = json.loads(notebook(spec))
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    cells = whole["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert "".join(cells[0]["source"]).startswith("# Ten tanh neurons")
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    for line in script(spec).split('"""', 2)[2].splitlines():
        if line and not line.startswith("# %%"):
            assert line in code
    compile(code, "notebook", "exec")


def test_a_pictures_file_is_in_the_script(tmp_path):
    from PIL import Image

    Image.new("RGB", (40, 20), (200, 30, 60)).save(tmp_path / "red.png")
    spec = scenes()["painting/astronaut"].with_knobs(
        {"image_file": str(tmp_path / "red.png"), "side": 16, "epochs": 1, "target_range": "1"}
    )
    code = script(spec)
    assert str(tmp_path) not in code
    assert math.isfinite(float(run_alone(code, tmp_path).splitlines()[-1].split()[1]))


@pytest.mark.parametrize(
    ("scene", "knobs"),
    [
        ("regression/hundred-neurons", {}), ("regression/polynomial-4-scaled", {}),
        ("regression/deep", {"activation": "silu", "summed": True}), ("painting/siren", {}),
        ("painting/fourier", {"extra_inputs": "noise,waves,polar"}), ("painting/many", {"encoding": "positional"}),
        ("painting/astronaut", {"palette": "own-4", "target_range": "1"}), ("painting/wide-against-deep", {}),
        ("painting/homework", {"output": "sigmoid"}),
    ],
)  # fmt: skip
def test_a_keras_file_answers_as_the_run_does(scene, knobs, tmp_path):
    from app.sharing.keras_file import keras_file
    from engine.painting.canvas import canvas_of
    from engine.run.runner import Runner

    spec = scenes()[scene].with_knobs(knobs)
    if scene.startswith("painting"):
        spec = spec.with_knobs({"side": 16, "pictures": 3, "depth": 2, "width": 16})
    runner = Runner(spec)
    try:
        runner.advance(steps=5)
        (tmp_path / "model.keras").write_bytes(keras_file(runner))
        model = backend.keras().saving.load_model(tmp_path / "model.keras")
        trained = runner.experiment.training.model
        if scene.startswith("regression"):
            raw = features = np.linspace(-2, 2, 7, dtype=np.float32)[:, None]
        else:
            raw = canvas_of(spec.settings).raw[:7]
            network = runner.experiment._network
            trained = network.trained
            features = network.encode(raw) if network.keeps_features else raw
        parts = trained.parts(runner.experiment.training.parameters[: trained.parameters])
        wanted = trained.predict(parts, features).numpy()
        assert model(raw).numpy() == pytest.approx(wanted, abs=2e-3 * (1 + float(abs(wanted).max())))
    finally:
        runner.close()


def test_a_landscape_has_no_keras_file(tmp_path, capsys):
    assert main(["run", "landscape/saddle", "--keras", str(tmp_path / "a.keras")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
