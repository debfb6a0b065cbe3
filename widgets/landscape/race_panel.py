"""RacePanel: how every descent stands: when it reached a minimum, its best cost, its state. Serves the landscape."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.landscape.picture import Standing, Trail, sign_of
from widgets.plotting.throttle import Throttle
from widgets.plotting.value_table import ValueTable
from widgets.style.number_text import NOTHING, short
from widgets.style.theme import DARK, Theme

HEADERS = ("Descent", "Rate", "Steps", "Best", "State")
STATES = {
    Standing.MOVING: "moving",
    Standing.LOWEST: "lowest",
    Standing.HIGHER: "higher",
    Standing.LEFT: "left",
    Standing.OVER: "over",
}
CLICK = "Click a row to see that descent's next step in the picture."
MEANING = (
    "Best: the lowest cost so far. Steps: until it stays within 2 % of the landscape of the minimum that it is in. "
    "State: lowest or higher, the minimum that it is in; moving, in none yet; left, its step led out of the landscape; "
    "over, it went over the edge of a landscape that has no minimum."
)


class RacePanel(QWidget):
    """``focus_requested`` carries the number of the descent that was clicked."""

    focus_requested = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._table = ValueTable(HEADERS, compact=True)
        self._table.setObjectName("race_table")
        self._table.setToolTip(f"{CLICK} {MEANING}")
        self._table.setAccessibleName("How every descent stands")
        self._table.clicked.connect(lambda index: self.focus_requested.emit(index.row()))
        self._note = QLabel(CLICK)
        self._note.setWordWrap(True)
        self._note.setProperty("role", "quiet")
        self._note.setAlignment(Qt.AlignLeft | Qt.AlignTop)
        self._throttle = Throttle(self._take, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 8)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._note)

    def set_theme(self, theme: Theme) -> None:
        """Row heights and the descents' colours."""
        self._theme = theme
        self._table.set_theme(theme)
        self._note.setFont(theme.font(11))
        self._note.setContentsMargins(theme.px(8), 0, theme.px(8), 0)

    def show_trails(self, trails: Sequence[Trail], note: str) -> None:
        """How these stand; ``note`` says what was tuned."""
        self._throttle.show((tuple(trails), note))

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """What the table shows."""
        return self._table.rows()

    def _take(self, shown: tuple[tuple[Trail, ...], str]) -> None:
        trails, note = shown
        rows = [
            (
                trail.label.removesuffix(" descent"),  # the column's heading says it, and room is short
                short(trail.learning_rate),
                NOTHING if trail.reached is None else f"{trail.reached:,}",
                short(trail.best_cost),
                STATES[trail.standing],
            )
            for trail in trails
        ]
        signs = [sign_of(trails, number) for number in range(len(trails))]
        self._table.show_rows(rows, [QColor(self._theme.series_colour(sign)) for sign in signs])
        self._note.setText(f"{CLICK} {note or MEANING}")
