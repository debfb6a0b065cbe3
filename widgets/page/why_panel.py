"""WhyPanel: why the run goes as it goes, one measured sentence each. Serves the drawing of a frame."""

from __future__ import annotations

from html import escape

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.frames import Finding, Severity
from widgets.plotting.throttle import Throttle
from widgets.style.theme import DARK, Theme

NOT_YET = "Nothing has been measured yet that would say why."
NOTHING = "Nothing stands out in what has been measured."
_SIGNS = {Severity.INFO: "●", Severity.WARNING: "▲", Severity.BAD: "■"}


class WhyPanel(QScrollArea):
    """A list of findings, told apart by sign and colour; the sentences keep their order from frame to frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._findings: tuple[Finding, ...] | None = None
        self._label = QLabel()
        self._label.setObjectName("why")
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.RichText)
        self._label.setTextInteractionFlags(Qt.TextSelectableByMouse)
        self._label.setAlignment(Qt.AlignLeft | Qt.AlignTop)
        self._throttle = Throttle(self._label.setText, self)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self._label)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.NoFocus)
        self._throttle.show(self._text())

    def set_theme(self, theme: Theme) -> None:
        """Colours of the signs."""
        self._theme = theme
        self._throttle.show(self._text())

    def show_findings(self, findings: tuple[Finding, ...] | None) -> None:
        """Show these and no others; None where nothing has been measured yet."""
        if findings != self._findings:
            self._findings = findings
            self._throttle.show(self._text())

    def _text(self) -> str:
        if not self._findings:
            text = NOT_YET if self._findings is None else NOTHING
            return f"<p style='color:{self._theme.quiet}'>{text}</p>"
        colours = {
            Severity.INFO: self._theme.accent,
            Severity.WARNING: self._theme.warning,
            Severity.BAD: self._theme.danger,
        }
        return "".join(
            f"<p style='margin:0 0 {self._theme.px(8)}px 0'><span style='color:{colours[finding.severity]}'>"
            f"{_SIGNS[finding.severity]} <b>{escape(finding.title)}</b></span><br>{escape(finding.sentence)}</p>"
            for finding in self._findings
        )
