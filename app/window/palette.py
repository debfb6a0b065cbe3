"""The palette: every action, scene, knob and chapter, found by typing a few letters of it. Serves the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QEvent, QObject, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

WIDTH, HEIGHT = 520, 380  # px of the usual theme
NOTHING = "Nothing is called so."


@dataclass(frozen=True)
class Entry:
    """Something that can be done: what it is (``kind``), its words, and what else it is found by (``hint``)."""

    kind: str
    words: str
    do: Callable[[], None]
    hint: str = ""


def ranked(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Those in whose words every typed word stands, those first that begin with it, then by where it stands."""
    wanted = typed.lower().split()

    def place(entry: Entry) -> tuple[int, ...] | None:
        text = f"{entry.words} {entry.kind} {entry.hint}".lower()
        found = [text.find(word) for word in wanted]
        return None if -1 in found else (0 if not found or found[0] == 0 else 1, *found)

    placed = [(place(entry), number) for number, entry in enumerate(entries)]
    return [entries[number] for where, number in sorted((w, n) for w, n in placed if w is not None)]


class Palette(QDialog):
    """Down and Up choose, Return does it, Escape leaves everything as it was."""

    def __init__(self, entries: Sequence[Entry], scale: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setWindowTitle("Find")
        self.setAttribute(Qt.WA_DeleteOnClose)
        self._entries = entries
        self.field = QLineEdit()
        self.field.setObjectName("palette_field")
        self.field.setAccessibleName("Find an action, a scene, a knob or a chapter")
        self.field.setPlaceholderText("an action, a scene, a knob, a chapter …")
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._fill)
        self.list = QListWidget()
        self.list.setObjectName("palette_list")
        self.list.setProperty("role", "choice")
        self.list.setFocusPolicy(Qt.NoFocus)
        self.list.itemClicked.connect(lambda _: self._do())
        self.nothing = QLabel(NOTHING)
        self.nothing.setProperty("role", "quiet")
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 1)
        self.resize(round(WIDTH * scale), round(HEIGHT * scale))
        self._fill("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.KeyPress or not isinstance(event, QKeyEvent):
            return False
        by = {Qt.Key_Down: 1, Qt.Key_Up: -1, Qt.Key_PageDown: 8, Qt.Key_PageUp: -8}.get(event.key())
        if by is not None and self.list.count():
            self.list.setCurrentRow(min(max(self.list.currentRow() + by, 0), self.list.count() - 1))
            return True
        if event.key() in (Qt.Key_Return, Qt.Key_Enter):
            self._do()
            return True
        return False

    def _fill(self, typed: str) -> None:
        self.list.clear()
        for entry in ranked(self._entries, typed):
            item = QListWidgetItem(f"{entry.words}   ·   {entry.kind}")
            item.setData(Qt.UserRole, entry)
            item.setToolTip(entry.hint)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.nothing.setVisible(not self.list.count())

    def _do(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        entry: Entry = item.data(Qt.UserRole)
        self.close()
        entry.do()
