"""Tables as people bring them, each standing for its kind: the same points by `check`, a path, a drop and a paste."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QMimeData, QSettings, QUrl

from app.cli import main
from app.files.opening import spec_of
from app.start.bootstrap import Application
from app.window.preferences import Preferences
from engine.regression.points import points_of
from engine.scenes import scenes
from engine.tables.encoding import decoded
from widgets.knobs.choice_box import ChoiceBox

FOLDER = Path(__file__).parents[2] / "engine" / "tables" / "cases"
CASES = json.loads((FOLDER / "tables.json").read_text(encoding="utf-8"))
SAID = {  # a case's remark tells a reader what is wanted; this is what of it has to be in our own words
    "counting-column.csv": "The counting column is left out",
    "unnamed-column.csv": "The counting column is left out",
    "gaps.csv": "5 of 26 rows have no two numbers",
    "days.csv": "x counts days since 2024-01-01",
    "preamble.csv": "5 lines before the numbers",
}
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])


def assert_points(settings: Any, case: dict[str, Any]) -> None:
    points = points_of(settings)
    order = sorted([case["first"], case["last"]])  # the points go from left to right, whatever the file's order
    assert len(points.own_x) == case["points"]
    assert [float(points.own_x[0]), float(points.own_y[0])] == pytest.approx(order[0])
    assert [float(points.own_x[-1]), float(points.own_y[-1])] == pytest.approx(order[1])
    if "names" in case:
        assert list(points.names) == case["names"]


@each_case
def test_check_says_the_points_the_names_and_what_was_done(case, capsys):
    assert main(["check", str(FOLDER / case["file"]), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["points"] == case["points"]
    assert found["first"] == pytest.approx(case["first"])
    assert found["last"] == pytest.approx(case["last"])
    assert found["names"] == case.get("names", found["names"])
    assert SAID.get(case["file"], "") in " ".join(found["remarks"])


@pytest.mark.parametrize("standardise", [True, False], ids=["standardised", "as they are"])
@each_case
def test_a_run_on_a_path_trains_on_these_points_in_their_own_units(case, standardise):
    spec = spec_of(str(FOLDER / case["file"])).with_knobs({"standardise": standardise})
    assert_points(spec.settings, case)
    points = points_of(spec.settings)
    assert len(set(points.x.tolist())) == len(set(points.own_x.tolist())), "single precision tells them apart"


@pytest.fixture
def opened(qtbot, qapp, tmp_path, monkeypatch):
    """A window, and a way to bring it something and get the regression's settings that come of it."""
    monkeypatch.setattr("app.files.opener.user_cache_path", lambda *_, **__: tmp_path)
    preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.IniFormat))
    application = Application(qapp, preferences, scenes()["landscape/one-parameter"])
    session = application.sessions["regression"]

    def bring(data: QMimeData) -> Any:
        before = session.spec.settings.file
        application.window._take(data)
        qtbot.waitUntil(lambda: session.spec.settings.file not in ("", before), timeout=60_000)
        return session.spec.settings

    yield bring
    application.window.close()
    qtbot.waitUntil(application.stop, timeout=60_000)
    application.window.deleteLater()


def test_every_table_that_is_dropped_is_the_data(opened):
    for case in CASES:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(FOLDER / case["file"]))])
        assert_points(opened(data), case)


def test_every_table_that_is_pasted_is_the_data(opened):
    for case in CASES:
        text, _ = decoded((FOLDER / case["file"]).read_bytes(), case["file"])
        data = QMimeData()
        data.setText(text)
        assert_points(opened(data), case)


@pytest.mark.engine
def test_other_columns_of_a_table_are_chosen_in_the_window(qtbot, qapp, tmp_path):
    table = tmp_path / "cars.csv"
    table.write_text("speed,dist,mass\n" + "".join(f"{n},{n * n},{100 - n}\n" for n in range(1, 30)))
    preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.IniFormat))
    application = Application(qapp, preferences, scenes()["regression/line"])
    application.show()
    try:
        page = application.window.page
        qtbot.waitUntil(lambda: page.frame is not None, timeout=60_000)
        application.opener.open(str(table))
        qtbot.waitUntil(lambda: page.frame.picture.names == ("speed", "dist"), timeout=60_000)
        column_y = page.findChild(ChoiceBox, "column_y")
        qtbot.waitUntil(lambda: not column_y.parent().isHidden(), timeout=60_000)
        column_y.setValue("2")
        qtbot.waitUntil(lambda: page.frame.picture.names == ("speed", "mass"), timeout=60_000)
        assert application.sessions["regression"].spec.settings.columns == "1,3"
        assert page.frame.picture.data_y[0] == 99
    finally:
        application.window.close()
        assert application.engine.stop(60_000)
        application.window.deleteLater()
