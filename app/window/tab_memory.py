"""TabMemory: Tab goes on where the focus last was, also after a value was entered and the keys are the picture's again.

Serves the window.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt5 import sip
from PyQt5.QtCore import QObject, Qt
from PyQt5.QtWidgets import QApplication, QWidget


class TabMemory(QObject):
    """Remembers the control that the focus left for the page.

    Args:
        window: whose Tab it is.
        page: the page in front, which has the focus where no control has it.
    """

    def __init__(self, window: QWidget, page: Callable[[], QWidget]) -> None:
        super().__init__(window)
        self._page = page
        self._left: QWidget | None = None
        QApplication.instance().focusChanged.connect(self._follow)

    def move(self, goes_on: bool, move: Callable[[bool], bool]) -> bool:
        """``move(goes_on)``, from the control that was left where the page has the focus now; whether it moved."""
        page, left = self._page(), self._left
        if left is not None and not sip.isdeleted(left) and page.hasFocus() and page.isAncestorOf(left):
            left.setFocus(Qt.TabFocusReason)  # which one that is hidden by now doesn't take
        moved = move(goes_on)
        if page.hasFocus():  # it has come round: the next one begins anew
            self.forget()
        return moved

    def forget(self) -> None:
        """The next Tab goes to the page's first control."""
        self._left = None

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is self._page():
            self._left = old if old is not None and new.isAncestorOf(old) else None
