"""Training: the same from plain NumPy, and runs that can be repeated and rewound exactly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np
import pytest

from engine.backend import backend
from engine.regression import datasets
from engine.regression.experiment import model_of
from engine.regression.settings import RegressionSettings
from engine.run.runner import Runner
from engine.run.states import Event, State
from engine.scenes import resolve
from engine.training import costs
from engine.training.networks import ACTIVATIONS, INITIALIZERS, Model, Tensor, dense
from engine.training.optimizers import OPTIMIZERS
from engine.training.training import Training


class TestTheData:
    def test_they_lie_evenly_and_off_the_curve_by_at_most_the_noise(self):
        x, y = datasets.noisy("sine", 1000, 3.0, 0.5, seed=0)
        off = y - np.sin(x)
        np.testing.assert_allclose(np.diff(x), 6 / 999, rtol=1e-3)
        assert (x[0], x[-1]) == (-3, 3)
        assert 0.49 < np.abs(off).max() <= 0.5001
        assert np.abs(off).mean() == pytest.approx(0.25, abs=0.02)

    def test_they_come_from_the_seed(self):
        first, again, other = (datasets.noisy("sine", 100, 3.0, 0.5, seed)[1] for seed in (4, 4, 5))
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()

    @pytest.mark.parametrize("curve", datasets.CURVES)
    def test_every_curve_gives_finite_points(self, curve):
        x, y = datasets.noisy(curve, 50, 3.0, 0.0, seed=0)
        assert x.shape == y.shape == (50,)
        assert np.isfinite(y).all()
        assert np.ptp(y) > 0.5


def test_plain_numpy_gradient_descent_takes_the_same_way_down(finished, opened):
    start = opened("regression/line").experiment.training.parameters
    x, y = (part.astype(float) for part in datasets.noisy("sine", 1000, 3.0, 0.5, seed=0))
    w, b = start.astype(float)
    assert b == 1
    run = finished("regression/line")
    costs = []
    for _ in run.costs:
        side = np.sign(w * x + b - y)
        w, b = w - 0.01 * (side * x).mean(), b - 0.01 * side.mean()
        costs.append(np.abs(w * x + b - y).mean())
    np.testing.assert_allclose(run.costs, costs, atol=2e-4)


# What each model predicts, written down a second time in NumPy: named parts and x (n,) -> (n,).
def _layers(parts: dict[str, np.ndarray], x: np.ndarray, activation: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    h, number = x[:, None], 1
    while f"layer_{number}/W" in parts:
        h = activation(h @ parts[f"layer_{number}/W"] + parts[f"layer_{number}/b"])
        number += 1
    return (h @ parts["output/W"] + parts["output/b"])[:, 0] if "output/W" in parts else h.sum(axis=1)


def _polynomial(parts: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    return parts["polynomial/b"] + sum(w * x**i for i, w in enumerate(parts["polynomial/w"][:, 0]))


MODELS = {
    "line": (
        {"model": "line", "cost": "absolute"},
        lambda p, x: p["line/W"][0, 0] * x + p["line/B"],
    ),
    "sum": (
        {"model": "sum", "width": 5, "cost": "squared"},
        lambda p, x: sum(w * x + b for w, b in zip(p["layer_1/W"][0], p["layer_1/b"], strict=True)),
    ),
    "polynomial": ({"model": "polynomial", "degree": 3, "cost": "huber"}, _polynomial),
    "scaled_polynomial": (
        {"model": "scaled_polynomial", "degree": 4, "cost": "absolute"},
        lambda p, x: _polynomial(p, x / 3),
    ),
    "summed network": (
        {"model": "network", "width": 4, "summed": True, "cost": "absolute"},
        lambda p, x: _layers(p, x, np.tanh),
    ),
    "deep network": (
        {"model": "network", "width": 3, "depth": 3, "activation": "softplus", "cost": "squared"},
        lambda p, x: _layers(p, x, lambda h: np.log1p(np.exp(h))),
    ),
}
COSTS = {
    "absolute": lambda e: np.abs(e).mean(),
    "squared": lambda e: np.square(e).mean(),
    "huber": lambda e: np.where(np.abs(e) <= 1, 0.5 * e**2, np.abs(e) - 0.5).mean(),
}


@pytest.mark.parametrize("name", MODELS)
def test_one_step_goes_along_the_gradient_that_finite_differences_give(name):
    knobs, predict = MODELS[name]
    settings = RegressionSettings(learning_rate=1.0, batch_size=40, init_scale=0.5, **knobs)
    x, y = datasets.noisy("sine", 40, 3.0, 0.5, seed=2)
    model = model_of(settings)
    training = Training(model, x[:, None], y[:, None], settings)
    before = training.parameters
    costs, _ = training.advance(1)
    gradient = before - training.parameters

    def cost(flat: np.ndarray) -> float:
        cuts = np.cumsum([tensor.size for tensor in model.tensors])[:-1]
        parts = {t.name: piece.reshape(t.shape) for t, piece in zip(model.tensors, np.split(flat, cuts), strict=True)}
        return float(COSTS[settings.cost](predict(parts, x.astype(float)) - y))

    flat, h = before.astype(float), 1e-6
    central = [(cost(flat + h * axis) - cost(flat - h * axis)) / (2 * h) for axis in np.eye(len(flat))]
    assert costs[0] == pytest.approx(cost(flat), rel=1e-5)
    np.testing.assert_allclose(gradient, central, rtol=1e-4, atol=1e-4 * np.abs(central).max())


@pytest.mark.parametrize(
    ("name", "formula"),
    {
        "tanh": np.tanh,
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
        "relu": lambda x: np.maximum(x, 0),
        "leaky_relu": lambda x: np.where(x < 0, 0.2 * x, x),
        "elu": lambda x: np.where(x < 0, np.expm1(x), x),
        "selu": lambda x: 1.05070098 * np.where(x < 0, 1.67326324 * np.expm1(x), x),
        "gelu": None,
        "silu": lambda x: x / (1 + np.exp(-x)),
        "softplus": lambda x: np.log1p(np.exp(x)),
        "softsign": lambda x: x / (1 + np.abs(x)),
        "linear": lambda x: x,
    }.items(),
)
def test_every_activation_bends_as_its_name_says(name, formula):
    if name == "gelu":
        from scipy.stats import norm

        def formula(x):
            return x * norm.cdf(x)

    x = np.linspace(-6, 6, 101, dtype=np.float32)
    parts = [np.ones((1, 1), np.float32), np.zeros(1, np.float32)]
    bent = dense(1, 1, 1, 1, name, "normal", 1.0, summed=True).predict(parts, x[:, None]).numpy()[:, 0]
    np.testing.assert_allclose(bent, formula(x.astype(float)), rtol=1e-3, atol=2e-4)


class TestLayers:
    def test_every_tensor_has_a_name_that_says_its_layer(self):
        model = dense(2, 3, 2, 5, "relu", "normal", 0.1)
        assert [(tensor.name, tensor.shape) for tensor in model.tensors] == [
            ("layer_1/W", (2, 5)),
            ("layer_1/b", (5,)),
            ("layer_2/W", (5, 5)),
            ("layer_2/b", (5,)),
            ("output/W", (5, 3)),
            ("output/b", (3,)),
        ]
        assert model.parameters == 10 + 5 + 25 + 5 + 15 + 3

    @pytest.mark.parametrize("initializer", INITIALIZERS)
    def test_every_initializer_draws_weights_from_the_seed_and_starts_biases_at_zero(self, initializer):
        model = dense(8, 1, 1, 8, "relu", initializer, 0.1)
        first, again, other = (model.initial(seed) for seed in (3, 3, 4))
        np.testing.assert_array_equal(first, again)
        assert (first[:64] != other[:64]).all()
        assert (first[64:72] == 0).all()

    def test_the_initial_spread_is_the_standard_deviation(self):
        weights = dense(1, 1, 1, 5000, "relu", "normal", 0.1, summed=True).initial(0)[:5000]
        assert weights.std() == pytest.approx(0.1, rel=0.05)
        assert weights.mean() == pytest.approx(0, abs=0.01)

    def test_cutting_the_parameters_into_tensors_and_joining_them_changes_nothing(self):
        model = dense(2, 3, 2, 5, "relu", "normal", 0.1)
        flat = model.initial(0)
        np.testing.assert_array_equal(model.join(model.parts(flat)).numpy(), flat)


def test_the_list_of_activations_is_the_list_that_is_tested():
    tested = test_every_activation_bends_as_its_name_says.pytestmark[0].args[1]
    assert {name for name, _ in tested} == set(ACTIVATIONS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("absolute", 3.25), ("squared", (1 + 4 + 0.25 + 9) / 2), ("huber", (0.5 + 1.5 + 0.125 + 2.5) / 2)],
)
def test_a_cost_is_summed_over_the_outputs_and_averaged_over_the_data(name, expected):
    error = backend.tensorflow().constant([[1.0, -2.0], [0.5, 3.0]])
    assert costs.cost(name, error).numpy() == pytest.approx(expected)


class TestBatches:
    """With one weight an example and a gradient of one, a step adds one to the weights of just its own batch."""

    POINTS = 10

    def training(self, batch: int, **knobs) -> Training:
        model = Model((Tensor("w", (self.POINTS, 1)),), lambda parts, x: x @ parts[0])
        settings = RegressionSettings(batch_size=batch, learning_rate=float(min(batch, self.POINTS)), **knobs)
        target = np.full((self.POINTS, 1), 1000.0, np.float32)
        return Training(model, np.eye(self.POINTS, dtype=np.float32), target, settings)

    def batches(self, training: Training, epochs: int = 1) -> list[list[int]]:
        """The examples of each batch, in sorted order."""
        seen = []
        for _ in range(epochs * training.steps_per_epoch):
            before = training.parameters
            training.advance(1)
            visits = np.rint(training.parameters - before).astype(int)
            assert set(visits) <= {0, 1}, "no example may come twice in a batch"
            seen.append(np.nonzero(visits)[0].tolist())
        return seen

    def test_an_epoch_covers_each_example_at_most_once_and_drops_the_rest(self):
        training = self.training(3)
        assert training.steps_per_epoch == 3
        for _ in range(5):
            batches = self.batches(training)
            assert [len(batch) for batch in batches] == [3, 3, 3]
            assert len(set(chain(*batches))) == 9

    def test_every_epoch_has_a_new_order_in_which_everyone_gets_a_turn(self):
        batches = self.batches(self.training(3), epochs=10)
        assert len({str(batches[i : i + 3]) for i in range(0, 30, 3)}) > 5
        assert set(chain(*batches)) == set(range(self.POINTS))

    def test_without_shuffle_they_come_in_the_datas_order(self):
        training = self.training(3, shuffle=False)
        assert self.batches(training, epochs=2) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]] * 2

    def test_shuffle_can_be_switched_off_during_a_run(self):
        training = self.training(3)
        self.batches(training)
        training.set_live("shuffle", False)
        assert self.batches(training) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]

    def test_many_epochs_in_one_call_are_the_same_steps_as_one_by_one(self):
        at_once, one_by_one = self.training(3), self.training(3)
        one_by_one.advance(1), at_once.advance(1)
        costs, ends = at_once.advance(10)
        singly = [one_by_one.advance(1) for _ in range(10)]
        assert costs.tolist() == [cost for (cost,), _ in singly]
        assert [step for step, _ in ends] == [3, 6, 9]
        for (_, parameters), (_, same) in zip(ends, (end for _, found in singly for end in found), strict=True):
            assert np.array_equal(parameters, same)

    def test_the_order_comes_from_the_seed(self):
        first, again, other = (self.batches(self.training(3, seed=seed), 3) for seed in (1, 1, 2))
        assert first == again
        assert first != other

    def test_a_batch_larger_than_the_data_counts_as_all(self):
        training = self.training(5000)
        assert training.steps_per_epoch == 1
        assert self.batches(training) == [list(range(self.POINTS))]

    @pytest.mark.parametrize(
        ("optimizer", "moved", "step"),
        [
            ("sgd", {"learning_rate": 2.0}, 2.0),
            ("momentum", {"momentum": 0.25}, 1 + 0.25),
            ("momentum", {"momentum": 0.0}, 1.0),
            ("nesterov", {"momentum": 0.5}, 0.5 * (0.5 + 1) + 1),
            ("adam", {"learning_rate": 2.0, "beta_1": 0.0}, 2.0),
            ("rmsprop", {"rho": 0.0}, 1.0),
        ],
    )
    def test_a_moved_knob_acts_on_the_very_next_step_without_a_retrace(self, optimizer, moved, step):
        training = self.one_weight(optimizer, momentum=0.9)
        training.advance(1)
        before = training.parameters
        for knob, value in moved.items():
            training.set_live(knob, value)
        training.advance(1)
        assert training.parameters - before == pytest.approx(step, rel=1e-4)
        assert training.program.experimental_get_tracing_count() == 1

    def test_momentum_can_be_given_to_a_run_that_began_without(self):
        training = self.one_weight("momentum", momentum=0.0)
        training.advance(1)
        training.set_live("momentum", 0.5)
        before = training.parameters
        training.advance(1)
        assert training.parameters - before == pytest.approx(0.5 + 1)

    def one_weight(self, optimizer: str, momentum: float) -> Training:
        """Always a gradient of -1 at a rate of 1, so that the steps are plain numbers."""
        model = Model((Tensor("w", (1, 1)),), lambda parts, x: x @ parts[0])
        settings = RegressionSettings(optimizer=optimizer, learning_rate=1.0, momentum=momentum, batch_size=1)
        return Training(model, np.ones((1, 1), np.float32), np.full((1, 1), 1000.0, np.float32), settings)


SMALL_REGRESSION = {"points": 60, "batch_size": 7, "width": 4, "learning_rate": 0.01}
SMALL_PAINTING = {"side": 16, "depth": 1, "width": 8, "batch_size": 50}
SMALL_LANDSCAPE = {"gradient_noise": 1, "optimizers": "momentum, nadam, adamax, lion"}


def everything(runner: Runner) -> list[np.ndarray]:
    """All that a run has come to, as arrays: parameters, the optimizer's state, and the recorded costs."""
    arrays = [array for table in runner.recorded() for array in table]
    if runner.experiment.counts_epochs:
        training = runner.experiment.training.state()
        arrays += [training.parameters, training.order, *training.optimizer]
    else:
        descents = runner.experiment.state().descents
        arrays += [*descents.positions, *descents.moving, *(array for one in descents.optimizers for array in one)]
    return [np.array(array) for array in arrays]


def assert_same(first: list[np.ndarray], second: list[np.ndarray]) -> None:
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture(scope="module")
def kept_open():
    """Opened runs by scene and knobs, so that each is compiled once."""
    runners = {}
    yield runners
    for runner in runners.values():
        runner.close()


@pytest.mark.parametrize(
    ("scene", "knobs"),
    [
        *(pytest.param("regression/tanh", SMALL_REGRESSION | {"optimizer": name}, id=name) for name in OPTIMIZERS),
        pytest.param("painting/astronaut", SMALL_PAINTING, id="painting"),
        pytest.param("landscape/two-parameters", SMALL_LANDSCAPE, id="landscape"),
    ],
)
class TestRewinding:
    """Each case is opened once and moved back and forth by both tests."""

    @pytest.fixture
    def runner(self, kept_open, scene, knobs):
        key = (scene, str(knobs))
        if key not in kept_open:
            kept_open[key] = Runner(resolve(scene).with_knobs(knobs))
        kept_open[key].handle(Event.RESET)
        kept_open[key].handle(Event.PLAY)
        return kept_open[key]

    def test_a_restored_snapshot_goes_on_bit_for_bit(self, runner):
        runner.advance(steps=19)  # in the middle of an epoch
        snapshot = runner.snapshot()
        runner.advance(steps=40)
        expected, frame = everything(runner), runner.frame()
        runner.advance(steps=15)
        runner.restore(snapshot)
        assert runner.step == 19
        runner.advance(steps=11)
        runner.advance(steps=29)
        assert_same(everything(runner), expected)
        assert runner.frame().cost == frame.cost

    def test_reset_gives_the_same_run_again(self, runner):
        runner.advance(steps=45)
        expected = everything(runner)
        runner.handle(Event.RESET)
        assert runner.step == 0
        runner.handle(Event.PLAY)
        runner.advance(steps=45)
        assert_same(everything(runner), expected)


class TestSeeds:
    def history(self, opened, seed):
        runner = opened("regression/tanh", seed=seed, epochs=5)
        runner.handle(Event.PLAY)
        runner.advance()
        return runner.cost_history()

    def test_one_seed_gives_one_history_and_another_seed_another(self, opened):
        first, again, other = (self.history(opened, seed) for seed in (3, 3, 4))
        assert first == again
        assert len(first) == 5
        assert all(one[1] != two[1] for one, two in zip(first, other, strict=True))


@pytest.fixture(scope="module")
def diverged():
    """A run whose rate is far too large, looked at after every single step, as a window does."""
    knobs = {"cost": "squared", "learning_rate": 1000, "epochs": 50}
    runner = Runner(resolve("regression/polynomial-4").with_knobs(knobs))
    runner.handle(Event.PLAY)
    while runner.state is State.RUNNING:
        runner.advance(steps=1)
        runner.request_frames(1)
        runner.recorded()  # waits until it is measured
    yield runner
    runner.close()


class TestDivergence:
    def test_it_is_a_state_with_a_sentence_that_names_the_step_and_the_rate(self, diverged):
        assert diverged.state is State.DIVERGED
        assert f"at step {diverged.step}:" in diverged.message
        assert "learning rate 1000 is too large" in diverged.message
        assert diverged.message.endswith(".")

    def test_no_history_has_a_number_that_is_none(self, diverged):
        for x, y in diverged.recorded():
            assert np.isfinite(x).all()
            assert np.isfinite(y).all()
        assert all(np.isfinite(cost) for _, cost in diverged.cost_history())

    def test_there_is_still_a_moment_to_show(self, diverged):
        frame = diverged.frame()
        assert np.isfinite(frame.cost)
        assert np.isfinite(frame.picture.prediction).all()

    def test_no_step_is_taken_after_it_until_a_reset(self, diverged):
        step = diverged.step
        assert not diverged.handle(Event.PLAY)
        assert diverged.advance(steps=1) == 0
        assert diverged.step == step
