"""How large the window's lengths are on the screen: what has to be said before the QApplication is made."""

from __future__ import annotations

import ctypes
import os
import sys

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QApplication

USUAL_DENSITY = "96"  # dots per inch of a screen at 100 %


def prepare_screens() -> None:
    """Lengths grow with the screen's density, at 125 % by a quarter; call it before the QApplication is made."""
    QApplication.setAttribute(Qt.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.AA_UseHighDpiPixmaps)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    if _is_on_x() and not _has_density():
        os.environ.setdefault("QT_FONT_DPI", USUAL_DENSITY)


def _is_on_x() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "xcb")
    return sys.platform.startswith("linux") and bool(os.environ.get("DISPLAY")) and platform.startswith("xcb")


def _has_density() -> bool:
    """Whether somebody has set Xft.dpi.

    Without it Qt takes what the X server makes of the monitor's size in millimetres, which may be 100, or anything:
    nobody means 104 % by that, and every line and pixel would be blurred.
    """
    try:
        x = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True
    x.XOpenDisplay.restype = x.XGetDefault.restype = ctypes.c_void_p
    x.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x.XGetDefault.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
    x.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x.XOpenDisplay(None)
    if not display:
        return True
    try:
        return bool(x.XGetDefault(display, b"Xft", b"dpi"))
    finally:
        x.XCloseDisplay(display)
