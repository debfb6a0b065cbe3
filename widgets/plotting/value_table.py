"""ValueTable: rows of words and numbers, read-only, with a colour chip where a row belongs to a line.

Serves the drawing of a frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, Qt
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from widgets.style.plain_text import plain_tip
from widgets.style.theme import DARK, Theme


class _Model(QAbstractTableModel):
    def __init__(self, headers: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.headers = tuple(headers)
        self.rows: tuple[tuple[str, ...], ...] = ()
        self.chips: tuple[QColor | None, ...] = ()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self.headers)

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole):
        if role == Qt.DisplayRole:
            return self.rows[index.row()][index.column()]
        if role == Qt.ToolTipRole:
            return plain_tip(self.rows[index.row()][index.column()])
        if role == Qt.TextAlignmentRole:
            return Qt.AlignVCenter | (Qt.AlignLeft if index.column() == 0 else Qt.AlignRight)
        if role == Qt.DecorationRole and index.column() == 0 and index.row() < len(self.chips):
            return self.chips[index.row()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.DisplayRole):
        if orientation == Qt.Horizontal and role == Qt.DisplayRole:
            return self.headers[section]
        if orientation == Qt.Horizontal and role == Qt.TextAlignmentRole:
            return Qt.AlignVCenter | (Qt.AlignLeft if section == 0 else Qt.AlignRight)
        return None


class ValueTable(QTableView):
    """The first column takes the room that is left; the others are as wide as what is in them."""

    def __init__(self, headers: Sequence[str], parent: QWidget | None = None, compact: bool = False) -> None:
        super().__init__(parent)
        self._size, self._is_compact = 11 if compact else 12, compact
        self._fitted = [0] * len(headers)
        if compact:  # many columns in a narrow panel
            self.setProperty("role", "compact")
        self._model = _Model(headers, self)
        self.setModel(self._model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectRows)
        self.setSelectionMode(QAbstractItemView.SingleSelection)
        self.setEditTriggers(QAbstractItemView.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.Stretch)
        self.set_theme(DARK)

    def set_theme(self, theme: Theme) -> None:
        """Row height and font."""
        self.setFont(theme.font(self._size))
        self.verticalHeader().setDefaultSectionSize(theme.px(24))
        self._fit_columns()

    def show_rows(self, rows: Sequence[Sequence[str]], chips: Sequence[QColor | None] = ()) -> None:
        """Show these rows, one text a column; ``chips`` are the rows' colours. The same ones again cost nothing."""
        rows, chips = tuple(tuple(row) for row in rows), tuple(chips)
        if rows == self._model.rows and chips == self._model.chips:
            return
        resized = len(rows) != len(self._model.rows)
        if resized:
            self._model.beginResetModel()
        self._model.rows, self._model.chips = rows, chips
        if resized:
            self._model.endResetModel()
            self._fit_columns()
        elif rows:
            last = self._model.index(len(rows) - 1, len(self._model.headers) - 1)
            self._model.dataChanged.emit(self._model.index(0, 0), last)
            if self._is_compact and any(new > old for new, old in zip(self._longest(), self._fitted, strict=True)):
                self._fit_columns()  # a number has grown

    def _longest(self) -> list[int]:
        """How many characters each column has at most."""
        return [max(map(len, texts)) for texts in zip(self._model.headers, *self._model.rows, strict=True)]

    def _fit_columns(self) -> None:
        """Where room is short, each column is just as wide as its longest word; Qt's own measure adds margins."""
        if not self._is_compact:
            return
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        self._fitted = self._longest()
        header.setMinimumSectionSize(10)
        for column, title in enumerate(self._model.headers):
            texts = [title, *(row[column] for row in self._model.rows)]
            width = max(metrics.horizontalAdvance(text) for text in texts) + round(0.75 * metrics.height())
            header.setSectionResizeMode(column, QHeaderView.Stretch if column == 0 else QHeaderView.Fixed)
            if column:
                header.resizeSection(column, width)

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """What is shown."""
        return self._model.rows
