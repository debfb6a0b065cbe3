"""Writer: saves renders and the homework's files in a background thread, and says how it went."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PyQt5.QtCore import QObject, pyqtSignal

from app.animation import Animation, animated, targets, write
from app.outputs import OutputError, write_whole
from app.session import Session
from app.window import MainWindow
from engine import backend
from engine.backend import STACK_BYTES
from engine.experiments.experiment import BuildError
from engine.frames import Study
from engine.priority import stand_back
from engine.runner import Runner
from engine.spec import RunSpec
from engine.states import Event, State

PIECE_SECONDS = 0.05  # of a run, between two looks at whether the window is closing

log = logging.getLogger(__name__)


class Writer(QObject):
    """One file, or one set of them, after the other; the window goes on meanwhile."""

    _progressed = pyqtSignal(str)
    _refused = pyqtSignal(str)

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session]) -> None:
        super().__init__(window)
        self._window, self._sessions = window, sessions
        self._stopping = False
        self._task: Future[None] | None = None
        previous = threading.stack_size(STACK_BYTES)  # a run for a file is compiled in this thread
        self._thread = ThreadPoolExecutor(1, "writer", initializer=stand_back)
        self._thread.submit(int).result()
        threading.stack_size(previous)
        window.homework_requested.connect(self.write_homework)
        for session in sessions.values():
            session.host.study_ready.connect(self._on_study)
        self._progressed.connect(lambda words: self._window.page_of("painting").show_note(words))
        self._refused.connect(lambda sentence: self._window.page_of("painting").show_problem(sentence))

    def write_homework(self, folder: str) -> None:
        """Carry out the painting page's run from its seed, and write its pictures and animations into a folder."""
        spec = self._sessions["painting"].spec
        self._progressed.emit("Painting for the files …")
        self._do(lambda: self._homework(spec, folder))

    def close(self) -> bool:
        """Begin nothing new; False while something is still being written."""
        self._stopping = True
        self._thread.shutdown(wait=False, cancel_futures=True)
        return self._task is None or self._task.done()

    def _on_study(self, study: Study) -> None:
        path = study.arguments.get("save_to")
        if path and study.result is not None:
            self._do(lambda: self._save(path, study.result.image))

    def _do(self, work) -> None:
        def guarded() -> None:
            try:
                work()
            except (OutputError, BuildError) as error:
                self._refused.emit(str(error))
            except Exception as error:  # whoever asked is waiting for a word
                log.exception("nothing was written")
                self._refused.emit(f"The files could not be written: {type(error).__name__}.")

        if not self._stopping:
            self._task = self._thread.submit(guarded)

    def _save(self, path: str, pixels: np.ndarray) -> None:
        from PIL import Image

        content = io.BytesIO()
        Image.fromarray(pixels).save(content, "PNG")
        write_whole(path, content.getvalue())
        self._progressed.emit(f"{Path(path).name} is saved")

    def _homework(self, spec: RunSpec, folder: str) -> None:
        path, beside = targets(folder, spec)
        backend.load()
        runner = Runner(animated(spec))
        try:
            animation = Animation(runner, lambda *_: b"")
            runner.handle(Event.PLAY)
            length = runner.experiment.length
            while runner.state is State.RUNNING and not self._stopping:
                share = runner.step / length
                if animation.due(share):
                    animation.capture(share)
                    self._progressed.emit(f"Painting for the files: {share:.0%}")
                steps = max(1, int(animation.next_share() * length) - runner.step)
                runner.advance(steps, seconds=PIECE_SECONDS)
            if self._stopping:
                return
            animation.capture(1.0)
            names = write(animation, path, beside)
        finally:
            runner.close()
        self._progressed.emit(f"Written: {', '.join(names)}")
