"""What the palette finds: the actions of the menus, every scene, the knobs of the page in front, the chapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PyQt5.QtWidgets import QAction

from app.window.palette import Entry
from engine.experiments import EXPERIMENTS
from engine.knobs import knobs_of
from engine.lecture import chapters
from engine.scenes import scenes

if TYPE_CHECKING:
    from app.window.window import MainWindow


def everything(window: MainWindow, actions: Mapping[str, QAction]) -> list[Entry]:
    """All that can be done now, in the order in which it is offered before anything is typed."""
    return [*_chapters(window), *_scenes(window), *_knobs(window), *_actions(actions)]


def _actions(actions: Mapping[str, QAction]) -> list[Entry]:
    shown = [action for name, action in actions.items() if name != "find"]
    return [
        Entry("action", action.text().replace("&", ""), action.trigger, action.shortcut().toString())
        for action in shown
    ]


def _scenes(window: MainWindow) -> list[Entry]:
    def opens(experiment: str, name: str) -> Callable[[], None]:
        def do() -> None:
            window.show_page(experiment)
            window.page.scene_requested.emit(name)

        return do

    return [
        Entry("scene", spec.title, opens(spec.experiment, name), f"{EXPERIMENTS[spec.experiment].label} {spec.about}")
        for name, spec in scenes().items()
    ]


def _knobs(window: MainWindow) -> list[Entry]:
    page, settings = window.page, EXPERIMENTS[window.experiment].settings

    def points_at(name: str) -> Callable[[], None]:
        def do() -> None:
            window.show_panels()
            page.knob_panel.point_at(name)

        return do

    shown = page.knob_panel.shown_knobs()
    return [
        Entry("knob", knob.label, points_at(knob.name), knob.help) for knob in knobs_of(settings) if knob.name in shown
    ]


def _chapters(window: MainWindow) -> list[Entry]:
    return [
        Entry(
            "chapter",
            f"{chapter.number}. {chapter.title}",
            lambda number=chapter.number: window.chapter_requested.emit(number),
            chapter.short,
        )
        for chapter in chapters()
    ]
