"""RunsList: the runs of this sitting, what differs, how each did, and which are drawn beside the one in front."""

from __future__ import annotations

import math

from PyQt5.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QFontMetrics, QIcon, QKeyEvent, QPainter, QPixmap
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.lanes import Lane, Overlay
from widgets.lanes.lane_pens import lane_pen
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme

COLUMNS = ("Run", "Cost", "Best", "Steps", "Time", "State")
NUMBER, VALUE = Qt.UserRole, Qt.UserRole + 1
SEEDS = 8
TRAINS = "This run trains now: go to another one first, then it can be deleted."
IS_LEFT_FROM = "Other runs have left from this one: it can be deleted after them."
NAME_WIDTH = 164  # px of usual text, at first
BESIDE = 13  # px of usual text beside a number, and beside a heading with the sign that it is sorted
SWATCH = 18, 10  # px of usual text


class _Item(QTableWidgetItem):
    """Sorted by its value where it has one."""

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, others = self.data(VALUE), other.data(VALUE)
        if mine is None or others is None:
            return super().__lt__(other)
        return mine < others


class RunsList(QWidget):
    """Each signal carries a lane's number, except ``refused``, which says why something can't be done."""

    lane_chosen = pyqtSignal(int)
    shown_changed = pyqtSignal(int, bool)
    renamed = pyqtSignal(int, str)
    deleted = pyqtSignal(int)
    seeds_requested = pyqtSignal(int)
    reordered = pyqtSignal(object)  # the overlays, as in_order() gives them, when another row is selected
    refused = pyqtSignal(str)
    seconds_wanted = pyqtSignal(bool)  # whether costs are laid over the seconds of training

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs")
        self._theme = DARK
        self._lanes: tuple[Lane, ...] = ()
        self._overlays: tuple[Overlay, ...] = ()
        self._table = QTableWidget(0, len(COLUMNS))
        self._table.setObjectName("runs_table")
        self._table.setAccessibleName("Runs of this sitting")
        self._table.setHorizontalHeaderLabels(COLUMNS)
        self._table.setProperty("role", "compact")
        self._table.verticalHeader().hide()
        self._table.setShowGrid(False)
        self._table.setSelectionBehavior(QAbstractItemView.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SingleSelection)
        self._table.setEditTriggers(QAbstractItemView.EditKeyPressed)
        self._table.setHorizontalScrollMode(QAbstractItemView.ScrollPerPixel)
        self._table.setContextMenuPolicy(Qt.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._offer)
        self._table.setTabKeyNavigation(False)
        self._table.setWordWrap(False)
        self._table.setTextElideMode(Qt.ElideLeft)  # a name ends with what differs
        header = self._table.horizontalHeader()
        header.setMinimumSectionSize(30)
        for column in range(len(COLUMNS)):
            side = Qt.AlignRight if column else Qt.AlignLeft
            self._table.horizontalHeaderItem(column).setTextAlignment(side | Qt.AlignVCenter)
        self._table.setSortingEnabled(True)
        self._table.sortByColumn(-1, Qt.AscendingOrder)
        self._table.itemChanged.connect(self._on_changed)
        self._table.itemDoubleClicked.connect(lambda item: self.lane_chosen.emit(item.data(NUMBER)))
        self._table.itemSelectionChanged.connect(self._on_picked)
        self._hint = QLabel("Ticked runs are drawn beside the one in front; double-click one to look at it.")
        self._hint.setProperty("role", "quiet")
        self._hint.setWordWrap(True)
        self._by_seconds = QCheckBox("Costs by seconds of training")
        self._by_seconds.setObjectName("by_seconds")
        self._by_seconds.setToolTip("Lay all costs over the seconds that the training took, in place of steps.")
        self._by_seconds.setFocusPolicy(Qt.TabFocus)
        self._by_seconds.toggled.connect(self.seconds_wanted)
        row = QHBoxLayout()
        row.setSpacing(6)
        for name, word, tip, deed in (
            ("run_rename", "Rename", "Give the run another name (F2).", self._rename),
            ("run_delete", "Delete", "Take the run away (Delete); Ctrl+Z brings it back.", self._delete),
            ("run_seeds", f"{SEEDS} seeds", "Run the same setting from eight other seeds.", self._ask_for_seeds),
        ):
            button = QPushButton(word)
            button.setObjectName(name)
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.TabFocus)
            button.clicked.connect(deed)
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 4)
        layout.setSpacing(6)
        layout.addWidget(self._hint)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._by_seconds)
        layout.addLayout(row)

    def show_lanes(self, lanes: tuple[Lane, ...]) -> None:
        """All runs; a name that is being edited is left alone."""
        self._lanes = lanes
        if self.isVisible() and self._table.state() != QAbstractItemView.EditingState:
            self._fill()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._fill()

    def set_theme(self, theme: Theme) -> None:
        """The swatches are the theme's."""
        self._theme = theme
        self._table.verticalHeader().setDefaultSectionSize(theme.px(24))
        self._table.setColumnWidth(0, theme.px(NAME_WIDTH))
        self._table.setIconSize(QSize(*map(theme.px, SWATCH)))
        self._fill()

    def in_order(self, overlays: tuple[Overlay, ...]) -> tuple[Overlay, ...]:
        """The run that is selected last, for a picture that has room for one alone."""
        self._overlays = overlays
        return tuple(sorted(overlays, key=lambda overlay: overlay.lane.number == self._current()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self._current()
        if event.key() == Qt.Key_Delete and current is not None:
            self._delete()
        elif event.key() in (Qt.Key_Return, Qt.Key_Enter) and current is not None:
            self.lane_chosen.emit(current)
        else:
            super().keyPressEvent(event)

    def _fill(self) -> None:
        """Rows are kept where they are; only what is new in them is written."""
        current = self._current()
        if self._lane(current) is None:
            current = next((lane.number for lane in self._lanes if lane.is_active), None)
        with QSignalBlocker(self._table):
            self._table.setSortingEnabled(False)
            self._table.setRowCount(len(self._lanes))
            for row, lane in enumerate(self._lanes):
                self._fill_row(row, lane)
            self._table.setSortingEnabled(True)
            for row in range(self._table.rowCount()):
                if self._table.item(row, 0).data(NUMBER) == current:
                    self._table.setCurrentCell(row, 0)
        self._make_room()

    def _make_room(self) -> None:
        """Numbers take the width of their text, so that the name and the costs are in sight."""
        text, head = self._table.fontMetrics(), QFontMetrics(self._theme.font(11))
        for column in range(1, len(COLUMNS)):
            texts = [self._table.item(row, column).text() for row in range(self._table.rowCount())]
            widths = [head.horizontalAdvance(COLUMNS[column]), *map(text.horizontalAdvance, texts)]
            self._table.setColumnWidth(column, max(widths) + self._theme.px(BESIDE))

    def _fill_row(self, row: int, lane: Lane) -> None:
        texts = (
            (lane.name, None),
            (short(lane.cost) if lane.cost == lane.cost else "", lane.cost),
            (short(lane.best) if lane.best == lane.best else "", lane.best),
            (f"{lane.end:,}", lane.end),
            (f"{lane.seconds:.1f} s", lane.seconds),
            ("trains" if lane.is_active and lane.state == "running" else lane.state, None),
        )
        for column, (text, value) in enumerate(texts):
            item = self._table.item(row, column)
            if item is None:
                item = _Item()
                self._table.setItem(row, column, item)
            item.setText(text)
            item.setData(NUMBER, lane.number)
            item.setData(VALUE, math.inf if value != value else value)  # not a number: behind the others
            flags = Qt.ItemIsEnabled | Qt.ItemIsSelectable
            if column == 0:
                flags |= Qt.ItemIsEditable | Qt.ItemIsUserCheckable
                item.setCheckState(Qt.Checked if lane.is_shown else Qt.Unchecked)
                item.setIcon(self._swatch(lane))
                item.setToolTip(f"{lane.name}\n{lane.title}: {', '.join(text for text, _ in texts[1:] if text)}")
                item.setData(Qt.AccessibleTextRole, f"{lane.name}, {'drawn' if lane.is_shown else 'hidden'}")
                font = item.font()
                font.setBold(lane.is_active)
                item.setFont(font)
            else:
                item.setTextAlignment(Qt.AlignRight | Qt.AlignVCenter)
            item.setFlags(flags)

    def _swatch(self, lane: Lane) -> QIcon:
        pixmap = QPixmap(*map(self._theme.px, SWATCH))
        pixmap.fill(Qt.transparent)
        painter = QPainter(pixmap)
        painter.setPen(lane_pen(self._theme, lane, 2.5))
        painter.drawLine(0, pixmap.height() // 2, pixmap.width(), pixmap.height() // 2)
        painter.end()
        return QIcon(pixmap)

    def _current(self) -> int | None:
        item = self._table.currentItem()
        return item.data(NUMBER) if item is not None else None

    def _lane(self, number: int | None) -> Lane | None:
        return next((lane for lane in self._lanes if lane.number == number), None)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        lane = self._lane(item.data(NUMBER))
        if lane is None or item.column() != 0:
            return
        is_shown = item.checkState() == Qt.Checked
        if is_shown != lane.is_shown:
            self.shown_changed.emit(lane.number, is_shown)
        if item.text().strip() and item.text() != lane.name:
            self.renamed.emit(lane.number, item.text())
        elif not item.text().strip():
            self._fill()

    def _offer(self, at) -> None:
        item = self._table.itemAt(at)
        lane = self._lane(item.data(NUMBER)) if item is not None else None
        if lane is None:
            return
        menu = QMenu(self)
        menu.addAction("Look at it", lambda: self.lane_chosen.emit(lane.number))
        menu.addAction("Rename", self._rename)
        menu.addAction("Hide" if lane.is_shown else "Show", self._toggle)
        menu.addAction("Delete", self._delete)
        menu.exec_(self._table.viewport().mapToGlobal(at))
        menu.deleteLater()

    def _rename(self) -> None:
        row = self._table.currentRow()
        if row >= 0:
            self._table.editItem(self._table.item(row, 0))

    def _toggle(self) -> None:
        lane = self._lane(self._current())
        if lane is not None:
            self.shown_changed.emit(lane.number, not lane.is_shown)

    def _delete(self) -> None:
        lane = self._lane(self._current())
        if lane is None:
            return
        if lane.is_active:
            self.refused.emit(TRAINS)
        elif any(other.parent == lane.number for other in self._lanes):
            self.refused.emit(IS_LEFT_FROM)
        else:
            self.deleted.emit(lane.number)

    def _on_picked(self) -> None:
        self.reordered.emit(self.in_order(self._overlays))

    def _ask_for_seeds(self) -> None:
        self.seeds_requested.emit(SEEDS)
