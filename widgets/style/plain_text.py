"""Words that people bring, shown letter by letter: Qt takes a text with tags in it for HTML unless it is told."""

from __future__ import annotations

from html import escape

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel


def plain_tip(text: str) -> str:
    """A tooltip that says just this text, its line breaks kept."""
    return "<span>" + escape(text).replace("\n", "<br>") + "</span>" if text else ""


def show_plainly(*labels: QLabel) -> None:
    """These labels show whatever they are given letter by letter."""
    for label in labels:
        label.setTextFormat(Qt.PlainText)
