"""The pages, by experiment: the one place on the widgets' side that knows them all. Serves the panels."""

from __future__ import annotations

from widgets.landscape.landscape_view import LandscapeView
from widgets.page.page_entry import PageEntry
from widgets.page.room import Shares
from widgets.painting.painting_view import PaintingView
from widgets.regression.regression_view import RegressionView

PAGES: dict[str, PageEntry] = {
    "landscape": PageEntry(LandscapeView, 76, Shares(0.42, 0.52), abreast=2, between=96),
    "regression": PageEntry(RegressionView, 70, Shares(0.42, 0.42), abreast=2, between=96),
    "painting": PageEntry(PaintingView, 62, Shares(0.40, 0.40), abreast=3, between=24),
}
