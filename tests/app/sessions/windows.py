"""The whole application for tests: a window of one test alone, and one that a module's tests use in turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PyQt5 import sip
from PyQt5.QtCore import QEvent, QObject, QSettings, QTimer
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from app.sessions.session import Session
from app.start.bootstrap import Application
from app.window.preferences import Preferences
from engine.frames import Frame
from engine.run.spec import RunSpec
from engine.run.states import State
from engine.scenes import scenes

PATIENCE = 180_000  # milliseconds; TensorFlow is imported and compiles in here
_listening: list[tuple[Session, list[Frame]]] = []


def spec_of(scene: str | RunSpec) -> RunSpec:
    return scenes()[scene] if isinstance(scene, str) else scene


@contextmanager
def application_on(scene: str | RunSpec, app: QApplication, folder: Path) -> Iterator[Application]:
    """The application on a scene, with settings of its own in this folder; closed and ended afterwards."""
    preferences = Preferences(QSettings(str(folder / "settings.ini"), QSettings.IniFormat))
    application = Application(app, preferences, spec_of(scene))
    application.show()
    try:
        until(lambda: session_of(application).state is not State.LOADING)
        yield application
    finally:
        application.window.close()
        assert application.engine.stop(PATIENCE)
        application.window.deleteLater()
        app.sendPostedEvents(None, QEvent.DeferredDelete)  # before the next one is made


class SharedWindow:
    """A window that tests use one after the other, as a person does scenes; to open one takes seconds."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self.rest()

    def open(self, scene: str | RunSpec, plays: bool = True) -> Application:
        """Open a scene, or a spec, on its page, and wait until it is the run that is shown."""
        spec = spec_of(scene)
        session = self._application.sessions[spec.experiment]
        session.open_spec(spec, plays)
        self._application.window.show_page(spec.experiment)
        session.page.forget_problem()
        self._application.window.activateWindow()  # what was open in front of it took the keys
        until(self._application.window.isActiveWindow)
        until(lambda: session.is_up_to_date and session.state is not State.LOADING)
        return self._application

    def rest(self) -> None:
        """What a test has started stands still: the next one gets the processor."""
        for session in self._application.sessions.values():
            session.pause()
        until(lambda: all(session.state is not State.RUNNING for session in self._application.sessions.values()))
        while _listening:
            session, frames = _listening.pop()
            if not sip.isdeleted(session):  # it went with a window of a test's own
                session._clock.due.disconnect(frames.append)
        until(lambda: no_timer_runs(self._application.window, *self._application.engine._hosts))


def session_of(application: Application) -> Session:
    return application.sessions[application.window.experiment]


def no_timer_runs(*owners: QObject) -> bool:
    """Whether every timer that belongs to these is at rest."""
    return not any(timer.isActive() for owner in owners for timer in owner.findChildren(QTimer))


def until(condition: Callable[[], bool]) -> None:
    """Wait outside a test, where there is no qtbot."""
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < end, "what was waited for didn't come"
        QTest.qWait(5)


def wait_for(qtbot, session: Session, *states: State) -> None:
    qtbot.waitUntil(lambda: session.state in states, timeout=PATIENCE)


def frames_of(session: Session) -> list[Frame]:
    """The frames that are drawn from now on."""
    frames: list[Frame] = []
    session._clock.due.connect(frames.append)
    _listening.append((session, frames))
    return frames
