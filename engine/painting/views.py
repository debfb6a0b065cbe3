"""The views of a painting, one entry each.

A race has one picture, and two networks with a landscape each. There is no zoom without positions to zoom between,
and there are no layers to see without hidden ones.
"""

from __future__ import annotations

from typing import Any

from engine.painting.variants import is_many, is_race, is_swapped
from engine.views import View


def _is_alone(settings: Any) -> bool:
    return not is_race(settings)


VIEWS = (
    View("painting", "painting"),
    View("divider", "compare", _is_alone),
    View("layers", "layers", lambda settings: _is_alone(settings) and settings.depth > 0),
    View("function", "zoom", lambda settings: _is_alone(settings) and not is_swapped(settings)),
    View("landscape", "landscape", _is_alone),
    View("many", "montage", is_many),
)
