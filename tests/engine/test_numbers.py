"""Numbers as people write them: what can be read in one way is read, what can be read in two is asked about."""

import pytest

from engine import numbers
from engine.numbers import NumberError, TwoReadingsError

PLAIN = {
    "0.01": 0.01, "0,01": 0.01, "0,9": 0.9, "1,5": 1.5, "−1": -1, "–2,5": -2.5, " 0.5 ": 0.5, ".5": 0.5, ",5": 0.5,
    "5.": 5, "+3": 3, "- 3": -3, "1e-3": 1e-3, "1E-3": 1e-3, "1e−3": 1e-3, "1,5e−3": 1.5e-3, "1D-3": 1e-3,
    "2·10⁻³": 2e-3, "1.5*10^-3": 1.5e-3, "10^3": 1000, "０．５": 0.5, "٣٫٥": 3.5, "\u200e0.5\ufeff": 0.5,
}  # fmt: skip
THOUSANDS = {
    "1,000.5": 1000.5, "1.000,5": 1000.5, "1 000,5": 1000.5, "1\u00a0000,5": 1000.5, "1\u202f000,5": 1000.5,
    "1'000": 1000, "1’000.5": 1000.5, "1,000,000": 1e6, "1.000.000": 1e6, "1.234.567,89": 1234567.89, "1 000": 1000,
    "0,125": 0.125, "-0,500": -0.5, "1234,567": 1234.567, "0,0001": 1e-4, "1 000,000": 1000,
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), [*PLAIN.items(), *THOUSANDS.items()])
def test_a_number_is_read_however_it_is_written(text, value):
    assert numbers.parse(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "1,2,3", "1,23.5", "12,34,567", "1_0", "5,", "--3", "1e", "e5", "nan", "inf", "1e999", "0x10",
     "1 2", "1..5", "1,,5", ".", ",", "1.000.500,0,0", "½", "5 %", "1 00", "__import__('os')"],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_a_sentence(text):
    with pytest.raises(NumberError) as refusal:
        numbers.parse(text)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("text", "ways"), [("1,000", ("1000", "1.000")), ("12,345", ("12345", "12.345")), ("-1,000e3", ("1000", "1.000"))]
)
def test_a_lone_comma_before_three_digits_is_asked_about(text, ways):
    with pytest.raises(TwoReadingsError) as question:
        numbers.parse(text)
    assert all(way in str(question.value) for way in ways)


def test_where_the_source_says_what_its_decimals_are_nothing_is_asked():
    assert (numbers.parse("1,000", ","), numbers.parse("1,000", ".")) == (1, 1000)
    assert (numbers.parse("1.500", ","), numbers.parse("2.5", ",")) == (1500, 2.5)


@pytest.mark.parametrize(
    "text", ["1" * 10_000, "1," * 10_000, " " * 10_000 + "x", "0" * 10_000 + ".", "1e" + "1" * 9999]
)
def test_a_text_of_any_length_is_refused_at_once(text):
    with pytest.raises(NumberError):
        numbers.parse(text)


@pytest.mark.parametrize(
    ("text", "count", "values"),
    [("0.5, -0.2", 0, (0.5, -0.2)), ("1,2,3", 0, (1, 2, 3)), ("0,5; 1,5", 0, (0.5, 1.5)), ("1 2 3", 0, (1, 2, 3)),
     ("0,5", 1, (0.5,)), ("0,5", 2, (0, 5)), ("0,5, −0,2", 2, (0.5, -0.2)), ("", 0, ())],
)  # fmt: skip
def test_a_list_is_parted_by_semicolons_commas_or_blanks(text, count, values):
    assert numbers.parse_several(text, count) == values


def test_a_list_that_can_be_parted_in_two_ways_is_asked_about():
    with pytest.raises(TwoReadingsError, match="semicolons"):
        numbers.parse_several("0,5, 1,5")
