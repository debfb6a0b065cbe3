"""What a film will take is said before it is made, and the last one teaches the next."""

import pytest
from PyQt5.QtCore import QSettings

from app.sharing import estimate


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "a.ini"), QSettings.IniFormat)


def test_more_moments_and_larger_pictures_take_longer_and_are_larger(settings):
    small = estimate.words("mp4", 5, (640, 360), 0.01, settings)
    assert small.startswith("150 moments: about ")
    assert small.endswith(" kB.")
    large = estimate.words("mp4", 40, (1920, 1080), 0.06, settings)
    assert "1,200 moments" in large
    assert "minutes" in large
    assert large.endswith(" MB.")


def test_the_last_film_teaches_the_next(settings):
    estimate.learn("gif", 4, (1000, 1000), took=56.0, written=25_000_000, settings=settings)
    count = estimate.moments("gif", 4)
    assert estimate.words("gif", 4, (1000, 1000), 9.0, settings) == f"{count} moments: about 55 s and 25 MB."


def test_a_settings_file_with_nonsense_in_it_is_no_measure(settings):
    before = estimate.words("mp4", 10, (1280, 720), 0.02, settings)
    settings.setValue("share/pace/mp4", "abc")
    settings.setValue("share/bytes/mp4", -3)
    assert estimate.words("mp4", 10, (1280, 720), 0.02, settings) == before
