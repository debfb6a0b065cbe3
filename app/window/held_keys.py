"""HeldKeys: a key that is held down does a thing once. Serves the window.

X tells of a held key as of a release and a press at the same time, over and over, and Qt takes only some of these for
repetitions: Space would start and pause a run 25 times a second, and press a button as often.
"""

from __future__ import annotations

from collections.abc import Iterable

from PyQt5 import sip
from PyQt5.QtCore import QEvent, QObject, Qt
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from app.window import focus

ONCE = (Qt.Key_Space, Qt.Key_Escape, *focus.ENTER)  # in every control but a field


class HeldKeys(QObject):
    """Watches the widget that has the focus.

    Args:
        window: whose keys these are.
        toggles: the shortcuts that a held key doesn't repeat.
    """

    def __init__(self, window: QWidget, toggles: Iterable[QKeySequence]) -> None:
        super().__init__(window)
        self._toggles = {keys.toString() for keys in toggles}
        self._released = (0, -1)  # the key that was released last, and when: ms of the window system's clock
        QApplication.instance().focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.KeyRelease:
                self._released = (event.key(), event.timestamp())
                return _is_press_of(watched, event)
            case QEvent.ShortcutOverride if self._is_repeated(event, watched):
                event.accept()  # no shortcut then, and as a key it is dropped
                return True
            case QEvent.KeyPress if self._is_repeated(event, watched):
                return True
            case QEvent.KeyPress if _is_press_of(watched, event):
                return focus.enter(watched)
        return False

    def _is_repeated(self, event: QKeyEvent, control: QObject) -> bool:
        """Whether it is a repetition, of a key that does something once."""
        is_at_once = event.timestamp() > 0 and (event.key(), event.timestamp()) == self._released
        if not event.isAutoRepeat() and not is_at_once:
            return False
        if event.key() in ONCE and not event.modifiers():
            return not isinstance(control, QLineEdit)
        return QKeySequence(event.key() | int(event.modifiers())).toString() in self._toggles and not (
            isinstance(control, QWidget) and _types(control, event)
        )

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and not sip.isdeleted(old):
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)


def _is_press_of(control: QObject, event: QKeyEvent) -> bool:
    """Space on a button: it is pressed as the key goes down, since nobody can tell which release is the last one."""
    return isinstance(control, QAbstractButton) and event.key() == Qt.Key_Space and not event.modifiers()


def _types(control: QWidget, event: QKeyEvent) -> bool:
    return isinstance(control, QLineEdit) or focus.belongs_to(control, event)
