"""Everything that a key or a menu entry does: one row each, from which menus, shortcuts and the F1 page are made."""

from __future__ import annotations

from dataclasses import dataclass

from engine.experiments import EXPERIMENTS


@dataclass(frozen=True)
class ActionRow:
    """``name`` is the QAction's objectName and, with a leading _, the window's method; else its signal's, _requested.

    ``repeats``: whether a key that is held down goes on doing it. No toggle does.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    separator_before: bool = False
    repeats: bool = False


HOMEWORK = "Write the &homework's pictures …"
STOP_HOMEWORK = "Stop writing the &homework's pictures"  # what the same entry says while it goes on

ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("open", "&File", "&Open …", ("Ctrl+O",)),
    ActionRow("open_folder", "&File", "Open a &folder of pictures …", ("Ctrl+Shift+O",)),
    ActionRow("save", "&File", "&Save the runs", ("Ctrl+S",), separator_before=True),
    ActionRow("save_as", "&File", "Save the runs &as …", ("Ctrl+Shift+S",)),
    ActionRow("share", "&File", "Sh&are …", ("Ctrl+E",), separator_before=True),
    ActionRow("homework", "&File", HOMEWORK),
    ActionRow("undo", "&Edit", "&Undo", ("Ctrl+Z",)),
    ActionRow("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionRow("bring_back", "&Edit", "&Bring back the run before", ("Ctrl+B",)),
    ActionRow("copy_picture", "&Edit", "&Copy the picture", ("Ctrl+C",), separator_before=True),
    ActionRow("copy_line", "&Edit", "Copy the setting as one &line", ("Ctrl+Shift+C",)),
    ActionRow("copy_code", "&Edit", "Copy the training as &code"),
    ActionRow("paste", "&Edit", "&Paste a picture", ("Ctrl+V",)),
    ActionRow("quit", "&File", "&Quit", ("Ctrl+Q",), separator_before=True),
    *(  # the pages, in the rail's order
        ActionRow(f"page_{number}", "&View", f"&{entry.label}", (f"Ctrl+{number}",))
        for number, entry in enumerate(EXPERIMENTS.values(), start=1)
    ),
    ActionRow("theme_system", "&View", "As the s&ystem", separator_before=True),
    ActionRow("theme_dark", "&View", "&Dark"),
    ActionRow("theme_light", "&View", "L&ight"),
    ActionRow("theme_projector", "&View", "Pro&jector"),
    ActionRow("panels", "&View", "P&anels beside the picture", ("F9",), separator_before=True),
    ActionRow("full_screen", "&View", "&Full screen; Escape leaves it", ("F11",)),
    ActionRow("presenter", "&View", "Prese&nter view; Escape leaves it", ("F5",)),
    ActionRow("play_or_pause", "&Run", "&Play or pause", ("Space",)),
    ActionRow("one_step", "&Run", "One &step", ("Right",), repeats=True),
    ActionRow("one_epoch", "&Run", "One &epoch", ("Shift+Right",)),
    ActionRow("step_back", "&Run", "One step &back", ("Left",), repeats=True),
    ActionRow("epoch_back", "&Run", "One epoch bac&k", ("Shift+Left",)),
    ActionRow("first_moment", "&Run", "To the &first moment", ("Home",)),
    ActionRow("present", "&Run", "To &now", ("End",)),
    ActionRow("start_over", "&Run", "&Reset; at its end: again", ("R",)),
    ActionRow("predict", "&Run", "Pre&dict: guess first, then run", ("P",), separator_before=True),
    ActionRow("rate_down", "&Run", "S&maller learning rate", ("[",), separator_before=True, repeats=True),
    ActionRow("rate_up", "&Run", "&Larger learning rate", ("]",), repeats=True),
    ActionRow("depth_down", "&Run", "One layer &fewer", ("-",), repeats=True),
    ActionRow("depth_up", "&Run", "One layer m&ore", ("+", "="), repeats=True),
    ActionRow("lecture", "&Lecture", "&Lecture beside the picture", ("L",)),
    ActionRow("previous_chapter", "&Lecture", "&Previous chapter", ("PgUp",)),
    ActionRow("next_chapter", "&Lecture", "&Next chapter", ("PgDown",)),
    ActionRow("blank", "&Lecture", "&Blank the audience's screen, or show it", ("B", "."), separator_before=True),
    ActionRow("freeze", "&Lecture", "&Freeze the audience's picture, or let it go on", ("F",)),
    ActionRow("spot", "&Lecture", "&Spot where the pointer is", ("S",)),
    ActionRow("find", "&Help", "&Find anything …", ("Ctrl+K",)),
    ActionRow("keys", "&Help", "All &keys", ("F1",)),
    ActionRow("copy_report", "&Help", "Copy a &report for who shall find a fault"),
    ActionRow("about", "&Help", "&About Fall Line"),
)

# what keys do in the control that has the focus
OTHER_KEYS: tuple[tuple[str, str], ...] = (
    ("Tab or Shift+Tab", "The next control, or the one before"),
    ("Space or Return", "Press the button, or open the list, that has the focus; Return enters a value"),
    ("Escape", "Leave a field as it was, a list, a control; then panels in front of the picture; then full screen"),
)
