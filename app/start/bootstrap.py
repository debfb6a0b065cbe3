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

from PyQt5.QtCore import QSettings, QTimer
from PyQt5.QtWidgets import QApplication
from pyqtgraph.util.garbage_collector import GarbageCollector

from app.files.keeper import Keeper
from app.files.opener import Opener
from app.files.writer import Writer
from app.sessions.code_desk import CodeDesk
from app.sessions.engine_thread import EngineThread
from app.sessions.lecture_desk import LectureDesk
from app.sessions.own_words import OwnWords
from app.sessions.presenter import Presenter
from app.sessions.session import Session
from app.sharing.sharer import Sharer
from app.start import qt_messages
from app.start.screens import prepare_screens
from app.start.system_theme import SystemTheme
from app.window.placement import Placement
from app.window.preferences import Preferences
from app.window.window import MainWindow
from engine.experiments import EXPERIMENTS
from engine.run.spec import RunSpec
from engine.scenes import scenes
from widgets.style.application import apply_theme, configure_plots
from widgets.style.theme import Theme
from widgets.surface.gl_context import GlContext

FIRST_SCENE = "landscape/first-descent"
SWITCH_SECONDS = 0.001  # how long a busy thread may keep Python to itself; the default 5 ms is felt in the window

log = logging.getLogger(__name__)
_reported: set[str] = set()


class Application:
    """The window, the engine's thread and a session for each page; made once, ended once."""

    def __init__(self, app: QApplication, preferences: Preferences, first: RunSpec, folder: Path | None = None) -> None:
        self._app, self._preferences = app, preferences
        self._system = SystemTheme(app.palette())
        theme = preferences.theme or self._system.theme
        apply_theme(app, theme)
        self._worn = theme
        self.window = MainWindow(theme)
        self.window.theme_outgrown.connect(self._dress)
        self._system.setParent(self.window)
        self._system.changed.connect(lambda _: self._follow_system())
        self._placement = Placement(self.window)
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
        for session in self.sessions.values():
            self.window.undo_group.addStack(session.deeds.stack)
        self.window.show_recent(preferences.recent_files)
        self.window.page_changed.connect(self._show_session)
        self.window.theme_changed.connect(self._change_theme)
        self.window.closing.connect(self._remember)
        self.keeper = Keeper(self.window, self.sessions, folder)
        self.opener = Opener(self.window, self.sessions, self.keeper)
        self.writer = Writer(self.window, self.sessions)
        self.sharer = Sharer(self.window, self.sessions)
        self.code = CodeDesk(self.window, self.sessions, self.sharer.save_code)
        self.lecture = LectureDesk(self.window, self.sessions)
        OwnWords(self.sessions, self.window)
        self.presenter = Presenter(self.window, self.sessions, self.lecture.words_for_the_hall)
        self.lecture.is_presented = lambda: self.presenter.is_on
        self.lecture.has_notes = lambda: not self.presenter.is_on or self.presenter.audience is not None
        # What TensorFlow made while it was imported lives until the end: no collection has to look at it again.
        next(iter(self.sessions.values())).host.engine_ready.connect(gc.freeze)
        self.window.show_page(first.experiment)
        self._placement.place(preferences.geometry)
        self._dress(theme)

    def show(self, begins: bool = True) -> None:
        """Put the window on the screen, and only then begin to load TensorFlow; or never, for who looks at it alone."""
        self.window.show()
        self._placement.shown()
        if begins:
            QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        # OpenGL before TensorFlow: the driver's LLVM has to be in the process first (see engine.backend.backend).
        self._gl = GlContext()
        if self._gl.problem:
            log.info("no surface: %s", self._gl.problem)
        for name in EXPERIMENTS:
            self.window.page_of(name).view.use_gl(self._gl)
        self.engine.start()

    def stop(self) -> bool:
        """End the engine; False when it is in the middle of something that can't be interrupted."""
        read, written, kept = self.opener.close(), self.writer.close(), self.keeper.close()
        return self.engine.stop() and read and written and kept

    def _show_session(self, name: str) -> None:
        session = self.sessions[name]
        session.deeds.stack.setActive()
        session.start()

    def _change_theme(self, chosen: Theme | None) -> None:
        self._preferences.theme = chosen
        self._dress(chosen or self._system.theme)

    def _dress(self, theme: Theme) -> None:
        fitted = theme.fitted(self.window.height())
        if fitted != self._worn:  # to dress a thousand widgets takes the better part of a second
            self._worn = fitted
            apply_theme(self._app, fitted)
        self.window.set_theme(fitted, follows_system=self._preferences.theme is None)

    def _follow_system(self) -> None:
        if self._preferences.theme is None:
            self._change_theme(None)

    def _remember(self) -> None:
        self._preferences.geometry = self.window.saveGeometry()
        self._preferences.recent_files = self.window.recent_files


def open_window(spec: RunSpec | None, ready: Callable[[Application], None] | None = None, recording: str = "") -> int:
    """Open the window on a scene or a recording and stay until it is closed; returns the exit code.

    Without either, it shows what was there when it was closed.

    ``ready`` is called once the window is on the screen, for a script that drives it.
    """
    _start_logging()
    qt_messages.to_the_log()
    sys.excepthook = _report  # PyQt5 ends the process on an exception in a slot, unless there is a hook
    sys.setswitchinterval(SWITCH_SECONDS)
    prepare_screens()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Fall Line")
    app.setOrganizationName("fall-line")
    configure_plots()
    # Qt objects may only be taken apart in this thread, and Python collects in whichever allocates: so collect here.
    collector = GarbageCollector(interval=1.0)
    application = Application(app, Preferences(QSettings()), spec or scenes()[FIRST_SCENE])
    application.show()
    application.keeper.begin(opens_last=spec is None and not recording)
    if recording:
        application.keeper.open(recording)
    if ready is not None:
        ready(application)
    heartbeat = _let_ctrl_c_through(app)
    code = app.exec()
    heartbeat.stop()
    collector.timer.stop()
    application.keeper.finish()
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
