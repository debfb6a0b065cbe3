"""OtherRuns: leaves the run that trains for another one of the page: a lane's end, a branch, a recording's.

Serves the session, whose settings follow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal

from app.sessions.host import EngineHost
from app.sessions.lane_desk import Offer
from engine.history.recording_file import Book
from engine.run.spec import RunSpec

if TYPE_CHECKING:
    from app.sessions.session import Session


class OtherRuns(QObject):
    """``offer``: the run that was left last and can be brought back."""

    go_to_requested = pyqtSignal(int, int)
    branch_requested = pyqtSignal(int, int, object, int, bool)
    adopt_requested = pyqtSignal(object, int)

    def __init__(self, session: Session, host: EngineHost) -> None:
        super().__init__(session)
        self._session = session
        self.offer: Offer | None = None
        self.go_to_requested.connect(host.go_to)
        self.branch_requested.connect(host.branch)
        self.adopt_requested.connect(host.lanes.adopt)
        host.lanes.adopted.connect(host.go_to)

    def bring_back(self) -> None:
        """Show the run that was lost last as it was; another call goes on to the one before, and in the end back."""
        if self.offer is None:
            self._session.page.show_notice("There is no earlier run to bring back yet.")
        else:
            self.go_to(self.offer.lane)

    def go_to(self, lane: int, plays: bool = False) -> None:
        """Show a lane as it was at its end, as the run that trains; its settings are what is wanted then."""
        session = self._session
        is_offered = self.offer is not None and self.offer.lane == lane
        run = session.leave_for(self.offer.spec if is_offered else session.spec, rests=True, adopts=True)
        session.page.show_note("Bringing it back …")
        self.go_to_requested.emit(lane, run)
        if plays:
            session.play()

    def adopt(self, book: Book) -> None:
        """Take over the runs of a recording; the one that was in front is shown as it was."""
        front = next((lane for lane, _ in book.lanes if lane.number == book.active), book.lanes[-1][0])
        run = self._session.leave_for(front.end.spec, rests=True, adopts=True)
        self.adopt_requested.emit(replace(book, active=front.number), run)

    def branch(self, spec: RunSpec) -> None:
        """Another run leaves here, at the moment of the past that is shown, with these settings."""
        session = self._session
        (lane, step), before = session.rewinding.where, session.rewinding.active
        run = session.leave_for(spec, rests=False)
        self.branch_requested.emit(lane, step, spec, run, True)
        if before is not None:
            session.deeds.push(
                f"another run from step {step:,}",
                lambda: self.go_to(before.number),
                lambda: session.page.show_notice("The other run is in the list of runs."),
            )
