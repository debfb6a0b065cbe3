"""Writer: saves renders and the homework's files in background threads, and says how it went."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PyQt5.QtCore import QObject, pyqtSignal

from app.files.outputs import OutputError, write_whole
from app.sessions.session import Session
from app.sharing.animation import Animation, animated, files_of, targets, write
from app.sharing.playing import played
from app.window.window import MainWindow
from engine.backend import backend
from engine.backend.backend import STACK_BYTES
from engine.backend.priority import lower_priority
from engine.experiment import BuildError
from engine.frames import Analysis
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import State

PIECE_SECONDS = 0.05  # of a run, between two looks at whether it has been stopped
MOST_EPOCHS = 500  # of a run that are painted for the homework: as many as the lecture's

log = logging.getLogger(__name__)


class Writer(QObject):
    """Renders are saved one after the other, and the homework beside them; the window goes on meanwhile."""

    _saved = pyqtSignal(str)
    _refused = pyqtSignal(str)
    _progressed = pyqtSignal(object, str)  # _Homework, words
    _ended = pyqtSignal(object, str, bool)  # _Homework, sentence, whether it is written

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session]) -> None:
        super().__init__(window)
        self._window, self._sessions = window, sessions
        self._page = window.page_of("painting")
        self._is_closing = False
        self._homework: _Homework | None = None  # that is being written
        self._tasks: list[Future[None]] = []
        self._saver = ThreadPoolExecutor(1, "saver", initializer=lower_priority)
        previous = threading.stack_size(STACK_BYTES)  # a run for files is compiled in this thread
        self._painter = ThreadPoolExecutor(1, "homework", initializer=lower_priority)
        self._painter.submit(int).result()
        threading.stack_size(previous)
        window.homework_requested.connect(self.write_homework)
        window.homework_stop_requested.connect(self.stop_homework)
        for session in sessions.values():
            session.host.analysis_ready.connect(self._on_analysis)
        self._saved.connect(self._page.show_notice)
        self._refused.connect(self._page.show_problem)
        self._progressed.connect(self._show_progress)
        self._ended.connect(self._end)

    def write_homework(self, folder: str) -> None:
        """Carry out the painting page's run from its seed, and write its pictures and animations into a folder."""
        if self._is_closing or self._homework is not None:
            return
        self._homework = homework = _Homework(self._sessions["painting"].spec, folder, self._progressed.emit)
        self._window.show_homework(True)
        self._page.show_work("Painting for the files …")
        self._do(self._painter, homework.carry_out, lambda *said: self._ended.emit(homework, *said))

    def stop_homework(self) -> None:
        """Leave the homework as it is; nothing of it is written.

        The thread may still be in a call that can't be interrupted, such as compiling, and ends by itself after it.
        """
        homework = self._homework
        if homework is not None and homework.stop():
            self._end(homework, "Stopped: none of the homework's pictures are written.", True)

    def close(self) -> bool:
        """Begin nothing new; False while something is still being written."""
        self._is_closing = True
        if self._homework is not None:
            self._homework.stop()
        for thread in (self._saver, self._painter):
            thread.shutdown(wait=False, cancel_futures=True)
        return all(task.done() for task in self._tasks)

    def _on_analysis(self, analysis: Analysis) -> None:
        path = analysis.arguments.get("save_to")
        if not path or self._is_closing:
            return
        if analysis.result is None:
            self._refused.emit(f"{Path(path).name} is not saved: {analysis.problem[:1].lower()}{analysis.problem[1:]}")
            return
        pixels = analysis.result.image
        self._do(
            self._saver,
            lambda: _save(path, pixels),
            lambda sentence, is_well: (self._saved if is_well else self._refused).emit(sentence),
        )

    def _do(self, thread: ThreadPoolExecutor, work: Callable[[], str], done: Callable[[str, bool], None]) -> None:
        """Have ``work`` done, and its sentence said, or that of what went wrong."""

        def guarded() -> None:
            try:
                done(work(), True)
            except _Stopped:
                pass  # said by whoever stopped it
            except (OutputError, BuildError) as error:
                done(str(error), False)
            except Exception as error:  # whoever asked is waiting for a word
                log.exception("nothing was written")
                done(f"The files could not be written: {type(error).__name__}.", False)

        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(thread.submit(guarded))

    def _show_progress(self, homework: _Homework, words: str) -> None:
        if homework is self._homework:
            self._page.show_work(words)

    def _end(self, homework: _Homework, sentence: str, is_well: bool) -> None:
        if homework is not self._homework:
            return
        self._homework = None
        self._window.show_homework(False)
        self._page.show_work("")
        (self._page.show_notice if is_well else self._page.show_problem)(sentence)


class _Stopped(Exception):  # noqa: N818 - no error
    """The person doesn't want the homework's files any more."""


class _Homework:
    """The files of one run: painted in one thread, stopped from another until the first of them is being written."""

    def __init__(self, spec: RunSpec, folder: str, progress: Callable[[_Homework, str], None]) -> None:
        self._spec, self._folder, self._progress = spec, folder, progress
        self._lock = threading.Lock()
        self._is_stopped = self._is_writing = False
        self._words = ""

    def stop(self) -> bool:
        """Have it end; False, and nothing done, where it is writing already, which takes no time."""
        with self._lock:
            self._is_stopped = not self._is_writing
            return self._is_stopped

    def carry_out(self) -> str:
        """Paint and write; returns the sentence that says what.

        Raises:
            _Stopped: it was; no file is written.
            OutputError: the folder or the disk refuses.
            BuildError: the run can't be built.
        """
        if not Path(self._folder).is_dir():
            raise OutputError(f"The homework's pictures can't be written: there is no folder {self._folder}.")
        path, beside = targets(self._folder, self._spec)
        self._go_on()
        backend.load()
        self._go_on()
        runner = Runner(animated(self._spec))
        try:
            animation = self._painted(runner)
            self._say("Putting the files together …")
            files = files_of(animation, path, beside, self._go_on)
            with self._lock:
                self._go_on()
                self._is_writing = True
            names = write(files)
        finally:
            runner.close()
        epochs = self._spec.settings.epochs
        of = f", of the first {MOST_EPOCHS:,} of {epochs:,} epochs" if epochs > MOST_EPOCHS else ""
        ended = f" The run diverged at step {runner.step:,}: they end there." if runner.state is State.DIVERGED else ""
        return f"Written: {', '.join(names)}{of}.{ended}"

    def _painted(self, runner: Runner) -> Animation:
        animation = Animation(runner, lambda frame: None)
        per_epoch = runner.experiment.steps_per_epoch
        runner.length = length = min(runner.experiment.length, MOST_EPOCHS * per_epoch)
        for _ in played(runner, PIECE_SECONDS, camera=animation):
            self._go_on()
            self._say(f"Painting for the files: epoch {runner.epoch:,} of {length // per_epoch:,}")
        animation.capture(1.0)
        return animation

    def _go_on(self) -> None:
        if self._is_stopped:
            raise _Stopped

    def _say(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self._progress(self, words)


def _save(path: str, pixels: np.ndarray) -> str:
    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    write_whole(path, content.getvalue())
    return f"{Path(path).name} is saved."
