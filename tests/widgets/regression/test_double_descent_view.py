"""The view of double descent: it asks once for the same data, and shows the fit with as many features as are chosen."""

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QApplication

from engine.regression.double_descent import double_descent
from engine.scenes import scenes
from tests.widgets.asking import answer, shown
from tests.widgets.hand_made import one_parameter
from widgets.regression.double_descent_view import DoubleDescentView

SPEC = scenes()["regression/double-descent"]
FOUND = double_descent(SPEC.settings)


@pytest.fixture
def view(qtbot):
    view = shown(qtbot, DoubleDescentView())
    view.show_settings(SPEC.settings)
    frame = one_parameter()
    view.show_frame(frame)
    answer(view, frame, FOUND)
    return view


def test_it_begins_where_features_and_points_are_as_many_and_asks_once(view):
    assert view.words.text().startswith("15 features of 15 points")
    view.show_frame(one_parameter())
    assert view.asked == [("double_descent", {})]


def test_the_fit_is_that_of_the_features_that_are_pointed_at(qtbot, view):
    box = view.errors.getViewBox()
    at = view.errors.mapFromScene(box.mapViewToScene(QPointF(5.1, box.viewRange()[1][0] + 1)))
    moved = QMouseEvent(QEvent.MouseMove, QPointF(at), Qt.NoButton, Qt.NoButton, Qt.NoModifier)
    QApplication.sendEvent(view.errors.viewport(), moved)
    assert view.words.text().startswith("5 features")
    np.testing.assert_array_equal(view._fitted.getData()[1], FOUND.fits[4])


def test_the_arrow_keys_go_through_the_features(qtbot, view):
    view.errors.setFocus()
    for _ in range(3):
        qtbot.keyClick(view.errors, Qt.Key_Right)
    assert view.words.text().startswith("18 features")
    assert "smallest weights" in view.words.text()
    for _ in range(40):
        qtbot.keyClick(view.errors, Qt.Key_Left)
    assert view.words.text().startswith("1 feature of 15 points")
