"""The landscape page: what a hand does becomes a knob, and every term of a step is shown with its number."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import QPoint, QPointF, Qt

from engine.analysis.terrain import Terrain
from engine.frames import Analysis
from engine.landscape.descents import signs_of, starts
from engine.landscape.picture import Foresight, NoiseCount, Standing
from engine.training.optimizers import OPTIMIZERS
from engine.training.update_terms import Part, with_noise
from tests.widgets.hand_made import basins, one_parameter, parabola, race, spec, surface
from widgets.landscape.landscape_view import LandscapeView
from widgets.landscape.points_panel import PointsPanel, with_point, with_start, without_point
from widgets.landscape.update_equation import UpdateEquation, cells, spelt_out
from widgets.style.theme import DARK, THEMES
from widgets.surface.terrain_item import BASIN_COLOURS, basin_colours
from widgets.surface.update_arrows import arrows, lengthening

NUMBERS = {"learning_rate": 0.05, "momentum": 0.9, "beta_1": 0.9, "beta_2": 0.999, "rho": 0.9}
ASIDE = "arrows drawn 500 times as long"
MEMORY = {name: np.array([0.3, 0.2]) for name in "vmsu"} | {"product": np.array(0.8)}


@pytest.fixture
def view(qtbot) -> LandscapeView:
    made = LandscapeView()
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.resize(860, 420)
    made.show()
    return made


def shown(view: LandscapeView, scene: str, frame) -> list[tuple[str, object]]:
    """The view with this scene's settings and this frame; the knobs that it moves from here on are collected."""
    view.show_settings(spec(scene).settings)
    view.show_frame(frame)
    moved: list[tuple[str, object]] = []
    view.knob_changed.connect(lambda name, value: moved.append((name, value)))
    return moved


def px(plot, x: float, y: float) -> QPoint:
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))


class TestAHandOnTwoParameters:
    def test_a_dragged_ball_moves_the_start(self, view, qtbot):
        moved = shown(view, "landscape/two-parameters", race(scene="landscape/two-parameters"))
        area, ball = view.two.map.viewport(), view.two.map.balls()[0].toPoint()
        goal = px(view.two.map, 0.4, 0.3)
        qtbot.mousePress(area, Qt.LeftButton, pos=ball)
        view.two.map.mouseMoveEvent(_move(goal))
        qtbot.waitUntil(lambda: bool(moved))
        qtbot.mouseRelease(area, Qt.LeftButton, pos=goal)
        name, start = moved[-1]
        assert name == "start"
        assert start == pytest.approx((0.4, 0.3), abs=0.02)

    def test_a_drag_asks_where_the_descents_will_go_and_shows_it_until_a_knob_moves(self, view, qtbot):
        frame = race(scene="landscape/two-parameters")
        moved = shown(view, "landscape/two-parameters", frame)
        asked = []
        view.analysis_requested.connect(lambda name, arguments: asked.append((name, arguments)))
        qtbot.mousePress(view.two.map.viewport(), Qt.LeftButton, pos=view.two.map.balls()[0].toPoint())
        view.two.map.mouseMoveEvent(_move(px(view.two.map, 0.4, 0.3)))
        qtbot.waitUntil(lambda: bool(asked))
        name, arguments = asked[-1]
        assert (name, arguments["start"]) == ("foresight", moved[-1][1])
        trail = frame.picture.trails[0]
        answer = Foresight((trail.positions,), (trail.costs,))
        view.show_analysis(Analysis(1, 0, "foresight", {"start": (9, 9)}, answer))
        assert view.two.map._descents._foreseen == ()
        view.show_analysis(Analysis(1, 0, "foresight", arguments, answer))
        assert len(view.two.map._descents._foreseen) == 1
        view.show_settings(spec("landscape/two-parameters").with_knobs({"learning_rate": 0.01}).settings)
        assert view.two.map._descents._foreseen == ()

    def test_a_click_adds_a_point_there(self, view, qtbot):
        moved = shown(view, "landscape/two-parameters", race(scene="landscape/two-parameters"))
        qtbot.mouseClick(view.two.map.viewport(), Qt.LeftButton, pos=px(view.two.map, 0.5, 0.5))
        assert moved[0] == ("points", 2)
        assert moved[1][0] == "start"
        assert moved[1][1][2:] == pytest.approx((0.5, 0.5), abs=0.02)

    def test_a_clicked_point_is_drawn_at_once_until_its_descent_is_there(self, view, qtbot):
        shown(view, "landscape/two-parameters", race(scene="landscape/two-parameters"))
        qtbot.mouseClick(view.two.map.viewport(), Qt.LeftButton, pos=px(view.two.map, 0.5, 0.5))
        ((number, place),) = view.two.map._descents._pending
        assert number == 1
        assert place == pytest.approx((0.5, 0.5), abs=0.02)
        view.two.map.grab()
        view.show_frame(race(scene="landscape/optimizer-race"))
        assert view.two.map._descents._pending == ()

    def test_a_ninth_point_is_asked_for_and_nothing_is_moved(self, view, qtbot):
        frame = race(scene="landscape/two-parameters")
        moved = shown(view, "landscape/two-parameters", frame)
        view.show_settings(spec("landscape/two-parameters").with_knobs({"points": 8}).settings)
        qtbot.mouseClick(view.two.map.viewport(), Qt.LeftButton, pos=px(view.two.map, 0.5, 0.5))
        assert moved == [("points", 9)], "which the engine refuses with a sentence"
        assert view.two.map._descents._pending == ()

    def test_in_a_race_a_click_moves_the_common_start(self, view, qtbot):
        moved = shown(view, "landscape/optimizer-race", race())
        qtbot.mouseClick(view.two.map.viewport(), Qt.LeftButton, pos=px(view.two.map, 0.5, 0.5))
        assert [name for name, _ in moved] == ["start"]
        assert len(moved[0][1]) == 2

    def test_a_drag_beyond_the_edge_stays_on_the_landscape(self, view, qtbot):
        moved = shown(view, "landscape/two-parameters", race(scene="landscape/two-parameters"))
        qtbot.mousePress(view.two.map.viewport(), Qt.LeftButton, pos=view.two.map.balls()[0].toPoint())
        view.two.map.mouseMoveEvent(_move(QPoint(-500, 5000)))
        qtbot.waitUntil(lambda: bool(moved))
        assert moved[-1][1] == pytest.approx((-1, -1))
        spec("landscape/two-parameters").with_knobs({"start": moved[-1][1]})


class TestAHandOnOneParameter:
    def test_a_dragged_ball_moves_the_start(self, view, qtbot):
        moved = shown(view, "landscape/one-parameter", one_parameter())
        plot = view.one._panels[0].plot
        qtbot.mousePress(plot.viewport(), Qt.LeftButton, pos=px(plot, *plot._balls[0][1:]))
        plot.mouseMoveEvent(_move(px(plot, -0.5, 0)))
        qtbot.waitUntil(lambda: bool(moved))
        assert moved[-1][0] == "start"
        assert moved[-1][1] == pytest.approx((-0.5,), abs=0.01)

    def test_the_secants_second_point_is_pulled_by_hand(self, view, qtbot):
        shown(view, "landscape/parabola", parabola())
        plot = view.one._panels[0].plot
        action_requested = []
        view.action_requested.connect(lambda name, payload: action_requested.append((name, payload)))
        qtbot.mousePress(plot.viewport(), Qt.LeftButton, pos=px(plot, *plot._secant_at))
        plot.mouseMoveEvent(_move(px(plot, 0.2, 0)))
        assert action_requested[-1][0] == "secant"
        assert action_requested[-1][1] == pytest.approx(0.2, abs=0.01)

    def test_a_right_click_takes_a_point_away(self, view, qtbot):
        frame = one_parameter(scene="landscape/learning-rates")
        trails = tuple(replace(trail, point=k) for k, trail in enumerate(frame.picture.trails))
        picture = replace(frame.picture, trails=trails, panels=((0, 1, 2),), by_descent=True)
        settings = spec("landscape/one-parameter").with_knobs({"points": 3}).settings
        view.show_settings(settings)
        view.show_frame(replace(frame, picture=picture))
        moved = []
        view.knobs_changed.connect(moved.append)
        plot = view.one._panels[0].plot
        _number, x, y = plot._balls[2]
        qtbot.mouseClick(plot.viewport(), Qt.RightButton, pos=px(plot, x, y))
        assert moved[-1]["points"] == 2


def _move(place: QPoint):
    from PyQt5.QtCore import QEvent
    from PyQt5.QtGui import QMouseEvent

    return QMouseEvent(QEvent.MouseMove, QPointF(place), Qt.NoButton, Qt.LeftButton, Qt.NoModifier)


class TestPoints:
    SETTINGS = spec("landscape/two-parameters").with_knobs(
        {"points": 3, "point_rates": "0, 0.01, 0.02", "point_optimizers": "same, adam, lion"}
    )

    def carried_out(self, knobs):
        made = self.SETTINGS
        for name, value in knobs:
            made = made.with_knobs({name: value})
        return made.settings

    def test_adding_and_taking_away_are_knobs_that_are_taken_one_after_the_other(self):
        more = self.carried_out(with_point(self.SETTINGS.settings, (0.1, 0.2)))
        assert more.points == 4
        assert starts(more)[3] == (0.1, 0.2)
        fewer = self.SETTINGS.with_knobs(dict(without_point(self.SETTINGS.settings, 1)))
        added = dict(with_point(fewer.settings))
        fewer = fewer.settings
        assert fewer.points == 2
        assert signs_of(fewer) == (0, 2)
        assert signs_of(self.SETTINGS.with_knobs({"point_signs": (0, 2)} | added).settings) == (0, 2, 1)
        assert starts(fewer)[1] == starts(self.SETTINGS.settings)[2]
        assert (fewer.point_rates, fewer.point_optimizers) == ((0, 0.02), ("same", "lion"))

    def test_the_last_point_stays_and_eight_are_enough(self):
        assert without_point(spec("landscape/two-parameters").settings, 0) == []
        assert with_point(self.SETTINGS.with_knobs({"points": 8}).settings) == []

    def test_moving_one_leaves_the_others_where_they_are(self):
        moved = self.carried_out([with_start(self.SETTINGS.settings, 1, (0.5, 0.5))])
        before = starts(self.SETTINGS.settings)
        assert starts(moved)[:3] == (before[0], (0.5, 0.5), before[2])

    def test_looking_at_a_start_and_changing_nothing_moves_nothing(self, qtbot):
        panel = PointsPanel()
        qtbot.addWidget(panel)
        long = 0.20603015075376885
        panel.show_settings(spec("landscape/one-parameter").with_knobs({"start": [long]}).settings)
        moved = []
        panel.knob_changed.connect(lambda name, value: moved.append((name, value)))
        start = panel._rows[0].start
        assert start.text() == "0.206030150754"
        start.setModified(True)
        start.editingFinished.emit()
        assert moved == []
        start.setText("0,25")
        start.editingFinished.emit()
        assert moved == [("start", (0.25,))]

    def test_the_panel_takes_a_typed_start_and_says_what_a_start_is(self, qtbot):
        panel = PointsPanel()
        qtbot.addWidget(panel)
        panel.show_settings(self.SETTINGS.settings)
        moved = []
        panel.knob_changed.connect(lambda name, value: moved.append((name, value)))
        row = panel._rows[1]
        row.start.setText("0.5, −0.25")
        row.start.editingFinished.emit()
        assert moved[-1][1][2:4] == (0.5, -0.25)
        row.start.setText("here")
        row.start.editingFinished.emit()
        assert "two numbers" in row.problem.text()
        row.start.setText("7, 0")
        row.start.editingFinished.emit()
        assert row.problem.text() == "A start lies between −1 and 1 on Lecture surface."
        for wrong in ("-5", "1e99", "nan", "much"):
            row.rate.setText(wrong)
            row.rate.editingFinished.emit()
            assert row.problem.text().startswith("A rate is a number from 1e-12 to 1,000")
        assert len(moved) == 1
        row.rate.setText("0.5")
        row.rate.editingFinished.emit()
        assert moved[-1] == ("point_rates", (0.0, 0.5, 0.02))
        assert row.problem.text() == ""


@pytest.fixture(params=OPTIMIZERS)
def stepping(request):
    """A trail with every optimizer's next step from a place on the lecture's surface."""
    trail = race().picture.trails[0]
    gradient = np.array([1.5, -0.4])
    update = OPTIMIZERS[request.param].terms(gradient, MEMORY, NUMBERS, 4)
    return replace(trail, optimizer=request.param, update=update, unit=np.ones(2), moving=True)


def test_every_term_of_the_rule_has_a_cell_with_its_numbers(stepping):
    made = cells(stepping)
    parts = {cell.part for cell in made}
    assert {Part.STEP, Part.GRADIENT, Part.RATE} <= parts
    assert made[0].name == "place"
    assert all(cell.numbers for cell in made if cell.part is not None)
    named = {term.symbol for term in stepping.update.terms if term.part is not Part.STEP}
    assert named <= {cell.symbol for cell in made}


def test_the_place_after_the_step_is_the_place_and_the_step(stepping):
    last = next(cell for cell in cells(stepping) if cell.name == "after the step")
    after = stepping.positions[-1] + stepping.update.step
    assert [float(number.replace("−", "-")) for number in last.numbers] == pytest.approx(after, abs=6e-4)


def test_the_equation_says_at_which_step_it_is(view):
    frame = parabola(steps=4)
    shown(view, "landscape/parabola", replace(frame, picture=replace(frame.picture, step=4)))
    assert view.one._panels[0]._equation._cells[0].name == "at step 4"


def test_arrows_start_at_the_ball_and_have_their_terms_colour(stepping):
    made = arrows(stepping, 2.0)
    assert {arrow.part for arrow in made} >= {Part.GRADIENT, Part.STEP}
    for arrow in made:
        np.testing.assert_array_equal(arrow.tail, stepping.positions[-1])
    step = next(arrow for arrow in made if arrow.part is Part.STEP)
    np.testing.assert_allclose(step.head - step.tail, 2 * stepping.update.step)


def test_a_short_step_is_lengthened_and_a_long_one_is_not(stepping):
    terrain = race(scene="landscape/two-parameters").picture.terrain
    assert lengthening(stepping, 1e-6, terrain) == 1
    wide = replace(terrain, x=terrain.x * 100, y=terrain.y * 100, minima=np.empty((0, 2)))
    assert lengthening(stepping, 0.05, wide) > 1


class TestArrowsThatAreLengthened:
    """``short`` steps by 0.001 to the right from x = 0.2, on a landscape from -1 to 1; a px is a thousandth."""

    @pytest.fixture
    def short(self):
        trail = parabola(steps=0).picture.trails[0]
        update = OPTIMIZERS["sgd"].terms(np.array([-1.0]), {}, {"learning_rate": 0.001}, 1)
        return replace(trail, positions=np.array([[0.2]]), costs=np.zeros(1), update=update, unit=np.ones(1))

    @staticmethod
    def terrain(*minima: float) -> Terrain:
        x = np.linspace(-1, 1, 201)
        return Terrain(x=x, y=None, z=np.zeros(201), minima=np.array(minima).reshape(-1, 1))

    def test_they_never_point_past_the_next_minimum(self, short):
        for minimum in (0.21, 0.23, 0.28, 0.7):
            factor = lengthening(short, 1e-3, self.terrain(minimum))
            assert 0.2 + factor * 0.001 <= minimum
            assert factor > 1
        assert lengthening(short, 1e-3, self.terrain(0.2005)) == 1, "the step itself goes past it"

    def test_a_minimum_behind_them_is_no_bound(self, short):
        behind = lengthening(short, 1e-3, self.terrain(0.19))
        assert behind == lengthening(short, 1e-3, self.terrain())

    def test_they_never_leave_the_picture(self, short):
        near_the_edge = replace(short, positions=np.array([[0.97]]))
        factor = lengthening(near_the_edge, 1e-3, self.terrain())
        assert 1 < factor <= 30

    def test_on_a_surface_a_minimum_aside_is_no_bound_and_one_ahead_is(self, short):
        update = OPTIMIZERS["sgd"].terms(np.array([-0.6, 0.8]), {}, {"learning_rate": 0.001}, 1)
        trail = replace(short, positions=np.zeros((1, 2)), update=update, unit=np.ones(2))
        x, way, aside = np.linspace(-1, 1, 5), np.array([0.6, -0.8]), np.array([0.8, 0.6])

        def factor(*minima):
            surface = Terrain(x=x, y=x, z=np.zeros((5, 5)), minima=np.array(minima).reshape(-1, 2))
            return lengthening(trail, 1e-3, surface)

        assert factor(0.01 * aside) == factor()
        assert 1 < factor(0.01 * way) <= 10 < factor()

    def test_it_is_said_that_they_are_drawn_longer_and_not_that_there_are_more_steps(self, view):
        frame = parabola(steps=0)
        (trail,) = frame.picture.trails
        update = OPTIMIZERS["sgd"].terms(np.array([2.0]), {}, {"learning_rate": 0.001}, 1)
        slow = replace(trail, update=update, unit=np.ones(1))
        view.resize(860, 420)
        shown(view, "landscape/parabola", replace(frame, picture=replace(frame.picture, trails=(slow,))))
        said = view.one._panels[0].plot._step_word.toPlainText()
        assert re.fullmatch(r"step, drawn [\d,]+ times as long", said)

    def test_under_a_surface_the_equation_says_it(self, view, qtbot):
        frame = race(scene="landscape/two-parameters")
        trail = frame.picture.trails[0]
        update = OPTIMIZERS["sgd"].terms(np.array([0.5, 0.5]), {}, {"learning_rate": 0.001}, 1)
        slow = replace(trail, update=update, unit=np.ones(2), moving=True)
        picture = replace(
            frame.picture, trails=(slow,), terrain=replace(frame.picture.terrain, minima=np.empty((0, 2)))
        )
        shown(view, "landscape/two-parameters", replace(frame, picture=picture))
        qtbot.waitUntil(lambda: any("times as long" in text for text in view.two.equation.texts()))


def test_noise_stands_beside_the_gradient_in_the_equation():
    trail = replace(parabola(steps=0).picture.trails[0])
    update = OPTIMIZERS["sgd"].terms(np.array([2.5]), {}, {"learning_rate": 0.1}, 1)
    noisy = replace(trail, update=with_noise(update, np.array([0.5])), unit=np.ones(1))
    assert spelt_out(noisy) == "x ← 1.000 − 0.1 × (2 + 0.5) = 0.750"


def test_a_descent_that_has_left_says_why_and_has_no_next_step():
    trail = replace(parabola().picture.trails[0], moving=False, message="It left.")
    assert cells(trail) == []
    assert spelt_out(trail) == "It left."


def test_the_race_table_says_when_each_reached_a_minimum_and_how_it_stands(view, qtbot):
    frame = race()
    trails = (replace(frame.picture.trails[0], reached=12, standing=Standing.LOWEST, best_cost=-4.15),)
    trails += (replace(frame.picture.trails[1], standing=Standing.LEFT, best_cost=1.0),)
    picture = replace(frame.picture, trails=trails, panels=((0, 1),), note="Tuned by hand.")
    shown(view, "landscape/optimizer-race", replace(frame, picture=picture))
    assert view._race.rows() == (
        ("Gradient", "0.0015", "12", "−4.15", "lowest"),
        ("Momentum", "0.0015", "—", "1", "left"),
    )
    assert "Tuned by hand." in view._race._note.text()


class TestBasins:
    def test_a_map_is_asked_for_coarse_first_and_finer_as_answers_come(self, view):
        asked = []
        view.analysis_requested.connect(lambda name, arguments: asked.append((name, arguments)))
        frame = basins()
        coarse = replace(frame.picture.basins, stride=4)
        waiting = replace(frame, picture=replace(frame.picture, basins=None, basins_of=(1,)))
        shown(view, "landscape/basins", waiting)
        view.show_frame(waiting)
        assert asked == [("basins", {"stride": 4, "of": (1,)})]
        view.show_analysis(Analysis(1, 0, "basins", asked[0][1], coarse))
        assert asked[-1] == ("basins", {"stride": 2, "of": (1,)})
        assert view.two.legend_labels()[-1] == "lost"

    def test_an_answer_to_an_older_question_asks_for_nothing_finer(self, view):
        frame = basins()
        asked = []
        view.analysis_requested.connect(lambda name, arguments: asked.append(arguments))
        for key in ((1,), (2,)):
            shown(view, "landscape/basins", replace(frame, picture=replace(frame.picture, basins=None, basins_of=key)))
        view.show_analysis(Analysis(1, 0, "basins", {"stride": 4, "of": (1,)}, replace(frame.picture.basins, stride=4)))
        assert [arguments["of"] for arguments in asked] == [(1,), (2,)]

    def test_a_map_of_the_landscape_before_is_gone_with_it(self, view):
        shown(view, "landscape/basins", basins())
        bowl = surface("narrow-valley")
        frame = basins()
        other = replace(frame.picture, terrain=bowl, basins=None, basins_of=(7,))
        view.show_frame(replace(frame, picture=other))
        assert view.two.legend_labels() == ()
        view.two.map.grab()

    def test_an_answer_for_older_settings_never_replaces_a_truer_map(self, view):
        frame = basins()
        old, new = (replace(frame.picture.basins, of=key, stride=stride) for key, stride in (((1,), 1), ((2,), 4)))
        shown(view, "landscape/basins", replace(frame, picture=replace(frame.picture, basins=None, basins_of=(1,))))
        view.show_analysis(Analysis(1, 0, "basins", {"stride": 4, "of": (1,)}, old))
        assert view.two.map._basins is old
        assert not view.two.map._is_outdated
        view.show_frame(replace(frame, picture=replace(frame.picture, basins=None, basins_of=(2,))))
        assert view.two.map._is_outdated, "it is pale until there is one for the settings that hold"
        view.show_analysis(Analysis(1, 0, "basins", {"stride": 4, "of": (2,)}, new))
        assert view.two.map._basins is new
        assert not view.two.map._is_outdated
        view.show_analysis(Analysis(1, 0, "basins", {"stride": 1, "of": (1,)}, old))
        assert view.two.map._basins is new

    @pytest.mark.parametrize("name", ["himmelblau", "beale", "rastrigin"])
    def test_a_map_of_another_landscapes_minima_is_never_shown(self, view, name):
        shown(view, "landscape/basins", basins())
        late = replace(basins().picture.basins, of=(0.002,))
        view.show_frame(
            replace(basins(), picture=replace(basins().picture, terrain=surface(name), basins=None, basins_of=(2,)))
        )
        view.show_analysis(Analysis(1, 0, "basins", {"stride": 4, "of": (0.002,)}, late))
        assert view.two.legend_labels() == ()
        view.two.map.grab()

    def test_the_legend_and_the_pointer_say_which_minimum_is_which(self, view):
        shown(view, "landscape/basins", basins())
        x, y = basins().picture.terrain.minima[3]
        assert view.two.map.ends_at(x, y).startswith("A start here ends in minimum 4, at (")
        assert "leaves" in view.two.map.ends_at(1.0, 0.0)
        assert view.two.legend_labels()[0].startswith("1  (")
        assert view.two.legend_labels()[0].endswith("lowest")

    def test_minima_have_different_colours(self):
        minima = race().picture.terrain.minima
        assert len(set(basin_colours(minima))) == len(minima)

    def test_where_colours_repeat_neighbours_have_different_ones(self):
        minima = np.stack(np.meshgrid(np.arange(11.0), np.arange(11.0)), axis=-1).reshape(-1, 2)
        chosen = basin_colours(minima)
        assert len(set(chosen)) == len(BASIN_COLOURS)
        for place, colour in zip(minima, chosen, strict=True):
            apart = np.linalg.norm(minima - place, axis=1)
            nearest = np.argsort(apart)[1:3]
            assert colour not in {chosen[k] for k in nearest}


def test_the_count_of_noisy_runs_is_a_sentence(view):
    frame = one_parameter()
    shown(view, "landscape/one-parameter", replace(frame, picture=replace(frame.picture, noise_of=(1,))))
    view.show_analysis(Analysis(1, 0, "noise", {}, NoiseCount(65, 200, False)))
    assert "65 of 200 noisy runs" in view._noise.text()
    assert "does not" in view._noise.text()
    view.show_frame(frame)
    assert view._noise.isHidden()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("width", [860, 1480])
def test_the_equation_is_whole_and_never_overflows_its_strip(qtbot, theme, width):
    equation = UpdateEquation()
    qtbot.addWidget(equation)
    equation.set_theme(theme)
    equation.resize(width, equation.height())
    trail = race().picture.trails[0]
    for name in OPTIMIZERS:
        update = OPTIMIZERS[name].terms(np.array([-1234.5, 0.00123]), MEMORY, NUMBERS, 4)
        equation._take((replace(trail, update=update, unit=np.ones(2), moving=True), 3, 1234, ASIDE))
        made, scale = equation._fitted()
        assert scale > 0.59
        symbols = [cell.symbol for cell in equation._cells]
        assert len(made) > symbols.index("=") + 1, "what the place is after the step"
        equation.grab()


def test_the_race_says_that_a_row_can_be_clicked_and_what_its_words_mean(view, qtbot):
    shown(view, "landscape/optimizer-race", race())
    qtbot.waitUntil(lambda: bool(view._race.rows()))
    assert "Click a row" in view._race._note.text()
    tip = view._race._table.toolTip()
    states = {row[-1] for row in view._race.rows()}
    assert all(state in tip for state in states | {"higher", "lowest", "moving", "left", "over"})


def test_the_legend_of_the_basins_says_what_lost_is(view):
    frame = basins()
    shown(view, "landscape/basins", frame)
    view.two.show_basins(frame.picture.basins)
    assert "Lost: a step led it out of the landscape." in view.two._legend.toolTip()
    view.two.show_basins(None)
    assert view.two._legend.toolTip() == ""


class TestAStepOnASmallScale:
    """x² between -1e-13 and 1e-13, and 1e-13 x²: every number of the step can be read."""

    @staticmethod
    def step(x: float, gradient: float, rate: float):
        trail = parabola(steps=0).picture.trails[0]
        update = OPTIMIZERS["sgd"].terms(np.array([gradient]), {}, {"learning_rate": rate}, 1)
        return spelt_out(replace(trail, positions=np.array([[x]]), costs=np.array([x * x]), update=update))

    def test_a_place_of_1e_13_is_no_row_of_zeros(self):
        assert self.step(5e-14, 1e-13, 0.1) == "x ← 5.000e−14 − 0.1 × 1e−13 = 4.000e−14"

    def test_a_slope_of_1e_13_is_no_zero(self):
        assert "× (−2.4e−13)" in self.step(-1.2, -2.4e-13, 1.0)

    def test_a_large_place_is_written_as_short(self):
        assert self.step(2e13, 4e13, 0.25).startswith("x ← 2.000e13 −")

    def test_what_rounding_has_left_of_a_slope_is_nothing(self):
        trail = parabola(steps=4).picture.trails[0]
        update = OPTIMIZERS["sgd"].terms(np.array([-2.2e-16]), {}, {"learning_rate": 0.1}, 1)
        assert "× 0 =" in spelt_out(replace(trail, update=update))


def test_where_nothing_says_so_arrows_are_as_long_as_they_are(view):
    frame = race(scene="landscape/two-parameters")
    shown(view, "landscape/two-parameters", frame)
    update = OPTIMIZERS["sgd"].terms(np.array([0.5, 0.5]), {}, {"learning_rate": 0.001}, 1)
    trail = frame.picture.trails[0]
    short = replace(trail, positions=np.zeros((1, 2)), update=update, unit=np.ones(2), moving=True)
    for picture in (view.two.map, view.two.surface):
        assert picture.lengthening_of(short) > 1
        picture.set_lengthened(False)
        assert picture.lengthening_of(short) == 1
