"""A painting in one line: what goes in, through which layers, what comes out. Serves the title of a page."""

from __future__ import annotations

from engine.painting.settings import PaintingSettings
from engine.painting.variants import has_palette, is_many, is_siren, is_swapped
from engine.training.costs import COSTS


def description_of(settings: PaintingSettings) -> str:
    """One line that says what is being seen."""
    activation = "sine" if is_siren(settings) else settings.activation
    layers = f"{settings.depth} × {settings.width} {activation} → " if settings.depth else ""
    if is_swapped(settings):
        return f"(red, green, blue) → {layers}(row, column)  ·  {COSTS[settings.cost]}"
    given = ["row", "column", *(["picture"] if is_many(settings) else []), *settings.extra_inputs]
    encoding = "" if settings.encoding in ("coordinates", "siren") else f"{settings.encoding} → "
    answer = "palette" if has_palette(settings) else "red, green, blue"
    return f"({', '.join(given)}) → {encoding}{layers}({answer})  ·  {COSTS[settings.cost]}"
