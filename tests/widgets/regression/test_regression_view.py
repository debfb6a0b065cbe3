"""The regression page's views show what the frame says, and hear what a hand does in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QPushButton

from engine.analysis.cost_surface import CostSurface, Position
from engine.frames import Analysis, read_only
from engine.regression.operations import Operation
from engine.regression.picture import Activations, LayerPicture, Neurons
from engine.regression.units import Unit
from tests.widgets.hand_made import regression, spec
from tests.widgets.hand_made import surface as terrain
from widgets.regression.cost_landscape import CostLandscape
from widgets.regression.fit_plot import _thinned
from widgets.regression.network_diagram import MOST_NODES, diagram_of
from widgets.regression.regression_view import RegressionView
from widgets.style.theme import DARK, THEMES

RNG = np.random.default_rng(0)
TENSORS = (
    ("layer_1/W", RNG.normal(size=(1, 6)).astype(np.float32)),
    ("layer_1/b", RNG.normal(size=6).astype(np.float32)),
    ("layer_2/W", RNG.normal(size=(6, 6)).astype(np.float32)),
    ("layer_2/b", RNG.normal(size=6).astype(np.float32)),
    ("output/W", RNG.normal(size=(6, 1)).astype(np.float32)),
    ("output/b", np.array([0.25], np.float32)),
)
LINE = (("line/W", np.array([[0.5]], np.float32)), ("line/B", np.array([0.0], np.float32)))


@pytest.fixture
def view(qtbot) -> RegressionView:
    view = RegressionView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.resize(860, 380)
    view.show()
    return view


def a_frame(view: str = "fit", **parts):
    """A moment that was measured for this view."""
    frame = regression()
    return replace(frame, picture=replace(frame.picture, **parts), view=view)


def neurons() -> Neurons:
    x = regression().picture.x
    terms = np.array([size * np.sin(x) for size in (1.0, 0.5, 0.25)])
    outputs = np.array([np.tanh(x * k) for k in (1, 2, 3, 4)])
    names = ("neuron 3", "neuron 1", "bias")
    return Neurons(terms, names, 0 * x, 2, outputs, tuple(f"neuron {n}" for n in range(1, 5)), 2, 9)


def layers() -> tuple[LayerPicture, ...]:
    edges, epochs = np.linspace(-3, 3, 49), np.arange(20)
    counts = RNG.integers(0, 9, (20, 48))
    return tuple(
        LayerPicture(name, 1e-3, 0.5, units, inactive, edges, counts, epochs)
        for name, units, inactive in (("layer_1", 6, 0), ("layer_2", 6, 4), ("output", 0, 0))
    )


def at(plot, x: float, y: float) -> QPoint:
    """Where a point of a plot is, in px of its viewport."""
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))


class TestDrawingPoints:
    POINTS = (-1.0, 0.5, 0.0, 0.0, 1.0, -0.5)

    @pytest.fixture
    def drawn(self, view):
        settings = spec("regression/drawn").with_knobs({"drawn": self.POINTS}).settings
        view.show_settings(settings)
        points = np.array(self.POINTS).reshape(-1, 2)
        view.show_frame(
            a_frame(data_x=points[:, 0], data_y=points[:, 1], older=np.empty((0, len(regression().picture.x))))
        )
        QApplication.processEvents()
        return view

    def heard(self, qtbot, view, act) -> np.ndarray:
        with qtbot.waitSignal(view.knob_changed) as signal:
            act(view.named("fit").plot.viewport())
        name, value = signal.args
        assert name == "drawn"
        return np.array(value).reshape(-1, 2)

    def test_a_click_adds_a_point_where_it_is(self, qtbot, drawn):
        points = self.heard(
            qtbot, drawn, lambda port: QTest.mouseClick(port, Qt.LeftButton, pos=at(drawn.named("fit").plot, 2.0, 0.8))
        )
        assert len(points) == 4
        np.testing.assert_allclose(points[-1], [2.0, 0.8], atol=0.05)

    def test_a_drag_moves_the_point_under_the_hand(self, qtbot, drawn):
        def drag(port):
            QTest.mousePress(port, Qt.LeftButton, pos=at(drawn.named("fit").plot, 0.0, 0.0))
            for share in (0.5, 1.0):
                _move(port, at(drawn.named("fit").plot, 0.2 * share, 0.9 * share))
            QTest.mouseRelease(port, Qt.LeftButton, pos=at(drawn.named("fit").plot, 0.2, 0.9))

        drag(drawn.named("fit").plot.viewport())
        qtbot.waitUntil(lambda: not drawn.named("fit").points.is_busy)
        np.testing.assert_allclose(drawn.named("fit").plot.held()[1], [0.2, 0.9], atol=0.05)

    def test_what_the_hand_left_is_let_go_though_no_later_frame_comes(self, qtbot, drawn):
        port = drawn.named("fit").plot.viewport()
        QTest.mouseClick(port, Qt.LeftButton, pos=at(drawn.named("fit").plot, 2.0, 0.8))
        points = drawn.named("fit").plot.held()
        older = np.empty((0, len(regression().picture.x)))
        drawn.show_frame(a_frame(data_x=points[:, 0], data_y=points[:, 1], older=older))
        qtbot.waitUntil(lambda: drawn.named("fit").plot.held() is None)

    def test_without_any_point_it_says_how_to_get_one(self, drawn):
        older = np.empty((0, len(regression().picture.x)))
        drawn.show_frame(a_frame(data_x=np.empty(0), data_y=np.empty(0), older=older))
        assert drawn.named("fit").plot.word() == "No points yet: click to add one."
        drawn.show_frame(a_frame(older=older))
        assert drawn.named("fit").plot.word() == ""

    def test_a_right_click_takes_the_nearest_away_and_nothing_where_there_is_none(self, qtbot, drawn):
        QTest.mouseClick(drawn.named("fit").plot.viewport(), Qt.RightButton, pos=at(drawn.named("fit").plot, 2.5, 1.0))
        points = self.heard(
            qtbot,
            drawn,
            lambda port: QTest.mouseClick(port, Qt.RightButton, pos=at(drawn.named("fit").plot, 1.0, -0.5)),
        )
        np.testing.assert_allclose(points, [[-1.0, 0.5], [0.0, 0.0]])

    def drag(self, drawn, button, *way: tuple[float, float]) -> np.ndarray:
        """A drag along these places; the points afterwards."""
        plot = drawn.named("fit").plot
        port = plot.viewport()
        QTest.mousePress(port, button, pos=at(plot, *way[0]))
        for place in way[1:]:
            _move(port, at(plot, *place), button)
        QTest.mouseRelease(port, button, pos=at(plot, *way[-1]))
        return plot.held()

    def test_a_drag_over_empty_ground_draws_points_along_the_way(self, drawn):
        points = self.drag(drawn, Qt.LeftButton, (-2.0, 1.1), (0.0, 1.1), (2.0, 1.1))
        np.testing.assert_allclose(points[:3], np.array(self.POINTS).reshape(-1, 2), atol=1e-6)
        new = points[3:]
        assert len(new) >= 6
        np.testing.assert_allclose(new[0], [-2.0, 1.1], atol=0.05)
        np.testing.assert_allclose(new[:, 1], 1.1, atol=0.05)
        gaps = np.diff(new[:, 0])
        np.testing.assert_allclose(gaps, gaps[0], rtol=0.05, err_msg="evenly, however few movements the hand reports")
        assert new[-1, 0] > 1.5

    def test_a_drag_draws_no_more_points_than_a_run_takes(self, drawn):
        editor = drawn.named("fit").points
        editor._most = 6
        assert len(self.drag(drawn, Qt.LeftButton, (-2.0, 1.1), (2.0, 1.1))) == 6

    def test_a_drag_with_the_right_button_erases_what_it_passes(self, qtbot, drawn):
        points = self.drag(drawn, Qt.RightButton, (-1.4, 0.7), (0.6, -0.3))
        np.testing.assert_allclose(points, [[1.0, -0.5]], atol=1e-6)

    def test_a_point_in_the_hand_does_not_jump_back_for_a_frame_that_does_not_know_it_yet(self, qtbot, drawn):
        self.heard(
            qtbot, drawn, lambda port: QTest.mouseClick(port, Qt.LeftButton, pos=at(drawn.named("fit").plot, 2.0, 0.8))
        )
        points = np.array(self.POINTS).reshape(-1, 2)
        drawn.show_frame(a_frame(data_x=points[:, 0], data_y=points[:, 1]))
        assert len(drawn.named("fit").plot.held()) == 4
        qtbot.waitUntil(lambda: not drawn.named("fit").points.is_busy)
        now = drawn.named("fit").plot.held()
        drawn.show_frame(a_frame(data_x=now[:, 0], data_y=now[:, 1]))
        assert drawn.named("fit").plot.held() is None

    def test_clear_takes_all_away_and_the_next_click_begins_anew(self, qtbot, drawn):
        clear = drawn.findChild(QPushButton, "draw_points")
        assert clear.text() == "Clear"
        assert len(self.heard(qtbot, drawn, lambda _: clear.click())) == 0
        points = self.heard(
            qtbot, drawn, lambda port: QTest.mouseClick(port, Qt.LeftButton, pos=at(drawn.named("fit").plot, 0.5, 0.5))
        )
        assert len(points) == 1

    def test_draw_points_goes_on_with_some_of_those_that_are_there(self, qtbot, view):
        view.show_settings(spec("regression/tanh").settings)
        view.show_frame(regression())
        button = view.findChild(QPushButton, "draw_points")
        heard = []
        view.knob_changed.connect(lambda name, value: heard.append((name, value)))
        button.click()
        assert [name for name, _ in heard] == ["drawn", "epochs"]
        assert 10 < len(heard[0][1]) / 2 <= 24


class TestTheLineInTheHand:
    @pytest.fixture(params=["fit", "landscape"])
    def line(self, view, request):
        view.show_settings(spec("regression/line").with_knobs({"view": request.param}).settings)
        view.show_frame(a_frame(request.param, tensors=LINE))
        QApplication.processEvents()
        assert view.current() == request.param
        return view

    def plot(self, view):
        return view.named("fit").plot if view.current() == "fit" else view.named("landscape").line.plot

    def dragged(self, qtbot, view, start, end):
        plot = self.plot(view)
        with qtbot.waitSignal(view.action_requested) as signal:
            QTest.mousePress(plot.viewport(), Qt.LeftButton, pos=at(plot, *start))
            _move(plot.viewport(), at(plot, *end))
        QTest.mouseRelease(plot.viewport(), Qt.LeftButton, pos=at(plot, *end))
        assert signal.args[0] == "parameters"
        return signal.args[1]

    def test_its_middle_shifts_it(self, qtbot, line):
        slope, offset = self.dragged(qtbot, line, (0.0, 0.0), (0.0, 1.0))
        assert slope == pytest.approx(0.5)
        assert offset == pytest.approx(1.0, abs=0.05)

    def test_its_ends_turn_it(self, qtbot, line):
        slope, offset = self.dragged(qtbot, line, (2.0, 1.0), (2.0, -1.0))
        assert slope == pytest.approx(-0.5, abs=0.05)
        assert offset == 0

    def test_a_line_far_from_0_is_turned_about_the_middle_of_its_data(self, qtbot, view):
        view.show_settings(spec("regression/line").settings)
        away = {"x": 2000 + regression().picture.x, "data_x": 2000 + regression().picture.data_x.astype(float)}
        view.show_frame(a_frame(tensors=LINE, x_unit=Unit(2000.0, 1.0), **away))
        QApplication.processEvents()
        slope, offset = self.dragged(qtbot, view, (2002.0, 1.0), (2002.0, -1.0))
        assert slope == pytest.approx(-0.5, abs=0.05)
        assert slope * 2000 + offset == pytest.approx(0, abs=1e-6)

    def test_elsewhere_nothing_is_taken(self, qtbot, line):
        plot = self.plot(line)
        with qtbot.assertNotEmitted(line.action_requested, wait=60):
            QTest.mouseClick(plot.viewport(), Qt.LeftButton, pos=at(plot, 0.0, -1.2))

    def test_a_network_has_no_line_beside_its_slice(self, line):
        line.show_settings(spec("regression/tanh").with_knobs({"view": "landscape"}).settings)
        line.show_frame(a_frame("landscape", tensors=TENSORS))
        assert line.named("landscape").line.isHidden()

    def test_a_held_line_is_let_go_when_another_model_comes(self, qtbot, line):
        plot = self.plot(line)
        QTest.mousePress(plot.viewport(), Qt.LeftButton, pos=at(plot, 2.0, 1.0))
        line.show_frame(a_frame(line.current(), tensors=TENSORS))
        with qtbot.assertNotEmitted(line.action_requested, wait=60):
            _move(plot.viewport(), at(plot, 2.0, -1.0))
        QTest.mouseRelease(plot.viewport(), Qt.LeftButton, pos=at(plot, 2.0, -1.0))


class TestTheFit:
    def test_the_axes_have_the_columns_names_as_they_are_written(self, view):
        view.show_frame(a_frame(names=("speed <b>[km/h]</b>", "d" * 50)))
        axis = view.named("fit").plot.getAxis("bottom")
        assert axis.label.toPlainText().strip() == "speed <b>[km/h]</b>"
        assert view.named("fit").plot.getAxis("left").label.toPlainText().strip() == f"{'d' * 32}…"

    @pytest.mark.parametrize(("middle", "size"), [(2000.0, 1.0), (0.0, 1e-4), (-5e6, 1e5)])
    def test_the_picture_spans_the_data_wherever_they_lie(self, view, middle, size):
        picture = regression().picture
        x, y = (middle + size * np.asarray(values, float) for values in (picture.data_x, picture.data_y))
        older = middle + size * picture.older
        view.show_frame(
            a_frame(data_x=x, data_y=y, x=middle + size * picture.x, prediction=middle + size * picture.prediction,
                    older=older)
        )  # fmt: skip
        (left, right), (low, high) = view.named("fit").plot.getViewBox().viewRange()
        assert left < x.min() < x.max() < right
        assert low < y.min() < y.max() < high
        assert right - left < 2 * np.ptp(x)
        assert high - low < 2.5 * np.ptp(y)

    def test_a_million_points_are_drawn_as_a_few_thousand(self):
        x, y = np.random.default_rng(0).normal(size=(2, 1_000_000))
        px, py = _thinned(x, y)
        assert 5_000 < len(px) <= 64_000
        assert x.min() <= px.min() < px.max() <= x.max()
        assert y.min() <= py.min() < py.max() <= y.max()

    def test_the_parts_are_told_apart_with_their_counts_and_costs(self, view):
        part = np.zeros(len(regression().picture.data_x), np.uint8)
        part[:40], part[40:70] = 1, 2
        view.show_frame(a_frame(part=part, costs=(0.25, 0.31, 0.4)))
        labels = view.named("fit").legend_labels()
        assert labels[1] == "validation 40 · cost 0.31"
        assert labels[2] == "test 30 · cost 0.4"
        assert len(view.named("fit").plot._crosses._points) == 30

    def test_the_batch_is_lit_up_only_when_single_steps_come_slowly(self, view):
        def step(number):
            frame = a_frame(batch=np.arange(5, dtype=np.int32))
            view.show_frame(replace(frame, step=number))
            return sum(points.size() for _, points in view.named("fit").plot._batch._groups)

        def a_while_ago():
            view.named("fit")._stepped_at -= 1.0

        assert step(1) == 0
        a_while_ago()
        assert step(2) == 5
        assert step(3) == 0
        a_while_ago()
        assert step(30) == 0


class TestTheInside:
    def test_the_neurons_are_named_under_the_mouse_and_counted_over_the_plots(self, view):
        view.show_settings(spec("regression/deep").with_knobs({"view": "neurons"}).settings)
        view.show_frame(a_frame("neurons", neurons=neurons()))
        assert view.current() == "neurons"
        assert view.named("neurons").captions() == ("the sum's 5 terms", "layer 2: 4 of 9 neurons")
        plot = view.named("neurons").neurons
        heard = []
        plot.named.connect(heard.append)
        plot._point_at(plot.getViewBox().mapViewToScene(QPointF(4.4, 1.0)))
        assert heard[-1].startswith("neuron ")

    def test_every_number_of_a_heat_map_can_be_read(self, qtbot, view):
        view.show_frame(a_frame("parameters", layers=layers(), tensors=TENSORS))
        assert view.current() == "parameters"
        QApplication.processEvents()
        card = view.named("parameters").cards()[1]
        card.grab()
        place = card._places[0]
        for row, column in ((0, 0), (2, 3), (5, 5)):
            x = place.left() + (column + 0.5) * place.width() / 6
            y = place.top() + (row + 0.5) * place.height() / 6
            value = dict(TENSORS)["layer_2/W"][row, column]
            words = card._words_at(QPointF(x, y)).replace("−", "-")
            assert words.startswith(f"layer_2/W[{row + 1}, {column + 1}] = ")
            assert float(words.split("= ")[1]) == pytest.approx(value, rel=1e-3)

    def test_the_diagram_has_a_column_a_layer_and_names_what_is_pointed_at(self, view):
        settings = spec("regression/deep").with_knobs({"view": "network"}).settings
        view.show_settings(settings)
        view.show_frame(a_frame(tensors=TENSORS))
        picture = view.named("network").diagram
        picture._mouse = picture.node(1, 2)
        words = picture._words().replace("−", "-")
        assert words.startswith("layer 1, node 3: bias ")
        picture._mouse = (picture.node(0, 0) + picture.node(1, 4)) / 2
        weight = float(dict(TENSORS)["layer_1/W"][0, 4])
        assert picture._words().replace("−", "-").startswith("layer_1/W[1, 5] = ")
        assert float(picture._words().replace("−", "-").split("= ")[1]) == pytest.approx(weight, rel=1e-3)

    def test_a_wide_layer_is_drawn_by_a_few_of_its_nodes_that_stay_the_same(self):
        wide = (("layer_1/W", np.zeros((1, 256))), ("layer_1/b", np.zeros(256)))
        first, again = diagram_of(wide), diagram_of(wide)
        assert [column.size for column in first.columns] == [1, 256, 1]
        assert len(first.columns[1].shown) == MOST_NODES
        np.testing.assert_array_equal(first.columns[1].shown, again.columns[1].shown)
        assert first.columns[-1].name == "sum"

    def test_the_variables_are_listed_with_shape_count_mean_and_spread(self, view):
        view.variables.show()
        view.show_frame(a_frame(tensors=TENSORS))
        name, shape, count, mean, spread = view.variables.table.rows()[2]
        values = dict(TENSORS)["layer_2/W"]
        assert (name, shape, count) == ("layer_2/W", "6×6", "36")
        assert float(mean.replace("−", "-")) == pytest.approx(values.mean(), abs=1e-3)
        assert float(spread) == pytest.approx(values.std(), abs=1e-3)

    def test_the_operations_are_asked_for_when_the_panel_opens_and_filtered_as_one_types(self, qtbot, view):
        view.show_frame(a_frame(tensors=TENSORS))
        with qtbot.waitSignal(view.analysis_requested) as signal:
            view.operations.show()
        assert signal.args[0] == "operations"
        found = (
            Operation("layer_1", False, "MatMul", "MatMul", "200×6"),
            Operation("layer_1", True, "MatMul", "MatMul_1", "1×6"),
            Operation("layer_2", False, "Tanh", "Tanh", "200×6"),
        )
        view.show_analysis(Analysis(1, 0, "operations", {}, found))
        assert len(view.operations.table.rows()) == 3
        view.operations.filter.setText("layer_1 gradient")
        assert view.operations.table.rows() == (("MatMul", "layer_1 ∇", "1×6"),)
        assert view.operations.count.text() == "1 of 3 operations of one step"

    def test_every_activation_has_its_plot_and_a_click_chooses_it(self, qtbot, view):
        x = np.linspace(-6, 6, 50)
        curves = np.array([np.tanh(x), np.maximum(x, 0)])
        given = Activations(("tanh", "relu"), ("tanh", "relu"), x, curves, np.gradient(curves, axis=1), "tanh")
        view.show_frame(a_frame("activations", activations=given))
        assert view.current() == "activations"
        assert view.named("activations").names() == ("tanh", "relu")
        with qtbot.waitSignal(view.knob_changed) as signal:
            QTest.mouseClick(view.named("activations")._cells["relu"], Qt.LeftButton)
        assert signal.args == ["activation", "relu"]


class TestTheCostSurface:
    @pytest.fixture
    def shown(self, view):
        settings = spec("regression/line").with_knobs({"view": "landscape"}).settings
        view.show_settings(settings)
        made = CostSurface(terrain(), np.zeros(2), np.eye(2), ("W", "B"), "Exact cost of every line", True, 1.0)
        path = read_only(np.array([[-0.5, 0.5], [-0.2, 0.2], [0.0, 0.0]]))
        frame = a_frame("landscape", tensors=LINE, position=Position(made, path, np.array([2.0, 1.0, 0.5])))
        return view, frame

    def test_it_is_asked_for_once_and_again_when_the_cost_changes(self, qtbot, shown):
        view, frame = shown
        asked = []
        view.analysis_requested.connect(lambda name, _: asked.append(name))
        view.show_frame(frame)
        view.show_frame(frame)
        assert asked.count("surface") == 1
        view.show_analysis(Analysis(1, 0, "surface", {"directions": "main"}, frame.picture.position))
        view.show_settings(spec("regression/line").with_knobs({"view": "landscape", "cost": "squared"}).settings)
        view.show_frame(frame)
        assert asked.count("surface") == 2

    def test_other_data_are_never_taken_for_those_before_them(self, qtbot):
        view = CostLandscape()
        qtbot.addWidget(view)
        view.show_settings(spec("regression/tanh").with_knobs({"view": "landscape"}).settings)
        view.show()
        asked = []
        view.analysis_requested.connect(lambda *question: asked.append(question))
        frame = a_frame(tensors=TENSORS)
        for number in range(20):  # a new array may come to lie where the one before was
            data = frame.picture.data_y + number
            view.show_frame(replace(frame, picture=replace(frame.picture, data_y=data)))
            del data
            view.show_analysis(Analysis(1, 0, "surface", {"directions": "main"}, problem="Not here."))
        assert len(asked) == 20

    def test_the_ball_is_where_training_is_and_a_drag_moves_the_line(self, qtbot, shown):
        view, frame = shown
        view.show_frame(frame)
        assert view.current() == "landscape"
        QApplication.processEvents()
        ball = view.named("landscape").surface.map.balls()[0].toPoint()
        port = view.named("landscape").surface.map.viewport()
        QTest.mousePress(port, Qt.LeftButton, pos=ball)
        with qtbot.waitSignal(view.action_requested) as signal:
            _move(port, ball + QPoint(30, 0))
        QTest.mouseRelease(port, Qt.LeftButton, pos=ball + QPoint(30, 0))
        name, (w, b) = signal.args
        assert name == "place"
        assert w > 0.02
        assert b == pytest.approx(0, abs=0.02)

    def test_a_line_that_leaves_its_landscape_gets_a_larger_one(self, qtbot, shown):
        view, frame = shown
        view.show_frame(frame)
        view.show_analysis(Analysis(1, 0, "surface", {"directions": "main"}, frame.picture.position))
        there = frame.picture.position
        gone = replace(there, path=read_only(np.concatenate([there.path, [[9.0, 0.0]]])), costs=np.arange(4.0))
        with qtbot.waitSignal(view.analysis_requested, check_params_cb=lambda name, _: name == "surface"):
            view.show_frame(replace(frame, picture=replace(frame.picture, position=gone)))  # by hand, in a pause

    def test_what_can_not_be_computed_is_said(self, shown):
        view, frame = shown
        view.show_frame(frame)
        view.show_analysis(
            Analysis(
                1,
                0,
                "surface",
                {"directions": "main"},
                problem="There are no points to measure the cost on; draw some.",
            )
        )
        assert view.named("landscape").surface.title().startswith("There are no points")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_view_takes_every_theme(view, theme):
    shown = {"fit": {}, "neurons": {"neurons": neurons()}, "parameters": {"layers": layers()}, "network": {}}
    for name, parts in shown.items():
        view.show_settings(spec("regression/deep").with_knobs({"view": name}).settings)
        view.show_frame(a_frame(name, tensors=TENSORS, **parts))
        assert view.current() == name
        view.set_theme(theme)
        view.grab()


def _move(port, to: QPoint, button: Qt.MouseButton = Qt.LeftButton) -> None:
    """QTest.mouseMove leaves the buttons out, which a drag needs."""
    event = QMouseEvent(QEvent.MouseMove, QPointF(to), Qt.NoButton, button, Qt.NoModifier)
    QApplication.sendEvent(port, event)
