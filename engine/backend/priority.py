"""Who may have the processor first: the window, then training, then what is measured in the background."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

TRAINING = 5  # niceness of the thread that trains, behind the window's, which has 0
MEASURING = 10  # of those that measure for it


def lower_priority(niceness: int = MEASURING) -> None:
    """Lower the calling thread's priority, and that of the threads which it will start.

    Only Linux has priorities for single threads; elsewhere it does nothing.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
