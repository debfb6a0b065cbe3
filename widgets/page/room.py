"""How much of the window's height belongs to the picture, and what makes room for it. Serves the panels.

The shares are the design's: contours and surface 42 % each, 52 % where they are shown to a room; a curve 42 %, three
paintings 40 %; of the cost plot at least 90 px inside its axes, and never more than a third.
"""

from __future__ import annotations

from dataclasses import dataclass

from widgets.style.theme import Theme

LEAST_COST = 90  # px inside the axes, in every theme
MOST_COST = 1 / 3
# px of usual text about picture and cost: in a window, and in full screen before an audience, which has no menus
ROOMY = 312, 287  # menus, title, axes, an equation, transport and status, each in its rows
CLOSE = 203, 146  # the same as close as can be, without an equation; in a window with two rows of a legend
GAPS = 14  # px between them in every theme, where they are close


@dataclass(frozen=True)
class Shares:
    """Of the window's height: of the picture, and of the same picture in full screen before an audience."""

    usual: float
    presented: float

    def of(self, is_presented: bool) -> float:
        """The one that holds."""
        return self.presented if is_presented else self.usual


MOST_SHARES = Shares(0.42, 0.52)  # that any page's picture has


@dataclass(frozen=True)
class Room:
    """What there is: the window's height in px, its theme, and whether it is shown full screen by a projector."""

    height: int
    theme: Theme
    is_presented: bool = False

    @property
    def is_compact(self) -> bool:
        """Whether title and status share rows with others, so that every picture and the cost have their due.

        The same on every page, so that nothing moves from one to another.
        """
        return self._left_over() < ROOMY[self.is_presented] * self.theme.scale

    @property
    def is_tight(self) -> bool:
        """Whether not even the line under the title has its room."""
        return self._left_over() - GAPS < CLOSE[self.is_presented] * self.theme.scale

    def _left_over(self) -> float:
        return self.height * (1 - MOST_SHARES.of(self.is_presented)) - LEAST_COST

    def least_picture(self, shares: Shares) -> int:
        """px of the picture's height."""
        return -int(-self.height * shares.of(self.is_presented) // 1)

    def cost_height(self, both: int, share: float, least_cost: int, full_view: int, most_view: int) -> int:
        """px for the cost plot, of ``both`` for it and the picture, of which ``share`` is the picture's.

        ``full_view`` is what the picture needs for its height and all that goes with it, and ``most_view`` what it
        can use; ``least_cost``, with the axes, goes before that, and a third of the window is the most.
        """
        wanted = max(min(round(both * (1 - share)), both - full_view), both - most_view)
        return min(max(wanted, least_cost), int(self.height * MOST_COST), both)
