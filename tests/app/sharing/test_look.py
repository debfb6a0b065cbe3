"""A size is read as people write it, and one that no picture can have is a sentence."""

import pytest

from app.sharing.look import Look, LookError, size_of


@pytest.mark.parametrize("text", ["1920x1080", " 1920 x 1080 ", "1920×1080", "1920X1080", "1920,1080"])
def test_a_size_is_read_as_people_write_it(text):
    assert size_of(text) == (1920, 1080)


@pytest.mark.parametrize("text", ["", "1920", "wide", "1920x", "x1080", "-1x5", "1920x1080x3", "1e9x1"])
def test_what_is_no_size_is_told_what_one_is(text):
    with pytest.raises(LookError, match="as in 1920x1080"):
        size_of(text)


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (Look(width=50), "edges"),
        (Look(height=100_000), "edges"),
        (Look(scale=9), "scale"),
        (Look(width=7680, height=7680, scale=4), "too many"),
        (Look(theme="pink"), "light"),
    ],
)
def test_a_look_that_no_picture_can_have_is_one_sentence(look, words):
    with pytest.raises(LookError, match=words):
        look.checked()


def test_the_dots_are_the_size_times_the_scale():
    assert Look(1000, 500, scale=2.5).dots == (2500, 1250)
