"""The sharpness that is measured beside a run is the Hessian's largest eigenvalue, as NumPy has it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.analysis.sharpness import HessianSpectrum
from engine.analysis.stability import EDGES, edge_of
from engine.backend import backend
from engine.frames import Role
from engine.run.observations import Past
from engine.run.sharpness_watch import epochs_between
from engine.run.states import Event
from engine.training import costs, networks

SMALL = {"widths": (5, 4), "sharpness_share": 1.0, "epochs": 4000}
SCENE = "regression/edge-of-stability"


def gradient(parameters: np.ndarray, widths: tuple[int, ...], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of half the mean squared error of a tanh network with a linear last layer, by hand; float64 (parameters,)."""
    sizes, at, layers = (1, *widths, 1), 0, []
    for before, after in pairwise(sizes):
        weights = parameters[at : at + before * after].reshape(before, after)
        layers.append((weights, parameters[at + before * after : at + before * after + after]))
        at += before * after + after
    inputs, here = [], x[:, None]
    for number, (weights, bias) in enumerate(layers):
        inputs.append(here)
        here = here @ weights + bias
        here = np.tanh(here) if number < len(layers) - 1 else here
    upstream, parts = (here - y[:, None]) / len(x), []
    for number in reversed(range(len(layers))):
        parts.append(np.concatenate([(inputs[number].T @ upstream).ravel(), upstream.sum(axis=0)]))
        upstream = upstream @ layers[number][0].T * (1 - inputs[number] ** 2)
    return np.concatenate(parts[::-1])


def hessian(parameters: np.ndarray, widths: tuple[int, ...], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """By central differences of the gradient, (parameters, parameters)."""
    at, h = parameters.astype(float), 1e-5
    shifts = h * np.eye(len(at))
    rows = [gradient(at + shift, widths, x, y) - gradient(at - shift, widths, x, y) for shift in shifts]
    found = np.array(rows) / (2 * h)
    return (found + found.T) / 2


def moments(runner, count: int):
    """So many moments of a run at which the sharpness was measured, a few steps apart."""
    runner.handle(Event.PLAY)
    seen = 0
    while seen < count:
        runner.advance(steps=7 if seen else 1)
        for _ in range(40):
            runner.frame()
            moment = runner.experiment.snapshot()
            if len(moment.sharpness.steps) and moment.sharpness.steps[-1] == moment.step > 0:
                break
            runner.advance(steps=1)
        else:
            raise AssertionError("nothing was measured in forty steps")
        seen += 1
        yield moment


def of_data(moment) -> tuple[np.ndarray, np.ndarray]:
    points = moment.data.points
    return points.x.astype(float), points.y.astype(float)


def test_at_ten_moments_of_a_run_it_is_the_largest_eigenvalue_of_the_whole_hessian(opened):
    runner = opened(SCENE, **SMALL)
    for moment in moments(runner, 10):
        exact = np.linalg.eigvalsh(hessian(moment.parameters, (5, 4), *of_data(moment)))[-1]
        assert moment.sharpness.sharpness[-1] == pytest.approx(exact, rel=0.01)
        assert moment.sharpness.edge[-1] == pytest.approx(10)


def test_with_adam_it_is_that_of_the_preconditioned_hessian(opened):
    runner = opened(SCENE, **SMALL, optimizer="adam", learning_rate=0.01)
    for moment in moments(runner, 5):
        t, v = moment.step, moment.divisor.astype(float)
        d = (1 - 0.9**t) * (np.sqrt(v) + 1e-7) / np.sqrt(1 - 0.999**t)
        whole = hessian(moment.parameters, (5, 4), *of_data(moment)) / np.sqrt(d[:, None] * d[None])
        assert moment.sharpness.sharpness[-1] == pytest.approx(np.linalg.eigvalsh(whole)[-1], rel=0.01)
        assert moment.sharpness.edge[-1] == pytest.approx(38 / 0.01)


def test_it_is_the_largest_and_not_the_most_negative_one():
    tf = backend.tensorflow()
    widths, numbers = (4, 3), np.random.default_rng(0)
    spectrum = HessianSpectrum(networks.dense(1, 1, 2, widths, "tanh", "normal", 1.0))
    x = np.linspace(-1, 1, 12)
    were_negative = 0
    for _ in range(12):
        parameters, y = numbers.normal(size=27), 3 * numbers.normal(size=12)
        data = (x[:, None], y[:, None], np.full(12, 1 / 12))
        found = spectrum.largest(
            parameters, (*(tf.constant(part.astype(np.float32)) for part in data), costs.number("half_squared")), 0.0
        )
        exact = np.linalg.eigvalsh(hessian(parameters, widths, x, y))
        were_negative += -exact[0] > exact[-1]
        assert found.is_exact
        assert found.value == pytest.approx(exact[-1], rel=0.01)
    assert were_negative, "none of these is a case in which power iteration would find the wrong one"


@pytest.mark.parametrize("optimizer", EDGES)
def test_beyond_its_line_a_rule_overshoots_by_more_each_time_and_below_it_does_not(optimizer):
    """On a parabola with the divisor held where it is: what the line is said of."""
    numbers = {"learning_rate": 0.1, "momentum": 0.6, "beta_1": 0.7, "beta_2": 0.999, "rho": 0.9}
    line = edge_of(optimizer, numbers)
    for share, grows in ((0.98, False), (1.02, True)):
        curvature, place, kept = share * line, 1.0, 0.0
        first = None
        for step in range(4000):
            slope = curvature * place
            if optimizer in ("sgd", "rmsprop", "adagrad"):
                place -= 0.1 * slope
            elif optimizer in ("momentum", "nesterov"):
                kept = 0.6 * kept - 0.1 * slope
                place += kept if optimizer == "momentum" else 0.6 * kept - 0.1 * slope
            else:
                kept += 0.3 * (slope - kept)
                place -= 0.1 * (kept if optimizer != "nadam" else 0.7 * kept + 0.3 * slope)
            if step == 50:
                first = abs(place)
            if abs(place) > 1e6:
                break
        assert (abs(place) > first) is grows, (optimizer, share)


def test_how_often_it_is_measured_follows_from_the_work_and_the_share():
    always, by_a_tenth = (epochs_between(701, 20, 20, 1, share) for share in (1.0, 0.1))
    assert 9 * (always - 1) <= by_a_tenth <= 10 * always
    assert epochs_between(5_000, 300, 200, 1, 0.1) > epochs_between(5_000, 300, 200, 50, 0.1), "epochs that take longer"
    assert epochs_between(50_000, 300, 20, 1, 0.1) > epochs_between(5_000, 300, 20, 1, 0.1)


def test_a_run_is_measured_at_the_same_steps_however_it_is_cut_into_calls(opened):
    found = []
    for cuts in ((1, 5, 34), (40,)):
        runner = opened(SCENE, **SMALL)
        runner.handle(Event.PLAY)
        for steps in cuts:
            runner.advance(steps=steps)
        runner.frame()
        record = runner.experiment.snapshot().sharpness
        found.append((record.steps.copy(), record.sharpness.copy()))
        runner.handle(Event.RESET)
    np.testing.assert_array_equal(found[0][0], found[1][0])
    np.testing.assert_array_equal(found[0][1], found[1][1])
    assert len(found[0][0]) > 10


def test_switched_on_while_it_runs_it_is_measured_from_there_on_and_off_again_not_shown(opened):
    runner = opened("regression/deep", points=60, batch_size=20, width=8, depth=1, cost="squared", sharpness_share=1.0)
    runner.handle(Event.PLAY)
    runner.advance(steps=30)
    assert "sharpness" not in runner.frame().metrics
    runner.set_spec(runner.spec.with_knobs({"sharpness": True}))
    runner.advance(steps=30)
    frame = runner.frame()
    assert frame.metrics["sharpness"] > 0
    assert frame.metrics["two_over_rate"] == pytest.approx(38 / 0.01)
    assert {"preconditioned sharpness", "2(1 + β₁)/((1 − β₁)η)"} <= {curve.label for curve in frame.curves}
    runner.set_spec(runner.spec.with_knobs({"sharpness": False}))
    frame = runner.frame()
    assert "sharpness" not in frame.metrics
    assert all("sharpness" not in curve.label for curve in frame.curves)


def test_the_absolute_error_has_none_and_says_so(opened):
    runner = opened("regression/tanh", points=60, batch_size=20, sharpness=True)
    runner.handle(Event.PLAY)
    runner.advance(steps=30)
    assert "sharpness" not in runner.frame().metrics
    assert runner.outcome()["sharpness_history"] == []


def test_a_moment_of_the_past_shows_the_sharpness_that_it_had_then(opened):
    runner = opened(SCENE, **SMALL)
    runner.handle(Event.PLAY)
    runner.advance(steps=20)
    key = runner.snapshot()
    runner.advance(steps=31)
    then = runner.frame()
    moment = runner.experiment.snapshot()
    runner.advance(steps=40)
    assert runner.frame().metrics["sharpness"] != then.metrics["sharpness"]
    frames = []
    runner.request_past(Past(moment, key.observed), frames.append, 1, 0)
    now = runner.frame()
    (past,) = frames
    assert past.metrics == then.metrics
    for role in (Role.SHARPNESS, Role.EDGE):
        old, new = (next(curve for curve in frame.curves if curve.role is role) for frame in (then, past))
        np.testing.assert_array_equal(old.y, new.y)
    assert now.metrics["sharpness"] != past.metrics["sharpness"], "the present stays what it is"
