"""What is wrong with how a window is laid out: things outside it, text that is cut, a picture without its share.

Asked of a shown window by the offscreen tests and, on real screens, by ``check_layout``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from PyQt5.QtCore import QPoint, QRect, Qt
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from engine.frames import Frame
from widgets.page.experiment_page import ExperimentPage
from widgets.pages import PAGES
from widgets.plotting.axes import Plot

PARTS = (QAbstractButton, QAbstractSlider, QComboBox, QLabel, QLineEdit)
CURVE = "a curve"
LEAST_COST, MOST_COST = 90, 1 / 3  # px inside the axes, and of the window's height


def faults(window: QMainWindow, page: ExperimentPage, frame: Frame) -> list[str]:
    """One sentence a fault; none where all is well. ``frame`` is what the page in front shows."""
    return [*_misplaced(window), *_cut(window), *_too_small(window, page, frame)]


def _shown(window: QMainWindow) -> Iterator[QWidget]:
    for part in window.findChildren(QWidget):
        inside = part.window() is window and part.isVisible() and not isinstance(part, QScrollBar)
        if inside and isinstance(part, PARTS) and _scrolled_into(part) is not None:
            yield part


def _scrolled_into(part: QWidget) -> QRect | None:
    """Where a part may be seen, in its window: all of it, or the port it is scrolled in; None where it is scrolled off.

    What is scrolled off below is reached with the wheel; across there is no scrolling.
    """
    window, place = part.window(), _place(part)
    port = window.rect()
    parent = part.parentWidget()
    while parent is not None and parent is not window:
        area = parent.parentWidget() if parent.objectName() == "qt_scrollarea_viewport" else None
        if isinstance(area, QScrollArea):
            seen = _place(parent)
            if place.top() < seen.top() or place.bottom() > seen.bottom():
                return None
            port = port & seen
        parent = parent.parentWidget()
    return port


def _place(part: QWidget) -> QRect:
    return QRect(part.mapTo(part.window(), QPoint()), part.size())


def _misplaced(window: QMainWindow) -> Iterator[str]:
    for part in _shown(window):
        port = _scrolled_into(part)
        if not port.contains(_place(part)) and part.width() and part.height():
            yield f"{_name(part)} at {_in_words(_place(part))} lies outside {_in_words(port)}"


def _cut(window: QMainWindow) -> Iterator[str]:
    for part in _shown(window):
        needed, has = _text_room(part)
        if needed > has + 1:
            yield f"{_name(part)} has {has} px for {needed} px of text"


def _text_room(part: QWidget) -> tuple[int, int]:
    """The px that a part's text needs, and those that it has, the way it may be short of them."""
    if isinstance(part, QLabel):
        if not part.text():
            return 0, 0
        if part.wordWrap():
            return part.heightForWidth(part.width()), part.height()
        return part.minimumSizeHint().width(), part.width()
    if isinstance(part, QComboBox):
        option = QStyleOptionComboBox()
        part.initStyleOption(option)
        field = part.style().subControlRect(QStyle.CC_ComboBox, option, QStyle.SC_ComboBoxEditField, part)
        return part.fontMetrics().horizontalAdvance(part.currentText()), field.width()
    if isinstance(part, QLineEdit) and part.property("role") == "value":
        return part.fontMetrics().horizontalAdvance(part.text()), part.width() - 6
    if part.property("role") == "rail":  # whose width is that of its words
        return (part.fontMetrics().horizontalAdvance(part.text()) if _shows_text(part) else 0), part.width() - 4
    if isinstance(part, QAbstractButton) and part.text() and _shows_text(part):
        return part.minimumSizeHint().width(), part.width()
    return 0, 0


def _shows_text(button: QAbstractButton) -> bool:
    style = getattr(button, "toolButtonStyle", None)
    return style is None or style() != Qt.ToolButtonIconOnly


def _too_small(window: QMainWindow, page: ExperimentPage, frame: Frame) -> Iterator[str]:
    height = window.height()
    is_presented = window.isFullScreen() and window.theme.name == "projector"
    shares = PAGES[frame.experiment].shares
    for what, tall in _pictures(page, frame):
        least = height * (shares.usual if what == CURVE else shares.of(is_presented))
        if tall < least - 1:
            yield f"{what} has {tall:.0f} px of {height}, {tall / height:.1%} of the height"
    plot = page.cost_plot.findChild(Plot)
    inner = plot.getViewBox().height()
    if inner < LEAST_COST - 1:
        yield f"the cost plot has {inner:.0f} px inside its axes"
    if page.cost_plot.height() > MOST_COST * height + 1:
        yield f"the cost plot takes {page.cost_plot.height() / height:.1%} of the height"


def _pictures(page: ExperimentPage, frame: Frame) -> Iterator[tuple[str, float]]:
    """The pictures of those views that have a share of their own, and how tall they are."""
    view = page.view
    if frame.experiment == "landscape":
        if frame.picture.terrain.y is None:
            for panel in view.one._panels:
                yield CURVE, panel.plot.getViewBox().height()
            return
        if view.two.map.isVisible():
            yield "the map", view.two.map.getViewBox().height()
        if view.two.surface.isVisible():
            yield "the surface", view.two.surface.height()
    elif view.current() == "fit":
        yield "the fit", view.named("fit").plot.getViewBox().height()
    elif view.current() == "painting":
        for place in view.named("painting").squares.places():
            yield "a painting", place.height()


def _name(part: QWidget) -> str:
    text = part.currentText() if isinstance(part, QComboBox) else part.text() if hasattr(part, "text") else ""
    return f"{type(part).__name__} {part.objectName() or '?'} {_plain(text)[:40]!r}"


def _plain(text: str) -> str:
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append
    parser.feed(text)
    return "".join(words)


def _in_words(rect: QRect) -> str:
    return f"({rect.left()}, {rect.top()}) to ({rect.right()}, {rect.bottom()})"
