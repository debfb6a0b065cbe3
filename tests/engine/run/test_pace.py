"""How many steps go into a budget: not fewer and fewer because the calls also wait for Python's lock."""

import numpy as np

from engine.run.pace import Pace

BUDGET, SPEED = 0.015, 3000.0


def test_calls_that_mostly_wait_longer_than_the_budget_still_take_a_budget_of_steps():
    waits = np.random.default_rng(5).exponential(0.02, 400)
    pace, steps = Pace(), 10
    taken = []
    for wait in waits:
        pace.took(steps, steps / SPEED + wait)
        steps = max(1, int(BUDGET * pace.speed))
        taken.append(steps)
    assert np.median(taken[100:]) > 0.3 * BUDGET * SPEED
    assert max(taken) <= BUDGET * SPEED, "no more than are possible"


def test_steps_that_have_become_slower_are_noticed_within_seconds():
    pace = Pace()
    pace.took(100, 100 / SPEED)
    slower, spent = SPEED / 50, 0.0
    while pace.speed > 1.2 * slower:
        steps = max(1, int(BUDGET * pace.speed))
        pace.took(steps, steps / slower)
        spent += steps / slower
    assert spent < 8
