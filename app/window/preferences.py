"""What the window remembers between two starts: its place on the screen and its theme."""

from __future__ import annotations

from PyQt5.QtCore import QByteArray, QSettings

from widgets.style.theme import THEMES, Theme


class Preferences:
    """A thin, typed face on QSettings; unreadable or foreign values count as not set."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def theme(self) -> Theme | None:
        """The theme that was chosen; None follows the system."""
        return THEMES.get(str(self._settings.value("theme", "")))

    @theme.setter
    def theme(self, theme: Theme | None) -> None:
        if theme is None:
            self._settings.remove("theme")
        else:
            self._settings.setValue("theme", theme.name)

    @property
    def geometry(self) -> QByteArray | None:
        """The window's place, as Qt writes it down."""
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    @property
    def recent_files(self) -> list[str]:
        """The recordings that were opened or saved last, the newest first."""
        value = self._settings.value("recent_files")
        return [path for path in value if isinstance(path, str)] if isinstance(value, list) else []

    @recent_files.setter
    def recent_files(self, paths: list[str]) -> None:
        self._settings.setValue("recent_files", paths)
