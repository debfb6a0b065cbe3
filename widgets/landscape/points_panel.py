"""PointsPanel: the points that descend, a row each: where it starts, by which rule and at which rate.

Serves the knobs start, points, point_rates and point_optimizers, which are shown nowhere else.
"""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QPointF, QSignalBlocker, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QPainter, QPixmap
from PyQt5.QtWidgets import QGridLayout, QLabel, QPushButton, QScrollArea, QToolButton, QWidget

from engine import numbers
from engine.landscape.descents import signs_of, starts
from engine.landscape.settings import MOST_DESCENTS, SAME, LandscapeSettings, landscape_of
from engine.training.optimizers import labels
from engine.training.run_settings import LEAST_RATE, MOST_RATE
from widgets.knobs.choice_box import ChoiceBox
from widgets.knobs.value_field import ValueField
from widgets.style import symbols
from widgets.style.number_text import field
from widgets.style.plain_text import show_plainly
from widgets.style.theme import DARK, Theme, pen

LINES = 3  # of the grid for one point: where it starts, how it descends, and what is wrong with that


def without_point(settings: LandscapeSettings, number: int) -> list[tuple[str, Any]]:
    """The knobs to move together to take a point away; none where it is the only one.

    The others keep their signs, and go on.
    """
    if settings.points < 2:
        return []
    kept = [place for k, place in enumerate(starts(settings)[: settings.points]) if k != number]
    moved: list[tuple[str, Any]] = [("start", tuple(value for place in kept for value in place))]
    for name in ("point_rates", "point_optimizers"):
        own = getattr(settings, name)
        if number < len(own):
            moved.append((name, own[:number] + own[number + 1 :]))
    signs = tuple(float(sign) for k, sign in enumerate(signs_of(settings)) if k != number)
    return [*moved, ("point_signs", signs), ("points", settings.points - 1)]


def with_point(settings: LandscapeSettings, place: tuple[float, ...] | None = None) -> list[tuple[str, Any]]:
    """The knobs to move, in order, to add a point; none where there are enough."""
    if settings.points >= MOST_DESCENTS or settings.optimizers or settings.learning_rates:
        return []
    kept = [*starts(settings)[: settings.points], starts(settings)[settings.points] if place is None else place]
    return [("points", settings.points + 1), ("start", tuple(value for one in kept for value in one))]


def with_start(settings: LandscapeSettings, number: int, place: tuple[float, ...]) -> tuple[str, Any]:
    """The knob to move so that one point starts elsewhere."""
    count = 1 if settings.optimizers or settings.learning_rates else settings.points
    places = [place if k == number else one for k, one in enumerate(starts(settings)[:count])]
    return "start", tuple(value for one in places for value in one)


class PointsPanel(QScrollArea):
    """``knob_changed`` carries a knob's name and its new value, ``knobs_changed`` several as {name: value}."""

    knob_changed = pyqtSignal(str, object)
    knobs_changed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._settings: LandscapeSettings | None = None
        self._rows: list[_Row] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(12, 4, 12, 8)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 2)
        self._grid.setColumnStretch(2, 3)
        for number in range(MOST_DESCENTS):
            row = _Row(number, self._grid)
            row.start.editingFinished.connect(lambda n=number: self._take_start(n))
            row.rate.editingFinished.connect(lambda n=number: self._take_rate(n))
            row.optimizer.valueChanged.connect(lambda value, n=number: self._take_optimizer(n, value))
            row.remove.clicked.connect(lambda _checked, n=number: self._take_away(n))
            self._rows.append(row)
        self._add = QPushButton("Add a point")
        self._add.setFocusPolicy(Qt.TabFocus)
        self._add.setObjectName("add_point")
        self._add.setToolTip("One more point; or click into the picture.")
        self._add.clicked.connect(lambda: self._move(with_point(self._settings)))
        last = LINES * MOST_DESCENTS
        self._grid.addWidget(self._add, last, 0, 1, 4)
        self._grid.setRowStretch(last + 1, 1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.NoFocus)

    def set_theme(self, theme: Theme) -> None:
        """The points' signs."""
        self._theme = theme
        for row in self._rows:
            row.set_theme(theme)

    def show_settings(self, settings: LandscapeSettings) -> None:
        """Show these points, silently."""
        self._settings = settings
        compares = bool(settings.optimizers or settings.learning_rates)
        places, signs = starts(settings), signs_of(settings)
        for number, row in enumerate(self._rows):
            if number < len(signs):
                row.set_sign(signs[number])
            own = settings.point_optimizers
            rate = settings.point_rates[number] if number < len(settings.point_rates) else 0.0
            row.show(
                number < (1 if compares else settings.points),
                places[number],
                rate,
                own[number] if number < len(own) else SAME,
                can_go=settings.points > 1 and not compares,
            )
            row.rate.setVisible(row.start.isVisibleTo(self.widget()) and not compares)
            row.optimizer.setVisible(row.start.isVisibleTo(self.widget()) and not compares)
        self._add.setVisible(bool(with_point(settings)))

    def _take_away(self, number: int) -> None:
        knobs = without_point(self._settings, number)
        if knobs:
            self.knobs_changed.emit(dict(knobs))

    def _take_start(self, number: int) -> None:
        row, landscape = self._rows[number], landscape_of(self._settings)
        if row.start.text() == _text_of(starts(self._settings)[number]):  # which has fewer digits than the start
            row.say("")
            row.start.setModified(False)
            return
        try:
            place = numbers.parse_several(row.start.text(), landscape.dimensions)
        except numbers.TwoReadingsError as error:
            row.say(str(error))
            return
        except numbers.NumberError:
            place = ()
        if len(place) != landscape.dimensions:
            row.say(f"A start is {'one number' if landscape.dimensions == 1 else 'two numbers, as in 0.5, −0.2'}.")
            return
        for value, (low, high) in zip(place, landscape.domain, strict=True):
            if not low <= value <= high:  # which is false for what is no number, too
                row.say(f"A start lies between {low:g} and {high:g} on {landscape.label}.".replace("-", "−"))
                return
        row.say("")
        row.start.setModified(False)
        if place != tuple(starts(self._settings)[number]):
            self._move([with_start(self._settings, number, place)])

    def _take_rate(self, number: int) -> None:
        row = self._rows[number]
        text = row.rate.text().strip()
        own = list(self._settings.point_rates) + [0.0] * (number + 1 - len(self._settings.point_rates))
        try:
            rate = own[number] if text == _rate_text(own[number]) else numbers.parse(text) if text else 0.0
        except numbers.TwoReadingsError as error:
            row.say(str(error))
            return
        except numbers.NumberError:
            rate = -1.0
        if not (rate == 0 or LEAST_RATE <= rate <= MOST_RATE):
            row.say(f"A rate is a number from {LEAST_RATE:g} to {MOST_RATE:,g}; empty takes the learning rate above.")
            return
        row.say("")
        row.rate.setModified(False)
        if own[number] != rate:
            own[number] = rate
            self._move([("point_rates", tuple(own))])

    def _take_optimizer(self, number: int, name: str) -> None:
        own = list(self._settings.point_optimizers)
        own += [SAME] * (number + 1 - len(own))
        if own[number] != name:
            own[number] = name
            self._move([("point_optimizers", tuple(own))])

    def _move(self, knobs: list[tuple[str, Any]]) -> None:
        for name, value in knobs:
            self.knob_changed.emit(name, value)


def _text_of(place: tuple[float, ...]) -> str:
    return ", ".join(field(value, whole=False) for value in place).replace("-", "−")


def _rate_text(rate: float) -> str:
    return field(rate, whole=False) if rate else ""


class _Row:
    """One point's controls in the grid."""

    def __init__(self, number: int, grid: QGridLayout) -> None:
        self._sign = number
        self._theme = DARK
        self.sign = QLabel()
        self.start, self.rate = ValueField(), ValueField()
        for line in (self.start, self.rate):
            line.setProperty("role", "")
            line.setAlignment(Qt.AlignLeft | Qt.AlignVCenter)
        self.rate.setPlaceholderText("rate")
        self.optimizer = ChoiceBox({SAME: "rule as above"} | labels())
        self.optimizer.setMinimumContentsLength(8)
        self.optimizer.setSizeAdjustPolicy(ChoiceBox.AdjustToMinimumContentsLengthWithIcon)
        self.remove = QToolButton()
        self.remove.setText("×")
        self.remove.setProperty("role", "tab")
        for name, control in (("start", self.start), ("rate", self.rate), ("optimizer", self.optimizer)):
            control.setObjectName(f"point_{number + 1}_{name}")
            control.setAccessibleName(f"Point {number + 1}: {name}")
        self.start.setToolTip("Where this point starts; or drag its ball.")
        self.rate.setToolTip("This point's own learning rate; empty takes the one above.")
        self.optimizer.setToolTip("This point's own optimizer.")
        self.remove.setObjectName(f"point_{number + 1}_remove")
        self.remove.setAccessibleName(f"Take point {number + 1} away")
        self.remove.setToolTip("Take this point away; or right-click its ball.")
        self.problem = QLabel()
        show_plainly(self.problem)
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._shown: tuple = ()
        self._parts = (self.sign, self.start, self.rate, self.optimizer, self.remove)
        first = LINES * number
        grid.addWidget(self.sign, first, 0)
        grid.addWidget(self.start, first, 1, 1, 2)
        grid.addWidget(self.remove, first, 3)
        grid.addWidget(self.rate, first + 1, 1)
        grid.addWidget(self.optimizer, first + 1, 2)
        grid.addWidget(self.problem, first + 2, 1, 1, 3)

    def say(self, sentence: str) -> None:
        """What is wrong with what was typed here, until something good is; nothing takes it away."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def set_sign(self, sign: int) -> None:
        if sign != self._sign:
            self._sign = sign
            self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        size = theme.px(16)
        density = self.sign.devicePixelRatioF()
        picture = QPixmap(round(size * density), round(size * density))
        picture.setDevicePixelRatio(density)
        picture.fill(Qt.transparent)
        painter = QPainter(picture)
        centre = QPointF(size / 2, size / 2)
        fill = theme.series_pen(self._sign)
        symbols.draw(painter, self._sign, centre, theme.px(12), fill, pen(QColor(theme.text), 0.8))
        painter.end()
        self.sign.setPixmap(picture)

    def show(self, is_there: bool, place: tuple[float, ...], rate: float, optimizer: str, can_go: bool) -> None:
        for part in self._parts:
            part.setVisible(is_there)
        if (is_there, place, rate, optimizer) != self._shown:  # what was wrong has been put right, or is no more
            self._shown = (is_there, place, rate, optimizer)
            self.say("")
            self.start.setModified(False)
            self.rate.setModified(False)
        elif self.problem.text():
            return  # what was typed stays beside the sentence about it
        self.remove.setVisible(is_there and can_go)
        if not self.start.hasFocus() or not self.start.isModified():
            self.start.setText(_text_of(place))
            self.start.setCursorPosition(0)
        if not self.rate.hasFocus() or not self.rate.isModified():
            self.rate.setText(_rate_text(rate))
        with QSignalBlocker(self.optimizer):
            self.optimizer.setValue(optimizer)
