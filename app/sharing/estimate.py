"""How long a film takes to make, and how large it is: measured by the last ones of its kind, guessed before the first.

Serves the share dialog.
"""

from __future__ import annotations

from PyQt5.QtCore import QSettings

from app.sharing.animation import GIF_PLAN
from app.sharing.asked import PAGE_FPS
from app.sharing.film import Plan

START_SECONDS = 6.0  # until a program of its own draws the first moment
# of one moment: bytes a px, and seconds a million px beside drawing it; by experiment on the shipped scenes
BYTES = {"mp4": 0.005, "webm": 0.005, "gif": 0.1, "html": 0.03, "pptx": 0.006}
ENCODING = {"mp4": 0.04, "webm": 0.1, "gif": 0.25, "html": 0.05, "pptx": 0.04}


def moments(option: str, seconds: float) -> int:
    """How many moments a film of so many seconds has."""
    fps = {"html": PAGE_FPS, "gif": GIF_PLAN.fps}.get(option, Plan.fps)
    return max(2, round(seconds * fps))


def words(option: str, seconds: float, size: tuple[int, int], drawn: float, settings: QSettings) -> str:
    """What is said before a film of this length and ``size`` in px is made; ``drawn``: seconds a picture took."""
    count, millions = moments(option, seconds), size[0] * size[1] / 1e6
    pace = _kept(settings, f"share/pace/{option}", drawn / max(millions, 1e-9) + ENCODING[option])
    weight = _kept(settings, f"share/bytes/{option}", BYTES[option])
    takes = START_SECONDS + count * millions * pace
    return f"{count:,} moments: about {_time(takes)} and {_size(count * millions * 1e6 * weight)}."


def learn(option: str, seconds: float, size: tuple[int, int], took: float, written: int, settings: QSettings) -> None:
    """What a film that was made has shown: seconds that it ``took``, and bytes ``written``."""
    pixels = moments(option, seconds) * size[0] * size[1]
    settings.setValue(f"share/pace/{option}", max(1e-3, took - START_SECONDS) / pixels * 1e6)
    settings.setValue(f"share/bytes/{option}", written / pixels)


def _kept(settings: QSettings, name: str, otherwise: float) -> float:
    try:
        value = float(settings.value(name, otherwise))
    except (TypeError, ValueError):
        return otherwise
    return value if 0 < value < 1e6 else otherwise


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s" if seconds < 20 else f"{round(seconds / 5) * 5} s"
    return f"{round(seconds / 60)} minutes"


def _size(count: float) -> str:
    if count < 1e6:
        return f"{max(1, round(count / 1e3))} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e7 else f"{round(count / 1e6)} MB"
