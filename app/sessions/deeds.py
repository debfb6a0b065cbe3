"""Deeds: what a hand did on a page, each named, so that it can be undone and done again. Serves the session."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from PyQt5.QtWidgets import QUndoCommand, QUndoStack

from engine.history.lane_log import changes
from engine.knobs import Knob, differing
from engine.run.spec import RunSpec

LONGEST_NAME = 60  # letters of it in the menu
DRAG_SECONDS = 0.7  # between two moves of a hand that is still at the same thing

_kinds: dict[str, int] = {}
_numbers = itertools.count(1)


class Deed(QUndoCommand):
    """One entry of the Edit menu. It has been done already when it is pushed.

    Args:
        text: its name, lower case: "learning rate 0.01 → 0.002".
        undo, redo: what takes it back, and what does it again.
        kind: deeds of one kind that follow each other at once are one; "" for never.

    ``lane``: the run that it ended, if that took work; undone, it is that which ``go_to`` brings back.
    """

    def __init__(self, text: str, undo: Callable[[], None], redo: Callable[[], None], kind: str = "") -> None:
        super().__init__(text)
        self._undo, self._redo = undo, redo
        self._kind = _kinds.setdefault(kind, next(_numbers)) if kind else -1
        self._when = time.monotonic()
        self._is_done = True
        self.ends_run = False
        self.lane: int | None = None
        self.go_to: Callable[[int], None] | None = None

    def id(self) -> int:
        """Qt's: which deeds may be one."""
        return self._kind

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Qt's: whether the next one, of the same kind, is part of this one; a drag is one deed."""
        if not isinstance(other, Deed) or other._when - self._when > DRAG_SECONDS:
            return False
        self._redo, self._when = other._redo, other._when
        self.setText(other.text() if "→" not in self.text() else _joined(self.text(), other.text()))
        return True

    def undo(self) -> None:
        """Take it back."""
        if self.lane is not None and self.go_to is not None:
            self.go_to(self.lane)
        else:
            self._undo()

    def redo(self) -> None:
        """Do it again; nothing when it is pushed."""
        if self._is_done:
            self._is_done = False
        else:
            self._redo()


class Deeds:
    """A page's deeds in their order. ``go_to`` shows a lane, by its number, as it was at its end."""

    def __init__(self, stack: QUndoStack, go_to: Callable[[int], None]) -> None:
        self.stack, self._go_to = stack, go_to
        self._is_repeating = False  # one is undone or done again: that is none of its own

    def push(
        self, text: str, undo: Callable[[], None], redo: Callable[[], None], kind: str = "", ends_run: bool = False
    ) -> None:
        """Something was done. ``kind``: deeds of one kind that follow each other at once are one, "" for never."""
        if self._is_repeating:
            return
        deed = Deed(text, self._repeating(undo), self._repeating(redo), kind)
        deed.ends_run, deed.go_to = ends_run, self._repeating(self._go_to)
        self.stack.push(deed)

    def ended(self, lane: int) -> None:
        """The newest deed has ended this run, which took work: undone, it is what comes back."""
        deed = self.stack.command(self.stack.index() - 1) if self.stack.index() else None
        if isinstance(deed, Deed) and deed.ends_run and deed.lane is None:
            deed.lane = lane

    def _repeating(self, work: Callable[..., None]) -> Callable[..., None]:
        def repeat(*arguments: int) -> None:
            self._is_repeating = True
            try:
                work(*arguments)
            finally:
                self._is_repeating = False

        return repeat


def named(before: RunSpec, after: RunSpec) -> str:
    """What a deed at knobs is called: "learning rate 0.01 → 0.002"."""
    moved = differing(before.settings, after.settings)
    text = changes(before, after) or ", ".join(knob.label.lower() for knob in moved)
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]} …"


def shown_value(spec: RunSpec, knob: Knob) -> str:
    """A knob's value as a person reads it."""
    value = getattr(spec.settings, knob.name)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value) or "none"
    return str(knob.choices.get(value, value))


def _joined(first: str, last: str) -> str:
    """ "a 1 → 2" and "a 2 → 3": "a 1 → 3"."""
    return f"{first.split(' → ')[0]} → {last.split(' → ')[-1]}"
