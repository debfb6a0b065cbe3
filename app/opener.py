"""Opener: carries out what app.opening says of a file, with every file touched in a background thread."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from platformdirs import user_cache_path
from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtGui import QImage

from app.opening import Opening, OpeningError, opening_for
from app.session import Session
from app.window import MainWindow
from engine.patience import answered
from engine.spec import RunSpec, SpecError, from_toml

MOST_PASTED = 20  # pasted pictures that are kept, so that a run that shows one can be started again


class Opener(QObject):
    """Takes the window's files and pictures to the session that they are for."""

    _scene_read = pyqtSignal(object)  # RunSpec
    _taker_found = pyqtSignal(object, str)  # Opening, path
    _refused = pyqtSignal(str)

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session]) -> None:
        super().__init__(window)
        self._window, self._sessions = window, sessions
        self._reader = ThreadPoolExecutor(1, "reader")
        self._task: Future[None] | None = None
        window.file_requested.connect(self.open)
        window.picture_pasted.connect(self.paste)
        self._scene_read.connect(self._show_scene)
        self._taker_found.connect(self._give)
        self._refused.connect(lambda sentence: self._window.page.show_problem(sentence))

    def open(self, path: str) -> None:
        """Open a file or folder: a scene, or what one of the experiments takes."""
        self._task = self._reader.submit(self._look_at, path)

    def paste(self, image: QImage) -> None:
        """Open a picture from the clipboard, or one dropped from a browser; it is kept as a file first."""
        self._task = self._reader.submit(self._keep, image)

    def close(self) -> bool:
        """Begin nothing new; False while a file, perhaps on a network that doesn't answer, is still being looked at."""
        self._reader.shutdown(wait=False, cancel_futures=True)
        return self._task is None or self._task.done()

    def _look_at(self, path: str) -> None:
        try:
            opening = answered(lambda: opening_for(path))
            if opening is None:
                self._scene_read.emit(answered(lambda: from_toml(Path(path), Path(path).stem)))
            else:
                self._taker_found.emit(opening, path)
        except (OpeningError, SpecError) as error:
            self._refused.emit(str(error))
        except TimeoutError:
            self._refused.emit(f"{Path(path).name} can't be read: it does not answer.")

    def _keep(self, image: QImage) -> None:
        try:
            folder = user_cache_path("fall-line", appauthor=False, ensure_exists=True) / "pasted"
            folder.mkdir(exist_ok=True)
            path = folder / f"pasted-{time.time_ns() // 1_000_000}.png"
            if not image.save(str(path)):
                raise OSError("the picture could not be written")
            for old in sorted(folder.glob("pasted-*.png"))[:-MOST_PASTED]:
                old.unlink(missing_ok=True)
        except OSError as error:
            self._refused.emit(f"The picture can't be kept for painting: {error.strerror or error}.")
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
