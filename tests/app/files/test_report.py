"""A report helps to find a fault, and says nothing of whom it comes from."""

from pathlib import Path

import pytest

from app.files.report import LINES, report, without_names


def test_a_report_has_versions_and_the_logs_last_lines(tmp_path):
    log = tmp_path / "fall-line.log"
    log.write_text("\n".join(f"line {number}" for number in range(500)), encoding="utf-8")
    text = report(log)
    assert "tensorflow 2." in text
    assert "line 499" in text
    assert f"line {500 - LINES}\n" in text
    assert f"line {499 - LINES}\n" not in text


def test_a_report_without_a_log_says_so(tmp_path):
    assert "(there is none)" in report(tmp_path / "none.log")


@pytest.mark.parametrize(
    "text",
    [
        "opened /home/ada/pictures/me.png",
        r"opened C:\Users\ada\me.png",
        "opened /Users/ada/me.png",
        "by ada: failed",
        "File '/srv/ada/x.py'",
    ],
)
def test_no_name_and_no_home_is_left(text):
    assert "ada" not in without_names(text, [Path("/srv/ada")], "ada")


def test_nothing_else_is_lost():
    assert without_names("the gradient of adamw", [], "ada") == "the gradient of adamw"
