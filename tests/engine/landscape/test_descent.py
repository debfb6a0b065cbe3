"""Descents on landscapes: the lecture's figures, every published update rule, and what happens to who leaves."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine.landscape.descent import Descents
from engine.landscape.descents import Descent
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.settings import LandscapeSettings
from engine.run.states import Event, State
from engine.training.optimizers import OPTIMIZERS

SAMPLES = 200
SPACING = 2 / (SAMPLES - 1)


def lecture(rate: float, start: float = 120.0, steps: int = 500) -> tuple[list[int], int | None]:
    """The lecture's descent in plain NumPy: the visited indices, and the step that leaves the array, if any."""
    x = np.linspace(-1, 1, SAMPLES)
    slope = np.diff(np.sin(10 * x) * np.exp(-x))
    p, visited = start, [int(start)]
    for step in range(1, steps + 1):
        p = p - rate * slope[int(p)]
        if not -1 < p < len(slope):
            return visited, step
        visited.append(int(p))
    return visited, None


def indices(trail: Any) -> list[int]:
    """The array indices that a descent visited, from the positions it shows."""
    return np.rint((trail.positions[:, 0] + 1) / SPACING).astype(int).tolist()


class TestTheLecturesTable:
    def test_rate_0_01_never_leaves_its_start(self, finished):
        end = finished("landscape/too-small").outcome["runners"][0]
        assert end["index"] == 120
        assert end["cost"] == pytest.approx(0.718, abs=0.002)

    def test_rate_1_ends_in_the_nearest_minimum(self, finished):
        run = finished("landscape/one-parameter")
        end = run.outcome["runners"][0]
        assert run.steps == 500
        assert end["index"] == 143
        assert end["end"] == pytest.approx(0.437, abs=0.001)
        assert end["cost"] == pytest.approx(-0.609, abs=0.002)
        assert end["start"] == pytest.approx(0.206, abs=0.001)

    def test_rate_500_jumps_between_index_130_and_167(self, finished):
        run = finished("landscape/too-large")
        visited = indices(run.frame.picture.trails[0])[1:]
        assert (min(visited), max(visited)) == (130, 167)
        assert run.outcome["runners"][0]["best_cost"] == pytest.approx(-0.626, abs=0.002)
        assert len(set(visited[-50:])) > 5, "it must not settle"

    def test_the_three_rates_side_by_side_end_where_each_does_alone(self, finished):
        together = finished("landscape/learning-rates")
        assert [runner["learning_rate"] for runner in together.outcome["runners"]] == [0.01, 1, 500]
        alone = ("landscape/too-small", "landscape/one-parameter", "landscape/too-large")
        for trail, scene in zip(together.frame.picture.trails, alone, strict=True):
            np.testing.assert_array_equal(trail.positions, finished(scene).frame.picture.trails[0].positions)

    @pytest.mark.parametrize(("number", "rate"), [(0, 0.01), (1, 1.0), (2, 500.0)])
    def test_the_path_is_that_of_the_lectures_own_loop_in_numpy(self, finished, number, rate):
        visited, left = lecture(rate)
        assert left is None
        assert indices(finished("landscape/learning-rates").frame.picture.trails[number]) == visited


@pytest.fixture(scope="module")
def eight() -> Descents:
    """Eight runners on the lecture's samples, whose starts and rate every test sets anew."""
    runners = [Descent("one", "sgd", 1.0, (0.0,))] * 8
    return Descents(LANDSCAPES["wave"], runners, LandscapeSettings(gradient="difference"))


class TestLeaving:
    START = 108  # at rate 500 the lecture's loop leaves the array from here; at rate 1 it doesn't

    @pytest.fixture
    def race(self, finished):
        return finished(
            "landscape/learning-rates", start=f"{-1 + self.START * SPACING!r}", learning_rates="500, 1", steps=200
        )

    @pytest.fixture
    def alone(self, finished):
        return finished("landscape/too-large", start=f"{-1 + self.START * SPACING!r}")

    def test_a_run_whose_only_descent_leaves_has_diverged_and_says_so(self, alone):
        _, left = lecture(500.0, self.START)
        assert left is not None, "this start must leave the array"
        assert alone.state is State.DIVERGED
        assert f"left the landscape at step {left}:" in alone.message
        assert "500" in alone.message
        assert alone.message.endswith(".")

    def test_what_left_is_shown_at_its_last_point_inside(self, alone):
        visited, _ = lecture(500.0, self.START)
        trail = alone.frame.picture.trails[0]
        assert not trail.moving
        assert indices(trail)[: len(visited)] == visited
        assert indices(trail)[-1] == visited[-1]
        assert np.isfinite(trail.costs).all()

    def test_the_others_go_on_when_one_leaves(self, race):
        gone, going = race.outcome["runners"]
        visited, left = lecture(500.0, self.START)
        assert race.state is State.FINISHED
        assert (gone["state"], gone["steps"], gone["index"]) == ("diverged", left - 1, visited[-1])
        assert "left the landscape" in gone["message"]
        assert (going["state"], going["steps"]) == ("finished", 200)
        assert indices(race.frame.picture.trails[1]) == lecture(1.0, self.START, 200)[0]

    @pytest.mark.parametrize("rate", [1.0, 7.5, 500.0])
    def test_from_every_start_it_ends_or_leaves_where_the_lectures_loop_does(self, eight, rate):
        axis, settings = LANDSCAPES["wave"].axis(0), LandscapeSettings(gradient="difference")
        moving, ends = [], []
        for first in range(0, SAMPLES - 1, 8):
            starts = [(axis[min(first + k, SAMPLES - 2)],) for k in range(8)]
            eight.set_live(settings, [Descent("one", "sgd", rate, start) for start in starts])
            eight.reset()
            for _ in range(2):
                eight.advance(250)
            moving += eight.moving.tolist()
            ends += eight.raw[:, 0].astype(int).tolist()
        book = [lecture(rate, float(start)) for start in range(SAMPLES - 1)]
        assert 0 < sum(left is not None for _, left in book) < len(book), "some must leave, and some stay"
        assert moving[: len(book)] == [left is None for _, left in book]
        assert ends[: len(book)] == [visited[-1] for visited, _ in book]
        assert eight._program.experimental_get_tracing_count() == 1, "moved starts and rates are no new graph"

    @pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "saddle"])
    def test_leaving_a_surface_is_a_divergence_with_its_point_inside(self, opened, name):
        runner = opened("landscape/two-parameters", landscape=name, learning_rate=50)
        runner.handle(Event.PLAY)
        runner.advance()
        trail = runner.frame().picture.trails[0]
        low, high = np.array(LANDSCAPES[name].domain).T
        assert runner.state is State.DIVERGED
        assert "learning rate 50 is too large" in runner.message
        assert ((low <= trail.positions) & (trail.positions <= high)).all()


def test_a_secant_becomes_the_tangent(finished):
    run = finished("landscape/parabola")
    x = run.frame.picture.trails[0].positions[-1, 0]
    assert run.frame.picture.secant == pytest.approx((x, x * x))


@pytest.mark.parametrize("start", [1.0, -1.4, 0.1])
def test_the_secant_closes_at_the_start_and_only_then_the_descent_sets_out(opened, start):
    run = opened("landscape/parabola", start=start)
    run.handle(Event.PLAY)
    distances = []
    for _ in range(24):
        picture = run.frame().picture
        other, cost = picture.secant
        assert picture.trails[0].positions[-1, 0] == start
        assert -1.5 <= other <= 1.5, "the second point is on the landscape"
        assert cost == pytest.approx(other**2), "and its cost is the landscape's"
        distances.append(abs(other - start))
        run.advance(1)
    assert (np.diff(distances) < 0).all()
    assert distances[0] == pytest.approx(1.2)
    assert run.frame().picture.secant[0] == start
    run.advance(1)
    assert run.frame().picture.trails[0].positions[-1, 0] == pytest.approx(0.8 * start)
    assert run.frame().picture.secant[0] == pytest.approx(0.8 * start)


def test_descent_on_the_parabola_shrinks_x_by_the_same_factor_every_step(finished):
    x = finished("landscape/parabola").frame.picture.trails[0].positions[:, 0]
    np.testing.assert_allclose(x[24:], 0.8 ** np.arange(49), rtol=1e-6)


def test_a_trail_carries_the_gradient_of_its_last_point(finished):
    trail = finished("landscape/parabola", steps=5).frame.picture.trails[0]
    assert trail.gradient == pytest.approx(2 * trail.positions[-1])


class TestGradientNoise:
    def path(self, finished, **knobs):
        return (
            finished("landscape/two-parameters", gradient_noise=3, steps=100, **knobs).frame.picture.trails[0].positions
        )

    def test_the_same_seed_takes_the_same_path_again(self, finished, opened):
        again = opened("landscape/two-parameters", gradient_noise=3, steps=100, seed=5)
        again.handle(Event.PLAY)
        while again.state is State.RUNNING:
            again.advance(steps=7)  # in other portions, too
        np.testing.assert_array_equal(self.path(finished, seed=5), again.frame().picture.trails[0].positions)

    def test_another_seed_takes_another_path(self, finished):
        assert np.abs(self.path(finished, seed=5) - self.path(finished, seed=6)).max() > 1e-3

    def test_noise_has_the_spread_that_the_knob_says(self, finished):
        path = (
            finished(
                "landscape/two-parameters", landscape="narrow-valley", learning_rate=1e-6, gradient_noise=50, steps=500
            )
            .frame.picture.trails[0]
            .positions
        )
        noise = -np.diff(path, axis=0) / 1e-6 - np.array([1.0, 50.0]) * path[:-1]
        assert noise.std() == pytest.approx(50, rel=0.1)
        assert noise.mean() == pytest.approx(0, abs=10)


# The published rules, each written down a second time: rule(memory, gradient, step, knobs) -> what is added to the
# position. Constants are those of Keras: epsilon 1e-7, Adagrad's accumulator starts at 0.1, Nadam's schedule 0.96.
EPSILON = 1e-7


def sgd(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    return -k.learning_rate * g


def momentum(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Polyak 1964."""
    m.v = k.momentum * m.v - k.learning_rate * g
    return m.v


def nesterov(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Nesterov 1983, in the form of Sutskever et al. 2013."""
    m.v = k.momentum * m.v - k.learning_rate * g
    return k.momentum * m.v - k.learning_rate * g


def rmsprop(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Hinton's lecture 6e."""
    m.s = k.rho * m.s + (1 - k.rho) * g**2
    return -k.learning_rate * g / np.sqrt(m.s + EPSILON)


def adagrad(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Duchi et al. 2011."""
    m.s = m.s + g**2 + (0.1 if t == 1 else 0.0)
    return -k.learning_rate * g / np.sqrt(m.s + EPSILON)


def adadelta(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Zeiler 2012, with a rate."""
    m.s = k.rho * m.s + (1 - k.rho) * g**2
    step = -np.sqrt(m.v + EPSILON) / np.sqrt(m.s + EPSILON) * g
    m.v = k.rho * m.v + (1 - k.rho) * step**2
    return k.learning_rate * step


def adam(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Kingma and Ba 2015, with epsilon "hat" as in the remark after its algorithm 1."""
    m.v = k.beta_1 * m.v + (1 - k.beta_1) * g
    m.s = k.beta_2 * m.s + (1 - k.beta_2) * g**2
    rate = k.learning_rate * np.sqrt(1 - k.beta_2**t) / (1 - k.beta_1**t)
    return -rate * m.v / (np.sqrt(m.s) + EPSILON)


def adamax(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Kingma and Ba 2015, section 7.1."""
    m.v = k.beta_1 * m.v + (1 - k.beta_1) * g
    m.s = np.maximum(k.beta_2 * m.s, np.abs(g))
    return -k.learning_rate / (1 - k.beta_1**t) * m.v / (m.s + EPSILON)


def nadam(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Dozat 2016, with his schedule of the momentum."""
    now, following = (k.beta_1 * (1 - 0.5 * 0.96**step) for step in (t, t + 1))
    m.product = m.product * now
    m.v = k.beta_1 * m.v + (1 - k.beta_1) * g
    m.s = k.beta_2 * m.s + (1 - k.beta_2) * g**2
    ahead = following * m.v / (1 - m.product * following) + (1 - now) * g / (1 - m.product)
    return -k.learning_rate * ahead / (np.sqrt(m.s / (1 - k.beta_2**t)) + EPSILON)


def lion(m: Any, g: np.ndarray, t: int, k: Any) -> np.ndarray:
    """Chen et al. 2023, algorithm 2."""
    step = -k.learning_rate * np.sign(k.beta_1 * m.v + (1 - k.beta_1) * g)
    m.v = k.beta_2 * m.v + (1 - k.beta_2) * g
    return step


RULES: dict[str, tuple[Callable[..., np.ndarray], float]] = {
    "sgd": (sgd, 0.03),
    "momentum": (momentum, 0.006),
    "nesterov": (nesterov, 0.006),
    "rmsprop": (rmsprop, 0.037),
    "adagrad": (adagrad, 0.3),
    "adadelta": (adadelta, 40.0),
    "adam": (adam, 0.07),
    "adamax": (adamax, 0.07),
    "nadam": (nadam, 0.07),
    "lion": (lion, 0.037),
}
FIRST, THEN = 50, 20
NUMBERS = LandscapeSettings(landscape="narrow-valley", momentum=0.8, beta_1=0.85, beta_2=0.97, rho=0.9)
MOVED = LandscapeSettings(landscape="narrow-valley", momentum=0.3, beta_1=0.5, beta_2=0.9, rho=0.6)


def by_the_book(name: str) -> np.ndarray:
    """FIRST steps with NUMBERS, then THEN steps with MOVED at half the rate; the positions, start first."""
    rule, rate = RULES[name]
    place = np.array(LANDSCAPES["narrow-valley"].start)
    memory, path = SimpleNamespace(v=0.0, s=0.0, product=1.0), [place]
    for step in range(1, FIRST + THEN + 1):
        settings, share = (NUMBERS, 1.0) if step <= FIRST else (MOVED, 0.5)
        knobs = SimpleNamespace(**settings.numbers() | {"learning_rate": rate * share})
        place = place + rule(memory, np.array([1.0, 50.0]) * place, step, knobs)
        path.append(place)
    return np.array(path)


def every_rule(share: float = 1.0) -> list[Descent]:
    start = LANDSCAPES["narrow-valley"].start
    return [Descent(name, name, rate * share, start) for name, (_, rate) in RULES.items()]


@pytest.fixture(scope="module")
def everyone() -> tuple[Descents, np.ndarray]:
    """Every optimizer down the narrow valley, whose knobs are all moved after FIRST steps; and the paths."""
    together = Descents(LANDSCAPES["narrow-valley"], every_rule(), NUMBERS)
    start = together.positions()[None]
    before, _ = together.advance(FIRST)
    together.set_live(MOVED, every_rule(0.5))
    after, _ = together.advance(THEN)
    return together, np.concatenate([start, before, after])


def test_every_optimizer_has_its_rule_written_down_here():
    assert set(RULES) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", RULES)
def test_an_optimizer_steps_as_its_published_rule_does(everyone, name):
    path, book = everyone[1][: FIRST + 1, list(RULES).index(name)], by_the_book(name)[: FIRST + 1]
    assert np.abs(book - book[0]).max() > 0.5, "the rate must take it somewhere"
    assert np.abs(path - book).max() < 1e-4 * np.abs(book - book[0]).max()


@pytest.mark.parametrize("name", RULES)
def test_moved_knobs_act_on_the_very_next_step(everyone, name):
    path, book = everyone[1][:, list(RULES).index(name)], by_the_book(name)
    scale = np.abs(book[FIRST:] - book[FIRST]).max()
    assert np.abs((path - book)[FIRST + 1]).max() < 1e-3 * np.abs(book[FIRST + 1] - book[FIRST]).max()
    assert np.abs((path - book)[FIRST:]).max() < 1e-3 * scale


def test_moving_knobs_does_not_retrace(everyone):
    assert everyone[0]._program.experimental_get_tracing_count() == 1


def test_a_moved_learning_rate_reaches_a_run_through_its_spec_without_a_retrace(opened):
    runner = opened("landscape/parabola", secant_distance=0)
    runner.handle(Event.STEP)
    runner.advance(steps=1)
    runner.set_spec(runner.spec.with_knobs({"learning_rate": 0.25}))
    runner.advance(steps=1)
    x = runner.frame().picture.trails[0].positions[:, 0]
    assert x == pytest.approx([1, 0.8, 0.4], rel=1e-6)
    assert runner.experiment._lockstep._program.experimental_get_tracing_count() == 1


def test_in_a_race_every_rate_is_scaled_by_the_learning_rate(opened):
    runner = opened("landscape/optimizer-race", optimizers="sgd, adam", steps=1)
    before = [trail.learning_rate for trail in runner.frame().picture.trails]
    assert before == pytest.approx([0.02, 0.2])
    runner.set_spec(runner.spec.with_knobs({"learning_rate": 0.004}))
    assert [trail.learning_rate for trail in runner.frame().picture.trails] == pytest.approx([0.04, 0.4])
