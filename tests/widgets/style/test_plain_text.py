"""What a person brings is shown letter by letter, also where it looks like HTML."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel

from widgets.page.page_header import PageHeader
from widgets.plotting.axes import Plot
from widgets.style.plain_text import plain_tip

TAGS = "<b>mass</b> & <img src=x>"


def test_a_title_and_a_message_show_their_tags(qtbot):
    header = PageHeader()
    qtbot.addWidget(header)
    header.show_words(TAGS, TAGS)
    header.show_note(TAGS)
    header.show_message(TAGS)
    for label in header.findChildren(QLabel):
        if "<" in label.text():
            assert label.textFormat() == Qt.PlainText
    assert "&lt;b&gt;mass" in header.findChildren(QLabel)[0].toolTip()


def test_an_axis_is_named_by_its_columns_letters(qtbot):
    plot = Plot()
    qtbot.addWidget(plot)
    plot.set_words(bottom=TAGS, left="<i>y</i>")
    assert plot.getAxis("bottom").label.toPlainText().strip() == TAGS
    assert plot.getAxis("left").label.toPlainText().strip() == "<i>y</i>"


def test_a_tooltip_says_just_the_text():
    assert plain_tip("") == ""
    assert plain_tip("a<b\nc") == "<span>a&lt;b<br>c</span>"
