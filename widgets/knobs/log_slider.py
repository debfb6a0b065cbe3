"""LogSlider: a number's slider that says its value, and takes a typed one too. Serves the knob.

The value shown is the truth, not the handle: a typed 0.00123456 stays as it was typed, and the handle stands next
to it.
"""

from __future__ import annotations

from dataclasses import replace

from PyQt5.QtCore import QEvent, QRect, QSignalBlocker, Qt, pyqtSignal
from PyQt5.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import QGridLayout, QSizePolicy, QStyle, QStyleOptionSlider, QWidget

from engine.knobs import Kind, Knob, KnobError
from widgets.knobs.plain_slider import PlainSlider
from widgets.knobs.row_label import RowLabel
from widgets.knobs.slider_scale import POSITIONS, SliderScale
from widgets.knobs.value_field import ValueField
from widgets.knobs.wording import plain_error, tool_tip
from widgets.style.number_text import field


class LogSlider(QWidget):
    """Label left, editable value right, and the track between or below; logarithmic where the knob says so.

    ``valueChanged`` follows every movement. ``rejected`` carries one sentence about a typed value that the knob
    does not take; the old value is then back in the field.
    """

    valueChanged = pyqtSignal(object)
    rejected = pyqtSignal(str)

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._knob = knob
        self._whole = knob.kind is Kind.WHOLE
        self._places = SliderScale(*(knob.track or (knob.low, knob.high)), knob.logarithmic, self._whole)
        # by keys a rate goes on below its track, as far as the knob does
        self._scale = replace(self._places, low=knob.low, high=knob.high) if knob.logarithmic else self._places
        self._value = self._home = knob.default
        self.setObjectName(knob.name)
        self.setAccessibleName(knob.label)
        self.setToolTip(tool_tip(knob) + "<br>Double-click: back to the scene's value.")

        self._label = RowLabel(knob.label)
        self._field = ValueField(self) if knob.logarithmic else ValueField(self, widest="0.99999")
        self._field.setAccessibleName(f"{knob.label}, value")
        self._field.entered.connect(self._take_text)
        self._track = _Track(self)
        self._track.setAccessibleName(knob.label)
        self._track.valueChanged.connect(self._take_position)
        self._track.stepped.connect(lambda steps: self._take(self._scale.stepped(self._value, steps)))
        self._track.leapt.connect(lambda direction: self._take(self._scale.leapt(self._value, direction)))
        self._track.default_wanted.connect(self._go_home)

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.setHorizontalSpacing(8)
        layout.addWidget(self._label, 0, 0)
        layout.setColumnStretch(1, 1)
        if knob.logarithmic:  # many decades want a long track, below the label
            layout.addWidget(self._field, 0, 1, Qt.AlignRight)
            layout.addWidget(self._track, 1, 0, 1, 2)
        else:
            self._field.setSizePolicy(QSizePolicy.Maximum, QSizePolicy.Fixed)
            layout.addWidget(self._track, 0, 1)
            layout.addWidget(self._field, 0, 2)
        self._show_value()

    def value(self) -> float:
        """The knob's value: an int for a whole number."""
        return self._value

    def setValue(self, value: float) -> None:
        """Set the value, moving the handle; emits ``valueChanged`` when it is another one.

        Raises:
            KnobError: the knob does not take it.
        """
        self._take(self._knob.parse(value))

    def nudge(self, direction: int) -> None:
        """Go up or down by what is seen from the back row: 1 for whole numbers, else the next of 1, 2, 5, 10, ..."""
        if self._whole:
            self._take(self._scale.stepped(self._value, direction))
        else:
            self._take(self._scale.leapt(self._value, direction))

    def focusInEvent(self, event: QFocusEvent) -> None:
        # no focus proxy, with which Tab would go past the field
        self._track.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that reach the widget itself work as on its handle."""
        self._track.keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double-click beside the handle, on the label, goes back to the scene's value."""
        self._go_home()

    def set_home(self, value: float) -> None:
        """The value that a double-click goes back to: the scene's own."""
        self._home = value

    def _go_home(self) -> None:
        self._take(self._home)

    def _take_position(self, position: int) -> None:
        self._take(self._places.value(position), move_handle=False)

    def _take_text(self, text: str) -> None:
        try:
            value = self._knob.parse(text)
        except KnobError as error:
            self._show_value()
            self.rejected.emit(plain_error(self._knob, str(error)))
            return
        self._take(value)

    def _take(self, value: float, move_handle: bool = True) -> None:
        changed = value != self._value
        self._value = value
        self._show_value(move_handle)
        if changed:
            self.valueChanged.emit(value)

    def _show_value(self, move_handle: bool = True) -> None:
        text = field(self._value, self._whole) + (f" {self._knob.unit}" if self._knob.unit else "")
        self._field.setText(text)
        self._track.setAccessibleName(f"{self._knob.label}, {text}")  # a reader would say the handle's place alone
        if move_handle:
            with QSignalBlocker(self._track):
                self._track.setValue(self._places.position(self._value))


class _Track(PlainSlider):
    """The handle and its groove: a press anywhere takes the handle there, and the wheel is left to the panel."""

    stepped = pyqtSignal(int)
    leapt = pyqtSignal(int)
    default_wanted = pyqtSignal()

    _STEPS = {Qt.Key_Right: 1, Qt.Key_Up: 1, Qt.Key_Left: -1, Qt.Key_Down: -1}  # noqa: RUF012
    _LEAPS = {Qt.Key_PageUp: 1, Qt.Key_PageDown: -1}  # noqa: RUF012

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setRange(0, POSITIONS)
        self._grip = 0  # px from the handle's middle to where it was taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in self._STEPS:
            self.stepped.emit(self._STEPS[event.key()])
        elif event.key() in self._LEAPS:
            self.leapt.emit(self._LEAPS[event.key()])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.LeftButton:
            event.ignore()
            return
        handle = self._handle()
        self._grip = event.x() - handle.center().x() if handle.contains(event.pos()) else 0
        self.setSliderDown(True)
        self._follow(event.x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.default_wanted.emit()

    def event(self, event: QEvent) -> bool:
        # the arrow keys are this control's, whatever shortcut the window has on them
        if event.type() == QEvent.ShortcutOverride and event.key() in self._STEPS and not event.modifiers():
            event.accept()
            return True
        return super().event(event)

    def _follow(self, x: int) -> None:
        half = self._handle().width() // 2
        place = x - self._grip - half
        self.setValue(QStyle.sliderValueFromPosition(0, POSITIONS, place, max(1, self.width() - 2 * half)))

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(QStyle.CC_Slider, option, QStyle.SC_SliderHandle, self)
