"""KnobPanel: every control of an experiment, built from its declared knobs, under the scene chooser.

Nothing here knows a knob by name: whoever adds one edits its declaration. Station of the loop: knob moved.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PyQt5.QtCore import QSignalBlocker, Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.knobs import knobs_of
from engine.run.spec import RunSpec
from widgets.knobs.choice_box import ChoiceBox
from widgets.knobs.knob_row import KnobRow
from widgets.knobs.section import Section
from widgets.knobs.wording import plain_error
from widgets.style.plain_text import plain_tip
from widgets.style.theme import Theme

OPEN_GROUPS = ("Training", "Network", "Landscape")
ORDER = ("Training", "Network", "Layers", "Landscape", "Data", "Regularise", "Play", "Compare", "Display", "Run")
ELSEWHERE = ("Transport", "View")  # the groups whose knobs stand beside the play button and over the picture
WIDTH, WIDER = 286, 260  # px, and what text twice as large adds

LEFT, RIGHT = 6, 14  # px
BAR = 10  # px, the scroll bar of the style sheet


class KnobPanel(QFrame):
    """``knob_changed`` carries a knob's name and its new value, ``scene_requested`` a scene's name."""

    knob_changed = pyqtSignal(str, object)
    scene_requested = pyqtSignal(str)

    def __init__(self, settings_type: type, scenes: Sequence[RunSpec], below: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName("side_panel")
        self._below = below  # shares the height with the knobs
        self._rows: dict[str, KnobRow] = {}
        self._sections: dict[str, Section] = {}
        self._parts: dict[str, QWidget] = {}  # by the knob under which they stand
        self._shown_next: QWidget | None = None
        self._scrolling = QTimer(self)  # until what was opened has its place
        self._scrolling.setSingleShot(True)
        self._scrolling.setInterval(0)
        self._scrolling.timeout.connect(self._scroll_there)
        self._scene = ChoiceBox({spec.scene: spec.title for spec in scenes})
        self._shipped = len(scenes)
        self._scene.setObjectName("scene")
        self._scene.setAccessibleName("Scene")
        self._scene.setToolTip("A ready-made run: choosing one sets every knob.")
        for index, spec in enumerate(scenes):
            self._scene.setItemData(index, plain_tip(spec.about), Qt.ToolTipRole)
        # by hand, and so of the same scene again too, which then begins anew
        self._scene.activated.connect(lambda _: self.scene_requested.emit(self._scene.value()))
        self._build(settings_type)

    def show_scene(self, scene: str, title: str) -> None:
        """Show which scene this is, without asking for it; one that isn't shipped stands after those that are."""
        with QSignalBlocker(self._scene):
            index = self._scene.findData(scene)
            if index < 0 or index >= self._shipped:
                while self._scene.count() > self._shipped:
                    self._scene.removeItem(self._shipped)
                self._scene.addItem(title, scene)
                index = self._shipped
            self._scene.setCurrentIndex(index)

    def set_home(self, settings: Any) -> None:
        """The scene's own values, which a double-click on a slider goes back to."""
        for name, row in self._rows.items():
            row.set_home(getattr(settings, name))

    def show_settings(self, settings: Any) -> None:
        """Set every control, silently, and show only those that mean something with these settings."""
        for name, row in self._rows.items():
            value = getattr(settings, name)
            row.offer(settings)
            if row.value() != value:
                row.show_value(value)
            row.setVisible(row.knob.is_shown(settings))
        used = {row.knob.group for row in self._rows.values() if row.knob.is_shown(settings)}
        for group, section in self._sections.items():
            section.setVisible(group in used)  # a heading over nothing says nothing

    def add_below(self, knob_name: str, part: QWidget) -> None:
        """A widget that belongs to a knob, under its row; it shows and hides itself."""
        row = self._rows[knob_name]
        self._sections[row.knob.group].add_after(row, part)
        self._parts[knob_name] = part

    def glow(self, knob_names: Collection[str]) -> None:
        """Point at these knobs, and at no others."""
        for name, row in self._rows.items():
            row.glow(name in knob_names)

    def open_at(self, knob_name: str) -> None:
        """Open the section in which a knob stands, and have it, and what is under it, in sight."""
        row = self._rows[knob_name]
        self._sections[row.knob.group].set_open(True)
        self._shown_next = self._parts.get(knob_name, row)
        self._scrolling.start()

    def shown_knobs(self) -> tuple[str, ...]:
        """The names of the knobs that mean something with these settings."""
        return tuple(name for name, row in self._rows.items() if not row.isHidden())

    def point_at(self, knob_name: str) -> None:
        """Open the knob's section and give its control the focus."""
        self.open_at(knob_name)
        control = self._rows[knob_name].control
        first = next((part for part in control.findChildren(QWidget) if part.focusPolicy() & Qt.TabFocus), control)
        first.setFocus(Qt.TabFocusReason)

    def _scroll_there(self) -> None:
        if self._shown_next is not None:
            self._scroll.ensureWidgetVisible(self._shown_next, 0, 8)
            self._shown_next = None

    def forget_errors(self) -> None:
        """Take every sentence away, and show the values that hold."""
        for row in self._rows.values():
            row.forget_error()

    def show_error(self, knob_name: str, sentence: str) -> bool:
        """One sentence under a knob, until its next valid value; False where the knob has no place in the panel."""
        row = self._rows.get(knob_name)
        if row is None or row.isHidden():
            return False
        row.show_error(plain_error(row.knob, sentence))
        if sentence:
            self._sections[row.knob.group].set_open(True)
        return True

    def nudge(self, knob_name: str, direction: int) -> None:
        """Move a knob's slider by a notch, if these settings have that knob."""
        row = self._rows.get(knob_name)
        if row is not None and not row.isHidden():
            row.nudge(direction)

    def set_theme(self, theme: Theme) -> None:
        """The panel is as wide as its text needs."""
        self.setFixedWidth(round(WIDTH + (theme.scale - 1) * WIDER))
        self._column.setSpacing(theme.px(4))
        for row in (*self._rows.values(), *self._parts.values()):
            row.set_theme(theme)

    def _build(self, settings_type: type) -> None:
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(LEFT, 8, RIGHT, 4)
        heading = QLabel("SCENE")
        heading.setProperty("role", "group")
        heading.setBuddy(self._scene)
        self._column.addWidget(heading)
        self._column.addWidget(self._scene)
        knobs = [knob for knob in knobs_of(settings_type) if knob.group not in ELSEWHERE]
        groups = sorted({knob.group for knob in knobs}, key=_place)
        for group in groups:
            section = Section(group, group in OPEN_GROUPS)
            self._sections[group] = section
            self._column.addWidget(section)
            for knob in knobs:
                if knob.group == group:
                    self._add_row(section, KnobRow(knob))
        self._column.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.NoFocus)
        scroll.setWidget(inside)
        scroll.verticalScrollBar().rangeChanged.connect(self._make_room_for_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 3)
        if self._below is not None:
            layout.addWidget(self._below, 2)

    def _make_room_for_bar(self, _low: int, high: int) -> None:
        # the bar stands in the margin, so that no control changes its width when it comes
        self._column.setContentsMargins(LEFT, 8, RIGHT - BAR if high else RIGHT, 4)

    def _add_row(self, section: Section, row: KnobRow) -> None:
        section.add(row)
        name = row.knob.name
        row.changed.connect(lambda value: self.knob_changed.emit(name, value))
        self._rows[name] = row


def _place(group: str) -> tuple[int, str]:
    return (ORDER.index(group) if group in ORDER else len(ORDER), group)
