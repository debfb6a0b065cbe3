"""View: one way of looking at a run. Each experiment lists its own in its views.py, one entry a view.

Serves the knob named ``view``: its words, when it is offered, and for which one a moment is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def _always(settings: Any) -> bool:
    return True


@dataclass(frozen=True)
class View:
    """``is_offered(settings)`` says whether the view means anything with these settings."""

    name: str
    label: str
    is_offered: Callable[[Any], bool] = _always


def labels(views: Sequence[View]) -> Mapping[str, str]:
    """Each view's label by its name."""
    return {view.name: view.label for view in views}


def offered(views: Sequence[View], settings: Any) -> tuple[str, ...]:
    """The names of the views that mean something with these settings."""
    return tuple(view.name for view in views if view.is_offered(settings))


def chosen(views: Sequence[View], settings: Any) -> str:
    """The view in effect: what the settings say, or the first one offered where that means nothing with them."""
    names = offered(views, settings)
    return settings.view if settings.view in names else next(iter(names), "")
