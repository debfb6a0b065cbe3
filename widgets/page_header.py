"""PageHeader: the title, one quiet line that says what is being seen, and the place of a message.

Its height is the same with and without a message, so that the picture never moves. Serves the panels.
"""

from __future__ import annotations

from enum import Enum, auto

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QFontMetrics
from PyQt5.QtWidgets import QGridLayout, QLabel, QSizePolicy, QStackedWidget, QWidget

from widgets.theme import Theme
from widgets.view_bar import ViewBar

PART = "  ·  "  # between the parts of a subtitle


class _Order(Enum):
    """Who stands where: the views beside the title, in the second line or at its end; or a long sentence in both."""

    BESIDE = auto()
    BELOW = auto()
    AT_END = auto()
    TALL = auto()


class PageHeader(QWidget):
    """A message takes the quiet line's place; one too long for a line takes the title's too."""

    def __init__(self, view_bar: ViewBar | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_bar = view_bar
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._note = QLabel()
        self._note.setObjectName("note")
        self._note.setProperty("role", "quiet")
        self._note.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
        self._subtitle = QLabel()
        self._subtitle.setProperty("role", "quiet")
        self._message = QLabel()
        self._message.setObjectName("message")
        self._message.setProperty("role", "message")
        self._message.setWordWrap(True)
        for label in (self._title, self._note):  # words never make the window wider: they give way instead
            label.setMinimumWidth(1)
        self._whole_title = self._whole_subtitle = ""
        self._second = QStackedWidget()
        for label in (self._subtitle, self._message):
            label.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Preferred)
            self._second.addWidget(label)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setVerticalSpacing(2)
        self._layout.setColumnStretch(1, 1)
        self._layout.setHorizontalSpacing(12)
        self._order = _Order.BESIDE
        self._arrange()

    def show_words(self, title: str, subtitle: str) -> None:
        """What is being seen."""
        self._whole_title = title
        self._title.setToolTip(title)
        self._whole_subtitle = subtitle
        self._subtitle.setToolTip(subtitle)
        self.make_room()

    def show_note(self, text: str) -> None:
        """Something quiet at the right end of the title line; empty takes it away."""
        self._note.setText(text)
        self.make_room()

    def show_message(self, text: str, is_calm: bool = False) -> None:
        """One sentence that has to be read; empty brings the quiet line back. A calm one is news, and no fault."""
        self._message.setText(text)
        role = "news" if is_calm else "message"
        if self._message.property("role") != role:
            self._message.setProperty("role", role)
            self._message.style().unpolish(self._message)
            self._message.style().polish(self._message)
        self._second.setCurrentWidget(self._message if text else self._subtitle)
        self.make_room()

    def note(self) -> str:
        """The quiet words at the end of the title line."""
        return self._note.text()

    def message(self) -> str:
        """The message that is shown, or nothing."""
        return self._message.text() if self._second.currentWidget() is self._message else ""

    def set_theme(self, theme: Theme) -> None:
        """The height for two lines of this theme."""
        self.setFixedHeight(theme.px(60))
        self._layout.setRowMinimumHeight(1, theme.px(24))
        self.make_room()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.make_room()

    def make_room(self) -> None:
        """Fit the words, and the row of views, to the width there is.

        Views stand beside the title; where they have no room there, in the second line, with the sentence beside the
        title; and where that doesn't fit either, they are a drop-down beside the title, or at the second line's end,
        with the whole title above. A sentence longer than a line takes both lines.
        """
        self._title.setText(self._whole_title)
        width, title = self.width(), self._title.sizeHint().width() + 12
        needed = self._needed()
        bar = self._view_bar if self._view_bar is not None and self._view_bar.has_choice() else None
        row = bar.width_of_row() + 12 if bar is not None else 0
        box = bar.width_of_box() + 12 if bar is not None else 0
        if needed > width:
            order = _Order.TALL
        elif title + row > width and row <= width and title + needed <= width:
            order = _Order.BELOW
        elif title + min(row, box) > width and (needed + box <= width or not self.message()):
            order = _Order.AT_END
        else:
            order = _Order.BESIDE
        if order is not self._order:
            self._order = order
            self._arrange()
        if self._view_bar is not None:
            self._view_bar.use_row(order is _Order.BELOW or (order is _Order.BESIDE and title + row <= width))
            self._view_bar.setVisible(bar is not None)
        is_below = order is _Order.BELOW
        room = {_Order.BELOW: width - title, _Order.AT_END: width - box}.get(order, width)
        beside = self._view_bar.sizeHint().width() + 12 if bar is not None and order is _Order.BESIDE else 0
        if title + beside > width:  # whole words at least: "A deep network" of "A deep network, changed"
            self._title.setText(self._whole_title.partition(", ")[0])
        self._subtitle.setText(_fitted(self._whole_subtitle, self._subtitle.fontMetrics(), room))
        taken = title + (self._subtitle.sizeHint().width() if is_below else row) + self._note.sizeHint().width() + 12
        self._title.setVisible(order is not _Order.TALL)
        has_place = order in (_Order.BESIDE, _Order.BELOW) and taken <= width
        self._note.setVisible(has_place)
        if self._note.text() and not has_place:  # it says why nothing moves, which matters more for the moment
            self._subtitle.setText(_fitted(self._note.text(), self._subtitle.fontMetrics(), room))

    def _needed(self) -> int:
        """The least width of the line under the title: a message's, or that of the quiet line's first part."""
        if self.message():
            return round(self._message.fontMetrics().horizontalAdvance(self.message()) * 1.1) + 24
        return min(self._subtitle.fontMetrics().horizontalAdvance(self._whole_subtitle.split(PART)[0]), self.width())

    def _arrange(self) -> None:
        for part in (self._title, self._second, self._note, self._view_bar):
            if part is not None:
                self._layout.removeWidget(part)
        if self._order is _Order.AT_END:
            self._layout.addWidget(self._title, 0, 0, 1, 4)
        else:
            self._layout.addWidget(self._title, 0, 0)
            self._layout.addWidget(self._note, 0, 2)
        match self._order:
            case _Order.BESIDE:
                bar_at, second_at = (0, 3, 1, 1), (1, 0, 1, 4)
            case _Order.BELOW:
                bar_at, second_at = (1, 0, 1, 4), (0, 1, 1, 1)
            case _Order.AT_END:
                bar_at, second_at = (1, 3, 1, 1), (1, 0, 1, 3)
            case _Order.TALL:
                bar_at, second_at = (0, 3, 2, 1), (0, 0, 2, 3)
        if self._view_bar is not None:
            side = Qt.AlignLeft if self._order is _Order.BELOW else Qt.AlignRight
            self._layout.addWidget(self._view_bar, *bar_at, side | Qt.AlignVCenter)
        self._layout.addWidget(self._second, *second_at)


def _fitted(text: str, metrics: QFontMetrics, width: int) -> str:
    """As many of the text's parts as fit whole, the first at least, even if its end has to be left out."""
    parts = text.split(PART)
    while len(parts) > 1 and metrics.horizontalAdvance(PART.join(parts)) > width:
        parts.pop()
    return metrics.elidedText(PART.join(parts), Qt.ElideRight, width)
