"""The pages of the Help menu: all keys, and what this program is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PyQt5.QtWidgets import QWidget

from app.window.actions import ACTIONS, OTHER_KEYS
from app.window.message_dialog import MessageDialog


def show_keys(window: QWidget) -> None:
    """Every key and what it does, from the same rows as the menus."""
    does = [(" or ".join(row.keys), row.text.replace("&", "")) for row in ACTIONS if row.keys]
    rows = [
        f"<tr><td style='padding:3px 24px 3px 0'><b>{keys}</b></td><td style='padding:3px 0'>{what}</td></tr>"
        for keys, what in (*does, *OTHER_KEYS)
    ]
    MessageDialog("All keys", f"<table>{''.join(rows)}</table>", window).open()


def show_about(window: QWidget) -> None:
    """What Fall Line is, and under which licence."""
    MessageDialog(
        "About Fall Line",
        f"<p><b>Fall Line {own_version()}</b> shows gradient descent: on cost landscapes, in a regression, and in a "
        "network that paints a picture.</p><p>Every picture is computed while you look, by TensorFlow.</p>"
        "<p>Free software under the GNU General Public License, version 3 or later.</p>",
        window,
    ).open()


def own_version() -> str:
    """This program's, or nothing where it is not installed."""
    try:
        return version("fall-line")
    except PackageNotFoundError:
        return ""
