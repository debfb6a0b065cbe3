"""``sweep``: a run for each combination, the same numbers in one process and in several, as a table and a picture."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.cli import main
from engine.knobs import KnobError
from engine.regression.settings import RegressionSettings
from engine.run import sweep
from engine.run.sweep import Vary, points_of, portions, vary_of
from engine.scenes import scenes

SCENE = ["regression/line", "--set", "points=40", "--set", "epochs=6"]
VARIED = ["--vary", "learning_rate=0.01:1:log:3", "--vary", "batch_size=10,40", "--seeds", "2"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("learning_rate=0.001:1:log:4", (0.001, 0.01, 0.1, 1.0)),
        ("learning_rate=0,5:1:3", (0.5, 0.75, 1.0)),
        ("batch_size=10:30:3", (10, 20, 30)),
        ("batch_size=10,100, 1000", (10, 100, 1000)),
        ("optimizer=sgd,adam", ("sgd", "adam")),
        ("shuffle=on,off", (True, False)),
        ("width=1:3:9", (1, 2, 3)),
    ],
)
def test_values_are_read_however_they_are_given(text, values):
    assert vary_of(text, RegressionSettings) == Vary(
        text.partition("=")[0], pytest.approx(values) if values[0] == 0.001 else values
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rate=1,2", "no knob 'rate'"),
        ("learning_rate", "KNOB="),
        ("learning_rate=0:1:log:3", "above 0"),
        ("learning_rate=1:2", "LOW:HIGH:COUNT"),
        ("learning_rate=1:2:1.5", "whole number"),
        ("learning_rate=1:2:lin:3", "LOW:HIGH:COUNT"),
        ("optimizer=1:2:3", "a,b,c"),
        ("learning_rate=a,b", "must be a number"),
        ("learning_rate=1:9999999:2", "1000"),
    ],
)
def test_what_cannot_be_varied_is_one_sentence(text, words):
    with pytest.raises(KnobError, match=words):
        vary_of(text, RegressionSettings)


def test_portions_hold_every_run_once_and_share_what_is_compiled():
    spec = scenes()["regression/line"]
    points = points_of(spec, [vary_of("learning_rate=0.1:1:30", RegressionSettings), Vary("batch_size", (10, 20))], 2)
    assert len(points) == 120
    found = portions(spec, points)
    assert sorted(point.number for portion in found for point in portion) == list(range(120))
    for portion in found:
        assert len(portion) <= sweep.PORTION
        assert len({dict(point.knobs)["batch_size"] for point in portion}) == 1


def test_seeds_are_named_or_counted_and_not_both(capsys):
    spec = scenes()["regression/line"]
    named = [vary_of("seed=7,3", RegressionSettings)]
    assert [dict(point.knobs)["seed"] for point in points_of(spec, named, 1)] == [7, 3]
    assert [dict(point.knobs)["seed"] for point in points_of(spec, [], 2)] == [0, 1]
    with pytest.raises(KnobError, match="given twice"):
        points_of(spec, named, 2)
    with pytest.raises(KnobError, match="seed is varied twice"):
        points_of(spec, named * 2, 1)


def test_more_runs_than_anybody_waits_for_are_refused(capsys):
    assert main(["sweep", *SCENE, "--vary", "learning_rate=0.1:1:10000", "--vary", "momentum=0:0.9:10000"]) == 2
    assert "1,000,000 runs at most" in capsys.readouterr().err


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A sweep in this process: its JSON object, and the folder with its table and picture."""
    folder = tmp_path_factory.mktemp("sweep")
    with open(folder / "out.txt", "w") as out:
        before, sys.stdout = sys.stdout, out
        try:
            code = main(
                ["sweep", *SCENE, *VARIED, "--json", "--csv", str(folder / "a.csv"), "--png", str(folder / "a.png")]
            )
        finally:
            sys.stdout = before
    assert code == 0
    return json.loads((folder / "out.txt").read_text().splitlines()[-1]), folder


@pytest.mark.engine
def test_every_run_is_that_of_the_command_run(here, capsys):
    found, _ = here
    assert len(found["runs"]) == 12
    assert found["vary"]["batch_size"] == [10, 40]
    for run in (found["runs"][0], found["runs"][-1]):
        knobs = [f"--set={name}={run[name]}" for name in ("learning_rate", "batch_size")]
        assert main(["run", *SCENE, *knobs, "--seed", str(run["seed"]), "--json"]) == 0
        alone = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (run["cost"], run["steps"], run["state"]) == (alone["cost"], alone["steps"], alone["state"])
    assert found["best"] == min(found["runs"], key=lambda run: run["cost"])


@pytest.mark.engine
def test_the_table_and_the_picture_hold_them(here):
    found, folder = here
    rows = list(csv.DictReader((folder / "a.csv").read_text().splitlines()))
    assert [float(row["cost"]) for row in rows] == [run["cost"] for run in found["runs"]]
    image = Image.open(folder / "a.png")
    assert image.size == (1280, 800)
    assert len(image.getcolors(1 << 20)) > 50


@pytest.mark.engine
def test_in_several_processes_the_numbers_are_the_same(here, tmp_path):
    """In a program of its own: its workers are processes that begin with it."""
    command = [sys.executable, "main.py", "sweep", *SCENE, *VARIED, "--json", "--workers", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == here[0]


def test_a_wrong_address_is_one_sentence(capsys):
    assert main(["sweep", *SCENE, *VARIED, "--scheduler", "tcp://127.0.0.1:9"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("fallline: No scheduler answers at tcp://127.0.0.1:9;")
    assert said.count("\n") == 1


@pytest.mark.engine
def test_ctrl_c_writes_what_there_is(tmp_path):
    table = tmp_path / "a.csv"
    command = [
        sys.executable, "main.py", "sweep", "regression/line", "--vary", "learning_rate=0.001:0.01:500",
        "--json", "--csv", str(table), "--progress",
    ]  # fmt: skip
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path.cwd())
    assert started.stderr.readline().startswith("progress")  # a first run is done
    os.kill(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=120)
    assert started.returncode == 130, err
    found = json.loads(out.splitlines()[-1])
    assert 0 < len(found["runs"]) < 500
    assert len(table.read_text().splitlines()) == len(found["runs"]) + 1


@pytest.mark.engine
def test_a_diverged_run_has_no_cost_and_is_never_the_best(tmp_path, capsys):
    asked = ["--set", "model=polynomial", "--vary", "learning_rate=0.0001,900", "--set", "batch_size=40", "--json"]
    assert main(["sweep", *SCENE, "--set", "cost=squared", *asked, "--png", str(tmp_path / "a.png")]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [run["state"] for run in found["runs"]] == ["finished", "diverged"]
    assert found["runs"][1]["cost"] is None
    assert found["best"]["learning_rate"] == 0.0001
