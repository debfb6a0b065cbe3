"""Scenes and scene files: each shipped one loads, and each wrong file gives one sentence instead of a traceback."""

import pytest

from engine.knobs import KnobError
from engine.run.spec import RunSpec
from engine.scenes import SCENES, SpecError, from_toml, resolve, scenes

NAMED = [
    "landscape/too-small",
    "landscape/one-parameter",
    "landscape/too-large",
    "landscape/learning-rates",
    "landscape/parabola",
    "landscape/two-parameters",
    "landscape/optimizer-race",
    "landscape/basins",
    "regression/line",
    "regression/mini-batches",
    "regression/hundred-neurons",
    "regression/polynomial-1",
    "regression/polynomial-3",
    "regression/polynomial-4",
    "regression/polynomial-4-scaled",
    "regression/tanh",
    "regression/deep",
    "regression/initial-values",
    "painting/astronaut",
    "painting/homework",
    "painting/many",
    "painting/many-plain",
]


@pytest.mark.parametrize("name", NAMED)
def test_every_scene_of_the_lecture_is_there_with_a_title_and_a_line_about_it(name):
    spec = resolve(name)
    assert spec.scene == name
    assert spec.experiment == name.partition("/")[0]
    assert spec.title.strip()
    assert spec.about.endswith((".", "!", "?"))
    assert "\n" not in spec.subtitle()
    assert spec.subtitle().strip()


def test_no_scene_file_is_left_out_of_the_list():
    files = {f"{path.parent.name}/{path.stem}" for path in SCENES.glob("*/*.toml") if path.stem != "index"}
    assert set(scenes()) == files


def test_a_file_of_ones_own_is_read_as_a_spec(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('experiment = "regression"\ntitle = "Mein Versuch ½"\n[settings]\ndepth = 2\n', encoding="utf-8")
    spec = resolve(str(file))
    assert (spec.scene, spec.title, spec.settings.depth) == ("mine", "Mein Versuch ½", 2)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("experiment = ", "not valid TOML"),
        ('experiment = "cooking"', "experiment must be one of landscape, regression, painting"),
        ('title = "none"', "experiment must be one of landscape, regression, painting"),
        ('experiment = ["landscape"]', "experiment must be one of landscape, regression, painting"),
        ('experiment = "landscape"\nsettings = 3', "settings must be a table"),
        ('experiment = "landscape"\n[settings]\ndepth = 3', "no knob 'depth'"),
        ('experiment = "regression"\n[settings]\nlearning_rate = -1', "learning_rate must be between 1e-12 and 1000"),
        ('experiment = "regression"\n[settings]\nlearning_rate = nan', "learning_rate must be"),
        ('experiment = "regression"\n[settings]\nlearning_rate = 2020-01-01', "learning_rate must be a number"),
        ('experiment = "regression"\n[settings]\noptimizer = ["adam"]', "optimizer must be one of"),
        ('experiment = "landscape"\n[settings]\nstart = [0.1, 0.2]', "start needs 1 number"),
        ('experiment = "landscape"\n[settings]\nstart = [7.0]', "start must lie in -1 to 1"),
        ('experiment = "landscape"\n[settings]\nbasins = true', "basins needs a landscape over two parameters"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence_that_names_it(tmp_path, content, says):
    file = tmp_path / "wrong.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SpecError) as refusal:
        resolve(str(file))
    sentence = str(refusal.value)
    assert str(file) in sentence
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_misspelt_or_misplaced_line_of_a_file_is_refused_and_not_passed_over(tmp_path):
    file = tmp_path / "misplaced.toml"
    file.write_text('experiment = "landscape"\nlearning_rate = 3\n', encoding="utf-8")
    with pytest.raises(SpecError, match="learning_rate"):
        resolve(str(file))


def test_a_file_that_is_no_utf_8_text_is_refused(tmp_path):
    file = tmp_path / "latin.toml"
    file.write_bytes('experiment = "landscape"\ntitle = "Größe"'.encode("latin-1"))
    with pytest.raises(SpecError, match="can't be read: it is not UTF-8 text"):
        resolve(str(file))


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path):
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(SpecError, match=f"{path.name} can't be read"):
            from_toml(path, "x")
        with pytest.raises(SpecError, match=path.name):
            resolve(str(path))


@pytest.mark.parametrize("name", ["landscape/nowhere", "", "line", "x" * 5000])
def test_an_unknown_scene_is_refused_whatever_its_name(name):
    with pytest.raises(SpecError) as refusal:
        resolve(name)
    assert str(refusal.value).endswith(".")


def test_an_unknown_scene_is_refused_with_those_that_exist():
    with pytest.raises(SpecError, match=r"no scene 'landscape/nowhere'.*painting/astronaut"):
        resolve("landscape/nowhere")


def test_knobs_that_do_not_go_together_are_refused():
    spec = resolve("landscape/one-parameter")
    with pytest.raises(KnobError, match="At most 8 descents"):
        spec.with_knobs({"optimizers": "sgd, adam, lion", "learning_rates": "1, 2, 3"})


def test_setting_knobs_leaves_the_shipped_scene_alone():
    before = resolve("regression/line")
    changed = before.with_knobs({"seed": "7"})
    assert isinstance(changed, RunSpec)
    assert changed.settings.seed == 7
    assert resolve("regression/line").settings.seed == before.settings.seed == 0


def test_many_pictures_are_shown_as_many_and_one_alone_is_not():
    astronaut = scenes()["painting/astronaut"]
    faces = astronaut.with_knobs({"image": "faces"})
    assert faces.settings.view == "many"
    assert astronaut.with_knobs({"folder": "a", "view": "divider"}).settings.view == "divider"
    looked_into = faces.with_knobs({"view": "layers"})
    assert looked_into.with_knobs({"pictures": 50}).settings.view == "layers"
    assert looked_into.with_knobs({"folder": "a"}).settings.view == "many"
    assert looked_into.with_knobs({"image": "cat"}).settings.view == "layers"
    assert faces.with_knobs({"image": "cat"}).settings.view == "painting"


def test_the_subtitle_counts_drawn_points():
    line = scenes()["regression/line"]
    assert line.with_knobs({"drawn": (1.0, 2.0)}).subtitle().startswith("1 point drawn by hand")
    assert line.with_knobs({"drawn": (1.0, 2.0, 3.0, 4.0)}).subtitle().startswith("2 points drawn by hand")
