"""KnobRow: one knob's control with its label, and the place for one sentence when a value was wrong.

Which control shows which kind of knob is decided here, in one table. Serves the knob.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt5.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.knobs import Kind, Knob
from widgets.knobs.choice_box import ChoiceBox
from widgets.knobs.choices_button import ChoicesButton
from widgets.knobs.log_slider import LogSlider
from widgets.knobs.row_label import RowLabel
from widgets.knobs.text_knob import TextKnob
from widgets.knobs.toggle import Toggle
from widgets.knobs.wording import tool_tip
from widgets.style.plain_text import show_plainly
from widgets.style.theme import Theme

LONGEST_SLIDER = 10_000_000  # a linear range longer than this is a number to type, not to slide


class KnobRow(QWidget):
    """A row of the knob panel; ``changed`` carries every new value of its control."""

    changed = pyqtSignal(object)

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WA_StyledBackground)
        self.knob = knob
        self.control = _control(knob)
        self.control.setObjectName(knob.name)
        self.control.setAccessibleName(knob.label)
        self.control.setAccessibleDescription(knob.help)
        if not self.control.toolTip():
            self.control.setToolTip(tool_tip(knob))
        self._remark = QLabel()
        self._remark.setProperty("role", "quiet")
        self._remark.setWordWrap(True)
        self._remark.hide()
        self._error = QLabel()
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        show_plainly(self._remark, self._error)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        if isinstance(self.control, LogSlider | Toggle):
            layout.addWidget(self.control)
        else:
            label = RowLabel(knob.label)
            label.setBuddy(self.control)
            label.setToolTip(self.control.toolTip())
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(label)
            line.addWidget(self.control, 1)
            layout.addLayout(line)
        layout.addWidget(self._remark)
        layout.addWidget(self._error)

        if isinstance(self.control, Toggle):
            self.control.toggled.connect(self._take)
        else:
            self.control.valueChanged.connect(self._take)
        if isinstance(self.control, LogSlider | TextKnob):
            self.control.rejected.connect(self.show_error)

    def value(self) -> Any:
        """What the control says now."""
        return self.control.isChecked() if isinstance(self.control, Toggle) else self.control.value()

    def show_value(self, value: Any) -> None:
        """Set the control without a word to anyone."""
        with QSignalBlocker(self.control):
            if isinstance(self.control, Toggle):
                self.control.setChecked(value)
            else:
                self.control.setValue(value)

    def set_home(self, value: Any) -> None:
        """The scene's own value, which a slider goes back to."""
        if isinstance(self.control, LogSlider):
            self.control.set_home(value)

    def forget_error(self) -> None:
        """No sentence, and in the control the value that holds, whatever was typed."""
        self.show_error("")
        if isinstance(self.control, TextKnob):
            self.control.show_again()

    def offer(self, settings: Any) -> None:
        """Show only the options that mean something with these settings, and what has to be said beside the value."""
        remark = self.knob.remark_for(settings)
        if remark != self._remark.text():
            self._remark.setText(remark)
            self._remark.setVisible(bool(remark))
        if isinstance(self.control, ChoiceBox) and self.knob.offered is not None:
            self.control.set_choices(self.knob.offered_choices(settings))

    def glow(self, glows: bool) -> None:
        """Whether this is a knob to play with now."""
        if bool(self.property("glows")) != glows:
            self.setProperty("glows", glows)
            self.style().unpolish(self)
            self.style().polish(self)

    def nudge(self, direction: int) -> None:
        """Move the control a notch up (+1) or down (-1), where it is a slider."""
        if isinstance(self.control, LogSlider):
            self.control.nudge(direction)

    def show_error(self, sentence: str) -> None:
        """One sentence under the control, until the next valid value; an empty one takes it away."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def remark(self) -> str:
        """What is said beside the value, or nothing."""
        return self._remark.text()

    def error(self) -> str:
        """The sentence that is shown, or nothing."""
        return self._error.text()

    def set_theme(self, theme: Theme) -> None:
        """Only the die has a colour of its own; the style sheet does the rest."""
        if isinstance(self.control, TextKnob):
            self.control.set_theme(theme)

    def _take(self, value: Any) -> None:
        self.show_error("")
        self.changed.emit(value)


def _number(knob: Knob) -> QWidget:
    if knob.high - knob.low > LONGEST_SLIDER and not knob.logarithmic:
        return TextKnob(knob)
    return LogSlider(knob)


_CONTROLS: dict[Kind, Callable[[Knob], QWidget]] = {
    Kind.NUMBER: _number,
    Kind.WHOLE: _number,
    Kind.CHOICE: lambda knob: ChoiceBox(knob.choices),
    Kind.SWITCH: lambda knob: Toggle(knob.label),
    Kind.NUMBERS: TextKnob,
    Kind.TEXT: TextKnob,
    Kind.FILE: TextKnob,
    Kind.CHOICES: lambda knob: ChoicesButton(knob.choices),
}


def _control(knob: Knob) -> QWidget:
    control = _CONTROLS[knob.kind](knob)
    if isinstance(control, ChoiceBox):
        control.setValue(knob.default)
    return control
