"""Who takes what a person opens: one row each, from what it is to the knob that takes its name.

File > Open, a file or folder dropped on the window, what is pasted, and the command line all end here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.files.recognition import NothingFoundError, Recognised, What, recognised
from app.sharing import setting
from engine import files
from engine.experiments import EXPERIMENTS
from engine.files import FileError
from engine.knobs import KnobError
from engine.landscape.functions.landscapes import FORMULA
from engine.painting.images import Crop
from engine.painting.picture_file import ENDINGS as PICTURE_ENDINGS
from engine.run.spec import RunSpec
from engine.scenes import from_toml, scenes

UNCUT = {"crop_zoom": Crop.zoom, "crop_x": Crop.x, "crop_y": Crop.y}
ALONE = UNCUT | {"shape": "whole", "folder": ""}
TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".dat", ".tab", ".prn", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".gz")


class OpeningError(ValueError):
    """What nothing here takes; the message says what would be taken."""


@dataclass(frozen=True)
class Opening:
    """What is of this kind goes to this experiment's knob; the file dialog offers its endings by these words."""

    what: What
    experiment: str
    knob: str
    words: str = ""
    endings: tuple[str, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)  # knobs that would take precedence, or were for another file
    scene: str = ""  # that a new run begins from; the experiment's first one if not given


OPENINGS: tuple[Opening, ...] = (
    Opening(What.PICTURE, "painting", "image_file", "pictures to paint", PICTURE_ENDINGS, ALONE),
    Opening(What.PICTURES, "painting", "folder", sets=UNCUT | {"image_file": ""}, scene="painting/many"),
    Opening(What.TABLE, "regression", "file", "tables of numbers", TABLE_ENDINGS, {"columns": ""}),
    Opening(What.FORMULA, "landscape", "formula", sets={"landscape": FORMULA}, scene="landscape/formula"),
)


def opening_for(text: str) -> tuple[Opening | None, Recognised]:
    """Who takes what this text stands for, None for a scene; and what it is.

    Raises:
        OpeningError: nobody does, or it can't be read.
    """
    try:
        found = recognised(text)
    except (NothingFoundError, FileError, ValueError) as error:
        raise OpeningError(str(error)) from None
    return next((opening for opening in OPENINGS if opening.what is found.what), None), found


def spec_of(text: str) -> RunSpec:
    """A run of what this text stands for: a scene, a scene file, or a new run on a picture, a table or a formula.

    Raises:
        OpeningError: nobody takes it, or it can't be read.
        SpecError: a scene file that can't be run.
        KnobError: a formula that is none.
    """
    opening, found = opening_for(text)
    if found.what is What.RECORDING:
        raise OpeningError(f"{found.text} is a recording: open shows it, replay and runs tell of it.")
    if found.what is What.SETTING:
        return setting.spec_of(found.text)
    if opening is None:
        return scenes()[found.text] if found.text in scenes() else scene_of(found.text)
    begin = scenes()[opening.scene or EXPERIMENTS[opening.experiment].first_scene]
    try:
        return begin.with_knobs({**opening.sets, opening.knob: found.text})
    except KnobError as error:
        if opening.what is What.FORMULA:
            raise OpeningError(no_formula(found.text, str(error).partition(": ")[2])) from None
        raise


def no_formula(text: str, reason: str) -> str:
    """The sentence on a text that is no formula; where it may have been meant as a name, that it is none of these."""
    if not text.strip().replace("-", "").replace("_", "").isalnum():
        return reason
    return f"There is no file, folder or scene {text.strip()!r}, and as a formula: {reason}"


def scene_of(path: str) -> RunSpec:
    """A scene file.

    Raises:
        SpecError: it can't be read or run.
    """
    return from_toml(Path(path), "scene" if path == files.STANDARD_INPUT else Path(path).stem)


def filters() -> list[str]:
    """The name filters of the file dialog."""
    offered = [opening for opening in OPENINGS if opening.endings]
    every = " ".join(["*.fallline", "*.toml", *map(_patterns, offered)])
    return [
        f"All that can be opened ({every})",
        "Recordings (*.fallline)",
        "Scenes (*.toml)",
        *(f"{opening.words[:1].upper()}{opening.words[1:]} ({_patterns(opening)})" for opening in offered),
        "All files (*)",
    ]


def _patterns(opening: Opening) -> str:
    return " ".join(f"*{ending}" for ending in opening.endings)
