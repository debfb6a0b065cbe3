"""Every test runs without a screen, and none may leave a thread, a timer or a window behind."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")
if os.name == "posix" and "XDG_RUNTIME_DIR" not in os.environ:  # Qt warns without one, as in a bare container
    _runtime = tempfile.TemporaryDirectory(prefix="runtime-")
    os.environ["XDG_RUNTIME_DIR"] = _runtime.name

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from PyQt5 import sip
from PyQt5.QtCore import QEvent, QThread, QTimer
from PyQt5.QtWidgets import QApplication, QWidget


def pytest_configure(config: pytest.Config) -> None:
    # said of every window by the platform without a screen
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


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
def no_timer_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    started = _remembered(monkeypatch, QTimer)
    yield
    active = _left(lambda: [timer for timer in _alive(started) if timer.isActive()])
    for timer in active:
        timer.stop()
    assert not active, f"{len(active)} QTimer(s) were still active after the test: {active}"


@pytest.fixture(autouse=True)
def no_window_is_left_behind() -> Iterator[None]:
    before = set(_windows())
    yield
    left = _left(lambda: [widget for widget in _windows() if widget not in before])
    for widget in left:
        widget.close()
        widget.deleteLater()
    assert not left, f"top-level widgets were left after the test: {left}"


def _windows() -> list[QWidget]:
    return QApplication.topLevelWidgets() if QApplication.instance() is not None else []


def _left(find: Callable[[], list]) -> list:
    """What is found still, once Qt has carried out what deleteLater asked for, and Python let go of what closures hold.

    Collecting takes a good part of a second beside TensorFlow: only where something is left.
    """
    app = QApplication.instance()
    if app is None:
        return find()
    app.sendPostedEvents(None, QEvent.DeferredDelete)
    if not find():
        return []
    gc.collect()
    app.sendPostedEvents(None, QEvent.DeferredDelete)
    return find()
