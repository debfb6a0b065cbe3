"""How often a replayed moment, and a branch from it, is that of a fresh run, bit for bit: 20 moments of each recording.

Knobs are moved, balls and points dragged and networks grown on the way, in the recording and in the fresh run alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.history.lane_book import LaneBook
from engine.history.packing import state_sha256
from engine.history.recording_file import Recording, decoded, encoded
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import scenes

MOMENTS = 20
BRANCH = 20  # steps that a branch with half the rate goes on for
Hand = Callable[[Runner], Runner | None]


def move(**knobs) -> Hand:
    return lambda runner: runner.set_spec(runner.spec.with_knobs(knobs))


def act(name: str, payload) -> Hand:
    return lambda runner: runner.act(name, payload)


def grow(runner: Runner) -> Runner:
    grown = Runner(runner.spec.with_knobs({"depth": runner.spec.settings.depth + 1}))
    grown.take_over(runner)
    runner.close()
    grown.handle(Event.PLAY)
    return grown


CASES: list[tuple[str, int, Mapping[int, Hand]]] = [
    ("painting/astronaut", 4860, {}),
    ("landscape/optimizer-race", 400, {}),
    ("landscape/noise", 300, {}),
    ("regression/deep", 1000, {}),
    ("regression/polynomial-4", 600, {}),
    ("painting/fourier", 2000, {}),
    ("regression/deep", 1000, {100: move(learning_rate=0.02), 333: move(shuffle=False), 700: move(beta_1=0.5)}),
    ("painting/astronaut", 1500, {200: move(learning_rate=0.002), 500: grow, 900: grow}),
    ("landscape/parabola", 40, {9: act("secant", 0.4), 20: move(learning_rate=0.3)}),
    ("regression/line", 600, {50: act("parameters", (0.5, -0.5)), 200: move(l1=0.01)}),
    ("regression/drawn", 300, {60: move(drawn=(0.0, 1.0, 1.0, 2.0, -1.0, 0.5)), 120: move(learning_rate=0.05)}),
]


def main() -> int:
    generator, is_all_same = np.random.default_rng(0), True
    for scene, length, hands in CASES:
        runner, book = Runner(scenes()[scene]), LaneBook(least_work=0)
        runner.recorder = book
        runner.handle(Event.RESET)
        runner.handle(Event.PLAY)
        runner = _carried_out(runner, hands, length)
        end = runner.step
        book.advanced(runner)
        recording = decoded(encoded(Recording({"it": book.dump(runner, 1 << 30)})), "it")
        taken = LaneBook()
        front = taken.adopt(recording.books["it"])
        same = branches = 0
        for step in sorted(generator.integers(0, end + 1, MOMENTS).tolist()):
            fresh = Runner(scenes()[scene])
            fresh.handle(Event.PLAY)
            fresh = _carried_out(fresh, hands, step)
            other = Runner(taken.structure_at(front, step))
            taken.bring(other, front, step)
            same += state_sha256(other.snapshot()) == state_sha256(fresh.snapshot())
            branches += _branched(other) == _branched(fresh)
            fresh.close()
            other.close()
        runner.close()
        hand = f", a hand in it at {', '.join(map(str, hands))}" if hands else ""
        print(
            f"{scene:26} {end:6,} steps{hand}: {same} of {MOMENTS} moments the same, {branches} branches from them",
            flush=True,
        )
        is_all_same &= same == branches == MOMENTS
    return 0 if is_all_same else 1


def _branched(runner: Runner) -> str:
    """What comes of it with half the rate, so many steps on."""
    runner.set_spec(runner.spec.with_knobs({"learning_rate": runner.spec.settings.learning_rate / 2}))
    runner.length = runner.step + BRANCH
    runner.handle(Event.PLAY)
    while runner.step < runner.length and runner.advance(runner.length - runner.step):
        pass
    return state_sha256(runner.snapshot())


def _carried_out(runner: Runner, hands: Mapping[int, Hand], length: int) -> Runner:
    runner.length = length + 1
    for at, hand in [*hands.items(), (length, None)]:
        if at > length:
            break
        while runner.step < at and runner.advance(at - runner.step):
            pass
        if hand is not None and runner.step == at:
            runner = hand(runner) or runner
            runner.length = length + 1
    if runner.step < length:
        runner.advance(length - runner.step)
    return runner
