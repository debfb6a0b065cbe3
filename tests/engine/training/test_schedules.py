"""Learning-rate schedules: what share of the rate is used when, and that no clock has a say in it."""

import numpy as np
import pytest

from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import scenes
from engine.training.schedules import LEAST, PATIENCE, Schedule


def test_constant_is_all_of_the_rate():
    assert (Schedule("constant").shares(100, 5, 1000) == 1).all()


def test_cosine_goes_from_all_to_nothing_and_stays_there():
    shares = Schedule("cosine").shares(0, 1201, 1000)
    assert shares[0] == 1
    assert shares[500] == pytest.approx(0.5, abs=1e-3)
    assert (np.diff(shares) <= 1e-7).all()
    assert shares[1000:].max() < 1e-6


def _epochs(schedule, costs):
    for cost in costs:
        schedule.took(np.full(4, cost, np.float32), epoch_ended=True)
    return schedule.shares(0, 1, 1)[0]


def test_plateau_halves_after_epochs_that_bring_nothing_better():
    schedule = Schedule("plateau")
    assert _epochs(schedule, [10.0, 9.0, 8.0]) == 1
    assert _epochs(schedule, [8.0] * (PATIENCE - 1)) == 1
    assert _epochs(schedule, [8.0]) == 0.5
    assert _epochs(schedule, [8.0] * PATIENCE) == 0.25
    assert _epochs(schedule, [8.0] * 100) == LEAST


def test_plateau_counts_an_epoch_once_however_it_is_cut():
    whole, cut = Schedule("plateau"), Schedule("plateau")
    for _ in range(10):
        whole.took(np.arange(8, dtype=np.float32), epoch_ended=True)
        cut.took(np.arange(3, dtype=np.float32), epoch_ended=False)
        cut.took(np.arange(3, 8, dtype=np.float32), epoch_ended=True)
    assert whole.state == cut.state


@pytest.mark.parametrize("schedule", ["cosine", "plateau"])
def test_a_scheduled_run_is_the_same_however_it_is_cut_into_calls(schedule):
    spec = scenes()["painting/astronaut"].with_knobs(
        {"side": 16, "depth": 1, "width": 8, "batch_size": 32, "schedule": schedule, "epochs": 12}
    )
    runner = Runner(spec)
    runner.handle(Event.PLAY)
    runner.advance()
    whole = runner.recorded()[0][1].copy()
    middle = None
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    while runner.step < 96:
        runner.advance(steps=5)
        if runner.step == 50:
            middle = runner.snapshot()
    np.testing.assert_array_equal(runner.recorded()[0][1], whole)
    runner.restore(middle)
    runner.advance(steps=46)
    np.testing.assert_array_equal(runner.recorded()[0][1], whole)
    runner.close()


def test_the_rate_can_be_moved_and_the_schedule_changed_while_it_runs():
    spec = scenes()["painting/astronaut"].with_knobs({"side": 16, "depth": 1, "width": 8, "batch_size": 256})
    runner = Runner(spec)
    runner.handle(Event.PLAY)
    runner.advance(steps=20)
    runner.set_spec(spec.with_knobs({"learning_rate": 1e-6}))
    before = runner.experiment.training.parameters.copy()
    runner.advance(steps=1)
    assert np.abs(runner.experiment.training.parameters - before).max() < 1e-5
    runner.set_spec(spec.with_knobs({"schedule": "cosine", "epochs": 22, "learning_rate": 0.01}))
    runner.advance()
    assert runner.epoch == 22
    before = runner.experiment.training.parameters.copy()
    runner.close()
    assert np.isfinite(before).all()
