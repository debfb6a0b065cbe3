"""PageHeader: the title, one quiet line that says what is being seen, and the place of a message.

Its height is the same with and without a message, so that the picture never moves, and the row of views stands at its
end whatever is said. Serves the panels.
"""

from __future__ import annotations

from enum import Enum

from PyQt5.QtCore import QRect, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QFontMetrics
from PyQt5.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.scenes import PART
from widgets.page.message_label import MessageLabel
from widgets.page.view_bar import ViewBar
from widgets.style.plain_text import plain_tip, show_plainly
from widgets.style.theme import DARK, Theme

GAP = 12


class Lines(Enum):
    """The header's heights, in px of usual text: of its first line, and of both where there are two."""

    ROOMY = 34, 64
    COMPACT = 31, 49
    ONE = 31, 31


class PageHeader(QWidget):
    """Two lines, or one where there is little room: a message takes the quiet line's place, or else the title's too."""

    answered = pyqtSignal()  # the button beside the message was pressed

    def __init__(self, view_bar: ViewBar | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_bar = view_bar
        self._theme = DARK
        self._lines = Lines.ROOMY
        self._title, self._subtitle, self._note = (QLabel(self) for _ in range(3))
        self._message = MessageLabel(self)
        show_plainly(self._title, self._subtitle, self._note, self._message)
        self._title.setProperty("role", "title")
        self._subtitle.setProperty("role", "quiet")
        self._note.setObjectName("note")
        self._note.setProperty("role", "quiet")
        self._note.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
        self._message.answered.connect(self.answered)
        self._whole_title = self._whole_subtitle = ""
        if view_bar is not None:
            view_bar.setParent(self)
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Fixed)

    def show_words(self, title: str, subtitle: str) -> None:
        """What is being seen."""
        self._whole_title, self._whole_subtitle = title, subtitle
        self._title.setToolTip(plain_tip("\n".join(part for part in (title, subtitle) if part)))
        self._subtitle.setToolTip(plain_tip(subtitle))
        self.make_room()

    def show_note(self, text: str) -> None:
        """Something quiet at the end of the last line; empty takes it away."""
        self._note.setText(text)
        self.make_room()

    def show_message(self, text: str, is_calm: bool = False, answer: str = "") -> None:
        """One sentence that has to be read; empty brings the quiet line back. A calm one is notice, and no fault.

        ``answer``: the words of a button beside it.
        """
        self._message.setText(text)
        self._message.show_answer(answer)
        role = "notice" if is_calm else "message"
        if self._message.property("role") != role:
            self._message.setProperty("role", role)
            self._message.style().unpolish(self._message)
            self._message.style().polish(self._message)
        self.make_room()

    def note(self) -> str:
        """The quiet words at the end of the last line."""
        return self._note.text()

    def message(self) -> str:
        """The message that is shown, or nothing."""
        return self._message.text()

    def set_lines(self, lines: Lines) -> None:
        """How much room there is."""
        if lines is not self._lines:
            self._lines = lines
            self._set_height()

    def set_theme(self, theme: Theme) -> None:
        """The height for the lines of this theme."""
        self._theme = theme
        self._message.setFont(theme.font(12))
        self._set_height()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.make_room()

    def make_room(self) -> None:
        """Fit the words to the width there is; what has no room is left out, or shortened at a whole part."""
        width, height = self.width(), self.height()
        first = self._theme.px(self._lines.value[0])
        views = self._place_bar(first)
        room = width if views.top() >= first else width - views.width()
        self._title.setText(self._whole_title)
        title = self._title.sizeHint().width()
        if title > room:  # whole words at least: "A deep network" of "A deep network, changed"
            self._title.setText(self._whole_title.partition(", ")[0])
            title = min(room, self._title.sizeHint().width())
        self._title.setGeometry(0, 0, title, first)
        if self._lines is Lines.ONE or views.top() >= first:
            place = QRect(title + 2 * GAP, 0, room - title - 2 * GAP, first)
            most = QRect(0, 0, room, first)
        else:
            place = QRect(0, first, width, height - first)
            most = QRect(0, 0, room, height)
        says = bool(self.message())
        takes_all = (self._needed() if says else self._note_width()) > place.width()
        takes_all = takes_all or (says and self._message.height_of_answer() > place.height())
        self._title.setVisible(not takes_all)
        self._message.setVisible(says)
        self._message.setGeometry(most if takes_all else place)
        self._place_quiet_words(most if takes_all else place, hidden=says)

    def _place_bar(self, first: int) -> QRect:
        """The row of views at the end of the first line, or else in the second one, or a drop-down; returns its place.

        Which of them depends on the title's first part alone, so that nothing moves while a run says this and that.
        """
        bar, width = self._view_bar, self.width()
        if bar is None or not bar.has_choice():
            if bar is not None:
                bar.hide()
            return QRect(width, 0, 0, 0)
        bar.show()
        row, title = bar.width_of_row(), self._title.fontMetrics().horizontalAdvance(self._whole_title.split(", ")[0])
        is_beside = title + 2 * GAP + row <= width
        is_below = not is_beside and self._lines is Lines.ROOMY and row <= width
        bar.use_row(is_beside or is_below)
        size = bar.sizeHint()
        if is_below:
            place = QRect(0, first, size.width(), self.height() - first)
        else:
            place = QRect(width - size.width(), max(0, (first - size.height()) // 2), size.width(), size.height())
        bar.setGeometry(place)
        return place.adjusted(0 if is_below else -GAP, 0, 0, 0)

    def _place_quiet_words(self, place: QRect, hidden: bool) -> None:
        """The note at the end, and before it as much of the subtitle as there is room for; a note goes first."""
        note = self._note_width()
        shows_note = bool(note) and not hidden and note <= place.width()
        self._note.setVisible(shows_note)
        if shows_note:
            self._note.setGeometry(place.right() + 1 - note, place.top(), note, place.height())
            place = place.adjusted(0, 0, -note - GAP, 0)
        text = _fitted(self._whole_subtitle, self._subtitle.fontMetrics(), place.width())
        self._subtitle.setText(text)
        self._subtitle.setVisible(bool(text) and not hidden)
        self._subtitle.setGeometry(place)

    def _note_width(self) -> int:
        return self._note.sizeHint().width() if self._note.text() else 0

    def _needed(self) -> int:
        """The least width of a message in one line."""
        needed = round(self._message.fontMetrics().horizontalAdvance(self.message()) * 1.1) + 24
        return needed + self._message.width_of_answer()

    def _set_height(self) -> None:
        self.setFixedHeight(self._theme.px(self._lines.value[1]))
        self.make_room()


def _fitted(text: str, metrics: QFontMetrics, width: int) -> str:
    """As many of the text's parts as fit whole, perhaps none."""
    parts = text.split(PART)
    while parts and metrics.horizontalAdvance(PART.join(parts)) > width:
        parts.pop()
    return PART.join(parts)
