"""Placement: where the window stands, so that all of it, frame included, is on a screen that is there."""

from __future__ import annotations

from PyQt5.QtCore import QByteArray, QObject, QPoint, QRect, QSize, Qt, QTimer
from PyQt5.QtGui import QGuiApplication, QScreen
from PyQt5.QtWidgets import QWidget

FIRST_SIZE = QSize(1280, 720)  # on a large screen SHARE of it, where that is more
SHARE = 0.8
FRAME_GUESS = QSize(12, 44)  # of a title bar and borders, while the window manager hasn't said
SETTLING_MILLISECONDS = 3000  # after it is shown, in which the window manager puts its frame about it
LOOK_MILLISECONDS = 50  # between two looks at it meanwhile


def first_size(available: QSize) -> QSize:
    """The size of the window, without its frame, on a screen with so much room."""
    wanted = FIRST_SIZE.expandedTo(QSize(round(SHARE * available.width()), round(SHARE * available.height())))
    return wanted.boundedTo(available - FRAME_GUESS)


def inside(frame: QRect, available: QRect) -> QRect:
    """The nearest rectangle that lies inside ``available``, no larger than ``frame``."""
    size = frame.size().boundedTo(available.size())
    left = min(max(frame.left(), available.left()), available.right() + 1 - size.width())
    top = min(max(frame.top(), available.top()), available.bottom() + 1 - size.height())
    return QRect(QPoint(left, top), size)


class Placement(QObject):
    """Places one window at the start, and again whenever a screen has gone."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._fills_screen = False
        self._look, self._settled = QTimer(self), QTimer(self)
        self._look.setInterval(LOOK_MILLISECONDS)
        self._settled.setInterval(SETTLING_MILLISECONDS)
        self._settled.setSingleShot(True)
        self._look.timeout.connect(self.keep_inside)
        self._settled.timeout.connect(self._leave_alone)
        QGuiApplication.instance().screenRemoved.connect(lambda _: self.shown())

    def place(self, remembered: QByteArray | None) -> None:
        """Where it was, or in the middle of the first screen; never in full screen. Call it before it is shown."""
        available = QGuiApplication.primaryScreen().availableGeometry()
        if remembered is None or not self._window.restoreGeometry(remembered):
            size = first_size(available.size())
            self._fills_screen = size.width() < FIRST_SIZE.width() or size.height() < FIRST_SIZE.height()
            self._window.resize(size)
            frame = QRect(QPoint(), self._window.size() + FRAME_GUESS)
            frame.moveCenter(available.center())
            self._window.move(inside(frame, available).topLeft())
        state = self._window.windowState()
        self._window.setWindowState(state & ~(Qt.WindowFullScreen | Qt.WindowMinimized))

    def shown(self) -> None:
        """Call it once the window is shown: its frame comes when the window manager gets to it, unsaid by any event."""
        self._look.start()
        self._settled.start()

    def _leave_alone(self) -> None:
        """From here on it stands where the person puts it."""
        self._look.stop()
        self._fills_screen = False

    def keep_inside(self) -> None:
        """Move the window, and make it smaller where it has to be, until its frame lies inside its screen's room."""
        window = self._window
        if window.isMaximized() or window.isFullScreen():
            return
        frame = window.frameGeometry()
        fitting = available = _screen_of(frame).availableGeometry()
        if not self._fills_screen:  # a small screen is all the window's, once it is known how wide the frame is
            fitting = inside(frame, available)
        if fitting.size() != frame.size():
            window.resize(window.size() - (frame.size() - fitting.size()))
        if fitting.topLeft() != frame.topLeft():
            window.move(fitting.topLeft())


def _screen_of(frame: QRect) -> QScreen:
    """The screen that has most of the window, or the first one where none has any of it."""

    def share(screen: QScreen) -> int:
        seen = screen.geometry().intersected(frame)
        return seen.width() * seen.height()

    best = max(QGuiApplication.screens(), key=share)
    return best if share(best) else QGuiApplication.primaryScreen()
