"""The window that a benchmark looks at: fresh settings, 1280 x 720, running, at the program's switch interval."""

from __future__ import annotations

import sys

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication

from app.start.bootstrap import SWITCH_SECONDS, Application
from app.window.preferences import Preferences
from engine.run.spec import RunSpec
from engine.run.states import State
from tests.benchmarks.beat import until
from widgets.style.application import configure_plots


def opened(spec: RunSpec) -> Application:
    """The application on the screen, its page running this spec."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication.instance() or QApplication(["fallline"])
    configure_plots()
    settings = QSettings("fall-line", "benchmark")
    settings.clear()
    application = Application(app, Preferences(settings), spec)
    application.window.resize(1280, 720)
    application.show()
    until(lambda: application.sessions[spec.experiment].state is State.RUNNING)
    return application
