"""TrainingMapView: the map of whole trainings; a pixel that is clicked becomes the run. Serves both ends of the loop.

It comes coarse and grows finer. The wheel looks closer where the pointer is, a double-click shows all of it again.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
from PyQt5.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QImage, QMouseEvent, QPainter, QWheelEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.analysis.training_map import SIDE, Axis, TrainingMap
from engine.frames import Analysis, Frame
from engine.knobs import knobs_of
from widgets.page.background_answer import BackgroundAnswer
from widgets.page.picture_view import PictureView
from widgets.plotting.axes import Plot
from widgets.plotting.colour_bar import ColourBar
from widgets.plotting.fast_items import Layer
from widgets.plotting.pixels import image_of
from widgets.style import colours
from widgets.style.number_text import short
from widgets.style.theme import DARK, Theme, pen

CLOSER = 0.5  # of the window, a notch of the wheel
CLOSEST = 1e-6  # of the whole map, below which single precision can't tell two pixels apart
PORTION_SECONDS = 0.5  # that a map is worked on before it is shown again
WHEEL_MILLISECONDS = 200  # after the last notch, the map is made anew
DECADES = 2.0  # that the costs span, from which on their logarithm is shown
SAME_CLICK = 4  # px
DEEPEST = 1e-12  # of the highest cost: lower ones are told apart by nobody
LEFT = "plasma"  # of what left the number range: the sooner, the brighter
WAITING = "Training the first pixels …"


class TrainingMapView(PictureView):
    """The view "map"; what a clicked pixel needs besides its two numbers, a page's own class says."""

    name = "map"
    shows_any_moment = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: Any = None
        self._shown: TrainingMap | None = None
        self._window: tuple[float, float, float, float] | None = None
        self._round, self._subject = 0, None  # how often the same map was asked for
        self._answer = BackgroundAnswer("map", self._take, self, self._arguments, outlives_runs=True, only_seen=True)
        self._answer.asked.connect(self.analysis_requested)
        self._words = QLabel(WAITING)
        self._words.setObjectName("map_words")
        self._words.setProperty("role", "caption")
        self._bar = ColourBar(is_flat=True)
        self.plot = _MapPlot()
        self.plot.setObjectName("training_map")
        self.plot.setAccessibleName("Map of trainings")
        self._words.setToolTip(
            "<p>Every pixel is a whole training. <b>Click</b> one and it becomes the run; the <b>wheel</b> looks "
            "closer, a <b>double-click</b> shows the whole map again.</p>"
        )
        self.plot.pointed.connect(self._tell)
        self.plot.chosen.connect(self._try_out)
        self.plot.zoomed.connect(self._zoom)
        self.plot.all_wanted.connect(lambda: self._look_at(None))
        self._wheel = QTimer(self)
        self._wheel.setSingleShot(True)
        self._wheel.setInterval(WHEEL_MILLISECONDS)
        self._wheel.timeout.connect(self._want)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 8, 0)
        line.addWidget(self._words, 1)
        line.addWidget(self._bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.plot, 1)

    def trial(self, settings: Any, steps: int) -> Mapping[str, Any]:
        """The knobs that make a run of what a pixel is, besides its two numbers."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        self._bar.set_theme(theme)
        self.plot.set_theme(theme)

    def show_settings(self, settings: Any) -> None:
        self._settings = settings
        subject = _subject(settings, self._shown)
        if subject != self._subject:
            self._subject, self._round = subject, 0
        self._mark()

    def show_frame(self, frame: Frame) -> None:
        self._answer.follow(frame)
        self._want()

    def show_analysis(self, analysis: Analysis) -> None:
        self._answer.take(analysis)

    def _want(self) -> None:
        if self._settings is not None and not self._wheel.isActive():
            self._answer.want((self._subject, self._window, self._round))

    def _arguments(self) -> Mapping[str, Any]:
        return {"window": self._window, "seconds": PORTION_SECONDS}

    def _take(self, analysis: Analysis) -> None:
        if analysis.result is None:
            self._words.setText(analysis.problem)
            self._shown = None
            self.plot.show_map(None)
            return
        found: TrainingMap = analysis.result
        self._shown = found
        self.plot.show_map(found)
        costs = found.cost[np.isfinite(found.cost)]
        if len(costs):
            self._bar.show_range(_lowest(costs), _highest(costs), _is_logarithmic(costs))
        self._say()
        self._mark()
        if found.done < 1 and analysis.arguments["window"] == self._window:
            self._round += 1
            self._want()

    def _say(self) -> None:
        if self._shown is None:
            return
        left = self._shown.share_left
        words = f"Each pixel: {self._shown.words}."
        if self._shown.done < 1:
            words = f"{self._shown.done:.0%} trained. {words}"
        if left:
            words += f" Warm: {left:.0%} left the {self._shown.border}."
        self._words.setText(words)

    def _tell(self, place: tuple[float, float] | None) -> None:
        """What the pixel under the pointer is, and what came of it."""
        if place is None or self._shown is None:
            self._say()
            return
        found, (x, y) = self._shown, place
        row, column = _pixel(found, x, y)
        x, y = found.numbers(row, column)
        numbers = f"{found.x.label} {short(x)}, {found.y.label} {short(y)}"
        left = int(found.left[row, column])
        came = f"left the {found.border} at step {left:,}" if left else f"cost {short(float(found.cost[row, column]))}"
        self._words.setText(f"{numbers}: {came}.")

    def _try_out(self, place: tuple[float, float]) -> None:
        if self._shown is None or self._settings is None:
            return
        found, settings = self._shown, self._settings
        row, column = _pixel(found, *place)
        x, y = found.numbers(row, column)
        knobs = {found.x.knob: _as_typed(found.x, x), found.y.knob: _as_typed(found.y, y)}
        if settings.optimizer == "sgd":
            knobs["optimizer"] = "momentum"
        self.trial_wanted.emit({**knobs, **self.trial(settings, found.steps)})

    def _zoom(self, place: tuple[float, float], notches: float) -> None:
        if self._shown is None:
            return
        found = self._shown
        edges: list[float] = []
        for axis, at in ((found.x, place[0]), (found.y, place[1])):
            low, high, at = (_laid(axis, value) for value in (axis.low, axis.high, at))
            factor = CLOSER**notches
            edges += [_value(axis, at + (edge - at) * factor) for edge in (low, high)]
        self._look_at(tuple(edges))

    def _look_at(self, window: tuple[float, float, float, float] | None) -> None:
        found = self._shown
        if found is not None and window is not None:
            if self._whole is None:
                self._whole = found.x, found.y
            window = _kept_within(window, *self._whole)
        if window == self._window:
            return
        self._window, self._round = window, 0
        if found is not None:
            self.plot.show_window(found, window or (self._whole and _edges(*self._whole)))
        self._wheel.start()

    _whole: tuple[Axis, Axis] | None = None

    def _mark(self) -> None:
        """A cross where the run's own numbers are."""
        found, settings = self._shown, self._settings
        if found is None or settings is None:
            return
        own = 0.0 if settings.optimizer == "sgd" else getattr(settings, found.y.knob)
        self.plot.show_mark(getattr(settings, found.x.knob), own)


class _MapPlot(Plot):
    """The pixels over both knobs, with a cross at the run's own."""

    pointed = pyqtSignal(object)  # (x, y) in the knobs' values, or None outside
    chosen = pyqtSignal(object)
    zoomed = pyqtSignal(object, float)  # about which place, by how many notches
    all_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__(bottom="learning rate", left="momentum", is_log_below=True)
        self._map: TrainingMap | None = None
        self._pixels, self._pressed = _Pixels(), QPointF()
        self.addItem(self._pixels)
        self.viewport().setMouseTracking(True)
        self.setMouseTracking(True)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._pixels.set_theme(theme)

    def show_map(self, found: TrainingMap | None) -> None:
        """Draw this map; None leaves the place empty."""
        self._map = found
        self._pixels.show_map(found)
        if found is not None:
            self.set_words(found.x.label, found.y.label)
            self.getPlotItem().getAxis("bottom").is_log = found.x.logarithmic
            self.show_window(found, _edges(found.x, found.y))

    def show_window(self, found: TrainingMap, edges: tuple[float, float, float, float] | None) -> None:
        """Look at this part of the map, (x low, x high, y low, y high)."""
        if edges is None:
            return
        x = [_laid(found.x, value) for value in edges[:2]]
        y = [_laid(found.y, value) for value in edges[2:]]
        self.getViewBox().setRange(xRange=x, yRange=y, padding=0)

    def show_mark(self, x: float, y: float) -> None:
        """Where the run itself is."""
        if self._map is not None:
            self._pixels.show_mark(QPointF(_laid(self._map.x, max(x, 1e-300)), _laid(self._map.y, y)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.pointed.emit(self._place(event.localPos()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.localPos()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        apart = event.localPos() - self._pressed
        place = self._place(event.localPos())
        if event.button() == Qt.LeftButton and place and math.hypot(apart.x(), apart.y()) <= SAME_CLICK:
            self.chosen.emit(place)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.all_wanted.emit()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        place = self._place(event.position())
        if place is not None and event.angleDelta().y():
            self.zoomed.emit(place, event.angleDelta().y() / 120)
        event.accept()

    def _place(self, at: QPointF) -> tuple[float, float] | None:
        """The knobs' values under a place of the widget."""
        box = self.getViewBox()
        scene = self.mapToScene(at.toPoint())
        if self._map is None or not box.sceneBoundingRect().contains(scene):
            return None
        point = box.mapSceneToView(scene)
        return _value(self._map.x, point.x()), _value(self._map.y, point.y())


class _Pixels(Layer):
    """The map itself, and the cross."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._image: QImage | None = None
        self._rect = QRectF()
        self._mark: QPointF | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_map(self, found: TrainingMap | None) -> None:
        self._image = None if found is None else image_of(_coloured(found)[::-1])
        if found is not None:
            x_low, x_high, y_low, y_high = _edges(found.x, found.y)
            left, right = _laid(found.x, x_low), _laid(found.x, x_high)
            low, high = _laid(found.y, y_low), _laid(found.y, y_high)
            self._rect = QRectF(left, low, right - left, high - low)
            self.set_bounds(self._rect)
        self.update()

    def show_mark(self, place: QPointF) -> None:
        if place != self._mark:
            self._mark = place
            self.update()

    def paint(self, painter: QPainter, option, widget=None) -> None:
        if self._image is None:
            return
        transform = painter.transform()
        painter.setRenderHint(QPainter.SmoothPixmapTransform, False)
        painter.resetTransform()
        painter.drawImage(transform.mapRect(self._rect), self._image)
        if self._mark is not None and self._rect.adjusted(-1e-9, -1e-9, 1e-9, 1e-9).contains(self._mark):
            at, arm = transform.map(self._mark), self._theme.px(9)
            painter.setRenderHint(QPainter.Antialiasing)
            for stroke in (pen("#0b0e13", self._theme.width(5)), pen("#ffffff", self._theme.width(2.2))):
                painter.setPen(stroke)
                painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
                painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
        painter.setTransform(transform)


def _coloured(found: TrainingMap) -> np.ndarray:
    """uint8 (n, n, 3), rows from below: viridis by the cost, warm by how soon it left."""
    costs = found.cost[np.isfinite(found.cost)]
    cost = np.where(np.isfinite(found.cost), found.cost, 0.0)
    if len(costs):
        cost = np.clip(found.cost, _lowest(costs), _highest(costs))
        cost = np.where(np.isfinite(cost), cost, _lowest(costs))
    shown = colours.image(cost, "viridis", len(costs) > 0 and _is_logarithmic(costs))
    soon = 1 - np.log1p(np.maximum(found.left, 1)) / math.log1p(max(found.steps, 1))
    warm = colours.table(LEFT)[(90 + 150 * np.clip(soon, 0, 1)).astype(int)]
    return np.where((found.left > 0)[..., None], warm, shown).astype(np.uint8)


def _highest(costs: np.ndarray) -> float:
    """The highest cost that has a colour of its own: a few that are about to leave are far above all others."""
    return float(np.percentile(costs, 98))


def _lowest(costs: np.ndarray) -> float:
    """The lowest cost that has a colour of its own: what fell to nothing counts as next to nothing."""
    low, high = float(costs.min()), _highest(costs)
    return max(low, DEEPEST * high) if low >= 0 else low


def _is_logarithmic(costs: np.ndarray) -> bool:
    low, high = _lowest(costs), _highest(costs)
    return low > 0 and high > 10**DECADES * low


def _pixel(found: TrainingMap, x: float, y: float) -> tuple[int, int]:
    """(row, column) of the pixel at these values."""
    count = len(found.cost)
    shares = []
    for axis, value in ((found.y, y), (found.x, x)):
        low, high, at = (_laid(axis, one) for one in (axis.low, axis.high, value))
        shares.append((at - low) / (high - low))
    row, column = (int(np.clip(math.floor(share * count), 0, count - 1)) for share in shares)
    return row, column


def _laid(axis: Axis, value: float) -> float:
    """Where a value is on the plot's axis."""
    return math.log10(value) if axis.logarithmic else value


def _value(axis: Axis, place: float) -> float:
    return 10.0**place if axis.logarithmic else place


def _edges(x: Axis, y: Axis) -> tuple[float, float, float, float]:
    return x.low, x.high, y.low, y.high


def _kept_within(
    window: tuple[float, float, float, float], x: Axis, y: Axis
) -> tuple[float, float, float, float] | None:
    """The window inside the whole map and no smaller than can be told apart; None where it is all of it."""
    edges: list[float] = []
    is_all = True
    for axis, (low, high) in ((x, window[:2]), (y, window[2:])):
        least, most, low, high = (_laid(axis, value) for value in (axis.low, axis.high, low, high))
        size = min(max(high - low, CLOSEST * (most - least)), most - least)
        low = min(max(low, least), most - size)
        is_all &= size > 0.999 * (most - least)
        edges += [_value(axis, low), _value(axis, low + size)]
    return None if is_all else tuple(edges)


def _as_typed(axis: Axis, value: float) -> float:
    """A pixel's value with as few digits as tell it from its neighbours by far, so that the field can be read."""
    values = axis.values(SIDE)
    apart = np.abs(values - value)
    return float(np.round(value, math.ceil(1 - math.log10(np.sort(apart)[1] / 2))))


def _subject(settings: Any, shown: TrainingMap | None) -> Hashable:
    """What a map's outcome depends on: all that steers a run, but for the two numbers and what a map does without."""
    knobs = [knob.name for knob in knobs_of(type(settings)) if knob.steers]
    apart = {"learning_rate", "momentum", "beta_1", "rho", "optimizer", "batch_size", "epochs", "shuffle"}
    own = tuple(getattr(settings, name) for name in knobs if name not in apart)
    rule = "momentum" if settings.optimizer == "sgd" else settings.optimizer
    return (*own, rule)
