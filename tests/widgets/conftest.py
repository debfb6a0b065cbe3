"""The window's look, once, as the application sets it up."""

from __future__ import annotations

import pytest
from PyQt5.QtWidgets import QApplication

from widgets.style.application import apply_theme
from widgets.style.theme import DARK


@pytest.fixture(autouse=True, scope="module")
def dark_window(qapp: QApplication) -> None:
    apply_theme(qapp, DARK)
