"""What helps to find a fault: versions, the kind of machine, the log's last lines; without a name or a path in it."""

from __future__ import annotations

import getpass
import platform
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("fall-line", "PyQt5", "pyqtgraph", "tensorflow", "keras", "numpy", "scikit-image", "pillow")
LINES = 60
MOST_BYTES = 64_000  # of the log, from its end
LEAST_NAME = 3  # letters of a user's name: shorter ones are in every word


def report(log: Path | None = None) -> str:
    """The report as plain text; ``log``: the file whose last lines belong to it, else the program's own."""
    lines = ["Fall Line report", f"Python {platform.python_version()} on {platform.platform()}, {platform.machine()}"]
    lines += [f"{name} {_version(name)}" for name in PACKAGES]
    lines += ["", f"The last {LINES} lines of the log:", *_last_lines(_log() if log is None else log)]
    return without_names("\n".join(lines)) + "\n"


def without_names(text: str, homes: Sequence[Path] | None = None, user: str | None = None) -> str:
    """No path below a person's home, nor below this program's folder, and no user's name."""
    homes = [Path.home()] if homes is None else homes
    places = {str(home): "~" for home in homes if len(home.parts) > 1} | {str(Path(__file__).resolve().parents[2]): "."}
    for place, sign in sorted(places.items(), key=lambda item: -len(item[0])):
        text = text.replace(place, sign)
    text = re.sub(r"(?:/home|/Users|/media|C:\\Users)[/\\][^\s/\\'\"]+", "~", text)
    name = _user() if user is None else user
    return re.sub(rf"\b{re.escape(name)}\b", "user", text) if len(name) >= LEAST_NAME and name != "root" else text


def _last_lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - MOST_BYTES))
            return file.read().decode("utf-8", "replace").splitlines()[-LINES:]
    except OSError:
        return ["(there is none)"]


def _log() -> Path:
    from platformdirs import user_log_path

    return user_log_path("fall-line", appauthor=False) / "fall-line.log"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)" if name != "fall-line" else f"(from a checkout, {sys.implementation.name})"


def _user() -> str:
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
