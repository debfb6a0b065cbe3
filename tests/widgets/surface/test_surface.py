"""The surface is the map's landscape, and what is painted once stays as if it were painted at once."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import QSize
from PyQt5.QtGui import QImage, QPainter

from engine.analysis.terrain import Terrain
from tests.widgets.hand_made import race, surface
from widgets.landscape.landscape_view import LandscapeView
from widgets.style.theme import DARK, pen
from widgets.surface.gl_context import GlContext
from widgets.surface.surface_3d import Surface3D
from widgets.surface.terrain_map import TerrainMap
from widgets.surface.terrain_mesh import HALF_HEIGHT, LIFT, TerrainMesh
from widgets.surface.trail_painter import TrailPainter

SIZE = QSize(300, 300)


@pytest.mark.parametrize("name", ["wave-surface", "rosenbrock", "rastrigin"])
def test_a_place_lies_on_the_body_as_high_as_its_cost_says(name):
    terrain = surface(name)
    mesh = TerrainMesh(terrain)
    rows, columns = np.random.default_rng(1).integers(0, 99, (2, 40))
    places = mesh.places(np.stack([terrain.x[columns], terrain.y[rows]], axis=1))
    assert (np.abs(places[:, :2]) <= 1 + 1e-9).all()
    order = np.argsort(terrain.z[rows, columns])
    assert (np.diff(places[order, 2]) >= -1e-9).all(), "higher costs lie higher, on whatever scale"
    low, high = terrain.z.argmin(), terrain.z.argmax()
    ends = [np.array([[terrain.x[k % len(terrain.x)], terrain.y[k // len(terrain.x)]]]) for k in (low, high)]
    assert mesh.places(ends[0])[0, 2] == pytest.approx(-HALF_HEIGHT + LIFT)
    assert mesh.places(ends[1])[0, 2] == pytest.approx(HALF_HEIGHT + LIFT)


def test_a_long_step_is_laid_over_the_hills_between_its_ends():
    mesh = TerrainMesh(surface())
    draped = mesh.draped(np.array([[-0.9, -0.6], [0.9, -0.6]]))
    assert len(draped) > 40
    np.testing.assert_allclose(draped[[0, -1]], mesh.places(np.array([[-0.9, -0.6], [0.9, -0.6]])), atol=1e-9)
    assert np.ptp(draped[:, 2]) > 0.3


def test_where_the_landscape_has_no_cost_the_body_has_a_hole():
    axis = np.linspace(-1, 1, 40)
    z = np.add.outer(axis**2, axis**2)
    z[10:20, 10:20] = np.nan
    mesh = TerrainMesh(Terrain(axis, axis, z, np.empty((0, 2))))
    assert np.isfinite(mesh.vertices).all()
    assert len(mesh.faces) == 2 * (39 * 39 - 11 * 11)


def painted(portions: list[int], by_descent: bool = True) -> tuple[np.ndarray, float]:
    """A long noisy trail painted in these portions; the picture, and the seconds that the last portion took."""
    positions = np.cumsum(np.random.default_rng(3).normal(0, 4, (3000, 2)), axis=0) % 300
    trail = race().picture.trails[1]
    painter, image = TrailPainter(), QImage(SIZE, QImage.Format_RGB32)
    for count in portions:
        image.fill(0)
        part = replace(trail, positions=positions[:count], costs=np.zeros(count))
        brush = QPainter(image)
        began = time.thread_time()  # which other processes don't lengthen
        painter.paint(brush, SIZE, "view", [part], DARK, lambda places: (places, None), by_descent)
        took = time.thread_time() - began
        brush.end()
    buffer = image.constBits().asarray(image.byteCount())
    return np.frombuffer(buffer, np.uint8).reshape(300, 300, 4)[..., :3].astype(int), took


def test_a_trail_painted_bit_by_bit_looks_like_one_painted_at_once():
    at_once, _ = painted([2400])
    bit_by_bit, _ = painted([800, 801, 1500, 1600, 2400])
    assert (at_once > 0).mean() > 0.3
    assert (np.abs(at_once - bit_by_bit).max(axis=2) > 60).mean() < 0.06


def test_what_is_painted_already_costs_nothing_again():
    _, whole = painted([2400])
    _, little = painted([2400, 2404])
    assert little < 0.5 * whole


def test_a_trail_that_starts_over_leaves_nothing_behind():
    fresh, _ = painted([40])
    again, _ = painted([2400, 40])
    np.testing.assert_array_equal(fresh, again)


def test_without_a_screen_there_is_no_surface_and_the_contours_stand_alone_with_the_reason(qtbot):
    gl = GlContext()
    assert gl.problem.endswith(".")
    assert not gl.make_current()
    view = LandscapeView()
    qtbot.addWidget(view)
    view.set_theme(DARK)
    view.resize(860, 420)
    view.show()
    view.use_gl(gl)
    view.show_frame(race())
    assert view.two.map.isVisible()
    assert not view.two.surface.isVisible()
    assert view.two._why_no_surface.text() == gl.problem
    view.two.show_view("surface")
    assert view.two.map.isVisible(), "there is always one of the two"


def test_the_map_and_the_surface_stand_on_any_page_without_a_run(qtbot):
    terrain, trails = surface("himmelblau"), race().picture.trails
    for widget in (TerrainMap("W", "B", square=False), Surface3D("W", "B")):
        qtbot.addWidget(widget)
        widget.set_theme(DARK)
        widget.resize(300, 300)
        widget.show_terrain(terrain)
        widget.show_trails(trails, by_descent=True, focus=0)
        widget.show()
        widget.grab()
        widget.show_trails(trails[:1], by_descent=False)
        widget.grab()


def test_a_pen_of_the_theme_is_what_a_trail_is_drawn_with():
    picture, _ = painted([60])
    wanted = DARK.series_pen(0, 4).color()
    assert pen(wanted).color() == wanted
    colours = picture.reshape(-1, 3)[:, ::-1]
    assert (np.abs(colours - [wanted.red(), wanted.green(), wanted.blue()]).max(axis=1) < 12).sum() > 100
