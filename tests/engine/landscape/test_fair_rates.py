"""What the race's note says of its rates holds: the procedure that found them, carried out again."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from engine.landscape.functions.landscape import Landscape
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.standing import NEAR, near_since
from engine.scenes import scenes
from tests.engine.landscape.test_descent import RULES

RATES = np.array([float(f"{m}e{power}") for power in range(-5, 4) for m in (1, 2, 5)])
STEPS = 500


def paths(landscape: Landscape, name: str, start: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Descents by every rate at once, (steps + 1, rates, dimensions), and which of them have stayed: (rates,)."""
    rule, size = RULES[name][0], landscape.dimensions
    knobs = SimpleNamespace(learning_rate=RATES[:, None], momentum=0.9, beta_1=0.9, beta_2=0.999, rho=0.9)
    memory = SimpleNamespace(v=0.0, s=0.0, product=1.0)
    low, high = np.array(landscape.domain).T
    place = np.tile(np.array(start, float), (len(RATES), 1))
    path, stays = [place], np.ones(len(RATES), bool)
    offsets = 1e-5 * landscape.size * np.eye(size)
    with np.errstate(all="ignore"):
        for step in range(1, STEPS + 1):
            ahead, behind = ([landscape.values(*(place + sign * o).T) for o in offsets] for sign in (1, -1))
            gradient = np.stack([(a - b) / (2 * o.sum()) for a, b, o in zip(ahead, behind, offsets, strict=True)], 1)
            after = place + rule(memory, gradient, step, knobs)
            stays &= ((after >= low) & (after <= high)).all(axis=1)
            place = np.where(stays[:, None], after, place)
            path.append(place)
    return np.array(path), stays


def soonest(landscape: Landscape, name: str, start: tuple[float, ...]) -> tuple[float, int]:
    """The rate that settles in a minimum soonest, of equally soon ones the smallest, and the step since which.

    Where none settles, the one whose cost is lowest in the end.
    """
    path, stays = paths(landscape, name, start)
    found = []
    costs = np.where(stays, landscape.values(*path[-1].T), np.inf)
    for number in np.flatnonzero(stays):
        apart = np.abs(landscape.minima - path[-1, number]) / landscape.size
        goal = landscape.minima[apart.max(axis=1).argmin()]
        since = near_since(path[:, number], goal, NEAR * landscape.size)
        if since is not None:
            found.append((since, RATES[number]))
    since, rate = min(found, default=(STEPS, RATES[int(costs.argmin())]))
    return float(rate), since


@pytest.mark.parametrize("name", [name for name, one in LANDSCAPES.items() if "soonest" in one.note])
def test_each_optimizer_has_the_rate_that_settles_soonest(name):
    landscape = LANDSCAPES[name]
    start = landscape.tuned_from or landscape.start
    assert dict(landscape.rates) == {rule: soonest(landscape, rule, start)[0] for rule in RULES}


def test_the_notes_say_from_where_the_rates_were_tuned():
    assert [name for name, one in LANDSCAPES.items() if "soonest" not in one.note] == [
        "saddle",
        "flat-valley",
        "catapult",
        "river",
    ]
    race = scenes()["landscape/optimizer-race"].settings
    assert LANDSCAPES[race.landscape].tuned_from == race.start
    assert "from (0.03, 0.5)" in LANDSCAPES[race.landscape].note
    others = [scene.settings for scene in scenes().values() if scene.experiment == "landscape"]
    assert all(not one.start for one in others if one.optimizers and one != race), "those start where they are tuned"
