"""Timeline: the strip under the picture on which any moment of any run can be taken hold of. Serves the past.

A row for each run: the past that it shares with the run that it left is drawn once. What is drawn depends on the
strip's width, never on how long the runs are.
"""

from __future__ import annotations

from PyQt5.QtCore import QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QBrush, QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath
from PyQt5.QtWidgets import QSizePolicy, QToolButton, QToolTip, QWidget

from engine.lanes import Lane, Mark
from widgets.lanes import ticks
from widgets.lanes.lane_pens import colour, lane_pen
from widgets.lanes.ticks import Ticks
from widgets.plotting.throttle import Throttle
from widgets.style.theme import DARK, Theme, faded, pen

MOST_ROWS = 4
ROW, EDGE = 15, 5  # px of usual text: of a row, and above and below them all
COMPACT_ROW, COMPACT_EDGE = 12, 2  # the same where the picture needs the room
MARGIN = 10
NEAR = 6  # px from a tick at which the mouse means it
LEAST_STEPS = 10
SEEN = 0.5  # px by which something has to move
FRAME_MS = 16  # at most one moment is asked for in a frame
HANDLE = 6  # px, its radius
LABEL = 11  # px of usual text, of the step beside the handle


class Timeline(QWidget):
    """``moment_requested`` carries a lane's number and a step."""

    moment_requested = pyqtSignal(int, int)
    present_requested = pyqtSignal()
    past_shown = pyqtSignal(object)  # the last step of the run whose past is shown; None for the present

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline: drag to any moment")
        self.setFocusPolicy(Qt.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self.setToolTipDuration(5000)
        self._theme = DARK
        self._row, self._edge, self._is_compact = ROW, EDGE, False
        self._lanes: tuple[Lane, ...] = ()
        self._rows: tuple[Lane, ...] = ()
        self._ticks: dict[int, Ticks] = {}  # of each row's lane
        self._now = 0
        self._painted = 0  # the front at the last painting
        self._moment: tuple[int, int, bool] | None = None  # lane, step, and whether it is only near
        self._held: int | None = None  # the lane that a hand drags along
        self._asks = Throttle(self._ask, self, FRAME_MS)
        self._now_button = QToolButton(self)
        self._now_button.setText("Now")
        self._now_button.setObjectName("now")
        self._now_button.setProperty("role", "answer")
        self._now_button.setToolTip("Back to the present (End).")
        self._now_button.setFocusPolicy(Qt.TabFocus)
        self._now_button.clicked.connect(self.present_requested)
        self._now_button.hide()

    def show_lanes(self, lanes: tuple[Lane, ...]) -> None:
        """All runs of this page; those of the scene that is in front get a row."""
        self._lanes = lanes
        self._choose_rows()

    def show_now(self, step: int) -> None:
        """How far the run that trains has got."""
        self._now = step
        self._say_past()
        if abs(step - self._painted) * self.width() > SEEN * max(step, 1):  # else nothing has moved on the screen
            self.update()

    def show_moment(self, lane: int, step: int, is_near: bool) -> None:
        """A moment of the past is shown; ``is_near``: one beside it, until the exact one has come."""
        self._moment = (lane, step, is_near)
        self._now_button.show()
        self._choose_rows()
        self.setAccessibleDescription(f"The past: {self._words(self._shown_lane(), step)}")
        self._say_past()

    def show_present(self) -> None:
        """The present is shown again."""
        self._moment = None
        self._now_button.hide()
        self._choose_rows()
        self.setAccessibleDescription("Now")
        self._say_past()

    def set_theme(self, theme: Theme) -> None:
        """Colours, and sizes that hold text."""
        self._theme = theme
        self._place_button()
        self.updateGeometry()
        self.update()

    def set_compact(self, is_compact: bool) -> None:
        """As low as can be, where the picture needs the room."""
        self._is_compact = is_compact
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Preferred if is_compact else QSizePolicy.Fixed)
        self._row, self._edge = (COMPACT_ROW, COMPACT_EDGE) if is_compact else (ROW, EDGE)
        self.updateGeometry()

    def rows(self) -> tuple[Lane, ...]:
        """The lanes that have a row, from above."""
        return self._rows

    def place(self, lane: int, step: int) -> QPointF:
        """Where on the strip a moment is: what a lane shares with the one that it left is on that one's row."""
        row = self._row_of(lane) or 0
        while step < self._rows[row].fork and (above := self._row_of(self._rows[row].parent)) is not None:
            row = above
        return QPointF(self._x(step), self._y(row))

    def drawn_marks(self, lane: int) -> tuple[Mark, ...]:
        """Those marks of a lane that have a place of their own at this width, from left to right."""
        return tuple(mark for _, mark in self._ticks[lane].drawn(self._x))

    def sizeHint(self) -> QSize:
        rows = max(1, len(self._rows))
        return QSize(200, self._theme.px(2 * self._edge + self._row * rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._place_button()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton and self._rows:
            self._held = self._lane_at(event.pos().y()).number
            self._take(event.pos().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and event.buttons() & Qt.LeftButton:
            self._take(event.pos().x())
        elif self._rows:
            self._say(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self._asks.flush()  # where the hand has come to rest

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = [lane.number for lane in self._rows]
        lane = self._shown_lane()
        if event.key() in (Qt.Key_Up, Qt.Key_Down) and lane is not None and len(rows) > 1:
            at = rows.index(lane.number) + (1 if event.key() == Qt.Key_Down else -1)
            if 0 <= at < len(rows):
                step = self._moment[1] if self._moment is not None else self._now
                other = self._rows[at]
                self.moment_requested.emit(other.number, min(max(step, 0), self._end(other)))
            return
        super().keyPressEvent(event)

    def paintEvent(self, event) -> None:
        self._painted = self._now
        painter = QPainter(self)
        if self._is_compact:  # between the buttons and the numbers, which are on this ground
            painter.fillRect(self.rect(), QColor(self._theme.panel))
        painter.setRenderHint(QPainter.Antialiasing)
        theme, shown = self._theme, self._shown_lane()
        for row, lane in enumerate(self._rows):
            self._paint_lane(painter, row, lane, shown is not None and lane.number == shown.number)
        if self.hasFocus():
            painter.setPen(pen(theme.accent, 1))
            painter.setBrush(Qt.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if shown is None:
            return
        step, is_near = (self._moment[1], self._moment[2]) if self._moment is not None else (self._now, False)
        at, radius = self.place(shown.number, step), theme.px(HANDLE)
        front = QColor(theme.accent if self._moment is not None else theme.text)
        if self._moment is not None:
            painter.setPen(pen(faded(front, 0.6), 1, Qt.DashLine))
            painter.drawLine(QPointF(at.x(), 0), QPointF(at.x(), self.height()))
            self._paint_label(painter, f"step {step:,}", at)
        painter.setPen(pen(front, theme.width(1.5)))
        painter.setBrush(QColor(theme.background))
        if is_near:
            painter.drawEllipse(at, radius, radius)
        painter.setBrush(QBrush(front, Qt.BDiagPattern) if is_near else QBrush(front))
        painter.drawEllipse(at, radius, radius)

    def _paint_label(self, painter: QPainter, text: str, at: QPointF) -> None:
        """The step, right of the handle, or left of it where it would hide a mark or has no room."""
        theme, gap = self._theme, self._theme.px(HANDLE + 3)
        font = theme.font(LABEL)
        size = QFontMetricsF(font).boundingRect(text).size()
        width, height = size.width() + theme.px(6), min(size.height(), self._theme.px(self._row))
        right = QRectF(at.x() + gap, at.y() - height / 2, width, height)
        left = right.translated(-width - 2 * gap, 0)
        marks = [x for x, _ in self._ticks[self._lane_at(at.y()).number].drawn(self._x)]
        hidden = [sum(box.left() <= x <= box.right() for x in marks) for box in (right, left)]
        fits = right.right() <= self._right() + theme.px(HANDLE)
        box = left if left.left() >= 0 and (not fits or hidden[1] < hidden[0]) else right
        painter.setPen(Qt.NoPen)
        painter.setBrush(faded(theme.background, 0.9))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(theme.text))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignCenter, text)

    def _paint_lane(self, painter: QPainter, row: int, lane: Lane, is_front: bool) -> None:
        theme, y = self._theme, self._y(row)
        start, end = self._x(lane.fork if lane.parent is not None else 0), self._x(self._end(lane))
        parent = self._row_of(lane.parent)
        painter.setBrush(Qt.NoBrush)
        if parent is not None:
            painter.setPen(pen(colour(theme, lane), theme.width(1.5)))
            path = QPainterPath(QPointF(start, self._y(parent)))
            bend = min(theme.px(7), abs(y - self._y(parent)))
            path.lineTo(start, y - bend)
            path.quadTo(QPointF(start, y), QPointF(start + bend, y))
            painter.drawPath(path)
        elif lane.parent is not None:  # the run that it left isn't drawn, so its own past is, thin
            painter.setPen(lane_pen(theme, lane, 1.0))
            painter.drawLine(QPointF(self._x(0), y), QPointF(start, y))
        painter.setPen(pen(faded(theme.quiet, 0.35), 1))
        painter.drawLine(QPointF(start, y), QPointF(self._x(self._whole()), y))
        painter.setPen(lane_pen(theme, lane, 3.0 if is_front else 2.0))
        painter.drawLine(QPointF(start, y), QPointF(max(end, start + 1), y))
        ticks.draw(painter, theme, self._ticks[lane.number].drawn(self._x), y)

    def _choose_rows(self) -> None:
        shown = self._shown_lane()
        rows: list[Lane] = []
        if shown is not None:
            family = [lane for lane in self._lanes if lane.title == shown.title and (lane.is_shown or lane is shown)]
            needed = {shown.number, shown.parent, next((lane.number for lane in self._lanes if lane.is_active), None)}
            rest = [lane for lane in family if lane.number not in needed]
            room = MOST_ROWS - sum(lane.number in needed for lane in family)
            chosen = needed | {lane.number for lane in rest[max(0, len(rest) - room) :]} if room > 0 else needed
            rows = [lane for lane in family if lane.number in chosen][:MOST_ROWS]
        is_higher = len(rows) != len(self._rows)
        self._rows = tuple(rows)
        older = self._ticks
        self._ticks = {}
        for lane in rows:
            made = older.get(lane.number)
            self._ticks[lane.number] = made if made is not None and made.of == lane.marks else Ticks(lane.marks)
        if is_higher:
            self.updateGeometry()
        self.update()

    def _shown_lane(self) -> Lane | None:
        """The one that the page shows: that of the moment, or the one that trains."""
        if self._moment is not None:
            return next((lane for lane in self._lanes if lane.number == self._moment[0]), None)
        return next((lane for lane in self._lanes if lane.is_active), None)

    def _say_past(self) -> None:
        shown = self._shown_lane()
        last = self._end(shown) if shown is not None else self._now
        self.past_shown.emit(None if self._moment is None else last)

    def _end(self, lane: Lane) -> int:
        return max(lane.end, self._now) if lane.is_active else lane.end

    def _whole(self) -> int:
        return max([LEAST_STEPS, *(self._end(lane) for lane in self._rows)])

    def _right(self) -> float:
        right = self.width() - self._theme.px(MARGIN)
        is_short = self._is_compact and self._moment is None  # there is no room to be kept for what isn't shown
        return right if is_short else right - self._now_button.sizeHint().width() - self._theme.px(8)

    def _x(self, step):
        left = self._theme.px(MARGIN)
        return left + (self._right() - left) * step / self._whole()

    def _y(self, row: int) -> float:
        above = (self.height() - self.sizeHint().height()) / 2 if self._is_compact else 0
        return above + self._theme.px(self._edge + self._row * (row + 0.5))

    def _step(self, x: float) -> int:
        left = self._theme.px(MARGIN)
        share = (x - left) / max(1.0, self._right() - left)
        return round(min(max(share, 0.0), 1.0) * self._whole())

    def _row_of(self, lane: int | None) -> int | None:
        return next((row for row, shown in enumerate(self._rows) if shown.number == lane), None)

    def _row_at(self, y: float) -> int:
        return min(range(len(self._rows)), key=lambda row: abs(self._y(row) - y))

    def _lane_at(self, y: float) -> Lane:
        return self._rows[self._row_at(y)]

    def _take(self, x: float) -> None:
        lane = next((lane for lane in self._rows if lane.number == self._held), None)
        if lane is None:
            return
        step = self._step(x)
        is_now = lane.is_active and step >= self._end(lane)
        self._asks.show((lane.number, None if is_now else min(step, self._end(lane))))

    def _ask(self, asked: tuple[int, int | None]) -> None:
        """At most once in a frame, however many moves the mouse reports; the last one is always asked for."""
        lane, step = asked
        if step is None:
            self.present_requested.emit()
        else:
            self.moment_requested.emit(lane, step)

    def _say(self, event: QMouseEvent) -> None:
        QToolTip.showText(event.globalPos(), self.hover_text(event.pos()), self)

    def hover_text(self, at: QPoint) -> str:
        """What is there: the run's name where there are several, the mark or the moment."""
        lane = self._lane_at(at.y())
        near = [
            (abs(x - at.x()), mark)
            for x, mark in self._ticks[lane.number].drawn(self._x)
            if abs(x - at.x()) <= self._theme.px(NEAR)
        ]
        if near:
            _, mark = min(near, key=lambda found: found[0])
            text = f"{self._words(lane, mark.step)}: {mark.text}"
        else:
            text = self._words(lane, min(self._step(at.x()), self._end(lane)))
        return f"{lane.name}\n{text}" if len(self._rows) > 1 else text

    def _words(self, lane: Lane | None, step: int) -> str:
        """A moment, as the transport says it."""
        epoch = step // lane.epoch_steps if lane is not None and lane.epoch_steps > 1 else 0
        return f"step {step:,}  ·  epoch {epoch:,}" if epoch else f"step {step:,}"

    def _place_button(self) -> None:
        hint = self._now_button.sizeHint()
        height = min(hint.height(), self.height() or hint.height())
        self._now_button.setGeometry(
            self.width() - hint.width() - self._theme.px(4), (self.height() - height) // 2, hint.width(), height
        )
