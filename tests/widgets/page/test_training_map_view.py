"""The map of trainings in the window: it grows finer, tells each pixel, and a click makes one the run."""

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent, QWheelEvent
from PyQt5.QtWidgets import QApplication

from engine.analysis.training_map import SECOND, SIDE, Axis, TrainingMap
from engine.scenes import scenes
from tests.widgets import asking
from tests.widgets.hand_made import one_parameter
from widgets.regression.regression_map import RegressionMap
from widgets.style.theme import DARK, LIGHT, PROJECTOR


def a_map(done: float = 1.0) -> TrainingMap:
    """Costs that fall along the rate; what is faster than the middle has left."""
    columns = np.arange(SIDE)
    cost = np.tile(np.where(columns < SIDE // 2, 10.0 - columns / SIDE, np.nan), (SIDE, 1))
    left = np.tile(np.where(columns < SIDE // 2, 0, 7), (SIDE, 1)).astype(np.int32)
    x = Axis("learning_rate", "learning rate", 1e-4, 10.0, logarithmic=True)
    ones = np.ones((SIDE, SIDE), np.int32)
    return TrainingMap(
        x, SECOND["momentum"], cost, left, ones, done, 300, "300 steps on all points", "number range", ""
    )


@pytest.fixture
def view(qtbot):
    view = asking.shown(qtbot, RegressionMap())
    view.resize(700, 500)
    view.show_settings(scenes()["regression/map"].settings)
    view.show_frame(one_parameter())
    return view


def answer(view, found: TrainingMap | None, problem: str = "") -> None:
    asking.answer(view, one_parameter(), found, problem)


def place_of(view, x_share: float, y_share: float) -> QPoint:
    rect = view.plot.getViewBox().sceneBoundingRect()
    scene = QPointF(rect.left() + x_share * rect.width(), rect.bottom() - y_share * rect.height())
    return view.plot.mapFromScene(scene)


def point_at(view, x_share: float, y_share: float) -> None:
    at = QPointF(place_of(view, x_share, y_share))
    moved = QMouseEvent(QEvent.MouseMove, at, Qt.NoButton, Qt.NoButton, Qt.NoModifier)
    QApplication.sendEvent(view.plot.viewport(), moved)


def words(view) -> str:
    return view._words.text()


def test_it_asks_again_until_every_pixel_is_trained(view):
    assert view.asked == [("map", {"window": None, "seconds": 0.5})]
    answer(view, a_map(0.25))
    assert "25% trained" in words(view)
    assert len(view.asked) == 2
    answer(view, a_map(1.0))
    assert len(view.asked) == 2
    assert "300 steps on all points" in words(view)
    assert "50% left the number range" in words(view)


def test_a_pixel_under_the_pointer_says_what_came_of_it(view):
    answer(view, a_map())
    point_at(view, 0.25, 0.5)
    assert "cost" in words(view)
    assert "momentum 0.49" in words(view) or "momentum 0.5" in words(view)
    point_at(view, 0.75, 0.5)
    assert "left the number range at step 7" in words(view)


def test_a_click_makes_the_pixel_the_run(qtbot, view):
    answer(view, a_map())
    wanted = []
    view.trial_wanted.connect(wanted.append)
    qtbot.mouseClick(view.plot.viewport(), Qt.LeftButton, Qt.NoModifier, place_of(view, 0.25, 0.9))
    (knobs,) = wanted
    assert knobs["learning_rate"] == pytest.approx(1e-4 * 1e5**0.25, rel=0.1)
    assert knobs["momentum"] == pytest.approx(0.9 * 0.99, abs=0.02)
    assert len(str(knobs["momentum"])) <= 7
    assert (knobs["epochs"], knobs["batch_size"]) == (300, 100)
    spec = scenes()["regression/map"].with_knobs(knobs)
    assert spec.settings.learning_rate == knobs["learning_rate"]


def test_plain_descent_becomes_momentums_rule(qtbot, view):
    settings = scenes()["regression/map"].with_knobs({"optimizer": "sgd"}).settings
    view.show_settings(settings)
    view.show_frame(one_parameter())
    answer(view, a_map())
    with qtbot.waitSignal(view.trial_wanted) as wanted:
        qtbot.mouseClick(view.plot.viewport(), Qt.LeftButton, Qt.NoModifier, place_of(view, 0.25, 0.5))
    assert wanted.args[0]["optimizer"] == "momentum"


def test_the_wheel_looks_closer_and_a_double_click_shows_all_again(qtbot, view):
    answer(view, a_map())
    at = place_of(view, 0.5, 0.5)
    event = QWheelEvent(
        QPointF(at), QPointF(view.plot.viewport().mapToGlobal(at)), QPoint(), QPoint(0, 240), Qt.NoButton,
        Qt.NoModifier, Qt.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.plot.viewport(), event)
    qtbot.waitUntil(lambda: len(view.asked) == 2, timeout=60_000)
    x_low, x_high, y_low, y_high = view.asked[-1][1]["window"]
    assert np.log10(x_high / x_low) == pytest.approx(5 / 4, rel=0.05)
    assert y_high - y_low == pytest.approx(0.99 / 4, rel=0.05)
    assert x_low < 1e-4 * 1e5**0.5 < x_high
    answer(view, a_map())
    qtbot.mouseDClick(view.plot.viewport(), Qt.LeftButton, Qt.NoModifier, at)
    qtbot.waitUntil(lambda: len(view.asked) == 3, timeout=60_000)
    assert view.asked[-1][1]["window"] is None


def test_no_closer_than_single_precision_tells_apart(qtbot, view):
    answer(view, a_map())
    view._zoom((0.03, 0.5), 60)
    qtbot.waitUntil(lambda: len(view.asked) == 2, timeout=60_000)
    x_low, x_high, *_ = view.asked[-1][1]["window"]
    assert np.float32(x_low) != np.float32(x_high)
    assert np.log10(x_high / x_low) >= 1e-6 * 5 * 0.99


def test_what_has_no_map_says_why_in_its_place(view):
    answer(view, None, "Adagrad has no number beside its rate: choose another optimizer.")
    assert words(view).startswith("Adagrad has no number")


@pytest.mark.parametrize("theme", [DARK, LIGHT, PROJECTOR], ids=lambda theme: theme.name)
def test_what_left_looks_like_nothing_that_trained(view, theme):
    view.set_theme(theme)
    answer(view, a_map())
    image = view.plot.grab().toImage()
    cool, warm = (image.pixelColor(place_of(view, share, 0.3)) for share in (0.2, 0.8))
    assert warm.red() > warm.blue() + 40
    assert cool.red() < warm.red()
