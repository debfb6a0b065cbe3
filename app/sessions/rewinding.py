"""Rewinding: what a person does in the past of a page: looks, steps, plays it, tries a knob, goes on from there.

The session's partner in the window's thread; app.sessions.look_back works for it in the engine's.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from typing import Any

from PyQt5.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication

from app.sessions.host import EngineHost
from engine.frames import Frame
from engine.history.lane_log import changes
from engine.history.replay import with_looks_of
from engine.knobs import KnobError, differing
from engine.lanes import GHOST, MOST_BESIDE, Lane, Overlay
from engine.run.spec import RunSpec
from engine.run.states import State
from widgets.page.experiment_page import ExperimentPage
from widgets.style.number_text import short

PLAY_SECONDS = 8.0  # in which what is left of a recorded past is played
PLAY_MILLISECONDS = 33


class Rewinding(QObject):
    """``is_past``: whether the page shows a moment of the past."""

    left = pyqtSignal()  # the present is shown again
    trains_wanted = pyqtSignal()  # what was played has come to now
    lane_wanted = pyqtSignal(int, bool)  # a lane is to be gone on from its end; whether it plays
    branch_wanted = pyqtSignal(object)  # RunSpec, with which a lane leaves from here
    knobs_wanted = pyqtSignal(object)  # {name: value} that make another run, or only another look, of the present
    look_requested = pyqtSignal(int, int, int)
    leave_requested = pyqtSignal()
    again_requested = pyqtSignal()
    haunt_requested = pyqtSignal(object)

    def __init__(self, page: ExperimentPage, host: EngineHost, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self.lanes: tuple[Lane, ...] = ()
        self.where: tuple[int, int] | None = None  # lane and step
        self.spec: RunSpec | None = None  # in force there
        self._token = 0
        self.overlays: tuple[Overlay, ...] = ()  # what is drawn beside the run that is shown
        self._frames: dict[int, Frame] = {}  # the newest moment of each lane
        self._ghost: Frame | None = None
        self._tried: RunSpec | None = None  # what a hand that is still down has moved a knob to
        self._live: Frame | None = None
        self._stride = 1
        self._player = QTimer(self)
        self._player.setInterval(PLAY_MILLISECONDS)
        self._player.timeout.connect(self._play_on)
        self.look_requested.connect(host.past.look)
        self.leave_requested.connect(host.past.leave)
        self.again_requested.connect(host.past.look_again)
        self.haunt_requested.connect(host.past.haunt)
        host.past.moment_ready.connect(self._on_moment)
        host.past.ghost_ready.connect(self._on_ghost)
        host.past.failed.connect(self._on_failed)
        host.past.preparing.connect(lambda is_so: page.show_note("Preparing the network of then …" if is_so else ""))
        host.lanes.lanes_changed.connect(self._on_lanes)
        host.lanes.seed_ready.connect(self._on_seed)
        host.lanes.seeds.ended.connect(self._on_seeds)
        page.seeds_requested.connect(self._ask_for_seeds)
        page.seeds_requested.connect(host.lanes.run_seeds)
        self._seeds: list[float] = []  # the costs that runs from other seeds have come to

    @property
    def is_past(self) -> bool:
        return self.where is not None

    @property
    def is_playing(self) -> bool:
        """Whether the recorded past is played."""
        return self._player.isActive()

    @property
    def active(self) -> Lane | None:
        """The lane that trains."""
        return next((lane for lane in self.lanes if lane.is_active), None)

    def lane(self, number: int) -> Lane | None:
        """The lane by this number."""
        return next((lane for lane in self.lanes if lane.number == number), None)

    @property
    def now(self) -> int:
        """How far the lane that trains has got."""
        at = self._live.step if self._live is not None else 0
        active = self.active
        return at if active is None or (self._live is not None and self._live.lane == active.number) else active.end

    def note(self, frame: Frame) -> bool:
        """A moment of the run that trains has come; whether it may be shown."""
        self._live = frame
        self._frames[frame.lane] = frame
        self._page.show_now(frame.step)
        return not self.is_past

    def show_live(self, frame: Frame) -> None:
        """Draw a moment of the run that trains, unless the person has gone to the past since it came."""
        if not self.is_past:
            self._page.show_frame(frame)

    def look(self, lane: int, step: int) -> None:
        """Show a moment; the lane's end, where it is none."""
        found = self.lane(lane)
        if found is None:
            return
        end = max(self.now, found.end) if found.is_active else found.end
        step = min(max(0, step), end)
        self._drop_ghost()
        self.where = (lane, step)
        self._token += 1
        self._page.show_moment(lane, step, True)
        self.look_requested.emit(lane, step, self._token)

    def choose(self, lane: int) -> None:
        """Look at a lane's last moment; the one that trains is shown as it is now."""
        found = self.lane(lane)
        if found is not None and found.is_active:
            self.present()
        elif found is not None:
            self.look_by(lane, found.end)

    def look_by(self, lane: int, step: int) -> None:
        """The same by a person's hand, which ends what is played."""
        self._player.stop()
        self.look(lane, step)

    def present(self) -> None:
        """Back to now."""
        if not self.is_past:
            return
        self._player.stop()
        self._drop_ghost()
        self.where = self.spec = None
        self._token += 1
        self.leave_requested.emit()
        self._page.show_present()
        self._show_overlays()
        if self._live is not None:
            self._page.show_frame(self._live)
        self.left.emit()

    def step(self, steps: int) -> None:
        """So many steps on, 0 for the rest of the epoch; -1 back, and -2 an epoch back."""
        lane = self.lane(self.where[0]) if self.where is not None else self.active
        if lane is None or (self.where is None and self.now == 0):
            return
        at = self.where[1] if self.where is not None else self.now
        per_epoch = max(1, lane.epoch_steps)
        goal = {
            0: (at // per_epoch + 1) * per_epoch,
            -1: at - 1,
            -2: (at - 1) // per_epoch * per_epoch,
        }.get(steps, at + steps)
        self.look_by(lane.number, goal)

    def first(self) -> None:
        """The moment before the first step of the run that is shown."""
        lane = self.lane(self.where[0]) if self.where is not None else self.active
        if lane is not None and self.now:
            self.look_by(lane.number, 0)

    def is_at_end(self) -> bool:
        """Whether what is shown is the last moment of its lane."""
        if self.where is None:
            return True
        lane = self.lane(self.where[0])
        return lane is None or self.where[1] >= (max(self.now, lane.end) if lane.is_active else lane.end)

    def play(self) -> None:
        """Play what is recorded from here on; at its end the run goes on."""
        if self.is_at_end():
            self._go_on(plays=True)
            return
        lane = self.lane(self.where[0])
        left = (self.now if lane.is_active else lane.end) - self.where[1]
        self._stride = max(1, round(left * PLAY_MILLISECONDS / 1000 / PLAY_SECONDS))
        self._player.start()
        self._page.show_state(State.RUNNING)

    def pause(self, state: State) -> None:
        """Stop playing the past; ``state`` is the run's own."""
        self._player.stop()
        self._page.show_state(state)

    def change_knobs(self, values: Mapping[str, Any]) -> None:
        """A knob was moved: a look at once, what steers as a ghost while the hand is down, then as a branch."""
        before = self._tried or self.spec
        if before is None:  # the moment hasn't come yet
            return
        try:
            spec = before.with_knobs(values)
        except KnobError as error:
            self._page.show_error(next(iter(values)), str(error))
            return
        self._page.forget_errors()
        moved = differing(self.spec.settings, spec.settings)
        if any(knob.restarts for knob in moved):  # there is no going on with these
            self.present()
            self.knobs_wanted.emit(values)
        elif not any(knob.steers for knob in moved):
            self.spec = with_looks_of(self.spec, spec)
            self._page.show_spec(self.spec)
            self.knobs_wanted.emit(values)
            self.again_requested.emit()
        elif QApplication.mouseButtons() & Qt.LeftButton:
            if self._tried is None:
                QApplication.instance().installEventFilter(self)
            self._tried = spec
            self._page.show_spec(spec)
            self._page.show_note(f"Let go: another run with {changes(self.spec, spec)} from step {self.where[1]:,}")
            self.haunt_requested.emit(spec)
        else:
            self.branch_wanted.emit(spec)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.MouseButtonRelease and self._tried is not None:
            QTimer.singleShot(0, self._let_go)  # after the control that was let go has said its last value
        return False

    def _let_go(self) -> None:
        spec, self._tried = self._tried, None
        QApplication.instance().removeEventFilter(self)
        self._page.show_note("")
        if spec is None or self.spec is None:
            return
        if changes(self.spec, spec):
            self.branch_wanted.emit(spec)
        else:  # there and back again
            self._drop_ghost()

    def _drop_ghost(self) -> None:
        if self._tried is not None:
            self._tried = None
            QApplication.instance().removeEventFilter(self)
            self._page.show_note("")
        if self._ghost is not None:
            self._ghost = None
            self._show_overlays()
        self.haunt_requested.emit(None)

    def _play_on(self) -> None:
        if self.where is None:
            self._player.stop()
        elif self.is_at_end():
            self._player.stop()
            self._go_on(plays=True)
        else:
            self.look(self.where[0], self.where[1] + self._stride)

    def _go_on(self, plays: bool) -> None:
        lane = self.lane(self.where[0])
        if lane is None or lane.is_active:
            self.present()
            self.trains_wanted.emit()
        else:
            self.lane_wanted.emit(lane.number, plays)

    def _on_moment(self, frame: Frame, spec: RunSpec, is_near: bool, token: int) -> None:
        if token != self._token or self.where is None:
            return
        if not is_near and frame.step != self.where[1]:  # the last that there is to see
            self.where = (self.where[0], frame.step)
        self.spec = spec
        if self._tried is None:
            self._page.show_spec(spec)
        self._page.show_title(spec)
        self._page.show_frame(frame)
        self._page.show_moment(self.where[0], self.where[1], is_near)
        self._show_overlays()

    def _ask_for_seeds(self, count: int) -> None:
        self._seeds = []
        self._page.show_work(f"Running {count} other seeds …")

    def _on_seed(self, frame: Frame) -> None:
        self._frames[frame.lane] = frame
        self._seeds.append(frame.cost)
        self._page.show_work(f"Running other seeds: {len(self._seeds)} done …")

    def _on_seeds(self, count: int, steps: int, problem: str) -> None:
        """Each is drawn by now; here is their median and range."""
        self._page.show_work("")
        costs = sorted(cost for cost in self._seeds if math.isfinite(cost))
        if problem:
            self._page.show_problem(f"The other seeds stopped: {problem}")
        elif costs:
            self._page.show_notice(
                f"{count} other seeds after {steps:,} steps: median cost {short(statistics.median(costs))}, "
                f"from {short(costs[0])} to {short(costs[-1])}."
            )

    def _on_ghost(self, frame: Frame, token: int) -> None:
        if token == self._token and self._tried is not None:
            self._ghost = frame
            self._show_overlays()

    def _on_failed(self, sentence: str) -> None:
        self.present()
        self._page.show_problem(sentence)

    def _on_lanes(self, lanes: tuple[Lane, ...]) -> None:
        self.lanes = lanes
        self._page.show_lanes(lanes)
        if self.where is not None and self.lane(self.where[0]) is None:
            self.present()
        self._show_overlays()

    def _show_overlays(self) -> None:
        """The other lanes of the same scene, at their newest moments."""
        front = self.where[0] if self.where is not None else getattr(self.active, "number", None)
        shown = self.lane(front) if front is not None else None
        known = {lane.number for lane in self.lanes}
        self._frames = {number: frame for number, frame in self._frames.items() if number in known}
        overlays = [
            Overlay(lane, self._frames[lane.number])
            for lane in self.lanes
            if shown is not None
            and lane.number in self._frames
            and lane.number != front
            and lane.is_shown
            and lane.title == shown.title
        ][-MOST_BESIDE:]
        if self._ghost is not None and shown is not None:
            ghost = Lane(GHOST, "as it would go on", shown.title, shown.style, shown.number, self.where[1])
            overlays.append(Overlay(ghost, self._ghost))
        self.overlays = tuple(overlays)
        self._page.show_overlays(self.overlays)
