"""Any moment of a run can be gone back to, by whatever portions, and the run goes on from there bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.history.keys import KeyState, KeyStates
from engine.history.lane_book import LaneBook
from engine.lanes import MarkKind
from engine.run.runner import Runner
from engine.run.states import Event, State
from tests.engine.run.test_restoring import DEEP, EDGE, PAINTING, SMALL, act, fingerprint, move

Hand = Callable[[Runner], None]

# scene, its knobs, and what a hand does at which step
RUNS = [
    ("landscape/optimizer-race", {}, {13: move(momentum=0.5), 40: move(learning_rate=0.002)}),
    ("landscape/noise", {}, {21: move(gradient_noise=1.0)}),
    ("landscape/parabola", {}, {9: act("secant", 0.4), 30: move(learning_rate=0.3)}),
    ("regression/deep", DEEP, {11: move(learning_rate=0.02, shuffle=False), 50: move(shuffle=True)}),
    ("regression/polynomial-4", SMALL | {"min_change": 0}, {5: move(l2=0.01), 44: move(cost="huber")}),
    ("regression/line", SMALL | {"min_change": 0}, {20: act("parameters", (0.5, -0.5)), 33: move(l1=0.01)}),
    ("regression/drawn", {}, {10: move(drawn=(0.0, 1.0, 1.0, 2.0, -1.0, 0.5))}),
    ("regression/edge-of-stability", EDGE, {10: move(learning_rate=0.4)}),
    ("painting/astronaut", PAINTING, {8: act("switch_neuron", {"layer": 1, "neuron": 2, "on": False})}),
    ("painting/fourier", PAINTING, {30: move(learning_rate=0.001, momentum=0.5)}),
    ("painting/wide-against-deep", PAINTING, {12: move(learning_rate=0.01)}),
]
LENGTH = 90
EVERY = 25  # steps between two key states


def numbers(state: Any) -> list[np.ndarray]:
    """Every array and number of a state, in order, but for the histories."""
    if isinstance(state, np.ndarray):
        return [state]
    if isinstance(state, tuple | list):
        return [array for item in state for array in numbers(item)]
    if isinstance(state, dict):
        return numbers(tuple(state.values()))
    if hasattr(state, "__dataclass_fields__") and "rows" not in state.__dataclass_fields__:
        return numbers(tuple(getattr(state, name) for name in state.__dataclass_fields__))
    return [np.array(state)] if isinstance(state, int | float) else []


def recorded(runner: Runner, hands: dict[int, Hand]) -> tuple[LaneBook, dict[int, list[np.ndarray]]]:
    """A run with a hand in it, step by step, and the state after each step, up to its length or its end."""
    book = LaneBook(least_work=0)
    runner.recorder = book
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    states = {0: numbers(runner.experiment.state())}
    for step in range(1, LENGTH + 1):
        book._due = 0.0 if step % EVERY == 0 else float("inf")  # key states at known steps, however fast the machine
        runner.advance(steps=1)
        if step in hands:
            hands[step](runner)
        states[runner.step] = numbers(runner.experiment.state())
    return book, states


def same(found: list[np.ndarray], expected: list[np.ndarray]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture(params=RUNS, ids=[run[0] for run in RUNS])
def run(request, opened):
    scene, knobs, hands = request.param
    runner = opened(scene, **knobs)
    book, states = recorded(runner, hands)
    return runner, book, states


def test_any_moment_is_replayed_bit_for_bit_while_the_present_stays(run):
    runner, book, states = run
    present = numbers(runner.experiment.state())
    for step in (0, 3, 24, 25, 47, min(60, runner.step), runner.step):
        replay = book.replay(book.active.number, step, runner.experiment)
        while not replay.work(0.0):  # in the smallest portions there are
            same(numbers(runner.experiment.state()), present)
        assert replay.step == step == replay.snapshot.step
        same(numbers(replay.state), states[step])
        same(numbers(runner.experiment.state()), present)


def test_a_branch_with_nothing_changed_is_the_original(run):
    runner, book, states = run
    end = fingerprint(runner)
    runner.recorder = book
    old = book.leave(runner)
    length = runner.step
    book.bring(runner, old.number, 51)
    lane = book.branch(old.number, 51, runner)
    runner.handle(Event.PLAY)
    same(numbers(runner.experiment.state()), states[51])
    runner.advance(steps=length - 51)
    same(numbers(runner.experiment.state()), states[length])
    for name, value in fingerprint(runner).items():
        np.testing.assert_array_equal(value, end[name], err_msg=name)
    assert (lane.parent, lane.fork, lane.name) == (old.number, 51, "from step 51")


def test_a_changed_branch_leaves_the_run_that_it_left_as_it_was(opened):
    runner = opened("regression/deep", **SMALL)
    book, states = recorded(runner, {11: move(learning_rate=0.02)})
    old = book.leave(runner)
    book.bring(runner, old.number, 30)
    lane = book.branch(old.number, 30, runner)
    runner.set_spec(runner.spec.with_knobs({"learning_rate": 0.005}))
    runner.handle(Event.PLAY)
    runner.advance(steps=20)
    assert book.active is lane
    assert [mark.text for mark in lane.marks()] == ["learning rate 0.02 → 0.005"]
    for step in (12, 30, LENGTH):  # of the other lane, with the one that trains now
        replay = book.replay(old.number, step, runner.experiment)
        while not replay.work(0.01):
            pass
        same(numbers(replay.state), states[step])
    assert book.holder(lane.number, 29) is old  # the shared past is kept once
    assert book.summary()[0].end == LENGTH
    assert [line.is_active for line in book.summary()] == [False, True]


def test_each_thing_that_a_hand_does_is_a_mark_and_a_slider_on_its_way_is_one(opened):
    runner = opened("regression/deep", **SMALL)
    now = [0.0]
    book = LaneBook(least_work=0, clock=lambda: now[0])
    runner.recorder = book
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    for rate in (0.02, 0.03, 0.04):
        runner.advance(steps=5)
        runner.set_spec(runner.spec.with_knobs({"learning_rate": rate}))
        now[0] += 0.1
    now[0] += 5.0
    runner.advance(steps=5)
    runner.set_spec(runner.spec.with_knobs({"speed": "5"}))  # not part of the run
    runner.act("parameters", runner.experiment.training.parameters)
    marks = book.active.marks()
    first = runner.spec.with_knobs({}).settings
    assert [(mark.step, mark.kind) for mark in marks] == [(5, MarkKind.KNOB), (20, MarkKind.ACTION)]
    assert marks[0].text.endswith("→ 0.04")
    assert first.speed == "5"


def test_a_run_that_cost_nobody_any_time_leaves_no_lane(opened):
    runner = opened("landscape/parabola")
    now = [0.0]
    book = LaneBook(clock=lambda: now[0])
    runner.recorder = book
    runner.handle(Event.RESET)
    for start in (0.1, 0.2, 0.3):  # a ball that is dragged starts over at each place
        runner.set_spec(runner.spec.with_knobs({"start": (start,)}))
        runner.handle(Event.PLAY)
        runner.advance(steps=2)
        now[0] += 0.05
    assert len(book.summary()) == 1
    now[0] += 5.0
    runner.handle(Event.RESET)
    assert [line.is_active for line in book.summary()] == [False, True]
    assert book.lanes[book.summary()[0].number].end.step == 2


def test_a_deleted_lane_comes_back_with_its_moments(opened):
    runner = opened("regression/deep", **SMALL)
    book, _ = recorded(runner, {})
    old = book.leave(runner)
    book.bring(runner, old.number, 30)
    lane = book.branch(old.number, 30, runner)
    assert not book.delete(old.number)  # somebody left from it
    assert not book.delete(lane.number)  # it trains
    book.leave(runner)
    kept = book.keys.bytes
    assert book.delete(lane.number)
    assert book.keys.bytes < kept
    assert book.restore(lane.number)
    assert book.keys.bytes == kept
    assert [line.number for line in book.summary()] == [old.number, lane.number]


def test_a_diverged_lane_shows_its_last_moment(opened):
    runner = opened("regression/polynomial-4", **SMALL, learning_rate=10.0, optimizer="sgd", cost="squared")
    book = LaneBook(least_work=0)
    runner.recorder = book
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    runner.advance()
    assert runner.state is State.DIVERGED
    replay = book.replay(book.active.number, runner.step, runner.experiment)
    while not replay.work(0.01):
        pass
    assert replay.step == runner.step - 1
    assert all(np.isfinite(array).all() for array in numbers(replay.state[0][1].parameters))
    assert book.active.marks()[-1].kind is MarkKind.DIVERGED
    assert runner.state is State.DIVERGED


def test_key_states_stay_within_their_bytes_evenly_and_keep_the_ends(opened):
    runner = opened("regression/deep", **SMALL)
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    keys, due = KeyStates(budget=200_000, interval=0.01), 0.0
    for seconds in 0.01 * np.arange(1, 301):
        runner.advance(steps=2)
        if seconds >= due or runner.step == 600:
            keys.add(1, KeyState(runner.snapshot(), 0, seconds))
            due = seconds + keys.interval
    kept = keys.of(1)
    assert 50_000 < keys.bytes <= 200_000  # doubling the interval gives up about half of them
    assert kept[0].step == 2
    assert kept[-1].step == 600
    assert np.diff([key.seconds for key in kept]).max() < 4 * keys.interval


def test_what_key_states_share_counts_once():
    keys = KeyStates(budget=1 << 20)
    assert keys.before(1, 5) is None
    assert keys.nearest(1, 5) is None
