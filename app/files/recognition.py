"""What a person's text stands for: a scene, a table, a picture, a folder of pictures, or a formula.

A file's content decides, its ending only where that says nothing. The window, `open`, `run` and `check` all ask here.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.sharing import setting
from engine import files
from engine.backend.timeout import call_with_timeout
from engine.experiments import EXPERIMENTS
from engine.painting import images, picture_file
from engine.scenes import scenes
from engine.tables import encoding, workbook
from engine.tables.table import MOST_BYTES

BEGINNING = 100_000  # bytes of a file that are looked at
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}")
_SCENE_NAME = re.compile(r"[a-z]+/[\w-]+")
_SCENE_LINE = re.compile(rb"^[ \t]*experiment[ \t]*=", re.MULTILINE)


class What(StrEnum):
    """The kinds of things that can be opened."""

    SCENE = "scene"
    TABLE = "table"
    PICTURE = "picture"
    PICTURES = "pictures"
    FORMULA = "formula"
    RECORDING = "recording"
    SETTING = "setting"


@dataclass(frozen=True)
class Recognised:
    """``text``: the path of a file or folder, the name of a scene, the formula, or the line with a setting."""

    what: What
    text: str


class NothingFoundError(ValueError):
    """A text that stands for nothing; the message is one sentence that says what would be right."""


def recognised(text: str) -> Recognised:
    """What the text stands for.

    Raises:
        NothingFoundError: a file that isn't there, or a folder without pictures.
        FileError: a file that can't be read.
    """
    if text.strip() in scenes():
        return Recognised(What.SCENE, text.strip())
    if _SCENE_NAME.fullmatch(text.strip()) and text.strip().partition("/")[0] in EXPERIMENTS:
        raise NothingFoundError(f"There is no scene {text.strip()!r}; the scenes are {', '.join(scenes())}.")
    if setting.is_line(text):
        return Recognised(What.SETTING, text)
    path = files.named(text)
    if not path:
        raise NothingFoundError("Give a file, a folder, a scene's name or a formula.")
    if path == files.STANDARD_INPUT:
        return Recognised(of_content(files.content(path, MOST_BYTES, "a file"), path), path)
    try:
        mode = call_with_timeout(lambda: os.stat(path)).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return _no_file(text, path)
    except OSError as error:
        if _is_path(text, path):
            raise files.FileError(f"{files.shown(path)} can't be read: {files.reason(error)}.") from None
        return Recognised(What.FORMULA, text)  # as one of which the text is too long for a file's name
    if stat.S_ISDIR(mode):
        if not images.listed(path):
            raise NothingFoundError(
                f"The folder {Path(path).name} holds no pictures to paint; data and scenes are files."
            )
        return Recognised(What.PICTURES, path)
    if stat.S_ISREG(mode):
        return Recognised(of_content(files.beginning(path, BEGINNING), path), path)
    return Recognised(of_content(files.content(path, MOST_BYTES, "a file"), path), path)


def of_content(begin: bytes, path: str) -> What:
    """What a file that begins so holds; ``path`` for its ending."""
    ending = Path(path).suffix.lower()
    if picture_file.is_picture(begin[:BEGINNING]):
        return What.PICTURE
    if begin[30:44] == b"recording.json" or ending == ".fallline":
        return What.RECORDING
    if workbook.is_workbook(begin) or encoding.is_packed(begin):
        return What.TABLE
    if ending == ".toml" or _SCENE_LINE.search(begin):
        return What.SCENE
    return What.PICTURE if ending in (*picture_file.ENDINGS, ".svg", ".pdf", ".eps") else What.TABLE


def _no_file(text: str, path: str) -> Recognised:
    if _is_path(text, path):
        raise NothingFoundError(
            f"{files.shown(path)} is not there; give a file, a folder, a scene's name or a formula."
        )
    return Recognised(What.FORMULA, text)


def _is_path(text: str, path: str) -> bool:
    """Whether a text that names no file was meant as one all the same."""
    is_named = text.strip()[:1] in ("~", "/", "\\") or text.strip().lower().startswith(("file:", "./", "../"))
    return is_named or bool(_ENDING.fullmatch(Path(path).suffix))
