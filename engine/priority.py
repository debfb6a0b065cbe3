"""Lets a background thread stand back, so that it takes only what training and the window leave over."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

NICENESS = 10


def stand_back() -> None:
    """Lower the calling thread's priority. Only Linux has priorities for single threads; elsewhere it does nothing."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
