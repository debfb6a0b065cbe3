"""The line under the title: what to look for in a scene, whole in every theme at the smallest common size."""

from __future__ import annotations

import pytest
from PyQt5.QtWidgets import QLabel

from app.window.window import MainWindow
from engine.scenes import PART, heading, quiet_line, resolve, scenes
from widgets.style.application import apply_theme, configure_plots
from widgets.style.theme import DARK, THEMES, Theme

SIZE = (1280, 720)


@pytest.fixture(params=THEMES.values(), ids=THEMES.keys())
def window(qtbot, qapp, request):
    theme: Theme = request.param
    configure_plots()
    apply_theme(qapp, theme)
    made = MainWindow(theme)
    qtbot.addWidget(made)
    made.resize(*SIZE)
    made.show()
    yield made
    made.close()
    apply_theme(qapp, DARK)


def test_every_scene_says_what_to_look_for_and_no_word_of_it_is_cut(window, qapp):
    for spec in scenes().values():
        window.show_page(spec.experiment)
        page = window.page_of(spec.experiment)
        page.show_spec(spec)
        page.show_title(spec)
        qapp.processEvents()
        shown = [label.text() for label in page.header.findChildren(QLabel) if label.isVisible()]
        line = next((text for text in shown if text.startswith(spec.about)), None)
        assert line is not None, f"{spec.scene}: {shown}"
        assert line == spec.about or line.startswith(spec.about + PART)
        assert heading(spec) in shown, f"{spec.scene}: {shown}"


def test_a_run_that_is_the_scene_no_more_is_not_described_as_if_it_were():
    scene = scenes()["landscape/too-small"]
    assert quiet_line(scene) == f"{scene.about}{PART}{scene.subtitle()}"
    assert quiet_line(scene.with_knobs({"speed": "5", "seed": 3})).startswith(scene.about)
    moved = scene.with_knobs({"learning_rate": 1})
    assert quiet_line(moved) == moved.subtitle()


def test_a_file_of_ones_own_has_its_own_line(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('experiment = "landscape"\nabout = "Look here."\n', encoding="utf-8")
    assert quiet_line(resolve(str(file))).startswith(f"Look here.{PART}")
    file.write_text('experiment = "landscape"\n', encoding="utf-8")
    assert quiet_line(resolve(str(file))) == resolve(str(file)).subtitle()
