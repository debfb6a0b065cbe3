"""The views of a landscape, one entry each."""

from __future__ import annotations

from engine.views import View

OF_ONE = ("curve", "map")  # parameter
OF_TWO = ("both", "contours", "surface", "map")
VIEWS = (
    View("both", "both"),
    View("contours", "contours"),
    View("surface", "surface"),
    View("curve", "curve"),
    View("map", "map"),
)
