"""What the window remembers between two starts: its place on the screen and its theme."""

from __future__ import annotations

from PyQt5.QtCore import QByteArray, QSettings

from widgets.theme import THEMES, Theme

DEFAULT_THEME = "dark"


class Preferences:
    """A thin, typed face on QSettings; unreadable or foreign values count as not set."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def theme(self) -> Theme:
        name = self._settings.value("theme", DEFAULT_THEME)
        return THEMES.get(str(name), THEMES[DEFAULT_THEME])

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._settings.setValue("theme", theme.name)

    @property
    def geometry(self) -> QByteArray | None:
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)
