"""Still: the picture of the moment that a window shows, with all that its view asks about it. Serves the Sharer.

A view may ask: for a map of the basins, a slice of the cost, a way between two networks. What the page has been told
already is told again; only a question that nobody has answered yet is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from app.sessions.session import Session
from app.sharing.drawing import Drawing
from app.sharing.look import Look
from engine.frames import Analysis
from widgets.page.experiment_page import ExperimentPage

PATIENCE_MILLISECONDS = 30_000  # with an engine that answers a question; then the picture is taken as it is


class Still(QObject):
    """``show`` draws; ``when_whole`` calls back once no question is open. ``changed``: an answer has come in."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_kept = False  # while somebody looks at what is drawn; else it goes when it was handed over
        self._drawing: Drawing | None = None
        self._drawn: tuple | None = None  # what the drawing is of
        self._session: Session | None = None
        self._told: set[str] = set()  # what was answered from memory, since the last show
        self._open: set[str] = set()  # analyses that the engine is asked for
        self._waiting: list[Callable[[Drawing], None]] = []
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MILLISECONDS)
        self._patience.timeout.connect(self._hand_over)

    def show(self, session: Session, page: ExperimentPage, look: Look) -> Drawing:
        """The panels that draw in this look, kept while nothing but the moment changes.

        Raises:
            LookError: no picture can look like that.
        """
        key = look, session.page, session.shown
        if self._drawing is None or self._drawn != key:
            self._hand_over()
            self.forget()
            self._session = session
            self._drawing, self._drawn = Drawing(session.shown, self._ask, look), key
        self._told.clear()
        self._drawing.show(page.frame, page.runs.in_order(session.rewinding.overlays))
        return self._drawing

    def when_whole(self, use: Callable[[Drawing], None]) -> None:
        """Hand the drawing over: now, or when the last open question is answered."""
        self._waiting.append(use)
        if self._open:
            self._patience.start()
        else:
            self._hand_over()

    def take(self, analysis: Analysis) -> None:
        """The engine has answered something, perhaps what is asked here."""
        if self._drawing is not None and self._session.answers.get(analysis.name) is analysis:
            self._open.discard(analysis.name)
            self._drawing.take(analysis)
            self.changed.emit()
            if not self._open:
                self._hand_over()

    def forget(self) -> None:
        """Let the panels go, and whoever waits for them."""
        self._patience.stop()
        self._waiting.clear()
        self._open.clear()
        if self._drawing is not None:
            self._drawing.close()
            self._drawing = self._drawn = None

    def _ask(self, name: str, arguments: Mapping[str, Any]) -> Analysis | None:
        if name in self._told:
            return None  # a map asks on and on, until it is complete
        known = self._session.known_answer(name, arguments)
        if known is not None:
            self._told.add(name)
            return known
        self._open.add(name)
        self._session.analyse(name, arguments)
        return None

    def _hand_over(self) -> None:
        self._patience.stop()
        while self._waiting and self._drawing is not None:
            self._waiting.pop(0)(self._drawing)
        if not self.is_kept:
            self.forget()
