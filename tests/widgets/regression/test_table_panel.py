"""Two boxes and the first rows say which columns of a table are x and y; there is nothing to choose of two."""

import pytest

from engine.tables import choice, reader
from engine.tables.table import TableHead
from widgets.knobs.choice_box import ChoiceBox
from widgets.regression.table_panel import TablePanel

CARS = reader.read_text("speed,dist,<b>mass</b>,maker\n4,2,9,a\n7,4,8,b\n8,16,7,c\n").head


@pytest.fixture
def panel(qtbot) -> TablePanel:
    made = TablePanel()
    qtbot.addWidget(made)
    made.chosen_columns = []
    made.columns_chosen.connect(made.chosen_columns.append)
    return made


def box(panel: TablePanel, axis: str) -> ChoiceBox:
    return panel.findChild(ChoiceBox, f"column_{axis}")


def test_the_columns_of_numbers_are_offered_and_the_rows_read_as_in_the_file(panel):
    panel.show_table(CARS)
    assert not panel.isHidden()
    offered = [box(panel, "x").itemText(at) for at in range(box(panel, "x").count())]
    assert offered == ["speed", "dist", "<b>mass</b>"]
    assert (box(panel, "x").currentText(), box(panel, "y").currentText()) == ("speed", "dist")
    headers = [panel.rows.horizontalHeaderItem(column).text() for column in range(4)]
    assert headers == ["x: speed", "y: dist", "<b>mass</b>", "maker"]
    assert [panel.rows.item(1, column).text() for column in range(4)] == ["7", "4", "8", "b"]


def test_a_choice_is_what_the_knob_takes(panel):
    panel.show_table(CARS)
    box(panel, "y").setValue("2")
    assert panel.chosen_columns == ["1,3"]
    assert reader.read_text("speed,dist,m\n4,2,9\n7,4,8\n", panel.chosen_columns[0]).chosen == (0, 2)


def test_the_other_ones_column_changes_places_with_it(panel):
    panel.show_table(CARS)
    box(panel, "x").setValue("1")
    assert panel.chosen_columns == ["2,1"]
    assert box(panel, "y").currentText() == "speed"


def test_where_names_are_numbers_the_names_are_said(panel):
    head = TableHead(("rank", "3", "2"), (0, 1, 2), (0, 1), (("11", "5", "9"),))
    panel.show_table(head)
    box(panel, "y").setValue("2")
    assert choice.asked_for(panel.chosen_columns[0], head.columns, "it") == (0, 2)


@pytest.mark.parametrize("table", [None, TableHead(("x", "y"), (0, 1), (0, 1), (("1", "2"),))])
def test_where_there_is_nothing_to_choose_it_is_away(panel, table):
    panel.show_table(CARS)
    panel.show_table(table)
    assert panel.isHidden()


def test_another_table_is_announced_and_another_choice_of_the_same_is_not(panel):
    arrived = []
    panel.arrived.connect(lambda: arrived.append(True))
    panel.show_table(CARS)
    panel.show_table(TableHead(CARS.columns, CARS.numeric, (0, 2), CARS.rows))
    assert len(arrived) == 1
    assert box(panel, "y").currentText() == "<b>mass</b>"


def test_long_names_are_told_apart_by_their_ends(panel):
    names = tuple(f"A rather long name of an indicator number {number}" for number in range(40))
    panel.show_table(TableHead(names, tuple(range(40)), (0, 1), (("1",) * 40,)))
    offered = {box(panel, "x").itemText(at) for at in range(40)}
    assert len(offered) == 40
    assert max(map(len, offered)) <= 24
