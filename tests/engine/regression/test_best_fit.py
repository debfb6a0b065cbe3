"""What data allow at best, beside what a run has: a line's own limit, and the noise's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from engine.frames import Severity
from engine.regression.best_fit import best_fit_of, least_cost
from engine.regression.datasets import noisy
from engine.run.states import Event
from engine.scenes import scenes
from engine.training import costs

X, Y = (part.astype(float) for part in noisy("sine", 300, 3.0, 0.5, 1))


def said(frame) -> dict[str, str]:
    return {finding.title: finding.sentence for finding in frame.findings}


@pytest.mark.parametrize("degree", [1, 3, 4])
def test_of_absolute_errors_it_is_what_a_linear_program_finds(degree):
    columns = np.stack([X**power for power in range(degree + 1)], axis=1)
    each = np.full(len(X), 1 / len(X))
    found = linprog(
        np.concatenate([np.zeros(degree + 1), each, each]),
        A_eq=np.hstack([columns, np.eye(len(X)), -np.eye(len(X))]),
        b_eq=Y,
        bounds=[(None, None)] * (degree + 1) + [(0, None)] * (2 * len(X)),
    )
    assert least_cost(X, Y, degree, "absolute") == pytest.approx(found.fun, rel=1e-4)


@pytest.mark.parametrize("cost", ["squared", "huber"])
def test_of_the_other_costs_it_is_what_a_minimiser_finds(cost):
    found = minimize(lambda w: costs.each(cost, w[0] + w[1] * X - Y).mean(), [0.0, 0.0], tol=1e-10)
    assert least_cost(X, Y, 1, cost) == pytest.approx(found.fun, rel=1e-5)


def test_without_points_there_is_none():
    assert np.isnan(least_cost(np.empty(0), np.empty(0), 1, "absolute"))


class TestWhatIsSaid:
    def test_a_line_hears_what_no_weight_can_better(self, finished):
        run = finished("regression/line")
        sentence = said(run.frame)["No weight bends a line"]
        picture = run.frame.picture
        best = least_cost(picture.data_x, picture.data_y, 1, "absolute")
        assert 0.39 <= best < 0.40
        assert f"The best line there is costs {best:.3g}" in sentence
        assert f"this one's cost is {run.frame.cost:.3g}" in sentence
        noise = np.abs(picture.data_y - np.sin(picture.data_x)).mean()
        assert f"The noise alone costs {noise:.3g}" in sentence

    def test_a_hundred_lines_hear_that_they_are_one_and_by_what_rate_it_moves(self, finished):
        run = finished("regression/hundred-neurons")
        first = run.frame.findings[0]
        assert (first.title, first.severity) == ("100 lines are one line", Severity.WARNING)
        assert "by a rate of 2." in first.sentence

    def test_a_network_hears_how_much_of_its_cost_is_the_noise(self, finished):
        sentence = said(finished("regression/tanh").frame)["Down to the noise"]
        assert sentence.startswith("The noise alone costs 0.24")

    def test_other_points_and_another_cost_have_another_best(self, opened):
        runner = opened("regression/line")
        before = said(runner.frame())["No weight bends a line"]
        runner.set_spec(runner.spec.with_knobs({"noise": 0.1}))
        quiet = said(runner.frame())["No weight bends a line"]
        runner.set_spec(runner.spec.with_knobs({"cost": "squared"}))
        squared = said(runner.frame())["No weight bends a line"]
        assert len({before.split(",")[0], quiet.split(",")[0], squared.split(",")[0]}) == 3

    def test_points_of_no_curve_have_no_known_noise(self, opened):
        settings = scenes()["regression/drawn"].with_knobs({"model": "line"}).settings
        runner = opened("regression/drawn", model="line")
        runner.handle(Event.PLAY)
        assert best_fit_of(settings, runner.experiment.data.points).noise is None
        assert "noise" not in said(runner.frame())["No weight bends a line"]
