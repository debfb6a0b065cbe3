"""The recording: series that grow and thin while every view handed out before goes on showing the same."""

import numpy as np
import pytest

from engine.run.recording import Series, thinned


def filled(rows: int, capacity: int = 1 << 18, portion: int = 7) -> Series:
    """A series of rows (i, -i), appended a few at a time."""
    series = Series(capacity=capacity)
    for start in range(0, rows, portion):
        x = np.arange(start, min(start + portion, rows), dtype=float)
        series.append(x, -x)
    return series


def test_what_is_appended_is_what_is_shown():
    series = Series(columns=2)
    series.append(np.array([1.0, 2.0]), np.array([[10.0, 11.0], [20.0, 21.0]]))
    series.append(np.array([3.0]), np.array([[30.0, 31.0]]))
    x, y = series.view()
    assert len(series) == 3
    np.testing.assert_array_equal(x, [1, 2, 3])
    np.testing.assert_array_equal(y, [[10, 11], [20, 21], [30, 31]])


def test_a_series_grows_past_its_first_arrays_without_losing_a_row():
    x, y = filled(10_000).view()
    np.testing.assert_array_equal(x, np.arange(10_000))
    np.testing.assert_array_equal(y[:, 0], -x)


def test_views_cannot_be_written_through():
    for array in filled(10).view():
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_old_views_stay_as_they_were_while_the_series_grows_thins_and_is_cleared():
    series = Series(capacity=2000)
    views = []
    for start in range(0, 10_000, 100):
        x = np.arange(start, start + 100, dtype=float)
        series.append(x, -x)
        view = series.view()
        views.append((view, [array.copy() for array in view]))
    state = series.state()
    series.clear()
    series.append(np.zeros(50), np.zeros(50))
    series.restore(state)
    series.append(np.zeros(50), np.zeros(50))
    for view, copy in views:
        for array, before in zip(view, copy, strict=True):
            np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("portion", [1, 2, 3, 7, 16, 63, 100])
@pytest.mark.parametrize("capacity", [16, 64, 65])
def test_thinning_keeps_an_even_stride_from_the_first_row_on(portion, capacity):
    for rows in (capacity - 1, capacity, capacity + 1, 500, 1009):
        x, y = filled(rows, capacity, portion).view()
        stride = np.diff(x)[0]
        assert x[0] == 0
        assert (np.diff(x) == stride).all()
        assert rows - 1 - x[-1] < stride, "the newest rows are in it, but for what the stride passes over"
        assert len(x) < capacity + portion
        np.testing.assert_array_equal(y[:, 0], -x)


def test_a_restored_series_goes_on_as_the_original_did():
    series = filled(333, capacity=64)
    state = series.state()
    x = np.arange(333, 700, dtype=float)
    series.append(x[:100], -x[:100])
    series.append(x[100:], -x[100:])
    expected = [array.copy() for array in series.view()]
    series.restore(state)
    series.append(x[:100], -x[:100])
    series.append(x[100:], -x[100:])
    for array, before in zip(series.view(), expected, strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("rows", [2, 3, 999, 1000, 1001, 5000])
def test_a_thinned_table_keeps_first_and_last_and_no_more_than_asked_for(rows):
    x = np.arange(rows) / 2
    pairs = thinned(x, x**2, 1000)
    assert pairs[0] == [0, 0]
    assert pairs[-1] == [x[-1], x[-1] ** 2]
    assert len(pairs) == min(rows, 1000)
    gaps = np.diff([pair[0] for pair in pairs])
    assert gaps.min() > 0
    assert gaps.max() <= gaps.min() + 0.5


def test_a_thinned_table_of_nothing_is_empty_and_of_one_row_that_row():
    assert thinned(np.array([]), np.array([]), 10) == []
    assert thinned(np.array([3.0]), np.array([0.5]), 10) == [[3, 0.5]]


def test_whole_numbers_of_steps_are_written_as_whole_numbers():
    assert [str(pair[0]) for pair in thinned(np.array([1.0, 1.5, 2.0]), np.zeros(3), 10)] == ["1", "1.5", "2"]
