"""Every text can be read in every theme."""

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor

from widgets.style.style_sheet import style_sheet
from widgets.style.theme import DARK, PROJECTOR, THEMES


def _luminance(name: str) -> float:
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(name).getRgbF()[:3]]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("ground", ["background", "panel", "raised"])
@pytest.mark.parametrize("text", ["text", "quiet", "danger"])
def test_text_stands_out_from_every_ground(theme, ground, text):
    assert _contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_words_on_the_accent_and_on_a_message_stand_out(theme):
    assert _contrast(theme.on_accent, theme.accent) >= 4.5
    assert _contrast(theme.danger, theme.danger_tint) >= 4.5


def test_the_projector_has_text_half_as_large_again_and_thicker_lines():
    assert PROJECTOR.text_size >= 1.5 * DARK.text_size
    assert PROJECTOR.width(2) > DARK.width(2)


def test_eight_runners_are_told_apart_without_their_colour(qapp):
    pens = [DARK.series_pen(number) for number in range(8)]
    assert len({(pen.color().name(), pen.style()) for pen in pens}) == 8
    assert len({pen.style() for pen in pens[:5]}) == 5
    assert all(pen.style() != Qt.NoPen for pen in pens)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_style_sheet_has_every_token_filled_in(theme):
    assert "$" not in style_sheet(theme)
