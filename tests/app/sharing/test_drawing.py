"""What leaves the window looks as in it, at every size: text stays text, lines stay lines, and widths go along."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PyQt5.QtGui import QImage

from app.sharing.drawing import Drawing
from app.sharing.look import Look
from app.sharing.stage import Stage
from engine.run.states import Event
from tests.engine.conftest import compiled, opened  # noqa: F401
from widgets.style.theme import LIGHT

SVG = "{http://www.w3.org/2000/svg}"
RUNS = [
    ("landscape/parabola", {}, ("The slope, first", "learning rate")),
    ("landscape/optimizer-race", {}, ("Optimizer race", "Adam")),
    ("regression/line", {"points": 60, "batch_size": 20}, ("each batch", "fit")),
    ("painting/astronaut", {"side": 16, "depth": 2, "width": 8, "batch_size": 64}, ("A network paints", "target")),
]


@pytest.fixture(params=RUNS, ids=[run[0] for run in RUNS])
def run(request, opened):  # noqa: F811
    scene, knobs, words = request.param
    runner = opened(scene, **knobs)
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    runner.advance(20)
    return runner, words


@pytest.fixture
def drawn(qapp):
    stage = Stage()

    def draw(runner, **look) -> Drawing:
        drawing = stage.drawing(runner.spec, runner.analyse, Look(**look))
        drawing.show(runner.frame())
        return drawing

    yield draw
    stage.close()


def pixels(content: bytes) -> np.ndarray:
    image = QImage.fromData(content).convertToFormat(QImage.Format_RGBA8888)
    return np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8).reshape(
        image.height(), image.width(), 4
    )


def test_a_picture_with_more_dots_is_the_same_picture(run, drawn):
    """Halved again it is the smaller one: a line, a point or a letter that kept its dots would be half as wide."""
    runner, _ = run
    small = pixels(drawn(runner, width=800, height=600).png())[..., :3].astype(float)
    large = pixels(drawn(runner, width=800, height=600, scale=2).png())[..., :3].astype(float)
    assert large.shape[:2] == (1200, 1600)
    halved = large.reshape(600, 2, 800, 2, 3).mean(axis=(1, 3))
    inked = np.abs(small - np.median(small, axis=(0, 1))).max(axis=2) > 40
    inked_halved = np.abs(halved - np.median(halved, axis=(0, 1))).max(axis=2) > 40
    assert inked_halved.sum() == pytest.approx(inked.sum(), rel=0.15)
    assert np.abs(halved - small).mean() < 6


def test_svg_has_text_as_text_and_lines_where_they_are_drawn(run, drawn):
    runner, words = run
    root = ElementTree.fromstring(drawn(runner).svg())
    text = " ".join("".join(part.itertext()) for part in root.iter(f"{SVG}text"))
    for word in words:
        assert word in text
    assert root.find(f"{SVG}title").text
    moved = 0
    for group in root.iter(f"{SVG}g"):
        for part in group:
            assert part.get("vector-effect") != "non-scaling-stroke" or "transform" not in group.attrib
            if part.tag in (f"{SVG}polyline", f"{SVG}path") and "transform" not in group.attrib:
                moved += 1
    assert moved > 3
    sizes = [(float(part.get("width")), float(part.get("height"))) for part in root.iter(f"{SVG}image")]
    assert all(width * height < 0.6 * 1280 * 800 for width, height in sizes), "the page is no bitmap"


def test_pdf_is_one_page_with_fonts_of_the_size_of_the_picture(run, drawn):
    runner, _ = run
    content = drawn(runner, width=1280, height=720).pdf()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    assert b"/FontFile" in content
    box = [float(number) for number in re.search(rb"/MediaBox \[([^\]]+)\]", content)[1].split()]
    assert box[2:] == pytest.approx([960, 540], abs=1)


def test_without_ground_what_is_drawn_stays(run, drawn):
    runner, _ = run
    clear, whole = pixels(drawn(runner, is_clear=True).png()), pixels(drawn(runner).png())
    assert (whole[..., 3] == 255).all()
    assert clear[0, 0, 3] == 0
    assert 0.05 < (clear[..., 3] > 0).mean() < 0.8


def test_the_picture_alone_has_its_room(run, drawn):
    runner, words = run
    text = drawn(runner, is_whole=False).svg().decode()
    assert "<title>" in text
    assert f">{words[0]}</text>" not in text or words[0] == "each batch"
    assert "each batch" not in text.replace("<title>", "")


def test_a_dark_picture_is_dark_whatever_the_window_wears(run, drawn):
    runner, _ = run
    assert pixels(drawn(runner, theme="dark").png())[2, 2, :3].max() < 60
    assert pixels(drawn(runner, theme="light").png())[2, 2, :3].min() > 230


def test_films_have_even_edges(run, drawn):
    runner, _ = run
    assert drawn(runner, width=801, height=601).pixels().shape == (600, 800, 3)


def test_a_descents_trail_is_a_line_in_svg(opened, drawn):  # noqa: F811
    runner = opened("landscape/optimizer-race")
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    runner.advance(40)
    root = ElementTree.fromstring(drawn(runner, is_whole=False).svg())
    colour = LIGHT.series_pen(1).color().name()
    lines = [part for group in root.iter(f"{SVG}g") if group.get("stroke") == colour for part in group]
    assert sum(len(part.get("points", "").split()) for part in lines) >= 20


def test_what_leaves_a_plot_is_cut_at_its_edge_in_svg(opened, drawn):  # noqa: F811
    runner = opened("regression/tanh", init_scale=3.0)  # far steeper at first than the data
    runner.handle(Event.RESET)
    root = ElementTree.fromstring(drawn(runner, is_whole=False).svg())
    clips = {clip.get("id"): clip[0] for clip in root.iter(f"{SVG}clipPath")}
    cut = [group for group in root.iter(f"{SVG}g") if group.get("clip-path")]
    assert {group.get("clip-path") for group in cut} == {f"url(#{name})" for name in clips}
    beyond = []
    for group in cut:
        edge = points_of(clips[group.get("clip-path")[5:-1]])
        lines = [points_of(line) for kind in ("polyline", "path") for line in group.iter(f"{SVG}{kind}")]
        beyond += [line for line in lines if line[:, 1].min() < edge[:, 1].min() or line[:, 1].max() > edge[:, 1].max()]
    assert beyond, "the fit leaves the plot, and stands in what is cut"
    assert not {"#010203", "#030201"} & {group.get("fill") for group in root.iter(f"{SVG}g")}


def points_of(part) -> np.ndarray:
    return np.array(re.findall(r"[-+.\de]+", part.get("points") or part.get("d")), float).reshape(-1, 2)
