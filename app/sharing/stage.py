"""Stage: where there is no window, what Qt needs to draw pictures all the same. Serves the command line's exports.

Importing this imports Qt, on its offscreen platform, so that it works where there is no display.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

from PyQt5.QtWidgets import QApplication

from app.sharing.drawing import Drawing
from app.sharing.look import Look
from app.start import qt_messages
from engine.run.spec import RunSpec
from widgets.style.application import apply_theme
from widgets.style.theme import THEMES

_apps: list[QApplication] = []  # for as long as the process lives: a second one after the first has gone ends it


def _application() -> QApplication:
    if QApplication.instance() is None:
        _apps.append(QApplication(["fallline"]))
    return QApplication.instance()


class Stage:
    """Makes drawings for one run after the other; close() it at the end."""

    def __init__(self) -> None:
        # Qt objects may only be taken apart in this thread; Python collects in whichever allocates, so collect here
        gc.collect()
        gc.freeze()
        self._collects = gc.isenabled()
        gc.disable()
        qt_messages.to_the_log()
        self._app = _application()
        apply_theme(self._app, THEMES["light"])
        self._drawings: list[Drawing] = []

    def drawing(self, spec: RunSpec, analysis: Callable[..., Any], look: Look) -> Drawing:
        """Panels that draw this run's frames."""
        self._drawings.append(Drawing(spec, analysis, look))
        return self._drawings[-1]

    def tidy(self) -> None:
        """Between two pictures: what nobody needs any more goes, in this thread."""
        self._app.processEvents()
        gc.collect()

    def close(self) -> None:
        """Let the panels go; nothing can be drawn afterwards."""
        for drawing in self._drawings:
            drawing.close()
        self._drawings.clear()
        self._app.processEvents()
        gc.collect()
        gc.unfreeze()
        if self._collects:
            gc.enable()
