"""The panel builds every control from the declared knobs."""

import msgspec
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QScrollArea, QWidget

from engine.experiments import EXPERIMENTS
from engine.knobs import knobs_of
from engine.scenes import scenes
from tests.widgets.hand_made import spec
from widgets.knobs.knob_panel import KnobPanel
from widgets.style.theme import DARK


def _panel(qtbot, experiment: str) -> KnobPanel:
    own = [scene for scene in scenes().values() if scene.experiment == experiment]
    panel = KnobPanel(EXPERIMENTS[experiment].settings, own)
    qtbot.addWidget(panel)
    panel.set_theme(DARK)
    panel.resize(300, 620)
    panel.show_settings(own[0].settings)
    panel.show()
    qtbot.kept = panel  # qtbot itself remembers weakly, and a panel collected while it is painted ends the process
    return panel


@pytest.fixture
def landscape(qtbot) -> KnobPanel:
    return _panel(qtbot, "landscape")


@pytest.fixture
def painting(qtbot) -> KnobPanel:
    return _panel(qtbot, "painting")


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_knob_has_a_control_of_its_name_with_a_tooltip(qtbot, experiment):
    panel = _panel(qtbot, experiment)
    for knob in knobs_of(EXPERIMENTS[experiment].settings):
        control = panel.findChild(QWidget, knob.name)
        if knob.group in ("Transport", "View"):
            assert control is None
        else:
            assert control is not None, knob.name
            assert control.accessibleName() == knob.label
            assert knob.label in control.toolTip()


def test_showing_settings_sets_every_control_and_tells_nobody(painting):
    heard = []
    painting.knob_changed.connect(lambda name, value: heard.append(name))
    settings = msgspec.structs.replace(
        spec("painting/astronaut").settings, learning_rate=0.5, depth=3, activation="tanh", shuffle=False, seed=7
    )
    painting.show_settings(settings)
    assert painting.findChild(QWidget, "learning_rate").value() == 0.5
    assert painting.findChild(QWidget, "depth").value() == 3
    assert painting.findChild(QWidget, "activation").value() == "tanh"
    assert painting.findChild(QCheckBox, "shuffle").isChecked() is False
    assert painting.findChild(QWidget, "seed").value() == 7
    assert heard == []


def test_a_knob_that_means_nothing_now_is_hidden(painting):
    adam = spec("painting/astronaut").settings
    painting.show_settings(adam)
    assert painting.findChild(QWidget, "beta_1").isVisible()
    painting.show_settings(msgspec.structs.replace(adam, optimizer="sgd"))
    assert not painting.findChild(QWidget, "beta_1").isVisible()


def test_a_moved_control_tells_its_name_and_value(qtbot, painting):
    with qtbot.waitSignal(painting.knob_changed) as heard:
        painting.findChild(QWidget, "activation").setValue("sigmoid")
    assert heard.args == ["activation", "sigmoid"]
    with qtbot.waitSignal(painting.knob_changed) as heard:
        painting.findChild(QCheckBox, "shuffle").click()
    assert heard.args == ["shuffle", False]


def test_numbers_are_typed_with_commas(qtbot, landscape):
    control = landscape.findChild(QWidget, "learning_rates")
    field = control.findChild(QLineEdit)
    QTest.keyClicks(field, "0.01, 1, 500")
    with qtbot.waitSignal(landscape.knob_changed) as heard:
        QTest.keyClick(field, Qt.Key_Return)
    assert heard.args == ["learning_rates", (0.01, 1.0, 500.0)]


def test_several_choices_say_how_many_they_are(qtbot, landscape):
    control = landscape.findChild(QWidget, "optimizers")
    assert control.text() == "none"
    with qtbot.waitSignal(landscape.knob_changed) as heard:
        control.setValue(("adam", "sgd"))
    assert heard.args == ["optimizers", ("sgd", "adam")]
    assert control.text() == "2 chosen"


def test_an_error_stands_under_its_knob_until_the_next_valid_value(painting):
    painting.show_error("batch_size", "batch_size must be 1 to 1e+06, not 0.")
    row = painting.findChild(QWidget, "batch_size").parentWidget()
    assert row.error() == "Batch must be 1 to 1e+06, not 0."
    painting.findChild(QWidget, "batch_size").setValue(20)
    assert row.error() == ""


def test_an_error_in_a_closed_section_opens_it(painting):
    painting.show_error("side", "side must be 16 to 512, not 3.")
    assert painting.findChild(QWidget, "side").isVisible()


def test_choosing_a_scene_asks_for_it_and_showing_one_does_not(qtbot, painting):
    asked = []
    painting.scene_requested.connect(asked.append)
    painting.show_scene("painting/homework", "The homework")
    assert asked == []
    box = painting.findChild(QWidget, "scene")
    box.setFocus()
    QTest.keyClick(box, Qt.Key_Home)
    assert asked == ["painting/astronaut"]


def test_a_scene_that_is_not_shipped_has_its_name_in_the_box_as_long_as_it_is_shown(painting):
    box = painting.findChild(QComboBox, "scene")
    shipped = box.count()
    painting.show_scene("mine", "My own scene")
    assert (box.currentText(), box.currentData()) == ("My own scene", "mine")
    painting.show_scene("other", "Another file")
    assert (box.currentText(), box.count()) == ("Another file", shipped + 1)
    painting.show_scene("painting/homework", "The homework")
    assert box.currentData() == "painting/homework"


def test_the_same_scene_chosen_again_is_asked_for_again(qtbot, painting):
    painting.show_scene("painting/homework", "The homework")
    box = painting.findChild(QWidget, "scene")
    with qtbot.waitSignal(painting.scene_requested) as heard:
        box.activated.emit(box.currentIndex())  # what Qt does for an entry of the list that is clicked
    assert heard.args == ["painting/homework"]


def test_a_new_seed_is_one_click_away(qtbot, painting):
    with qtbot.waitSignal(painting.knob_changed) as heard:
        painting.findChild(QWidget, "new_seed").click()
    assert heard.args[0] == "seed"


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_shipped_scene_fits_without_a_scroll_bar(qtbot, experiment):
    panel = _panel(qtbot, experiment)
    for scene in scenes().values():
        if scene.experiment == experiment:
            panel.show_settings(scene.settings)
            inside = panel.findChild(QScrollArea).widget()
            QApplication.processEvents()  # rows that were shown or hidden have told their sections by then
            assert inside.minimumSizeHint().height() <= 620, scene.scene
            assert inside.minimumSizeHint().width() <= 300, scene.scene


def test_a_race_says_that_its_learning_rate_scales_the_tuned_ones(landscape):
    race = scenes()["landscape/optimizer-race"]
    row = landscape._rows["learning_rate"]
    landscape.show_settings(race.with_knobs({"learning_rate": 3 * race.settings.learning_rate}).settings)
    assert row.remark() == "Scales every tuned rate, now × 3."
    landscape.show_settings(scenes()["landscape/one-parameter"].settings)
    assert not row.remark()
