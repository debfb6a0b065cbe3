"""What people type into the window's own fields, each standing for its kind: understood, or answered in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLineEdit, QWidget

from engine.expressions import parse
from engine.scenes import scenes
from tests.app.sessions.windows import PATIENCE, session_of
from widgets.knobs.knob_row import KnobRow

ENGINE = Path(__file__).parents[2] / "engine"
NUMBERS = json.loads((ENGINE / "number_cases.json").read_text(encoding="utf-8"))
FORMULAS = json.loads((ENGINE / "expressions" / "formula_cases.json").read_text(encoding="utf-8"))


def type_into(page: QWidget, knob: str, text: str) -> KnobRow:
    """Enter a text by keys into a knob's field; gives back its row."""
    row = next(row for row in page.findChildren(KnobRow) if row.knob.name == knob)
    field = row.control.findChild(QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key_Delete)
    for sign in text:  # QTest's own keys know no sign but ASCII's
        QApplication.sendEvent(field, QKeyEvent(QEvent.KeyPress, 0, Qt.NoModifier, sign))
    QTest.keyClick(field, Qt.Key_Return)
    return row


@pytest.mark.engine
def test_a_number_that_is_typed_is_the_value_or_a_sentence_and_the_value_before(qtbot, opened):
    wide = scenes()["landscape/formula"].with_knobs({"domain_to": 1e6, "domain_from": -2})
    application = opened(wide)
    session = session_of(application)
    for case in NUMBERS:
        typed, value = case["text"], case["value"]
        before = session.spec.settings.domain_from
        row = type_into(application.window.page, "domain_from", typed)
        assert session.spec.settings.domain_from == (before if value is None else value), typed
        assert row.value() == session.spec.settings.domain_from, typed
        assert bool(row.error()) == (value is None), typed
    qtbot.waitUntil(lambda: session.is_up_to_date, timeout=PATIENCE)


@pytest.mark.engine
def test_a_formula_that_is_typed_is_the_landscape_and_its_value_the_cost(qtbot, opened):
    application = opened(scenes()["landscape/formula"].with_knobs({"domain_from": -3, "domain_to": 3}))
    page, session = application.window.page, session_of(application)
    for case in FORMULAS:
        row = type_into(page, "formula", case["formula"])
        assert row.error() == "", case
        formula = parse(session.spec.settings.formula)
        place = formula.at(**{name: case["at"][name] for name in formula.variables})
        assert place.value == pytest.approx(case["value"], rel=1e-12), case
    qtbot.waitUntil(lambda: session.is_up_to_date and page.frame.run == session._run, timeout=PATIENCE)
    last = parse(FORMULAS[-1]["formula"])
    trail = page.frame.picture.trails[0]  # the picture has followed, to the last
    assert trail.costs[0] == pytest.approx(last.at(x=trail.positions[0, 0]).value, rel=1e-5)
