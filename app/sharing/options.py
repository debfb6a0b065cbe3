"""Options: what ``run`` and ``replay`` take for the files that leave them. Serves the command line.

The words here are the window's, too.
"""

from __future__ import annotations

import argparse
from typing import Any

from app.sharing.formats import FORMATS

FOLDERS = ("gif",)  # may be given a folder for their files
TAKEN = ("scene",)  # as a word of the command line for something else


def add_to(parser: argparse.ArgumentParser, file_name: Any, number: Any) -> None:
    """Give a command its options for pictures, films and numbers; ``file_name`` and ``number`` read their values."""
    for one in FORMATS:
        kind = str if one.option in FOLDERS else file_name
        option = f"--{one.option}-file" if one.option in TAKEN else f"--{one.option}"
        parser.add_argument(option, dest=f"to_{one.option}", type=kind, metavar="F", help=one.about)
    look = parser.add_argument_group("how pictures and films look")
    look.add_argument("--size", metavar="1920x1080", default="", help="px of the page (1280x800)")
    look.add_argument("--theme", choices=("light", "dark", "projector"), default="light", help="(light)")
    look.add_argument("--scale", metavar="N", type=number, default=1.0, help="dots a px, for print (1)")
    look.add_argument("--picture-only", action="store_true", help="without the title and the costs")
    look.add_argument("--transparent", action="store_true", help="no ground: PNG, SVG and PDF for a slide's own")
    parser.add_argument("--progress", action="store_true", help=argparse.SUPPRESS)
    look.add_argument("--fps", metavar="N", type=number, help="frames a second (30; of a GIF 12.5)")
    look.add_argument("--seconds-long", metavar="S", type=number, help="how long a film is (10)")
    look.add_argument(
        "--moments", choices=("early", "even"), default="early", help="many at first, or evenly through the run (early)"
    )
