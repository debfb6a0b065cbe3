"""The window's questions for files and folders, each a dialog beside which the window goes on."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFileDialog, QWidget

from app.files.opening import filters

Chosen = Callable[[str], None]


def ask_for_file(parent: QWidget, chosen: Chosen) -> None:
    """A file of any kind that can be opened."""
    dialog = _dialog(parent, "Open", "open_dialog", chosen)
    dialog.setFileMode(QFileDialog.ExistingFile)
    dialog.setNameFilters(filters())
    dialog.open()


def ask_where_to_save(parent: QWidget, chosen: Chosen) -> None:
    """A name for the runs."""
    dialog = _dialog(parent, "Save the runs of all pages", "save_dialog", chosen)
    dialog.setAcceptMode(QFileDialog.AcceptSave)
    dialog.setNameFilter("Recordings (*.fallline)")
    dialog.setDefaultSuffix("fallline")
    dialog.open()


def ask_for_pictures(parent: QWidget, chosen: Chosen) -> None:
    """A folder of pictures."""
    dialog = _dialog(parent, "A folder of pictures, which one network paints", "folder_dialog", chosen)
    dialog.setFileMode(QFileDialog.Directory)
    dialog.open()


def ask_where_the_homework_goes(parent: QWidget, chosen: Chosen) -> None:
    """A folder for what the homework leaves."""
    dialog = _dialog(parent, "A folder for reference.png and the animations", "homework_dialog", chosen)
    dialog.setFileMode(QFileDialog.Directory)
    dialog.setOption(QFileDialog.ShowDirsOnly)
    dialog.open()


def _dialog(parent: QWidget, title: str, name: str, chosen: Chosen) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WA_DeleteOnClose)
    dialog.fileSelected.connect(chosen)
    return dialog
