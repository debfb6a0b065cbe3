"""A slider says its value, and takes a typed one too."""

import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLineEdit, QSlider

from engine.knobs import KnobError, knobs_of
from engine.painting.settings import PaintingSettings
from widgets.knobs.log_slider import LogSlider
from widgets.knobs.slider_scale import POSITIONS, SliderScale

KNOBS = {knob.name: knob for knob in knobs_of(PaintingSettings)}


@pytest.fixture
def rate(qtbot) -> LogSlider:
    slider = LogSlider(KNOBS["learning_rate"])
    qtbot.addWidget(slider)
    slider.resize(260, 40)
    slider.show()
    slider.setValue(0.01)
    return slider


def _type(slider: LogSlider, text: str) -> None:
    field = slider.findChild(QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key_Return)


def test_a_typed_value_is_taken_and_shown_as_typed(qtbot, rate):
    with qtbot.waitSignal(rate.valueChanged) as heard:
        _type(rate, "1e-3")
    assert heard.args == [0.001]
    assert rate.value() == 0.001
    assert rate.findChild(QLineEdit).text() == "0.001"


@pytest.mark.parametrize(("text", "value"), [("0,02", 0.02), ("1e−9", 1e-9), ("2,5·10⁻⁴", 2.5e-4)])
def test_a_value_is_taken_as_people_write_it(rate, text, value):
    field = rate.findChild(QLineEdit)
    field.setText(text)
    field.entered.emit(text)
    assert rate.value() == value


def test_a_field_that_is_left_as_it_was_changes_nothing(rate):
    rate.setValue(0.20603015075376885)
    heard = []
    rate.valueChanged.connect(heard.append)
    field = rate.findChild(QLineEdit)
    field.setFocus()
    QTest.keyClick(field, Qt.Key_Return)
    assert heard == []
    assert rate.value() == 0.20603015075376885


def test_below_its_track_a_slider_still_moves_by_keys(rate):
    rate.setValue(1e-9)
    QTest.keyClick(rate, Qt.Key_PageUp)
    assert rate.value() == 2e-9


def test_nonsense_puts_the_old_value_back_and_says_one_sentence(qtbot, rate):
    changes = []
    rate.valueChanged.connect(changes.append)
    with qtbot.waitSignal(rate.rejected) as heard:
        _type(rate, "fast")
    assert heard.args[0].startswith("Learning rate must be a number")
    assert rate.value() == 0.01
    assert rate.findChild(QLineEdit).text() == "0.01"
    assert changes == []


def test_a_value_out_of_range_is_refused(rate):
    with pytest.raises(KnobError):
        rate.setValue(1e9)
    assert rate.value() == 0.01


def test_dragging_tells_every_value_on_the_way(rate):
    heard = []
    rate.valueChanged.connect(heard.append)
    track = rate.findChild(QSlider)
    y = track.height() // 2
    QTest.mousePress(track, Qt.LeftButton, pos=QPoint(60, y))
    for x in range(70, 200, 10):
        move = QMouseEvent(QEvent.MouseMove, QPointF(x, y), Qt.NoButton, Qt.LeftButton, Qt.NoModifier)
        QApplication.sendEvent(track, move)
    QTest.mouseRelease(track, Qt.LeftButton, pos=QPoint(190, y))
    assert len(heard) > 8
    assert heard == sorted(heard)
    assert rate.value() == heard[-1]


def test_a_double_click_goes_back_to_the_scenes_value(rate):
    QTest.mouseDClick(rate.findChild(QSlider), Qt.LeftButton)
    assert rate.value() == KNOBS["learning_rate"].default
    rate.set_home(0.5)
    QTest.mouseDClick(rate.findChild(QSlider), Qt.LeftButton)
    assert rate.value() == 0.5


def test_the_wheel_leaves_the_value_alone(rate):
    track = rate.findChild(QSlider)
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120), Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False
    )
    QApplication.sendEvent(track, wheel)
    assert rate.value() == 0.01
    assert not wheel.isAccepted()


def test_keys_move_the_value_up_and_down(rate):
    QTest.keyClick(rate, Qt.Key_Right)
    assert rate.value() > 0.01
    QTest.keyClick(rate, Qt.Key_Left)
    assert rate.value() == pytest.approx(0.01, rel=0.01)
    rate.setValue(0.01)
    QTest.keyClick(rate, Qt.Key_PageUp)
    assert rate.value() == 0.02


def test_a_whole_number_steps_by_one_and_stays_whole(qtbot):
    depth = LogSlider(KNOBS["depth"])
    qtbot.addWidget(depth)
    QTest.keyClick(depth, Qt.Key_Right)
    assert depth.value() == 7
    assert isinstance(depth.value(), int)


def test_scripts_and_screen_readers_find_it_by_name(rate):
    assert rate.objectName() == "learning_rate"
    assert rate.accessibleName() == "Learning rate"
    assert rate._track.accessibleName() == f"Learning rate, {rate._field.text()}", "a reader says the value"
    assert "1e-12 to 1000" in rate.toolTip()


@pytest.mark.parametrize(
    "scale",
    [
        SliderScale(1e-6, 1000, logarithmic=True),
        SliderScale(0, 0.999),
        SliderScale(1, 1_000_000, logarithmic=True, whole=True),
        SliderScale(0, 12, whole=True),
    ],
)
def test_the_ends_of_the_track_are_the_ends_of_the_range_and_between_it_never_turns_back(scale):
    values = [scale.value(position) for position in range(POSITIONS + 1)]
    assert values[0] == scale.low
    assert values[-1] == scale.high
    assert values == sorted(values)


def test_a_logarithmic_track_gives_each_decade_the_same_room():
    scale = SliderScale(1e-6, 1000, logarithmic=True)
    rooms = [scale.position(10.0 ** (power + 1)) - scale.position(10.0**power) for power in range(-6, 3)]
    assert max(rooms) - min(rooms) <= 1
