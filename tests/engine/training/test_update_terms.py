"""The update rule taken apart: what the terms announce is what TensorFlow does next, for every optimizer."""

from __future__ import annotations

import re

import numpy as np
import pytest

from engine.landscape.descent import Descents
from engine.landscape.descents import Descent
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.settings import LandscapeSettings
from engine.training.optimizers import OPTIMIZERS
from engine.training.update_terms import Part, Update

VALLEY = LANDSCAPES["narrow-valley"]
STEPS = 12


@pytest.fixture(scope="module")
def announced() -> list[list[tuple[np.ndarray, Update, np.ndarray]]]:
    """For each optimizer, for each step with noise in it: the place before, what was announced, the place after."""
    settings = LandscapeSettings(landscape="narrow-valley", gradient_noise=0.5, seed=3)
    runners = [Descent(name, name, VALLEY.rate_for(name) / 2, VALLEY.start) for name in OPTIMIZERS]
    together = Descents(VALLEY, runners, settings)
    steps = []
    for _ in range(STEPS):
        before = together.positions()
        updates = [together.next_update(number) for number in range(len(runners))]
        together.advance(1)
        steps.append(list(zip(before, updates, together.positions(), strict=True)))
    return [list(of_one) for of_one in zip(*steps, strict=True)]


@pytest.mark.parametrize("number", range(len(OPTIMIZERS)), ids=OPTIMIZERS)
class TestEveryRule:
    def test_the_announced_step_is_the_one_that_is_taken(self, announced, number):
        for before, update, after in announced[number]:
            scale = np.abs(after - before).max()
            assert scale > 0
            np.testing.assert_allclose(update.step, after - before, atol=2e-5 * scale)

    def test_the_numbers_put_into_the_pattern_give_the_step(self, announced, number):
        for _, update, _ in announced[number]:
            symbols = {term.symbol: term.value for term in update.terms}
            sum_up = re.sub(r"\{(.+?)\}", r"(values['\1'])", update.pattern)
            sum_up = sum_up.replace("−", "-").replace("×", "*").replace("sign", "np.sign")
            with np.errstate(all="ignore"):
                result = eval(sum_up, {"np": np, "values": symbols})  # our own pattern, in a test
            np.testing.assert_allclose(result, update.step, rtol=1e-6, atol=1e-12)

    def test_every_term_has_a_name_of_its_own_and_the_step_comes_last(self, announced, number):
        _, update, _ = announced[number][0]
        assert len({term.name for term in update.terms}) == len(update.terms)
        assert update.terms[-1].part is Part.STEP
        assert {Part.GRADIENT, Part.NOISE, Part.STEP} <= {term.part for term in update.terms}

    def test_an_arrow_that_is_only_a_direction_is_as_long_as_the_step(self, announced, number):
        for _, update, _ in announced[number]:
            for term in update.terms:
                if term.is_direction and term.arrow is not None:
                    assert np.linalg.norm(term.arrow) == pytest.approx(np.linalg.norm(update.step))


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov"])
def test_the_arrows_of_a_rule_that_adds_up_do_add_up(announced, name):
    for _, update, _ in announced[list(OPTIMIZERS).index(name)]:
        arrows = [term.arrow for term in update.terms if term.arrow is not None and term.part is not Part.STEP]
        np.testing.assert_allclose(sum(arrows), update.step, atol=1e-12)


def test_the_gradient_and_its_noise_are_told_apart(announced):
    for before, update, _ in announced[0]:
        values = {term.part: term.value for term in update.terms}
        np.testing.assert_allclose(values[Part.GRADIENT], np.array([1.0, 50.0]) * before, rtol=1e-9, atol=1e-12)
        assert np.abs(values[Part.NOISE]).max() > 0


def test_a_scale_says_which_parameter_may_go_farther(announced):
    _, update, _ = announced[list(OPTIMIZERS).index("adam")][3]
    scale = next(term for term in update.terms if term.part is Part.SCALE)
    assert scale.value[1] > 5 * scale.value[0], "the valley is steep in y"
    assert scale.arrow[0] > 5 * scale.arrow[1]
