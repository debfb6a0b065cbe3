"""TablePanel: which two columns of a person's table are x and y, and how its first rows read. Serves the knob."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QAbstractItemView, QGridLayout, QLabel, QTableWidget, QTableWidgetItem, QWidget

from widgets.knobs.choice_box import ChoiceBox
from widgets.style.plain_text import plain_tip
from widgets.style.theme import DARK, Theme

ROWS = 5  # of the file
MOST_LETTERS = 24  # of a column's name in a box


class TablePanel(QWidget):
    """Shown for a table with more than two columns of numbers; ``arrived`` when another one comes."""

    columns_chosen = pyqtSignal(str)  # as the knob ``columns`` takes them
    arrived = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._table = None
        self.boxes = {axis: ChoiceBox({}, self) for axis in "xy"}
        self.rows = QTableWidget(self)
        self.rows.setObjectName("table_rows")
        self.rows.setAccessibleName("The table's first rows")
        self.rows.setProperty("role", "compact")
        self.rows.setEditTriggers(QAbstractItemView.NoEditTriggers)
        self.rows.setSelectionMode(QAbstractItemView.NoSelection)
        self.rows.setFocusPolicy(Qt.NoFocus)
        self.rows.setHorizontalScrollMode(QAbstractItemView.ScrollPerPixel)
        self.rows.setVerticalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.rows.setWordWrap(False)
        self.rows.setShowGrid(False)
        self.rows.verticalHeader().hide()
        self.rows.horizontalHeader().setHighlightSections(False)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setColumnStretch(1, 1)
        for row, (axis, box) in enumerate(self.boxes.items()):
            box.setObjectName(f"column_{axis}")
            box.setAccessibleName(f"Column of {axis}")
            box.valueChanged.connect(lambda _, axis=axis: self._choose(axis))
            label = QLabel(axis)
            label.setBuddy(box)
            layout.addWidget(label, row, 0)
            layout.addWidget(box, row, 1)
        layout.addWidget(self.rows, 2, 0, 1, 2)
        self.hide()

    def show_table(self, table) -> None:
        """The head of the table (engine.tables.table.TableHead) that the points are from; None for other points."""
        if table is self._table:
            return
        before, self._table = self._table, table
        has_choice = table is not None and len(table.numeric) > 2
        self.setVisible(has_choice)
        if not has_choice:
            return
        names = {str(column): _short(table.columns[column]) for column in sorted({*table.numeric, *table.chosen})}
        for box, column in zip(self.boxes.values(), table.chosen, strict=True):
            with QSignalBlocker(box):
                box.set_choices(names)
                box.setValue(str(column))
            for at in range(box.count()):
                box.setItemData(at, plain_tip(table.columns[int(box.itemData(at))]), Qt.ToolTipRole)
        self._show_rows()
        if before is None or before.columns != table.columns:
            self.arrived.emit()

    def set_theme(self, theme: Theme) -> None:
        """Row height, fonts and colours."""
        self._theme = theme
        self.rows.setFont(theme.font(11))
        self.rows.verticalHeader().setDefaultSectionSize(theme.px(20))
        if not self.isHidden():
            self._show_rows()

    def _show_rows(self) -> None:
        table, theme = self._table, self._theme
        shown: Sequence[Sequence[str]] = table.rows[:ROWS]
        self.rows.clear()
        self.rows.setColumnCount(len(table.columns))
        self.rows.setRowCount(len(shown))
        for column, name in enumerate(table.columns):
            is_chosen = column in table.chosen
            axis = "xy"[table.chosen.index(column)] if is_chosen else ""
            header = QTableWidgetItem(f"{axis}: {_short(name)}" if is_chosen else _short(name))
            header.setToolTip(plain_tip(name))
            self.rows.setHorizontalHeaderItem(column, header)
            for row, cells in enumerate(shown):
                item = QTableWidgetItem(cells[column] if column < len(cells) else "")
                item.setTextAlignment(Qt.AlignRight | Qt.AlignVCenter)
                item.setForeground(QColor(theme.text if is_chosen else theme.quiet))
                item.setFont(theme.font(11, bold=True) if is_chosen else theme.font(11))
                self.rows.setItem(row, column, item)
        self.rows.resizeColumnsToContents()
        bar = self.rows.horizontalScrollBar().sizeHint().height()
        self.rows.setFixedHeight(self.rows.horizontalHeader().sizeHint().height() + len(shown) * theme.px(20) + bar + 4)
        if shown:
            for column in reversed(table.chosen):
                self.rows.scrollToItem(self.rows.item(0, column))

    def _choose(self, axis: str) -> None:
        other = self.boxes["y" if axis == "x" else "x"]
        chosen = {name: int(box.value()) for name, box in self.boxes.items()}
        if chosen["x"] == chosen["y"]:  # they change places
            place = self._table.chosen["xy".index(axis)]
            chosen["y" if axis == "x" else "x"] = place
            with QSignalBlocker(other):
                other.setValue(str(place))
        names = [self._table.columns[chosen[name]] for name in "xy"]
        if any(name.strip().isdigit() for name in self._table.columns):  # a number would be taken for a name
            self.columns_chosen.emit("; ".join(names))
        else:
            self.columns_chosen.emit(f"{chosen['x'] + 1},{chosen['y'] + 1}")


def _short(name: str) -> str:
    half = MOST_LETTERS // 2  # long names often differ at their ends
    return name if len(name) <= MOST_LETTERS else f"{name[: half - 1]}…{name[-half:]}"
