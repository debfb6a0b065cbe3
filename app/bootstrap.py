"""The start-up story, told in order: environment, logging, exception hook, QApplication, theme, window, engine.

Importing this module imports Qt but never TensorFlow: the window is on the screen before that begins.
"""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import engine  # noqa: F401 - before pyqtgraph brings NumPy, which reads only once how many threads it may take

# Before pyqtgraph is imported: it would take another Qt that happens to be installed, and put in its own hook.
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

from PyQt5.QtCore import QSettings, Qt, QTimer
from PyQt5.QtWidgets import QApplication
from pyqtgraph.util.garbage_collector import GarbageCollector

from app import qt_messages
from app.engine_thread import EngineThread
from app.opener import Opener
from app.preferences import Preferences
from app.session import Session
from app.window import MainWindow
from app.writer import Writer
from engine.experiments import EXPERIMENTS
from engine.spec import RunSpec, scenes
from widgets.gl_context import GlContext
from widgets.theme import Theme, apply_theme, configure_plots

FIRST_SCENE = "landscape/one-parameter"
SWITCH_SECONDS = 0.001  # how long a busy thread may keep Python to itself; the default 5 ms is felt in the window

log = logging.getLogger(__name__)
_reported: set[str] = set()


class Application:
    """The window, the engine's thread and a session for each page; made once, ended once."""

    def __init__(self, app: QApplication, preferences: Preferences, first: RunSpec) -> None:
        self._app, self._preferences = app, preferences
        theme = preferences.theme
        apply_theme(app, theme)
        self.window = MainWindow(theme)
        self.engine = EngineThread()
        self.sessions = {
            name: Session(
                self.window.page_of(name),
                self.engine.new_host(),
                first if name == first.experiment else scenes()[entry.first_scene],
                self.window,
            )
            for name, entry in EXPERIMENTS.items()
        }
        self.window.page_changed.connect(lambda name: self.sessions[name].start())
        self.window.theme_changed.connect(self._change_theme)
        self.window.closing.connect(self._remember)
        self.opener = Opener(self.window, self.sessions)
        self.writer = Writer(self.window, self.sessions)
        # What TensorFlow made while it was imported lives until the end: no collection has to look at it again.
        next(iter(self.sessions.values())).host.engine_ready.connect(gc.freeze)
        self.window.show_page(first.experiment)
        if preferences.geometry is not None:
            self.window.restoreGeometry(preferences.geometry)

    def show(self) -> None:
        """Put the window on the screen, and only then begin to load TensorFlow."""
        self.window.show()
        self.window.setFocus()  # no control has the focus until Tab gives it one, so every key does what F1 says
        QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        # OpenGL before TensorFlow: the driver's LLVM has to be in the process first (see engine.backend).
        self._gl = GlContext()
        if self._gl.problem:
            log.info("no surface: %s", self._gl.problem)
        for name in EXPERIMENTS:
            self.window.page_of(name).view.use_gl(self._gl)
        self.engine.start()

    def stop(self) -> bool:
        """End the engine; False when it is in the middle of something that can't be interrupted."""
        read, written = self.opener.close(), self.writer.close()
        return self.engine.stop() and read and written

    def _change_theme(self, theme: Theme) -> None:
        apply_theme(self._app, theme)
        self.window.set_theme(theme)
        self._preferences.theme = theme

    def _remember(self) -> None:
        self._preferences.geometry = self.window.saveGeometry()


def open_window(spec: RunSpec | None, ready: Callable[[Application], None] | None = None) -> int:
    """Open the window on a scene and stay until it is closed; returns the exit code.

    ``ready`` is called once the window is on the screen, for a script that drives it.
    """
    _start_logging()
    qt_messages.to_the_log()
    sys.excepthook = _report  # PyQt5 ends the process on an exception in a slot, unless there is a hook
    sys.setswitchinterval(SWITCH_SECONDS)
    QApplication.setAttribute(Qt.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.AA_UseHighDpiPixmaps)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Fall Line")
    app.setOrganizationName("fall-line")
    configure_plots()
    # Qt objects may only be taken apart in this thread, and Python collects in whichever allocates: so collect here.
    collector = GarbageCollector(interval=1.0)
    application = Application(app, Preferences(QSettings()), spec or scenes()[FIRST_SCENE])
    application.show()
    if ready is not None:
        ready(application)
    heartbeat = _let_ctrl_c_through(app)
    code = app.exec()
    heartbeat.stop()
    collector.timer.stop()
    stopped = application.stop()
    QSettings().sync()
    logging.shutdown()
    if not stopped:
        # TensorFlow is being imported or is compiling, which nothing can interrupt; everything is saved.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _let_ctrl_c_through(app: QApplication) -> QTimer:
    # Python's signal handlers run between bytecodes, and Qt's event loop executes none while it is idle.
    signal.signal(signal.SIGINT, lambda *_: app.closeAllWindows())
    signal.signal(signal.SIGTERM, lambda *_: app.closeAllWindows())
    timer = QTimer()
    timer.timeout.connect(lambda: None)
    timer.start(200)
    return timer


def _start_logging() -> None:
    from platformdirs import user_log_path

    handlers: list[logging.Handler] = []
    try:
        folder: Path = user_log_path("fall-line", appauthor=False, ensure_exists=True)
        handlers.append(
            RotatingFileHandler(folder / "fall-line.log", maxBytes=500_000, backupCount=1, encoding="utf-8")
        )
        faulthandler.enable((folder / "crash.log").open("a", encoding="utf-8"))  # else a crash leaves nothing to send
    except OSError:  # a read-only home is no reason not to start
        handlers.append(logging.NullHandler())
    logging.basicConfig(
        level=logging.INFO, handlers=handlers, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        QApplication.closeAllWindows()
        return
    log.error("unexpected", exc_info=(kind, error, trace))
    if str(error) in _reported:  # what goes wrong sixty times a second is said once
        return
    _reported.add(str(error))
    print(f"fallline: something unexpected went wrong ({error}); the log has the details.", file=sys.stderr)
