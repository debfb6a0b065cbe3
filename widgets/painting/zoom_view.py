"""ZoomView: the painting as a function: rendered as fine as the screen, zoomed by the wheel, beside enlargements.

What is seen is the answer to an analysis; until its answer is there, the last one is shown in its place, stretched.
Serves both ends of the loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PyQt5.QtCore import QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt5.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.frames import Analysis, Frame
from engine.painting.picture import Render, Source
from widgets.page.background_answer import BackgroundAnswer, Pace
from widgets.page.picture_view import PictureView
from widgets.painting.zoom_window import WHOLE, Window, dragged, seen_in, zoomed
from widgets.plotting.pixels import image_of
from widgets.style.number_text import short
from widgets.style.plain_text import show_plainly
from widgets.style.theme import DARK, Theme, pen

GAP, MOST_GAP = 12, 40
MOST_EDGE = 640  # pixels that are asked for while one looks; more would make the wheel slow
SAVED_EDGE = 1024
PAUSE_SECONDS = 0.12  # between an answer and the next question, so that training gets its turn
NOTCH = 0.8  # of the window a notch of the wheel
ENLARGEMENTS = {"nearest": "target, nearest pixel", "bicubic": "target, bicubic"}


class ZoomView(PictureView):
    """The view "function", which asks for the analysis "render" of what is looked at."""

    name = "function"
    shows_any_moment = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._window: Window = WHOLE
        self._pane = _Panes()
        self._pane.zoomed.connect(self._zoom)
        self._pane.dragged.connect(self._drag)
        self._pane.doubled.connect(self.show_whole)
        self._words = QLabel()
        show_plainly(self._words)
        self._words.setProperty("role", "quiet")
        self._words.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Fixed)
        whole = self._button("zoom_whole", "Whole", "The whole picture again (double-click).")
        whole.clicked.connect(self.show_whole)
        outside = self._button("zoom_outside", "Outside", "Look beyond the frame, where the network was told nothing.")
        outside.clicked.connect(lambda: self._go((-1.0, -1.0, 3.0, 3.0)))
        tip = f"Render what is seen with {SAVED_EDGE} pixels along its longer edge, and save it."
        save = self._button("save_render", "Save …", tip)
        save.clicked.connect(self._ask_where_to_save)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self._words, 1)
        for part in (whole, outside, save):
            tools.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._pane, 1)
        layout.addLayout(tools)
        self._run, self._step = -1, -1
        self._source: Source | None = None
        self._answer = BackgroundAnswer(
            "render", self._show_answer, self, self._arguments, Pace(after=PAUSE_SECONDS), only_seen=True
        )
        self._answer.asked.connect(self.analysis_requested)
        self._show_words()

    def set_theme(self, theme: Theme) -> None:
        """Captions and frame."""
        self._pane.set_theme(theme)

    def window_shown(self) -> Window:
        """What is looked at: (top, left, height, width) in shares of the picture."""
        return self._window

    def show_whole(self) -> None:
        """The whole picture."""
        self._go(WHOLE)

    def show_frame(self, frame: Frame) -> None:
        """There is a newer moment of the training: what is shown is not the newest any more."""
        self._step = frame.step
        self._answer.follow(frame)
        if frame.run != self._run:
            self._run, before, self._source = frame.run, self._source, frame.picture.source
            self._pane.set_shape(frame.picture.target.shape[:2])
            if not _are_one(self._source, before):
                self.show_whole()  # what one had zoomed to is another picture's
        self._want()

    def show_analysis(self, analysis: Analysis) -> None:
        """Show an answer."""
        self._answer.take(analysis)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._show_words()
        self._want()

    def _zoom(self, factor: float, across: float, down: float) -> None:
        self._go(zoomed(self._window, factor, across, down))

    def _drag(self, across: float, down: float) -> None:
        self._go(dragged(self._window, across, down))

    def _go(self, window: Window) -> None:
        self._window = window
        self._pane.show_window(window)
        self._show_words()
        self._want()

    def _want(self) -> None:
        if self._run >= 0:
            self._answer.want(moment=(self._step, self._window, self._size()))

    def _size(self) -> tuple[int, int]:
        """(rows, columns) that are asked for."""
        place = self._pane.size_of_one()
        dots = max(place.width(), place.height()) * self.devicePixelRatioF()
        return self._within(max(16, min(MOST_EDGE, round(dots))))

    def _within(self, edge: int) -> tuple[int, int]:
        """(rows, columns) of the picture's shape, the longer ``edge``."""
        rows, columns = self._pane.shape()
        return max(1, round(edge * min(1, rows / columns))), max(1, round(edge * min(1, columns / rows)))

    def _arguments(self) -> Mapping[str, Any]:
        return {"window": self._window, "size": self._size(), "beside": tuple(ENLARGEMENTS)}

    def _show_answer(self, analysis: Analysis) -> None:
        render: Render | None = analysis.result
        if render is not None:
            self._pane.show_images([image_of(pixels) for pixels in (render.image, *render.beside)], render.window)

    def _ask_where_to_save(self) -> None:
        dialog = QFileDialog(self, "Save the render", "painting.png")
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.setNameFilters(["PNG (*.png)"])
        dialog.fileSelected.connect(self.save)
        dialog.open()

    def save(self, path: str) -> None:
        """Have what is seen rendered at SAVED_EDGE and saved as a PNG."""
        size = self._within(SAVED_EDGE)
        self.analysis_requested.emit("render", {"window": self._window, "size": size, "save_to": path})

    def _show_words(self) -> None:
        zoom = 1 / self._window[3]
        whole = f"{short(zoom)} × · wheel zooms, drag moves"
        fits = self._words.fontMetrics().horizontalAdvance(whole) <= self._words.width()
        self._words.setText(whole if fits else f"{short(zoom)} ×")

    def _button(self, name: str, word: str, tip: str) -> QPushButton:
        button = QPushButton(word)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.TabFocus)
        return button


def _are_one(first: Source | None, second: Source | None) -> bool:
    if first is None or second is None:
        return first is second
    return first.name == second.name and np.array_equal(first.whole, second.whole)


def _part_of(place: QRect, shares: Window) -> QRectF:
    top, left, height, width = shares
    return QRectF(
        place.left() + left * place.width(),
        place.top() + top * place.height(),
        width * place.width(),
        height * place.height(),
    )


class _Panes(QWidget):
    """Three equal places that show the same window: the painting and two enlargements."""

    zoomed = pyqtSignal(float, float, float)  # factor, and where: shares of the place
    dragged = pyqtSignal(float, float)
    doubled = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("zoom_panes")
        self.setAccessibleName("The painting and two enlargements of the target; the wheel zooms")
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setCursor(Qt.OpenHandCursor)
        self._images: list[QImage] = []
        self._words = ("the network", *ENLARGEMENTS.values())
        self._window: Window = WHOLE
        self._shown: Window = WHOLE  # of the images
        self._grip: QPointF | None = None
        self._shape = (1, 1)
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setFont(theme.font(14))
        self.update()

    def set_shape(self, shape: tuple[int, int]) -> None:
        """The picture's (rows, columns)."""
        if shape != self._shape:
            self._shape = shape
            self._images = []
            self.update()

    def shape(self) -> tuple[int, int]:
        """The picture's (rows, columns)."""
        return self._shape

    def size_of_one(self) -> QSize:
        """How large each place is."""
        return self._places()[0].size()

    def show_images(self, images: list[QImage], window: Window) -> None:
        self._images, self._shown = images, window
        self.update()

    def show_window(self, window: Window) -> None:
        self._window = window
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        place = self._place_at(event.position())
        if place is not None and event.angleDelta().y():
            inside = event.position() - QPointF(place.topLeft())
            factor = NOTCH ** (event.angleDelta().y() / 120)
            self.zoomed.emit(factor, inside.x() / place.width(), inside.y() / place.height())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton and self._place_at(event.localPos()) is not None:
            self._grip = event.localPos()
            self.setCursor(Qt.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            moved, self._grip = event.localPos() - self._grip, event.localPos()
            size = self.size_of_one()
            self.dragged.emit(moved.x() / size.width(), moved.y() / size.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.setCursor(Qt.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.doubled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = seen_in(self._shown, self._window)
        frame = seen_in(WHOLE, self._window)
        for number, (words, place) in enumerate(zip(self._words, self._places(), strict=True)):
            painter.setPen(QColor(self._theme.text))
            line = self._line()
            if self.fontMetrics().horizontalAdvance(words) > place.width():
                words = words.removeprefix("target, ")
            painter.drawText(place.left(), place.top() - line, place.width(), line - 4, Qt.AlignVCenter, words)
            painter.setClipRect(place)
            painter.fillRect(place, QColor(self._theme.panel))
            if number < len(self._images):
                target = _part_of(place, shown)
                painter.setRenderHint(QPainter.SmoothPixmapTransform, False)
                painter.drawImage(target, self._images[number])
            if frame != WHOLE:
                self._draw_frame(painter, place, frame)
            painter.setClipping(False)

    def _draw_frame(self, painter: QPainter, place: QRect, frame: Window) -> None:
        outline = _part_of(place, frame)
        painter.setBrush(Qt.NoBrush)
        painter.setPen(pen("#000000", self._theme.width(3)))
        painter.drawRect(outline)
        painter.setPen(pen("#ffffff", self._theme.width(1.2), Qt.DashLine))
        painter.drawRect(outline)

    def _line(self) -> int:
        return round(self.fontMetrics().height() * 1.6)

    def _places(self) -> list[QRect]:
        line = self._line()
        count = len(self._words)
        room = QSize(max(16, (self.width() - (count - 1) * GAP) // count), max(16, self.height() - line))
        rows, columns = self._shape
        size = QSize(columns, rows).scaled(room, Qt.KeepAspectRatio)
        width, height = max(1, size.width()), max(1, size.height())
        gap = max(GAP, min(MOST_GAP, (self.width() - count * width) // (count - 1)))
        left = (self.width() - count * width - (count - 1) * gap) // 2
        return [QRect(left + number * (width + gap), line, width, height) for number in range(count)]

    def _place_at(self, position: QPointF) -> QRect | None:
        return next((place for place in self._places() if place.contains(position.toPoint())), None)
