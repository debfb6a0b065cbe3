"""The one lazy import of TensorFlow, with its flags and its threads.

Importing TensorFlow takes seconds and, beside Qt's X11 plugin, kills the process unless its symbols stay apart from
those of Mesa's LLVM. Nobody else imports it at module level: call ``load()`` once, in the engine's thread, then use
``tensorflow()`` and ``keras()``.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from engine.backend import environment

# XLA compiles in the thread that calls it; macOS gives a thread 512 KB of stack, which is not enough.
STACK_BYTES = 16 << 20

_loading = threading.Lock()


@cache
def _imported() -> tuple[ModuleType, ModuleType]:
    environment.set_aside()
    flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
    if sys.platform.startswith("linux"):
        # With RTLD_DEEPBIND TensorFlow finds its own LLVM before the one that Qt's xcb plugin brought in with Mesa.
        sys.setdlopenflags(os.RTLD_NOW | os.RTLD_DEEPBIND)
    try:
        with _QuietNativeStderr():
            import keras
            import tensorflow as tf

            # One thread trains these small networks as fast as two, and leaves a core to the window.
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(2)
            tf.constant(0.0)  # starts the runtime here, so that its start-up lines are kept off stderr too
    finally:
        if flags is not None:
            sys.setdlopenflags(flags)
    environment.as_shipped(keras)
    tf.get_logger().setLevel("ERROR")
    return tf, keras


class _QuietNativeStderr:
    """Keeps the C++ library's start-up lines (absl writes them before any log level applies) off standard error.

    They go to a pipe-less null file; Python's own errors are raised, not written, so nothing real is lost.
    """

    def __enter__(self) -> None:
        if sys.stderr:
            sys.stderr.flush()
        try:
            self._saved = os.dup(2)
        except OSError:  # no standard error at all, as under pythonw
            self._saved = None
            return
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)

    def __exit__(self, *exc: object) -> None:
        if self._saved is not None:
            os.dup2(self._saved, 2)
            os.close(self._saved)


def load() -> None:
    """Import TensorFlow and Keras; takes seconds the first time and nothing after."""
    with _loading:
        _imported()


def is_loaded() -> bool:
    """Whether load() has been here, without importing anything."""
    return _imported.cache_info().currsize > 0


def give_back() -> None:
    """Return freed memory to the system, where the C library would keep it for itself: compiling frees much."""
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
        if trim is not None:
            trim(0)


def copied(variable: Any) -> np.ndarray:
    """A Keras variable's value as an array of its own, which later steps don't write into."""
    return np.array(variable.numpy())


def tensorflow() -> ModuleType:
    """The tensorflow module, imported now if it wasn't yet."""
    load()
    return _imported()[0]


def keras() -> ModuleType:
    """The keras module, imported now if it wasn't yet."""
    load()
    return _imported()[1]
