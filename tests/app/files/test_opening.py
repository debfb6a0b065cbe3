"""A file that is opened or dropped goes to whoever takes it; what nobody takes is said in one sentence."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PyQt5.QtCore import QMimeData, QSettings, QUrl

from app.files.opening import OpeningError, opening_for, spec_of
from app.files.recognition import Recognised, What, recognised
from app.start.bootstrap import Application
from app.window.preferences import Preferences
from engine.scenes import scenes


def _png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(content, "PNG")
    return content.getvalue()


_A_PNG = _png()


@pytest.fixture
def application(qtbot, qapp, tmp_path):
    preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.IniFormat))
    application = Application(qapp, preferences, scenes()["landscape/one-parameter"])
    application.window.show()
    yield application
    application.window.close()
    qtbot.waitUntil(application.stop, timeout=60_000)
    application.window.deleteLater()


def _drop(application: Application, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    application.window._take(data)


def test_a_dropped_scene_file_is_opened_on_its_experiments_page(qtbot, application, tmp_path):
    scene = tmp_path / "mine.toml"
    scene.write_text('experiment = "regression"\ntitle = "Mine"\n[settings]\npoints = 77\n')
    _drop(application, scene)
    qtbot.waitUntil(lambda: application.window.experiment == "regression", timeout=60_000)
    assert application.sessions["regression"].spec.settings.points == 77


NO_RUNS = [
    ("letter.docx", "hello", "letter.docx has no two columns of numbers"),
    ("words.png", "hello", "words.png is not a picture"),
    ("broken.toml", "experiment = [", "not valid TOML"),
    ("long.toml", 'experiment = "regression"\n[settings]\npoints = ' + "1" * 5000, "thousands of digits"),
    ("deep.toml", "a = " + "[" * 500 + "]" * 500, "nested too deep"),
    ("other.toml", 'experiment = "cooking"', "experiment must be one of landscape, regression, painting"),
]


def test_what_can_t_be_opened_is_one_sentence_and_changes_nothing(qtbot, application, tmp_path):
    before = {experiment: session.spec for experiment, session in application.sessions.items()}
    header = application.window.page.header
    for name, content, said in NO_RUNS:
        path = tmp_path / name
        path.write_text(content)
        _drop(application, path)
        qtbot.waitUntil(lambda said=said: said in header.message(), timeout=60_000)
        assert {experiment: session.spec for experiment, session in application.sessions.items()} == before, name


def test_a_folder_without_pictures_is_said_where_it_was_dropped(qtbot, application, tmp_path):
    folder = tmp_path / "numbers.csv"
    folder.mkdir()
    _drop(application, folder)
    qtbot.waitUntil(lambda: "numbers.csv holds no pictures" in application.window.page.header.message(), timeout=60_000)
    assert application.window.experiment == "landscape"


def test_nothing_to_paste_is_said(application):
    application.window._take(QMimeData())
    assert "nothing to paste" in application.window.page.header.message()


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(OpeningError, match=r"thing\.xyz is not there"):
        opening_for("thing.xyz")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.csv", b"1,2\n2,3\n", What.TABLE),
        ("a.dat", b"1 2\n2 3\n", What.TABLE),
        ("a", b"1;2\n2;3\n", What.TABLE),
        ("a.xyz", b"x\ty\n1\t2\n", What.TABLE),
        ("a.toml", b"experiment = 'regression'\n", What.SCENE),
        ("scene.txt", b"# mine\nexperiment = 'regression'\n", What.SCENE),
        ("a.jpg", _A_PNG, What.PICTURE),
        ("a.csv", _A_PNG, What.PICTURE),
        ("a", _A_PNG, What.PICTURE),
    ],
)
def test_what_a_file_is_is_told_by_its_content(tmp_path, name, content, what):
    path = tmp_path / name
    path.write_bytes(content)
    for text in (str(path), f'"{path}"', path.as_uri()):
        assert recognised(text) == Recognised(what, str(path))


@pytest.mark.parametrize(
    ("text", "what"),
    [("x^2 + 1", What.FORMULA), ("x/3", What.FORMULA), ("landscape/beale", What.SCENE), ("sin(3*x)", What.FORMULA)],
)
def test_what_is_no_file_is_a_scene_or_a_formula(text, what):
    assert recognised(text).what is what


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("landscape/nowhere", "There is no scene"),
        ("gone.csv", "gone.csv is not there"),
        ("~/gone", "gone is not there"),
    ],
)
def test_what_is_nothing_is_one_sentence(text, said):
    with pytest.raises(ValueError, match=said):
        recognised(text)


def test_anything_that_can_be_opened_is_a_run(tmp_path):
    (tmp_path / "a.csv").write_text("1,2\n2,3\n")
    (tmp_path / "photo").write_bytes(_A_PNG)
    assert spec_of(str(tmp_path / "a.csv")).settings.source == "file"
    assert spec_of(str(tmp_path / "photo")).settings.image_file == str(tmp_path / "photo")
    assert spec_of("x**2 + y**2").settings.landscape == "formula"
    assert spec_of("regression/line").scene == "regression/line"
    with pytest.raises(OpeningError, match="no file, folder or scene 'nowhere', and as a formula"):
        spec_of("nowhere")


def test_names_in_a_scene_file_are_taken_from_its_folder(tmp_path, monkeypatch):
    folder = tmp_path / "lecture"
    folder.mkdir()
    (folder / "cars.csv").write_text("1,2\n2,3\n")
    (folder / "mine.toml").write_text('experiment = "regression"\n[settings]\nfile = "cars.csv"\n')
    monkeypatch.chdir(tmp_path)
    assert spec_of("lecture/mine.toml").settings.file == str(Path("lecture/cars.csv"))


def test_pasted_cells_are_a_table(qtbot, application, tmp_path, monkeypatch):
    monkeypatch.setattr("app.files.opener.user_cache_path", lambda *_, **__: tmp_path)
    data = QMimeData()
    data.setText("speed\tdist\n4\t2\n7\t4\n")
    application.window._take(data)
    qtbot.waitUntil(lambda: application.sessions["regression"].spec.settings.source == "file", timeout=60_000)
    assert application.window.experiment == "regression"
    assert Path(application.sessions["regression"].spec.settings.file).read_text() == data.text()


def test_pasted_words_are_refused_and_change_nothing(qtbot, application):
    data = QMimeData()
    data.setText("Dear all,\nsee you tomorrow.\n")
    application.window._take(data)
    qtbot.waitUntil(lambda: "no two columns of numbers" in application.window.page.header.message(), timeout=60_000)
    assert application.window.experiment == "landscape"


def test_a_dropped_picture_is_painted_whole_whatever_the_crop_of_the_one_before(qtbot, application, tmp_path):
    picture = tmp_path / "mine.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    session = application.sessions["painting"]
    for knob, value in (("crop_zoom", 4.0), ("crop_x", 0.9), ("folder", str(tmp_path))):
        session.change_knob(knob, value)
    _drop(application, picture)
    qtbot.waitUntil(lambda: bool(session.spec.settings.image_file), timeout=60_000)
    settings = session.spec.settings
    assert (settings.image_file, settings.folder) == (str(picture), "")
    assert (settings.crop_zoom, settings.crop_x, settings.shape) == (1.0, 0.5, "whole")
