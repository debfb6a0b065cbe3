"""ChoicesButton: several of several, in a menu that stays open while they are ticked. Serves the knob."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import QAction, QMenu, QSizePolicy, QToolButton, QWidget


class ChoicesButton(QToolButton):
    """Its text says how many are chosen; its value is their names, in the order of declaration."""

    valueChanged = pyqtSignal(object)

    def __init__(self, choices: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "button")
        self.setPopupMode(QToolButton.InstantPopup)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        menu = _StayingMenu(self)
        self._actions: dict[str, QAction] = {}
        for name, label in choices.items():
            action = menu.addAction(label)
            action.setCheckable(True)
            action.triggered.connect(self._ticked)
            self._actions[name] = action
        self.setMenu(menu)
        self._show_count()

    def value(self) -> tuple[str, ...]:
        """The names of what is ticked."""
        return tuple(name for name, action in self._actions.items() if action.isChecked())

    def setValue(self, names: Iterable[str]) -> None:
        """Tick exactly these; emits ``valueChanged`` when that changes anything."""
        before = self.value()
        wanted = set(names)
        for name, action in self._actions.items():
            action.setChecked(name in wanted)
        if self.value() != before:
            self._ticked()

    def _ticked(self) -> None:
        self._show_count()
        self.valueChanged.emit(self.value())

    def _show_count(self) -> None:
        chosen = self.value()
        if len(chosen) == 1:
            self.setText(self._actions[chosen[0]].text())
        else:
            self.setText(f"{len(chosen)} chosen" if chosen else "none")


class _StayingMenu(QMenu):
    """A menu in which a click or the space bar ticks an entry and leaves the menu open."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.activeAction()
        if action is not None and action.isCheckable():
            action.trigger()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key_Space and action is not None and action.isCheckable():
            action.trigger()
            return
        super().keyPressEvent(event)
