"""The painting page's views, driven by hand-made frames and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QPushButton, QWidget

from engine.analysis.cost_surface import CostSurface, Position
from engine.frames import Analysis
from engine.painting.picture import LayerPicture, Montage, Render, Rival, Source, Thumbnails, Worst
from tests.widgets.hand_made import painting, spec
from tests.widgets.hand_made import surface as a_terrain
from widgets.page.background_answer import Pace
from widgets.painting.painting_view import PaintingView
from widgets.painting.zoom_window import WHOLE, dragged, seen_in, zoomed
from widgets.style.theme import THEMES

RANDOM = np.random.default_rng(1)


def pixels(*shape: int) -> np.ndarray:
    return RANDOM.integers(0, 255, (*shape, 3), dtype=np.uint8)


def with_picture(view: str = "painting", **changes):
    """A moment that was measured for this view."""
    frame = painting(steps=810)
    return replace(frame, picture=replace(frame.picture, **changes), view=view)


def layers(**changes) -> LayerPicture:
    given = {
        "layer": 2,
        "depth": 4,
        "neurons": RANDOM.integers(0, 255, (20, 16, 16), dtype=np.uint8),
        "low": np.zeros(20),
        "high": np.ones(20),
        "incoming": RANDOM.normal(size=(20, 20)),
        "bias": np.zeros(20),
        "outgoing": RANDOM.normal(size=(20, 3)),
        "off": np.arange(20) == 3,
        "readouts": pixels(4, 16, 16),
    }
    return LayerPicture(**(given | changes))


@pytest.fixture
def view(qtbot):
    view = PaintingView()
    qtbot.addWidget(view)
    view.set_theme(THEMES["dark"])
    view.resize(840, 330)
    view.show_settings(spec("painting/astronaut").settings)
    view.show()
    return view


def look_at(view, name: str, scene: str = "painting/astronaut") -> None:
    view.show_settings(spec(scene).with_knobs({"view": name}).settings)


def said(view):
    """Every intent of the view, as it comes."""
    heard = []
    view.knob_changed.connect(lambda *what: heard.append(("knob", *what)))
    view.action_requested.connect(lambda *what: heard.append(("action", *what)))
    view.analysis_requested.connect(lambda *what: heard.append(("analysis", *what)))
    return heard


def click(widget: QWidget, place: QPoint, double: bool = False) -> None:
    (QTest.mouseDClick if double else QTest.mouseClick)(widget, Qt.LeftButton, Qt.NoModifier, place)


def test_the_worst_place_is_framed_and_named(qtbot, view):
    view.show_frame(with_picture(worst=Worst(8, 16, 8, 77.0)))
    qtbot.waitUntil(lambda: "worst" in view.named("painting").squares.captions()[2])
    assert "77" in view.named("painting").squares.captions()[2]
    mark = view.named("painting").squares._marks[2]
    assert (mark.left(), mark.top(), mark.width()) == (0.25, 0.125, 0.125)


def test_switched_off_neurons_are_said_over_the_painting(qtbot, view):
    view.show_frame(with_picture(switched_off=4))
    qtbot.waitUntil(lambda: "4 neurons off" in view.named("painting").squares.captions()[1])


def test_a_race_stands_side_by_side_with_the_target(qtbot, view):
    rival = Rival(pixels(64, 64), 13.5, "6 × 64", "1 × 3531", (21_187, 21_189))
    view.show_frame(with_picture(rival=rival))
    qtbot.waitUntil(lambda: view.named("painting").squares.captions()[2] == "wide 1 × 3531 · 13.5 dB")
    assert view.named("painting").squares.captions()[0] == "target · about 21,187 numbers each"
    assert view.named("painting").squares.captions()[1].startswith("deep 6 × 64")


def test_the_divider_follows_the_hand_and_the_arrow_keys(qtbot, view):
    look_at(view, "divider")
    view.show_frame(painting())
    divided = view.named("divider").divided
    assert divided.isVisible()
    place = divided.place()
    assert place.width() == place.height()
    assert place.width() % 64 == 0, "crisp pixels"
    click(divided, QPoint(place.left() + place.width() // 4, place.center().y()))
    assert divided.share() == pytest.approx(0.25, abs=0.01)
    divided.setFocus()
    QTest.keyClick(divided, Qt.Key_Right)
    assert divided.share() == pytest.approx(0.30, abs=0.01)
    click(divided, QPoint(divided.width() - 1, place.center().y()))
    assert divided.share() == 1


def test_a_neuron_is_clicked_to_be_seen_large_and_double_clicked_to_be_switched(qtbot, view):
    heard = said(view)
    look_at(view, "layers")
    view.show_frame(with_picture("layers", layers=layers()))
    grid = view.named("layers").findChild(QWidget, "neurons")
    assert grid.isVisible()
    assert grid.count() == 20
    edges = {(place.width(), place.height()) for place in grid.places()}
    assert len(edges) == 1, "equal tiles"
    assert all(grid.rect().contains(place) for place in grid.places())
    click(grid, grid.places()[7].center())
    assert view.named("layers").neuron() == 7
    QTest.keyClick(grid, Qt.Key_Left)
    assert view.named("layers").neuron() == 6
    click(grid, grid.places()[5].center(), double=True)
    assert ("action", "switch_neuron", {"layer": 2, "neuron": 5, "on": False}) in heard
    click(grid, grid.places()[3].center(), double=True)
    assert ("action", "switch_neuron", {"layer": 2, "neuron": 3, "on": True}) in heard


def test_a_layer_is_chosen_by_its_picture_and_all_neurons_come_back_by_a_button(qtbot, view):
    heard = said(view)
    look_at(view, "layers")
    view.show_frame(with_picture("layers", layers=layers()))
    strip = view.named("layers").findChild(QWidget, "readouts")
    click(strip, strip.places()[3].center())
    assert heard == [("knob", "layer", 4)]
    everything = view.named("layers").findChild(QPushButton, "all_neurons_on")
    qtbot.waitUntil(everything.isEnabled)
    everything.click()
    assert heard[-1] == ("action", "switch_neuron", {"all_on": True})


def test_with_fewer_neurons_the_chosen_one_is_still_there(view):
    look_at(view, "layers")
    view.show_frame(with_picture("layers", layers=layers()))
    view.named("layers")._choose(19)
    few = layers(neurons=np.zeros((4, 16, 16), np.uint8), low=np.zeros(4), high=np.zeros(4), off=np.zeros(4, bool))
    view.show_frame(with_picture("layers", layers=few))
    assert view.named("layers").neuron() == 3


def test_zooming_keeps_the_point_under_the_mouse():
    window = zoomed(WHOLE, 0.5, 0.25, 0.75)
    assert window == (0.375, 0.125, 0.5, 0.5)
    assert zoomed(WHOLE, 1e-30, 0.5, 0.5)[3] > 0
    assert zoomed(WHOLE, 1e30, 0.5, 0.5)[3] < 100
    top, left, _, _ = dragged(WHOLE, 0.25, 0.5)
    assert (top, left) == (-0.5, -0.25)
    assert seen_in(WHOLE, (-1.0, -1.0, 3.0, 3.0)) == pytest.approx((1 / 3, 1 / 3, 1 / 3, 1 / 3))


def _zooming(view):
    look_at(view, "function")
    view.show_frame(painting())


def _answer(view, arguments):
    render = Render(pixels(8, 8), arguments["window"], (pixels(8, 8), pixels(8, 8)))
    view.show_analysis(Analysis(1, 10, "render", arguments, render))


def test_the_zoom_asks_for_what_it_shows_and_again_when_the_wheel_turns(qtbot, view):
    heard = said(view)
    _zooming(view)
    kind, name, arguments = heard[0]
    assert (kind, name, arguments["window"]) == ("analysis", "render", WHOLE)
    assert arguments["size"][0] == arguments["size"][1] > 100
    panes = view.named("function").findChild(QWidget, "zoom_panes")
    middle = QPointF(panes._places()[0].center())
    wheel = QWheelEvent(
        middle, panes.mapToGlobal(middle.toPoint()), QPoint(), QPoint(0, 240), Qt.NoButton, Qt.NoModifier,
        Qt.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(panes, wheel)
    assert view.named("function").window_shown()[3] == pytest.approx(0.64)
    assert len(heard) == 1, "one question at a time"
    _answer(view, arguments)
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[1][2]["window"] == view.named("function").window_shown()
    _answer(view, heard[1][2])
    view.named("function").show_whole()
    qtbot.waitUntil(lambda: heard[-1][2]["window"] == WHOLE)


def test_the_three_panes_are_equal_squares(view):
    _zooming(view)
    panes = view.named("function").findChild(QWidget, "zoom_panes")
    places = panes._places()
    assert len({(place.width(), place.height()) for place in places}) == 1
    assert places[0].width() == places[0].height()
    assert all(panes.rect().contains(place) for place in places)


def test_saving_a_render_asks_for_a_large_one(view):
    heard = said(view)
    _zooming(view)
    view.named("function").save("/somewhere/painting.png")
    assert heard[-1][2]["size"] == (1024, 1024)
    assert heard[-1][2]["save_to"] == "/somewhere/painting.png"


def test_a_picture_of_another_shape_than_the_montage_keeps_its_own(view):
    look_at(view, "many", "painting/many")
    view.show_frame(with_picture("many", montage=Montage(pixels(20, 30), pixels(20, 30), 5, 3, 10, 1.0000001)))
    first, _, last = view.named("many").squares.places()
    assert first.width() == pytest.approx(1.5 * first.height(), abs=2)
    assert last.width() == last.height() <= first.height()


def test_many_pictures_are_walked_by_slider_and_by_click(qtbot, view):
    heard = said(view)
    montage = Montage(pixels(30, 30), pixels(30, 30), 9, 3, 10, 2.5)
    look_at(view, "many", "painting/many")
    view.show_frame(with_picture("many", montage=montage))
    qtbot.waitUntil(lambda: view.named("many").squares.captions()[2] == "between 3 and 4")
    slider = view.named("many").findChild(QWidget, "walk")
    slider.setValue(500)
    assert heard[-1] == ("knob", "walk", 0.5)
    squares = view.named("many").squares
    place = squares.places()[1]
    click(squares, place.topLeft() + QPoint(place.width() - 4, place.height() - 4))
    assert heard[-1] == ("knob", "walk", 1.0)
    walk = view.named("many").findChild(QPushButton, "walk_on")
    walk.click()
    qtbot.waitUntil(lambda: 0 < heard[-1][2] < 0.2)
    view.show_frame(painting())
    assert not walk.isChecked(), "nobody walks where nobody looks"


def test_the_gallery_offers_pictures_and_a_click_paints_one(qtbot, view):
    heard = said(view)
    gallery = view.gallery
    gallery.setParent(None)
    qtbot.addWidget(gallery)
    gallery.resize(290, 320)
    gallery.show()
    view.show_frame(painting())
    assert ("analysis", "thumbnails", {}) in heard
    view.show_analysis(
        Analysis(1, 0, "thumbnails", {}, Thumbnails({"astronaut": pixels(8, 8), "coffee": pixels(8, 8)}))
    )
    grid = gallery.findChild(QWidget, "gallery")
    assert grid._chosen == 0, "the astronaut is what is painted"
    view.show_settings(spec("painting/astronaut").with_knobs({"image_file": "mine.png", "crop_zoom": 2}).settings)
    assert grid._chosen == -1
    heard.clear()
    click(grid, grid.places()[1].center())
    assert ("knob", "image_file", "") in heard
    assert ("knob", "crop_zoom", 1.0) in heard
    assert heard[-1] == ("knob", "image", "coffee")


def test_the_crop_goes_where_it_is_clicked_and_stays_within_the_picture(qtbot, view):
    gallery = view.gallery
    gallery.setParent(None)
    qtbot.addWidget(gallery)
    heard = said(view)
    gallery.resize(290, 320)
    gallery.show()
    view.show_frame(with_picture(source=Source(pixels(40, 80), "wide.png")))
    preview = gallery.findChild(QWidget, "crop_preview")
    heard.clear()
    square = preview.part().toRect()
    click(preview, QPoint(preview.width() - 2, square.center().y()))
    assert heard == [("knob", "crop_x", 1.0)], "as far right as there is picture"
    assert preview.part().right() <= preview.width()


def test_the_landscape_asks_for_its_slice_and_a_click_puts_the_network_there(qtbot, view):
    heard = said(view)
    look_at(view, "landscape")
    view.show_frame(with_picture("landscape"))
    assert heard == [("analysis", "surface", {"directions": "main"})]
    made = CostSurface(a_terrain(), np.zeros(2), np.eye(2), ("α", "β"), "Slice: random directions", False, None, 196)
    there = Position(made, np.array([[-0.5, 0.5], [0.0, 0.0]]), np.array([2.0, 1.0]))
    view.show_analysis(Analysis(1, 0, "surface", {"directions": "main"}, there))
    view.show_frame(with_picture("landscape", position=there))
    assert view.named("landscape").surface.surface() is made
    QApplication.processEvents()
    port = view.named("landscape").surface.map.viewport()
    heard.clear()
    click(port, view.named("landscape").surface.map.balls()[0].toPoint() + QPoint(60, 20))
    assert [what[:2] for what in heard] == [("action", "place")]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [(300, 120), (840, 330), (1500, 620)])
def test_every_view_draws_at_every_size_in_every_theme(view, theme, size):
    view.set_theme(THEMES[theme])
    view.resize(*size)
    montage = Montage(pixels(30, 30), pixels(30, 30), 9, 3, 10, 2.0)
    for name in ("painting", "layers", "many", "divider", "function", "landscape"):
        look_at(view, name, "painting/many")
        view.show_frame(with_picture(name, layers=layers(), montage=montage))
        assert view.current() == name
        assert not view.grab().isNull()


def test_another_view_is_there_at_once_where_the_newest_moment_brings_what_it_shows(view):
    view.show_frame(painting())
    look_at(view, "divider")
    assert view.named("divider").divided.isVisible(), "no frame has come in between"
    look_at(view, "layers")
    assert view.named("divider").divided.isVisible(), "no neurons are known yet"
    view.show_frame(painting())
    assert view.named("divider").divided.isVisible()
    view.show_frame(with_picture("layers", layers=layers()))
    assert view.named("layers").isVisible()
    look_at(view, "painting")
    assert view.named("painting").squares.isVisible()


def test_the_layers_are_looked_into_again_for_the_last_moment_of_a_run_at_a_stand(qtbot, view):
    view._inside.pace = Pace(between=0.2)
    with qtbot.waitSignal(view.analysis_requested, check_params_cb=lambda name, _: name == "inside"):
        view.show_frame(painting(steps=100))
    view.show_analysis(Analysis(1, 100, "inside", {}))
    with qtbot.waitSignal(view.analysis_requested, check_params_cb=lambda name, _: name == "inside"):
        view.show_frame(painting(steps=200))
    view.show_analysis(Analysis(1, 200, "inside", {}))
    with qtbot.assertNotEmitted(view.analysis_requested, wait=500):
        view.show_frame(painting(steps=200))


class TestAWidePicture:
    """Twice as wide as high, wherever it is shown."""

    @pytest.fixture
    def wide(self, view):
        target, painted, error = pixels(16, 32), pixels(16, 32), pixels(16, 32)[..., 0]
        view.show_settings(spec("painting/astronaut").with_knobs({"shape": "whole"}).settings)
        frame = with_picture(target=target, painting=painted, error=error, worst=Worst(14, 30, 2, 90.0))
        view.show_frame(frame)
        return view, frame

    def test_the_three_stand_beside_each_other_in_its_shape_with_the_mark_inside(self, qtbot, wide):
        squares = wide[0].named("painting").squares
        assert all(abs(place.width() - 2 * place.height()) <= 2 for place in squares.places())
        qtbot.waitUntil(lambda: squares._marks[2] is not None)
        mark = squares._marks[2]
        assert (mark.right(), mark.bottom()) == pytest.approx((1.0, 1.0))

    def test_the_zoom_asks_for_its_shape_and_drags_as_far_as_the_hand(self, wide):
        view, frame = wide
        heard = said(view)
        look_at(view, "function")
        view.show_frame(replace(frame, view="function"))
        asked = next(arguments for what, name, arguments in heard if (what, name) == ("analysis", "render"))
        rows, columns = asked["size"]
        assert columns == pytest.approx(2 * rows, abs=1)
        panes = view.named("function").findChild(QWidget, "zoom_panes")
        size = panes.size_of_one()
        assert abs(size.width() - 2 * size.height()) <= 2
        begin = panes._places()[0].center()
        QTest.mousePress(panes, Qt.LeftButton, Qt.NoModifier, begin)
        end = QPointF(begin + QPoint(size.width() // 4, size.height() // 4))
        QApplication.sendEvent(panes, QMouseEvent(QEvent.MouseMove, end, Qt.NoButton, Qt.LeftButton, Qt.NoModifier))
        QTest.mouseRelease(panes, Qt.LeftButton, Qt.NoModifier, end.toPoint())
        assert view.named("function").window_shown()[:2] == pytest.approx((-0.25, -0.25), abs=0.03)

    def test_under_the_divider_it_has_its_shape(self, wide):
        view, frame = wide
        look_at(view, "divider")
        view.show_frame(replace(frame, view="divider"))
        place = view.named("divider").divided.place()
        assert abs(place.width() - 2 * place.height()) <= 2

    def test_so_have_its_neurons(self, wide):
        view, frame = wide
        look_at(view, "layers")
        seen = layers(neurons=pixels(20, 16, 32)[..., 0], readouts=pixels(4, 16, 32))
        view.show_frame(replace(frame, picture=replace(frame.picture, layers=seen), view="layers"))
        grid = view.named("layers").findChild(QWidget, "neurons")
        assert all(place.width() > 1.7 * place.height() for place in grid.places())

    def test_the_crop_has_its_shape(self, qtbot, wide):
        view, frame = wide
        gallery = view.gallery
        gallery.setParent(None)
        qtbot.addWidget(gallery)
        gallery.resize(290, 320)
        gallery.show()
        gallery.show_settings(spec("painting/astronaut").with_knobs({"shape": "whole", "crop_zoom": 2}).settings)
        view.show_frame(replace(frame, picture=replace(frame.picture, source=Source(pixels(40, 80), "wide.png"))))
        part = gallery.findChild(QWidget, "crop_preview").part()
        assert part.width() == pytest.approx(2 * part.height(), abs=1)
