"""Calls with a timeout: a network path that hangs must not take the asking thread with it.

Serves the data: whatever reads a person's files.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

SECONDS = 5.0  # long for a disk that has to wake up, short for somebody who waits

T = TypeVar("T")


def call_with_timeout(ask: Callable[[], T], seconds: float = SECONDS) -> T:
    """What ``ask`` returns or raises, or TimeoutError (an OSError) after that long.

    An unanswered call can't be ended; its thread is left behind, and doesn't keep the program from ending.
    """
    future: Future[T] = Future()

    def work() -> None:
        try:
            future.set_result(ask())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, name="file", daemon=True).start()
    return future.result(seconds)
