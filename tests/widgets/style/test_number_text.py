"""Numbers are written for people."""

import math

import pytest

from widgets.style.number_text import field, short, signed, tick


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00215, "0.00215"), (41.234, "41.2"), (13_400.0, "13,400"), (1e-7, "1e−7"), (-0.609, "−0.609"), (0, "0")],
)
def test_a_number_is_short(value, text):
    assert short(value) == text


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_a_dash_and_never_nan(value):
    assert short(value) == "—"


@pytest.mark.parametrize(("value", "text"), [(0.001, "0.001"), (20_000, "20,000"), (1e9, "10⁹"), (5e-8, "5·10⁻⁸")])
def test_a_tick_is_plain_up_to_six_digits(value, text):
    assert tick(value) == text


@pytest.mark.parametrize("value", [1e-6, 0.001, 1000.0, 0.00123456])
def test_a_field_gives_back_the_number_that_it_was_given(value):
    assert float(field(value, whole=False)) == value


def test_a_negative_number_after_a_sign_stands_in_brackets():
    assert signed(-4.6) == "(−4.6)"
    assert signed(4.6) == "4.6"
