"""What stands around a picture: the row of its views, the panels under the knobs, the table, and a typed text."""

from dataclasses import replace

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import QLabel, QLineEdit, QToolButton

from engine.experiments import EXPERIMENTS
from engine.frames import Finding, Severity
from engine.knobs import Declaration, Kind, Knob, knobs_of
from engine.regression.settings import RegressionSettings
from engine.scenes import scenes
from tests.widgets.hand_made import spec
from widgets.knobs.choice_box import ChoiceBox
from widgets.knobs.knob_row import KnobRow
from widgets.page.experiment_page import ExperimentPage
from widgets.page.page_header import PageHeader
from widgets.page.side_tabs import SideTabs
from widgets.page.view_bar import ViewBar
from widgets.page.why_panel import WhyPanel
from widgets.pages import PAGES
from widgets.plotting.value_table import ValueTable
from widgets.style.theme import DARK

VIEW = next(knob for knob in knobs_of(RegressionSettings) if knob.name == "view")


@pytest.fixture
def bar(qtbot):
    bar = ViewBar(VIEW)
    qtbot.addWidget(bar)
    bar.show_settings(RegressionSettings())
    return bar


def test_a_click_on_a_view_chooses_it_and_showing_a_spec_does_not(qtbot, bar):
    button = bar.findChild(QToolButton, "view_initial-values")
    with qtbot.waitSignal(bar.valueChanged) as chosen:
        qtbot.mouseClick(button, Qt.LeftButton)
    assert chosen.args == ["initial-values"]
    with qtbot.assertNotEmitted(bar.valueChanged):
        bar.show_settings(RegressionSettings(view="fit"))
    assert bar.value() == "fit"


def test_only_views_that_mean_something_are_offered(qtbot):
    knob = replace(VIEW, declaration=replace(VIEW.declaration, offered=lambda _: ("fit", "initial-values")))
    few = replace(VIEW, declaration=replace(VIEW.declaration, offered=lambda _: ("fit",)))
    for offering, count in ((knob, 2), (few, 1)):
        bar = ViewBar(offering)
        qtbot.addWidget(bar)
        bar.show_settings(RegressionSettings())
        words = [name for name in VIEW.choices if not bar.findChild(QToolButton, f"view_{name}").isHidden()]
        assert len(words) == count
        assert bar.has_choice() == (count > 1)


def test_a_narrow_header_shows_the_views_as_a_drop_down_and_never_grows(qtbot):
    bar = ViewBar(VIEW)
    bar.show_settings(RegressionSettings())
    header = PageHeader(bar)
    qtbot.addWidget(header)
    header.set_theme(DARK)
    header.show_words("A title of ordinary length", "what is seen")
    header.show()
    header.resize(900, 60)
    assert bar.findChild(QToolButton, "view_fit").isVisible()
    header.resize(860, 60)  # what a window of 1280 leaves beside the panels
    assert bar.findChild(QToolButton, "view_fit").isVisible(), "the second line has room for them all"
    header.resize(300, 60)
    assert header.width() == 300
    assert bar.findChild(ChoiceBox, "view").isVisible()
    assert not bar.findChild(QToolButton, "view_fit").isVisible()


def test_a_panel_opens_by_its_word_and_closes_by_it_again(qtbot):
    first, second = QLabel("one"), QLabel("two")
    tabs = SideTabs((("Why", first), ("Network", second)))
    qtbot.addWidget(tabs)
    tabs.show()
    assert not first.isVisible()
    assert not second.isVisible()
    word = tabs.findChild(QToolButton, "tab_network")
    qtbot.mouseClick(word, Qt.LeftButton)
    assert second.isVisible()
    assert tabs.current() == "Network"
    qtbot.mouseClick(word, Qt.LeftButton)
    assert not second.isVisible()
    assert tabs.current() == ""


def test_why_says_each_finding_in_words_and_with_a_sign(qtbot):
    panel = WhyPanel()
    qtbot.addWidget(panel)
    panel.set_theme(DARK)
    label = panel.findChild(QLabel, "why")
    panel.show_findings((Finding("Too large a rate", "0.5 is above 2/λ = 0.2, so <it> jumps.", Severity.BAD),))
    qtbot.waitUntil(lambda: "Too large a rate" in label.text())
    assert "■" in label.text(), "a colour alone says nothing to many"
    assert "&lt;it&gt;" in label.text()


def test_why_does_not_claim_what_nobody_has_measured(qtbot):
    panel = WhyPanel()
    qtbot.addWidget(panel)
    label = panel.findChild(QLabel, "why")
    assert "Nothing has been measured yet" in label.text()
    panel.show_findings(())
    qtbot.waitUntil(lambda: "Nothing stands out" in label.text())
    panel.show_findings(None)
    qtbot.waitUntil(lambda: "Nothing has been measured yet" in label.text())


def test_a_table_shows_its_rows_with_the_colours_of_their_lines(qtbot):
    table = ValueTable(("name", "steps"))
    qtbot.addWidget(table)
    table.show_rows((("Adam", "40"), ("Momentum", "70")), (QColor("red"), QColor("blue")))
    model = table.model()
    assert model.data(model.index(1, 0)) == "Momentum"
    assert model.data(model.index(0, 0), Qt.DecorationRole) == QColor("red")
    table.show_rows((("Adam", "41"), ("Momentum", "70")), (QColor("red"), QColor("blue")))
    assert model.data(model.index(0, 1)) == "41"


def _must_be_short(text: str) -> None:
    if len(text) > 3:
        raise ValueError("at most three letters.")


def test_a_text_is_checked_as_it_is_typed_and_given_out_when_it_is_entered(qtbot):
    row = KnobRow(Knob("formula", "x", Declaration(Kind.TEXT, "Formula", "A formula.", check=_must_be_short)))
    qtbot.addWidget(row)
    row.show()
    field = row.findChild(QLineEdit)
    field.clear()
    with qtbot.assertNotEmitted(row.changed):
        qtbot.keyClicks(field, "long")
        assert "three letters" in row.error()
        qtbot.keyClick(field, Qt.Key_Return)
    assert field.text() == "long", "a slip is left to be mended"
    qtbot.keyClick(field, Qt.Key_Backspace)
    assert row.error() == ""
    with qtbot.waitSignal(row.changed) as entered:
        qtbot.keyClick(field, Qt.Key_Return)
    assert entered.args == ["lon"]


def test_the_scene_of_initial_values_opens_on_its_own_view():
    assert spec("regression/initial-values").settings.view == "initial-values"


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_no_word_of_a_tab_is_cut(qtbot, experiment):
    own = [scene for scene in scenes().values() if scene.experiment == experiment]
    page = ExperimentPage(experiment, EXPERIMENTS[experiment].settings, own, PAGES[experiment])
    qtbot.addWidget(page)
    page.resize(1700, 1000)
    page.show()
    for word in page.side_tabs.words():
        tab = page.findChild(QToolButton, f"tab_{word.lower()}")
        assert tab.width() >= tab.sizeHint().width(), word
