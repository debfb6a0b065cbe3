"""The states of a run, against the table as the architecture describes it in words."""

import itertools

import pytest

from engine.run.states import Event, State, after

ENDS = {State.FINISHED, State.DIVERGED, State.FAILED}
LEGAL = {
    (State.LOADING, Event.LOADED): State.READY,
    (State.READY, Event.PLAY): State.RUNNING,
    (State.PAUSED, Event.PLAY): State.RUNNING,
    (State.RUNNING, Event.PAUSE): State.PAUSED,
    (State.READY, Event.STEP): State.PAUSED,
    (State.PAUSED, Event.STEP): State.PAUSED,
    (State.RUNNING, Event.STEP): State.PAUSED,
    (State.RUNNING, Event.FINISH): State.FINISHED,
    (State.PAUSED, Event.FINISH): State.FINISHED,
    (State.FINISHED, Event.EXTEND): State.PAUSED,
}


@pytest.mark.parametrize(("state", "event"), LEGAL)
def test_a_legal_event_leads_where_the_architecture_says(state, event):
    assert after(state, event) is LEGAL[state, event]


@pytest.mark.parametrize("state", State)
def test_reset_leads_to_ready_from_everywhere_but_loading(state):
    assert after(state, Event.RESET) is (None if state is State.LOADING else State.READY)


@pytest.mark.parametrize("state", State)
def test_a_failure_is_taken_note_of_in_every_state(state):
    assert after(state, Event.FAIL) is State.FAILED


@pytest.mark.parametrize("state", [State.READY, State.RUNNING, State.PAUSED])
def test_a_run_that_can_step_can_diverge(state):
    assert after(state, Event.DIVERGE) is State.DIVERGED


@pytest.mark.parametrize("state", sorted(ENDS | {State.LOADING}))
def test_a_run_that_takes_no_steps_cannot_diverge(state):
    assert after(state, Event.DIVERGE) is None


@pytest.mark.parametrize("event", [Event.PLAY, Event.PAUSE, Event.STEP, Event.FINISH, Event.EXTEND])
def test_nothing_can_be_started_while_loading(event):
    assert after(State.LOADING, event) is None


@pytest.mark.parametrize(
    ("state", "event"), list(itertools.product([State.DIVERGED, State.FAILED], [Event.PLAY, Event.STEP, Event.EXTEND]))
)
def test_what_diverged_or_failed_goes_on_only_after_a_reset(state, event):
    assert after(state, event) is None


def test_every_other_event_is_refused():
    special = {Event.RESET, Event.FAIL, Event.DIVERGE}
    for state, event in itertools.product(State, set(Event) - special):
        if (state, event) not in LEGAL:
            assert after(state, event) is None, (state, event)
