"""The one style sheet of the window, filled in with a theme's tokens. Serves the panels."""

from __future__ import annotations

from string import Template

from PyQt5.QtGui import QColor

from widgets.style.icons import ICONS
from widgets.style.theme import Theme

GLOW = 45  # of 255: how much of the accent stands behind a knob to play with

_COLOURS = (
    *("text", "quiet", "background", "panel", "raised", "line", "control"),
    *("accent", "accent_hover", "on_accent", "danger", "danger_tint"),
)

_SHEET = Template("""
QWidget { color: $text; }
QMainWindow, QDialog, QStackedWidget { background: $background; }
QToolTip { background: $raised; color: $text; border: 1px solid $control; padding: ${p4}px; }
QMenuBar { background: $panel; border-bottom: 1px solid $line; }
QMenuBar::item { padding: ${p3}px ${p10}px; background: transparent; }
QMenuBar::item:selected { background: $raised; border-radius: 4px; }
QMenu { background: $raised; border: 1px solid $control; padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p22}px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px; }
QMenu::indicator { width: ${p14}px; height: ${p14}px; left: ${p4}px; }
QMenu::indicator:checked { image: url("$icons/check_$tone.svg"); }
QMenu::indicator:checked:selected { image: url("$icons/check_$on_accent_tone.svg"); }

#rail, #side_panel, #transport, #status_line { background: $panel; }
#rail { border-right: 1px solid $line; }
#side_edge { background: $panel; border-left: 1px solid $line; }
QToolButton[role="handle"] { background: transparent; border: none; padding: 0; color: $quiet; font-size: ${f20}px; }
QToolButton[role="handle"]:hover { background: $line; }
QToolButton[role="handle"]:focus { color: $accent; }
#side_tabs { border-top: 1px solid $line; }
#side_tabs QToolButton[role="tab"] { padding: 5px 4px 4px 4px; font-weight: normal; }
#side_tabs QStackedWidget, #side_tabs QScrollArea > QWidget > QWidget { background: transparent; }
#transport, #status_line { border-top: 1px solid $line; }
#side_panel QScrollArea, #side_panel QScrollArea > QWidget > QWidget { background: transparent; }

QLabel[role="title"] { font-size: ${f20}px; font-weight: 600; }
QLabel[role="quiet"] { color: $quiet; }
QLabel[role="hover"] { color: $quiet; background: $raised; border: 1px solid $line; padding: ${p2}px; }
QLabel[role="group"] { color: $quiet; font-size: ${f11}px; font-weight: 600; letter-spacing: 1px; }
QLabel[role="error"] { color: $danger; font-size: ${f12}px; }
QLabel[role="number"] { font-weight: 600; }
QLabel[role="caption"] { font-size: ${f14}px; }
QLabel[role="formula"] { font-size: ${f16}px; font-weight: 600; }
QLabel[role="message"] {
    background: $danger_tint; color: $danger; font-weight: 600; border-radius: 5px; padding: 0 ${p8}px;
}
QLabel[role="notice"] { color: $text; font-weight: 600; }
QLabel[role="calm"] { color: $quiet; font-size: ${f20}px; }

QPushButton, QToolButton[role="button"] {
    background: $raised; border: 1px solid $control; border-radius: 6px; padding: ${p5}px ${p12}px;
    min-height: ${p20}px;
}
QPushButton:hover, QToolButton[role="button"]:hover { border-color: $accent; }
QPushButton:pressed, QToolButton[role="button"]:pressed { background: $line; }
QPushButton:focus, QToolButton[role="button"]:focus { border: 1px solid $accent; }
QPushButton[role="accent"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="accent"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="accent"]:focus { border-color: $text; }
QPushButton:disabled { color: $quiet; }
QPushButton[role="accent"]:disabled { background: $raised; border-color: $control; color: $quiet; }
QToolButton[role="button"]::menu-indicator { image: none; width: 0; }
QToolButton[role="answer"] {
    background: $raised; border: 1px solid $control; border-radius: 5px; padding: 0 ${p10}px; min-height: ${p14}px;
    color: $text; font-size: ${f12}px;
}
QToolButton[role="answer"]:hover, QToolButton[role="answer"]:focus { border-color: $accent; }
QWidget[glows="true"] { background: $glow; border-radius: ${p4}px; }
#lecture_panel { background: $panel; border: none; border-right: 1px solid $line; }
#lecture_panel QScrollArea, #lecture_panel QScrollArea > QWidget > QWidget { background: transparent; }
QToolButton[role="rail"] {
    background: transparent; border: 1px solid transparent; border-radius: 8px; color: $quiet;
    font-size: ${f12}px; padding: ${p6}px 0;
}
QToolButton[role="rail"]:hover { color: $text; background: $raised; }
QToolButton[role="rail"]:checked { color: $text; background: $raised; border-color: $line; }
QToolButton[role="rail"]:focus { border-color: $accent; }
QToolButton[role="section"] {
    background: transparent; border: none; border-radius: 4px; padding: ${p3}px 0; margin-left: -5px; color: $quiet;
    text-align: left; font-size: ${f11}px; font-weight: 600; letter-spacing: 1px;
}
QToolButton[role="section"]:hover, QToolButton[role="section"]:focus { color: $text; }

QToolButton[role="tab"] {
    background: transparent; border: none; border-bottom: 2px solid transparent; border-radius: 0;
    padding: ${p4}px ${p1}px; color: $quiet; font-weight: 600;
}
QToolButton[role="tab"]:hover, QToolButton[role="tab"]:focus { color: $text; }
QToolButton[role="tab"]:checked { color: $text; border-bottom-color: $accent; }
QFrame#view_bar { background: $panel; border: 1px solid $line; border-radius: 7px; }
QToolButton[role="segment"] {
    background: transparent; border: 1px solid transparent; border-radius: 5px; color: $quiet;
    padding: ${p3}px ${p10}px;
}
QToolButton[role="segment"]:hover { color: $text; }
QToolButton[role="segment"]:focus { border-color: $accent; }
QToolButton[role="segment"]:checked { background: $raised; color: $text; border-color: $control; font-weight: 600; }
QTableView {
    background: transparent; border: none; gridline-color: $line; selection-background-color: $raised;
    selection-color: $text; outline: none;
}
QTableView::item { padding: 0 ${p6}px; }
QTableView[role="compact"]::item { padding: 0 ${p2}px; }
QTableView::indicator {
    width: ${p12}px; height: ${p12}px; border: 1px solid $control; border-radius: 3px; background: $raised;
}
QTableView::indicator:checked { image: url("$icons/check_$tone.svg"); }
QHeaderView, QHeaderView::section { background: transparent; border: none; }
QHeaderView::section { color: $quiet; font-size: ${f12}px; padding: ${p3}px ${p6}px; border-bottom: 1px solid $line; }
QTableView[role="compact"] QHeaderView::section { font-size: ${f11}px; padding: ${p3}px ${p4}px; }

QListWidget[role="choice"] { background: $panel; border: 1px solid $line; border-radius: 8px; outline: none; }
QListWidget[role="choice"]::item { padding: 0 ${p10}px; border-radius: 6px; margin: 0 ${p4}px; }
QListWidget[role="choice"]::item:hover { background: $raised; }
QListWidget[role="choice"]::item:selected { background: $accent; color: $on_accent; }
QListWidget[role="choice"]::item:disabled { color: $quiet; background: transparent; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: ${p6}px; min-height: ${p6}px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QComboBox, QLineEdit {
    background: $raised; border: 1px solid $control; border-radius: 6px; padding: ${p3}px ${p8}px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox:hover, QLineEdit:hover, QComboBox:focus, QLineEdit:focus { border-color: $accent; }
#transport QComboBox { padding: ${p5}px ${p8}px; min-height: ${p20}px; }
QComboBox::drop-down { width: ${p22}px; border: none; subcontrol-position: center right; }
QComboBox::down-arrow { image: url("$icons/chevron_$tone.svg"); width: ${p12}px; height: ${p12}px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $control; outline: none; padding: ${p3}px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox QAbstractItemView::item { min-height: ${p24}px; }
QLineEdit[role="value"] {
    background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0 ${p2}px; font-weight: 600;
}
QLineEdit[role="value"]:hover { border-color: $control; }
QLineEdit[role="value"]:focus { border-color: $accent; background: $raised; }
*[wrong="true"] { border-color: $danger; }

QSlider { background: transparent; min-height: ${p16}px; max-height: ${p16}px; }
QSlider::groove:horizontal { height: ${p4}px; border-radius: ${p2}px; background: $control; }
QSlider::sub-page:horizontal { height: ${p4}px; border-radius: ${p2}px; background: $accent; }
QSlider::handle:horizontal {
    background: $text; border: ${p2}px solid $text; border-radius: ${handle_radius}px;
    width: ${p10}px; height: ${p10}px; margin: -${p5}px 0;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { border-color: $accent; }

QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical { background: $control; border-radius: 3px; min-height: 30px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def style_sheet(theme: Theme) -> str:
    """The style sheet for this theme; lengths (p) and text sizes (f) grow with its text."""
    tokens: dict[str, object] = {name: getattr(theme, name) for name in _COLOURS}
    tokens |= {f"p{size}": theme.px(size) for size in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 24)}
    tokens |= {f"f{size}": theme.px(size) for size in (11, 12, 13, 14, 16, 20)}
    tokens["handle_radius"] = (theme.px(10) + 2 * theme.px(2)) // 2  # a larger one would make Qt draw a square
    tokens["icons"] = ICONS.as_posix()
    tokens["tone"] = "dark" if theme.is_dark else "light"
    tokens["on_accent_tone"] = "light" if theme.is_dark else "dark"
    accent = QColor(theme.accent)
    tokens["glow"] = f"rgba({accent.red()}, {accent.green()}, {accent.blue()}, {GLOW})"
    return _SHEET.substitute(tokens)
