"""Every experiment has its page."""

import pytest

from engine.experiments import EXPERIMENTS
from engine.knobs import knobs_of
from widgets.page.picture_stack import PictureStack
from widgets.pages import PAGES
from widgets.style.icons import ICONS


def test_every_experiment_has_a_page_and_a_drawing_of_its_own():
    assert list(PAGES) == list(EXPERIMENTS)
    drawings = [ICONS / f"{entry.icon}.svg" for entry in EXPERIMENTS.values()]
    assert all(drawing.is_file() for drawing in drawings)
    assert len(set(drawings)) == len(EXPERIMENTS)


@pytest.mark.parametrize("experiment", ["regression", "painting"])
def test_every_view_that_can_be_chosen_has_its_widget_and_no_widget_is_without_a_choice(experiment):
    page = PAGES[experiment].view
    assert issubclass(page, PictureStack)
    knob = next(knob for knob in knobs_of(EXPERIMENTS[experiment].settings) if knob.name == "view")
    assert sorted(view.name for view in page.VIEWS) == sorted(knob.choices)
    assert page.VIEWS[0].name == knob.default
