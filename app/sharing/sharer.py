"""Sharer: what a person wants to have of the window: copied at once, saved, or made beside it while it goes on.

Pictures are drawn here, in the window's thread, from the moment that is shown; films and numbers come from the history,
in a program of their own (see app.sharing.press).
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from PyQt5.QtCore import QObject, QSettings, pyqtSignal
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QApplication, QFileDialog

from app.files.outputs import OutputError, check_writable, write_recording, write_whole
from app.files.report import report
from app.sessions.session import Session
from app.sharing import estimate, setting
from app.sharing.code.script import notebook, script
from app.sharing.drawing import Drawing
from app.sharing.formats import Group, named
from app.sharing.look import Look, LookError
from app.sharing.press import NAME, Press
from app.sharing.still import Still
from app.window.share_dialog import Choice, ShareDialog
from app.window.window import MainWindow
from engine.frames import Frame
from engine.history.recording_file import Book, Recording
from engine.knobs import knobs_of
from engine.run.spec import RunSpec

COPIED_SCALE = 2.0
MOST_BYTES = 200_000_000  # of key states that a film is made from

log = logging.getLogger(__name__)


class _Asker(QObject):
    """Asks one page's LaneDesk; tokens are negative, the keeper's are not."""

    dump_requested = pyqtSignal(int, int)  # see LaneDesk.dump


class Sharer(QObject):
    """Carries out what the Share menu and its dialog ask for."""

    _written = pyqtSignal(str, str)  # file, and what was wrong
    _recorded = pyqtSignal(int, str)  # token; what was wrong
    _coded = pyqtSignal(object, str)  # what to do with it; the code

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session], settings: QSettings | None = None) -> None:
        super().__init__(window)
        self._window, self._sessions = window, sessions
        self._settings = settings or QSettings()
        self._files = ThreadPoolExecutor(1, "sharer")
        self._dialog: ShareDialog | None = None
        self._still = Still(self)
        self._still.changed.connect(self._look_again)
        self._tokens = itertools.count(-1, -1)
        self._token = 0
        self._asked: tuple[str, Choice, Frame, RunSpec] | None = None
        self._began = 0.0  # when that was
        self._press = Press(self)
        self._press.progressed.connect(self._show_progress)
        self._press.ended.connect(self._say)
        self._written.connect(self._say)
        self._recorded.connect(self._start)
        self._coded.connect(lambda use, code: use(code))
        self._askers = {name: _Asker(self) for name in sessions}
        for name, session in sessions.items():
            self._askers[name].dump_requested.connect(session.host.lanes.dump)
            session.host.lanes.dumped.connect(lambda book, token, name=name: self._record(name, book, token))
            session.host.analysis_ready.connect(self._still.take)
            session.host.past.analysis_ready.connect(self._still.take)
        window.share_requested.connect(self.open)
        window.copy_picture_requested.connect(self.copy)
        window.copy_line_requested.connect(self.copy_line)
        window.copy_code_requested.connect(self.copy_code)
        window.copy_report_requested.connect(self.copy_report)
        window.page_changed.connect(lambda _: self._look_again())
        window.closing.connect(self.close)

    @property
    def dialog(self) -> ShareDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def open(self) -> None:
        """Ask what shall leave the window."""
        if self._dialog is None:
            self._still.is_kept = True
            self._dialog = dialog = ShareDialog(self._settings, self._window.experiment, self._window)
            dialog.looked_at.connect(self._preview)
            dialog.copy_requested.connect(self._copy_choice)
            dialog.save_requested.connect(self._ask_where)
            dialog.stop_requested.connect(self._stop)
            dialog.finished.connect(self._forget_dialog)
            if self._press.is_at_work:
                dialog.show_work(0.0)
        self._dialog.show()
        self._dialog.activateWindow()

    def copy(self, look: Look | None = None) -> None:
        """Put the picture that is shown on the clipboard, with twice the dots."""
        if self._frame is None:
            self._window.page.show_problem("There is no picture to copy yet.")
            return
        look = look or Look(theme=self._window.theme.name, height=720)
        try:
            self._draw(Look(**{**vars(look), "scale": max(look.scale, COPIED_SCALE)}))
        except LookError as error:
            self._say_words(str(error), is_wrong=True)
            return
        self._still.when_whole(self._put_picture)

    def _put_picture(self, drawing: Drawing) -> None:
        image = drawing.image()
        image.setDevicePixelRatio(1.0)
        QApplication.clipboard().setImage(image)
        self._say_words(f"The picture is copied, {image.width():,} × {image.height():,}.")

    def copy_line(self) -> None:
        """Put the setting that is shown on the clipboard, as one line."""
        QApplication.clipboard().setText(setting.line(self._session.shown))
        files = ", ".join(Path(name).name for name in setting.left_out(self._session.shown))
        own = f" {files} stays here: send it along." if files else ""
        self._say_words(f"The setting is copied as one line; pasted into Fall Line, it opens the same run.{own}")

    def copy_code(self) -> None:
        """Put the script of what is shown on the clipboard."""
        self._with_code(self._session.shown, "code", self._put_code)

    def save_code(self) -> None:
        """Ask where the script of what is shown shall be kept."""
        self._ask_where(Choice("code", Look(), 0.0, True))

    def copy_report(self) -> None:
        """Put on the clipboard what helps to find a fault; its file is read beside the window."""
        self._files.submit(lambda: self._coded.emit(self._put_report, report()))

    def _put_report(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self._say_words("The report is copied: versions and the log's last lines, no path of yours.")

    def _put_code(self, code: str) -> None:
        QApplication.clipboard().setText(code)
        self._say_words(f"The script is copied, {code.count(chr(10))} lines: it runs with TensorFlow alone.")

    def _with_code(self, spec: RunSpec, option: str, use: Callable[[str], None]) -> None:
        """Make the code beside the window, which may have to read a picture, and use it in the window's thread."""
        self._files.submit(self._make_code, spec, option, use)

    def _make_code(self, spec: RunSpec, option: str, use: Callable[[str], None]) -> None:
        try:
            code = script(spec) if option == "code" else notebook(spec)
        except ValueError as error:
            self._written.emit("", str(error))
            return
        self._coded.emit(use, code)

    def _copy_choice(self, choice: Choice) -> None:
        if named(choice.option).group is Group.SETTING:
            self.copy_line()
        elif named(choice.option).group is Group.CODE:
            self.copy_code()
        else:
            self.copy(choice.look)

    def save(self, path: str, choice: Choice) -> None:
        """Write what is chosen; of a film, and of numbers, the moments up to the one that is shown."""
        form = named(choice.option)
        if not Path(path).suffix:
            path += form.ending
        try:
            if self._frame is None:
                raise OutputError("There is nothing to save yet: no step has been shown.")
            if form.ending and Path(path).suffix.lower() != form.ending:
                raise OutputError(f"{Path(path).name} must end in {form.ending}, as {form.label} files do.")
            check_writable(path)
            if form.group is Group.STILL:
                self._draw(choice.look)
                self._still.when_whole(
                    lambda drawing: self._files.submit(self._write, path, getattr(drawing, form.option)())
                )
                return
            if form.group is Group.CODE:
                self._with_code(
                    self._session.shown,
                    form.option,
                    lambda code: self._files.submit(self._write, path, code.encode()),
                )
                return
            if form.group is Group.SETTING:
                spec = self._session.shown
                content = f"{setting.line(spec)}\n".encode() if form.option == "share" else setting.scene_file(spec)
                self._files.submit(self._write, path, content)
                return
        except (OutputError, LookError) as error:
            self._say(path, str(error))
            return
        self._begin(path, choice)

    def close(self) -> None:
        """End what is being made; nothing of it is left."""
        self._token, self._asked = 0, None
        self._press.stop()
        self._files.shutdown(wait=False)
        if self._dialog is not None:
            self._dialog.close()
        self._still.forget()

    @property
    def _session(self) -> Session:
        return self._sessions[self._window.experiment]

    @property
    def _frame(self) -> Frame | None:
        return self._window.page.frame

    def _begin(self, path: str, choice: Choice) -> None:
        self._token = next(self._tokens)
        self._asked, self._began = (path, choice, self._frame, self._session.shown), time.monotonic()
        self._show_progress(0.0)
        self._askers[self._window.experiment].dump_requested.emit(MOST_BYTES, self._token)

    def _record(self, name: str, book: Book, token: int) -> None:
        if token != self._token or self._asked is None:
            return
        folder = self._press.open_folder()
        self._files.submit(self._write_recording, str(folder / NAME), Recording({name: book}), token)

    def _write_recording(self, path: str, recording: Recording, token: int) -> None:
        try:
            write_recording(path, recording)
            self._recorded.emit(token, "")
        except (OutputError, OSError) as error:
            self._recorded.emit(token, str(error))

    def _start(self, token: int, problem: str) -> None:
        if token != self._token or self._asked is None:
            return
        path, choice, frame, spec = self._asked
        if problem:
            self._press.stop()
            self._say(path, problem)
            return
        lane = next((lane for lane in self._session.rewinding.lanes if lane.number == frame.lane), None)
        arguments = [f"--{choice.option}", path, "--at", str(frame.step)]
        if lane is not None:
            arguments += ["--lane", lane.name]
        if named(choice.option).group is Group.FILM:
            look = choice.look
            arguments += ["--size", f"{look.width}x{look.height}", "--theme", look.theme]
            arguments += ["--seconds-long", f"{choice.seconds:g}", "--moments", "early" if choice.is_early else "even"]
            arguments += [] if look.is_whole else ["--picture-only"]
        for name, value in looks(spec).items():
            arguments += ["--set", f"{name}={value}"]
        self._press.start(path, arguments)

    def _stop(self) -> None:
        self._token, self._asked = 0, None
        self._press.stop()
        self._hide_progress()
        self._say_words("Stopped; no file is written.")

    def _write(self, path: str, content: bytes) -> None:
        try:
            write_whole(path, content)
            self._written.emit(path, "")
        except OutputError as error:
            self._written.emit(path, str(error))

    def _ask_where(self, choice: Choice) -> None:
        form = named(choice.option)
        dialog = QFileDialog(self._dialog or self._window, f"Save as {form.label}")
        dialog.setObjectName("share_file_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptSave)
        dialog.setNameFilter(f"{form.label} (*{form.ending})")
        if form.ending:
            dialog.setDefaultSuffix(form.ending[1:])
        folder = str(self._settings.value("share/folder", ""))
        if folder and Path(folder).is_dir():
            dialog.setDirectory(folder)
        dialog.selectFile(f"{self._session.shown.scene.rpartition('/')[2] or 'run'}{form.ending}")
        dialog.fileSelected.connect(lambda path: self._settings.setValue("share/folder", str(Path(path).parent)))
        dialog.fileSelected.connect(lambda path: self.save(path, choice))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _preview(self, choice: Choice) -> None:
        if self._dialog is None or self._frame is None or named(choice.option).group is Group.NUMBERS:
            return
        if named(choice.option).group is Group.CODE:
            self._with_code(self._session.shown, "code", self._show_code)
            return
        if named(choice.option).group is Group.SETTING:
            line = setting.line(self._session.shown)
            self._dialog.show_preview(QImage.fromData(setting.qr_code(line)), is_whole=True)
            self._dialog.show_words(line)
            return
        try:
            drawing = self._draw(Look(**{**vars(choice.look), "scale": 1.0}))
            began = time.perf_counter()
            image = drawing.image()
        except LookError as error:
            self._dialog.show_words(str(error), is_wrong=True)
            return
        self._dialog.show_preview(image)
        if named(choice.option).group is Group.FILM and not self._dialog.is_at_work:
            drawn, size = time.perf_counter() - began, (choice.look.width, choice.look.height)
            self._dialog.show_words(estimate.words(choice.option, choice.seconds, size, drawn, self._settings))

    def _show_code(self, code: str) -> None:
        if self._dialog is not None:
            self._dialog.show_code(code)

    def _look_again(self) -> None:
        if self._dialog is not None:
            self._dialog.look_again()

    def _draw(self, look: Look) -> Drawing:
        return self._still.show(self._session, self._window.page, look)

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        self._still.is_kept = False
        self._still.forget()

    def _show_progress(self, share: float) -> None:
        if self._asked is None:
            return
        self._window.page_of(self._asked[3].experiment).show_work(f"{Path(self._asked[0]).name}: {share:.0%}")
        if self._dialog is not None:
            self._dialog.show_work(share)

    def _hide_progress(self) -> None:
        for session in self._sessions.values():
            session.page.show_work("")
        if self._dialog is not None:
            self._dialog.show_work(None)

    def _say(self, path: str, problem: str) -> None:
        if not problem:
            self._learn_pace()
        self._asked = None
        self._hide_progress()
        self._say_words(problem or f"{Path(path).name} is saved.", is_wrong=bool(problem))

    def _learn_pace(self) -> None:
        if self._asked is None or named(self._asked[1].option).group is not Group.FILM:
            return
        path, choice, *_ = self._asked
        with suppress(OSError):
            size = choice.look.width, choice.look.height
            took, written = time.monotonic() - self._began, Path(path).stat().st_size
            estimate.learn(choice.option, choice.seconds, size, took, written, self._settings)

    def _say_words(self, words: str, is_wrong: bool = False) -> None:
        if self._dialog is not None:
            self._dialog.show_words(words, is_wrong)
        elif is_wrong:
            self._window.page.show_problem(words)
        else:
            self._window.page.show_notice(words)


def looks(spec: RunSpec) -> dict[str, str]:
    """The knobs that say only how a run is looked at, as ``replay --set`` takes them."""
    found = {}
    for knob in knobs_of(type(spec.settings)):
        if knob.live and not knob.steers and not knob.restarts:
            value = getattr(spec.settings, knob.name)
            found[knob.name] = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return found
