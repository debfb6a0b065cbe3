"""``run --record``, ``replay`` and ``runs``: any moment from the command line, and what comes of it."""

import json
import subprocess
import sys

import pytest

from app.cli import main
from app.files.outputs import write_recording
from engine.history.packing import state_sha256
from engine.history.recording_file import Recording, load
from engine.run.runner import Runner
from engine.run.states import Event

pytestmark = pytest.mark.engine
RUN = ["run", "regression/line", "--set", "points=60", "--set", "batch_size=20"]


def said(capsys) -> dict:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> str:
    file = str(tmp_path_factory.mktemp("recordings") / "a.fallline")
    assert main([*RUN, "--steps", "60", "--record", file]) == 0
    return file


def test_a_moment_is_that_of_a_fresh_run(recording, capsys):
    assert main(["replay", recording, "--at", "37", "--json"]) == 0
    moment = said(capsys)
    assert main([*RUN, "--steps", "37", "--json"]) == 0
    fresh = said(capsys)
    assert moment["state_sha256"] == fresh["state_sha256"]
    assert moment["step"] == fresh["steps"] == 37
    assert moment["cost"] == pytest.approx(fresh["cost"])
    assert moment["first_cost"] == fresh["first_cost"]


def test_a_branch_with_nothing_changed_is_the_original_and_another_rate_is_another_run(recording, capsys, tmp_path):
    assert main(["replay", recording, "--at", "20", "--steps", "40", "--json"]) == 0
    branch = said(capsys)
    assert main(["replay", recording, "--json"]) == 0
    assert branch["state_sha256"] == said(capsys)["state_sha256"]
    other = str(tmp_path / "b.fallline")
    arguments = ["--at", "20", "--set", "learning_rate=0.002", "--steps", "40", "--record", other, "--json"]
    assert main(["replay", recording, *arguments]) == 0
    assert said(capsys)["state_sha256"] != branch["state_sha256"]
    assert main(["runs", other, "--json"]) == 0
    old, new = said(capsys)
    assert (new["from"], new["at"], new["steps"]) == (old["name"], 20, 60)
    assert new["name"].startswith("learning rate")
    assert main(["replay", other, "--lane", new["name"], "--at", "45"]) == 0


def test_files_of_a_moment(recording, tmp_path):
    png, gif, csv = (tmp_path / name for name in ("a.png", "a.gif", "a.csv"))
    command = [sys.executable, "main.py", "replay", recording, "--at", "30", "--csv", str(csv)]
    subprocess.run([*command, "--png", str(png), "--gif", str(gif)], check=True, capture_output=True, timeout=250)
    assert png.read_bytes().startswith(b"\x89PNG")
    assert gif.read_bytes().startswith(b"GIF8")
    assert len(csv.read_text().splitlines()) == 31


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["replay", "{file}", "--at", "61"], "--at takes a step from 0 to 60"),
        (["replay", "{file}", "--lane", "nobody"], "There is no run 'nobody'"),
        (["replay", "nowhere.fallline"], "is not there"),
        (["runs", "README.md"], "it is damaged, or no recording"),
        (["replay", "{file}", "--set", "colour=red"], "colour"),
    ],
)
def test_what_is_wrong_is_one_sentence(recording, arguments, sentence, capsys):
    assert main([argument.format(file=recording) for argument in arguments]) == 2
    out = capsys.readouterr()
    assert sentence in out.err
    assert len(out.err.splitlines()) == 1
    assert "Traceback" not in out.err


def test_a_branch_has_its_cost_in_the_list(recording, capsys, tmp_path):
    other = str(tmp_path / "b.fallline")
    arguments = ["--at", "20", "--set", "learning_rate=0.002", "--steps", "40", "--record", other, "--json"]
    assert main(["replay", recording, *arguments]) == 0
    cost = said(capsys)["cost"]
    assert main(["runs", other, "--json"]) == 0
    assert said(capsys)[1]["cost"] == pytest.approx(cost)


@pytest.mark.parametrize("knob", ["seed=3", "validation=0.2", "test=0.2"])
def test_what_begins_another_run_is_no_branch(recording, capsys, knob):
    assert main(["replay", recording, "--at", "20", "--set", knob]) == 2
    assert f"{knob.partition('=')[0]} begins another run" in capsys.readouterr().err


def test_recording_a_branch_keeps_the_other_pages_runs(recording, capsys, tmp_path):
    other, both, third = (str(tmp_path / name) for name in ("o.fallline", "both.fallline", "third.fallline"))
    assert main(["run", "landscape/parabola", "--steps", "9", "--record", other]) == 0
    books = {**load(recording).books, **load(other).books}
    write_recording(both, Recording(books, {"page": "regression"}))
    name = books["regression"].lanes[0][0].name
    assert main(["replay", both, "--lane", name, "--at", "20", "--steps", "5", "--record", third]) == 0
    capsys.readouterr()
    assert main(["runs", third, "--json"]) == 0
    rows = said(capsys)
    assert [row["experiment"] for row in rows] == ["regression", "regression", "landscape"]
    assert [row["from"] for row in rows] == [None, name, None]


def test_a_rate_changed_on_the_way_is_the_run_that_had_it_from_there(recording, capsys, tmp_path):
    """A branch's parameters are those of the run that was recorded with the change in it, bit for bit."""
    once, twice = str(tmp_path / "once.fallline"), str(tmp_path / "twice.fallline")
    change = ["--at", "20", "--set", "learning_rate=0.002", "--steps", "40", "--json"]
    assert main(["replay", recording, *change, "--record", once]) == 0
    direct = said(capsys)["state_sha256"]
    branch = load(once).books["regression"].lanes[1][0].name
    assert main(["replay", once, "--lane", branch, "--at", "35", "--steps", "25", "--record", twice, "--json"]) == 0
    assert said(capsys)["state_sha256"] == direct
    runner = Runner(load(recording).books["regression"].lanes[0][0].spec)
    try:
        runner.handle(Event.PLAY)
        runner.advance(20)
        runner.set_spec(runner.spec.with_knobs({"learning_rate": 0.002}))
        while runner.step < 60:
            runner.advance(60 - runner.step)
        assert state_sha256(runner.snapshot()) == direct
    finally:
        runner.close()


def test_a_picture_has_the_runs_beside_it_that_the_window_shows(recording, capsys, tmp_path):
    at_once, again, alone = (tmp_path / name for name in ("at_once.png", "again.png", "alone.png"))
    both, hidden = str(tmp_path / "both.fallline"), str(tmp_path / "hidden.fallline")
    branch = ["--at", "20", "--set", "learning_rate=0.002", "--steps", "40"]
    assert main(["replay", recording, *branch, "--record", both, "--png", str(at_once)]) == 0
    assert main(["replay", both, "--png", str(again)]) == 0
    assert at_once.read_bytes() == again.read_bytes()
    kept = load(both)
    for lane, _ in kept.books["regression"].lanes:
        lane.is_shown = lane.parent is not None
    write_recording(hidden, kept)
    assert main(["replay", hidden, "--png", str(alone)]) == 0
    assert alone.read_bytes() != again.read_bytes()
    capsys.readouterr()
