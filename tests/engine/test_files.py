"""One place for paths: names as people type and paste them, and content from what answers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine import files
from engine.files import FileError

HOME = str(Path.home())
ROOT = Path(__file__).resolve().parents[2]
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("data.csv", "data.csv"),
        ("  data.csv\n", "data.csv"),
        ('"my data.csv"', "my data.csv"),
        ("'my data.csv'", "my data.csv"),
        ("“my data.csv”", "my data.csv"),
        ("~/data.csv", f"{HOME}/data.csv"),
        ('"~/data.csv"', f"{HOME}/data.csv"),
        ("file:///a/my%20data.csv", "/a/my data.csv"),
        ("file://localhost/a/b.csv", "/a/b.csv"),
        ("\u202a/a/b.csv", "/a/b.csv"),
        ("-", "-"),
        ("", ""),
    ],
)
def test_a_name_is_taken_as_people_paste_it(text, path):
    assert files.named(text) == path


def test_a_relative_name_is_taken_from_its_folder_and_an_absolute_one_is_not(tmp_path):
    assert files.named("data.csv", tmp_path) == str(tmp_path / "data.csv")
    assert files.named("/a/data.csv", tmp_path) == "/a/data.csv"
    assert files.named("~/data.csv", tmp_path) == f"{HOME}/data.csv"
    assert files.named("-", tmp_path) == "-"


@pytest.mark.parametrize(
    ("path", "said"), [("gone.csv", "is not there"), (".", "is a folder; choose a table"), ("a\0b", "such a name")]
)
def test_what_cannot_be_read_is_one_sentence(path, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError, match=said):
        files.content(path, 100, "a table")


def test_a_file_that_is_too_large_is_named_with_the_limit(tmp_path):
    (tmp_path / "large").write_bytes(b"0" * 1_000_001)
    with pytest.raises(FileError, match="large is larger than 1 MB"):
        files.content(str(tmp_path / "large"), 1_000_000, "a table")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no such device here")
def test_a_device_without_end_is_read_no_further_than_the_limit():
    with pytest.raises(FileError, match="larger than 1 MB"):
        files.content("/dev/zero", 1_000_000, "a table")


@needs_pipes
def test_a_pipe_gives_what_is_written_to_it_and_gives_it_again(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"1,2\n"))
    writer.start()
    assert files.content(str(pipe), 100, "a table") == b"1,2\n"
    writer.join()
    assert files.content(str(pipe), 100, "a table") == b"1,2\n"


@needs_pipes
def test_a_pipe_that_nobody_writes_to_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SECONDS", 0.05)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="pipe can't be read: it does not answer"):
        files.content(str(tmp_path / "pipe"), 100, "a table")


def test_standard_input_is_a_file_like_any_other():
    script = "from engine import files; print(files.content('-', 100, 'a table'))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, input=b"1,2\n", capture_output=True, check=True, timeout=250
    )
    assert run.stdout.strip() == b"b'1,2\\n'"
