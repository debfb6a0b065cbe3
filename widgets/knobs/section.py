"""Section: a heading that shows or hides what is under it. Serves the knob panel."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget


class Section(QWidget):
    """A quiet heading with an arrow; its rows are added to it."""

    opened = pyqtSignal(bool)

    def __init__(self, title: str, is_open: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = QToolButton(self)
        self._heading.setProperty("role", "section")
        self._heading.setObjectName(f"section_{title.lower()}")
        self._heading.setText(title.upper())
        self._heading.setAccessibleName(f"{title} section")
        self._heading.setToolTip(f"Show or hide the {title.lower()} knobs.")
        self._heading.setCheckable(True)
        self._heading.setChecked(is_open)
        self._heading.setToolButtonStyle(Qt.ToolButtonTextBesideIcon)
        self._heading.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self._heading.toggled.connect(self._show_rows)
        self._rows = QWidget(self)
        self._column = QVBoxLayout(self._rows)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._heading)
        layout.addWidget(self._rows)
        self._show_rows(is_open)

    def add(self, row: QWidget) -> None:
        """One more row at the end."""
        self._column.addWidget(row)

    def add_after(self, row: QWidget, other: QWidget) -> None:
        """One more row, under one that is there."""
        self._column.insertWidget(self._column.indexOf(row) + 1, other)

    def is_open(self) -> bool:
        """Whether the rows are shown."""
        return self._heading.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the rows."""
        self._heading.setChecked(is_open)

    def _show_rows(self, is_open: bool) -> None:
        self._heading.setArrowType(Qt.DownArrow if is_open else Qt.RightArrow)
        self._rows.setVisible(is_open)
        self.opened.emit(is_open)
