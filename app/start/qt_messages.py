"""Sends what Qt says of itself to the log: a person at a terminal can do nothing with it."""

from __future__ import annotations

import logging

from PyQt5.QtCore import QtCriticalMsg, QtDebugMsg, QtFatalMsg, QtInfoMsg, QtWarningMsg, qInstallMessageHandler

_LEVELS = {
    QtDebugMsg: logging.DEBUG,
    QtInfoMsg: logging.INFO,
    QtWarningMsg: logging.WARNING,
    QtCriticalMsg: logging.ERROR,
    QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger("qt")
log.addHandler(logging.NullHandler())  # where no log is kept, Python would print them on standard error instead


def to_the_log() -> None:
    """From here on Qt's messages go to the logger "qt"; call it before the QApplication is made."""
    qInstallMessageHandler(lambda kind, context, message: log.log(_LEVELS.get(kind, logging.WARNING), message))
