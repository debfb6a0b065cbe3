"""The sharpness stands under the cost, or beside it, where it is measured, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.experiments import EXPERIMENTS
from engine.frames import Curve, Frame, Role
from engine.scenes import scenes
from tests.widgets.hand_made import regression, spec
from widgets.page.experiment_page import ExperimentPage
from widgets.pages import PAGES
from widgets.plotting.sharpness_plot import SharpnessPlot
from widgets.style.theme import DARK, THEMES


def sharp(edge: float = 10.0, now: float | None = None, moved_at: int | None = None) -> Frame:
    """A fit with a sharpness that rises to 10; its line may have been moved, and moved again since."""
    frame = regression(40)
    x = np.arange(0, 41, 4.0)
    line = np.full(len(x), edge)
    if moved_at is not None:
        line[x >= moved_at] *= 2
    curves = (
        Curve("sharpness", Role.SHARPNESS, x, np.minimum(4 + 0.3 * x, 10)),
        Curve("2/η", Role.EDGE, x, line),
    )
    metrics = {"sharpness": 10.0, "two_over_rate": edge if now is None else now}
    return replace(frame, curves=(*frame.curves, *curves), metrics=metrics)


@pytest.fixture
def plot(qtbot) -> SharpnessPlot:
    made = SharpnessPlot()
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.resize(600, 150)
    made.show()
    return made


@pytest.fixture
def page(qtbot) -> ExperimentPage:
    own = [scene for scene in scenes().values() if scene.experiment == "regression"]
    made = ExperimentPage("regression", EXPERIMENTS["regression"].settings, own, PAGES["regression"])
    qtbot.addWidget(made)
    made.show_spec(spec("regression/edge-of-stability"))
    made.show()
    return made


def test_it_spans_the_steps_of_the_cost_and_holds_curve_and_line(plot):
    plot.show_frame(sharp(), 50.0)
    (left, right), (low, high) = plot._plot.viewRange()
    assert (left, right, low) == (0, 50, 0)
    assert high > 10
    assert plot._legend.labels() == ("sharpness 10", "2/η = 10")


def test_the_line_is_drawn_as_it_was_and_goes_on_as_it_is_now(plot):
    plot.show_frame(sharp(edge=8.0, now=20.0, moved_at=20), 50.0)
    x, y = plot._edge.getData()
    assert list(zip(x, y, strict=True)) == [(0, 8), (20, 8), (20, 16), (40, 16)]
    x, y = plot._going_on.getData()
    assert list(zip(x, y, strict=True)) == [(40, 16), (40, 20), (50, 20)]
    assert plot._legend.labels()[1] == "2/η = 20"


def test_a_line_far_off_is_said_and_leaves_the_curve_its_room(plot):
    plot.show_frame(sharp(edge=500.0), 50.0)
    assert plot._plot.viewRange()[1][1] < 20
    assert plot._legend.labels()[1] == "2/η = 500, far above"


def test_a_rule_without_a_line_says_so(plot):
    frame = sharp()
    *others, edge = frame.curves
    edge = Curve("no line for this rule", Role.EDGE, edge.x, np.full(len(edge.x), np.nan))
    plot.show_frame(replace(frame, curves=(*others, edge), metrics={"sharpness": 10.0}), 50.0)
    assert plot._legend.labels() == ("sharpness 10", "no line for this rule")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("size", [(1024, 560), (1174, 660), (1800, 1020)], ids=["small", "usual", "large"])
def test_on_a_page_it_covers_neither_the_picture_nor_the_cost(qtbot, page, size, theme):
    page.set_theme(theme.fitted(size[1]))
    page.resize(*size)
    page.show_frame(sharp())
    plots, cost = page._pictures, page.cost_plot
    sharpness = cost.sharpness
    qtbot.waitUntil(lambda: sharpness.isVisible() and not page._settling.isActive(), timeout=5000)
    assert plots.rect().contains(sharpness.geometry())
    assert not sharpness.geometry().intersects(cost.geometry())
    assert not sharpness.geometry().intersects(page.view.geometry())
    assert sharpness._plot.getViewBox().height() >= 40
    assert cost._plot.getViewBox().height() >= 60
    assert sharpness._plot.viewRange()[0] == cost._plot.viewRange()[0], "the same steps"


def test_where_nothing_is_measured_the_cost_has_all_the_room(qtbot, page):
    page.resize(1174, 660)
    page.show_frame(sharp())
    with_both = page.cost_plot.geometry()
    page.show_frame(regression(40))
    assert not page.cost_plot.sharpness.isVisible()
    assert page.cost_plot.width() > with_both.width()
    assert {curve.role for curve in regression(40).curves} == {line.curve.role for line in page.cost_plot._lines}


def test_where_it_is_narrow_and_low_the_axis_says_what_the_curve_is_and_nothing_is_cut(plot):
    plot.set_theme(THEMES["projector"])
    plot.resize(380, 120)
    plot.show_frame(sharp(), 50.0)
    assert plot._legend.labels() == ("2/η = 10",)
    assert plot._plot.getAxis("left").word == "λ"
    plot.resize(900, 260)
    plot.show_frame(sharp(), 50.0)
    assert plot._legend.labels() == ("sharpness 10", "2/η = 10")
    assert plot._plot.getAxis("left").word == "sharpness"
