"""OperationsPanel: the operations of the TensorFlow graph, layer by layer, filtered by what is typed.

Serves a study's answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.operations import Operation
from widgets.theme import Theme
from widgets.value_table import ValueTable


class OperationsPanel(QWidget):
    """``wanted`` is sent when the panel is opened and has nothing to show yet."""

    wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations: tuple[Operation, ...] | None = None
        self._is_asked = False
        self.filter = QLineEdit()
        self.filter.setObjectName("operations_filter")
        self.filter.setAccessibleName("Filter the operations")
        self.filter.setPlaceholderText("filter: layer_1, MatMul, gradient …")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._draw)
        self.count = QLabel()
        self.count.setProperty("role", "quiet")
        self.table = ValueTable(("Operation", "Layer", "Output"), compact=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.filter)
        layout.addWidget(self.count)
        layout.addWidget(self.table, 1)

    def set_theme(self, theme: Theme) -> None:
        """Row height and font."""
        self.table.set_theme(theme)
        self.count.setFont(theme.font(12))

    def forget(self) -> None:
        """Another model is shown: what is known is out of date."""
        self._operations, self._is_asked = None, False
        if self.isVisible():
            self._ask()

    def show_operations(self, operations: Sequence[Operation]) -> None:
        """Show these, as far as the filter lets them through."""
        self._operations = tuple(operations)
        self._draw()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self._operations is None and not self._is_asked:
            self._is_asked = True
            self.count.setText("Tracing the graph …")
            self.wanted.emit()

    def _draw(self) -> None:
        if self._operations is None:
            return
        words = self.filter.text().lower().split()
        rows = []
        for operation in self._operations:
            layer = operation.layer + (" ∇" if operation.is_gradient else "")
            row = (operation.kind, layer, operation.shape)
            searched = " ".join((*row, operation.name, "gradient" if operation.is_gradient else "forward")).lower()
            if all(word in searched for word in words):
                rows.append(row)
        self.table.show_rows(rows)
        self.count.setText(f"{len(rows)} of {len(self._operations)} operations of one step")
