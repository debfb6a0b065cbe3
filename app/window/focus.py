"""Whose key it is: the control's that has the focus, or the window's shortcuts.

Serves the window, which asks before a shortcut is taken, and for what controls don't do by themselves.
"""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QToolButton,
    QWidget,
)

from widgets.knobs.leaving import leave

ENTER = (Qt.Key_Return, Qt.Key_Enter)
MOVES = (
    Qt.Key_Left, Qt.Key_Right, Qt.Key_Up, Qt.Key_Down, Qt.Key_Home, Qt.Key_End, Qt.Key_PageUp, Qt.Key_PageDown,
)  # fmt: skip
COMMANDS = Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier


def belongs_to(control: QWidget | None, event: QKeyEvent) -> bool:
    """Whether a key is the control's own, so that no shortcut may take it; Space and Return are every control's."""
    if control is None or event.modifiers() & COMMANDS:
        return False
    key, types = event.key(), bool(event.text()) and event.text().isprintable()
    if isinstance(control, QAbstractButton):
        return key == Qt.Key_Space or key in ENTER
    if isinstance(control, QComboBox):  # a letter chooses the next entry that begins with it
        return types or key in ENTER
    if isinstance(control, QAbstractItemView):
        return types or key in ENTER or key in MOVES
    return isinstance(control, QAbstractSlider) and key in MOVES and not event.modifiers()


def enter(control: QWidget | None) -> bool:
    """What Return does in a control that leaves it to the window; False where it does nothing.

    A field has given out its text by now. It keeps the focus while what was typed still stands in it, for then it was
    refused, and the person will mend it.
    """
    if isinstance(control, QToolButton) and control.menu() is not None:
        control.showMenu()
    elif isinstance(control, QAbstractButton):
        control.click()
    elif isinstance(control, QComboBox):
        control.showPopup()
    else:
        return isinstance(control, QLineEdit) and not control.isModified() and leave(control)
    return True
