"""A film holds as many moments as it was asked for, at the steps that were planned, and leaves nothing half done."""

import glob
import os
import tempfile

import imageio_ffmpeg
import numpy as np
import pytest

from app.files.outputs import OutputError
from app.sharing.film import Cameras, Film, Plan

PLAN = Plan(seconds=1.2, fps=10.0, is_early=False)


def frames_of(path: str) -> np.ndarray:
    reader = imageio_ffmpeg.read_frames(path)
    width, height = next(reader)["size"]
    return np.array([np.frombuffer(frame, np.uint8).reshape(height, width, 3) for frame in reader])


@pytest.fixture
def encoded(tmp_path):
    """Film made of a grey that follows the share of the run, stepped through in so many steps."""
    before = set(glob.glob(os.path.join(tempfile.gettempdir(), "*")))

    def make(ending: str, steps: int, plan: Plan = PLAN, last: float = 1.0) -> np.ndarray:
        shade = [0]
        film = Film(ending, plan, lambda: np.full((120, 160, 3), shade[0], np.uint8))
        for step in range(round(last * steps) + 1):
            shade[0] = round(200 * step / steps)
            film.capture(step / steps)
        path = tmp_path / f"a{ending}"
        path.write_bytes(film.content())
        film.close()
        return frames_of(str(path))

    yield make
    made = set(glob.glob(os.path.join(tempfile.gettempdir(), "*"))) - before
    assert not [path for path in made if path.endswith((".mp4", ".webm"))], "a half film was left"


@pytest.mark.parametrize("ending", [".mp4", ".webm"])
def test_it_has_the_moments_that_were_asked_for_in_their_order(encoded, ending):
    frames = encoded(ending, steps=300)
    assert frames.shape == (12, 120, 160, 3)
    shades = frames.mean(axis=(1, 2, 3))
    np.testing.assert_allclose(shades, 200 * np.linspace(0, 1, 12), atol=8)


def test_of_few_steps_moments_stand_until_the_next(encoded):
    frames = encoded(".mp4", steps=2)
    shades = frames.mean(axis=(1, 2, 3))
    assert len(frames) == 12
    assert np.diff(shades).min() > -4
    assert shades[-1] == pytest.approx(200, abs=8)


def test_of_a_run_that_ended_early_the_last_moment_stands(encoded):
    shades = encoded(".mp4", steps=300, last=0.5).mean(axis=(1, 2, 3))
    assert len(shades) == 12
    np.testing.assert_allclose(shades[7:], 100, atol=8)


def test_early_moments_come_often_at_first():
    plan = Plan(seconds=10, fps=10)
    shares = [plan.share(number) for number in range(plan.count)]
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert np.diff(shares, 2).min() > 0


@pytest.mark.parametrize("plan", [Plan(seconds=0), Plan(seconds=0.01), Plan(fps=0), Plan(fps=1000), Plan(seconds=1e9)])
def test_a_film_of_no_moments_or_too_many_is_one_sentence(plan):
    with pytest.raises(OutputError, match="a second"):
        plan.checked()


def test_several_cameras_are_as_one_and_say_how_far_they_are():
    taken: dict[str, list[float]] = {"even": [], "early": []}

    class Kept:
        def __init__(self, name, plan):
            self.name, self.plan, self.next = name, plan, 0

        @property
        def done(self):
            return self.next / self.plan.count

        def due(self, share):
            return self.next < self.plan.count and share >= self.plan.share(self.next)

        def next_share(self):
            return self.plan.share(min(self.next, self.plan.count - 1))

        def capture(self, share):
            taken[self.name].append(share)
            while self.due(share):
                self.next += 1

    said: list[float] = []
    even, early = Kept("even", Plan(1, 5, False)), Kept("early", Plan(1, 4))
    cameras = Cameras([even, early], said.append)
    share = 0.0
    while True:
        cameras.capture(share)
        if share == 1.0:
            break
        share = cameras.next_share()
    assert taken["even"] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert taken["early"] == pytest.approx([0.0, 1 / 9, 4 / 9, 1.0])
    assert said == sorted(said)
    assert said[-1] == 1.0
