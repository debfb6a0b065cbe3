"""TextKnob: a knob that is typed: several numbers, one whole number with a die, or a text. Serves the knob."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QFileDialog, QHBoxLayout, QToolButton, QWidget

from engine.knobs import FOLDER, Kind, Knob, KnobError
from widgets.knobs.value_field import ValueField
from widgets.knobs.wording import plain_error
from widgets.style import icons
from widgets.style.number_text import field
from widgets.style.plain_text import plain_tip
from widgets.style.theme import Theme

MOST_THROWN = 9999  # a seed that a person can read out


class TextKnob(QWidget):
    """A text field that gives out parsed values only; ``rejected`` says in one sentence what was wrong."""

    valueChanged = pyqtSignal(object)
    rejected = pyqtSignal(str)

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._knob = knob
        self._value = knob.default
        self._field = ValueField(self)
        self._field.setProperty("role", "")
        self._field.setAlignment(Qt.AlignLeft | Qt.AlignVCenter)
        self._field.setAccessibleName(knob.label)
        self._field.entered.connect(self._take_text)
        if knob.kind is Kind.TEXT:
            self._field.textEdited.connect(self._check_while_typing)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._field)
        self._dice: QToolButton | None = None
        if knob.kind is Kind.WHOLE:
            self._dice = QToolButton(self)
            self._dice.setProperty("role", "button")
            self._dice.setObjectName(f"new_{knob.name}")
            self._dice.setAccessibleName(f"New {knob.label.lower()}")
            self._dice.setToolTip(f"Throw a new {knob.label.lower()}.")
            self._dice.clicked.connect(lambda: self._take(random.randint(0, MOST_THROWN)))
            layout.addWidget(self._dice)
        elif knob.kind is Kind.FILE:
            browse = QToolButton(self)
            browse.setProperty("role", "button")
            browse.setObjectName(f"browse_{knob.name}")
            browse.setText("…")
            browse.setAccessibleName(f"Choose: {knob.label.lower()}")
            browse.setToolTip(f"Choose: {knob.label.lower()}.")
            browse.clicked.connect(self._browse)
            layout.addWidget(browse)
        if knob.kind is not Kind.WHOLE:
            self._field.setPlaceholderText(knob.hint or "not set")
        self.setFocusProxy(self._field)
        self._show_value()

    def set_theme(self, theme: Theme) -> None:
        """Draw the die in the theme's colour."""
        if self._dice:
            size = theme.px(16)
            self._dice.setIcon(icons.icon("dice", theme.text, size))
            self._dice.setIconSize(QSize(size, size))

    def value(self) -> Any:
        """The parsed value: an int, a tuple of floats, or a text."""
        return self._value

    def setValue(self, value: Any) -> None:
        """Set the value; emits ``valueChanged`` when it is another one.

        Raises:
            KnobError: the knob does not take it.
        """
        self._take(self._knob.parse(value))

    def show_again(self) -> None:
        """Put the value that holds into the field, whatever was typed there."""
        self._show_value()

    def _take_text(self, text: str) -> None:
        try:
            value = self._knob.parse(text)
        except KnobError as error:
            if self._knob.kind is not Kind.TEXT:  # a long text with one slip in it is left to be mended
                self._show_value()
            self.rejected.emit(plain_error(self._knob, str(error)))
            return
        self.rejected.emit("")
        self._take(value)

    def _check_while_typing(self, text: str) -> None:
        try:
            self._knob.parse(text)
            self.rejected.emit("")
        except KnobError as error:
            self.rejected.emit(plain_error(self._knob, str(error)))

    def _browse(self) -> None:
        dialog = QFileDialog(self, self._knob.label, str(Path(self._value).parent) if self._value else "")
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.Directory if self._knob.files == FOLDER else QFileDialog.ExistingFile)
        if self._knob.files != FOLDER:
            dialog.setNameFilters([self._knob.files or "All files (*)", "All files (*)"])
        dialog.fileSelected.connect(self._take_text)
        dialog.open()

    def _take(self, value: Any) -> None:
        changed = value != self._value
        self._value = value
        self._show_value()
        if changed:
            self.valueChanged.emit(value)

    def _show_value(self) -> None:
        if self._knob.kind is Kind.NUMBERS:
            self._field.setText(", ".join(field(number, whole=False) for number in self._value))
        elif self._knob.kind in (Kind.TEXT, Kind.FILE):
            self._field.setText(self._value)
            self._field.setToolTip(plain_tip(self._value) or self.toolTip())
        else:
            self._field.setText(field(self._value, whole=True))
        if not self._field.hasFocus():
            self._field.setCursorPosition(0)  # a long text is read from its beginning
