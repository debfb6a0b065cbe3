"""The pictures that ``run --png`` and ``--gif`` write: the page's own panels, drawn without a window."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Mapping
from typing import Any

from engine.frames import Frame, Study
from engine.spec import RunSpec

SIZE = (1280, 800)


class Drawing:
    """Draws frames of one spec, SIZE pixels, with one set of panels; close() it at the end.

    ``study`` answers what the picture asks (see Runner.study): a map of the basins, say.
    Imports Qt now, on its offscreen platform, so that it works where there is no display.
    """

    def __init__(self, spec: RunSpec, study: Callable[[str, Mapping[str, Any]], Study]) -> None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")
        from PyQt5.QtWidgets import QApplication

        from app import qt_messages
        from widgets.figure import Figure
        from widgets.theme import THEMES, apply_theme, configure_plots

        # Qt objects may only be taken apart in this thread; Python collects in whichever allocates, so collect here
        gc.collect()
        gc.freeze()
        gc.disable()
        qt_messages.to_the_log()
        self._app = QApplication.instance() or QApplication(["fallline"])
        configure_plots()
        apply_theme(self._app, THEMES["light"])
        self._figure = figure = Figure(spec, THEMES["light"])
        figure.resize(*SIZE)
        figure.show()
        self._app.processEvents()
        figure.study_requested.connect(lambda name, arguments: figure.show_study(study(name, arguments)))

    def png(self, frame: Frame) -> bytes:
        """The main picture and the cost plot of a frame as PNG."""
        from PyQt5.QtCore import QBuffer, QIODevice

        self._figure.show_frame(frame)
        self._app.processEvents()
        buffer = QBuffer()
        buffer.open(QIODevice.WriteOnly)
        self._figure.grab().save(buffer, "PNG")
        gc.collect()
        return bytes(buffer.data())

    def close(self) -> None:
        """Let the panels go; nothing can be drawn afterwards."""
        self._figure.close()
        self._figure.deleteLater()
        self._app.sendPostedEvents(self._figure, 0)
        self._app.processEvents()
        gc.collect()
        gc.unfreeze()
        gc.enable()
