"""What can't be written is one sentence, before the run where it can be known, and nothing half-written is left."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.sharing.formats import FORMATS

RUN = ["run", "regression/line", "--set", "points=20", "--steps", "3"]
FILES = [one for one in FORMATS if one.ending]


def option(one) -> str:
    return "--scene-file" if one.option == "scene" else f"--{one.option}"


def refused(capsys, *arguments: str) -> str:
    """The one sentence of a command that ends with 2."""
    try:
        code = main([*RUN, *arguments])
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err.strip().splitlines()[-1]


@pytest.mark.parametrize("one", FILES, ids=[one.option for one in FILES])
def test_a_folder_that_is_not_there_is_named_before_the_run(one, tmp_path, capsys):
    sentence = refused(capsys, option(one), str(tmp_path / "nowhere" / f"a{one.ending}"))
    assert "nowhere" in sentence
    assert "folder" in sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("one", FILES, ids=[one.option for one in FILES])
def test_a_folder_in_a_files_place_is_refused(one, tmp_path, capsys):
    if one.option == "gif":
        pytest.skip("takes a folder for its files")
    (tmp_path / f"a{one.ending}").mkdir()
    assert f"a{one.ending}" in refused(capsys, option(one), str(tmp_path / f"a{one.ending}"))


@pytest.mark.skipif(os.geteuid() == 0, reason="the system's owner may write anything")
@pytest.mark.parametrize("one", FILES, ids=[one.option for one in FILES])
def test_a_folder_that_may_not_be_written_is_refused(one, tmp_path, capsys):
    tmp_path.chmod(0o500)
    try:
        assert str(tmp_path.name) in refused(capsys, option(one), str(tmp_path / f"a{one.ending}"))
    finally:
        tmp_path.chmod(0o700)


def test_a_name_without_an_ending_is_a_file_of_that_name(tmp_path):
    assert main([*RUN, "--csv", str(tmp_path / "costs")]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["costs"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [(["--seconds-long", "0"], "above 0"), (["--fps", "0"], "above 0"), (["--fps", "1000"], "frames a second"),
     (["--seconds-long", "100000"], "moments")],
)  # fmt: skip
def test_a_film_of_no_moments_or_far_too_many_is_refused(asked, words, tmp_path, capsys):
    assert words in refused(capsys, "--mp4", str(tmp_path / "a.mp4"), *asked)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.engine
def test_a_disk_that_is_full_leaves_a_sentence_and_no_file(tmp_path):
    """A limit on a file's size is refused by the system as a full disk is, in the middle of writing."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    asked = [word for one in FILES if one.option in ("png", "npz", "keras") for word in (option(one), f"a{one.ending}")]
    command = [sys.executable, str(Path("main.py").resolve()), *RUN, *asked]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, preexec_fn=limit, timeout=300)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    left = [path.name for path in tmp_path.iterdir()]  # what was small enough is whole
    assert not [name for name in left if name.startswith(".") or name.endswith((".png", ".keras"))]
