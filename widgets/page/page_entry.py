"""PageEntry: what makes a page of a frame of widgets: its picture, and the room that this picture needs.

Serves the panels: widgets.pages has one for every experiment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from widgets.page.picture_view import PictureView
from widgets.page.room import Shares


@dataclass(frozen=True)
class PageEntry:
    """``view`` makes the picture, which has ``picture_percent`` of the height, the cost plot the rest.

    ``shares`` is its least part of the window's height; ``abreast`` says how many pictures of that height stand side
    by side, and ``between`` how many px of usual text stand beside and between them.
    """

    view: Callable[[], PictureView]
    picture_percent: int
    shares: Shares
    abreast: float
    between: int

    def least_width(self, height: int, scale: float) -> int:
        """px, in a window so high whose text is so large, below which the picture hasn't its share."""
        return round(self.abreast * self.shares.usual * height + self.between * scale)
