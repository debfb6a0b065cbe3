"""leave(): where the focus goes when a control is done with. Serves every control."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QWidget


def leave(control: QWidget | None) -> bool:
    """Give the focus back to the page that the control stands on, whose keys are the window's; False without one."""
    around = control.parentWidget() if control is not None else None
    while around is not None and not around.focusPolicy() & Qt.ClickFocus:
        around = around.parentWidget()
    if around is None:
        return False
    around.setFocus(Qt.OtherFocusReason)
    return True
