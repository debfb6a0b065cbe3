"""Look: the size, the theme and the ground of a picture that leaves the window. Serves the exports."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST, MOST = 200, 7680  # px of an edge
MOST_DOTS = 8192 * 8192  # of a whole picture: 268 MB in memory
MOST_SCALE = 4.0
THEME_NAMES = ("dark", "light", "projector")


class LookError(ValueError):
    """A size or theme that no picture can have; the message is one sentence that says what would be right."""


@dataclass(frozen=True)
class Look:
    """``width`` and ``height`` in px of the page; the file has ``scale`` times as many dots each way, and wider lines.

    ``is_whole``: title, picture and costs; else the picture alone. ``is_clear``: on no ground, for a slide's own.
    """

    width: int = 1280
    height: int = 800
    theme: str = "light"
    scale: float = 1.0
    is_whole: bool = True
    is_clear: bool = False

    @property
    def dots(self) -> tuple[int, int]:
        """The file's width and height."""
        return round(self.width * self.scale), round(self.height * self.scale)

    def checked(self) -> Look:
        """The same.

        Raises:
            LookError: an edge, scale or theme that can't be.
        """
        if not (LEAST <= self.width <= MOST and LEAST <= self.height <= MOST):
            raise LookError(f"A picture's edges are {LEAST} to {MOST:,} px, not {self.width:,} x {self.height:,}.")
        if not 0.25 <= self.scale <= MOST_SCALE:
            raise LookError(f"The scale is 0.25 to {MOST_SCALE:g}, not {self.scale:g}.")
        if self.dots[0] * self.dots[1] > MOST_DOTS:
            raise LookError(f"{self.dots[0]:,} x {self.dots[1]:,} dots are too many; take a smaller size or scale.")
        if self.theme not in THEME_NAMES:
            raise LookError(f"The theme is one of {', '.join(THEME_NAMES)}, not {self.theme!r}.")
        return self


def size_of(text: str) -> tuple[int, int]:
    """Width and height from ``1920x1080``.

    Raises:
        LookError: it is none.
    """
    found = re.fullmatch(r"\s*(\d{1,6})\s*[x×*,]\s*(\d{1,6})\s*", text, re.IGNORECASE)
    if found is None:
        raise LookError(f"A size is a width and a height, as in 1920x1080, not {text!r}.")
    return int(found[1]), int(found[2])
