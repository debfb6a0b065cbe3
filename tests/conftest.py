"""Every test runs without a screen, and none may leave a thread, a timer or a window behind."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")
os.environ["FALL_LINE_GUARD"] = "1"  # an object touched by a thread that doesn't own it fails the test
if os.name == "posix" and "XDG_RUNTIME_DIR" not in os.environ:  # Qt warns without one, as in a bare container
    _runtime = tempfile.TemporaryDirectory(prefix="runtime-")
    os.environ["XDG_RUNTIME_DIR"] = _runtime.name

import gc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PyQt5 import sip
from PyQt5.QtCore import QEvent, Qt, QtCriticalMsg, QThread, QTimer, QtWarningMsg, qInstallMessageHandler
from PyQt5.QtWidgets import QApplication, QWidget

from engine.backend import ownership
from tests import own_folders

_own = own_folders.use()  # for as long as this process lives
SAID_OF_EVERY_WINDOW = "This plugin does not support propagateSizeHints"  # by the platform without a screen
PROCESSES = 2  # each imports TensorFlow, which takes seconds and half a gigabyte


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes share the tests: none but this one where only a file, or a part of one, is asked for."""
    asked_for = {argument.partition("::")[0] for argument in config.args}
    return 0 if len(asked_for) == 1 and all(name.endswith(".py") for name in asked_for) else PROCESSES


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("qt_log_ignore", SAID_OF_EVERY_WINDOW)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Iterator[bool | None]:
    """Python collects only what came with the test: beside all that TensorFlow keeps, it would take half a second.

    And only afterwards: by itself it collects in whichever thread allocates, and Qt's objects may only be taken apart
    in the window's. The program sees to the same (app.start.bootstrap).
    """
    gc.freeze()
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.unfreeze()
        gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """No warning of Qt while a test is taken apart either: pytest-qt listens only until its call has ended."""
    warnings: list[str] = []

    def listen(kind: int, _context: object, message: str) -> None:
        if kind in (QtWarningMsg, QtCriticalMsg) and SAID_OF_EVERY_WINDOW not in message:
            warnings.append(message)

    before = qInstallMessageHandler(listen)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    assert not warnings, f"Qt warned while the test was taken apart: {warnings}"


def _remembered(monkeypatch: pytest.MonkeyPatch, kind: type) -> weakref.WeakSet:
    """The objects of this Qt class on which ``start`` is called during a test."""
    started: weakref.WeakSet = weakref.WeakSet()
    start = kind.start

    def remember_and_start(self, *arguments):
        started.add(self)
        return start(self, *arguments)

    monkeypatch.setattr(kind, "start", remember_and_start)
    return started


def _alive(objects: weakref.WeakSet) -> list:
    return [item for item in objects if not sip.isdeleted(item)]


@pytest.fixture(autouse=True)
def no_thread_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    started = _remembered(monkeypatch, QThread)
    yield
    running = [thread for thread in _alive(started) if thread.isRunning()]
    for thread in running:
        thread.quit()
        thread.wait(2000)
    assert not running, f"{len(running)} QThread(s) were still running after the test"


@pytest.fixture(autouse=True)
def every_object_is_touched_by_its_owner_alone() -> Iterator[None]:
    ownership.trespasses.clear()
    yield
    assert not ownership.trespasses, ownership.trespasses


@pytest.fixture(autouse=True)
def no_timer_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    started = _remembered(monkeypatch, QTimer)
    yield
    active = _left(lambda: [timer for timer in _alive(started) if timer.isActive()])
    for timer in active:
        timer.stop()
    assert not active, f"{len(active)} QTimer(s) were still active after the test: {active}"


@pytest.fixture(autouse=True)
def no_window_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    if "no_window_is_left_behind_by_the_module" in request.fixturenames:
        yield  # what belongs to a window that several tests share lives as long as that does
    else:
        with _no_window_left():
            yield


@pytest.fixture(scope="module")
def no_window_is_left_behind_by_the_module() -> Iterator[None]:
    with _no_window_left():
        yield


@contextmanager
def _no_window_left() -> Iterator[None]:
    before = set(_windows())
    yield
    left = _left(lambda: [widget for widget in _windows() if widget not in before])
    for widget in left:
        widget.close()
        widget.deleteLater()
    assert not left, f"top-level widgets were left after the test: {left}"


def _windows() -> list[QWidget]:
    if QApplication.instance() is None:
        return []
    return [widget for widget in QApplication.topLevelWidgets() if not _belongs_to_a_layout(widget)]


def _belongs_to_a_layout(widget: QWidget) -> bool:
    """Each of Qt's graphics layouts has a bare widget of its own for its style, and deletes it itself."""
    return type(widget) is QWidget and not widget.testAttribute(Qt.WA_WState_Created)


def _left(find: Callable[[], list]) -> list:
    """What is found still, once Qt has carried out what deleteLater asked for, and Python let go of closures."""
    app = QApplication.instance()
    if app is None:
        return find()
    app.sendPostedEvents(None, QEvent.DeferredDelete)
    if not find():
        return []
    gc.collect()
    app.sendPostedEvents(None, QEvent.DeferredDelete)
    return find()
