"""ShareDialog: what leaves the window, how it looks, and how far it has got; layout and intents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PyQt5.QtCore import QSettings, QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QFontDatabase, QImage, QPainter, QPixmap
from PyQt5.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.sharing.formats import FORMATS, Format, Group, named
from app.sharing.look import Look
from widgets.knobs.choice_box import ChoiceBox
from widgets.knobs.toggle import Toggle

SIZES = {
    "1280x720": "1280 × 720",
    "1920x1080": "1920 × 1080",
    "2560x1440": "2560 × 1440",
    "1280x800": "1280 × 800",
    "1200x900": "1200 × 900 (4:3)",
    "1000x1000": "1000 × 1000 (square)",
}
THEMES = {"light": "light", "dark": "dark", "projector": "projector"}
SCALES = {"1": "as it is", "2": "2 × the dots", "3": "3 × the dots", "4": "4 × the dots"}
LENGTHS = {"5": "5 seconds", "10": "10 seconds", "20": "20 seconds", "40": "40 seconds"}
DEFAULTS = {"length": "10"}  # of a box whose first choice is another
MOMENTS = {"early": "many at first", "even": "evenly"}
SOON_MILLISECONDS = 120  # after the last choice, the preview follows
PREVIEW = 400, 225  # px at least


@dataclass(frozen=True)
class Choice:
    """``option`` of a format, its look, and of a film ``seconds`` and ``is_early`` (see app.sharing.film.Plan)."""

    option: str
    look: Look
    seconds: float
    is_early: bool


class ShareDialog(QDialog):
    """Beside the window, which goes on; everything it asks for comes out as a Choice."""

    looked_at = pyqtSignal(object)  # Choice: the preview shall show it
    copy_requested = pyqtSignal(object)
    save_requested = pyqtSignal(object)
    stop_requested = pyqtSignal()

    def __init__(self, settings: QSettings, experiment: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self.setObjectName("share_dialog")
        self.setWindowTitle("Share")
        self._settings = settings
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MILLISECONDS)
        self._soon.timeout.connect(lambda: self.looked_at.emit(self.choice()))
        self._formats = self._list_of_formats()
        self._about = QLabel()
        self._about.setProperty("role", "quiet")
        self._about.setWordWrap(True)
        self._preview = _Preview()
        self._code = QPlainTextEdit()
        self._code.setObjectName("share_code")
        self._code.setAccessibleName("Code")
        self._code.setReadOnly(True)
        self._code.setLineWrapMode(QPlainTextEdit.NoWrap)
        self._code.setFont(QFontDatabase.systemFont(QFontDatabase.FixedFont))
        self._code.setMinimumSize(*PREVIEW)
        self._boxes = {
            "size": self._box("size", SIZES),
            "theme": self._box("theme", THEMES),
            "scale": self._box("scale", SCALES),
            "length": self._box("length", LENGTHS),
            "moments": self._box("moments", MOMENTS),
        }
        self._toggles = {"whole": Toggle("", self), "clear": Toggle("", self)}
        self._rows: dict[str, tuple[QWidget, ...]] = {}
        self._words = QLabel()
        self._words.setObjectName("share_words")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.PlainText)
        self._words.setTextInteractionFlags(Qt.TextSelectableByMouse)
        self._progress = QProgressBar()
        self._progress.setObjectName("share_progress")
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self.copy_button, self.save_button, self._close_button = (
            QPushButton(text) for text in ("&Copy", "&Save …", "Close")
        )
        for button, name in ((self.copy_button, "copy"), (self.save_button, "save"), (self._close_button, "close")):
            button.setObjectName(f"share_{name}")
        self.save_button.setProperty("role", "accent")
        self.save_button.setDefault(True)
        self._build()
        self._take_remembered()
        self._connect()
        self.show_work(None)
        self._show_format()
        self._formats.setFocus()
        self.resize(self.sizeHint().width() + 120, self.sizeHint().height() + 68)  # a larger look, where there is room

    def choice(self) -> Choice:
        """What is chosen now."""
        width, height = map(int, self._boxes["size"].value().split("x"))
        group = self._format().group
        look = Look(
            width,
            height,
            self._boxes["theme"].value(),
            float(self._boxes["scale"].value()) if self._format().option == "png" else 1.0,
            self._toggles["whole"].isChecked(),
            self._toggles["clear"].isChecked() and group is Group.STILL,
        )
        seconds = float(self._boxes["length"].value())
        return Choice(self._format().option, look, seconds, self._boxes["moments"].value() == "early")

    def show_preview(self, image: QImage, is_whole: bool = False) -> None:
        """What the choice looks like; ``is_whole``: enlarged by a whole number, dot for dot."""
        self._preview.show_image(image, is_whole)

    def show_code(self, code: str) -> None:
        """The script that the choice stands for."""
        if code != self._code.toPlainText():
            self._code.setPlainText(code)

    def show_words(self, words: str, is_wrong: bool = False) -> None:
        """What came of it, or what is in the way."""
        self._words.setText(words)
        self._words.setProperty("role", "error" if is_wrong else "quiet")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)

    def show_work(self, share: float | None) -> None:
        """How far (0..1) the file is that is being made; None where there is none."""
        is_at_work = share is not None
        self._progress.setVisible(is_at_work)
        self._progress.setValue(round(1000 * (share or 0.0)))
        self.save_button.setText("&Stop" if is_at_work else "&Save …")

    @property
    def is_at_work(self) -> bool:
        """Whether a file is being made."""
        return not self._progress.isHidden()

    def look_again(self) -> None:
        """The window shows another moment, or a page that has other formats."""
        self._soon.start()

    def _list_of_formats(self) -> QListWidget:
        found = QListWidget()
        found.setObjectName("share_formats")
        found.setProperty("role", "choice")
        found.setAccessibleName("Format")
        group, height = None, round(1.6 * self.fontMetrics().height())
        for one in FORMATS:
            if not one.suits(self._experiment):
                continue
            if one.group is not group:
                group = one.group
                header = QListWidgetItem(str(group).upper())
                header.setFlags(Qt.NoItemFlags)
                header.setSizeHint(QSize(1, height))
                found.addItem(header)
            item = QListWidgetItem(one.label)
            item.setData(Qt.UserRole, one.option)
            item.setToolTip(one.about[0].upper() + one.about[1:])
            item.setSizeHint(QSize(1, height))
            found.addItem(item)
        return found

    def _format(self) -> Format:
        return named(self._formats.currentItem().data(Qt.UserRole))

    def _box(self, name: str, choices: Mapping[str, str]) -> ChoiceBox:
        box = ChoiceBox(choices, self)
        box.setObjectName(f"share_{name}")
        return box

    def _build(self) -> None:
        self._choices = QGridLayout()
        self._choices.setHorizontalSpacing(12)
        self._choices.setVerticalSpacing(8)
        rows = [
            ("size", "Size", self._boxes["size"]),
            ("theme", "Theme", self._boxes["theme"]),
            ("scale", "Sharpness", self._boxes["scale"]),
            ("length", "Length", self._boxes["length"]),
            ("moments", "Moments", self._boxes["moments"]),
            ("whole", "Title and costs, too", self._toggles["whole"]),
            ("clear", "No ground", self._toggles["clear"]),
        ]
        for name, words, control in rows:
            label = QLabel(words, self)
            label.setBuddy(control)
            control.setAccessibleName(words)
            self._rows[name] = (label, control)
        for name, toggle in self._toggles.items():
            toggle.setObjectName(f"share_{name}")
        self._choices.setColumnMinimumWidth(2, 16)
        for column in (1, 4):
            self._choices.setColumnStretch(column, 1)
        words = [self._formats.item(at).text() for at in range(self._formats.count())]
        metrics = self.fontMetrics()
        self._formats.setFixedWidth(max(map(metrics.horizontalAdvance, words)) + 3 * metrics.height())
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self._about)
        right.addWidget(self._preview, 1)
        right.addWidget(self._code, 1)
        right.addLayout(self._choices)
        right.addWidget(self._words)
        right.addWidget(self._progress)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.copy_button, self.save_button, self._close_button):
            buttons.addWidget(button)
        right.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self._formats)
        layout.addLayout(right, 1)

    def _connect(self) -> None:
        self._formats.currentItemChanged.connect(lambda *_: self._show_format())
        for box in self._boxes.values():
            box.valueChanged.connect(lambda *_: self._changed())
        for toggle in self._toggles.values():
            toggle.toggled.connect(lambda *_: self._changed())
        self.copy_button.clicked.connect(lambda: self.copy_requested.emit(self.choice()))
        self.save_button.clicked.connect(self._save_or_stop)
        self._close_button.clicked.connect(self.close)

    def _save_or_stop(self) -> None:
        if self.is_at_work:
            self.stop_requested.emit()
        else:
            self.save_requested.emit(self.choice())

    def _show_format(self) -> None:
        one = self._format()
        self._about.setText(f"{one.label}: {one.about}.")
        has = {
            Group.STILL: {"size", "theme", "whole", "clear", *({"scale"} if one.option == "png" else ())},
            Group.FILM: {"size", "theme", "whole", "length", "moments"},
            Group.NUMBERS: set(),
            Group.CODE: set(),
            Group.SETTING: set(),
        }[one.group]
        shown = [parts for name, parts in self._rows.items() if name in has]
        for name, parts in self._rows.items():
            for part in parts:
                self._choices.removeWidget(part)
                part.setVisible(name in has)
        for at, (label, control) in enumerate(shown):  # two in a row, without gaps
            row, column = divmod(at, 2)
            self._choices.addWidget(label, row, 3 * column)
            self._choices.addWidget(control, row, 3 * column + 1, Qt.AlignLeft | Qt.AlignVCenter)
        self._preview.setVisible(bool(has) or one.option == "share")
        self._code.setVisible(one.group is Group.CODE)
        letters = self._code.font()
        letters.setPixelSize(round(0.9 * self._about.fontInfo().pixelSize()))  # as large as the theme's words
        self._code.setFont(letters)
        self.copy_button.setVisible(one.group is Group.STILL or one.option in ("share", "code"))
        self.show_words("")
        self._changed()

    def _changed(self) -> None:
        self._settings.setValue("share/format", self._format().option)
        for name, box in self._boxes.items():
            self._settings.setValue(f"share/{name}", box.value())
        for name, toggle in self._toggles.items():
            self._settings.setValue(f"share/{name}", int(toggle.isChecked()))
        self._soon.start()

    def _take_remembered(self) -> None:
        self._toggles["whole"].setChecked(self._settings.value("share/whole", 1) in (1, "1"))
        self._toggles["clear"].setChecked(self._settings.value("share/clear", 0) in (1, "1"))
        for name, box in self._boxes.items():
            box.setValue(str(self._settings.value(f"share/{name}", DEFAULTS.get(name, ""))))
        wanted = str(self._settings.value("share/format", ""))
        items = [self._formats.item(at) for at in range(self._formats.count())]
        options = {item.data(Qt.UserRole): item for item in items if item.data(Qt.UserRole)}
        self._formats.setCurrentItem(options.get(wanted, options[FORMATS[0].option]))


class _Preview(QLabel):
    """A picture as large as fits, sharp on every screen, over a chequered ground where it has none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("share_preview")
        self.setMinimumSize(*PREVIEW)
        self.setAlignment(Qt.AlignCenter)
        self._image: QImage | None = None
        self._mode = Qt.SmoothTransformation

    def show_image(self, image: QImage, is_whole: bool) -> None:
        self._image, self._mode = image, Qt.FastTransformation if is_whole else Qt.SmoothTransformation
        self._fit()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._image is None:
            return
        density = self.devicePixelRatioF()
        fitted = self._image.scaled(self.size() * density, Qt.KeepAspectRatio, self._mode)
        ground = QPixmap(fitted.size())
        ground.fill(Qt.white)
        painter = QPainter(ground)
        if fitted.hasAlphaChannel():
            painter.fillRect(ground.rect(), Qt.lightGray)
            painter.fillRect(ground.rect(), Qt.Dense4Pattern)
        fitted.setDevicePixelRatio(1.0)
        painter.drawImage(0, 0, fitted)
        painter.end()
        ground.setDevicePixelRatio(density)
        self.setPixmap(ground)
