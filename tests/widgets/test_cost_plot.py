"""The cost plot shows everything that happened, however long the run."""

import numpy as np
import pytest
from hand_made import a_frame, one_parameter, painting, race

from engine.frames import Curve, Role
from widgets.axes import log_ticks
from widgets.cost_plot import CostPlot
from widgets.decimate import Decimated, smoothed
from widgets.eased_range import EasedRange


@pytest.fixture
def plot(qtbot) -> CostPlot:
    made = CostPlot()
    qtbot.addWidget(made)
    made.resize(800, 200)
    return made


def _grown(y: np.ndarray, pieces: int) -> Decimated:
    data = Decimated()
    x = np.arange(len(y), dtype=float)
    for end in np.linspace(1, len(y), pieces).astype(int):
        data.update(x[:end], y[:end])
    return data


def test_a_long_history_is_drawn_with_at_most_two_thousand_points(plot):
    plot.show_frame(painting(steps=250_000))
    assert plot.shown_points() <= 2_000 + 500


def test_no_spike_is_lost_in_a_long_history():
    y = np.random.default_rng(0).normal(0, 1, 100_000)
    y[54_321] = 99
    y[12_345] = -99
    data = _grown(y, 40)
    assert len(data.y) <= 2_000
    assert data.y.max() == 99
    assert data.y.min() == -99


def test_a_history_that_grew_piece_by_piece_looks_as_one_that_came_at_once():
    y = np.random.default_rng(1).normal(0, 1, 70_001)
    piecewise, whole = _grown(y, 57), _grown(y, 1)
    whole.update(np.arange(len(y), dtype=float), y)
    assert piecewise.y == pytest.approx(whole.y)
    assert piecewise.means == pytest.approx(whole.means)


def test_another_run_starts_its_history_anew():
    data = _grown(np.linspace(5, 1, 10_000), 3)
    data.update(np.arange(100.0), np.full(100, 7.0))
    assert len(data.y) == 100
    assert set(data.y) == {7.0}


def test_a_cost_that_left_the_number_range_is_left_out(plot):
    y = np.concatenate([np.linspace(2, 1, 50), [np.inf, np.nan]])
    plot.show_frame(a_frame("regression", None, (Curve("all data", Role.EXACT, np.arange(52.0), y),), cost=np.nan))
    low, high = plot._plot.getViewBox().viewRange()[1]
    assert np.isfinite([low, high]).all()
    assert plot.shown_points() == 50


def test_positive_costs_have_a_logarithmic_axis_and_others_a_linear_one(plot):
    plot.show_frame(painting(steps=500))
    assert plot.is_logarithmic()
    plot.show_frame(race())
    assert not plot.is_logarithmic()


def test_the_ticks_of_a_logarithmic_axis_are_one_two_five():
    ticks = [round(10**value, 6) for value in log_ticks(np.log10(0.09), np.log10(60), most=12)]
    assert ticks == [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]


def test_the_ticks_of_many_decades_are_whole_decades_and_few():
    ticks = log_ticks(-8, 12, most=6)
    assert 3 <= len(ticks) <= 7
    assert all(value == int(value) for value in ticks)


def test_within_one_decade_there_are_still_several_ticks():
    assert len(log_ticks(np.log10(41), np.log10(58), most=6)) >= 3


def test_an_average_neither_lags_at_the_start_nor_overshoots():
    steps = smoothed(np.concatenate([np.full(50, 5.0), np.full(50, 1.0)]), memory=6)
    assert steps[0] == 5
    assert steps[-1] == pytest.approx(1, abs=0.01)
    assert steps.max() <= 5 + 1e-9
    assert steps.min() >= 1 - 1e-9


def test_the_range_grows_at_once_and_shrinks_gently():
    axis = EasedRange()
    axis.towards(0, 1)
    _, high = axis.towards(0, 10)
    assert high >= 10
    _, eased = axis.towards(0, 1)
    assert 5 < eased < high
    _, fresh = axis.towards(0, 1, at_once=True)
    assert fresh < 1.2


def test_a_frame_costs_little_after_a_quarter_of_a_million_steps(plot):
    """Not a benchmark: it fails when a frame looks at the whole history again."""
    import time

    frame = painting(steps=250_000)
    plot.show_frame(frame)
    began = time.perf_counter()
    for _ in range(20):
        plot.show_frame(frame)
    assert (time.perf_counter() - began) / 20 < 0.02


def test_every_runner_is_in_the_legend_when_there_are_several(plot):
    plot.show_frame(race())
    assert len(plot._legend.labels()) == 6
    plot.show_frame(one_parameter())
    assert plot._legend.labels() == ()
