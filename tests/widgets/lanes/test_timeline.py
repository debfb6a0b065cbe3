"""The timeline and the list of runs: what a hand does on them, and what they say."""

import math
from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPoint, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractButton, QApplication, QTableWidget

from engine.frames import Curve, Frame, Picture, Role
from engine.lanes import GHOST, Lane, Mark, MarkKind, Overlay
from widgets.lanes.lane_pens import lane_pen
from widgets.lanes.runs_list import RunsList
from widgets.lanes.ticks import CELL
from widgets.lanes.timeline import MOST_ROWS, Timeline
from widgets.page.cost_plot import CostPlot
from widgets.style.theme import THEMES

FIRST = Lane(1, "as it is", "A scene", style=0, end=100, marks=(Mark(40, MarkKind.KNOB, "learning rate 1 → 2"),))
BRANCH = Lane(2, "learning rate 1 → 3", "A scene", style=1, parent=1, fork=50, end=80, is_active=True)
OTHER = Lane(3, "another scene's", "Another", style=2, end=500)


@pytest.fixture
def timeline(qtbot):
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(600, 60)
    made.show()
    made.show_lanes((FIRST, BRANCH, OTHER))
    made.show_now(80)
    return made


def test_each_run_of_the_scene_has_a_row_and_a_branch_leaves_where_it_did(timeline):
    assert [lane.number for lane in timeline.rows()] == [1, 2]
    assert timeline.place(1, 50).x() == timeline.place(2, 50).x()
    assert timeline.place(1, 50).y() < timeline.place(2, 50).y()
    assert timeline.place(1, 100).x() > timeline.place(2, 80).x()


def test_what_a_branch_shares_is_on_the_row_of_the_run_that_it_left(timeline):
    assert timeline.place(2, 20) == timeline.place(1, 20)
    timeline.show_lanes((replace(FIRST, is_shown=False), BRANCH))
    assert [lane.number for lane in timeline.rows()] == [2]
    assert timeline.place(2, 20).y() == timeline.place(2, 60).y(), "where that one is hidden, its own row has it"


def test_the_mouse_reads_a_mark_and_otherwise_the_moment(timeline):
    assert "step 40: learning rate 1 → 2" in timeline.hover_text(timeline.place(1, 40).toPoint())
    assert timeline.hover_text(timeline.place(1, 70).toPoint()).startswith("as it is\nstep ")
    timeline.show_lanes((replace(BRANCH, parent=None, epoch_steps=10),))
    assert timeline.hover_text(timeline.place(2, 60).toPoint()).endswith("epoch 6")


def test_of_many_marks_each_that_is_drawn_has_room_and_the_grave_ones_are_never_hidden(timeline):
    marks = tuple(Mark(step, MarkKind.SPIKE, "rose") for step in range(0, 100_000, 7))
    timeline.show_lanes(
        (replace(BRANCH, parent=None, end=100_000, marks=(*marks, Mark(77, MarkKind.DIVERGED, "gone"))),)
    )
    drawn = timeline.drawn_marks(2)
    assert MarkKind.DIVERGED in {mark.kind for mark in drawn}
    assert len(drawn) <= timeline.width() / CELL + 1


def test_moves_within_a_frame_ask_for_the_last_of_their_moments_alone(qtbot, timeline):
    asked = []
    timeline.moment_requested.connect(lambda lane, step: asked.append(step))
    QTest.mousePress(timeline, Qt.LeftButton, Qt.NoModifier, timeline.place(1, 10).toPoint())
    for step in range(11, 60):
        at = timeline.place(1, step).toPoint()
        move = QMouseEvent(QEvent.MouseMove, at, Qt.NoButton, Qt.LeftButton, Qt.NoModifier)
        QApplication.sendEvent(timeline, move)
    QTest.mouseRelease(timeline, Qt.LeftButton, Qt.NoModifier, timeline.place(1, 59).toPoint())
    assert asked == pytest.approx([10, 59], abs=1)


def test_a_press_and_a_drag_ask_for_moments_of_that_run(qtbot, timeline):
    asked = []
    timeline.moment_requested.connect(lambda lane, step: asked.append((lane, step)))
    QTest.mousePress(timeline, Qt.LeftButton, Qt.NoModifier, timeline.place(1, 30).toPoint())
    QTest.mouseMove(timeline, timeline.place(2, 60).toPoint())
    QTest.mouseRelease(timeline, Qt.LeftButton, Qt.NoModifier, timeline.place(2, 60).toPoint())
    assert asked[0][0] == 1
    assert asked[0][1] == pytest.approx(30, abs=1)
    assert all(lane == 1 for lane, _ in asked), "a drag stays on the run that it began on"


def test_beyond_its_end_the_run_that_trains_is_at_now(qtbot, timeline):
    with qtbot.waitSignal(timeline.present_requested):
        QTest.mouseClick(timeline, Qt.LeftButton, Qt.NoModifier, timeline.place(2, 95).toPoint())
    asked = []
    timeline.moment_requested.connect(lambda lane, step: asked.append((lane, step)))
    QTest.mouseClick(timeline, Qt.LeftButton, Qt.NoModifier, QPoint(599, int(timeline.place(1, 0).y())))
    assert asked == [(1, 100)], "another run has a last moment"


def test_now_is_there_in_the_past_alone_and_leads_back(qtbot, timeline):
    button = timeline.findChild(QAbstractButton, "now")
    assert not button.isVisible()
    timeline.show_moment(1, 20, True)
    assert button.isVisible()
    with qtbot.waitSignal(timeline.present_requested):
        button.click()
    timeline.show_present()
    assert not button.isVisible()


def test_up_and_down_go_from_run_to_run_at_the_same_step(qtbot, timeline):
    timeline.show_moment(1, 60, False)
    with qtbot.waitSignal(timeline.moment_requested) as asked:
        qtbot.keyClick(timeline, Qt.Key_Down)
    assert asked.args == [2, 60]


def test_many_runs_take_a_few_rows_with_that_in_front_and_that_which_trains(timeline):
    lanes = (FIRST, *(Lane(n, f"run {n}", "A scene", style=n, end=90, is_active=n == 5) for n in range(4, 30)))
    timeline.show_lanes(lanes)
    timeline.show_moment(1, 10, False)
    rows = [lane.number for lane in timeline.rows()]
    assert len(rows) == MOST_ROWS
    assert {1, 5} <= set(rows)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_run_keeps_its_colour_and_dash_and_neighbours_differ_in_both(theme):
    pens = [lane_pen(theme, Lane(n, "", "", style=n)) for n in range(4)]
    assert len({pen.color().name() for pen in pens}) == 4
    assert len({pen.style() for pen in pens}) == 4
    ghost = lane_pen(theme, Lane(GHOST, "", "", style=0))
    assert ghost.color().alphaF() < 1


@pytest.fixture
def runs(qtbot):
    made = RunsList()
    qtbot.addWidget(made)
    made.resize(320, 240)
    made.show()
    made.show_lanes((FIRST, BRANCH))
    return made


def table(runs) -> QTableWidget:
    return runs.findChild(QTableWidget, "runs_table")


def test_the_list_says_what_differs_and_hides_by_its_tick(qtbot, runs):
    assert table(runs).item(1, 0).text() == "learning rate 1 → 3"
    with qtbot.waitSignal(runs.shown_changed) as changed:
        table(runs).item(0, 0).setCheckState(Qt.Unchecked)
    assert changed.args == [1, False]


def test_a_run_is_renamed_and_an_empty_name_is_none(qtbot, runs):
    with qtbot.waitSignal(runs.renamed) as renamed:
        table(runs).item(0, 0).setText("mine")
    assert renamed.args == [1, "mine"]
    with qtbot.assertNotEmitted(runs.renamed):
        table(runs).item(0, 0).setText("  ")
    assert table(runs).item(0, 0).text() == "as it is"


def test_return_looks_at_a_run_and_delete_takes_it_away(qtbot, runs):
    runs.show_lanes((replace(FIRST, is_active=True), replace(BRANCH, is_active=False)))
    table(runs).setCurrentCell(1, 0)
    with qtbot.waitSignal(runs.lane_chosen) as chosen:
        qtbot.keyClick(runs, Qt.Key_Return)
    assert chosen.args == [2]
    with qtbot.waitSignal(runs.deleted) as deleted:
        qtbot.keyClick(runs, Qt.Key_Delete)
    assert deleted.args == [2]


@pytest.mark.parametrize(("row", "why"), [(0, "left from"), (1, "trains now")])
def test_a_run_that_cannot_be_deleted_says_why(qtbot, runs, row, why):
    table(runs).setCurrentCell(row, 0)
    with qtbot.assertNotEmitted(runs.deleted), qtbot.waitSignal(runs.refused) as refused:
        qtbot.keyClick(runs, Qt.Key_Delete)
    assert why in refused.args[0]


def test_a_click_on_a_heading_sorts_and_a_run_without_a_cost_is_last(runs):
    lanes = [replace(OTHER, number=n, name=str(cost), cost=cost) for n, cost in enumerate((3.0, math.nan, 20.0, 1.0))]
    runs.show_lanes(tuple(lanes))
    table(runs).sortByColumn(1, Qt.AscendingOrder)
    runs.show_lanes(tuple(lanes))
    assert [table(runs).item(row, 0).text() for row in range(4)] == ["1.0", "3.0", "20.0", "nan"]


def test_the_selected_run_is_the_one_that_a_picture_with_room_for_one_shows(qtbot, runs):
    overlays = (Overlay(FIRST, frame(np.ones(3))), Overlay(BRANCH, frame(np.ones(3))))
    runs.in_order(overlays)
    with qtbot.waitSignal(runs.reordered) as reordered:
        table(runs).setCurrentCell(0, 0)
    assert reordered.args[0][-1].lane is FIRST
    assert "drawn" in table(runs).item(0, 0).data(Qt.AccessibleTextRole)


def frame(costs: np.ndarray) -> Frame:
    x = np.arange(len(costs), dtype=float)
    curve = Curve("all data", Role.EXACT, x, costs)
    return Frame(1, "regression", len(x), len(x), float(costs[-1]), {}, "epoch", (curve,), Picture(), 3, 0.0)


def test_other_runs_costs_widen_the_axes_and_go_with_them(qtbot):
    plot = CostPlot()
    qtbot.addWidget(plot)
    plot.resize(500, 220)
    plot.show()
    plot.show_frame(frame(np.linspace(1.0, 0.5, 40)))
    (_, last), _ = plot._plot.getViewBox().viewRange()
    plot.show_overlays((Overlay(FIRST, frame(np.linspace(1.0, 0.01, 200))),))
    (_, longer), (low, _) = plot._plot.getViewBox().viewRange()
    assert last < 60 < 190 < longer
    assert low <= math.log10(0.02)
    plot.show_overlays(())
    plot.show_frame(frame(np.linspace(1.0, 0.5, 41)))
    (_, again), _ = plot._plot.getViewBox().viewRange()
    assert again < 60


def test_costs_are_laid_over_seconds_where_that_is_wanted(qtbot):
    plot = CostPlot()
    qtbot.addWidget(plot)
    plot.resize(500, 220)
    plot.show()
    plot.show_frame(frame(np.linspace(1.0, 0.5, 41)))
    slow = Lane(2, "slow", "A scene", style=1, end=100, epoch_steps=1, seconds=50.0)
    plot.show_overlays((Overlay(slow, frame(np.linspace(1.0, 0.4, 101))),))
    plot.show_seconds(0.1)
    (_, last), _ = plot._plot.getViewBox().viewRange()
    assert 50 <= last < 51, "the other run took fifty seconds, this one four"
    assert plot._lines[0].item.xData[-1] == pytest.approx(4.0)
    plot.show_seconds(0.0)
    (_, last), _ = plot._plot.getViewBox().viewRange()
    assert 100 <= last < 101
