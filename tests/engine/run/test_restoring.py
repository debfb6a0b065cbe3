"""A run that is put back to any moment goes on from there as it went before, bit for bit, whatever a hand did to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.run.runner import Runner
from engine.run.states import Event, State

Hand = Callable[[Runner], None]


def move(**knobs: Any) -> Hand:
    return lambda runner: runner.set_spec(runner.spec.with_knobs(knobs))


def act(name: str, payload: Any) -> Hand:
    return lambda runner: runner.act(name, payload)


def ask(name: str) -> Hand:
    return lambda runner: runner.analyse(name, {})


SMALL = {"points": 60, "batch_size": 20}
# what a moment holds doesn't depend on how large the network is; how long XLA compiles it, does
DEEP = SMALL | {"depth": 2, "width": 8}
EDGE = {"sharpness_share": 1.0, "widths": (8,)}
NEURON = {"layer": 1, "neuron": 2, "on": False}
PAINTING = {"side": 16, "depth": 2, "width": 8, "batch_size": 64}

# scene, its knobs, what a hand does before the moment, and what it does after it
RUNS = [
    ("landscape/optimizer-race", {}, [move(momentum=0.5)], [move(learning_rate=0.002)]),
    ("landscape/noise", {}, [move(gradient_noise=1.0)], []),
    ("landscape/parabola", {}, [act("secant", 0.4)], [move(learning_rate=0.3)]),
    ("regression/deep", DEEP, [move(learning_rate=0.02, shuffle=False)], [move(shuffle=True)]),
    ("regression/polynomial-4", SMALL, [move(l2=0.01)], [move(cost="squared")]),
    ("regression/line", SMALL, [act("parameters", (0.5, -0.5)), ask("curvature"), ask("surface")], [move(l1=0.01)]),
    ("regression/drawn", {}, [move(drawn=(0.0, 1.0, 1.0, 2.0, -1.0, 0.5))], [move(validation=0.3)]),
    ("regression/overfitting", SMALL, [move(noise=0.3)], []),
    (
        "painting/astronaut",
        PAINTING,
        [act("switch_neuron", {"layer": 1, "neuron": 2, "on": False})],
        [move(beta_1=0.5)],
    ),
    ("regression/edge-of-stability", EDGE, [move(learning_rate=0.3)], [move(sharpness_share=0.3)]),
    ("regression/edge-of-stability", EDGE | {"optimizer": "adam", "learning_rate": 0.01}, [], []),
    ("painting/fourier", PAINTING, [ask("inside")], [move(learning_rate=0.001)]),
    ("painting/wide-against-deep", PAINTING, [], [move(learning_rate=0.01)]),
]

IDS = [f"{run[0]}{' with Adam' if run[1].get('optimizer') == 'adam' else ''}" for run in RUNS]


def fingerprint(runner: Runner) -> dict[str, np.ndarray]:
    """All that a person could compare of a moment."""
    frame = runner.frame()
    curves = {f"curve {number}": np.array(curve.y) for number, curve in enumerate(frame.curves)}
    cost = np.array([frame.cost, *frame.metrics.values()])
    found = np.array([hash(finding.sentence) for finding in frame.findings or ()])
    drawn = {}
    for name in ("prediction", "older", "older_epochs", "painting", "data_y", "part"):
        value = getattr(frame.picture, name, None)
        if value is not None:
            drawn[name] = np.array(value)
    trails = getattr(frame.picture, "trails", ())
    drawn |= {f"trail {number}": np.array(trail.positions) for number, trail in enumerate(trails)}
    secant = np.array(getattr(frame.picture, "secant", None) or ())
    return {"cost": cost, "findings": found, "secant": secant, **curves, **drawn}


@pytest.mark.parametrize(("scene", "knobs", "before", "after"), RUNS, ids=IDS)
def test_a_restored_moment_goes_on_bit_for_bit_and_in_another_runner_too(opened, scene, knobs, before, after):
    runner = opened(scene, **knobs)
    runner.handle(Event.PLAY)
    runner.advance(steps=17)
    for hand in before:
        hand(runner)
    runner.advance(steps=26)
    kept, spec = runner.snapshot(), runner.spec
    there = fingerprint(runner)

    def go_on(runner: Runner) -> list[dict[str, np.ndarray]]:
        seen = []
        for hand in after:
            hand(runner)
        for steps in (1, 9, 40):
            runner.advance(steps=steps)
            seen.append(fingerprint(runner))
        return seen

    first = go_on(runner)
    runner.restore(kept)
    again = [fingerprint(runner), *go_on(runner)]
    other = Runner(spec.with_knobs({"speed": "max"}), 2, compiled=False)
    try:
        other.restore(kept)
        other.compile()
        elsewhere = [fingerprint(other), *go_on(other)]
    finally:
        other.close()
    for found in (again, elsewhere):
        for then, now in zip([there, *first], found, strict=True):
            assert then.keys() == now.keys()
            for name, value in then.items():
                np.testing.assert_array_equal(now[name], value, err_msg=name)


def test_a_restored_end_is_the_end_still_with_what_was_granted(opened):
    runner = opened("regression/line", **SMALL, epochs=5, min_change=0)
    runner.handle(Event.PLAY)
    runner.advance()
    assert runner.state is State.FINISHED
    runner.act("parameters", (0.0, 0.0))  # it goes on, and is granted its length once more
    kept = runner.snapshot()
    runner.advance()
    end = runner.step
    runner.restore(kept)
    runner.advance()
    assert (runner.step, runner.state) == (end, State.FINISHED)


@pytest.mark.parametrize("scene", ["landscape/two-parameters", "landscape/one-parameter"])
def test_descents_that_are_left_go_on_as_if_the_others_had_never_been_there(opened, scene):
    start = (0.1, 0.2, -0.4, 0.5, 0.6, -0.3) if scene.endswith("two-parameters") else (0.1, -0.4, 0.6)
    size = len(start) // 3
    three = opened(scene, points=3, start=start, optimizer="momentum")
    left = {"points": 2, "start": start[:size] + start[2 * size :], "point_signs": (0.0, 2.0)}
    two = Runner(three.spec.with_knobs(left), 2)
    alone = Runner(three.spec.with_knobs(left), 3)
    try:
        for runner in (three, alone):
            runner.handle(Event.PLAY)
            runner.advance(steps=30)
        two.take_over(three)
        assert two.step == 30
        two.handle(Event.PLAY)
        for runner in (two, alone):
            runner.advance(steps=20)
        expected, found = fingerprint(alone), fingerprint(two)
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            np.testing.assert_array_equal(found[name], value, err_msg=name)
    finally:
        two.close()
        alone.close()


def test_a_run_at_its_end_stays_there_when_one_of_its_descents_is_taken_away(opened):
    two = opened("landscape/two-parameters", points=2, start=(0.1, 0.2, -0.4, 0.5), steps=30)
    two.handle(Event.PLAY)
    two.advance()
    one = Runner(two.spec.with_knobs({"points": 1, "start": (-0.4, 0.5), "point_signs": (1.0,)}), 2)
    try:
        one.take_over(two)
        assert (one.step, one.state) == (30, State.FINISHED)
    finally:
        one.close()
