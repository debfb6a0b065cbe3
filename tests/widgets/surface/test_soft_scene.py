"""A surface that is drawn without OpenGL: what is nearest is seen, in its own colour, where the camera has it."""

import numpy as np
import pytest
from PyQt5.QtCore import QSize
from PyQt5.QtGui import QColor, QImage

from engine.analysis.terrain import Terrain
from widgets.surface.soft_scene import SoftContext, SoftScene
from widgets.surface.terrain_mesh import TerrainMesh

SIZE = QSize(360, 270)
GROUND = QColor("#ffffff")


def terrain(height) -> Terrain:
    axis = np.linspace(-1, 1, 60)
    x, y = np.meshgrid(axis, axis)
    return Terrain(axis, axis, height(x, y), np.zeros((0, 2)))


def drawn(height) -> tuple[SoftScene, TerrainMesh, np.ndarray, np.ndarray]:
    scene, mesh = SoftContext().scene(), TerrainMesh(terrain(height))
    scene.show_body(mesh)
    image, distance = scene.picture(SIZE, GROUND, 4)
    image = image.convertToFormat(QImage.Format_RGB888)
    rows = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8).reshape(image.height(), -1)
    return scene, mesh, rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3), distance


def projected(scene: SoftScene, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    clip = np.column_stack([points, np.ones(len(points))]) @ scene.matrix().T
    share = clip[:, :2] / clip[:, 3:] * [0.5, -0.5] + 0.5
    return (share * [SIZE.width(), SIZE.height()]).astype(int), clip[:, 3]


@pytest.mark.parametrize(
    "height", [lambda x, y: x * x + y * y, lambda x, y: np.sin(5 * x) * np.cos(4 * y)], ids=["a bowl", "hills"]
)
def test_a_vertex_that_is_seen_has_its_colour_and_its_distance(height):
    scene, mesh, pixels, distance = drawn(height)
    inner = np.arange(len(mesh.vertices)).reshape(60, 60)[5:-5:7, 5:-5:7].ravel()
    at, away = projected(scene, mesh.vertices[inner])
    found = distance[at[:, 1], at[:, 0]]
    seen = np.abs(away - found) < 0.03
    assert seen.sum() > len(inner) / 3
    about = [distance[at[:, 1] + down, at[:, 0] + right] for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert (np.min(about, axis=0) < away + 0.03).all(), "what is not seen has something before it"
    shades = (mesh.shades[inner][:, :3] * 255)[seen]
    near = np.abs(pixels[at[seen, 1], at[seen, 0]] - shades).max(axis=1)
    assert np.median(near) < 12  # a contour may pass through


def test_the_whole_body_is_in_the_picture_and_the_rest_is_ground():
    _, _, pixels, distance = drawn(lambda x, y: x * y)
    body = np.isfinite(distance)
    assert 0.2 < body.mean() < 0.8
    assert not body[0].any()
    assert not body[:, -1].any()
    assert (pixels[~body] == 255).mean() > 0.95


def test_a_hole_in_the_landscape_is_one_in_the_picture():
    _, _, _, whole = drawn(lambda x, y: x * x)
    _, _, _, holed = drawn(lambda x, y: np.where(np.hypot(x, y) < 0.4, np.nan, x * x))
    assert np.isfinite(holed).sum() < 0.97 * np.isfinite(whole).sum()
    assert (np.isfinite(whole) | ~np.isfinite(holed)).mean() > 0.99


def test_turning_changes_the_picture_and_putting_back_restores_it():
    scene, _, _, _ = drawn(lambda x, y: x**3 + y)
    before = scene.matrix()
    scene.turn(40, -10)
    scene.picture(SIZE, GROUND, 4)
    assert np.abs(scene.matrix() - before).max() > 0.1
    scene.put_back()
    scene.picture(SIZE, GROUND, 4)
    np.testing.assert_allclose(scene.matrix(), before)
