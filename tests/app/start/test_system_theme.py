"""The theme is the system's until one is chosen."""

import pytest
from PyQt5.QtCore import QEvent, QSettings
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QAction

from app.start.bootstrap import Application
from app.start.system_theme import of_palette
from app.window.preferences import Preferences
from engine.scenes import scenes
from widgets.style.theme import DARK, LIGHT


def _palette(ground: str, text: str) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.Window, QColor(ground))
    palette.setColor(QPalette.WindowText, QColor(text))
    return palette


def test_a_system_with_dark_windows_gets_the_dark_theme():
    assert of_palette(_palette("#31363b", "#eff0f1")) is DARK
    assert of_palette(_palette("#efefef", "#000000")) is LIGHT


@pytest.fixture
def open_with(qapp, tmp_path, monkeypatch):
    """Opens the window on a system without a portal, with this palette; settings are kept from one to the next."""
    monkeypatch.setattr("app.start.system_theme._has_bus", lambda: False)
    opened = []

    def close() -> None:
        while opened:
            application = opened.pop()
            application.window.close()
            application.stop()
            application.window.deleteLater()
            qapp.sendPostedEvents(None, QEvent.DeferredDelete)

    def open_it(palette: QPalette) -> Application:
        close()
        qapp.setStyleSheet("")
        qapp.setPalette(palette)
        preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.IniFormat))
        opened.append(Application(qapp, preferences, scenes()["landscape/one-parameter"]))
        return opened[-1]

    yield open_it
    close()


def _checked(application: Application) -> str:
    return next(
        name
        for name in ("system", "dark", "light", "projector")
        if application.window.findChild(QAction, f"theme_{name}").isChecked()
    )


def test_until_a_theme_is_chosen_the_system_has_the_say(open_with):
    light = open_with(_palette("#efefef", "#000000"))
    assert light.window.theme is LIGHT
    assert _checked(light) == "system"
    assert open_with(_palette("#31363b", "#eff0f1")).window.theme is DARK


def test_a_chosen_theme_stays_until_the_system_is_chosen_again(open_with):
    dark = _palette("#31363b", "#eff0f1")
    first = open_with(dark)
    first.window.findChild(QAction, "theme_light").trigger()
    assert first.window.theme is LIGHT
    second = open_with(dark)
    assert second.window.theme is LIGHT
    assert _checked(second) == "light"
    second.window.findChild(QAction, "theme_system").trigger()
    assert _checked(second) == "system"
    assert open_with(dark).window.theme is DARK
