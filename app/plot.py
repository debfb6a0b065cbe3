"""The picture that ``run --png`` writes: the page's own panels, drawn without a window."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

SIZE = (1280, 800)


def png(spec, frame, study: Callable[[str, Mapping[str, Any]], Any] | None = None) -> bytes:
    """The main picture and the cost plot of a frame as PNG, SIZE pixels.

    ``study`` answers what the picture asks (see Runner.study): a map of the basins, say.
    Imports Qt now, on its offscreen platform, so that it works where there is no display.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")
    from PyQt5.QtCore import QBuffer, QIODevice
    from PyQt5.QtWidgets import QApplication

    from app import qt_messages
    from widgets.figure import Figure
    from widgets.theme import THEMES, apply_theme, configure_plots

    qt_messages.to_the_log()
    app = QApplication.instance() or QApplication(["fallline"])
    configure_plots()
    apply_theme(app, THEMES["light"])
    figure = Figure(spec, THEMES["light"])
    figure.resize(*SIZE)
    figure.show()
    app.processEvents()
    if study is not None:
        figure.study_requested.connect(lambda name, arguments: figure.show_study(study(name, arguments)))
    figure.show_frame(frame)
    app.processEvents()
    buffer = QBuffer()
    buffer.open(QIODevice.WriteOnly)
    figure.grab().save(buffer, "PNG")
    figure.close()
    return bytes(buffer.data())
