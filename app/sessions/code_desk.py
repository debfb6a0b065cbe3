"""CodeDesk: the panel Code of each page follows the knobs. Serves the panels.

A script may have to read a picture: it is written beside the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from app.sessions.session import Session
from app.sharing.code.script import script
from app.window.window import MainWindow
from engine.run.spec import RunSpec
from engine.training.optimizers import NETWORK_OPTIMIZERS

SOON_MILLISECONDS = 120  # after a knob was moved


class CodeDesk(QObject):
    """Writes the code that a panel wants; ``save`` asks where it shall be kept."""

    _written = pyqtSignal(object, str)  # RunSpec, and its code or the sentence why there is none

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session], save: Callable[[], None]) -> None:
        super().__init__(window)
        self._sessions = sessions
        self._files = ThreadPoolExecutor(1, "code")
        self._wanted: RunSpec | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MILLISECONDS)
        self._soon.timeout.connect(self._ask)
        self._written.connect(self._show)
        for session in sessions.values():
            session.page.code.wanted.connect(self._want)
            session.page.code.copy_requested.connect(window.copy_code_requested)
            session.page.code.save_requested.connect(save)
        window.closing.connect(self.close)

    def close(self) -> None:
        """Nobody waits any more."""
        self._soon.stop()
        self._files.shutdown(wait=False, cancel_futures=True)

    def _want(self, spec: RunSpec) -> None:
        self._wanted = spec
        self._soon.start()

    def _ask(self) -> None:
        self._files.submit(self._write, self._wanted)

    def _write(self, spec: RunSpec) -> None:
        try:
            code = script(spec)
        except ValueError as error:
            code = f"# {error}\n"
        self._written.emit(spec, code)

    def _show(self, spec: RunSpec, code: str) -> None:
        if spec is self._wanted:
            page = self._sessions[spec.experiment].page
            page.code.show_code(code, NETWORK_OPTIMIZERS[spec.settings.optimizer].rule)
