"""The pictures show what the frame says."""

import numpy as np
import pytest
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QApplication

from tests.widgets.hand_made import basins, initial_values, one_parameter, painting, parabola, race, regression, surface
from widgets.landscape.landscape_view import LandscapeView
from widgets.landscape.update_equation import spelt_out
from widgets.painting.painting_view import PaintingView
from widgets.plotting.fast_items import without_crowds
from widgets.regression.regression_view import RegressionView
from widgets.style.theme import DARK, PROJECTOR, THEMES
from widgets.surface import contours


@pytest.fixture
def landscape(qtbot) -> LandscapeView:
    view = LandscapeView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.resize(840, 400)
    view.show()
    return view


@pytest.fixture
def regression_view(qtbot) -> RegressionView:
    view = RegressionView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.resize(840, 360)
    view.show()
    return view


@pytest.fixture
def painting_view(qtbot) -> PaintingView:
    view = PaintingView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.resize(840, 310)
    view.show()
    return view


def _pixels(widget) -> np.ndarray:
    QApplication.processEvents()
    image = widget.grab().toImage().convertToFormat(QImage.Format_RGB32)
    buffer = image.constBits().asarray(image.byteCount())
    return np.frombuffer(buffer, np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].copy()


def test_one_parameter_and_two_have_views_of_their_own(landscape):
    landscape.show_frame(one_parameter())
    assert landscape._stack.currentWidget() is landscape.one
    landscape.show_frame(race())
    assert landscape._stack.currentWidget() is landscape.two


def test_the_update_is_spelt_out_in_the_lectures_index_units():
    trail = one_parameter(steps=0).picture.trails[0]
    assert spelt_out(trail) == "index ← 120.00 − 1 × (−0.0488) = 120.05"


def test_the_update_is_spelt_out_in_x_for_the_automatic_gradient():
    trail = parabola(steps=0).picture.trails[0]
    assert spelt_out(trail) == "x ← 1.000 − 0.1 × 2 = 0.800"


def test_three_rates_stand_side_by_side_each_with_its_update(landscape):
    landscape.show_frame(one_parameter(scene="landscape/learning-rates"))
    QApplication.processEvents()  # the panels find their width
    texts = landscape.one.texts()
    assert len(texts) == 3
    assert all(text.startswith("index ← ") for text in texts)


def test_the_ball_moves_in_the_picture(landscape):
    landscape.show_frame(one_parameter(steps=0))
    before = _pixels(landscape)
    landscape.show_frame(one_parameter(steps=400))
    assert (before != _pixels(landscape)).any()


def test_the_race_names_its_runners_beside_the_picture(landscape):
    landscape.show_frame(race())
    assert landscape.two.legend_labels()[:2] == ("Gradient descent", "Momentum")
    assert len(landscape.two.legend_labels()) == 6


def test_the_picture_of_two_parameters_is_a_square_without_a_rim(landscape):
    landscape.show_frame(race())
    box = landscape.two.map.getViewBox()
    assert box.width() == pytest.approx(box.height(), abs=4)
    (left, right), (low, high) = box.viewRange()
    assert right - left == pytest.approx(2.0, abs=0.05)
    assert high - low == pytest.approx(2.0, abs=0.05)


def test_basins_list_where_starts_end_and_which_are_lost(landscape):
    landscape.show_frame(basins())
    labels = landscape.two.legend_labels()
    assert labels[-1] == "lost"
    assert labels[0].startswith("1  (")
    assert labels[0].endswith("lowest")
    assert all("  (" in label for label in labels[:-2])


def test_going_from_basins_back_to_a_descent_shows_the_terrain_again(landscape):
    landscape.show_frame(race())
    terrain = _pixels(landscape.two.map)
    landscape.show_frame(basins())
    coloured = _pixels(landscape.two.map)
    assert coloured.shape != terrain.shape, "the map takes the room of the step's equation, too"
    landscape.show_frame(race())
    assert (terrain != _pixels(landscape.two.map)).mean() < 0.02


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "narrow-valley"])
def test_a_contour_lies_where_the_cost_has_its_level(name):
    terrain = surface(name)
    level = float(np.median(terrain.z))
    found = contours.segments(terrain.x, terrain.y, terrain.z, level).reshape(-1, 2)
    assert len(found) > 50
    rows = np.interp(found[:, 1], terrain.y, np.arange(len(terrain.y)))
    columns = np.interp(found[:, 0], terrain.x, np.arange(len(terrain.x)))
    near = terrain.z[rows.round().astype(int), columns.round().astype(int)]
    slope = np.abs(np.gradient(terrain.z)).sum(axis=0)[rows.round().astype(int), columns.round().astype(int)]
    assert (np.abs(near - level) <= slope * 1.5 + 1e-9).mean() > 0.98


def test_points_on_one_spot_are_drawn_once_and_the_last_always():
    points = np.concatenate([np.zeros((500, 2)), np.ones((3, 2))])
    kept = without_crowds(points, np.array([0.1, 0.1]))
    assert list(kept) == [0, 500, 502]


def test_the_fit_moves_and_the_axes_stand_still(regression_view):
    regression_view.show_frame(regression(epoch=0))
    axes = regression_view.named("fit").plot.getViewBox().viewRange()
    before = _pixels(regression_view)
    regression_view.show_frame(regression(epoch=90))
    assert regression_view.named("fit").plot.getViewBox().viewRange() == axes
    assert (before != _pixels(regression_view)).any()


def test_the_picture_reaches_beyond_the_data(regression_view):
    frame = regression()
    regression_view.show_frame(frame)
    (left, right), _ = regression_view.named("fit").plot.getViewBox().viewRange()
    assert left < frame.picture.data_x.min()
    assert right > frame.picture.data_x.max()


def test_a_hundred_thousand_points_are_no_slower_to_set_up_than_to_see(regression_view):
    rng = np.random.default_rng(5)
    x = np.linspace(-3, 3, 100_000)
    regression_view.show_frame(regression(data=(x, np.sin(x) + rng.uniform(-0.5, 0.5, len(x)))))
    drawn = sum(polygon.size() for _, polygon in regression_view.named("fit").plot._dots._groups)
    assert 1_000 < drawn < 70_000


def test_initial_values_have_their_own_view(regression_view):
    regression_view.show_frame(initial_values())
    assert regression_view.current() == "initial-values"
    regression_view.show_frame(regression())
    assert regression_view.current() == "fit"


def test_the_three_squares_are_equal_and_their_pixels_crisp(painting_view):
    painting_view.show_frame(painting())
    places = painting_view.named("painting").squares.places()
    assert len({(place.width(), place.height(), place.top()) for place in places}) == 1
    assert places[0].width() == places[0].height()
    assert places[0].width() % 64 == 0
    assert places[2].right() < painting_view.width()


def test_the_target_is_shown_as_it_is(painting_view):
    frame = painting()
    painting_view.show_frame(frame)
    place = painting_view.named("painting").squares.places()[0]
    origin = painting_view.named("painting").squares.pos()
    zoom = place.width() // 64
    shown = _pixels(painting_view)[origin.y() + place.top() :, origin.x() + place.left() :]
    centres = shown[zoom // 2 : 64 * zoom : zoom, zoom // 2 : 64 * zoom : zoom, ::-1]
    assert (centres == frame.picture.target).all()


def test_the_caption_says_how_good_the_painting_is(painting_view):
    painting_view.show_frame(painting())
    assert painting_view.named("painting").squares.captions() == [
        "target",
        "painting · 19.0 dB",
        "error · bright is wrong",
    ]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_theme_can_be_taken_at_any_time(landscape, regression_view, painting_view, theme):
    landscape.show_frame(race())
    regression_view.show_frame(initial_values())
    painting_view.show_frame(painting())
    for view in (landscape, regression_view, painting_view):
        view.set_theme(theme)
        view.grab()
    landscape.show_frame(parabola())
    regression_view.show_frame(regression())
    landscape.set_theme(PROJECTOR)
