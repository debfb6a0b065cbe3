"""PictureAndCost: the picture over the cost plot, each with the height that is its due. Serves a frame's drawing.

Where the sharpness is measured, its plot stands under the cost, or beside it where there is no height for both.
"""

from __future__ import annotations

from PyQt5.QtCore import QSize
from PyQt5.QtWidgets import QSizePolicy, QWidget

from widgets.page.cost_plot import CostPlot
from widgets.page.page_entry import PageEntry
from widgets.page.picture_view import PictureView
from widgets.page.room import Room

GAP = 6
ASIDE = 0.5  # of the width, for what stands beside the cost plot
SHARPNESS_SHARE = 0.46  # of the height of both plots
MOST_PLOTS = 0.45  # of the window's height, for both
PRESENTED_PERCENT = 82  # of the height for the picture, where it is shown to an audience


class PictureAndCost(QWidget):
    """``show_room`` says what there is; without it the picture has its entry's percentage."""

    def __init__(self, view: PictureView, cost: CostPlot, entry: PageEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._cost, self._entry = view, cost, entry
        self._room: Room | None = None
        self._split_for = (-1, -1, -1, False, False)
        self._aside = view.aside()
        for part in (view, cost, cost.sharpness, self._aside):
            if part is not None:
                part.setParent(self)
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Ignored)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def show_room(self, room: Room) -> None:
        """Another height, theme or audience."""
        self._room = room
        self._view.keep_picture_height(room.least_picture(self._entry.shares))
        self._split()

    def fit(self) -> None:
        """Another view may need more about its picture."""
        if self._needs() != self._split_for:
            self._split()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._split()

    def _needs(self) -> tuple[int, int, int, bool, bool]:
        full, most, least = self._view.full_height(), self._view.most_height(), self._cost.least_height()
        return full, most, least, self._view.needs_aside(), self._cost.sharpness.has_something

    def _split(self) -> None:
        both = self.height() - GAP
        percent = self._entry.picture_percent
        if self._room is None:
            cost = round(both * (100 - percent) / 100)
        else:
            percent = PRESENTED_PERCENT if self._room.is_presented else percent
            full = self._view.full_height()
            most = self._view.most_height()
            cost = self._room.cost_height(both, percent / 100, self._cost.least_height(), full, most)
        cost = max(0, cost)
        sharpness = self._cost.sharpness
        under = 0  # px of the sharpness under the cost
        if sharpness.has_something:
            both_plots = self._cost.least_height() + GAP + sharpness.least_height()
            if both - max(cost, both_plots) >= self._view.least_height() and both_plots <= MOST_PLOTS * self._tall():
                cost = max(cost, both_plots)
                under = max(sharpness.least_height(), round(cost * SHARPNESS_SHARE))
        self._view.setGeometry(0, 0, self.width(), max(0, both - cost))
        self._split_for = self._needs()
        aside = round(ASIDE * self.width()) if self._view.needs_aside() else 0
        self._lay_plots(aside, cost, under)
        if self._aside is not None:
            self._aside.setVisible(aside > 0)
            tall = min(cost, self._aside.sizeHint().height())
            self._aside.setGeometry(0, self.height() - (cost + tall) // 2, aside, tall)

    def _tall(self) -> int:
        """px of the window."""
        return self.height() if self._room is None else self._room.height

    def _lay_plots(self, left: int, height: int, under: int) -> None:
        """The cost and what goes with it from ``left`` on, at the bottom; ``under`` px of it for the sharpness."""
        sharpness, top, width = self._cost.sharpness, self.height() - height, self.width() - left
        sharpness.setVisible(sharpness.has_something)
        if not sharpness.has_something:
            self._cost.setGeometry(left, top, width, height)
        elif under:
            self._cost.setGeometry(left, top, width, height - under - GAP)
            sharpness.setGeometry(left, self.height() - under, width, under)
        else:
            half = (width - GAP) // 2
            self._cost.setGeometry(left, top, half, height)
            sharpness.setGeometry(left + width - half, top, half, height)
