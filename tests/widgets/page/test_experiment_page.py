"""A page passes intents up and draws what comes down."""

import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QImage
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QLabel, QPushButton, QTableWidget, QWidget

from engine.experiments import EXPERIMENTS
from engine.lanes import Lane, Overlay
from engine.run.states import State
from engine.scenes import heading, scenes
from tests.widgets.hand_made import one_parameter, painting, race, regression, spec
from widgets.page.experiment_page import ExperimentPage
from widgets.page.rail import Rail, RailEntry
from widgets.pages import PAGES
from widgets.style.application import apply_theme
from widgets.style.theme import DARK, LIGHT

DIVERGED = "The cost left the number range: the learning rate 500 is too large here. Press R, or halve it."


def _page(qtbot, experiment: str) -> ExperimentPage:
    own = [scene for scene in scenes().values() if scene.experiment == experiment]
    page = ExperimentPage(experiment, EXPERIMENTS[experiment].settings, own, PAGES[experiment])
    qtbot.addWidget(page)
    page.resize(1174, 696)
    page.show_spec(own[0])
    page.show()
    return page


@pytest.fixture
def page(qtbot) -> ExperimentPage:
    return _page(qtbot, "painting")


@pytest.mark.parametrize(
    ("experiment", "frame"), [("landscape", one_parameter), ("regression", regression), ("painting", painting)]
)
def test_a_page_takes_any_frame_of_its_experiment_and_fits_its_window(qtbot, experiment, frame):
    page = _page(qtbot, experiment)
    page.show_frame(frame())
    page.show_state(State.RUNNING, "")
    assert page.objectName() == f"page_{experiment}"
    assert page.view.isVisible()
    assert page.minimumSizeHint().width() <= 1174
    assert page.minimumSizeHint().height() <= 696


def test_before_the_first_frame_the_page_says_what_it_waits_for(page):
    page.show_state(State.LOADING, "")
    waiting = page.findChild(QLabel, "waiting")
    assert waiting.isVisible()
    assert waiting.text() == "TensorFlow is loading …"
    page.show_frame(painting())
    assert not waiting.isVisible()


@pytest.mark.parametrize(
    ("state", "word"),
    [(State.READY, "Play"), (State.RUNNING, "Pause"), (State.PAUSED, "Play"), (State.FINISHED, "Go on")],
)
def test_the_play_button_says_what_a_press_would_do(page, state, word):
    page.show_state(state, "")
    assert page.findChild(QPushButton, "play").text() == word


def test_in_the_past_the_step_says_of_how_many_and_they_go_on_growing(qtbot, page):
    lane = Lane(1, "as it is", "A scene", end=90, is_active=True)
    counter = page.findChild(QLabel, "counter")
    page.show_frame(replace(painting(), step=40, epoch=0))
    page.show_lanes((lane,))
    page.show_now(90)
    page.show_moment(1, 40, False)
    qtbot.waitUntil(lambda: counter.text() == "step 40 of 90")
    page.show_now(1_200)
    qtbot.waitUntil(lambda: counter.text() == "step 40 of 1,200")
    page.show_present()
    qtbot.waitUntil(lambda: counter.text() == "step 40")


def test_two_paintings_stand_under_the_divider_the_selected_run_on_the_left(qtbot, page):
    page.show_spec(spec("painting/astronaut").with_knobs({"view": "divider"}))
    page.show_frame(painting())
    view = page.view.named("divider")
    lanes = tuple(Lane(n, f"run {n}", "A scene", style=n, end=90, is_active=n == 1) for n in (1, 2, 3))
    page.show_lanes(lanes)
    page.toggle_panels()  # over the picture, where there is no room beside it
    page.side_tabs.open("Runs")
    page.show_overlays(tuple(Overlay(lane, painting(done=0.1)) for lane in lanes[1:]))
    qtbot.waitUntil(lambda: view.divided._captions[0].startswith("run 3"))
    page.findChild(QTableWidget, "runs_table").setCurrentCell(1, 0)
    qtbot.waitUntil(lambda: view.divided._captions[0].startswith("run 2"))
    page.show_overlays((Overlay(lanes[1], painting(side=32)),))
    qtbot.waitUntil(lambda: view.divided._captions[0] == "target")


def test_the_transport_never_moves(page):
    places = set()
    for state in State:
        page.show_state(state, "")
        page.show_frame(replace(painting(), step=len(places)))
        names = ("reset", "step", "play", "speed")
        page.transport.layout().activate()
        places.add(tuple(page.findChild(QWidget, name).geometry().getRect() for name in names))
    assert len(places) == 1


def test_play_asks_to_play_and_while_running_to_pause(qtbot, page):
    page.show_state(State.READY, "")
    with qtbot.waitSignal(page.play_requested):
        page.findChild(QPushButton, "play").click()
    page.show_state(State.RUNNING, "")
    with qtbot.waitSignal(page.pause_requested):
        page.findChild(QPushButton, "play").click()


def test_step_and_reset_ask_and_shift_makes_it_an_epoch(qtbot, page):
    page.show_state(State.PAUSED, "")
    with qtbot.waitSignal(page.step_requested):
        qtbot.mouseClick(page.findChild(QPushButton, "step"), Qt.LeftButton)
    with qtbot.waitSignal(page.epoch_requested):
        qtbot.mouseClick(page.findChild(QPushButton, "step"), Qt.LeftButton, Qt.ShiftModifier)
    with qtbot.waitSignal(page.reset_requested):
        qtbot.mouseClick(page.findChild(QPushButton, "reset"), Qt.LeftButton)


def test_speed_is_a_knob_like_any_other(qtbot, page):
    with qtbot.waitSignal(page.knob_changed) as heard:
        page.findChild(QWidget, "speed").setValue("20")
    assert heard.args == ["speed", "20"]


def test_a_message_is_shown_without_moving_the_picture(page):
    page.show_frame(painting())
    page.show_state(State.RUNNING, "")
    before = page.view.geometry()
    page.show_state(State.DIVERGED, DIVERGED)
    page.layout().activate()
    assert page.findChild(QLabel, "message").isVisible()
    assert page.header.message() == DIVERGED
    assert page.view.geometry() == before
    page.show_state(State.READY, "")
    assert page.header.message() == ""


def test_the_status_line_never_says_nan(qtbot, page):
    page.show_frame(replace(painting(), cost=float("nan"), metrics={"psnr_db": float("nan"), "mae": float("inf")}))
    numbers = page.findChild(QLabel, "numbers")
    qtbot.waitUntil(lambda: "cost —" in numbers.text())
    assert "nan" not in numbers.text()
    assert "inf" not in numbers.text()


def test_numbers_in_text_are_refreshed_five_times_a_second_at_most_and_the_last_one_is_shown(qtbot, page):
    counter = page.findChild(QLabel, "counter")
    frame = painting(steps=200)
    shown = []
    began = time.monotonic()
    for step in range(100):
        page.show_frame(replace(frame, step=step, epoch=0))
        shown.append(counter.text())
    assert len(set(shown)) <= 2 + 5 * (time.monotonic() - began), "what was there, the first one, and five a second"
    qtbot.waitUntil(lambda: counter.text() == "step 99")


def test_what_is_shown_comes_from_the_spec(page):
    page.show_spec(spec("painting/homework"))
    page.show_title(spec("painting/homework"))
    labels = [label.text() for label in page.header.findChildren(QLabel)]
    assert "The homework picture" in labels
    assert page.findChild(QWidget, "width").value() == 20
    assert page.findChild(QWidget, "scene").value() == "painting/homework"


def test_showing_a_spec_asks_for_nothing(page):
    asked = []
    page.knob_changed.connect(lambda name, value: asked.append(name))
    page.scene_requested.connect(asked.append)
    for scene in ("painting/homework", "painting/astronaut"):
        page.show_spec(spec(scene))
    assert asked == []


def test_a_frame_older_than_the_last_one_is_shown_all_the_same(page):
    page.show_frame(painting(steps=5_000))
    page.show_frame(painting(steps=1_000))
    assert page.cost_plot._lines[0].data.x.max() == pytest.approx(999 / 81, abs=0.1)


def test_the_same_items_draw_every_frame(page):
    frame = painting()
    page.show_frame(frame)
    items = set(map(id, page.cost_plot._plot.scene().items()))
    for step in range(5):
        page.show_frame(replace(frame, step=step, cost=np.float64(step)))
    assert set(map(id, page.cost_plot._plot.scene().items())) == items


def test_the_rail_names_its_pages_in_full_and_asks_for_them(qtbot):
    rail = Rail([RailEntry(name, entry.label, entry.icon) for name, entry in EXPERIMENTS.items()])
    qtbot.addWidget(rail)
    rail.set_theme(DARK)
    rail.resize(rail.width(), 600)
    rail.show()
    with qtbot.waitSignal(rail.page_requested) as heard:
        rail.findChild(QWidget, "rail_regression").click()
    assert heard.args == ["regression"]
    for name in ("landscape", "regression", "painting"):
        button = rail.findChild(QWidget, f"rail_{name}")
        assert button.fontMetrics().horizontalAdvance(button.text()) < button.width()


def test_what_could_not_be_done_outlives_the_runs_end_and_goes_when_the_person_goes_on(page):
    page.show_problem("This file is empty.")
    page.show_state(State.FINISHED, "Stopped after epoch 300: the cost changed by less than 1e-06.")
    assert page.header.message() == "This file is empty."
    page.knob_changed.emit("learning_rate", 0.1)
    assert page.header.message() == ""


def test_how_far_work_beside_the_run_has_got_comes_back_after_a_note(page):
    page.show_work("Painting for the files: epoch 3 of 500")
    page.show_note("Preparing depth 4 …")
    page.show_work("Painting for the files: epoch 4 of 500")
    assert page.header.note() == "Preparing depth 4 …"
    page.show_note("")
    assert page.header.note() == "Painting for the files: epoch 4 of 500"
    page.show_work("")
    assert page.header.note() == ""


@pytest.mark.parametrize("width", [500, 700, 900, 1300])
def test_a_note_is_seen_however_little_room_there_is(page, width):
    page.show_title(spec("painting/astronaut").with_knobs({"depth": 4}))
    page.show_note("Compiling the training step …")
    page.header.resize(width, page.header.height())
    page.header.make_room()
    labels = page.header.findChildren(QLabel)
    seen = [label.text() for label in labels if label.isVisibleTo(page.header)]
    assert any(text.startswith("Compiling") for text in seen)
    page.show_note("")
    assert not any(label.text().startswith("Compiling") for label in labels)


def test_news_of_what_was_done_are_calm_and_go_when_the_person_goes_on(page):
    label = page.header.findChild(QLabel, "message")
    page.show_notice("render.png is saved.")
    page.show_state(State.RUNNING)
    assert (page.header.message(), label.property("role")) == ("render.png is saved.", "notice")
    page.knob_changed.emit("learning_rate", 0.1)
    assert page.header.message() == ""


def test_the_end_of_a_run_is_news_and_a_diverged_run_is_a_fault(page):
    label = page.header.findChild(QLabel, "message")
    page.show_state(State.FINISHED, "Stopped after epoch 300.")
    assert (label.text(), label.property("role")) == ("Stopped after epoch 300.", "notice")
    page.show_state(State.DIVERGED, "The cost left the number range.")
    assert (label.text(), label.property("role")) == ("The cost left the number range.", "message")


def test_a_scene_with_another_model_in_it_says_so_in_its_heading():
    line = spec("regression/line")
    assert heading(line) == line.title
    assert heading(line.with_knobs({"learning_rate": 0.5})) == line.title
    assert heading(line.with_knobs({"model": "network"})) == f"{line.title}, changed"


def test_another_run_leaves_no_sentence_and_no_wrong_text_behind(page):
    page.show_error("learning_rate", "learning_rate must be between 1e-06 and 1000, not 7e9.")
    page.forget_errors()
    errors = [label.text() for label in page.findChildren(QLabel) if label.property("role") == "error"]
    assert not any(errors)


def test_a_refused_knob_without_a_place_in_the_panel_is_said_over_the_picture(page):
    page.show_error("view", "view must be one of these.")
    assert page.header.message() == "view must be one of these."


def test_the_numbers_in_the_status_line_say_what_they_are(page):
    page.show_frame(painting())
    tip = page.findChild(QLabel, "numbers").toolTip()
    for word in ("Cost:", "decibels (dB)", "Mean error:", "Seed:"):
        assert word in tip


@pytest.mark.parametrize("entry", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_no_metric_is_without_a_meaning(entry):
    assert entry.cost.endswith(".")
    explained = {name for name, metric in entry.metrics.items() if metric.meaning.endswith((".", ")"))}
    assert explained | {"rival_psnr_db"} >= set(entry.metrics)


@pytest.mark.parametrize(
    ("experiment", "frame"),
    [("landscape", one_parameter), ("landscape", race), ("regression", regression), ("painting", painting)],
)
def test_what_stands_still_is_drawn_in_the_theme_that_is_chosen(qtbot, qapp, experiment, frame):
    changed, fresh = _page(qtbot, experiment), _page(qtbot, experiment)
    changed.show_frame(frame())
    QTest.qWait(0)
    apply_theme(qapp, LIGHT)
    changed.set_theme(LIGHT)
    fresh.set_theme(LIGHT)
    fresh.show_frame(frame())
    try:
        qtbot.waitUntil(lambda: _has_the_colours_of(changed, fresh) and _has_the_colours_of(fresh, changed))
    finally:
        apply_theme(qapp, DARK)


def _has_the_colours_of(page: ExperimentPage, other: ExperimentPage) -> bool:
    """Whether every colour that is clearly in the other's picture is in this one's, wherever it is."""
    here, there = _colours(page), _colours(other)
    return all(here[colour] > 60 for colour, pixels in there.items() if pixels > 120)


def _colours(page: ExperimentPage) -> Counter[int]:
    image = page.view.grab().toImage().convertToFormat(QImage.Format_RGB32)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return Counter(np.frombuffer(bits, np.uint32).tolist())
