"""TrainingMapView: the map of whole trainings; a pixel that is clicked becomes the run. Serves both ends of the loop.

It comes coarse and grows finer. The wheel looks closer where the pointer is, a double-click shows all of it again.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.analysis.training_map import SIDE, Axis, TrainingMap
from engine.frames import Analysis, Frame
from engine.knobs import knobs_of
from widgets.page.background_answer import BackgroundAnswer
from widgets.page.picture_view import PictureView
from widgets.plotting.colour_bar import ColourBar
from widgets.plotting.training_map_plot import (
    MapPlot,
    edges_of,
    highest,
    is_logarithmic,
    laid,
    lowest,
    pixel_at,
    value_at,
)
from widgets.style.number_text import short
from widgets.style.theme import Theme

CLOSER = 0.5  # of the window, a notch of the wheel
CLOSEST = 1e-6  # of the whole map, below which single precision can't tell two pixels apart
PORTION_SECONDS = 0.5  # that a map is worked on before it is shown again
WHEEL_MILLISECONDS = 200  # after the last notch, the map is made anew
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
        self.plot = MapPlot()
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
            self._bar.show_range(lowest(costs), highest(costs), is_logarithmic(costs))
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
        row, column = pixel_at(found, x, y)
        x, y = found.numbers(row, column)
        numbers = f"{found.x.label} {short(x)}, {found.y.label} {short(y)}"
        left = int(found.left[row, column])
        came = f"left the {found.border} at step {left:,}" if left else f"cost {short(float(found.cost[row, column]))}"
        self._words.setText(f"{numbers}: {came}.")

    def _try_out(self, place: tuple[float, float]) -> None:
        if self._shown is None or self._settings is None:
            return
        found, settings = self._shown, self._settings
        row, column = pixel_at(found, *place)
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
            low, high, at = (laid(axis, value) for value in (axis.low, axis.high, at))
            factor = CLOSER**notches
            edges += [value_at(axis, at + (edge - at) * factor) for edge in (low, high)]
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
            self.plot.show_window(found, window or (self._whole and edges_of(*self._whole)))
        self._wheel.start()

    _whole: tuple[Axis, Axis] | None = None

    def _mark(self) -> None:
        """A cross where the run's own numbers are."""
        found, settings = self._shown, self._settings
        if found is None or settings is None:
            return
        own = 0.0 if settings.optimizer == "sgd" else getattr(settings, found.y.knob)
        self.plot.show_mark(getattr(settings, found.x.knob), own)


def _kept_within(
    window: tuple[float, float, float, float], x: Axis, y: Axis
) -> tuple[float, float, float, float] | None:
    """The window inside the whole map and no smaller than can be told apart; None where it is all of it."""
    edges: list[float] = []
    is_all = True
    for axis, (low, high) in ((x, window[:2]), (y, window[2:])):
        least, most, low, high = (laid(axis, value) for value in (axis.low, axis.high, low, high))
        size = min(max(high - low, CLOSEST * (most - least)), most - least)
        low = min(max(low, least), most - size)
        is_all &= size > 0.999 * (most - least)
        edges += [value_at(axis, low), value_at(axis, low + size)]
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
