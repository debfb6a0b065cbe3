"""The curve where a step is stable follows the rate, on the map, on the surface and on a curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.frames import read_only
from engine.landscape.bends import largest_bend
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.functions.terrain import terrain_of
from engine.landscape.picture import Trail
from tests.widgets.hand_made import one_parameter
from widgets.landscape.descent_plot import DescentPlot
from widgets.style.theme import DARK, THEMES
from widgets.surface.soft_scene import SoftContext
from widgets.surface.stability_item import beyond, curve
from widgets.surface.surface_3d import Surface3D
from widgets.surface.terrain_map import TerrainMap

TERRAINS = {name: terrain_of(LANDSCAPES[name]) for name in ("flat-valley", "catapult", "narrow-valley")}


def trail(rate: float, optimizer: str = "sgd", edge: float | None = None) -> Trail:
    at = np.array([[0.5, 0.5], [0.4, 0.4]])
    return Trail("one", optimizer, rate, at, np.ones(2), np.ones(2), True, edge=2 / rate if edge is None else edge)


@pytest.fixture
def picture(qtbot) -> TerrainMap:
    made = TerrainMap()
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.resize(400, 400)
    made.show_terrain(TERRAINS["flat-valley"])
    return made


def test_all_along_it_the_cost_bends_as_much_as_a_step_bears():
    for name, edge in (("flat-valley", 2 / 0.3), ("catapult", 5.0)):
        lines = curve(TERRAINS[name], edge)
        bends = largest_bend(LANDSCAPES[name], *lines.mean(axis=1).T)
        np.testing.assert_allclose(bends, edge, rtol=0.01)


def test_where_it_crosses_the_ellipse_is_right_to_a_hundredth():
    terrain = TERRAINS["flat-valley"]
    ends = curve(terrain, 2 / 0.3)
    side = ends[..., 0] ** 2 / 2 + ends[..., 1] ** 2 - 1
    crossing = np.flatnonzero(side[:, 0] * side[:, 1] <= 0)
    assert len(crossing) >= 4
    share = side[crossing, 0] / (side[crossing, 0] - side[crossing, 1])
    x = ends[crossing, 0, 0] + share * (ends[crossing, 1, 0] - ends[crossing, 0, 0])
    np.testing.assert_allclose(np.abs(x), np.sqrt(4 - 1 / 0.3), atol=0.01)


def test_there_is_none_where_the_cost_bends_alike_everywhere_or_the_rule_has_no_line():
    assert not len(curve(TERRAINS["narrow-valley"], 40.0))
    assert not len(curve(TERRAINS["narrow-valley"], 60.0))
    assert beyond(TERRAINS["catapult"], None) is None


def test_it_follows_the_rate_and_says_its_number(picture):
    picture.show_trails([trail(0.3)], focus=0)
    assert picture._stability.words == "λ = 2/η = 6.67"
    inside = picture._stability._path.boundingRect()
    picture.show_trails([trail(0.1)], focus=0)
    assert picture._stability.words == "λ = 2/η = 20"
    assert picture._stability._path.boundingRect() != inside
    picture.show_trails([trail(0.3, "momentum", edge=10.0)], focus=0)
    assert picture._stability.words == "λ = 2(1 + μ)/η = 10"
    picture.show_trails([trail(0.1), trail(0.3)], focus=1)
    assert picture._stability.words == "one: λ = 2/η = 6.67", "it says whose it is"
    picture.show_trails([trail(1e-6)], focus=0)
    assert picture._stability.words == ""


def test_the_mouse_is_told_how_much_the_cost_bends(picture):
    picture.show_trails([trail(0.3)], focus=0)
    assert picture.bend_at(0.0, 1.0).endswith("more than 2/η = 6.67: each step overshoots by more than the one before.")
    assert picture.bend_at(1.2, 0.4).endswith("less than 2/η = 6.67: a step is stable.")
    assert picture.bend_at(50.0, 0.0) == ""


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_beyond_it_the_picture_is_darker(picture, theme):
    picture.set_theme(theme)
    picture.show()

    def brightness(x: float, y: float) -> int:
        image = picture.grab().toImage()
        at = picture._to_px(np.array([x, y])).toPoint()
        return image.pixelColor(at).value()

    far = (1.5, 1.5)
    picture.show_trails([trail(1e-6)], focus=0)
    plain = brightness(*far)
    picture.show_trails([trail(0.3)], focus=0)
    assert brightness(*far) < 0.85 * plain


def test_on_a_curve_the_stretches_that_bend_too_much_are_shaded(qtbot):
    plot = DescentPlot()
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    frame = one_parameter(scene="landscape/too-large")
    x = np.linspace(-1, 1, 801)
    bends = largest_bend(LANDSCAPES["wave"], x)
    terrain = replace(frame.picture.terrain, x=x, z=read_only(LANDSCAPES["wave"].values(x)), bends=read_only(bends))
    trails = tuple(replace(one, edge=39.6) for one in frame.picture.trails)
    plot.show_descents(replace(frame.picture, terrain=terrain, trails=trails), (0,))
    assert len(plot._stability.bands) == 3, "the bottoms of the three valleys"
    for left, right in plot._stability.bands:
        middle = float(largest_bend(LANDSCAPES["wave"], np.array((left + right) / 2)))
        assert middle > 39.6
    assert plot._stability.words == "λ > 2/η = 39.6"
    assert not plot.grab().toImage().isNull()
    calm = tuple(replace(one, edge=1e4) for one in frame.picture.trails)
    plot.show_descents(replace(frame.picture, terrain=terrain, trails=calm), (0,))
    assert plot._stability.bands == ()


def test_on_a_surface_pieces_that_lie_far_apart_are_each_drawn_where_they_are(qtbot):
    """Nothing is laid between two segments that don't meet, as it is between the places of a path."""
    terrain = terrain_of(LANDSCAPES["river"])
    lines = curve(terrain, 2 / 0.07)
    jumps = np.abs(np.diff(lines.reshape(-1, 2), axis=0)).max(axis=1)
    assert jumps.max() > 1, "two bends of the river's banks"
    surface = Surface3D()
    qtbot.addWidget(surface)
    surface.resize(400, 400)
    surface.set_theme(DARK)
    surface.use_gl(SoftContext())
    surface.show_terrain(terrain)
    surface.show_trails((trail(0.07),), True, 0)
    drawn = surface.grab().toImage()
    surface.show_trails((trail(1e-6),), True, 0)
    assert drawn != surface.grab().toImage()
