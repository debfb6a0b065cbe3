"""The command line: its names, its JSON, its one-line refusals, and files that are whole or not there."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import main
from app.files.outputs import OutputError, write_whole
from engine.experiments import EXPERIMENTS
from engine.knobs import knobs_of
from engine.scenes import scenes

ROOT = Path(__file__).resolve().parents[3]
KEYS = {
    "scene", "experiment", "seed", "settings", "steps", "epochs", "parameters", "cost", "first_cost", "best_cost",
    "cost_history", "metrics", "state", "message", "seconds", "compile_seconds", "steps_per_second",
}  # fmt: skip


def strict_json(text: str):
    """What JSON itself allows: no NaN, no Infinity."""

    def refuse(constant: str):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def exit_code(*arguments: str) -> int:
    """The code with which the program would end."""
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "culprit", "right"),
        [
            (["run", "landscape/nowhere"], "landscape/nowhere", "landscape/one-parameter"),
            (["open", "landscape/nowhere"], "landscape/nowhere", "landscape/one-parameter"),
            (["run", "missing.toml"], "missing.toml", "is not there"),
            (["run", "regression/line", "--set", "rate=1"], "'rate'", "learning_rate"),
            (["run", "regression/line", "--set", "learning_rate=5000"], "5000", "between 1e-12 and 1000"),
            (["run", "regression/line", "--set", "learning_rate=nan"], "learning_rate", "between 1e-12 and 1000"),
            (["run", "regression/line", "--set", "learning_rate"], "'learning_rate'", "KNOB=VALUE"),
            (["run", "regression/line", "--set", "optimizer=newton"], "newton", "adam"),
            (["run", "regression/line", "--seed", "x"], "seed", "0 to 2147483647"),
            (["run", "regression/line", "--seed", "-1"], "seed", "between 0 and"),
            (["run", "landscape/one-parameter", "--set", "start=5"], "start", "-1 to 1"),
            (["run", "regression/line", "--steps", "0"], "'0'", "whole number of 1 or more"),
            (["run", "regression/line", "--epochs", "many"], "'many'", "whole number of 1 or more"),
            (["run", "regression/line", "--seconds", "nan"], "'nan'", "above 0"),
            (["run", "regression/line", "--steps", "1", "--epochs", "1"], "--epochs", "--steps"),
            (["run", "regression/line", "--csv", "no/such/folder/x.csv"], "no/such/folder/x.csv", "no folder"),
            (["run", "regression/line", "--png", "no/such/folder/x.png"], "no/such/folder/x.png", "no folder"),
            (["run", "regression/line", "--csv", "."], ".", "give a file's name"),
            (["run"], "SCENE_OR_FILE", "--help"),
            (["knobs", "cooking"], "cooking", "painting"),
            (["dance"], "dance", "scenes"),
            (["scenes", "--yaml"], "--yaml", "--help"),
        ],
    )
    def test_a_mistake_is_one_line_that_names_it_and_what_would_be_right(
        self, arguments, culprit, right, capsys, tmp_path, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        assert exit_code(*arguments) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        assert printed.err.endswith("\n")
        assert culprit in printed.err
        assert right in printed.err
        assert list(tmp_path.iterdir()) == []

    def test_a_wrong_scene_file_is_named(self, capsys, tmp_path):
        file = tmp_path / "mine.toml"
        file.write_text('experiment = "regression"\n[settings]\nlearning_rate = "fast"\n', encoding="utf-8")
        assert exit_code("run", str(file)) == 2
        printed = capsys.readouterr().err
        assert printed.count("\n") == 1
        assert str(file) in printed
        assert "learning_rate must be a number" in printed

    @pytest.mark.skipif(os.name == "nt" or getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write anywhere")
    def test_a_folder_without_permission_is_named(self, capsys, tmp_path):
        tmp_path.chmod(0o500)
        assert exit_code("run", "regression/line", "--csv", str(tmp_path / "x.csv")) == 2
        assert "no permission" in capsys.readouterr().err

    def test_files_of_a_folder_that_are_no_pictures_are_named_beside_the_result(self, capsys, tmp_path):
        for name in ("a.png", "b.png"):
            Image.new("RGB", (16, 16), "red").save(tmp_path / name)
        (tmp_path / "c.png").write_text("no picture")
        small = [word for knob in ("side=16", "depth=1", "width=4") for word in ("--set", knob)]
        assert exit_code("run", "painting/many", "--set", f"folder={tmp_path}", *small, "--steps", "1", "--json") == 0
        printed = capsys.readouterr()
        assert strict_json(printed.out)["steps"] == 1
        assert printed.err == "fallline: 1 file is no picture that can be painted: c.png.\n"


class TestListings:
    def test_every_scene_is_listed_with_its_experiment_and_one_line(self, capsys):
        assert main(["scenes"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[0] for line in lines] == list(scenes())
        for line, spec in zip(lines, scenes().values(), strict=True):
            assert line.split()[1] == spec.experiment
            assert line.endswith(spec.about)

    def test_scenes_as_json_have_name_experiment_and_about(self, capsys):
        assert main(["scenes", "--json"]) == 0
        listed = strict_json(capsys.readouterr().out)
        assert [scene["name"] for scene in listed] == list(scenes())
        assert all(set(scene) == {"name", "experiment", "about"} for scene in listed)

    @pytest.mark.parametrize("experiment", EXPERIMENTS)
    def test_every_knob_is_listed_with_all_that_a_person_needs_to_set_it(self, experiment, capsys):
        names = [knob.name for knob in knobs_of(EXPERIMENTS[experiment].settings)]
        assert main(["knobs", experiment, "--json"]) == 0
        listed = strict_json(capsys.readouterr().out)
        assert [knob["name"] for knob in listed] == names
        assert all({"name", "kind", "range", "default", "live", "help"} <= set(knob) for knob in listed)
        assert main(["knobs", experiment]) == 0
        text = capsys.readouterr().out
        for knob in listed:
            assert knob["name"] in text
            assert knob["help"] in text
            assert knob["range"] in text
        assert "live" in text
        assert "structural" in text


@pytest.fixture(scope="module")
def line_run(tmp_path_factory):
    """``run regression/line --json --csv``: what it printed, and the CSV's path."""
    path = tmp_path_factory.mktemp("line") / "line.csv"
    printed = io.StringIO()
    before, sys.stdout = sys.stdout, printed
    try:
        code = main(["run", "regression/line", "--epochs", "40", "--seed", "3", "--json", "--csv", str(path)])
    finally:
        sys.stdout = before
    assert code == 0
    return printed.getvalue(), path


class TestRun:
    def test_the_last_line_is_json_with_every_key(self, line_run):
        result = strict_json(line_run[0].splitlines()[-1])
        assert set(result) >= KEYS
        assert (result["scene"], result["experiment"], result["seed"]) == ("regression/line", "regression", 3)
        assert (result["steps"], result["epochs"], result["parameters"]) == (40, 40, 2)
        assert result["state"] == "finished"
        assert result["settings"]["seed"] == 3
        assert set(result["settings"]) == {knob.name for knob in knobs_of(EXPERIMENTS["regression"].settings)}

    def test_its_costs_agree_with_each_other(self, line_run):
        result = strict_json(line_run[0].splitlines()[-1])
        history = result["cost_history"]
        assert [epoch for epoch, _ in history] == list(range(1, 41))
        assert result["cost"] == history[-1][1]
        assert result["first_cost"] > history[0][1], "the first step went down"
        assert result["best_cost"] == min(cost for _, cost in history)
        assert result["metrics"]["mae"] == pytest.approx(result["cost"])

    def test_the_csv_has_a_row_a_step_with_the_same_costs(self, line_run):
        result = strict_json(line_run[0].splitlines()[-1])
        with line_run[1].open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert set(rows[0]) == {"step", "epoch", "batch_cost", "cost"}
        assert [int(row["step"]) for row in rows] == list(range(1, 41))
        assert [float(row["cost"]) for row in rows] == pytest.approx([cost for _, cost in result["cost_history"]])

    def test_nothing_but_the_csv_is_left_in_its_folder(self, line_run):
        assert list(line_run[1].parent.iterdir()) == [line_run[1]]

    def test_the_same_command_prints_the_same_costs_again(self, line_run, capsys):
        assert main(["run", "regression/line", "--epochs", "40", "--seed", "3", "--json"]) == 0
        again = strict_json(capsys.readouterr().out.splitlines()[-1])
        assert again["cost_history"] == strict_json(line_run[0].splitlines()[-1])["cost_history"]

    def test_without_json_it_says_in_words_how_it_ended(self, capsys):
        assert main(["run", "landscape/one-parameter", "--steps", "7"]) == 0
        printed = capsys.readouterr()
        assert printed.out.startswith("landscape/one-parameter: finished after 7 steps, cost ")
        assert printed.err == ""

    def test_a_landscape_has_an_entry_a_descent_and_a_column_a_descent(self, capsys, tmp_path):
        path = tmp_path / "rates.csv"
        assert main(["run", "landscape/learning-rates", "--json", "--csv", str(path)]) == 0
        result = strict_json(capsys.readouterr().out.splitlines()[-1])
        keys = {"optimizer", "learning_rate", "start", "end", "cost", "best_cost", "steps", "state", "index"}
        assert set(result) >= KEYS
        assert [set(runner) >= keys for runner in result["runners"]] == [True] * 3
        assert [runner["index"] for runner in result["runners"]][:2] == [120, 143]
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        assert header[0] == "step"
        assert len(rows) == 501
        assert all(len(row) == len(header) == 4 for row in rows)
        assert [float(value) for value in rows[-1][1:]] == pytest.approx([r["cost"] for r in result["runners"]])

    def test_the_csv_has_the_costs_of_the_points_that_are_held_back(self, capsys, tmp_path):
        path = tmp_path / "costs.csv"
        knobs = ["--set", "validation=0.2", "--set", "test=0.1", "--epochs", "3"]
        assert main(["run", "regression/tanh", *knobs, "--json", "--csv", str(path)]) == 0
        result = strict_json(capsys.readouterr().out.splitlines()[-1])
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        assert header[3:] == ["cost", "validation_cost", "test_cost"]
        metrics = result["metrics"]
        expected = [result["cost"], metrics["validation_cost"], metrics["test_cost"]]
        assert [float(value) for value in rows[-1][3:]] == pytest.approx(expected)

    def test_a_part_of_an_epoch_has_its_cost_too(self, capsys):
        arguments = ["--set", "side=16", "--set", "depth=1", "--steps", "3", "--json"]
        assert main(["run", "painting/astronaut", *arguments]) == 0
        result = strict_json(capsys.readouterr().out.splitlines()[-1])
        assert (result["steps"], result["epochs"]) == (3, 0)
        assert result["cost_history"] == [[3 / 5, result["cost"]]]
        assert set(result["metrics"]) == {"psnr_db", "ssim", "mae"}

    def test_no_point_to_train_on_is_one_sentence(self, capsys):
        assert main(["run", "regression/line", "--set", "source=drawn"]) == 2
        said = capsys.readouterr()
        assert said.err == "fallline: drawn: there is no point to train on; it takes x, y, x, y, ...\n"
        assert said.out == ""

    def test_a_run_that_diverges_says_so_in_json_without_a_nan(self, capsys, tmp_path):
        path = tmp_path / "diverged.csv"
        knobs = ["--set", "cost=squared", "--set", "learning_rate=1000"]
        assert main(["run", "regression/polynomial-4", *knobs, "--json", "--csv", str(path)]) == 0
        result = strict_json(capsys.readouterr().out.splitlines()[-1])
        assert result["state"] == "diverged"
        assert "too large" in result["message"]
        assert "nan" not in path.read_text(encoding="utf-8")

    def test_a_start_without_a_cost_is_json_without_a_nan(self, capsys):
        knobs = ("formula=ln(x)", "points=1", "start=-1")
        sets = [part for knob in knobs for part in ("--set", knob)]
        assert exit_code("run", "landscape/formula", *sets, "--json") == 0
        found = strict_json(capsys.readouterr().out.splitlines()[-1])
        assert found["cost"] is None
        assert found["runners"][0]["cost"] is None
        assert "no cost where it starts" in found["message"]

    def test_a_time_is_a_length_too(self, capsys):
        assert main(["run", "landscape/one-parameter", "--seconds", "0.05", "--json"]) == 0
        result = strict_json(capsys.readouterr().out.splitlines()[-1])
        assert result["state"] == "finished"
        assert result["steps"] > 0

    def test_a_scene_file_runs_like_a_scene(self, capsys, tmp_path):
        file = tmp_path / "mine.toml"
        file.write_text('experiment = "landscape"\n[settings]\nlandscape = "parabola"\nsteps = 4\n', encoding="utf-8")
        assert main(["run", str(file), "--json"]) == 0
        result = strict_json(capsys.readouterr().out.splitlines()[-1])
        assert (result["scene"], result["steps"]) == ("mine", 4)


class TestFiles:
    def test_a_file_is_replaced_as_a_whole(self, tmp_path):
        path = tmp_path / "x.csv"
        path.write_bytes(b"old and longer")
        write_whole(str(path), b"new")
        assert path.read_bytes() == b"new"
        assert list(tmp_path.iterdir()) == [path]

    def test_what_cannot_be_written_leaves_nothing_behind(self, tmp_path):
        folder = tmp_path / "folder"
        folder.mkdir()
        with pytest.raises(OutputError, match=r"folder can't be written: .*\."):
            write_whole(str(folder), b"content")
        assert list(tmp_path.iterdir()) == [folder]


def in_a_fresh_interpreter(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=250)


def test_listings_load_neither_qt_nor_tensorflow():
    script = """
import sys
from app.cli import main
for arguments in (["scenes"], ["knobs", "painting"], ["run", "nowhere"]):
    main(arguments)
assert not {"PyQt5", "pyqtgraph", "tensorflow", "keras"} & set(sys.modules)
"""
    run = in_a_fresh_interpreter(script)
    assert run.returncode == 0, run.stderr


def test_a_run_without_a_picture_loads_no_qt():
    script = """
import sys
from app.cli import main
assert main(["run", "landscape/parabola"]) == 0
assert "tensorflow" in sys.modules and not {"PyQt5", "pyqtgraph"} & set(sys.modules)
"""
    run = in_a_fresh_interpreter(script)
    assert run.returncode == 0, run.stderr


def test_a_reader_that_has_had_enough_is_no_error():
    script = "import sys; from app.cli import main; sys.exit(main(['knobs', 'painting']))"
    command = [sys.executable, "-c", script]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(timeout=250)


@pytest.mark.skipif(os.name == "nt", reason="needs a terminal to watch the progress bar on")
@pytest.mark.parametrize(("number", "said"), [(signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM")])
def test_a_stop_comes_after_the_step_and_still_writes_what_was_asked_for(tmp_path, number, said):
    import pty

    path = tmp_path / "stopped.csv"
    command = [sys.executable, "main.py", "run", "painting/astronaut", "--seconds", "60", "--csv", str(path), "--json"]
    terminal, far_end = pty.openpty()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=far_end)
    os.close(far_end)
    shown = b""
    while b"step " not in shown:  # the progress bar: the run is under way; fails with EIO if the program ends before
        shown += os.read(terminal, 4096)
    process.send_signal(number)
    printed, _ = process.communicate(timeout=250)
    os.close(terminal)
    assert process.returncode == 130
    result = strict_json(printed.decode().splitlines()[-1])
    assert set(result) >= KEYS
    assert result["state"] == "paused"
    assert said in result["message"]
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == result["steps"] > 0
    assert list(tmp_path.iterdir()) == [path]


def in_encoding(encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "main.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=250)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_console_that_lacks_a_sign_gets_another(encoding):
    for arguments, code in ((("knobs", "painting"), 0), (("knobs", "painting", "--json"), 0), (("check", "né−"), 2)):
        run = in_encoding(encoding, *arguments)
        assert run.returncode == code
        assert b"Traceback" not in run.stderr
        (run.stdout + run.stderr).decode(encoding)
    assert json.loads(in_encoding(encoding, "knobs", "painting", "--json").stdout)


class TestFittedLines:
    @pytest.fixture
    def cars(self, tmp_path):
        path = tmp_path / "cars.csv"
        path.write_text("rownames,speed,dist\n1,104,2\n2,104,10\n3,107,4\n4,107,22\n5,108,16\n6,109,10\n")
        return str(path)

    @pytest.mark.parametrize("standardise", ["on", "off"])
    def test_w_and_b_are_in_the_data_s_own_units(self, cars, standardise, capsys):
        knobs = ["cost=squared", f"standardise={standardise}", f"file={cars}", "min_change=0", "optimizer=adam"]
        sets = [word for knob in (*knobs, "learning_rate=0,02") for word in ("--set", knob)]
        assert main(["run", "regression/line", *sets, "--epochs", "3000", "--json"]) == 0
        result = strict_json(capsys.readouterr().out.splitlines()[-1])
        slope, offset = np.polyfit([104, 104, 107, 107, 108, 109], [2, 10, 4, 22, 16, 10], 1)
        error = slope * np.array([104, 104, 107, 107, 108, 109]) + offset - [2, 10, 4, 22, 16, 10]
        assert result["names"] == ["speed", "dist"]
        if standardise == "on":  # raw numbers so far from 0 take longer than a test has time for
            assert result["line"]["W"] == pytest.approx(slope, rel=1e-2)
            assert result["line"]["B"] == pytest.approx(offset, rel=1e-2)
            assert result["metrics"]["rmse"] == pytest.approx(np.sqrt((error**2).mean()), rel=1e-3)
        drawn = result["line"]["W"] * np.array([104, 104, 107, 107, 108, 109]) + result["line"]["B"]
        shown = np.sqrt(((drawn - [2, 10, 4, 22, 16, 10]) ** 2).mean())
        assert result["metrics"]["rmse"] == pytest.approx(shown, rel=1e-3)

    def test_columns_are_chosen_on_the_command_line(self, cars, capsys):
        arguments = ["--set", f"file={cars}", "--set", "columns=dist,speed", "--epochs", "1", "--json"]
        assert main(["run", "regression/line", *arguments]) == 0
        printed = capsys.readouterr()
        assert strict_json(printed.out.splitlines()[-1])["names"] == ["dist", "speed"]
        assert printed.err == ""

    def test_what_was_passed_over_is_said_beside_the_result(self, cars, capsys):
        assert main(["run", "regression/line", "--set", f"file={cars}", "--epochs", "1"]) == 0
        said = capsys.readouterr()
        assert said.err == "fallline: The counting column is left out: column 1 (rownames) counts the rows.\n"
        assert ", W " in said.out


def test_a_cost_that_never_was_finite_is_null_in_json(capsys):
    knobs = ["formula=log(x)+x", "start=-1", "points=1"]
    assert main(["run", "landscape/formula", *[word for knob in knobs for word in ("--set", knob)], "--json"]) == 0
    result = strict_json(capsys.readouterr().out.splitlines()[-1])
    assert result["state"] == "diverged"
    assert (result["cost"], result["first_cost"], result["best_cost"]) == (None, None, None)
    assert result["cost_history"] == [[0, None]]
    assert result["runners"][0]["cost"] is None


def test_an_animation_of_a_fit_shows_it_move_and_leaves_the_process_whole(tmp_path):
    path = tmp_path / "fit.gif"
    command = [sys.executable, "main.py", "run", "regression/deep", "--epochs", "3", "--gif", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "what Qt says of itself is for the log"
    with Image.open(path) as animation:
        assert animation.n_frames > 10
        first = np.asarray(animation.convert("RGB"))
        animation.seek(animation.n_frames - 1)
        assert (np.asarray(animation.convert("RGB")) != first).any()
