"""HoverHeading: a picture's caption, what the mouse points at, and what the colours mean. Serves the pictures."""

from __future__ import annotations

from PyQt5.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget


class HoverHeading(QHBoxLayout):
    """``caption`` left, ``hover`` takes what is left, ``ends`` right."""

    def __init__(self, caption: str = "", *ends: QWidget) -> None:
        super().__init__()
        self.caption, self.hover = QLabel(caption), QLabel()
        self.caption.setProperty("role", "caption")
        self.hover.setProperty("role", "quiet")
        self.hover.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Preferred)  # words never make the picture wider
        self.setContentsMargins(8, 0, 12, 0)
        self.setSpacing(16)
        self.addWidget(self.caption)
        self.addWidget(self.hover, 1)
        for end in ends:
            self.addWidget(end)
