"""check: what a file, a folder or a formula is taken for, in words and as JSON."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.cli import main

ROOT = Path(__file__).resolve().parents[3]


def checked(capsys, *arguments: str) -> dict:
    assert main(["check", *arguments, "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return json.loads(printed.out)


@pytest.fixture
def cars(tmp_path):
    path = tmp_path / "cars.csv"
    path.write_text("rownames,speed,dist\n1,4,2\n2,4,NA\n3,7,4\n")
    return str(path)


def test_a_table_says_its_points_its_ends_its_names_and_what_was_done_to_it(cars, capsys):
    assert checked(capsys, cars) == {
        "kind": "table",
        "points": 2,
        "first": [4.0, 2.0],
        "last": [7.0, 4.0],
        "names": ["speed", "dist"],
        "columns": ["rownames", "speed", "dist"],
        "remarks": [
            "The counting column is left out: column 1 (rownames) counts the rows.",
            "1 of 3 rows has no two numbers and was passed over; 2 were read.",
        ],
    }


def test_in_words_it_says_the_same(cars, capsys):
    assert main(["check", cars]) == 0
    said = capsys.readouterr().out
    assert said.startswith("This is a table of 2 points, dist over speed, from (4, 2) to (7, 4)")
    assert "The counting column is left out" in said


@pytest.mark.parametrize(
    ("formula", "at", "value", "gradient"),
    [("x**2 + 3*y", "x=1,y=2", 7, [2, 3]), ("x**2", "x=0,5", 0.25, [1]), ("x**2", "3", 9, [6]),
     ("x*y", "x=0,5;y=2", 1, [2, 0.5]), ("x*y", "x=0,5,y=2", 1, [2, 0.5]), ("-x**2", "x=2", -4, [-4])],
)  # fmt: skip
def test_a_formula_says_its_value_and_its_gradient_there(formula, at, value, gradient, capsys):
    found = checked(capsys, formula, "--at", at)
    assert found["kind"] == "formula"
    assert found["value"] == pytest.approx(value)
    assert found["gradient"] == pytest.approx(gradient)


def test_a_value_that_is_no_finite_number_is_null(capsys):
    for formula in ("log(x)", "x/0"):
        found = checked(capsys, formula, "--at", "x=-1")
        assert (found["value"], found["gradient"]) == (None, [None])
        assert found["remarks"]


def test_a_picture_says_its_size_and_its_mean_colour(tmp_path, capsys):
    Image.new("RGB", (40, 30), (200, 100, 50)).save(tmp_path / "a.png")
    found = checked(capsys, str(tmp_path / "a.png"))
    assert (found["kind"], found["width"], found["height"], found["mode"]) == ("picture", 40, 30, "RGB")
    assert found["mean_rgb"] == [200, 100, 50]


def test_a_folder_says_its_pictures_in_their_order(tmp_path, capsys):
    for name in ("10.png", "9.png"):
        Image.new("RGB", (20, 20)).save(tmp_path / name)
    found = checked(capsys, str(tmp_path))
    assert (found["kind"], found["count"], found["names"]) == ("pictures", 2, ["9.png", "10.png"])


def test_a_scene_is_known_by_name(capsys):
    found = checked(capsys, "landscape/beale")
    assert (found["kind"], found["experiment"]) == ("scene", "landscape")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["gone.csv"], "gone.csv is not there"), (["sin(x"], "bracket"), (["nowhere"], "no file, folder or scene"),
     (["x*y", "--at", "x=1"], "--at needs y"), (["x", "--at", "1,000"], "two ways"), (["x", "--at", "x=a"], "number")],
)  # fmt: skip
def test_what_is_refused_is_one_sentence(arguments, said, capsys):
    assert main(["check", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert printed.err.count("\n") == 1


def test_standard_input_is_taken_for_what_it_holds():
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    for content, kind in ((b"1,2\n2,3\n", "table"), (picture.getvalue(), "picture")):
        command = [sys.executable, "main.py", "check", "-", "--json"]
        run = subprocess.run(command, cwd=ROOT, input=content, capture_output=True, check=True, timeout=250)
        assert json.loads(run.stdout)["kind"] == kind


@pytest.mark.parametrize(
    ("content", "said"),
    [("a = " + "1" * 5000, "thousands of digits"), ("a = " + "[" * 500 + "]" * 500, "nested too deep")],
)
def test_a_scene_file_beyond_what_can_be_read_is_one_sentence(content, said, tmp_path, capsys):
    (tmp_path / "a.toml").write_text(content)
    assert main(["check", str(tmp_path / "a.toml")]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("flag", ["--png", "--csv", "--record"])
def test_a_file_without_a_name_is_refused_before_the_run(flag, capsys):
    with pytest.raises(SystemExit) as left:
        main(["run", "regression/line", flag, ""])
    assert left.value.code == 2
    assert "give the name of a file" in capsys.readouterr().err
