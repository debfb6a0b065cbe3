"""OwnWords: what a person writes of why guess and run differ, kept on this machine alone. Serves the predictions."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt5.QtCore import QObject, QSettings

from app.sessions.session import Session

GROUP = "predictions"


class OwnWords(QObject):
    """One line a scene; it stands in its field again the next time."""

    def __init__(self, sessions: Mapping[str, Session], parent: QObject, settings: QSettings | None = None) -> None:
        super().__init__(parent)
        self._settings = settings or QSettings()
        for session in sessions.values():
            prediction = session.page.prediction
            prediction.why_written.connect(lambda words, session=session: self._keep(session, words))
            prediction.answered.connect(lambda session=session: self._show(session))

    def _keep(self, session: Session, words: str) -> None:
        self._settings.setValue(_key(session), words)

    def _show(self, session: Session) -> None:
        session.page.prediction.why.setText(str(self._settings.value(_key(session), "")))


def _key(session: Session) -> str:
    return f"{GROUP}/{(session.shown.scene or session.shown.experiment).replace('/', '-')}"
