"""A guess is drawn into the plots before the run; Play waits for it; afterwards the gap is said."""

import numpy as np
import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from engine.run.states import State
from tests.widgets.hand_made import one_parameter, race, regression, spec
from widgets.page.experiment_page import ExperimentPage
from widgets.pages import PAGES
from widgets.plotting.guess_layer import Kind


@pytest.fixture
def shown(qtbot):
    def show(scene, frame) -> ExperimentPage:
        run = spec(scene)
        page = ExperimentPage(run.experiment, type(run.settings), [run], PAGES[run.experiment])
        qtbot.addWidget(page)
        page.resize(1200, 760)
        page.show()
        page.show_spec(run)
        page.show_state(State.READY)
        page.show_frame(frame)
        return page

    return show


def draw(plot, *shares: tuple[float, float]) -> None:
    """Drag through these places, each a share of the plot's inner part."""
    for _ in range(3):  # the strip has come, or gone: everything gets its place
        QApplication.processEvents()
    box = plot.getViewBox().sceneBoundingRect()
    points = [
        plot.mapFromScene(box.x() + across * box.width(), box.y() + down * box.height()) for across, down in shares
    ]
    QTest.mousePress(plot.viewport(), Qt.LeftButton, Qt.NoModifier, points[0])
    for point in points:
        QTest.mouseMove(plot.viewport(), QPoint(point))
    QTest.mouseRelease(plot.viewport(), Qt.LeftButton, Qt.NoModifier, points[-1])


def layer_of(page: ExperimentPage, kind: Kind):
    return next(layer for layer in page.prediction.layers if layer.kind is kind)


@pytest.mark.parametrize(
    ("scene", "frame", "kind"),
    [
        ("landscape/learning-rates", one_parameter, Kind.ALONG),
        ("landscape/optimizer-race", race, Kind.PLACE),
        ("regression/tanh", regression, Kind.CURVE),
    ],
)
def test_a_hand_draws_into_the_picture_what_it_expects_and_moves_nothing_else(qtbot, shown, scene, frame, kind):
    page = shown(scene, frame())
    moved = []
    page.knob_changed.connect(lambda *knob: moved.append(knob))
    page.predict()
    layer = layer_of(page, kind)
    draw(layer.plot, (0.25, 0.5), (0.5, 0.25), (0.75, 0.5))
    (left, right), (low, high) = layer.plot.getViewBox().viewRange()
    x, y = (layer.value[-1] if kind is Kind.CURVE else [*layer.value, (low + high) / 2])[:2]
    assert x == pytest.approx(left + 0.75 * (right - left), abs=0.01 * (right - left))
    assert y == pytest.approx((low + high) / 2, abs=0.01 * (high - low))
    assert not moved, "no ball is dragged, no point is added"
    page.prediction.end()
    draw(layer.plot, (0.5, 0.5))
    assert layer.value is not None
    assert not page.prediction.layers


def test_play_waits_for_a_guess_and_says_so(qtbot, shown):
    page = shown("regression/tanh", regression())
    page.predict()
    with qtbot.assertNotEmitted(page.play_requested):
        page.toggle_play()
    assert "First your guess" in page.prediction.words.text()
    draw(page.cost_plot.plot, (0.5, 0.4))
    with qtbot.waitSignal(page.play_requested):
        page.toggle_play()


def test_the_gap_is_said_in_numbers_and_a_line_is_the_persons_to_write(qtbot, shown):
    frame = regression()
    page = shown("regression/tanh", frame)
    page.predict()
    layer = layer_of(page, Kind.CURVE)
    layer.show_value(np.stack([frame.picture.x, frame.picture.prediction + 0.5], axis=1))
    layer_of(page, Kind.HEIGHT).show_value([0.125])
    page.toggle_play()
    page.show_state(State.RUNNING)
    page.show_frame(frame)
    page.show_state(State.FINISHED)
    words = page.prediction.words.text()
    assert "cost 0.125" in words
    assert "0.5 from the fit" in words
    with qtbot.waitSignal(page.prediction.why_written) as written:
        page.prediction.why.setText("too few <epochs>")
        qtbot.keyClick(page.prediction.why, Qt.Key_Return)
    assert written.args == ["too few <epochs>"]
    assert "&lt;epochs&gt;" in page.prediction.words.text()


def test_a_curve_is_drawn_over_where_the_hand_goes_back(qtbot, shown):
    page = shown("regression/tanh", regression())
    page.predict()
    layer = layer_of(page, Kind.CURVE)
    draw(layer.plot, (0.2, 0.5), (0.8, 0.5), (0.5, 0.2))
    assert (np.diff(layer.value[:, 0]) > 0).all()
    assert len(layer.value) == 2
