"""The figures of the lecture's astronaut, over five seeds; and the same painting in plain NumPy, step by step."""

from __future__ import annotations

import numpy as np
import pytest

from engine.painting.picture import Montage
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import resolve
from tests.engine.figures import SEEDS, assert_over_seeds
from tests.engine.painting import astronaut_in_numpy as plain


@pytest.fixture(scope="module")
def runs():
    """For each seed the costs over all pixels by epoch, and the PSNR at the end; compiled once for all."""
    runner, found = Runner(resolve("painting/astronaut")), []
    for seed in SEEDS:
        runner.experiment.training.reseed(seed)
        runner.handle(Event.RESET)
        runner.handle(Event.PLAY)
        runner.advance()
        epochs, costs = runner.recorded()[1]
        found.append((dict(zip(epochs.tolist(), costs[:, 0].tolist(), strict=True)), runner.frame().metrics["psnr_db"]))
    runner.close()
    return found


def test_the_cost_falls_as_in_the_lectures_table_and_the_painting_is_as_near_in_the_end(runs, finished):
    """One test, so that these paintings are made in one process only."""
    for epoch, figures in plain.FIGURES.items():
        assert_over_seeds((costs[epoch] for costs, _ in runs), *figures)
    assert_over_seeds((psnr for _, psnr in runs), *plain.PSNR)
    of_its_seed = finished("painting/astronaut", seed=1, epochs=1)
    assert of_its_seed.costs[0] == pytest.approx(runs[1][0][1], rel=1e-4)


def test_plain_numpy_goes_the_same_way_down(opened):
    training = opened("painting/astronaut").experiment.training
    start = training.parameters.astype(np.float32)
    _, ((_, ours),) = training.advance(training.steps_per_epoch)
    order = training.state().order
    (theirs,) = plain.train(start, iter([order]), 1)
    assert np.linalg.norm(ours - theirs) < 0.02 * np.linalg.norm(theirs - start)
    assert plain.cost_and_psnr(ours)[0] == pytest.approx(plain.cost_and_psnr(theirs)[0], rel=1e-3)


def own_targets(run) -> int:
    """How many of the painted pictures are nearer to their own target than to any other."""
    montage = run.frame.picture.montage
    painted, targets = (_tiles(whole, montage) for whole in (montage.painting, montage.target))
    away = np.square(painted[:, None] - targets[None]).mean(axis=(2, 3, 4))
    return int((away.argmin(axis=1) == np.arange(montage.count)).sum())


def _tiles(whole: np.ndarray, montage: Montage) -> np.ndarray:
    tiles = whole.astype(float).reshape(-1, montage.side, montage.columns, montage.side, 3).swapaxes(1, 2)
    return tiles.reshape(-1, montage.side, montage.side, 3)[: montage.count]


def test_every_one_of_many_faces_can_be_told_from_the_others(finished):
    """A quarter of them, and as many steps as the hundred get in their first twenty epochs."""
    run = finished("painting/many", pictures=25, epochs=80)
    assert own_targets(run) == 25
    assert run.frame.metrics["psnr_db"] > 21
