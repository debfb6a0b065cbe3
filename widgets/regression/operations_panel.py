"""OperationsPanel: the operations of the TensorFlow graph, layer by layer, filtered by what is typed.

Serves an analysis's answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.frames import Analysis, Frame
from engine.regression.operations import Operation
from widgets.page.background_answer import BackgroundAnswer
from widgets.plotting.value_table import ValueTable
from widgets.style.theme import Theme


class OperationsPanel(QWidget):
    """They are asked for when the panel is opened, and when another model is shown."""

    analysis_requested = pyqtSignal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations: tuple[Operation, ...] | None = None
        self._answer = BackgroundAnswer("operations", self._show_answer, self, outlives_runs=True, only_seen=True)
        self._answer.asked.connect(self._ask)
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

    def show_frame(self, frame: Frame) -> None:
        """Whose operations these are: those of a model with these variables."""
        self._answer.follow(frame)
        self._answer.want(tuple((name, values.shape) for name, values in frame.picture.tensors))

    def show_analysis(self, analysis: Analysis) -> None:
        """Show the operations, as far as the filter lets them through."""
        self._answer.take(analysis)

    def _ask(self, name: str, arguments: Mapping[str, Any]) -> None:
        self._operations = None
        self.count.setText("Tracing the graph …")
        self.analysis_requested.emit(name, arguments)

    def _show_answer(self, analysis: Analysis) -> None:
        if not analysis.problem:
            self._operations = tuple(analysis.result)
            self._draw()

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
