"""CodePanel: the rule in symbols, and the whole training as TensorFlow code, which follows the knobs. Serves the knobs.

It shows what it is given: lines that are others than before flash for a moment.
"""

from __future__ import annotations

import difflib

from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, Token
from PyQt5.QtCore import Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QColor, QShowEvent, QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextFormat
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from engine.run.spec import RunSpec
from widgets.style.theme import DARK, Theme, faded

FLASH_MILLISECONDS = 1600
TEXT_SIZE = 11.5
# what stands out, by a colour of the theme: few, so that the code reads as text
_COLOURS = ((Comment, "quiet"), (String, "quiet"), (Keyword, "accent"), (Number, "warning"), (Name.Builtin, "accent"))


class CodePanel(QWidget):
    """``wanted`` carries the RunSpec whose code is to be seen; the other two signals are its buttons'."""

    wanted = pyqtSignal(object)
    copy_requested = pyqtSignal()
    save_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._spec: RunSpec | None = None
        self._rule = QLabel()
        self._rule.setObjectName("code_rule")
        self._rule.setProperty("role", "formula")
        self._rule.setWordWrap(True)
        self._text = QPlainTextEdit()
        self._text.setObjectName("code")
        self._text.setAccessibleName("The training as TensorFlow code")
        self._text.setReadOnly(True)
        self._text.setFrameShape(QPlainTextEdit.NoFrame)
        self._text.setLineWrapMode(QPlainTextEdit.NoWrap)
        self._text.setTextInteractionFlags(Qt.TextSelectableByMouse)
        self._text.setFocusPolicy(Qt.ClickFocus)
        self._colours = _Colours(self._text.document())
        self._flash = QTimer(self)
        self._flash.setSingleShot(True)
        self._flash.setInterval(FLASH_MILLISECONDS)
        self._flash.timeout.connect(lambda: self._text.setExtraSelections([]))
        self._copy, self._save = QPushButton("Copy code"), QPushButton("Save code …")
        self._copy.setObjectName("code_copy")
        self._save.setObjectName("code_save")
        self._copy.clicked.connect(self.copy_requested)
        self._save.clicked.connect(self.save_requested)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addWidget(self._save)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self._rule)
        layout.addWidget(self._text, 1)
        layout.addLayout(buttons)

    def set_theme(self, theme: Theme) -> None:
        """Letters and colours."""
        self._theme = theme
        font = theme.font(TEXT_SIZE)
        font.setFamily("monospace")
        font.setStyleHint(font.Monospace)
        self._text.setFont(font)
        self._text.setTabStopDistance(4 * self._text.fontMetrics().horizontalAdvance(" "))
        self._colours.set_theme(theme)

    def show_spec(self, spec: RunSpec) -> None:
        """What the code shall be of."""
        if spec != self._spec:
            self._spec = spec
            if self.isVisible():
                self.wanted.emit(spec)

    def code(self) -> str:
        """What is shown."""
        return self._text.toPlainText()

    def show_code(self, code: str, rule: str) -> None:
        """Another code, and the optimizer's rule in symbols; lines that are new flash, and are scrolled to."""
        self._rule.setText(rule)
        before = self.code()
        if code == before:
            return
        place = self._text.verticalScrollBar().value()
        self._colours.take(code)
        self._text.setPlainText(code)
        self._text.verticalScrollBar().setValue(place)
        if before:
            self._show_changes(before.splitlines(), code.splitlines())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._spec is not None:
            self.wanted.emit(self._spec)

    def _show_changes(self, before: list[str], now: list[str]) -> None:
        blocks = difflib.SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
        changed = [
            line for tag, _, _, start, end in blocks if tag in ("replace", "insert") for line in range(start, end)
        ]
        if not changed:
            return
        ground, selections = faded(self._theme.warning, 0.25), []
        for line in changed:
            selection = QTextEdit.ExtraSelection()
            selection.format.setBackground(ground)
            selection.format.setProperty(QTextFormat.FullWidthSelection, True)
            selection.cursor = QTextCursor(self._text.document().findBlockByNumber(line))
            selections.append(selection)
        self._text.setExtraSelections(selections)
        self._text.setTextCursor(selections[0].cursor)
        self._text.ensureCursorVisible()
        self._flash.start()


class _Colours(QSyntaxHighlighter):
    """Colours the words of a whole text, which Pygments has told apart."""

    def __init__(self, document) -> None:
        super().__init__(document)
        self._theme = DARK
        self._lines: list[list[tuple[int, int, Token]]] = []

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.rehighlight()

    def take(self, code: str) -> None:
        """What the document will hold next."""
        lines: list[list[tuple[int, int, Token]]] = [[]]
        column = 0
        for kind, text in PythonLexer(stripnl=False).get_tokens(code):
            for number, part in enumerate(text.split("\n")):
                if number:
                    lines.append([])
                    column = 0
                if part:
                    lines[-1].append((column, len(part), kind))
                    column += len(part)
        self._lines = lines

    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        if number >= len(self._lines):
            return
        for start, length, kind in self._lines[number]:
            colour = next((name for family, name in _COLOURS if kind in family), "")
            if colour:
                dressed = QTextCharFormat()
                dressed.setForeground(QColor(getattr(self._theme, colour)))
                self.setFormat(start, length, dressed)
