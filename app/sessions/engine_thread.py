"""The engine's thread and the builder's, from start to their orderly end."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PyQt5.QtCore import QObject, Qt, QThread, pyqtSignal

from app.sessions.host import EngineHost
from engine.backend.backend import STACK_BYTES
from engine.backend.priority import TRAINING, lower_priority

BUILDERS = 2
END_MILLISECONDS = 600  # far more than one advance takes; an import or a compilation may take longer


class _LastingThread(QThread):
    """A thread with its event loop run from Python, so that one Python thread state lasts as long as the thread does.

    A plain QThread gets a new one for every slot. TensorFlow's bindings keep the one that they met first, and use it,
    freed by then, when an operation outside a graph raises: the process crashed, or hung, with a slot's first eager
    operation that did.

    It stands back behind the window, and so do TensorFlow's own threads, which it starts: a hand feels the window.
    """

    def run(self) -> None:
        lower_priority(TRAINING)
        self.exec()


class EngineThread(QObject):
    """One QThread for all hosts, and a few that build and compile in the background."""

    _load_requested = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        previous = threading.stack_size(STACK_BYTES)  # XLA compiles in the builder's thread
        # two, so that a slider that has moved on need not wait for the network before it to be compiled
        self._builder = ThreadPoolExecutor(
            BUILDERS, thread_name_prefix="builder", initializer=lower_priority, initargs=(TRAINING,)
        )
        all_there = threading.Barrier(BUILDERS)
        for started in [self._builder.submit(all_there.wait) for _ in range(BUILDERS)]:
            started.result()  # every thread exists now, with that stack
        threading.stack_size(previous)
        self._thread = _LastingThread()
        self._thread.setObjectName("engine")
        self._thread.setStackSize(STACK_BYTES)
        self._hosts: list[EngineHost] = []

    def new_host(self) -> EngineHost:
        """A host for one more page, living in the engine's thread."""
        host = EngineHost(self._builder)
        host.moveToThread(self._thread)
        if not self._hosts:
            self._load_requested.connect(host.load)
        # Directly, in the engine's thread as it ends: no queued call is delivered any more once quit() was called.
        self._thread.finished.connect(host.stop, Qt.DirectConnection)
        self._hosts.append(host)
        return host

    def start(self) -> None:
        """Start the thread and import TensorFlow in it; the first host says engine_ready."""
        self._thread.start()
        self._load_requested.emit()

    def stop(self, milliseconds: int = END_MILLISECONDS) -> bool:
        """Stop flag, quit, wait. False when TensorFlow is in something that can't be stopped."""
        for host in self._hosts:
            host.ask_to_stop()
        self._builder.shutdown(wait=False, cancel_futures=True)
        if not self._thread.isRunning():
            return True
        self._thread.quit()
        if not self._thread.wait(milliseconds):
            return False
        ended = threading.Thread(target=partial(self._builder.shutdown, wait=True), daemon=True)
        ended.start()
        until = time.monotonic() + milliseconds / 1000
        waits = [ended, *(host.ending for host in self._hosts if host.ending is not None)]
        for thread in waits:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in waits)
