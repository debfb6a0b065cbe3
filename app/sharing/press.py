"""Press: makes a file of a run in a program of its own, which takes the moments from a recording.

The window goes on meanwhile, and the file is the one that the command line writes. Serves the window's exports.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QObject, QProcess, QProcessEnvironment, pyqtSignal

import app
from app.sharing.asked import PROGRESS

PROGRAM = "import os, sys; os.name == 'posix' and os.nice(10); from app.cli import main; sys.exit(main())"
ROOT = Path(app.__file__).resolve().parents[1]
NAME = "run.fallline"


class Press(QObject):
    """One file at a time; ``close`` ends what is being made, of which nothing is left."""

    progressed = pyqtSignal(float)  # 0..1
    ended = pyqtSignal(str, str)  # the file, and a sentence that says what went wrong, or nothing

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._folder: Path | None = None
        self._path = self._said = ""

    @property
    def is_at_work(self) -> bool:
        """Whether a file is being made."""
        return self._folder is not None

    def open_folder(self) -> Path:
        """A new folder for the recording (NAME), and for all that is in the making; the work begins here."""
        self.stop()
        self._folder = Path(tempfile.mkdtemp(prefix="fall-line-"))
        return self._folder

    def start(self, path: str, arguments: Sequence[str]) -> None:
        """Make the file at ``path`` from the recording that has been put into the folder."""
        if self._folder is None:
            return
        self._path, self._said = path, ""
        self._process = process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("TMPDIR", str(self._folder))
        environment.insert("PYTHONPATH", str(ROOT))
        environment.insert("PYTHONIOENCODING", "utf-8")
        process.setProcessEnvironment(environment)
        process.readyReadStandardError.connect(self._listen)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail)
        recording = str(self._folder / NAME)
        process.start(sys.executable, ["-c", PROGRAM, "replay", recording, "--progress", *arguments])

    def stop(self) -> None:
        """Leave it; nothing of it stays."""
        process, self._process = self._process, None
        if process is not None:
            process.readyReadStandardError.disconnect()
            process.finished.disconnect()
            process.errorOccurred.disconnect()
            process.kill()
            process.waitForFinished(2000)
            process.deleteLater()
            for half in Path(self._path).parent.glob(f".{Path(self._path).name}.*"):
                half.unlink(missing_ok=True)
        self._tidy()

    def _listen(self) -> None:
        for line in bytes(self._process.readAllStandardError()).decode("utf-8", "replace").splitlines():
            if line.startswith(PROGRESS):
                self.progressed.emit(float(line.removeprefix(PROGRESS)))
            elif line.strip():
                self._said = line.strip()

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._listen()
        self._process.deleteLater()
        self._process = None
        self._tidy()
        if code == 0 and status == QProcess.NormalExit:
            self.ended.emit(self._path, "")
        else:
            reason = self._said.removeprefix("fallline: ") or "the program that makes it ended early."
            self.ended.emit(self._path, reason[:1].upper() + reason[1:])

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.FailedToStart:
            self._process.deleteLater()
            self._process = None
            self._tidy()
            self.ended.emit(self._path, "The program that makes the file can't be started.")

    def _tidy(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
