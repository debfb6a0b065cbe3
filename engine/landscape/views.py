"""The views of a landscape over two parameters, one entry each; over one parameter there is the curve alone."""

from __future__ import annotations

from engine.views import View

VIEWS = (View("both", "both"), View("contours", "contours"), View("surface", "surface"))
