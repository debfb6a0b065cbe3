"""Everything that a key or a menu entry does: one row each, from which menus, shortcuts and the F1 page are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionRow:
    """``name`` is the QAction's objectName and, with a leading on_, the window's method."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    separator_before: bool = False


HOMEWORK = "Write the &homework's pictures …"
STOP_HOMEWORK = "Stop writing the &homework's pictures"  # what the same entry says while it goes on

ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("open", "&File", "&Open …", ("Ctrl+O",)),
    ActionRow("open_folder", "&File", "Open a &folder of pictures …", ("Ctrl+Shift+O",)),
    ActionRow("homework", "&File", HOMEWORK),
    ActionRow("paste", "&Edit", "&Paste a picture", ("Ctrl+V",)),
    ActionRow("quit", "&File", "&Quit", ("Ctrl+Q",), separator_before=True),
    ActionRow("page_1", "&View", "&Landscape", ("Ctrl+1",)),
    ActionRow("page_2", "&View", "&Regression", ("Ctrl+2",)),
    ActionRow("page_3", "&View", "&Painting", ("Ctrl+3",)),
    ActionRow("theme_dark", "&View", "&Dark", separator_before=True),
    ActionRow("theme_light", "&View", "L&ight"),
    ActionRow("theme_projector", "&View", "Pro&jector"),
    ActionRow("full_screen", "&View", "&Full screen", ("F11",), separator_before=True),
    ActionRow("play_or_pause", "&Run", "&Play or pause", ("Space",)),
    ActionRow("one_step", "&Run", "One &step", ("Right",)),
    ActionRow("one_epoch", "&Run", "One &epoch", ("Shift+Right",)),
    ActionRow("start_over", "&Run", "&Reset", ("R",)),
    ActionRow("rate_down", "&Run", "S&maller learning rate", ("[",), separator_before=True),
    ActionRow("rate_up", "&Run", "&Larger learning rate", ("]",)),
    ActionRow("depth_down", "&Run", "One layer &fewer", ("-",)),
    ActionRow("depth_up", "&Run", "One layer m&ore", ("+", "=")),
    ActionRow("keys", "&Help", "All &keys", ("F1",)),
    ActionRow("about", "&Help", "&About Fall Line"),
)
