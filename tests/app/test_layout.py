"""Nothing lies outside the window, nothing is cut, and the picture has its share: at every size and in every theme.

With frames made by hand, and no window manager; ``check_layout`` asks the same on real screens, of every view.
"""

from __future__ import annotations

import pytest
from PyQt5.QtCore import QSize, Qt
from PyQt5.QtTest import QTest

from app.window.window import MainWindow
from engine.frames import Frame
from engine.run.spec import RunSpec
from tests.app.layout_faults import faults
from tests.widgets.hand_made import basins, one_parameter, painting, race, regression, spec
from widgets.page.side_dock import Fold
from widgets.plotting.throttle import Throttle
from widgets.style.application import apply_theme
from widgets.style.theme import DARK, THEMES

SIZES = [(960, 527), (1280, 720)]  # the other screens are looked at by check_layout
MOMENTS = (
    ("landscape/learning-rates", one_parameter),
    ("landscape/optimizer-race", race),
    ("landscape/basins", basins),
    ("regression/tanh", regression),
    ("painting/astronaut", painting),
)


@pytest.fixture
def window(qapp, qtbot):
    apply_theme(qapp, DARK)
    made = MainWindow(DARK)
    qtbot.addWidget(made)
    made.show()
    yield made
    apply_theme(qapp, DARK)


def _dress(qapp, window: MainWindow, theme, size: tuple[int, int]) -> None:
    fitted = theme.fitted(size[1])
    if fitted != window.theme:
        apply_theme(qapp, fitted)
        window.set_theme(fitted)
    window.resize(*size)


def _show(qapp, window: MainWindow, shown: RunSpec, frame: Frame) -> None:
    window.show_page(shown.experiment)
    page = window.page
    page.show_spec(shown)
    page.show_title(shown)
    page.show_frame(frame)
    for throttle in page.findChildren(Throttle):
        throttle.flush()
    for _ in range(2):  # a scroll bar that comes has a layout follow it
        qapp.processEvents()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_everything_is_inside_whole_and_large_enough(qapp, window, theme):
    moments = [(spec(scene), made()) for scene, made in MOMENTS]
    found = {}
    for size in SIZES:
        _dress(qapp, window, theme, size)
        for shown, frame in moments:
            _show(qapp, window, shown, frame)
            assert window.size() == QSize(*size), "the window has grown by itself"
            found[shown.scene, size] = faults(window, window.page, frame)
    assert not {where: told for where, told in found.items() if told}


def test_what_is_outside_or_cut_is_told(qapp, window):
    """The look itself sees what it is for."""
    _dress(qapp, window, DARK, (1280, 720))
    frame = regression()
    _show(qapp, window, spec("regression/tanh"), frame)
    page = window.page
    play = page.transport.findChild(type(page.transport._play), "play")
    before = play.geometry()
    play.setFixedWidth(30)
    qapp.processEvents()
    assert any("play" in fault and "px of text" in fault for fault in faults(window, page, frame))
    play.setFixedWidth(before.width())
    qapp.processEvents()
    play.move(page.width(), before.top())
    assert any("play" in fault and "outside" in fault for fault in faults(window, page, frame))
    play.move(before.topLeft())
    page.cost_plot.setGeometry(0, 0, page.cost_plot.width(), 90)
    qapp.processEvents()
    assert any("inside its axes" in fault for fault in faults(window, page, frame))


@pytest.mark.parametrize("size", [(1280, 720), (1024, 600)], ids=lambda size: "x".join(map(str, size)))
def test_nothing_that_can_be_clicked_moves_when_a_message_comes(qapp, window, size):
    _dress(qapp, window, DARK, size)
    _show(qapp, window, spec("regression/tanh"), regression())
    page = window.page

    def places():
        bar = page.view_bar
        return bar.mapTo(window, bar.rect().topLeft()), bar.size(), page.view.geometry(), page.transport.geometry()

    before = places()
    page.show_problem("The cost left the number range: the learning rate 500 is too large here. Press R, or halve it.")
    qapp.processEvents()
    assert places() == before
    page.forget_problem()
    page.show_note("Compiling the training step …")
    qapp.processEvents()
    assert places() == before
    page.show_note("")


def test_the_words_of_the_side_panels_stay_where_they_are_whatever_is_open(qapp, window):
    _dress(qapp, window, DARK, (1280, 720))
    _show(qapp, window, spec("landscape/optimizer-race"), race())
    tabs = window.page.side_tabs
    button = tabs.findChild(type(next(iter(tabs._buttons.values()))), "tab_why")
    seen = set()
    for word in ("", *tabs.words(), ""):
        tabs.open(word)
        qapp.processEvents()
        place = button.mapTo(window, button.rect().topLeft())
        seen.add((place.x(), place.y()))
    assert len(seen) == 1


def test_f9_folds_the_panels_away_and_brings_them_back(qapp, window):
    _dress(qapp, window, DARK, (1280, 720))
    _show(qapp, window, spec("landscape/optimizer-race"), race())
    page = window.page
    picture = page.view.width()
    assert page.dock.fold is Fold.DOCKED
    window._panels()
    qapp.processEvents()
    assert page.dock.fold is Fold.FOLDED
    assert not page.knob_panel.isVisible()
    assert page.view.width() > picture + 200
    window.show_page("regression")
    qapp.processEvents()
    assert window.page.dock.fold is Fold.FOLDED, "it is the person's wish for every page"
    window._panels()
    window.show_page("landscape")
    qapp.processEvents()
    assert page.dock.fold is Fold.DOCKED
    assert page.view.width() == picture


def test_where_there_is_no_room_beside_the_picture_the_panels_come_over_it_and_move_nothing(qapp, window):
    _dress(qapp, window, DARK, (1024, 575))
    _show(qapp, window, spec("painting/astronaut"), painting())
    page = window.page
    assert page.dock.fold is Fold.FOLDED
    before = page.view.geometry()
    window._panels()
    qapp.processEvents()
    assert page.dock.fold is Fold.OVERLAY
    assert page.knob_panel.isVisible()
    assert page.view.geometry() == before
    page.setFocus()
    QTest.keyClick(window, Qt.Key_Escape)
    qapp.processEvents()
    assert page.dock.fold is Fold.FOLDED


def test_a_projector_in_full_screen_gives_everything_to_the_picture(qapp, window):
    _dress(qapp, window, THEMES["projector"], (1280, 720))
    _show(qapp, window, spec("landscape/optimizer-race"), race())
    assert window.menuBar().isVisible()
    window.showFullScreen()
    qapp.processEvents()
    page = window.page
    assert not window.menuBar().isVisible()
    assert page.dock.fold is Fold.FOLDED
    window._panels()
    assert page.dock.fold is Fold.OVERLAY
    window.showNormal()
    qapp.processEvents()
    assert window.menuBar().isVisible()
    assert page.dock.fold is not Fold.OVERLAY


def test_the_projectors_letters_are_a_share_of_its_height():
    projector = THEMES["projector"]
    assert projector.fitted(720) == projector
    assert projector.fitted(1008).text_size > projector.text_size
    assert projector.fitted(600).text_size < projector.text_size
    assert all(theme.fitted(600) is theme for name, theme in THEMES.items() if name != "projector")
