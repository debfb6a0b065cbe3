"""Every file that the command line can be asked for, from a run and from a recording of it, is the same file."""

import base64
import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from pptx import Presentation

from app.cli import main
from app.files.opening import spec_of
from app.sharing import latex
from app.sharing.formats import FORMATS
from engine.backend import backend
from tests.app.sharing.test_film import frames_of

pytestmark = pytest.mark.engine
RUN = ["run", "regression/line", "--set", "points=60", "--set", "batch_size=20", "--steps", "30"]
STAMPED = (
    "pdf",
    "mp4",
    "webm",
    "npz",
    "keras",
    "pptx",
    "tensorboard",
)  # a time is in their bytes, or more than what is shown
LOOK = ["--size", "480x300", "--seconds-long", "0.5", "--fps", "20"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every format, by its option, from a run and from its recording."""
    folder = tmp_path_factory.mktemp("made")
    first = {one.option: folder / f"run{one.ending}" for one in FORMATS}
    again = {one.option: folder / f"replay{one.ending}" for one in FORMATS}
    option = {one.option: f"--{one.option}" for one in FORMATS} | {"scene": "--scene-file"}
    asked = [word for name, path in first.items() for word in (option[name], str(path))]
    assert main([*RUN, *LOOK, *asked, "--record", str(folder / "a.fallline")]) == 0
    asked = [word for name, path in again.items() for word in (option[name], str(path))]
    assert main(["replay", str(folder / "a.fallline"), *LOOK, *asked]) == 0
    return first, again


@pytest.mark.parametrize("option", [one.option for one in FORMATS if one.option not in STAMPED])
def test_a_recording_gives_the_file_that_the_run_gave(made, option):
    first, again = made
    assert first[option].read_bytes() == again[option].read_bytes()


def test_films_are_the_same_film(made):
    for option in ("mp4", "webm"):
        films = [frames_of(str(files[option])) for files in made]
        assert films[0].shape == films[1].shape == (10, 300, 480, 3)
        assert np.abs(films[0].astype(float) - films[1]).mean() < 1


def test_a_page_holds_every_moment_and_asks_for_nothing_else(made):
    page = made[0]["html"].read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="data">(.*?)</script>', page)[1])
    assert data["steps"][0] == 0
    assert data["steps"][-1] == 30
    assert len(data["frames"]) == len(data["costs"]) == len(data["steps"])
    assert data["costs"][-1] < data["costs"][0]
    assert base64.b64decode(data["frames"][0])[8:12] == b"WEBP"
    assert not re.findall(r"https?://|src=\"(?!data)", page.replace("http://www.w3.org", ""))
    assert "__" not in re.sub(r'id="data">.*?</script>', "", page)
    assert "<td>Learning rate</td>" in page


def test_the_arrays_are_the_line(made):
    held = np.load(made[0]["npz"], allow_pickle=False)
    again = np.load(made[1]["npz"], allow_pickle=False)
    assert set(held.files) == set(again.files) >= {"line/W", "line/B", "W", "B", "step", "x", "costs", "epoch_costs"}
    for name in held.files:
        np.testing.assert_array_equal(held[name], again[name])
    assert held["step"] == 30
    assert float(held["W"]) == pytest.approx(float(held["line/W"].sum()))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--size", "wide"], "as in 1920x1080"),
        (["--size", "10x10"], "edges"),
        (["--scale", "99"], "scale"),
        (["--mp4", "{}/a.mp4", "--seconds-long", "0.001"], "moments"),
        (["--png", "{}/nowhere/a.png"], "no folder"),
        (["--html", "{}"], "is a folder"),
        (["--svg", ""], "empty"),
        (["--tensorboard", "{}"], "is a folder"),
    ],
)
def test_what_cannot_be_made_is_said_before_the_run(tmp_path, capsys, arguments, words):
    try:
        code = main([*RUN, *(argument.replace("{}", str(tmp_path)) for argument in arguments)])
    except SystemExit as left:
        code = left.code
    assert code == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_tensorboard_log_holds_every_cost_by_its_step(made):
    tf = backend.tensorflow()  # never imported by itself: see engine.backend.backend
    from tensorflow.core.util import event_pb2

    (log,) = made[0]["tensorboard"].iterdir()
    found = {}
    for record in tf.data.TFRecordDataset(str(log)):
        event = event_pb2.Event.FromString(record.numpy())
        for value in event.summary.value:
            found.setdefault(value.tag, {})[event.step] = float(tf.make_ndarray(value.tensor))
    assert set(found) == {"raw/each batch", "exact/all data"}
    assert list(found["raw/each batch"]) == list(range(1, 31))
    assert found["exact/all data"][30] < found["exact/all data"][3]


def test_a_slide_has_the_film_its_poster_and_the_settings(made):
    slides = Presentation(str(made[0]["pptx"])).slides
    assert len(slides) == 1
    (movie,) = slides[0].shapes
    assert movie.media_type is not None
    assert min(movie.left, movie.top) >= 0
    assert movie.left + movie.width <= 12_192_000
    assert movie.top + movie.height <= 6_858_000
    notes = slides[0].notes_slide.notes_text_frame.text
    assert "Batch: 20" in notes
    line = notes.rpartition("In Fall Line: ")[2]
    assert spec_of(line).settings.points == 60
    film = next(part for part in slides[0].part.package.iter_parts() if part.partname.endswith(".mp4"))
    assert film.blob[4:8] == b"ftyp"


def test_the_latex_document_holds_the_curves(made):
    document = made[0]["tex"].read_text(encoding="utf-8")
    assert document.count(r"\addplot") == 4  # the data, the fit, each batch and all data
    assert document.count(r"\begin{") == document.count(r"\end{")
    last = re.findall(r"\(([^)]*)\)", document.rpartition("coordinates")[2])[-1]
    assert last.startswith("10,")  # thirty steps are ten epochs


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="There is no LaTeX here.")
def test_the_latex_document_compiles(made, tmp_path):
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", str(made[0]["tex"])]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stdout[-2000:]


def test_what_latex_would_take_for_commands_is_text():
    assert latex.text(r"50 % of x_1 & {y}\n") == r"50 \% of x\_1 \& \{y\}\textbackslash{}n"
    assert latex.text("sin²(η) 中") == r"sin\textsuperscript{2}($\eta$) ?"


def test_lines_are_as_wide_whatever_the_dots(tmp_path):
    once, twice = tmp_path / "once.svg", tmp_path / "twice.svg"
    for path, scale in ((once, "1"), (twice, "2")):
        assert main([*RUN, "--size", "480x300", "--scale", scale, "--svg", str(path)]) == 0
    assert once.read_bytes() == twice.read_bytes()
