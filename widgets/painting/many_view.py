"""ManyView: all pictures of one network as they are learnt, and a walk through and between them.

Serves the drawing of a frame; the walk goes out as a knob.
"""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QRectF, QSignalBlocker, QSize, Qt, QTimer
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.frames import Frame
from engine.painting.picture import PaintingPicture
from widgets.knobs.plain_slider import PlainSlider
from widgets.page.picture_view import PictureView
from widgets.painting.captions import decibels
from widgets.painting.pixel_squares import PixelSquares
from widgets.plotting.throttle import Throttle
from widgets.style.theme import Theme

FINE = 1000  # places of the slider between two neighbours' worth of a hundred pictures
TICK_MILLISECONDS = 33
SECONDS_A_PICTURE = 0.7
NEAR = 0.005  # of the way to a neighbour, within which the walk stands at a picture


class ManyView(PictureView):
    """The view "many". The knob "walk" is where one stands, 0 at the first picture and 1 at the last."""

    name = "many"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.squares = PixelSquares(3)
        self.squares.setObjectName("many_squares")
        self.squares.clicked.connect(self._click)
        self._count, self._columns = 2, 2
        self._walk = 0.0
        self._slider = PlainSlider()
        self._slider.setObjectName("walk")
        self._slider.setAccessibleName("Walk through the pictures")
        self._slider.setToolTip("Which picture: 0 the first, 1 the last, and everything between two of them.")
        self._slider.setRange(0, FINE)
        self._slider.valueChanged.connect(lambda value: self._go(value / FINE))
        self._play = QPushButton("Walk")
        self._play.setFocusPolicy(Qt.TabFocus)
        self._play.setObjectName("walk_on")
        self._play.setCheckable(True)
        self._play.setToolTip("Walk through all pictures by itself.")
        self._play.toggled.connect(self._start_or_stop)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MILLISECONDS)
        self._timer.timeout.connect(self._walk_on)
        self._throttle = Throttle(self._show_captions, self)
        label = QLabel("Walk through the pictures")
        label.setProperty("role", "quiet")
        label.setBuddy(self._slider)
        tools = QHBoxLayout()
        tools.setSpacing(10)
        tools.addWidget(label)
        tools.addWidget(self._slider, 1)
        tools.addWidget(self._play)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.squares, 1)
        layout.addLayout(tools)

    def set_theme(self, theme: Theme) -> None:
        """Text of the captions."""
        self.squares.set_theme(theme)

    def show_settings(self, settings: Any) -> None:
        """Where one stands, silently."""
        walk = self._walk = settings.walk
        if not self._slider.isSliderDown():
            with QSignalBlocker(self._slider):
                self._slider.setValue(round(walk * FINE))

    def show_frame(self, frame: Frame) -> None:
        """Draw the montages and the picture at which the walk stands."""
        picture: PaintingPicture = frame.picture
        montage = picture.montage
        self._count, self._columns = montage.count, montage.columns
        self.squares.show_images([montage.target, montage.painting, picture.painting])
        rows = -(-montage.count // montage.columns)
        nearest = round(montage.chosen)
        mark = QRectF(
            nearest % montage.columns / montage.columns,
            nearest // montage.columns / rows,
            1 / montage.columns,
            1 / rows,
        )
        self.squares.show_mark(0, mark)
        self.squares.show_mark(1, mark)
        low = int(montage.chosen)
        is_between = abs(montage.chosen - nearest) > NEAR
        where = f"between {low + 1} and {low + 2}" if is_between else f"picture {nearest + 1}"
        self._throttle.show(f"{montage.count} targets\npainted{decibels(frame)}\n{where}")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def hideEvent(self, event) -> None:
        super().hideEvent(event)
        self._play.setChecked(False)

    def _show_captions(self, text: str) -> None:
        self.squares.show_captions(text.split("\n"))

    def _click(self, number: int, across: float, down: float) -> None:
        if number == 2:
            return
        rows = -(-self._count // self._columns)
        picture = int(down * rows) * self._columns + int(across * self._columns)
        self._go(min(picture, self._count - 1) / (self._count - 1))

    def _go(self, walk: float) -> None:
        self._walk = walk
        self.knob_changed.emit("walk", walk)

    def _start_or_stop(self, on: bool) -> None:
        self._play.setText("Stand" if on else "Walk")
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def _walk_on(self) -> None:
        step = TICK_MILLISECONDS / 1000 / SECONDS_A_PICTURE / (self._count - 1)
        walk = self._walk + step
        self._go(walk if walk <= 1 else 0.0)
