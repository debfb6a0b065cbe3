"""A sweep as a picture: a cell for each combination of its first two knobs, coloured by the cost. Serves ``sweep``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PyQt5.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QFontMetricsF, QImage, QPainter

from app.sharing.stage import Stage
from engine.run.spec import RunSpec
from engine.run.sweep import Vary
from engine.scenes import heading
from widgets.style import colours
from widgets.style.number_text import short
from widgets.style.theme import LIGHT

WIDTH, HEIGHT = 1280, 800
MARGIN, HEADING, LABELS = 40, 84, 110
LEGEND = 170
DARK_INK, LIGHT_INK = "#14181f", "#ffffff"
DIVERGED = "#c9ced6"


def figure(spec: RunSpec, varies: Sequence[Vary], runs: Sequence[Mapping[str, Any]]) -> bytes:
    """PNG. The first knob goes to the right, the second (or the seed) up; of all that is left, the lowest cost."""
    stage = Stage()
    try:
        image = QImage(WIDTH, HEIGHT, QImage.Format_RGB32)
        image.fill(QColor(LIGHT.background))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.Antialiasing)
        _paint(painter, spec, varies, runs)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.WriteOnly)
        image.save(buffer, "PNG")
        return bytes(buffer.data())
    finally:
        stage.close()


def _paint(painter: QPainter, spec: RunSpec, varies: Sequence[Vary], runs: Sequence[Mapping[str, Any]]) -> None:
    across = varies[0]
    seeds = tuple(dict.fromkeys(run["seed"] for run in runs))
    up = varies[1] if len(varies) > 1 else Vary("seed", seeds or (spec.settings.seed,))
    table = np.full((len(up.values), len(across.values)), np.nan)
    tried = np.zeros(table.shape, bool)
    rows = {value: number for number, value in enumerate(up.values)}
    columns = {value: number for number, value in enumerate(across.values)}
    for run in runs:
        place = rows[run[up.knob]], columns[run[across.knob]]
        tried[place] = True
        if run["cost"] is not None:
            table[place] = np.fmin(table[place], run["cost"])
    ink, quiet = QColor(LIGHT.text), QColor(LIGHT.quiet)
    painter.setPen(ink)
    painter.setFont(LIGHT.font(24, bold=True))
    painter.drawText(QPointF(MARGIN, 48), heading(spec))
    painter.setFont(LIGHT.font(14))
    painter.setPen(quiet)
    others = [vary.knob for vary in varies[2:]] + (["seeds"] if len(varies) > 1 and len(seeds) > 1 else [])
    best = f"the lowest of all {' and '.join(others)}" if others else "of each run"
    painter.drawText(QPointF(MARGIN, 72), f"cost at the end, {best}; {len(runs):,} runs")
    area = QRectF(LABELS, HEADING + 20, WIDTH - LABELS - LEGEND - MARGIN, HEIGHT - HEADING - 20 - 80)
    finite = table[np.isfinite(table)]
    low, high = (float(finite.min()), float(np.percentile(finite, 95))) if len(finite) else (0.0, 1.0)
    is_log = low > 0 and high > 30 * low
    _cells(painter, area, table, tried, low, high, is_log)
    _numbers(painter, area, across, up)
    _legend(painter, QRectF(area.right() + 36, area.top(), 22, area.height() * 0.7), low, high, is_log)


def _cells(
    painter: QPainter, area: QRectF, table: np.ndarray, tried: np.ndarray, low: float, high: float, is_log: bool
) -> None:
    rows, columns = table.shape
    width, height = area.width() / columns, area.height() / rows
    shades = colours.table("viridis")
    font = LIGHT.font(12)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    gap = 1.0 if min(width, height) > 8 else 0.0
    for (row, column), cost in np.ndenumerate(table):
        if not tried[row, column]:
            continue
        cell = QRectF(area.left() + column * width, area.bottom() - (row + 1) * height, width - gap, height - gap)
        colour, share = QColor(DIVERGED), 1.0
        if math.isfinite(cost):
            share = _share(cost, low, high, is_log)
            colour = colours.colour(shades[round(share * (len(shades) - 1))])
        painter.fillRect(cell, colour)
        words = short(cost) if math.isfinite(cost) else "diverged"
        if metrics.horizontalAdvance(words) + 8 < width and metrics.height() < height:
            painter.setPen(QColor(LIGHT_INK if share < 0.6 else DARK_INK))
            painter.drawText(cell, Qt.AlignCenter, words)


def _share(cost: float, low: float, high: float, is_log: bool) -> float:
    values = [math.log(value) for value in (cost, low, high)] if is_log else [cost, low, high]
    span = values[2] - values[1]
    return min(1.0, max(0.0, (values[0] - values[1]) / span)) if span > 0 else 0.0


def _numbers(painter: QPainter, area: QRectF, across: Vary, up: Vary) -> None:
    font = LIGHT.font(12)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(QColor(LIGHT.quiet))
    width, height = area.width() / len(across.values), area.height() / len(up.values)
    widest = max(metrics.horizontalAdvance(_words(value)) for value in across.values) + 10
    every = max(1, math.ceil(widest / width))
    for number, value in enumerate(across.values):
        if not number % every:
            middle = area.left() + (number + 0.5) * width
            painter.drawText(QRectF(middle - widest, area.bottom() + 6, 2 * widest, 20), Qt.AlignHCenter, _words(value))
    every = max(1, math.ceil(metrics.height() * 1.2 / height))
    for number, value in enumerate(up.values):
        if not number % every:
            middle = area.bottom() - (number + 0.5) * height
            place = QRectF(MARGIN, middle - 10, LABELS - MARGIN - 8, 20)
            painter.drawText(place, Qt.AlignRight | Qt.AlignVCenter, _words(value))
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(LIGHT.font(14))
    painter.drawText(QRectF(area.left(), area.bottom() + 30, area.width(), 24), Qt.AlignCenter, _named(across.knob))
    painter.save()
    painter.translate(22, area.center().y())
    painter.rotate(-90)
    painter.drawText(QRectF(-200, -14, 400, 28), Qt.AlignCenter, _named(up.knob))
    painter.restore()


def _legend(painter: QPainter, bar: QRectF, low: float, high: float, is_log: bool) -> None:
    shades = colours.table("viridis")
    for number in range(64):
        colour = colours.colour(shades[round(number / 63 * (len(shades) - 1))])
        height = bar.height() / 64
        painter.fillRect(QRectF(bar.left(), bar.bottom() - (number + 1) * height, bar.width(), height + 0.5), colour)
    painter.setFont(LIGHT.font(12))
    painter.setPen(QColor(LIGHT.quiet))
    right = bar.right() + 8
    painter.drawText(QPointF(right, bar.top() + 10), short(high))
    painter.drawText(QPointF(right, bar.bottom()), short(low))
    painter.drawText(QPointF(bar.left(), bar.top() - 10), "log cost" if is_log else "cost")
    painter.fillRect(QRectF(bar.left(), bar.bottom() + 20, bar.width(), 16), QColor(DIVERGED))
    painter.drawText(QPointF(right, bar.bottom() + 33), "diverged")


def _words(value: Any) -> str:
    return short(value) if isinstance(value, float | int) and not isinstance(value, bool) else str(value)


def _named(knob: str) -> str:
    return knob.replace("_", " ")
