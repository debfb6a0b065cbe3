"""ChoiceBox: one of several, by name. Serves the knob."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtWidgets import QComboBox, QWidget

from widgets.knobs.leaving import leave


class ChoiceBox(QComboBox):
    """A combo box whose value is the option's name, and whose text is its label. The wheel is left to the panel."""

    valueChanged = pyqtSignal(object)

    def __init__(self, choices: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_open = False
        for name, label in choices.items():
            self.addItem(label, name)
        self.setSizeAdjustPolicy(QComboBox.AdjustToContents)
        self.setMaxVisibleItems(20)
        self.setFocusPolicy(Qt.StrongFocus)  # the wheel doesn't give it the focus
        self.currentIndexChanged.connect(lambda _index: self.valueChanged.emit(self.value()))

    def value(self) -> str:
        """The chosen option's name."""
        return self.currentData()

    def setValue(self, name: str) -> None:
        """Choose an option by its name; an unknown name changes nothing."""
        index = self.findData(name)
        if index >= 0:
            self.setCurrentIndex(index)

    def set_choices(self, choices: Mapping[str, str]) -> None:
        """Other options, silently; the chosen one stays if it is still there."""
        chosen = self.value()
        with QSignalBlocker(self):
            self.clear()
            for name, label in choices.items():
                self.addItem(label, name)
            self.setValue(chosen)

    def sizeHint(self) -> QSize:
        # the style sheet's padding beside the arrow isn't counted in full, and large letters were cut
        return super().sizeHint() + QSize(self.fontMetrics().height() // 4, 0)

    def showPopup(self) -> None:
        self._is_open = True
        super().showPopup()

    def hidePopup(self) -> None:
        super().hidePopup()
        if self._is_open:  # Qt hides it also where it wasn't shown
            self._is_open = False
            leave(self)  # the choice is made

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
