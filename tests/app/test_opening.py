"""A file that is opened or dropped goes to whoever takes it; what nobody takes is said in one sentence."""

import pytest
from PIL import Image
from PyQt5.QtCore import QMimeData, QSettings, QUrl

from app.bootstrap import Application
from app.opening import OpeningError, opening_for
from app.preferences import Preferences
from engine.spec import scenes


@pytest.fixture
def application(qtbot, qapp, tmp_path):
    preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.IniFormat))
    application = Application(qapp, preferences, scenes()["landscape/one-parameter"])
    application.window.show()
    yield application
    application.window.close()
    qtbot.waitUntil(application.stop)
    application.window.deleteLater()


def _drop(application: Application, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    application.window._take(data)


def test_a_dropped_scene_file_is_opened_on_its_experiments_page(qtbot, application, tmp_path):
    scene = tmp_path / "mine.toml"
    scene.write_text('experiment = "regression"\ntitle = "Mine"\n[settings]\npoints = 77\n')
    _drop(application, scene)
    qtbot.waitUntil(lambda: application.window.experiment == "regression")
    assert application.sessions["regression"].spec.settings.points == 77


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.docx", "hello", "letter.docx can't be opened here; what can: scenes (*.toml)"),
        ("broken.toml", "experiment = [", "not valid TOML"),
        ("other.toml", 'experiment = "cooking"', "experiment must be one of landscape, regression, painting"),
    ],
)
def test_what_can_t_be_opened_is_one_sentence_and_changes_nothing(qtbot, application, tmp_path, name, content, said):
    before = {experiment: session.spec for experiment, session in application.sessions.items()}
    path = tmp_path / name
    path.write_text(content)
    _drop(application, path)
    qtbot.waitUntil(lambda: said in application.window.page.header.message())
    assert {experiment: session.spec for experiment, session in application.sessions.items()} == before


def test_a_folder_without_pictures_is_said_where_it_was_dropped(qtbot, application, tmp_path):
    folder = tmp_path / "numbers.csv"
    folder.mkdir()
    _drop(application, folder)
    qtbot.waitUntil(lambda: "numbers.csv holds no pictures" in application.window.page.header.message())
    assert application.window.experiment == "landscape"


def test_nothing_to_paste_is_said(application):
    application.window._take(QMimeData())
    assert "no picture to paste" in application.window.page.header.message()


def test_a_file_that_nobody_takes_names_those_that_are_taken():
    with pytest.raises(OpeningError, match=r"scenes \(\*\.toml\)"):
        opening_for("thing.xyz")


def test_a_dropped_picture_is_painted_whole_whatever_the_crop_of_the_one_before(qtbot, application, tmp_path):
    picture = tmp_path / "mine.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    session = application.sessions["painting"]
    for knob, value in (("crop_zoom", 4.0), ("crop_x", 0.9), ("folder", str(tmp_path))):
        session.change_knob(knob, value)
    _drop(application, picture)
    qtbot.waitUntil(lambda: bool(session.spec.settings.image_file))
    settings = session.spec.settings
    assert (settings.image_file, settings.folder) == (str(picture), "")
    assert (settings.crop_zoom, settings.crop_x) == (1.0, 0.5)
