"""UpdateSpectra: what Muon does to a step, layer by layer, as the singular values before and after. Under its knob."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QPainter, QPaintEvent
from PyQt5.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.analysis.orthogonal import Spectrum
from engine.frames import Analysis, Frame
from widgets.page.background_answer import BackgroundAnswer, Pace
from widgets.style.theme import DARK, Theme

SETTLED = 0.7, 1.2  # where the iteration brings what isn't tiny
MOST = 1.3  # the right end of the axis
EVERY = Pace(between=0.25, times=4.0)
WORDS = (
    "The singular values of the last update: above as the gradients gave it, a few directions far ahead; below as the "
    "step is taken, all that aren't tiny about 1. Two parameters are no such matrix: no landscape shows it."
)


class UpdateSpectra(QWidget):
    """Shown while Muon is chosen; asks for the spectra of the moment that is shown."""

    analysis_requested = pyqtSignal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("update_spectra")
        self._is_muon, self._has_place = False, True
        self._answer = BackgroundAnswer("update", self._take, self, pace=EVERY, only_seen=True)
        self._answer.asked.connect(self.analysis_requested)
        self.bars = _Bars()
        self.words = QLabel(WORDS)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 6)
        layout.setSpacing(4)
        layout.addWidget(self.bars)
        layout.addWidget(self.words)
        self.hide()

    def stay_away(self) -> None:
        """A figure has no knobs to stand under."""
        self._has_place = False

    def set_theme(self, theme: Theme) -> None:
        """Colours and sizes."""
        self.bars.set_theme(theme)
        self.words.setFont(theme.font(12))

    def show_settings(self, settings: Any) -> None:
        """Whether the rule makes its updates orthogonal."""
        self._is_muon = settings.optimizer == "muon" and self._has_place
        self.setVisible(self._is_muon and bool(self.bars.spectra))
        if not self._is_muon:
            self.bars.show_spectra(())

    def show_frame(self, frame: Frame) -> None:
        """Ask about this moment, where there is something to see."""
        self._answer.follow(frame)
        if self._is_muon and frame.step and not self.bars.spectra:
            self.show()  # from now on it asks for itself
        self._answer.want(() if self._is_muon and frame.step else None, frame.step)

    def show_analysis(self, analysis: Analysis) -> None:
        """The answer, if it is one to this."""
        self._answer.take(analysis)

    def _take(self, analysis: Analysis) -> None:
        self.bars.show_spectra(analysis.result or ())
        self.setVisible(self._is_muon)


class _Bars(QWidget):
    """A row a layer: a bar at each singular value from 0 to MOST, before above the line and after below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self.setAccessibleName("Singular values of Muon's update")
        self.spectra: tuple[Spectrum, ...] = ()
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setFont(theme.font(12))
        self._fit()

    def show_spectra(self, spectra: tuple[Spectrum, ...]) -> None:
        """Show these, one a row."""
        self.spectra = spectra
        self.setAccessibleDescription(
            "; ".join(
                f"{one.name}: {one.before[0]:.2g} to {one.before[-1]:.2g} before, "
                f"{one.after.max():.2g} to {one.after.min():.2g} after"
                for one in spectra
            )
        )
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._row() * len(self.spectra) + self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.spectra:
            return
        painter, theme = QPainter(self), self._theme
        labels = max(self.fontMetrics().horizontalAdvance(one.name.replace("/", " ")) for one in self.spectra) + 8
        row, room = self._row(), self.width() - labels - 4
        bottom = row * len(self.spectra)

        def at(value: float) -> float:
            return labels + room * min(value, MOST) / MOST

        band = QColor(theme.line)
        painter.fillRect(QRectF(at(SETTLED[0]), 0, at(SETTLED[1]) - at(SETTLED[0]), bottom), band)
        before, after = QColor(theme.quiet), QColor(theme.accent)
        for number, one in enumerate(self.spectra):
            middle = row * (number + 0.5)
            painter.setPen(QColor(theme.text))
            name = QRectF(0, row * number, labels - 8, row)
            painter.drawText(name, Qt.AlignRight | Qt.AlignVCenter, one.name.replace("/", " "))
            painter.fillRect(QRectF(labels, middle - 0.5, room, 1), QColor(theme.control))
            wide = max(1.0, theme.px(2))
            for values, colour, top in ((one.before, before, middle - row * 0.42), (one.after, after, middle + 1)):
                for value in values:
                    painter.fillRect(QRectF(at(value) - wide / 2, top, wide, row * 0.42 - 1), colour)
        painter.setPen(QColor(theme.quiet))
        for value in (0.0, 0.5, 1.0):
            place = QRectF(at(value) - 20, bottom, 40, self.fontMetrics().height())
            painter.drawText(place, Qt.AlignCenter, f"{value:g}")

    def _row(self) -> int:
        return self._theme.px(24)

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
