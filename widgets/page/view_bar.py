"""ViewBar: which view of the picture is shown, as a row of words, or a drop-down where the row has no room.

Serves the knob named ``view``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt5.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QStackedLayout, QToolButton, QWidget

from engine.knobs import Knob
from widgets.knobs.choice_box import ChoiceBox
from widgets.knobs.wording import tool_tip


class ViewBar(QWidget):
    """The value is the view's name; the control with the knob's objectName is the drop-down, shown or not."""

    valueChanged = pyqtSignal(str)

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._knob = knob
        self._offered: Mapping[str, str] = {}
        self._row = QFrame(self)
        self._row.setObjectName("view_bar")
        self._words = QHBoxLayout(self._row)
        self._row.setFrameShape(QFrame.NoFrame)
        self._words.setContentsMargins(2, 2, 2, 2)
        self._words.setSpacing(2)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        for name, label in knob.choices.items():
            button = QToolButton()
            button.setObjectName(f"view_{name}")
            button.setProperty("role", "segment")
            button.setText(_titled(label))
            button.setCheckable(True)
            button.setAccessibleName(f"View: {label}")
            button.setToolTip(f"Show {label}.")
            button.setFocusPolicy(Qt.TabFocus)
            button.clicked.connect(lambda _checked, name=name: self._take(name))
            self._group.addButton(button)
            self._words.addWidget(button)
            self._buttons[name] = button
        self._box = ChoiceBox({name: _titled(label) for name, label in knob.choices.items()})
        self._box.setObjectName(knob.name)
        self._box.setAccessibleName(knob.label)
        self._box.setToolTip(tool_tip(knob))
        self._box.valueChanged.connect(self._take)
        self._layout = QStackedLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSizeConstraint(QStackedLayout.SetNoConstraint)
        self._layout.addWidget(self._row)
        self._layout.addWidget(self._box)
        self.setSizePolicy(QSizePolicy.Maximum, QSizePolicy.Maximum)
        self._value = knob.default

    def value(self) -> str:
        """The name of the view that is chosen."""
        return self._value

    def show_settings(self, settings: Any) -> None:
        """Show what is chosen and what is offered with these settings, silently."""
        offered = self._knob.offered_choices(settings)
        if offered != self._offered:
            self._offered = offered
            for name, button in self._buttons.items():
                button.setVisible(name in offered)
            self._box.set_choices({name: _titled(label) for name, label in offered.items()})
        self._show(self._knob.offered_value(settings))

    def has_choice(self) -> bool:
        """Whether more than one view is offered."""
        return len(self._offered) > 1

    def width_of_row(self) -> int:
        """How wide the row of words is."""
        return self._row.sizeHint().width()

    def width_of_box(self) -> int:
        """How wide the drop-down is."""
        return self._box.sizeHint().width()

    def use_row(self, has_room: bool) -> None:
        """Whether there is room for the row; else the drop-down is shown."""
        self._layout.setCurrentWidget(self._row if has_room else self._box)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return self._layout.currentWidget().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._box.minimumSizeHint()

    def _take(self, name: str) -> None:
        if name != self._value:
            self._show(name)
            self.valueChanged.emit(name)

    def _show(self, name: str) -> None:
        self._value = name
        if name in self._buttons:
            self._buttons[name].setChecked(True)
        with QSignalBlocker(self._box):
            self._box.setValue(name)


def _titled(label: str) -> str:
    return label[:1].upper() + label[1:]
