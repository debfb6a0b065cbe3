"""The cost plot shows everything that happened, however long the run."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import QPointF
from PyQt5.QtGui import QFontMetrics

from engine.frames import Curve, Role
from tests.widgets.hand_made import a_frame, one_parameter, painting, race
from widgets.page.cost_plot import CostPlot
from widgets.plotting.axes import log_ticks
from widgets.plotting.decimate import Decimated, smoothed
from widgets.plotting.eased_range import EasedRange
from widgets.style.theme import DARK


@pytest.fixture
def plot(qtbot) -> CostPlot:
    made = CostPlot()
    qtbot.addWidget(made)
    made.set_theme(DARK)
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
    assert plot.shown_points() <= 2_000 + 3 * 250  # the batches, and each epoch's in 250 bins: least, most and mean


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
    began = time.thread_time()  # which other processes don't lengthen
    for _ in range(20):
        plot.show_frame(frame)
    assert (time.thread_time() - began) / 20 < 0.02


def test_every_runner_is_in_the_legend_when_there_are_several(plot):
    plot.show_frame(race())
    assert len(plot._legend.labels()) == 6
    plot.show_frame(one_parameter())
    assert plot._legend.labels() == ()


def costs(y: np.ndarray, role: Role = Role.EXACT):
    return a_frame("regression", None, (Curve("all data", role, np.arange(float(len(y))), y),), cost=float(y[-1]))


class TestACostOfNothing:
    def test_the_axis_stays_logarithmic_and_the_line_on_it(self, plot):
        plot.show_frame(costs(np.append(10.0 ** -np.arange(6.0), 0.0), Role.DESCENT))
        assert plot.is_logarithmic()
        (low, high) = plot._plot.getViewBox().viewRange()[1]
        drawn = plot._lines[0].item.yData
        assert np.isfinite(drawn).all()
        assert (drawn >= low).all()
        assert high - low < 7

    def test_twenty_decades_are_cut_to_ten_and_the_line_ends_on_the_axis(self, plot):
        plot.show_frame(costs(10.0 ** -np.arange(21.0), Role.DESCENT))
        low, high = plot._plot.getViewBox().viewRange()[1]
        drawn = plot._lines[0].item.yData
        assert 10 <= high - low < 12
        assert drawn[-1] == pytest.approx(-10)
        assert (drawn >= low).all()

    @pytest.mark.parametrize("y", [np.zeros(5), np.array([0.0]), np.array([1e-300, 0.0]), np.array([0.0, 5.0])])
    def test_whatever_the_costs_the_axis_has_a_range(self, plot, y):
        plot.show_frame(costs(y))
        assert np.isfinite(plot._plot.getViewBox().viewRange()).all()
        plot.grab()

    def test_a_run_that_starts_at_0_after_one_on_a_logarithmic_axis(self, plot):
        plot.show_frame(costs(np.array([2.0, 1.0])))
        empty = Curve("one", Role.DESCENT, np.empty(0), np.empty(0))
        plot.show_frame(replace(costs(np.array([2.0])), curves=(empty,), cost=0.0, run=2))
        low, high = plot._plot.getViewBox().viewRange()[1]
        assert low < 0 < high


@pytest.mark.parametrize("scale", [1e-13, 1e-26, 1e13])
@pytest.mark.parametrize("sign", [1, -1])
def test_every_scale_has_labels_that_fit_and_tell_its_ticks_apart(plot, scale, sign):
    plot.show_frame(costs(sign * scale * np.linspace(3.0, 1.0, 30)))
    axis = plot._plot.getAxis("left")
    (low, high), size = plot._plot.getViewBox().viewRange()[1], plot._plot.getViewBox().height()
    (spacing, values) = axis.tickValues(low, high, size)[0]
    labels = axis.tickStrings(values, 1.0, spacing)
    assert len(labels) >= 2
    assert len(set(labels)) == len(labels)
    room = axis.width() - 24  # beside the word "cost"
    font = QFontMetrics(axis.style["tickFont"])
    assert max(font.horizontalAdvance(label) for label in labels) <= room


class TestANumberThatIsSaid:
    @pytest.fixture
    def spiky(self):
        y = np.full(3000, 0.4)
        y[289] = 0.232
        curve = Curve("validation", Role.VALIDATION, np.arange(3000.0), y)
        return a_frame("regression", None, (curve,), cost=0.4)

    def test_the_lowest_validation_cost_is_marked_where_it_was_and_as_low_as_it_was(self, plot, spiky):
        plot.show_frame(spiky)
        ((_, _, _, x, y),) = plot._lowest._signs
        assert (x, 10**y) == pytest.approx((289, 0.232))

    def test_the_values_stand_behind_the_smoothed_line(self, plot, spiky):
        plot.show_frame(spiky)
        assert 10 ** plot._lines[0].values.yData.min() == pytest.approx(0.232)
        assert 10 ** plot._lines[0].item.yData.min() > 0.35

    def test_the_mouse_reads_the_value_itself(self, plot, spiky):
        plot.show()
        plot.show_frame(spiky)
        plot._point_at(plot._plot.getViewBox().mapViewToScene(QPointF(289, np.log10(0.3))))
        assert plot._hover.text() == "step 289:  validation 0.232"
