"""Views that ask: shown by themselves, with what they ask for at hand, and answered by hand."""

from __future__ import annotations

from typing import Any, TypeVar

from engine.frames import Analysis, Frame
from widgets.page.picture_view import PictureView
from widgets.style.theme import DARK

AView = TypeVar("AView", bound=PictureView)


def shown(qtbot, view: AView) -> AView:
    """The view on the screen; ``asked`` lists the analyses that it asks for: name and arguments."""
    qtbot.addWidget(view)
    view.resize(800, 400)
    view.set_theme(DARK)
    view.asked = []
    view.analysis_requested.connect(lambda name, arguments: view.asked.append((name, dict(arguments))))
    view.show()
    return view


def answer(view: Any, frame: Frame, found: Any, problem: str = "") -> None:
    """Answer what the view has asked last, of this frame."""
    name, arguments = view.asked[-1]
    view.show_analysis(Analysis(frame.run, frame.step, name, arguments, found, problem, frame.generation))
