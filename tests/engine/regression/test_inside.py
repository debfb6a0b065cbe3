"""What the regression page says of the inside of a model is what NumPy finds there, too."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis import slices
from engine.analysis.cost_surface import CostSurface
from engine.analysis.curvature import Curvature, bound, largest_eigenvalue
from engine.analysis.diagnosis import Divergence, Measured, condition_number, findings
from engine.analysis.histograms import BINS, Histograms
from engine.analysis.inside import LayerState
from engine.analysis.trajectory import MOST_KEPT, ParameterTrajectory
from engine.frames import Severity
from engine.run.runner import Runner
from engine.run.spec import RunSpec
from engine.run.states import Event, State
from engine.scenes import resolve
from engine.training.networks import Tensor

MODELS = {
    "line": {"model": "line"},
    "sum": {"model": "sum", "width": 5},
    "polynomial": {"model": "polynomial", "degree": 3},
    "scaled": {"model": "scaled_polynomial", "degree": 4},
    "plain sum": {"model": "network", "width": 6, "summed": True},
    "deep": {"model": "network", "width": 5, "depth": 3, "summed": False},
}
QUADRATIC = {"model": "scaled_polynomial", "degree": 2, "cost": "squared", "batch_size": 1000, "points": 300}


@pytest.fixture(scope="module")
def kept():
    """Opened runs by their knobs, so that each is compiled once."""
    runners: dict[str, tuple[Runner, RunSpec]] = {}

    def open_runner(**knobs) -> Runner:
        key = str(knobs)
        if key not in runners:
            spec = resolve("regression/tanh").with_knobs({"points": 200, "batch_size": 50} | knobs)
            runners[key] = Runner(spec), spec
        runner, start = runners[key]
        runner.reuse(start, run=0)  # whatever a test has moved
        runner.handle(Event.PLAY)
        return runner

    yield open_runner
    for runner, _ in runners.values():
        runner.close()


@pytest.fixture(scope="module")
def deep():
    """A deep network of relu neurons whose rate is far too large."""
    knobs = {"activation": "relu", "optimizer": "sgd", "cost": "squared", "learning_rate": 1.0}
    runner = Runner(resolve("regression/deep").with_knobs(knobs))
    yield runner
    runner.close()


@pytest.mark.parametrize("name", MODELS)
def test_the_terms_add_up_to_the_fit(kept, name):
    runner = kept(**MODELS[name])
    runner.advance(20)
    runner.set_spec(runner.spec.with_knobs({"view": "neurons"}))
    picture = runner.frame().picture
    runner.set_spec(runner.spec.with_knobs({"view": "fit"}))
    neurons = picture.neurons
    np.testing.assert_allclose(neurons.terms.sum(axis=0) + neurons.rest, picture.prediction, atol=1e-4)
    sizes = np.abs(neurons.terms).mean(axis=1)
    assert (np.diff(sizes) <= 1e-6).all(), "the largest comes first"
    assert len(neurons.term_names) == len(neurons.terms)


def test_the_neurons_of_any_layer_are_those_of_the_network(kept):
    runner = kept(**MODELS["deep"])
    runner.advance(20)
    for layer in (1, 3):
        runner.set_spec(runner.spec.with_knobs({"view": "neurons", "layer": layer}))
        picture = runner.frame().picture
        h = picture.x[:, None]
        parts = dict(picture.tensors)
        for number in range(1, layer + 1):
            h = np.tanh(h @ parts[f"layer_{number}/W"] + parts[f"layer_{number}/b"])
        np.testing.assert_allclose(picture.neurons.outputs, h.T, atol=1e-5)
        assert (picture.neurons.layer, picture.neurons.of) == (layer, 5)
    runner.set_spec(runner.spec.with_knobs({"view": "fit"}))


class TestLayers:
    def test_the_gradients_size_is_the_one_that_finite_differences_give(self, kept):
        runner = kept(**MODELS["plain sum"], cost="squared")
        runner.advance(10)
        experiment = runner.experiment
        (layer,) = experiment._instruments.layers(experiment.snapshot())
        points = experiment.data.points

        def cost(flat):
            w, b = flat[:6], flat[6:]
            return np.square(np.tanh(points.x[:, None] * w + b).sum(axis=1) - points.y).mean()

        flat, h = experiment.training.parameters.astype(float), 1e-5
        slope = [(cost(flat + h * axis) - cost(flat - h * axis)) / (2 * h) for axis in np.eye(12)]
        assert layer.gradient == pytest.approx(np.sqrt(np.mean(np.square(slope))), rel=1e-3)
        assert layer.parameters == pytest.approx(np.sqrt(np.mean(np.square(flat))), rel=1e-5)

    @pytest.mark.parametrize(("activation", "weights"), [("tanh", [80, -90, 0.1, 0.2]), ("relu", [0, 0, 1, -1])])
    def test_saturated_and_dead_units_are_counted(self, kept, activation, weights):
        runner = kept(model="network", width=4, summed=True, activation=activation)
        offsets = [0, 0, 0, 0] if activation == "tanh" else [-1, -2, 0, 0]
        runner.act("parameters", [*weights, *offsets])
        (layer,) = runner.experiment._instruments.layers(runner.experiment.snapshot())
        assert (layer.inactive, layer.units) == (2, 4)

    def test_histograms_count_every_parameter_at_every_moment(self):
        histograms = Histograms(slice(1, 101))
        rng = np.random.default_rng(0)
        way = [rng.normal(0, 1 + epoch, 120) for epoch in range(5)]
        epochs, counts = histograms.update(np.arange(5), way)
        assert epochs.tolist() == [0, 1, 2, 3, 4]
        assert counts.shape == (5, BINS)
        assert (counts.sum(axis=1) == 100).all()

    def test_the_way_is_thinned_and_keeps_its_ends_in_order(self):
        trajectory = ParameterTrajectory.of(10)
        for epoch in range(5000):
            trajectory = trajectory.added(epoch, np.full(10, epoch), 1.0)
        epochs, parameters, _ = trajectory.view()
        assert len(epochs) <= MOST_KEPT
        assert epochs[0] == 0
        assert epochs[-1] > 4900
        assert all(row[0] == epoch for row, epoch in zip(parameters, epochs, strict=True))


class TestCurvature:
    def test_power_iteration_finds_the_largest_eigenvalue_even_beside_a_more_negative_one(self):
        rng = np.random.default_rng(1)
        basis, _ = np.linalg.qr(rng.normal(size=(6, 6)))
        matrix = basis @ np.diag([-9.0, 4.0, 1.0, 0.5, 0.1, -2.0]) @ basis.T
        assert largest_eigenvalue(lambda vector: matrix @ vector, 6) == pytest.approx(4.0, rel=0.01)

    def test_the_hessian_of_a_quadratic_is_that_of_its_columns(self, kept):
        runner = kept(**QUADRATIC)
        measured = runner.analyse("curvature", {}).result
        x = runner.experiment.data.points.x.astype(float) / 3
        columns = np.stack([np.ones_like(x), np.ones_like(x), x, x**2], axis=1)  # b, w0, w1, w2
        expected = np.linalg.eigvalsh(2 * columns.T @ columns / len(x))[-1]
        assert measured.largest == pytest.approx(expected, rel=1e-3)

    @pytest.mark.parametrize(("share", "settles"), [(0.95, True), (1.05, False)])
    def test_five_percent_decide_and_the_sentence_says_so(self, kept, share, settles):
        runner = kept(**QUADRATIC)
        most = 2 / runner.analyse("curvature", {}).result.largest
        runner.set_spec(runner.spec.with_knobs({"learning_rate": share * most, "epochs": 5000}))
        runner.advance(300)
        costs = runner.recorded()[1][1][:, 0]
        runner.analyse("curvature", {})
        runner.set_spec(runner.spec)
        said = runner.frame().findings[0]
        if settles:
            assert costs[-1] < costs[0]
            assert abs(costs[-1] - costs[-2]) < 1e-4
            assert said.severity is Severity.WARNING
            assert "95 % of 2/λ" in said.sentence
        else:
            assert costs[-1] > 1e6 * costs[0]
            assert said.severity is Severity.BAD
            assert f"is above 2/λ = {most:.3g}" in said.sentence

    def test_a_run_that_diverges_names_the_bound_in_its_message(self, opened):
        runner = opened("regression/polynomial-4", cost="squared")
        runner.handle(Event.PLAY)
        runner.advance()
        assert runner.state is State.DIVERGED
        assert "the learning rate 0.02 is too large here, above 0.0013" in runner.message
        assert runner.frame().findings[0].title == "Learning rate too large"

    @pytest.mark.parametrize("at_once", [1, 8, 1000])
    @pytest.mark.parametrize("is_late", [False, True])
    def test_why_agrees_with_the_message_whenever_the_curvature_was_asked_for(self, deep, at_once, is_late):
        runner = deep
        runner.handle(Event.RESET)
        runner.handle(Event.PLAY)
        if not is_late:
            runner.analyse("curvature", {})
        while runner.state is State.RUNNING:
            runner.advance(at_once)
            if is_late and runner.step > 5:
                runner.analyse("curvature", {})  # of parameters that have exploded
        assert runner.state is State.DIVERGED
        start = runner.experiment._moment(0, runner.experiment.training.initial)
        most = f"{2 / runner.experiment._asked.curvature(start).largest:.3g}"
        first, *others = runner.frame().findings
        assert f"step {runner.step}: the learning rate 1 is too large here, above {most}" in runner.message
        assert f"step {runner.step}: the learning rate 1 is above 2/λ = {most}" in first.sentence
        assert first.severity is Severity.BAD
        assert "Dead neurons" in [finding.title for finding in others]

    @pytest.mark.parametrize("knobs", [{"cost": "absolute"}, {"optimizer": "adagrad"}])
    def test_a_divergence_that_no_curvature_explains_is_said_all_the_same(self, kept, knobs):
        runner = kept(model="line", learning_rate=1.0, **knobs)
        runner.act("parameters", [3e38, 3e38])
        runner.advance(10)
        assert runner.state is State.DIVERGED
        assert "the learning rate 1 is too large here" in runner.message
        said = runner.frame().findings[0]
        assert (said.title, said.severity) == ("Learning rate too large", Severity.BAD)
        assert "the learning rate 1 is too large here" in said.sentence

    def test_momentum_bears_more_and_adaptive_rules_have_no_such_bound(self):
        assert bound(4.0, "sgd", 0.9) == 0.5
        assert bound(4.0, "momentum", 0.9) == pytest.approx(0.95)
        assert bound(4.0, "nesterov", 0.5) == pytest.approx(2 * 1.5 / (2 * 4))
        assert bound(4.0, "adam", 0.9) is None
        assert bound(0.0, "sgd", 0.9) is None


def measured(**known) -> Measured:
    nothing = {
        "cost": "squared", "is_linear": False,
        "optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.0, "curvature": None, "ratio": None,
        "condition": None, "layers": (), "epochs": np.arange(1, 41), "costs": np.ones(40), "validation": np.empty(0),
    }  # fmt: skip
    return Measured(**(nothing | known))


class TestFindings:
    def titles(self, **known):
        return [finding.title for finding in findings(measured(**known))]

    def test_what_has_not_been_measured_is_not_said(self):
        assert self.titles() == []

    def test_nothing_measured_is_told_from_nothing_found(self, deep):
        few = np.arange(5)
        assert findings(measured(epochs=few, costs=np.ones(5))) is None
        assert findings(measured()) == ()
        assert findings(measured(epochs=few, costs=np.ones(5), curvature=Curvature(0.0, 0, 10))) == ()
        deep.handle(Event.RESET)
        assert deep.frame().findings is None

    def test_the_last_step_of_a_divergence_is_not_weighed_and_no_rate_is_called_small(self):
        curved = Curvature(4.0, 0, 10)
        for curvature in (curved, None):  # 0.1 is no more than 2/4
            assert self.titles(divergence=Divergence(9, curvature), ratio=1e-9) == ["Learning rate too large"]

    def test_a_cost_that_jumps_is_told_from_one_that_falls(self):
        jumping = 1 + 0.8 * np.sin(np.arange(40) * 2.0)
        assert self.titles(costs=jumping) == ["The cost does not settle"]
        assert self.titles(costs=np.exp(-np.arange(40) / 10)) == []
        assert self.titles(costs=np.exp(-np.arange(40) / 60) * (1 + 0.08 * np.sin(np.arange(40) * 2.0))) == []

    def test_a_gradient_that_is_lost_on_its_way_back_is_named_with_its_layer(self):
        layers = [
            LayerState(name, size, 0.1, 0, 0) for name, size in (("layer_1", 1e-6), ("layer_2", 1e-3), ("output", 0.1))
        ]
        said = {finding.title: finding.sentence for finding in findings(measured(layers=layers))}
        assert "It is 1e−6 in layer 1 and 0.1 in the output layer" in said["The gradient vanishes"]
        assert "The gradient vanishes" not in self.titles(layers=layers[1:])

    def test_a_rising_validation_cost_needs_a_falling_training_cost_beside_it(self):
        rising = np.concatenate([np.linspace(1, 0.4, 15), np.linspace(0.4, 0.7, 25)])
        falling = np.exp(-np.arange(40) / 200)
        said = findings(measured(validation=rising, costs=falling))
        assert said[0].title == "Validation cost rises"
        assert "epoch 1" in said[0].sentence
        assert self.titles(validation=rising, costs=rising) == []

    def test_the_absolute_error_has_no_bound_and_the_sentence_says_why(self):
        curved = Curvature(4.0, 0, 10)
        for is_linear, why in ((True, "steps keep their length"), (False, "where a point changes sides")):
            (said,) = findings(measured(cost="absolute", is_linear=is_linear, curvature=curved))
            assert why in said.sentence
            assert said.severity is Severity.INFO
        assert self.titles(cost="absolute", optimizer="adam", curvature=curved) == []

    @pytest.mark.parametrize(("ratio", "severity"), [(0.2, Severity.WARNING), (1e-3, Severity.INFO)])
    def test_the_update_is_weighed_against_the_parameters(self, ratio, severity):
        (said,) = findings(measured(ratio=ratio))
        assert said.severity is severity
        assert f"{100 * ratio:.2g} %" in said.sentence

    def test_sleeping_neurons_are_counted_and_the_worst_layer_is_named(self):
        layers = (
            LayerState("layer_1", 1, 1, 10, 1),
            LayerState("layer_2", 1, 1, 10, 6),
            LayerState("output", 1, 1, 0, 0),
        )
        (said,) = findings(measured(layers=layers))
        assert said.sentence.startswith("7 of 20 neurons (35 %)")
        assert "layer 2 it is 6 of 10" in said.sentence

    def test_the_condition_number_of_plain_powers_is_bad_and_of_scaled_ones_is_not(self, kept):
        for model, title in (("polynomial", "Badly conditioned columns"), ("scaled_polynomial", "Columns")):
            runner = kept(model=model, degree=4)
            assert title in [finding.title for finding in runner.frame().findings]

    def test_orthogonal_columns_have_a_condition_number_of_one(self):
        assert condition_number(np.eye(5)) == pytest.approx(1)


class TestCostSurfaces:
    def test_the_lines_landscape_is_exact(self, kept):
        runner = kept(model="line")
        runner.advance(10)
        surface = runner.analyse("surface", {}).result.surface
        points = runner.experiment.data.points
        for row, column in ((0, 0), (40, 40), (17, 66)):
            w, b = surface.terrain.x[column], surface.terrain.y[row]
            expected = np.abs(w * points.x + b - points.y).mean()
            assert surface.terrain.z[row, column] == pytest.approx(expected, rel=1e-5)
        assert surface.is_exact

    def test_a_ball_that_is_dragged_is_where_the_line_is(self, kept):
        runner = kept(model="line", view="landscape")
        runner.analyse("surface", {})
        runner.act("place", (0.2, 0.4))
        frame = runner.frame()
        np.testing.assert_allclose(frame.picture.position.path[-1], [0.2, 0.4], atol=1e-6)
        np.testing.assert_allclose(runner.experiment.training.parameters, [0.2, 0.4], atol=1e-6)

    @pytest.mark.parametrize("directions", ["random", "main"])
    def test_a_slice_has_41_by_41_costs_of_the_network_itself(self, kept, directions):
        runner = kept(**MODELS["deep"])
        runner.advance(200)
        position = runner.analyse("surface", {"directions": directions}).result
        surface = position.surface
        assert surface.terrain.z.shape == (41, 41)
        assert not surface.is_exact
        assert surface.title.startswith("Slice: ")
        np.testing.assert_allclose(position.path[-1], 0, atol=1e-6)
        row, column = 30, 12
        runner.act("place", (surface.terrain.x[column], surface.terrain.y[row]))
        assert runner.frame().cost == pytest.approx(surface.terrain.z[row, column], rel=1e-3)

    def test_the_main_directions_hold_the_runs_way(self):
        rng = np.random.default_rng(2)
        basis = np.linalg.qr(rng.normal(size=(50, 2)))[0].T
        path = [3 * np.cos(t) * basis[0] + np.sin(t) * basis[1] + 7 for t in np.linspace(0, 4, 30)]
        directions, share = slices.main_directions(path)
        assert share == pytest.approx(1)
        np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-9)
        assert slices.main_directions(path[:2]) is None

    def test_random_directions_are_as_long_as_each_neurons_weights(self):
        tensors = (Tensor("layer_1/W", (4, 3)), Tensor("layer_1/b", (3,)))
        parameters = np.arange(15.0)
        direction = slices.filter_normalised(tensors, parameters, np.random.default_rng(0))
        lengths = np.linalg.norm(direction[:12].reshape(4, 3), axis=0)
        np.testing.assert_allclose(lengths, np.linalg.norm(parameters[:12].reshape(4, 3), axis=0))

    def test_places_and_parameters_are_the_inverse_of_each_other_on_slanted_directions(self):
        directions = np.array([[1.0, 0, 2, 0], [1.0, 1, 0, 0]])
        surface = CostSurface(None, np.ones(4), directions, ("a", "b"), "", False)
        np.testing.assert_allclose(surface.place(surface.parameters(np.array([0.3, -2.0]))), [0.3, -2.0])


def test_the_graphs_operations_are_listed_by_layer(kept):
    operations = kept(**MODELS["deep"]).analyse("operations", {}).result
    kinds = {(operation.layer, operation.kind) for operation in operations if not operation.is_gradient}
    assert {("layer_1", "MatMul"), ("layer_3", "Tanh"), ("output", "AddV2"), ("cost", "Mean")} <= kinds
    assert any(operation.is_gradient and operation.layer == "layer_2" for operation in operations)
    layers = [operation.layer for operation in operations]
    assert layers == sorted(layers, key=["layer_1", "layer_2", "layer_3", "output", "cost", "other"].index)


def test_the_activations_lesson_has_curves_and_their_slopes(kept):
    runner = kept(**MODELS["plain sum"])
    runner.set_spec(runner.spec.with_knobs({"view": "activations"}))
    given = runner.frame().picture.activations
    runner.set_spec(runner.spec.with_knobs({"view": "fit"}))
    assert {"tanh", "sigmoid", "relu"} <= set(given.names)
    assert given.x[[0, -1]].tolist() == [-6, 6]
    row = given.names.index("sigmoid")
    np.testing.assert_allclose(given.slopes[row], given.curves[row] * (1 - given.curves[row]), atol=1e-5)
