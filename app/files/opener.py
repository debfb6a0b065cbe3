"""Opener: carries out what app.files.opening says of a file, and touches every file in a background thread."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from platformdirs import user_cache_path
from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtGui import QImage

from app.files.keeper import Keeper
from app.files.opening import Opening, OpeningError, opening_for, scene_of
from app.files.recognition import Recognised, What
from app.sessions.session import Session
from app.sharing import setting
from app.window.window import MainWindow
from engine.painting import picture_file
from engine.painting.picture_file import PictureError
from engine.run.spec import RunSpec
from engine.scenes import SpecError
from engine.tables import reader
from engine.tables.table import TableError

MOST_PASTED = 20  # pasted pictures and tables that are kept, so that a run on one can be started again


class Opener(QObject):
    """Takes the window's files and pictures to the session that they are for."""

    _scene_read = pyqtSignal(object)  # RunSpec
    _taker_found = pyqtSignal(object, str)  # Opening, path
    _recording_found = pyqtSignal(str)
    _refused = pyqtSignal(str)

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session], keeper: Keeper) -> None:
        super().__init__(window)
        self._window, self._sessions = window, sessions
        self._reader = ThreadPoolExecutor(1, "reader")
        self._task: Future[None] | None = None
        window.file_requested.connect(self.open)
        window.picture_pasted.connect(self.paste)
        window.text_pasted.connect(self.paste_text)
        self._scene_read.connect(self._show_scene)
        self._recording_found.connect(keeper.open)
        self._taker_found.connect(self._give)
        self._refused.connect(lambda sentence: self._window.page.show_problem(sentence))

    def open(self, path: str) -> None:
        """Open a file or folder: a scene, or what one of the experiments takes."""
        self._task = self._reader.submit(self._look_at, path)

    def paste(self, image: QImage) -> None:
        """Open a picture from the clipboard, or one dropped from a browser; it is kept as a file first."""
        self._task = self._reader.submit(self._keep, image)

    def paste_text(self, text: str) -> None:
        """Open cells of a spreadsheet from the clipboard, kept as a file first; or the file that one line names."""
        self._task = self._reader.submit(self._keep_text, text)

    def close(self) -> bool:
        """Begin nothing new; False while a file, perhaps on a network that doesn't answer, is still being looked at."""
        self._reader.shutdown(wait=False, cancel_futures=True)
        return self._task is None or self._task.done()

    def _look_at(self, path: str) -> None:
        try:
            opening, found = opening_for(path)
            if found.what is What.RECORDING:
                self._recording_found.emit(found.text)
            elif found.what is What.SETTING:
                self._scene_read.emit(setting.spec_of(found.text))
            elif opening is None:
                self._scene_read.emit(scene_of(found.text))
            else:
                _try(found)
                self._taker_found.emit(opening, found.text)
        except (OpeningError, SpecError, TableError, PictureError) as error:
            self._refused.emit(str(error))

    def _keep(self, image: QImage) -> None:
        try:
            path = _kept_path(".png")
            if not image.save(str(path)):
                raise OSError("the picture could not be written")
        except OSError as error:
            self._refused.emit(f"The picture can't be kept for painting: {error.strerror or error}.")
            return
        self._look_at(str(path))

    def _keep_text(self, text: str) -> None:
        if "\n" not in text.strip() or setting.is_line(text):  # a file's name, or its address; or a setting
            self._look_at(text)
            return
        try:
            reader.read_text(text)  # what is no table is said before it is kept
            path = _kept_path(".txt")
            path.write_text(text, encoding="utf-8", newline="")
        except TableError as error:
            self._refused.emit(f"{str(error)[:1].upper()}{str(error)[1:]}")
            return
        except OSError as error:
            self._refused.emit(f"The cells can't be kept: {error.strerror or error}.")
            return
        self._look_at(str(path))

    def _show_scene(self, spec: RunSpec) -> None:
        self._window.show_page(spec.experiment)
        self._sessions[spec.experiment].open_spec(spec)

    def _give(self, opening: Opening, path: str) -> None:
        self._window.show_page(opening.experiment)
        session = self._sessions[opening.experiment]
        for knob, value in opening.sets.items():
            session.change_knob(knob, value)
        session.change_knob(opening.knob, path)


def _try(found: Recognised) -> None:
    """Read it once before anything is changed for it; a run that follows finds it read already.

    Raises:
        TableError, PictureError: one sentence.
    """
    if found.what is What.TABLE:
        reader.read(found.text)
    elif found.what is What.PICTURE:
        picture_file.read(found.text)


def _kept_path(ending: str) -> Path:
    """A new name for what was pasted; the oldest of its kind are taken away.

    Raises:
        OSError: the folder can't be written to.
    """
    folder = user_cache_path("fall-line", appauthor=False, ensure_exists=True) / "pasted"
    folder.mkdir(exist_ok=True)
    for old in sorted(folder.glob(f"pasted-*{ending}"))[: -MOST_PASTED + 1]:
        old.unlink(missing_ok=True)
    return folder / f"pasted-{time.time_ns() // 1_000_000}{ending}"
