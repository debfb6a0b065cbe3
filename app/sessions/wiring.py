"""Wiring: what a person wants on a page, and who sees to it. Serves the session, whose own connections are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.sessions.session import Session


def connect_page(session: Session) -> None:
    """Connect every intent of the session's page."""
    page, lanes, past = session.page, session.host.lanes, session.rewinding
    page.knob_changed.connect(session.change_knob)
    page.knobs_changed.connect(session.change_knobs)
    page.view.trial_wanted.connect(session.try_out)
    page.scene_requested.connect(session.open_scene)
    page.bring_back_requested.connect(session.others.bring_back)
    for deed in (page.play_requested, page.step_requested, page.epoch_requested):
        deed.connect(page.forget_offer)
    page.play_requested.connect(session.play)
    page.pause_requested.connect(session.pause)
    page.reset_requested.connect(session.reset)
    page.step_requested.connect(lambda: session.step(1))
    page.epoch_requested.connect(lambda: session.step(0))
    page.analysis_requested.connect(session.analyse)
    page.action_requested.connect(session.act)
    page.moment_requested.connect(past.look_by)
    page.present_requested.connect(past.present)
    page.first_moment_requested.connect(past.first)
    page.step_back_requested.connect(session.step_back)
    page.lane_chosen.connect(past.choose)
    page.lane_shown_changed.connect(lanes.show)
    page.lane_renamed.connect(lanes.rename)
    page.lane_deleted.connect(lanes.delete)
    past.left.connect(session.show_present)
    past.trains_wanted.connect(session.play)
    past.lane_wanted.connect(session.others.go_to)
    past.branch_wanted.connect(session.others.branch)
    past.knobs_wanted.connect(session.apply)
