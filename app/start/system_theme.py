"""What the system has: dark or light windows. Asked once at the start, and followed while the window is open.

A Linux desktop says it by the Settings portal of freedesktop.org ("color-scheme" of org.freedesktop.appearance: 1 is
dark, 2 is light, 0 is no wish); Windows in its registry; elsewhere the palette that Qt begins with has the system's
colours.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QObject, QSettings, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QPalette

from widgets.style.theme import DARK, LIGHT, Theme

try:
    from PyQt5.QtDBus import QDBus, QDBusConnection, QDBusMessage
except ImportError:  # a Qt that was built without it
    QDBusConnection = QDBusMessage = None

PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings")
SETTING = ["org.freedesktop.appearance", "color-scheme"]
PATIENCE_MILLISECONDS = 250
REGISTRY = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"


def of_palette(palette: QPalette) -> Theme:
    """Dark where the system's windows are darker than the text on them."""
    ground, text = (palette.color(role).lightnessF() for role in (QPalette.Window, QPalette.WindowText))
    return DARK if ground < text else LIGHT


class SystemTheme(QObject):
    """``theme`` is what the system has; ``changed`` says so when that is another one."""

    changed = pyqtSignal(object)

    def __init__(self, palette: QPalette, parent: QObject | None = None) -> None:
        """``palette`` is the application's, before a theme is put on it."""
        super().__init__(parent)
        self.theme = _of_portal() or _of_registry() or of_palette(palette)
        if _has_bus():
            QDBusConnection.sessionBus().connect(*PORTAL, "SettingChanged", self._take)

    @pyqtSlot("QDBusMessage")
    def _take(self, message: Any) -> None:
        *setting, value = message.arguments()
        theme = _of_scheme(value) if setting == SETTING else None
        if theme is not None and theme is not self.theme:
            self.theme = theme
            self.changed.emit(theme)


def _of_portal() -> Theme | None:
    if not _has_bus():
        return None
    question = QDBusMessage.createMethodCall(*PORTAL, "Read")
    question.setArguments(SETTING)
    answer = QDBusConnection.sessionBus().call(question, QDBus.Block, PATIENCE_MILLISECONDS)
    if answer.type() != QDBusMessage.ReplyMessage or not answer.arguments():
        return None
    return _of_scheme(answer.arguments()[0])


def _of_scheme(value: Any) -> Theme | None:
    while hasattr(value, "variant"):  # the portal wraps it twice
        value = value.variant()
    return {1: DARK, 2: LIGHT}.get(value)


def _has_bus() -> bool:
    """Whether there is a bus already: to look for one would start one."""
    if QDBusConnection is None or not sys.platform.startswith("linux"):
        return False
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return "DBUS_SESSION_BUS_ADDRESS" in os.environ or (runtime is not None and (Path(runtime) / "bus").exists())


def _of_registry() -> Theme | None:
    if sys.platform != "win32":
        return None
    are_light = QSettings(REGISTRY, QSettings.NativeFormat).value("AppsUseLightTheme")
    return None if are_light is None else LIGHT if int(are_light) else DARK
