"""Keeper: the runs of all pages as a file: saved when asked and every ten seconds, and there again at the start.

Every file is read and written in a background thread. An autosave belongs to one running program: two don't share one.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from PyQt5.QtCore import QEventLoop, QLockFile, QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication

from app.files.outputs import OutputError, check_writable, write_recording
from app.sessions.session import Session
from app.window.window import MainWindow
from engine.history.recording_file import ENDING, Book, Recording, RecordingError, load

EVERY_MILLISECONDS = 10_000
MOST_BYTES = 40_000_000  # of key states that an autosave keeps, of each page
MOST_SAVED = 80_000_000  # of each page, of a file that a person asked for
CLOSING_SECONDS = 0.7  # that closing the window may wait for the last autosave
HALF_SECONDS = 60  # after which a file that is still being written was left by a program that was killed
KEPT = 3  # autosaves of programs that have ended

log = logging.getLogger(__name__)


class Keeper(QObject):
    """``folder``: where autosaves are; None for the user's data folder. ``begins``: whether the last one is opened."""

    saved = pyqtSignal(str)  # a file that was asked for is written
    _written = pyqtSignal(str, str)  # the writer's thread -> this one: file, and what was wrong or nothing
    _read = pyqtSignal(object, str, str)  # Recording or None; the file; what was wrong
    _unkept = pyqtSignal(str)  # why an autosave could not be written
    dump_requested = pyqtSignal(int, int)  # bytes, token

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session], folder: Path | None = None) -> None:
        super().__init__(window)
        self._window, self._sessions = window, sessions
        self._files = ThreadPoolExecutor(1, "keeper")
        self._folder = folder
        self._lock: QLockFile | None = None
        self._own: Path | None = None  # this program's autosave
        self._last: Path | None = None  # the one that was opened at the start
        self._path = ""  # the file that Ctrl+S writes
        self._token, self._waiting = 0, set()
        self._books: dict[str, Book] = {}
        self._target: tuple[str, bool] | None = None  # file, and whether a person asked for it
        self._is_changed = self._is_closed = False
        self._busy: Future[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MILLISECONDS)
        self._timer.timeout.connect(self._autosave)
        for name, session in sessions.items():
            self.dump_requested.connect(session.host.lanes.dump)
            session.host.lanes.dumped.connect(lambda book, token, name=name: self._take(name, book, token))
            session.host.lanes.lanes_changed.connect(self._note)
        window.save_requested.connect(self.save)
        self._written.connect(self._say)
        self._read.connect(self._show)
        self._unkept.connect(self._say_unkept)
        self._has_said = False

    def begin(self, opens_last: bool) -> None:
        """Take an autosave of one's own; open that of the program that ended last."""
        try:
            folder = self._folder or user_data_path("fall-line", appauthor=False)
            folder.mkdir(parents=True, exist_ok=True)
            self._own = self._free_name(folder)
        except OSError as error:
            log.info("nothing is kept by itself: %s", error)
            self._say_unkept(str(error.strerror or error))
            return
        self._timer.start()
        ended = [path for path in sorted(folder.glob(f"autosave-*{ENDING}"), key=_changed) if path != self._own]
        ended = [path for path in ended if self._is_free(path)]
        halves = [path for path in folder.glob(f".autosave-*{ENDING}.*") if time.time() - _changed(path) > HALF_SECONDS]
        for old in (*ended[:-KEPT], *halves):
            self._files.submit(_remove, old)
        if opens_last and ended:
            self._last = ended[-1]
            self.open(str(self._last))

    def open(self, path: str) -> None:
        """Open a recording: its runs come to those that are there."""
        self._busy = self._files.submit(self._load, path)

    def save(self, path: str = "") -> None:
        """Write the runs of all pages; without a name to the file that was written or opened last."""
        path = path or self._path
        if not path:
            self._window.ask_where_to_save()
            return
        if Path(path).suffix.lower() != ENDING:
            path += ENDING
        try:
            check_writable(path)
        except OutputError as error:
            self._window.page.show_problem(str(error))
            return
        self._path = path
        self._ask(path, is_asked_for=True)

    def close(self) -> bool:
        """Keep what has changed, for as long as closing may take; False while something is still being written."""
        self._timer.stop()
        self._files.shutdown(wait=False)
        done = self._busy is None or self._busy.done()
        if self._lock is not None:
            self._lock.unlock()
        return done

    def finish(self) -> None:
        """The window is closed: keep the last moment, for as long as closing may take."""
        self._timer.stop()
        self._is_closed = True
        if self._own is None or not (self._is_changed or self._own.exists()):
            return
        until = time.monotonic() + CLOSING_SECONDS
        self._ask(str(self._own), is_asked_for=False)
        while self._is_writing() and time.monotonic() < until:
            QApplication.processEvents(QEventLoop.AllEvents, 20)

    def _ask(self, path: str, is_asked_for: bool) -> None:
        self._token += 1
        self._target, self._books = (path, is_asked_for), {}
        self._waiting = set(self._sessions)
        self.dump_requested.emit(MOST_SAVED if is_asked_for else MOST_BYTES, self._token)

    def _autosave(self) -> None:
        if self._is_changed and not self._is_writing() and self._own is not None:
            self._is_changed = False
            self._ask(str(self._own), is_asked_for=False)

    def _is_writing(self) -> bool:
        return bool(self._waiting) or (self._busy is not None and not self._busy.done())

    def _take(self, name: str, book: Book, token: int) -> None:
        if token != self._token or name not in self._waiting:
            return
        self._waiting.discard(name)
        if book.lanes:
            self._books[name] = book
        if not self._waiting and self._target is not None:
            (path, is_asked_for), self._target = self._target, None
            if self._books:
                recording = Recording(dict(self._books), {"page": self._window.experiment, "closed": self._is_closed})
                self._submit(recording, path, is_asked_for)
            elif is_asked_for:
                self._window.page.show_problem("There is no run to save yet.")

    def _submit(self, recording: Recording, path: str, is_asked_for: bool) -> None:
        try:
            self._busy = self._files.submit(self._write, recording, path, is_asked_for)
        except RuntimeError:  # the window closes
            log.info("%s is not written any more", path)

    def _write(self, recording: Recording, path: str, is_asked_for: bool) -> None:
        try:
            write_recording(path, recording)
            if self._last is not None and not is_asked_for:  # what was in it is in this one
                _remove(self._last)
                self._last = None
        except OutputError as error:
            log.info("not kept: %s", error)
            if is_asked_for:
                self._written.emit(path, str(error))
            else:
                self._unkept.emit(str(error).rpartition(": ")[2].rstrip("."))
            return
        if is_asked_for:
            self._written.emit(path, "")

    def _load(self, path: str) -> None:
        try:
            self._read.emit(load(path), path, "")
        except RecordingError as error:
            self._read.emit(None, path, str(error))

    def _say_unkept(self, reason: str) -> None:
        """Said once: it would be the same every ten seconds."""
        if not self._has_said:
            self._has_said = True
            self._window.page.show_notice(
                f"Runs are not kept for the next start: {reason[:1].lower()}{reason[1:]}. Ctrl+S saves them elsewhere."
            )

    def _say(self, path: str, problem: str) -> None:
        if problem:
            self._window.page.show_problem(problem)
        else:
            self._window.page.show_notice(f"{Path(path).name} is saved.")
            self._window.remember_file(path)
            self.saved.emit(path)

    def _show(self, recording: Recording | None, path: str, problem: str) -> None:
        is_last = self._last is not None and Path(path) == self._last
        if recording is None:
            log.info("%s", problem)
            if not is_last:
                self._window.page.show_problem(problem)
            return
        known = {name: book for name, book in recording.books.items() if name in self._sessions and book.lanes}
        page = recording.view.get("page")
        for name, book in known.items():
            self._sessions[name].others.adopt(book)
        if page in known:
            self._window.show_page(page)
        elif known:
            self._window.show_page(next(iter(known)))
        if is_last and known and not recording.view.get("closed"):
            self._window.page.show_notice("The program ended without being closed; its runs are back.")
        elif not is_last:
            self._path = path
            self._window.remember_file(path)

    def _note(self, _: Any) -> None:
        self._is_changed = True

    def _free_name(self, folder: Path) -> Path | None:
        for number in range(100):
            path = folder / f"autosave-{number}{ENDING}"
            lock = QLockFile(f"{path}.lock")
            lock.setStaleLockTime(0)
            if not path.exists() and lock.tryLock(0):
                self._lock = lock
                return path
        return None

    def _is_free(self, path: Path) -> bool:
        """Whether the program that wrote it has ended."""
        lock = QLockFile(f"{path}.lock")
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            return False
        lock.unlock()
        return True


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _remove(path: Path) -> None:
    try:
        os.unlink(path)
    except OSError as error:
        log.info("%s stays: %s", path, error)
