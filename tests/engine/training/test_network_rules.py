"""The rules that are made for networks: each against its published form, and through a whole training."""

import numpy as np
import pytest

from engine.analysis.orthogonal import newton_schulz, spectra
from engine.backend import backend
from engine.knobs import KnobError, knobs_of
from engine.run.states import Event, State
from engine.scenes import resolve
from engine.training.optimizers import NETWORK_OPTIMIZERS, OPTIMIZERS, LiveOptimizer

pytestmark = pytest.mark.engine
STEPS, RATE = 50, 0.02
NUMBERS = {"learning_rate": RATE, "beta_1": 0.9, "beta_2": 0.99, "momentum": 0.9, "weight_decay": 0.3}
SHAPES = ((4, 6), (7, 3), (5,))  # a wide matrix, a tall one, biases


def slopes(places: list[np.ndarray]) -> list[np.ndarray]:
    """Of a cost that bends by another amount in each direction, and goes on rippling."""
    return [
        np.arange(1, place.size + 1).reshape(place.shape) * place / place.size + np.cos(3 * place) for place in places
    ]


def starts() -> list[np.ndarray]:
    generator = np.random.default_rng(11)
    return [generator.normal(size=shape) for shape in SHAPES]


def adam_step(m, v, g, t, beta_1=0.9, beta_2=0.99):
    """Kingma and Ba 2015; the running means are changed in place."""
    m += (1 - beta_1) * (g - m)
    v += (1 - beta_2) * (g**2 - v)
    return m / (1 - beta_1**t), np.sqrt(v / (1 - beta_2**t))


def adamw():
    """Loshchilov and Hutter 2019, algorithm 2."""
    places = starts()
    means = [(np.zeros_like(place), np.zeros_like(place)) for place in places]
    for t in range(1, STEPS + 1):
        for place, g, (m, v) in zip(places, slopes(places), means, strict=True):
            mean, root = adam_step(m, v, g, t)
            place -= RATE * NUMBERS["weight_decay"] * place + RATE * mean / (root + 1e-7)
    return places


def schedule_free():
    """Defazio et al. 2024, algorithm 1: slopes are taken at y, and x, the mean of all z, is the answer."""
    z, share = starts(), 0.9
    x = [place.copy() for place in z]
    seconds = [np.zeros_like(place) for place in z]
    for t in range(1, STEPS + 1):
        y = [(1 - share) * base + share * mean for base, mean in zip(z, x, strict=True)]
        for base, mean, g, v in zip(z, x, slopes(y), seconds, strict=True):
            v += (1 - 0.99) * (g**2 - v)
            base -= RATE * g / (np.sqrt(v / (1 - 0.99**t)) + 1e-8)
            mean += (base - mean) / t
    return [(1 - share) * base + share * mean for base, mean in zip(z, x, strict=True)], x


def lamb():
    """You et al. 2020, algorithm 2, without its weight decay."""
    places = starts()
    means = [(np.zeros_like(place), np.zeros_like(place)) for place in places]
    for t in range(1, STEPS + 1):
        for place, g, (m, v) in zip(places, slopes(places), means, strict=True):
            mean, root = adam_step(m, v, g, t)
            step = mean / (root + 1e-7)
            place -= RATE * np.linalg.norm(place) / np.linalg.norm(step) * step
    return places


def adafactor():
    """Shazeer and Stern 2018, algorithms 4 and 5, with the rate no larger than 1 / sqrt(t)."""
    places = starts()
    rows = [np.zeros(place.shape[:-1]) for place in places]
    columns = [np.zeros(place.shape[-1:]) for place in places]
    for t in range(1, STEPS + 1):
        kept = 1 - t**-0.8
        for place, g, row, column in zip(places, slopes(places), rows, columns, strict=True):
            square = g**2 + 1e-15
            if place.ndim == 2:
                row += (1 - kept) * (square.mean(axis=1) - row)
                column += (1 - kept) * (square.mean(axis=0) - column)
                second = np.outer(row, column) / row.mean()
            else:
                column += (1 - kept) * (square - column)
                second = column
            step = g / np.sqrt(second)
            step /= max(1.0, np.sqrt(np.mean(step**2)))
            place -= max(1e-3, np.sqrt(np.mean(place**2))) * min(RATE, 1 / np.sqrt(t)) * step
    return places


def orthogonal(matrix):
    """Jordan et al. 2024, written down again: five rounds on the shorter side."""
    if matrix.shape[0] > matrix.shape[1]:
        return orthogonal(matrix.T).T
    x = matrix / np.sqrt((matrix**2).sum())
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x - 4.7750 * gram @ x + 2.0315 * gram @ gram @ x
    return x


def muon():
    """Jordan et al. 2024 with Nesterov's look ahead and the size of Liu et al. 2025; Adam for what is no matrix."""
    places = starts()
    momenta = [np.zeros_like(place) for place in places]
    seconds = [np.zeros_like(place) for place in places]
    raw = []
    for t in range(1, STEPS + 1):
        raw = []
        for place, g, m, v in zip(places, slopes(places), momenta, seconds, strict=True):
            if place.ndim == 2:
                m += g - 0.1 * m
                raw.append(g + 0.9 * m)
                step = 0.2 * np.sqrt(max(place.shape)) * orthogonal(raw[-1])
                place -= RATE * NUMBERS["weight_decay"] * place + RATE * step
            else:
                mean, root = adam_step(m, v, g, t, beta_2=0.999)
                place -= RATE * mean / (root + 1e-7)
    return places, raw


def taken(name: str) -> tuple[LiveOptimizer, list[np.ndarray]]:
    """The rule after STEPS steps, and where they have led."""
    keras = backend.keras()
    variables = [keras.Variable(place.astype(np.float32)) for place in starts()]
    rule = LiveOptimizer(name, variables, NUMBERS)
    tf = backend.tensorflow()
    for _ in range(STEPS):
        there = [variable.numpy().astype(float) for variable in variables]
        rule.apply([tf.constant(slope.astype(np.float32)) for slope in slopes(there)], variables)
    return rule, [variable.numpy() for variable in variables]


def assert_same(found, wanted):
    for one, other, start in zip(found, wanted, starts(), strict=True):
        assert np.abs(other - start).max() > 0.2, "it must have gone somewhere"
        np.testing.assert_allclose(one, other, atol=2e-4 * np.abs(other - start).max())


@pytest.mark.parametrize("book", [adamw, lamb, adafactor])
def test_a_rule_steps_as_it_was_published(book):
    assert_same(taken(book.__name__)[1], book())


def test_the_schedule_free_rule_steps_as_it_was_published_and_has_its_average():
    rule, places = taken("schedule_free")
    y, x = schedule_free()
    assert_same(places, y)
    assert_same(rule.averaged(), x)


def test_muon_steps_as_it_was_published_and_its_updates_are_known_before_and_after():
    rule, places = taken("muon")
    wanted, raw = muon()
    assert_same(places, wanted)
    for found, other in zip(rule.raw_updates(), raw, strict=True):
        np.testing.assert_allclose(found, other, atol=1e-3 * np.abs(other).max())
        before, after = newton_schulz(found)
        np.testing.assert_allclose(before, other / np.linalg.norm(other), atol=1e-3)
        np.testing.assert_allclose(after, orthogonal(other), atol=1e-2)


def test_after_the_iteration_every_singular_value_that_was_not_tiny_is_about_one():
    generator = np.random.default_rng(3)
    named = [("a", generator.normal(size=(30, 20))), ("b", generator.normal(size=(8, 40)))]
    for one in spectra(named):
        assert np.square(one.before).sum() == pytest.approx(1)
        assert (np.diff(one.before) <= 0).all()
        large = one.after[: (one.before > 0.02).sum()]
        assert ((large > 0.65) & (large < 1.25)).all()


@pytest.mark.parametrize("name", sorted(NETWORK_OPTIMIZERS.keys() - OPTIMIZERS.keys()))
@pytest.mark.parametrize("scene", ["regression/deep", "painting/astronaut"])
def test_it_trains_goes_back_and_starts_over_exactly(opened, name, scene):
    size = {"depth": 2, "width": 12}  # that XLA compiles in a moment
    knobs = {"side": 16} if scene.startswith("painting") else {"points": 100, "batch_size": 50}
    runner = opened(scene, optimizer=name, learning_rate=0.002, **knobs, **size)
    runner.handle(Event.RESET)
    first = runner.frame().cost
    runner.handle(Event.PLAY)
    runner.advance(200)
    assert runner.state is State.RUNNING
    assert runner.frame().cost < first
    runner.handle(Event.PAUSE)
    training, kept = runner.experiment.training, runner.snapshot()
    before = training.parameters.copy()
    runner.handle(Event.PLAY)
    runner.advance(20)
    later = training.parameters.copy()
    runner.restore(kept)
    np.testing.assert_array_equal(training.parameters, before)
    runner.handle(Event.PLAY)
    runner.advance(20)
    np.testing.assert_array_equal(training.parameters, later)
    runner.handle(Event.RESET)
    assert runner.frame().cost == first
    runner.handle(Event.PLAY)
    runner.advance(200)
    np.testing.assert_array_equal(training.parameters, before)


def test_muons_spectra_are_asked_of_a_moment_and_the_average_is_in_what_a_run_leaves(opened):
    runner = opened("regression/deep", optimizer="muon", learning_rate=0.002)
    runner.handle(Event.RESET)
    assert "no step yet" in runner.analyse("update", {}).problem
    runner.handle(Event.STEP)
    runner.advance(1)
    found = runner.analyse("update", {}).result
    assert [one.name for one in found] == ["layer_1/W", "layer_2/W", "layer_3/W", "output/W"]
    other = opened("regression/deep", optimizer="schedule_free")
    other.handle(Event.RESET)
    other.handle(Event.PLAY)
    other.advance(100)
    assert np.isfinite(other.outcome()["averaged_cost"])


def test_where_nothing_is_a_matrix_muon_is_not_offered():
    line = resolve("regression/line")
    knob = next(knob for knob in knobs_of(type(line.settings)) if knob.name == "optimizer")
    assert "muon" not in knob.offered_choices(line.settings)
    assert "muon" in knob.offered_choices(resolve("regression/deep").settings)
    with pytest.raises(KnobError, match="optimizer must be one of"):
        resolve("landscape/parabola").with_knobs({"optimizer": "muon"})
