"""A monkey in the real window: ``python -m tests.monkey --actions 10000 --seed 1``; offscreen, or where DISPLAY says.

It does at random what hands can do, by the objectNames of controls and by keys, and looks after each deed whether
something broke: an exception, a warning of Qt, an object touched by a thread that doesn't own it, a run that failed
and that no key leads out of, parts of the page that tell different steps, a beat of the window longer than it may be,
threads, timers, widgets or files that become ever more. A seed that fails says its last deeds, and does them again.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")
os.environ["FALL_LINE_GUARD"] = "1"
if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt5.QtCore import QEventLoop, QObject, Qt, QtCriticalMsg, QTimer, QtWarningMsg, qInstallMessageHandler
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAction, QApplication, QDialog, QLineEdit, QWidget

from app.sharing.look import Look
from app.start.bootstrap import FIRST_SCENE, Application, open_window
from app.window.actions import ACTIONS
from app.window.share_dialog import Choice
from engine.backend import ownership
from engine.experiments import EXPERIMENTS
from engine.knobs import knobs_of
from engine.lecture import chapters
from engine.run.states import State
from engine.scenes import scenes
from tests import own_folders
from widgets.plotting.guess_layer import Kind

LONGEST_BEAT = 0.25  # seconds
WAIT_SECONDS = 0.05  # of the window's life after a deed
PATIENCE_SECONDS = 120.0  # with a run that is being built; a machine may be slow
LOOK_EVERY = 250  # deeds between two counts of what may not grow
ROOM = 1.6  # times that it may be more than at the first count
NONSENSE = ("", "-", "1e999", "nan", "0,5", "−3", "1 000", "x^2 + ", "🙂", "1/0", "'; drop", "9" * 60, "sin x", "0x10")
NEVER = ("quit", "open", "open_folder", "save_as", "homework", "full_screen")  # dialogs of the system, and the end
SAID_WITHOUT_A_SCREEN = "This plugin does not support"


class BrokenError(Exception):
    """What a monkey has found."""


class Monkey(QObject):
    """``work`` does so many deeds."""

    def __init__(self, application: Application, seed: int, folder: Path, beat: float) -> None:
        super().__init__()
        self.application, self.window, self.folder, self.longest = application, application.window, folder, beat
        self.random = random.Random(seed)
        self.deeds: deque[str] = deque(maxlen=20)
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.worst: dict[str, float] = {}
        self._last = time.perf_counter()
        self._beat = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._first: dict[str, int] | None = None
        self._can: list[tuple[int, Callable[[], str]]] = [
            (30, self.knob), (10, self.type_nonsense), (6, self.scene), (4, self.page), (6, self.view), (20, self.key),
            (6, self.play), (6, self.seek), (4, self.undo), (3, self.resize), (2, self.chapter), (3, self.predict),
            (2, self.save), (2, self.open_file), (3, self.tab), (2, self.palette), (2, self.share), (3, self.paste),
        ]  # fmt: skip

    @property
    def session(self):
        return self.application.sessions[self.window.experiment]

    def work(self, deeds: int) -> None:
        """Do so many.

        Raises:
            BrokenError: something went wrong.
        """
        self._timer.start(8)
        for number in range(deeds):
            weights, can = zip(*self._can, strict=True)
            deed = self.random.choices(can, weights)[0]
            self._beat = 0.0
            self._last = time.perf_counter()
            said = deed()
            self.deeds.append(f"{number}: {deed.__name__} {said}")
            self.counts[deed.__name__] += 1
            self.live(self.random.choice((0.0, WAIT_SECONDS, 4 * WAIT_SECONDS)))
            self.worst[deed.__name__] = max(self.worst.get(deed.__name__, 0.0), self._beat)
            self._look()
            if number % LOOK_EVERY == LOOK_EVERY - 1:
                self._count()
                print(f"{number + 1} deeds, worst beats " + self.beats(), flush=True)
        self._timer.stop()

    def beats(self) -> str:
        """The longest beat of each deed, in ms."""
        worst = sorted(self.worst.items(), key=lambda item: -item[1])[:6]
        return ", ".join(f"{name} {1000 * beat:.0f}" for name, beat in worst)

    def live(self, seconds: float) -> None:
        """Let the window live for so long."""
        end = time.perf_counter() + seconds
        while True:
            QApplication.processEvents(QEventLoop.AllEvents, 10)
            if time.perf_counter() >= end:
                return

    def until(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            self.live(0.02)
            if time.monotonic() > end:
                raise BrokenError(f"{what} didn't come within {PATIENCE_SECONDS:.0f} s")

    def knob(self) -> str:
        panel = self.window.page.knob_panel
        knobs = [
            knob for knob in knobs_of(type(self.session.spec.settings)) if knob.is_shown(self.session.spec.settings)
        ]
        knob = self.random.choice(knobs)
        control = panel.findChild(QWidget, knob.name)
        if knob.choices:
            value = self.random.choice(list(knob.offered_choices(self.session.spec.settings)) or [""])
        elif isinstance(knob.default, bool):
            value = self.random.random() < 0.5
        elif isinstance(knob.default, int | float):
            value = self.random.choice((knob.low, knob.high, knob.default, self.random.uniform(knob.low, knob.high)))
        else:
            value = knob.default
        if control is not None and hasattr(control, "setValue") and control.isVisible():
            try:
                control.setValue(value)
            except ValueError as error:  # a whole number between two
                return f"{knob.name}={value!r}: {error}"
        else:
            self.session.change_knob(knob.name, value)
        return f"{knob.name}={value!r}"

    def type_nonsense(self) -> str:
        fields = [
            field for field in self.window.page.findChildren(QLineEdit) if field.isVisible() and field.isEnabled()
        ]
        if not fields:
            return "(no field)"
        field, text = self.random.choice(fields), self.random.choice(NONSENSE)
        field.setFocus()
        field.setText(text)
        QTest.keyClick(field, self.random.choice((Qt.Key_Return, Qt.Key_Escape, Qt.Key_Tab)))
        return f"{field.objectName() or field.accessibleName()} {text[:20]!r}"

    def scene(self) -> str:
        name = self.random.choice([name for name in scenes() if name.startswith(self.window.experiment)])
        self.session.open_scene(name)
        return name

    def page(self) -> str:
        name = self.random.choice(list(EXPERIMENTS))
        self.window.show_page(name)
        return name

    def view(self) -> str:
        knob = next((knob for knob in knobs_of(type(self.session.spec.settings)) if knob.name == "view"), None)
        offered = list(knob.offered_choices(self.session.spec.settings))
        if not offered:  # a race has none to choose from
            return "(no view)"
        view = self.random.choice(offered)
        self.session.change_knob("view", view)
        return view

    def key(self) -> str:
        row = self.random.choice([row for row in ACTIONS if row.name not in NEVER])
        self.window.findChild(QAction, row.name).trigger()
        return row.name

    def play(self) -> str:
        self.window.page.toggle_play()
        return self.session.state.value

    def seek(self) -> str:
        lanes = self.session.rewinding.lanes
        if not lanes:
            return "(no run)"
        lane = self.random.choice(lanes)
        step = self.random.randint(0, max(1, lane.end))
        self.window.page.moment_requested.emit(lane.number, step)
        return f"{lane.name} at {step}"

    def undo(self) -> str:
        name = self.random.choice(("undo", "undo", "redo"))
        self.window.findChild(QAction, name).trigger()
        return name

    def resize(self) -> str:
        size = self.random.choice(((1024, 600), (1280, 720), (1920, 1080), (640, 480)))
        self.window.resize(*size)
        return str(size)

    def chapter(self) -> str:
        number = self.random.randint(1, len(chapters()))
        self.window.chapter_requested.emit(number)
        return str(number)

    def predict(self) -> str:
        self.window.page.predict()
        self.live(WAIT_SECONDS)
        for layer in self.window.page.prediction.layers:
            across, _ = layer.plot.getViewBox().viewRange()
            count = {Kind.PLACE: 2, Kind.CURVE: 0}.get(layer.kind, 1)
            place = [self.random.uniform(*across) for _ in range(count)]
            layer.show_value(place or [[across[0], 0], [across[1], 1]])
            layer.drawn.emit()
        return f"{len(self.window.page.prediction.layers)} plots"

    def save(self) -> str:
        option, ending = self.random.choice((("png", ".png"), ("svg", ".svg"), ("share", ".txt"), ("code", ".py")))
        path = self.folder / f"saved{ending}"
        self.application.sharer.save(str(path), Choice(option, Look(640, 480), 1.0, True))
        return path.name

    def open_file(self) -> str:
        name, content = self.random.choice(
            (
                ("bad.toml", b"experiment = 'nowhere'"), ("good.csv", b"x;y\n1,5;2\n2;3\n3;5\n"),
                ("bad.csv", b"\x00\xff" * 50),
                ("bad.fallline", b"PK\x03\x04nothing"), ("bad.png", b"\x89PNG nothing"), ("empty.csv", b""),
                ("good.toml", b'experiment = "regression"\n[settings]\npoints = 50\n'),
            )
        )  # fmt: skip
        (self.folder / name).write_bytes(content)
        self.window.file_requested.emit(str(self.folder / name))
        return name

    def tab(self) -> str:
        word = self.random.choice(("", *self.window.page.side_tabs.words()))
        self.window.page.side_tabs.open(word)
        return word

    def palette(self) -> str:
        self.window.findChild(QAction, "find").trigger()
        self.live(WAIT_SECONDS)
        word = self.random.choice(("adam", "chap", "rate", "zzz", "theme"))
        dialog = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if dialog is not None:
            QTest.keyClicks(dialog.focusWidget() or dialog, word)
            QTest.keyClick(dialog.focusWidget() or dialog, self.random.choice((Qt.Key_Return, Qt.Key_Escape)))
        return word

    def share(self) -> str:
        self.application.sharer.open()
        self.live(WAIT_SECONDS)
        dialog = self.application.sharer.dialog
        if dialog is not None:
            formats = [dialog._formats.item(row) for row in range(dialog._formats.count())]
            dialog._formats.setCurrentItem(
                self.random.choice([one for one in formats if one.flags() & Qt.ItemIsEnabled])
            )
            self.live(WAIT_SECONDS)
            if self.random.random() < 0.7:
                dialog.close()
        return ""

    def paste(self) -> str:
        text = self.random.choice(("1\t2\n3\t4\n5\t7", "fallline:nonsense", "hello", ""))
        QApplication.clipboard().setText(text)
        self.window.findChild(QAction, "paste").trigger()
        return repr(text[:12])

    def _tick(self) -> None:
        now = time.perf_counter()
        self._beat, self._last = max(self._beat, now - self._last), now

    def _look(self) -> None:
        """Whether anything is broken."""
        for dialog in self.window.findChildren(QDialog):
            if dialog.isVisible() and self.random.random() < 0.5:
                dialog.close()
        if self.faults:
            raise BrokenError("; ".join(self.faults))
        if ownership.trespasses:
            raise BrokenError(f"touched by a thread that doesn't own it: {ownership.trespasses}")
        if self._beat > self.longest:
            raise BrokenError(f"a beat of {1000 * self._beat:.0f} ms")
        for name, session in self.application.sessions.items():
            if session.state is State.FAILED:
                session.page.start_over()
                self.until(lambda session=session: session.state is not State.FAILED, f"a way out of failure ({name})")
        page = self.window.page
        if page.frame is not None and page.transport._at[0] != page.frame.step:
            raise BrokenError(f"the picture is of step {page.frame.step}, the buttons say {page.transport._at[0]}")

    def _count(self) -> None:
        found = {
            "threads": threading.active_count(),
            "timers": len([timer for timer in self.window.findChildren(QTimer) if timer.isActive()]),
            "widgets": len(QApplication.allWidgets()),
            "files": len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0,
        }
        if self._first is None:
            self._first = found
        for name, count in found.items():
            if count > ROOM * self._first[name] + 40:
                raise BrokenError(f"{name} became more: {self._first[name]} at first, {count} now")


class _Log(logging.Handler):
    """What the program logs as an error, an exception in a slot among it."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        words = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self._found.append(f"logged: {record.getMessage()} {words}")


def _listen(found: list[str]) -> None:
    def hear(kind: int, _context: object, message: str) -> None:
        if kind in (QtWarningMsg, QtCriticalMsg) and SAID_WITHOUT_A_SCREEN not in message:
            found.append(f"Qt warns: {message}")

    qInstallMessageHandler(hear)
    logging.getLogger().addHandler(_Log(found))


def _drive(application: Application, options: argparse.Namespace, found: list[str]) -> None:
    """Let a monkey into the window, then close it; what it found is put into ``found``."""
    _listen(found)
    with tempfile.TemporaryDirectory() as folder:
        monkey = Monkey(application, options.seed, Path(folder), options.beat / 1000)
        monkey.faults = found
        try:
            monkey.until(lambda: monkey.session.state is not State.LOADING, "the first scene")
            monkey.live(2.0)
            monkey.work(options.actions)
        except BrokenError as broken:
            found.append(str(broken))
            print(f"seed {options.seed}: {broken}\nits last deeds:\n  " + "\n  ".join(monkey.deeds), file=sys.stderr)
        print(f"{sum(monkey.counts.values())} deeds; worst beats in ms: {monkey.beats()}", flush=True)
    application.window.close()
    QApplication.exit(1 if found else 0)  # the process may end with it: what is still compiled can't be interrupted


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.monkey")
    parser.add_argument("--actions", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beat", type=float, default=1000 * LONGEST_BEAT, help="ms that a beat may last")
    options = parser.parse_args()
    own = own_folders.use()  # for as long as this process lives
    found: list[str] = []
    began = time.monotonic()
    begin = scenes()[FIRST_SCENE]
    # in the very program, with its own hooks, collector and log
    open_window(begin, lambda application: QTimer.singleShot(0, lambda: _drive(application, options, found)))
    print(f"closed after {time.monotonic() - began:.0f} s", flush=True)
    own.cleanup()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
