"""What a file is for: one row each, from its ending to the knob that takes its name.

File > Open, a file or folder dropped on the window, and a pasted picture all end here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.images import ENDINGS as PICTURE_ENDINGS
from engine.images import Crop

SCENE_FILES = (".toml",)
FOLDER = "/"
WHOLE = {"crop_zoom": Crop.zoom, "crop_x": Crop.x, "crop_y": Crop.y}


class OpeningError(ValueError):
    """A file that nothing here takes; the message says what would be taken."""


@dataclass(frozen=True)
class Opening:
    """Files with these endings go to this experiment's knob. ``FOLDER`` stands for a folder."""

    endings: tuple[str, ...]
    experiment: str
    knob: str
    words: str
    sets: Mapping[str, Any] = field(default_factory=dict)  # knobs that would take precedence, or were for another file


OPENINGS: tuple[Opening, ...] = (
    Opening(PICTURE_ENDINGS, "painting", "image_file", "pictures to paint", WHOLE | {"folder": ""}),
    Opening((FOLDER,), "painting", "folder", "folders of pictures to paint", WHOLE | {"image_file": ""}),
    Opening((".csv", ".tsv", ".txt"), "regression", "file", "data of two columns"),
)


def opening_for(path: str) -> Opening | None:
    """Who takes this file; None for a scene file.

    Raises:
        OpeningError: nobody does.
    """
    ending = FOLDER if Path(path).is_dir() else Path(path).suffix.lower()
    if ending in SCENE_FILES:
        return None
    if ending == FOLDER and not _holds_pictures(Path(path)):
        raise OpeningError(f"The folder {Path(path).name} holds no pictures to paint; data and scenes are files.")
    for opening in OPENINGS:
        if ending in opening.endings:
            return opening
    files = [opening for opening in OPENINGS if FOLDER not in opening.endings]
    takers = "; ".join(["scenes (*.toml)", *(f"{opening.words} ({_patterns(opening)})" for opening in files)])
    what = "A folder" if ending == FOLDER else f"{Path(path).name}"
    raise OpeningError(f"{what} can't be opened here; what can: {takers}.")


def filters() -> list[str]:
    """The name filters of the file dialog."""
    every = " ".join(["*.toml", *(_patterns(o) for o in OPENINGS if FOLDER not in o.endings)])
    return [f"All that can be opened ({every})", "Scenes (*.toml)"] + [
        f"{o.words[:1].upper()}{o.words[1:]} ({_patterns(o)})" for o in OPENINGS if FOLDER not in o.endings
    ]


def _holds_pictures(folder: Path) -> bool:
    try:
        return any(file.suffix.lower() in PICTURE_ENDINGS for file in folder.iterdir())
    except OSError:  # whoever reads it says why it can't be read
        return True


def _patterns(opening: Opening) -> str:
    return " ".join(f"*{ending}" for ending in opening.endings)
