"""The landscape page: what a hand does becomes a knob, and every term of a step is shown with its number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_made import basins, one_parameter, parabola, race, spec, surface
from PyQt5.QtCore import QPoint, QPointF, Qt

from engine.experiments.landscape_runners import starts
from engine.frames import Study
from engine.landscape_picture import Foresight, NoiseCount, Standing
from engine.optimizers import OPTIMIZERS
from engine.update_terms import Part, with_noise
from widgets.landscape_view import LandscapeView
from widgets.points_panel import PointsPanel, with_point, with_start, without_point
from widgets.terrain_item import BASIN_COLOURS, basin_colours
from widgets.theme import DARK, THEMES
from widgets.update_arrows import arrows, lengthening
from widgets.update_strip import cells, spelt_out

NUMBERS = {"learning_rate": 0.05, "momentum": 0.9, "beta_1": 0.9, "beta_2": 0.999, "rho": 0.9}
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
        view.study_requested.connect(lambda name, arguments: asked.append((name, arguments)))
        qtbot.mousePress(view.two.map.viewport(), Qt.LeftButton, pos=view.two.map.balls()[0].toPoint())
        view.two.map.mouseMoveEvent(_move(px(view.two.map, 0.4, 0.3)))
        qtbot.waitUntil(lambda: bool(asked))
        name, arguments = asked[-1]
        assert (name, arguments["start"]) == ("foresight", moved[-1][1])
        trail = frame.picture.trails[0]
        answer = Foresight((trail.positions,), (trail.costs,))
        view.show_study(Study(1, 0, "foresight", {"start": (9, 9)}, answer))
        assert view.two.map._descents._foreseen == ()
        view.show_study(Study(1, 0, "foresight", arguments, answer))
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
        touched = []
        view.touched.connect(lambda name, payload: touched.append((name, payload)))
        qtbot.mousePress(plot.viewport(), Qt.LeftButton, pos=px(plot, *plot._secant_at))
        plot.mouseMoveEvent(_move(px(plot, 0.2, 0)))
        assert touched[-1][0] == "secant"
        assert touched[-1][1] == pytest.approx(0.2, abs=0.01)

    def test_a_right_click_takes_a_point_away(self, view, qtbot):
        frame = one_parameter(scene="landscape/learning-rates")
        trails = tuple(replace(trail, point=k) for k, trail in enumerate(frame.picture.trails))
        picture = replace(frame.picture, trails=trails, panels=((0, 1, 2),), by_runner=True)
        settings = spec("landscape/one-parameter").with_knobs({"points": 3}).settings
        view.show_settings(settings)
        view.show_frame(replace(frame, picture=picture))
        moved = []
        view.knob_changed.connect(lambda name, value: moved.append((name, value)))
        plot = view.one._panels[0].plot
        _number, x, y = plot._balls[2]
        qtbot.mouseClick(plot.viewport(), Qt.RightButton, pos=px(plot, x, y))
        assert moved[-1] == ("points", 2)


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
        fewer = self.carried_out(without_point(self.SETTINGS.settings, 1))
        assert fewer.points == 2
        assert starts(fewer)[1] == starts(self.SETTINGS.settings)[2]
        assert (fewer.point_rates, fewer.point_optimizers) == ((0, 0.02), ("same", "lion"))

    def test_the_last_point_stays_and_eight_are_enough(self):
        assert without_point(spec("landscape/two-parameters").settings, 0) == []
        assert with_point(self.SETTINGS.with_knobs({"points": 8}).settings) == []

    def test_moving_one_leaves_the_others_where_they_are(self):
        moved = self.carried_out([with_start(self.SETTINGS.settings, 1, (0.5, 0.5))])
        before = starts(self.SETTINGS.settings)
        assert starts(moved)[:3] == (before[0], (0.5, 0.5), before[2])

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
        row.start.setText("7, nan")
        row.start.editingFinished.emit()
        assert row.problem.text() == "A start lies between −1 and 1 on Lecture surface."
        for wrong in ("-5", "1e99", "nan", "much"):
            row.rate.setText(wrong)
            row.rate.editingFinished.emit()
            assert row.problem.text().startswith("A rate is a number from 1e-06 to 1,000")
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
    assert view.one._panels[0]._strip._cells[0].name == "at step 4"


def test_arrows_start_at_the_ball_and_have_their_terms_colour(stepping):
    made = arrows(stepping, 2.0)
    assert {arrow.part for arrow in made} >= {Part.GRADIENT, Part.STEP}
    for arrow in made:
        np.testing.assert_array_equal(arrow.tail, stepping.positions[-1])
    step = next(arrow for arrow in made if arrow.part is Part.STEP)
    np.testing.assert_allclose(step.head - step.tail, 2 * stepping.update.step)


def test_a_short_step_is_lengthened_and_a_long_one_is_not(stepping):
    assert lengthening(stepping, pixel=1e-6) == 1
    assert lengthening(stepping, pixel=0.05) > 1


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
        view.study_requested.connect(lambda name, arguments: asked.append((name, arguments)))
        frame = basins()
        coarse = replace(frame.picture.basins, stride=4)
        waiting = replace(frame, picture=replace(frame.picture, basins=None, basins_of=(1,)))
        shown(view, "landscape/basins", waiting)
        view.show_frame(waiting)
        assert asked == [("basins", {"stride": 4, "of": (1,)})]
        view.show_study(Study(1, 0, "basins", asked[0][1], coarse))
        assert asked[-1] == ("basins", {"stride": 2, "of": (1,)})
        assert view.two.legend_labels()[-1] == "lost"

    def test_an_answer_to_an_older_question_asks_for_nothing_finer(self, view):
        frame = basins()
        asked = []
        view.study_requested.connect(lambda name, arguments: asked.append(arguments))
        for key in ((1,), (2,)):
            shown(view, "landscape/basins", replace(frame, picture=replace(frame.picture, basins=None, basins_of=key)))
        view.show_study(Study(1, 0, "basins", {"stride": 4, "of": (1,)}, replace(frame.picture.basins, stride=4)))
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
        view.show_study(Study(1, 0, "basins", {"stride": 1, "of": (1,)}, old))
        assert not view.two.map._is_outdated
        view.show_frame(replace(frame, picture=replace(frame.picture, basins=None, basins_of=(2,))))
        assert view.two.map._is_outdated, "it is pale until there is one for the settings that hold"
        view.show_study(Study(1, 0, "basins", {"stride": 4, "of": (2,)}, new))
        assert view.two.map._basins is new
        assert not view.two.map._is_outdated
        view.show_study(Study(1, 0, "basins", {"stride": 1, "of": (1,)}, old))
        assert view.two.map._basins is new

    @pytest.mark.parametrize("name", ["himmelblau", "beale", "rastrigin"])
    def test_a_map_of_another_landscapes_minima_is_never_shown(self, view, name):
        shown(view, "landscape/basins", basins())
        late = replace(basins().picture.basins, of=(1,))
        view.show_frame(
            replace(basins(), picture=replace(basins().picture, terrain=surface(name), basins=None, basins_of=(2,)))
        )
        view.show_study(Study(1, 0, "basins", {"stride": 1, "of": (1,)}, late))
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
    view.show_study(Study(1, 0, "noise", {}, NoiseCount(65, 200, False)))
    assert "65 of 200 noisy runs" in view._noise.text()
    assert "does not" in view._noise.text()
    view.show_frame(frame)
    assert view._noise.isHidden()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("width", [860, 1480])
def test_the_equation_never_overflows_its_strip(view, theme, width):
    view.set_theme(theme)
    view.resize(width, 500)
    trail = race().picture.trails[0]
    for name in OPTIMIZERS:
        update = OPTIMIZERS[name].terms(np.array([-1234.5, 0.00123]), MEMORY, NUMBERS, 4)
        view.two.strip._take((replace(trail, update=update, unit=np.ones(2), moving=True), 3, 1234))
        made, scale = view.two.strip._fitted()
        assert scale > 0.69
        assert len(made) == len(view.two.strip._cells)
        view.two.strip.grab()
