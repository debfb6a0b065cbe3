"""Presenter: the lecture before an audience: with two screens a picture on theirs, with one the whole screen.

Serves the last station of the loop: it draws the frames that the page in front shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from PyQt5.QtCore import QObject, QTimer
from PyQt5.QtGui import QScreen
from PyQt5.QtWidgets import QApplication

from app.sessions.session import Session
from app.window.audience import Audience
from app.window.cover import Cover
from app.window.window import MainWindow
from engine.frames import Analysis, Frame
from engine.run.spec import RunSpec
from widgets.style.theme import PROJECTOR

FRAME_MILLISECONDS = 33


class Presenter(QObject):
    """F5 begins and ends it; B, F and S blank, freeze and spot what the audience sees.

    Args:
        words: what the audience shall read of the lecture under the picture now; rich text.
    """

    def __init__(self, window: MainWindow, sessions: Mapping[str, Session], words: Callable[[], str]) -> None:
        super().__init__(window)
        self._window, self._sessions, self._words = window, sessions, words
        self._is_on = False
        self.audience: Audience | None = None
        self._cover = Cover(window.centralWidget())
        self._spec: RunSpec | None = None
        self._frame: Frame | None = None
        self._notes = False  # whether the lecture's panel was open before
        self._said = ""
        self._told: dict[str, Analysis] = {}  # by analysis: what this figure was told from memory
        self._drawing = QTimer(self)
        self._drawing.setInterval(FRAME_MILLISECONDS)
        self._drawing.timeout.connect(self._draw)
        window.presenter_requested.connect(self.toggle)
        window.blank_requested.connect(lambda: self.cover.toggle_blank())
        window.freeze_requested.connect(lambda: self.cover.toggle_freeze())
        window.spot_requested.connect(lambda: self.cover.toggle_spot())
        window.closing.connect(self.leave)
        window.escapes.append(self._escape)
        QApplication.instance().screenRemoved.connect(self._on_removed)
        QApplication.instance().screenAdded.connect(lambda _: self._begin_again())
        for session in sessions.values():
            for host in (session.host, session.host.past):
                host.analysis_ready.connect(self._take_answer)

    @property
    def is_on(self) -> bool:
        """Whether it is shown to an audience now."""
        return self._is_on

    @property
    def cover(self) -> Cover:
        """What lies over the audience's picture."""
        return self._cover if self.audience is None else self.audience.cover

    def toggle(self) -> None:
        """Begin, or end it."""
        if self._is_on:
            self.leave()
        else:
            self.begin()

    def begin(self) -> None:
        """Show it to an audience: on another screen than the window's, if there is one."""
        self._is_on = True
        others = [screen for screen in QApplication.screens() if screen is not self._window.windowHandle().screen()]
        if others:
            self._show_on(others[0])
        else:
            self._notes = self._window.lecture_panel.isVisible()
            self._window.lecture_panel.hide()  # the notes are the lecturer's
            self._window.present(True)
        self._drawing.start()

    def leave(self) -> None:
        """Everything is as it was."""
        self.cover.clear()
        if self._is_on:
            self._is_on = False
            if self.audience is None:
                self._window.present(False)
                self._window.lecture_panel.setVisible(self._notes)
        self._drop()

    def _escape(self) -> bool:
        """Escape shows what was covered, then leaves."""
        if self.cover.isVisible():
            self.cover.clear()
            return True
        was_on = self._is_on
        if was_on:
            self.leave()
        return was_on

    def _show_on(self, screen: QScreen) -> None:
        geometry = screen.geometry()
        self.audience = Audience(PROJECTOR.fitted(geometry.height()))
        self.audience.winId()  # it has to be there to be put on a screen
        self.audience.windowHandle().setScreen(screen)
        self.audience.setGeometry(geometry)
        self.audience.show()
        self._draw()
        self._window.activateWindow()

    def _drop(self) -> None:
        self._drawing.stop()
        audience, self.audience, self._spec, self._frame = self.audience, None, None, None
        if audience is not None:
            audience.close()
            audience.deleteLater()

    def _on_removed(self, screen: QScreen) -> None:
        """The projector was unplugged: the window has the picture still."""
        if self.audience is not None and not any(
            other.geometry().intersects(self.audience.geometry()) for other in QApplication.screens()
        ):
            self._drop()
            self._is_on = False
            self._window.page.show_notice("The audience's screen is gone; F5 begins again, here or on another one.")

    def _begin_again(self) -> None:
        if self._is_on and self.audience is None:
            self.leave()
            self.begin()

    @property
    def _session(self) -> Session:
        return self._sessions[self._window.experiment]

    def _draw(self) -> None:
        session, audience = self._session, self.audience
        if audience is None:
            words = unescape(re.sub("<[^>]+>", "", self._words()))
            if words and words != self._said:
                self._said = words
                self._window.page.show_notice(words)
            return
        spec, frame = session.shown, session.page.frame
        if spec != self._spec:
            self._spec, self._frame = spec, None
            self._told.clear()
            figure = audience.show_run(spec)
            figure.analysis_requested.connect(self._ask)
        words = self._words()
        if words != audience.words.text():
            audience.say(words)
        if frame is not None and frame is not self._frame and frame.experiment == spec.experiment:
            self._frame = frame
            audience.figure.show_overlays(session.page.runs.in_order(session.rewinding.overlays))
            audience.figure.show_frame(frame)

    def _ask(self, name: str, arguments: Mapping[str, Any]) -> None:
        """What the page was told is told again; else the engine is asked."""
        known = self._session.known_answer(name, arguments)
        if known is not None:
            if self._told.get(name) is not known:  # a map asks on and on; the page's next answer comes here, too
                self._told[name] = known
                self.audience.figure.show_analysis(known)
        else:
            self._session.analyse(name, arguments)

    def _take_answer(self, analysis: Analysis) -> None:
        if self.audience is not None and self._session.answers.get(analysis.name) is analysis:
            self.audience.figure.show_analysis(analysis)
