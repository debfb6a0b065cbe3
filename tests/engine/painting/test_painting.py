"""Painting: the lecture's astronaut and its homework, and what is shown of them."""

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

from engine.painting.canvas import coordinates
from engine.painting.images import IMAGES, square
from engine.run.states import Event, State


@pytest.fixture(scope="module")
def astronaut(finished):
    return finished("painting/astronaut", epochs=20)


def test_the_network_has_the_lectures_number_of_parameters(astronaut):
    assert astronaut.frame.parameters == 21_187


def test_an_epoch_is_81_batches_of_50(astronaut):
    assert astronaut.steps == 20 * 81
    assert astronaut.frame.epoch == 20


def test_the_cost_is_the_mean_error_of_the_three_colours_added_up(astronaut):
    assert astronaut.frame.cost == pytest.approx(astronaut.costs[-1])
    assert astronaut.frame.cost == pytest.approx(3 * astronaut.frame.metrics["mae"], rel=1e-4)


def test_the_psnr_is_that_of_scikit_image(astronaut):
    picture = astronaut.frame.picture
    expected = peak_signal_noise_ratio(picture.target, picture.painting)
    assert astronaut.frame.metrics["psnr_db"] == pytest.approx(expected, abs=0.1)


def test_the_target_is_the_astronaut_in_64_by_64_pixels(astronaut):
    target = astronaut.frame.picture.target
    assert (target.shape, target.dtype) == ((64, 64, 3), np.uint8)
    np.testing.assert_array_equal(target, np.rint(square("astronaut", 64)).astype(np.uint8))


def test_painting_and_error_map_fit_the_target(astronaut):
    picture = astronaut.frame.picture
    assert (picture.painting.shape, picture.painting.dtype) == ((64, 64, 3), np.uint8)
    assert (picture.error.shape, picture.error.dtype) == ((64, 64), np.uint8)
    off = np.abs(picture.painting.astype(float) - picture.target).mean(axis=2)
    assert np.abs(off - picture.error).max() <= 2


def test_nobody_can_paint_over_a_picture(astronaut):
    picture = astronaut.frame.picture
    for array in (picture.target, picture.painting, picture.error):
        assert not array.flags.writeable


def test_why_says_what_the_message_says_when_a_painting_diverges(opened):
    runner = opened("painting/astronaut", side=16, batch_size=64)
    runner.handle(Event.PLAY)
    runner.advance(steps=1)
    runner.experiment.training.set_parameters(np.full(runner.experiment.parameters, 3e38, np.float32))
    runner.advance(steps=1)
    assert runner.state is State.DIVERGED
    for _ in range(2):
        (said,) = runner.frame().findings
        assert runner.message.startswith(said.sentence.rstrip("."))
        runner.set_spec(runner.spec.with_knobs({"speed": "60"}))  # seen once more


def test_coordinates_are_row_and_column_normalised_together():
    positions = coordinates(64)
    assert positions.shape == (64 * 64, 2)
    assert positions.mean() == pytest.approx(0, abs=1e-6)
    assert positions.std() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(positions[0], -31.5 / np.arange(64).std(), rtol=1e-5)
    assert positions[1, 0] == positions[0, 0], "the column runs fastest"
    assert positions[64, 0] > positions[0, 0]


def test_the_homework_learns_targets_in_0_to_1_and_shows_them_in_0_to_255(finished):
    run = finished("painting/homework", epochs=20)
    assert run.state is State.FINISHED
    assert run.frame.picture.target.shape == (100, 100, 3)
    assert run.frame.picture.target.max() > 200
    assert run.costs[-1] < run.costs[0] < 0.5, "squared errors of numbers in 0 to 1"
    assert run.frame.metrics["psnr_db"] > 11
    # Squared error summed over three colours, apart from what the clipping to visible colours changes:
    assert run.frame.metrics["psnr_db"] == pytest.approx(-10 * np.log10(run.costs[-1] / 3), abs=0.3)


def test_a_painting_of_no_hidden_layer_is_a_slope_of_colour(finished):
    run = finished("painting/astronaut", depth=0, side=16, epochs=1)
    assert run.frame.parameters == 2 * 3 + 3
    assert run.state is State.FINISHED


@pytest.mark.parametrize("name", IMAGES)
def test_every_picture_is_there_without_a_network_connection(name, monkeypatch):
    import socket

    def no_network(*_):
        raise AssertionError("a picture was asked for from the net")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    image = square(name, 16)
    assert image.shape == (16, 16, 3)
    assert image.min() >= 0
    assert 50 < image.max() <= 255
    assert not image.flags.writeable
